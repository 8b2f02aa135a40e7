import { existsSync, readFileSync } from 'fs';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { Volume } from 'cdk8s-plus-28';
import { HardenedApp } from '../../../src/app/hardened-app';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../../src/controls/admission-policies';
import { catalogControls } from '../../../src/controls/catalog';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { ScopeControls } from '../../../src/controls/scope-controls';
import { ReviewedException } from '../../../src/controls/waivers/reviewed-exception';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NetworkPeer } from '../../../src/network/network-peer';
import { ImageProfile } from '../../../src/supply-chain/image-profile';
import { Privilege } from '../../../src/workloads/access/privilege';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { HostPathType } from '../../../src/workloads/volumes/host-path';
import { useTempFolder } from '../../app/temp-folder';
import { find, IMAGE, needed, refusal, shop, templateOf, written } from '../fixtures';

const DAY = '2026-06-15';
const EXCEPTION: ReviewedException = { reason: 'It watches the node.', owner: 'platform', expires: '2026-09-01' };
const LOGS = { path: '/var/log/pods', mountPath: '/logs' };

/** A workload with privileges, with policies that keep the rest of the namespace. */
function cluster(privileges: Privilege[], props: Partial<SecureWorkloadProps> = {}, version: KubernetesVersion = KubernetesVersion.V1_35) {
  const made = shop(new ClusterProfile({ name: 'prod', kubernetesVersion: version }), DAY);
  new AdmissionPolicies(made.chart, 'policies', { pack: ControlPack.pssRestricted(), phase: PolicyPhase.DENY });
  const agent = made.workload('agent', { privileges, ...props });
  return { ...made, agent, pod: () => templateOf(ApiObject.of(agent.resource).toJson()).spec };
}

/** What a workload's pod has with privileges and without, by field of pod and container. */
function changed(privileges: Privilege[], props: Partial<SecureWorkloadProps> = {}, version?: KubernetesVersion) {
  const [pod, plain] = [privileges, []].map((some) => cluster(some, props, version).pod());
  const differing = (a: any, b: any) => Object.fromEntries(
    Object.keys({ ...a, ...b }).filter((key) => JSON.stringify(a[key]) !== JSON.stringify(b[key])).map((key) => [key, a[key]]),
  );
  const [container, confined] = [pod, plain].map(({ containers }) => containers[0]);
  const { containers: _containers, ...ofPod } = differing(pod, plain);
  const { securityContext: _context, ...ofContainer } = differing(container, confined);
  return { pod: ofPod, container: ofContainer, context: differing(container.securityContext, confined.securityContext) };
}

const NONE = { pod: {}, container: {}, context: {} };
const EACH: [string, Privilege, object][] = [
  ['privileged', Privilege.privileged(EXCEPTION), { context: { privileged: true, allowPrivilegeEscalation: true } }],
  ['hostPid', Privilege.hostPid(EXCEPTION), { pod: { hostPID: true } }],
  ['hostIpc', Privilege.hostIpc(EXCEPTION), { pod: { hostIPC: true } }],
  ['capability', Privilege.capability('NET_ADMIN', EXCEPTION), { context: { capabilities: { drop: ['ALL'], add: ['NET_ADMIN'] } } }],
  ['root', Privilege.root(EXCEPTION), { context: { runAsNonRoot: false, runAsUser: 0 } }],
  ['writableRootFilesystem', Privilege.writableRootFilesystem(EXCEPTION), { context: { readOnlyRootFilesystem: false } }],
  ['unconfinedSeccomp', Privilege.unconfinedSeccomp(EXCEPTION), { context: { seccompProfile: { type: 'Unconfined' } } }],
  ['privilegeEscalation', Privilege.privilegeEscalation(EXCEPTION), { context: { allowPrivilegeEscalation: true } }],
  ['hostPort', Privilege.hostPort(8080, EXCEPTION), { container: { ports: [{ containerPort: 8080, protocol: 'TCP', hostPort: 8080 }] } }],
  ['hostPort besides', Privilege.hostPort(9100, EXCEPTION), {
    container: { ports: [{ containerPort: 8080, protocol: 'TCP' }, { containerPort: 9100, hostPort: 9100, protocol: 'TCP' }] },
  }],
  ['hostNetwork', Privilege.hostNetwork(EXCEPTION), {
    pod: { hostNetwork: true, dnsPolicy: 'ClusterFirstWithHostNet' }, container: { ports: [{ containerPort: 8080, protocol: 'TCP', hostPort: 8080 }] },
  }],
  ['sysctl', Privilege.sysctl('net.core.somaxconn', '1024', EXCEPTION), {
    pod: { securityContext: expect.objectContaining({ runAsNonRoot: true, sysctls: [{ name: 'net.core.somaxconn', value: '1024' }] }) },
  }],
  ['hostPath', Privilege.hostPath(LOGS, EXCEPTION), {
    pod: { volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '256Mi' } }, { name: 'logs', hostPath: { path: '/var/log/pods', type: 'Directory' } }] },
    container: { volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, { name: 'logs', mountPath: '/logs', readOnly: true, recursiveReadOnly: 'IfPossible' }] },
  }],
];

