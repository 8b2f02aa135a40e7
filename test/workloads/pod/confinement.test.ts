import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { ControlPack } from '../../../src/controls/pack';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { SandboxHandler } from '../../../src/runtime/sandbox-handler';
import { SandboxRuntime } from '../../../src/runtime/sandbox-runtime';
import { Privilege } from '../../../src/workloads/access/privilege';
import { AppArmorProfile, SeccompProfile, SeLinuxType } from '../../../src/workloads/pod/security-profiles';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { findings, VERSIONS } from '../../support/twins';
import { find, IMAGE, needed, refusal, shop, templateOf, written } from '../fixtures';
import { violations } from '../restricted';

const at = (version: string) => new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.of(version) });
const EXCEPTION = { reason: 'It reads packets of the node.', owner: 'network', expires: '2027-01-01' };

function pod(props: Partial<SecureWorkloadProps>, version = '1.35') {
  const { app, workload } = shop(at(version));
  workload('web', props);
  const template = templateOf(find(app, props.kind ?? 'Deployment'));
  return { template, spec: template.spec, container: template.spec.containers[0], objects: written(app) };
}

const refused = (props: object, version = '1.35') => refusal(() => shop(at(version)).workload('web', props));

describe('AppArmor', () => {
  test('is left to the runtime by default: stated, nodes without it would refuse the pod', () => {
    const { template } = pod({});
    expect(JSON.stringify(template)).not.toMatch(/apparmor/i);
  });

  test('is required of the node by the runtime\'s profile, for every container of the pod', () => {
    expect(pod({ appArmor: AppArmorProfile.runtimeDefault() }).spec.securityContext.appArmorProfile).toEqual({ type: 'RuntimeDefault' });
  });

  test('takes a profile of the node for the program alone', () => {
    const { spec, container } = pod({ appArmor: AppArmorProfile.localhost('profiles/x') });
    expect(container.securityContext.appArmorProfile).toEqual({ type: 'Localhost', localhostProfile: 'profiles/x' });
    expect(spec.securityContext).not.toHaveProperty('appArmorProfile');
  });

  test.each(['1.28', '1.29'])('is an annotation at %s, which knows no field', (version) => {
    const { template } = pod({ appArmor: AppArmorProfile.localhost('profiles/x') }, version);
    expect(template.metadata.annotations).toEqual({ 'container.apparmor.security.beta.kubernetes.io/web': 'localhost/profiles/x' });
    expect(JSON.stringify(template.spec)).not.toContain('appArmorProfile');
    expect(pod({ appArmor: AppArmorProfile.runtimeDefault() }, version).template.metadata.annotations).toEqual(
      { 'container.apparmor.security.beta.kubernetes.io/web': 'runtime/default' });
  });

  test('is the field from 1.30 on, and no annotation', () => {
    const { template } = pod({ appArmor: AppArmorProfile.localhost('x') }, '1.30');
    expect(template.metadata).not.toHaveProperty('annotations');
    expect(template.spec.containers[0].securityContext.appArmorProfile.type).toBe('Localhost');
  });

  test.each([['unconfined'], [''], [' x'], ['a\nb'], [undefined]])('has no profile named %p', (name) => {
    expect(refusal(() => AppArmorProfile.localhost(name as string))).toBe(
      `[AppArmorProfile.localhost] name: got ${name === undefined ? 'undefined' : JSON.stringify(name)}; allowed: the name of a profile that is loaded on the nodes, without spaces `
      + '(PSS baseline/appArmorProfile). Give the name that its text begins with; see /sys/kernel/security/apparmor/profiles.');
  });

  test('is not turned off by something that looks like a profile', () => {
    expect(refused({ appArmor: { type: 'Unconfined' } })).toBe('[c/shop/web] appArmor: got {"type":"Unconfined"}; allowed: an AppArmorProfile. '
      + 'Take AppArmorProfile.runtimeDefault() or AppArmorProfile.localhost(\'…\').');
  });
});