describe.each(EACH)('%s', (_, privilege, gets) => {
  test('gives that much and changes nothing else of the pod', () => {
    expect(changed([privilege])).toEqual({ ...NONE, ...gets });
  });

  test('gives the same in every kind of workload', () => {
    for (const kind of Object.values(WorkloadKind)) {
      const { pod, context } = changed([privilege], { kind, ...needed(kind) });
      const expected = { ...NONE, ...gets };
      expect({ pod: Object.keys(pod).sort(), context }).toEqual({ pod: Object.keys(expected.pod).sort(), context: expected.context });
    }
  });

  test('is accepted in every kind of workload, whatever controls hold', () => {
    const { app, workload } = cluster([privilege]);
    Object.values(WorkloadKind).forEach((kind) => workload(kind.toLowerCase(), { kind, ...needed(kind), privileges: [privilege] }));
    Controls.of(app).enforce(ControlPack.pssBaseline(), ControlPack.pssRestricted(), ControlPack.recommended());
    expect(() => app.synthYaml()).not.toThrow();
  });

  test('needs an exception', () => {
    const { exception: _exception, ...facts } = privilege._facts;
    const descriptors = { ...Object.getOwnPropertyDescriptors(privilege), _facts: { value: facts } };
    const bare = Object.create(Object.getPrototypeOf(privilege) as object, descriptors);
    expect(refusal(() => cluster([bare]))).toMatch(/^\[c\/shop\/agent\] privileges\[0\]\.exception: got undefined; allowed: a reviewed exception from .* Where it has to be, state privileges\[0\]\.exception: \{ reason, owner, expires \}\.$/);
  });
});

describe('what is waived', () => {
  const enforced = (privileges: Privilege[], props: Partial<SecureWorkloadProps> = {}) => {
    const made = cluster(privileges, props);
    Controls.of(made.app).enforce(ControlPack.pssRestricted(), ControlPack.recommended());
    return made;
  };
  const failure = (app: App) => {
    try {
      app.synthYaml();
      return '';
    } catch (error) {
      return (error as Error).message;
    }
  };

  test('is that of one workload: another that has it from a patch is a finding', () => {
    const { app, workload } = enforced([Privilege.hostPid(EXCEPTION)]);
    ApiObject.of(workload('web').resource).addJsonPatch(JsonPatch.add('/spec/template/spec/hostPID', true));
    expect(failure(app)).toContain('host-pid: Deployment/shop/web');
    expect(failure(app)).not.toContain('Deployment/shop/agent');
  });

  test('is that need alone: another one of the same workload is a finding', () => {
    const { app, agent } = enforced([Privilege.hostPid(EXCEPTION)]);
    ApiObject.of(agent.resource).addJsonPatch(JsonPatch.add('/spec/template/spec/hostIPC', true));
    expect(failure(app)).toMatch(/host-ipc: Deployment\/shop\/agent/);
    expect(failure(app)).not.toContain('host-pid');
  });

  test('is that of the program\'s container: one beside it stays confined, and a patch that gives it the same is a finding', () => {
    const { app, agent, pod } = enforced([Privilege.root(EXCEPTION), Privilege.capability('SYS_TIME', EXCEPTION)]);
    agent.resource.addContainer({ name: 'beside', image: IMAGE });
    expect(pod().containers[1].securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, runAsNonRoot: true });
    expect(pod().containers[1].securityContext.capabilities.add).toBeUndefined();
    ApiObject.of(agent.resource).addJsonPatch(JsonPatch.add('/spec/template/spec/containers/1/securityContext/capabilities/add', ['SYS_TIME']));
    expect(failure(app)).toMatch(/capabilities-restricted: Deployment\/shop\/agent .*containers\[1\]/);
  });

  test('is that value: another path or capability at its place is a finding', () => {
    const { app, agent } = enforced([Privilege.hostPath(LOGS, EXCEPTION)]);
    ApiObject.of(agent.resource).addJsonPatch(JsonPatch.replace('/spec/template/spec/volumes/1/hostPath/path', '/etc'));
    expect(failure(app)).toMatch(/sensitive-host-paths: Deployment\/shop\/agent/);
  });

  test('holds also where volumes and tokens are added before and after it', () => {
    const { app, agent, chart } = enforced([Privilege.hostPath(LOGS, EXCEPTION), Privilege.hostPath({ path: '/srv', mountPath: '/srv' }, EXCEPTION)]);
    agent.resource.addVolume(Volume.fromEmptyDir(chart, 'added', 'added'));
    agent.addToken({ audience: 'vault', path: '/var/run/vault' });
    expect(failure(app)).toBe('');
  });

  test('is one exception for each need, the one that was stated for it', () => {
    const because = (reason: string): ReviewedException => ({ ...EXCEPTION, reason });
    const { app } = enforced([
      Privilege.hostPath(LOGS, because('logs')), Privilege.hostPath({ path: '/srv', mountPath: '/srv' }, because('srv')), Privilege.root(because('root')), Privilege.hostPid(because('pid')),
    ]);
    app.synthYaml();
    const waivers = app.node.findAll().flatMap((construct) => ScopeControls.find(construct)?.waivers ?? []);
    const reasons = waivers.map(({ waiver }) => [waiver.reason, waiver.control, JSON.stringify(waiver.value)]);
    expect([...new Set(reasons.map((each) => JSON.stringify(each)))].map((each) => JSON.parse(each)).sort()).toEqual([
      ['logs', 'host-path-volumes', expect.stringContaining('/var/log/pods')],
      ['logs', 'restricted-volumes', expect.stringContaining('/var/log/pods')],
      ['pid', 'host-pid', 'true'],
      ['root', 'run-as-non-root', 'false'],
      ['root', 'run-as-user', '0'],
      ['srv', 'host-path-volumes', expect.stringContaining('"/srv"')],
      ['srv', 'restricted-volumes', expect.stringContaining('"/srv"')],
    ]);
    expect(waivers.every(({ wherever }) => wherever)).toBe(true);
  });

  test('two capabilities are one list, accepted by the exception that ends first', () => {
    const { app } = enforced([Privilege.capability('SYS_TIME', EXCEPTION), Privilege.capability('NET_ADMIN', { ...EXCEPTION, expires: '2026-07-01' })]);
    expect(failure(app)).toBe('');
    const waivers = app.node.findAll().flatMap((construct) => ScopeControls.find(construct)?.waivers ?? []);
    expect(waivers.map(({ waiver }) => waiver.expires)).toEqual(waivers.map(() => '2026-07-01'));
    expect(waivers.length).toBeGreaterThan(0);
  });
});