describe('seccomp', () => {
  test('takes a profile of the node for the program alone: all other containers have the runtime\'s', () => {
    const { app, workload } = shop();
    const web = workload('web', { seccomp: SeccompProfile.localhost('profiles/web.json') });
    web.resource.addContainer({ name: 'beside', image: IMAGE });
    const { spec } = find(app, 'Deployment').spec.template;
    expect(spec.containers[0].securityContext.seccompProfile).toEqual({ type: 'Localhost', localhostProfile: 'profiles/web.json' });
    expect(spec.containers[1].securityContext).not.toHaveProperty('seccompProfile');
    expect(spec.securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' });
  });

  test('is the runtime\'s, stated or not', () => {
    expect(pod({ seccomp: SeccompProfile.runtimeDefault() }).template).toEqual(pod({}).template);
  });

  test.each([['/etc/x.json'], ['../x.json'], ['a/../../x'], [''], ['a//b'], ['.'], [null]])('has no profile at %p', (path) => {
    expect(refusal(() => SeccompProfile.localhost(path as string))).toBe(
      `[SeccompProfile.localhost] path: got ${JSON.stringify(path)}; allowed: a relative path of letters, digits, -, _ and dots, without ".." (PSS baseline/seccompProfile). `
      + 'Give it below the kubelet\'s folder, for instance profiles/web.json.');
  });

  test('is not turned off by something that looks like a profile', () => {
    expect(refused({ seccomp: { type: 'Unconfined' } })).toBe('[c/shop/web] seccomp: got {"type":"Unconfined"}; allowed: a SeccompProfile. '
      + 'Take SeccompProfile.localhost(\'…\'), or leave it out for the runtime\'s.');
  });

  test('is not stated and taken away at once', () => {
    expect(refused({ seccomp: SeccompProfile.localhost('x.json'), privileges: [Privilege.unconfinedSeccomp(EXCEPTION)] })).toBe(
      '[c/shop/web] seccomp: allowed: none with Privilege.unconfinedSeccomp, which takes the profile away. Leave one of the two out.');
  });
});

describe('SELinux', () => {
  test('has the type and level that are stated, for the whole pod, and never a user or role', () => {
    expect(pod({ seLinux: { type: SeLinuxType.CONTAINER_INIT, level: 's0:c123,c456' } }).spec.securityContext.seLinuxOptions)
      .toEqual({ type: 'container_init_t', level: 's0:c123,c456' });
    expect(refused({ seLinux: { user: 'system_u' } })).toBe('[c/shop/web] seLinux.user: allowed: type, level. Correct or remove it: nobody reads it.');
  });

  test.each([['spc_t'], ['unconfined_t'], ['']])('refuses the type %p and says what it would need', (type) => {
    expect(refused({ seLinux: { type } })).toBe(
      `[c/shop/web] seLinux.type: got ${JSON.stringify(type)}; allowed: container_t, container_init_t, container_kvm_t, container_engine_t at Kubernetes 1.35 (PSS baseline/seLinuxOptions). `
      + 'Take one of them, or leave it out. Any other confines the program less: namespaces that enforce Pod Security Standards refuse it, and elsewhere its finding of '
      + 'selinux-options needs a waiver.');
  });

  test('has no engines in containers before 1.31, whose Pod Security admission refuses them', () => {
    const props = { seLinux: { type: SeLinuxType.CONTAINER_ENGINE } };
    expect(refused(props, '1.30')).toContain('allowed: container_t, container_init_t, container_kvm_t at Kubernetes 1.30 (');
    expect(pod(props, '1.31').spec.securityContext.seLinuxOptions).toEqual({ type: 'container_engine_t' });
  });

  test.each(['s0', 's0:c1', 's0:c0.c1023', 's0-s15:c0.c1023'])('takes the level %s', (level) => {
    expect(pod({ seLinux: { level } }).spec.securityContext.seLinuxOptions).toEqual({ level });
  });

  test.each([['c1'], ['s0:'], ['s0 '], [5]])('refuses the level %p', (level) => {
    expect(refused({ seLinux: { level } })).toBe(
      `[c/shop/web] seLinux.level: got ${JSON.stringify(level)}; allowed: a level of SELinux: a sensitivity and categories. Write it like s0:c123,c456.`);
  });

  test('says nothing in neither word', () => {
    expect(refused({ seLinux: {} })).toBe('[c/shop/web] seLinux: got {}; allowed: a type, a level or both. Leave it out for what the runtime chooses.');
  });
});

describe('a user namespace', () => {
  test('is the pod\'s own', () => {
    expect(pod({ userNamespace: true }).spec.hostUsers).toBe(false);
  });

  test('is nothing that a pod has by default, or where it says no', () => {
    expect(pod({}).spec).not.toHaveProperty('hostUsers');
    expect(pod({ userNamespace: false }).spec).not.toHaveProperty('hostUsers');
  });

  test.each(['1.28', '1.32'])('is refused at %s, whose API server would drop it without a word', (version) => {
    expect(refused({ userNamespace: true }, version)).toBe(
      `[c/shop/web] userNamespace: got "true at Kubernetes ${version}"; allowed: true from Kubernetes 1.33 on: before, the API server drops hostUsers silently. `
      + 'Leave it out, or upgrade the cluster and its ClusterProfile.');
  });

  test('goes with no other namespace of the node', () => {
    for (const privilege of [Privilege.hostNetwork(EXCEPTION), Privilege.hostPid(EXCEPTION), Privilege.hostIpc(EXCEPTION)]) {
      expect(refused({ userNamespace: true, privileges: [privilege] })).toBe(
        `[c/shop/web] userNamespace: got "true with Privilege.${privilege._facts.name}"; allowed: one of the two: a user namespace goes with no other namespace of the node. `
        + 'Leave one of the two out.');
    }
  });

  test('goes with no sandbox', () => {
    expect(refused({ userNamespace: true, runtime: null as unknown as undefined })).toBe(
      '[c/shop/web] runtime: got null; allowed: a SandboxRuntime. Make one, or take SandboxRuntime.existing(\'gvisor\').');
    expect(refused({ userNamespace: true, runtime: SandboxRuntime.existing('gvisor') })).toBe(
      '[c/shop/web] userNamespace: got "true with runtime gvisor"; allowed: one of the two: the kubelet starts no user namespace for a runtime that doesn\'t offer them. '
      + 'Leave userNamespace out: a sandbox has a kernel of its own.');
  });

  test.each(['user', 'group'])('has no %s from 65536 on', (property) => {
    expect(refused({ userNamespace: true, [property]: 65536 })).toBe(
      `[c/shop/web] ${property}: got 65536; allowed: an id below 65536 with userNamespace: the namespace has no others. Choose a lower id, for instance 10001.`);
    expect(() => pod({ userNamespace: true, [property]: 65535 })).not.toThrow();
  });

  test('is said by true, not by a word', () => {
    expect(refused({ userNamespace: 'yes' })).toBe('[c/shop/web] userNamespace: got "yes"; allowed: true or false. Write userNamespace: true.');
  });
});

describe('a sandbox', () => {
  test('is taken by name of its RuntimeClass', () => {
    const { chart, app, workload } = shop();
    workload('web', { runtime: new SandboxRuntime(chart, 'gvisor', { handler: SandboxHandler.gvisor() }) });
    expect(find(app, 'Deployment').spec.template.spec.runtimeClassName).toBe('gvisor');
    expect(find(app, 'RuntimeClass').metadata).toEqual({ name: 'gvisor' });
  });

  test('may be one that the platform has', () => {
    const { spec, objects } = pod({ runtime: SandboxRuntime.existing('gvisor') });
    expect(spec.runtimeClassName).toBe('gvisor');
    expect(objects.map(({ kind }) => kind)).not.toContain('RuntimeClass');
  });

  test('costs what it costs in the quota of the namespace', () => {
    const { chart, workload } = shop();
    const overhead = { cpu: Cpu.units(6), memory: Size.gibibytes(1) };
    const runtime = new SandboxRuntime(chart, 'kata', { handler: SandboxHandler.kata(), overhead });
    expect(() => shop().workload('web', { replicas: 1 })).not.toThrow();
    expect(refusal(() => workload('web', { replicas: 1, runtime }))).toMatch(/quota/);
  });

  test.each<[unknown, string]>([
    ['gvisor', 'runtime: got "gvisor"; allowed: a SandboxRuntime. Make one, or take SandboxRuntime.existing(\'gvisor\').'],
    [null, 'runtime: got null; allowed: a SandboxRuntime. Make one, or take SandboxRuntime.existing(\'gvisor\').'],
    [{ runtimeClassName: 'g visor' }, 'runtime.runtimeClassName: got "g visor"; allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot '
      + '(RFC 1123). Correct the name.'],
  ])('is not %p', (runtime, message) => {
    expect(refused({ runtime })).toBe(`[c/shop/web] ${message}`);
  });
});

const EVERYTHING: [string, Partial<SecureWorkloadProps>, number][] = [
  ['the runtime\'s AppArmor profile', { appArmor: AppArmorProfile.runtimeDefault() }, 28],
  ['an AppArmor profile of the node', { appArmor: AppArmorProfile.localhost('profiles/x') }, 28],
  ['a seccomp profile of the node', { seccomp: SeccompProfile.localhost('profiles/web.json') }, 28],
  ['an SELinux label', { seLinux: { type: SeLinuxType.CONTAINER_KVM, level: 's0:c1,c2' } }, 28],
  ['a user namespace', { userNamespace: true }, 33],
  ['a sandbox', { runtime: SandboxRuntime.existing('gvisor') }, 28],
  ['a port below 1024', { port: 80 }, 28],
];

describe.each(Object.values(WorkloadKind))('a %s', (kind) => {
  test.each(EVERYTHING)('with %s is found fault with by no control, at any version', (_, props, since) => {
    for (const version of VERSIONS.filter(({ minor }) => minor >= since)) {
      const { port, ...rest } = { ...needed(kind), ...props };
      const stated = needed(kind).port === undefined ? { ...rest, port: undefined } : { ...rest, port };
      const { template, objects } = pod({ kind, ...stated }, version.toString());
      expect(findings(ControlPack.recommended().controls, version, objects)).toEqual([]);
      expect(violations(template)).toEqual([]);
    }
  });
});

test('a control finds what these options can\'t say', () => {
  const { objects } = pod({});
  const { spec } = objects.find(({ kind }) => kind === 'Deployment').spec.template;
  spec.securityContext.appArmorProfile = { type: 'Unconfined' };
  spec.securityContext.seLinuxOptions = { type: 'spc_t' };
  expect(findings(ControlPack.recommended().controls, KubernetesVersion.V1_35, objects)).toEqual(
    [expect.stringContaining('app-armor-profile: '), expect.stringContaining('selinux-options: ')]);
});