describe('Pod Security admission', () => {
  const labels = (app: App) => find(app, 'Namespace').metadata.labels;
  const failing = (privileges: Privilege[], prepare: (chart: Chart) => void = () => undefined, version = KubernetesVersion.V1_35) => {
    const { app, chart, workload } = shop(new ClusterProfile({ name: 'prod', kubernetesVersion: version }), DAY);
    prepare(chart);
    workload('agent', { privileges });
    return { app, fails: () => app.synthYaml() };
  };

  test('would refuse the pods where no policies keep the rest: the synth fails and says what to do, though no controls are attached', () => {
    expect(failing([Privilege.privileged(EXCEPTION)]).fails).toThrow(
      /\[c\/shop\/Resource\] Namespace shop enforces "restricted", which refuses what is waived there, and Pod Security admission knows no exemption for one object\. The level can drop to "privileged" once policies refuse all the rest: add AdmissionPolicies with ControlPack\.pssRestricted\(\) and PolicyPhase\.DENY/);
  });

  test('nor do policies that only warn, or hold in other namespaces, keep the rest', () => {
    for (const props of [{ phase: PolicyPhase.WARN }, { phase: PolicyPhase.DENY, namespaces: ['other'] }, { phase: PolicyPhase.DENY, excludedNamespaces: ['shop'] }]) {
      expect(failing([Privilege.hostPid(EXCEPTION)], (chart) => new AdmissionPolicies(chart, 'p', { pack: ControlPack.pssRestricted(), ...props })).fails).toThrow('which refuses what is waived there');
    }
  });

  test('would refuse them where the attached controls say nothing about it, too', () => {
    expect(failing([Privilege.hostPid(EXCEPTION)], (chart) => Controls.of(chart).enforce(ControlPack.of('other', catalogControls().find(({ id }) => id === 'image-digest')!))).fails)
      .toThrow('which refuses what is waived there');
  });

  test('before 1.30, no policies can keep the rest', () => {
    expect(failing([Privilege.hostPid(EXCEPTION)], undefined, KubernetesVersion.V1_29).fails).toThrow('Kubernetes has policies that refuse the rest from 1.30 on');
  });

  test('lets the namespace be where nothing is waived that it would refuse', () => {
    const { app } = failing([Privilege.writableRootFilesystem(EXCEPTION), Privilege.capability('NET_BIND_SERVICE')]);
    expect(labels(app)['pod-security.kubernetes.io/enforce']).toBe('restricted');
  });

  test.each([
    ['root', Privilege.root(EXCEPTION), 'baseline'], ['hostPid', Privilege.hostPid(EXCEPTION), 'privileged'], ['a default capability', Privilege.capability('CHOWN', EXCEPTION), 'baseline'],
  ])('drops as far as %s needs, and goes on to audit and warn by restricted', (_, privilege, level) => {
    expect(labels(cluster([privilege]).app)).toMatchObject({
      'pod-security.kubernetes.io/enforce': level, 'pod-security.kubernetes.io/audit': 'restricted', 'pod-security.kubernetes.io/warn': 'restricted',
    });
  });

  test('has policies let through the label of that one namespace, where they look at it', () => {
    const { app, chart } = cluster([Privilege.hostPid(EXCEPTION)]);
    new AdmissionPolicies(chart, 'all', { pack: ControlPack.of('namespaces', catalogControls().find(({ id }) => id === 'namespace-pod-security')!), phase: PolicyPhase.DENY });
    const policy = JSON.stringify(written(app).find(({ kind, metadata }) => kind === 'ValidatingAdmissionPolicy' && metadata.name === 'hardened-namespace-pod-security'));
    expect(policy).toContain('shop');
  });
});

describe('in an app with evidence', () => {
  useTempFolder();

  function hardened(prepare: (chart: Chart) => void): HardenedApp {
    const app = new HardenedApp({ cluster: new ClusterProfile({ name: 'prod' }), date: DAY, quiet: true });
    const chart = new Chart(app, 'c');
    prepare(chart);
    new SecureWorkload(new HardenedNamespace(chart, 'shop'), 'agent', { image: IMAGE, privileges: [Privilege.hostPid(EXCEPTION)] });
    return app;
  }

  test('it is waived, with its terms', () => {
    hardened((chart) => new AdmissionPolicies(chart, 'policies', { pack: ControlPack.pssRestricted(), phase: PolicyPhase.DENY })).synth();
    const { checks } = JSON.parse(readFileSync('evidence.out/report.json', 'utf8'));
    expect(checks.waivers).toMatchObject([{ control: 'host-pid', covers: expect.stringContaining('Deployment/shop/agent'), state: 'used', ...EXCEPTION }]);
  });

  test('nothing is written where the cluster would refuse it', () => {
    expect(() => hardened(() => undefined).synth()).toThrow('which refuses what is waived there');
    expect(existsSync('dist')).toBe(false);
  });
});

describe('on the node\'s network', () => {
  const agent = () => cluster([Privilege.hostNetwork(EXCEPTION)], { kind: WorkloadKind.DAEMON_SET, port: 9100 });

  test('ports of containers that are added are the node\'s, too, as the API server makes them', () => {
    const made = agent();
    made.agent.resource.addContainer({ name: 'beside', image: IMAGE, portNumber: 9101 });
    expect(made.pod().containers.map(({ ports }: any) => ports)).toEqual([9100, 9101].map((port) => [{ containerPort: port, hostPort: port, protocol: 'TCP' }]));
  });

  test('it takes part in no connection by labels, since policies don\'t see it', () => {
    const { agent: node, workload } = agent();
    const web = workload('web');
    expect(refusal(() => node.allowTo(web))).toBe(
      '[c/shop/agent] allowTo: got "agent, on its nodes\' network"; allowed: pods with a network of their own: NetworkPolicies see no others. Let the nodes\' addresses reach web: web.allowFrom(NetworkPeer.cidr(\'…\')).');
    expect(refusal(() => web.allowTo(node))).toBe(
      '[c/shop/web] allowTo: got "agent, on its nodes\' network"; allowed: pods with a network of their own: NetworkPolicies see no others. Let web reach the nodes\' addresses: web.allowTo(NetworkPeer.cidr(\'…\'), …). Who reaches agent is up to the nodes\' firewall.');
    expect(() => web.allowFrom(NetworkPeer.cidr('10.0.0.0/24'))).not.toThrow();
  });
});

test('a node of the older kubelet gets no recursive read-only mount that its API server would drop', () => {
  const mounts = (version: KubernetesVersion) => cluster([Privilege.hostPath(LOGS, EXCEPTION)], {}, version).pod().containers[0].volumeMounts[1];
  expect(mounts(KubernetesVersion.V1_32)).toEqual({ name: 'logs', mountPath: '/logs', readOnly: true });
  expect(mounts(KubernetesVersion.V1_33)).toEqual({ name: 'logs', mountPath: '/logs', readOnly: true, recursiveReadOnly: 'IfPossible' });
});

test('what is written to is stated as such', () => {
  const { pod } = cluster([Privilege.hostPath({ path: '/srv', mountPath: '/srv', readOnly: false, type: HostPathType.DIRECTORY_OR_CREATE }, EXCEPTION)]);
  expect(pod().containers[0].volumeMounts[1]).toEqual({ name: 'srv', mountPath: '/srv' });
  expect(pod().volumes[1]).toEqual({ name: 'srv', hostPath: { path: '/srv', type: 'DirectoryOrCreate' } });
});

test('root takes the place of the user of an image profile', () => {
  const { pod } = cluster([Privilege.root(EXCEPTION)], { imageProfile: ImageProfile.of({ user: 101 }), port: 8080 });
  expect(pod().containers[0].securityContext).toMatchObject({ runAsUser: 0, runAsGroup: 101 });
  expect(pod().securityContext).toMatchObject({ runAsUser: 101, runAsNonRoot: true });
});

test('one exception may stand in many places, and stays as it was when something else is stated later', () => {
  const exception = { ...EXCEPTION };
  const { app } = cluster([Privilege.hostPid(exception), Privilege.hostIpc(exception)]);
  expect(() => app.synthYaml()).not.toThrow();
});

describe('refused', () => {
  const pid = (exception: Partial<ReviewedException>) => () => cluster([Privilege.hostPid({ ...EXCEPTION, ...exception })]);
  const of = (privileges: unknown, props: Partial<SecureWorkloadProps> = {}) => () => cluster(privileges as Privilege[], props);
  const FIELDS = 'reason, owner, expires, ticket, approver';

  test.each<[string, () => unknown, string]>([
    ['no exception', of([Privilege.hostPid(undefined as unknown as ReviewedException)]),
      '[c/shop/agent] privileges[0].exception: got undefined; allowed: a reviewed exception from host-pid ("TITLE:host-pid"). FIX:host-pid Where it has to be, state privileges[0].exception: { reason, owner, expires }.'],
    ['no reason', pid({ reason: '' }),
      '[c/shop/agent, privileges[0].exception] reason: got ""; allowed: a sentence. Say why it has to be so: the evidence shows it to whoever reviews the cluster.'],
    ['an unknown field', pid({ until: '2026-09-01' } as Partial<ReviewedException>), `[c/shop/agent] privileges[0].exception.until: allowed: ${FIELDS}. Correct or remove it: nobody reads it.`],
    ['an exception that has ended', pid({ expires: '2026-06-14' }),
      '[c/shop/agent, privileges[0].exception] expires: got "2026-06-14"; allowed: a day from 2026-06-15 on. Do without it, or have it reviewed anew.'],
    ['one that runs too long for what it accepts', () => cluster([Privilege.root({ ...EXCEPTION, expires: '2026-12-13' })]),
      '[c/shop/agent, privileges[0].exception] expires: got "2026-12-13"; allowed: a nearer day. As it stands, it runs to 2026-12-13, and a finding of severity high is waived for at most 180 days from now: choose a nearer day, and look at it again then.'],
    ['one for what is critical', () => cluster([Privilege.privileged({ ...EXCEPTION, expires: '2026-09-14' })]),
      '[c/shop/agent, privileges[0].exception] expires: got "2026-09-14"; allowed: a nearer day. As it stands, it runs to 2026-09-14, and a finding of severity critical is waived for at most 90 days from now: choose a nearer day, and look at it again then.'],
    ['one that nothing needs', of([Privilege.capability('NET_BIND_SERVICE', EXCEPTION)]),
      '[c/shop/agent] privileges[0].exception: allowed: none: no control speaks against it. Leave it out, so that it accepts nothing later.'],
    ['a safe sysctl with one', of([Privilege.sysctl('net.ipv4.tcp_syncookies', '1', EXCEPTION)]),
      '[c/shop/agent] privileges[0].exception: allowed: none: no control speaks against it. Leave it out, so that it accepts nothing later.'],
    ['the same twice', of([Privilege.hostPid(EXCEPTION), Privilege.hostIpc(EXCEPTION), Privilege.hostPid(EXCEPTION)]),
      '[c/shop/agent] privileges[2]: got "hostPid"; allowed: each privilege once. State it once, with one exception.'],
    ['the same capability twice', of([Privilege.capability('CHOWN', EXCEPTION), Privilege.capability('CHOWN', EXCEPTION)]),
      '[c/shop/agent] privileges[1]: got "capability CHOWN"; allowed: each privilege once. State it once, with one exception.'],
    ['something else', of([{ privileged: true }]),
      '[c/shop/agent] privileges[0]: got {"privileged":true}; allowed: a Privilege. Take one of its own, such as Privilege.hostNetwork({ reason, owner, expires }).'],
    ['no list', of(Privilege.hostPid(EXCEPTION)), expect.stringMatching(/^\[c\/shop\/agent\] privileges: got .*; allowed: a list of Privileges\. Put it in a list: privileges: \[ … \]\.$/) as unknown as string],
    ['all capabilities', () => Privilege.capability('ALL', EXCEPTION),
      '[Privilege.capability] name: got "ALL"; allowed: one capability of Linux, without CAP_. Name the one that the program needs, as capabilities(7) lists them.'],
    ['a capability with its prefix', () => Privilege.capability('CAP_NET_ADMIN', EXCEPTION), '[Privilege.capability] name: got "CAP_NET_ADMIN"; allowed: one capability of Linux, without CAP_. Write "NET_ADMIN".'],
    ['an unknown capability', () => Privilege.capability('NET_ADMN', EXCEPTION), '[Privilege.capability] name: got "NET_ADMN"; allowed: one capability of Linux, without CAP_. Write "NET_ADMIN".'],
    ['what privileged contains', of([Privilege.privileged(EXCEPTION), Privilege.capability('NET_ADMIN', EXCEPTION)]),
      '[c/shop/agent] privileges[1]: got "capability NET_ADMIN"; allowed: none that privileged contains. Leave it out; better, leave privileged out.'],
    ['a port of the node on the node\'s network', of([Privilege.hostPort(8080, EXCEPTION), Privilege.hostNetwork(EXCEPTION)]),
      '[c/shop/agent] privileges[0]: got "hostPort 8080"; allowed: none with hostNetwork, where every port is the node\'s. Leave it out: name the port in port or furtherPorts.'],
    ['a low port on the node\'s network', of([Privilege.hostNetwork(EXCEPTION)], { port: 80 }),
      '[c/shop/agent] privileges[0]: got "hostNetwork"; allowed: ports from 1024 on with hostNetwork: which user may open port 80 is then the node\'s to say. Let the program listen on a higher port.'],
    ['a sysctl that would be the node\'s', of([Privilege.hostNetwork(EXCEPTION), Privilege.sysctl('net.core.somaxconn', '1', EXCEPTION)]),
      '[c/shop/agent] privileges[1]: got "sysctl net.core.somaxconn"; allowed: none with hostNetwork that would be the node\'s own. Set net.core.somaxconn on the node, or leave hostNetwork out.'],
    ['a sysctl that a low port brings', of([Privilege.sysctl('net.ipv4.ip_unprivileged_port_start', '0')], { port: 80 }),
      '[c/shop/agent] privileges[0]: got "sysctl net.ipv4.ip_unprivileged_port_start"; allowed: none for port 80, with which it is written already. Leave it out.'],
    ['another user for root', of([Privilege.root(EXCEPTION)], { user: 1000 }), '[c/shop/agent] user: got 1000; allowed: none with Privilege.root, which is user 0. Leave one of the two out.'],
    ['a path where something else is mounted', of([Privilege.hostPath({ path: '/srv', mountPath: '/data' }, EXCEPTION)], { writablePaths: ['/data'] }),
      '[c/shop/agent] writablePaths[0]: got "/data"; allowed: a path that no other volume is mounted at. Name each path once.'],
    ['a relative path of the node', () => Privilege.hostPath({ path: 'srv', mountPath: '/srv' }, EXCEPTION),
      '[Privilege.hostPath] path: got "srv"; allowed: an absolute, normalized path of the node. Give the path on the node, for instance /var/log/pods.'],
    ['a path with a step back', () => Privilege.hostPath({ path: '/srv/../etc', mountPath: '/srv' }, EXCEPTION),
      '[Privilege.hostPath] path: got "/srv/../etc"; allowed: an absolute, normalized path of the node. Give the path on the node, for instance /var/log/pods.'],
    ['a mount path at the root', of([Privilege.hostPath({ path: '/srv', mountPath: '/' }, EXCEPTION)]),
      '[c/shop/agent] privileges[0].mountPath: got "/"; allowed: an absolute, normalized path of a directory below the root, without ":" and blanks. Give the path in the container, for instance /var/cache/nginx.'],
    ['a read-only mount that makes its directory', () => Privilege.hostPath({ path: '/srv', mountPath: '/srv', type: HostPathType.DIRECTORY_OR_CREATE }, EXCEPTION),
      '[Privilege.hostPath] type: got "DirectoryOrCreate"; allowed: a type that makes nothing, where the mount is read-only. Leave it out, or set readOnly: false.'],
    ['an unknown property of a path', () => Privilege.hostPath({ ...LOGS, readonly: false } as typeof LOGS, EXCEPTION),
      '[Privilege.hostPath] readonly: allowed: path, mountPath, readOnly, type. Correct or remove it: nobody reads it. Did you mean "readOnly"?'],
    ['a port that is none', () => Privilege.hostPort(0, EXCEPTION), expect.stringMatching(/^\[Privilege\.hostPort\] port: got 0; allowed: /) as unknown as string],
    ['a sysctl with slashes', () => Privilege.sysctl('net/core/somaxconn', '1', EXCEPTION),
      '[Privilege.sysctl] name: got "net/core/somaxconn"; allowed: the name of a sysctl, with dots. Write it like net.core.somaxconn.'],
    ['a sysctl that is a number', () => Privilege.sysctl('net.core.somaxconn', 1024 as unknown as string, EXCEPTION),
      '[Privilege.sysctl] value: got 1024; allowed: text. Give it as a string, for instance \'1024\'.'],
  ])('%s', (_, call, message) => {
    const control = (id: string) => catalogControls().find((each) => each.id === id)!;
    const expected = typeof message === 'string'
      ? message.replace(/TITLE:([a-z-]+)/, (__, id: string) => control(id).title).replace(/FIX:([a-z-]+)/, (__, id: string) => control(id).remediation) : message;
    expect(refusal(call)).toEqual(expected);
  });

  test('leaves nothing behind', () => {
    const { app, namespace, workload } = shop(new ClusterProfile({ name: 'prod' }), DAY);
    refusal(() => workload('agent', { privileges: [Privilege.privileged(undefined as unknown as ReviewedException)] }));
    expect(namespace.node.findAll().filter((construct) => ApiObject.isApiObject(construct) && construct.node.path.includes('/agent/'))).toEqual([]);
    expect(app.node.path).toBe('');
  });
});
