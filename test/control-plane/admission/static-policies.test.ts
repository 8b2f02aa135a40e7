import { mkdtempSync, readFileSync, rmSync, statSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, Chart } from 'cdk8s';
import { parse, parseAllDocuments } from 'yaml';
import { CONFIG } from './rendered';
import { GUARD, MUTATING, staticPolicyApp, VALIDATING } from './static-policy-app';
import { HardenedApp } from '../../../src/app/hardened-app';
import { Admission } from '../../../src/control-plane/admission/admission';
import { PolicyGuard } from '../../../src/control-plane/admission/policy-guard';
import { StaticPolicies, StaticPoliciesProps } from '../../../src/control-plane/admission/static-policies';
import { letInstallerPass } from '../../../src/control-plane/admission/static-policies-installer';
import { ControlPlaneInstaller } from '../../../src/control-plane/static-pods/control-plane-installer';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { policyObstacle, validatingPolicy } from '../../../src/controls/admission/validating-policy';
import { AdmissionPolicies, AdmissionPoliciesProps } from '../../../src/controls/admission-policies';
import { catalogControls } from '../../../src/controls/catalog';
import { Control } from '../../../src/controls/control';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { PodTemplateKind } from '../../../src/controls/pod-template-kind';
import { Requirement } from '../../../src/controls/requirement';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { secretIn } from '../../../src/core/secret-text';
import { gzipUserData } from '../../../src/nodes/user-data';
import { messageOf } from '../../core/message-of';
import { cluster, contentOf } from '../cluster';

const BASELINE = ControlPack.pssBaseline();
const HOST_NETWORK = ControlPack.of('own', ...BASELINE.controls.filter(({ id }) => id === 'host-network'));
const VOLUMES = ControlPack.of('volumes', ...ControlPack.pssRestricted().controls.filter(({ id }) => id === 'restricted-volumes'));

const denied = (props: Partial<AdmissionPoliciesProps> = {}, id = 'policies') => (app: HardenedApp) => {
  new AdmissionPolicies(new Chart(app, id), 'set', { pack: HOST_NETWORK, phase: PolicyPhase.DENY, ...props });
};
const ofKind = (documents: any[] | undefined, kind: string) => (documents ?? []).filter((each) => each.kind === kind);
const policiesOf = (documents?: any[]) => ofKind(documents, 'ValidatingAdmissionPolicy').filter(({ metadata }) => !metadata.name.startsWith('hardened-guard.'));
const bindingsOf = (documents?: any[]) => ofKind(documents, 'ValidatingAdmissionPolicyBinding').filter(({ metadata }) => !metadata.name.startsWith('hardened-guard.'));
const namespacesOf = (binding: any) => binding.spec.matchResources.namespaceSelector.matchExpressions;

describe('policies from files', () => {
  const everything = staticPolicyApp({ packs: [ControlPack.recommended(), ControlPack.nsa(), ControlPack.cisWorkloads()], mutate: true });
  const all = [...everything.documents(VALIDATING)!, ...everything.documents(MUTATING)!];

  test('there is one for each control that has a policy, and one binding of each that refuses', () => {
    expect(policiesOf(all).length).toBeGreaterThan(80);
    expect(bindingsOf(all).map(({ spec }) => spec.policyName).sort()).toEqual(policiesOf(all).map(({ metadata }) => metadata.name).sort());
    expect(bindingsOf(all).filter(({ spec }) => !spec.validationActions.includes('Deny'))).toEqual([]);
  });

  test('no policy goes without a binding and no binding without its policy, in either folder', () => {
    for (const [path, kind] of [[VALIDATING, 'Validating'], [MUTATING, 'Mutating']]) {
      const documents = everything.documents(path);
      const names = ofKind(documents, `${kind}AdmissionPolicy`).map(({ metadata }) => metadata.name);
      const bound = ofKind(documents, `${kind}AdmissionPolicyBinding`).map(({ spec }) => spec.policyName);
      expect(documents).toHaveLength(names.length + bound.length);
      expect(new Set(bound)).toEqual(new Set(names));
    }
  });

  test('each has a name that the API reserves for files, used once, and is v1 without parameters', () => {
    const names = all.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
    expect(names.filter((name) => !/^\w+ hardened-[a-z0-9.-]+\.static\.k8s\.io$/.test(name))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
    expect(all.filter(({ apiVersion }) => apiVersion !== 'admissionregistration.k8s.io/v1')).toEqual([]);
    expect(all.filter(({ spec }) => 'paramKind' in spec || 'paramRef' in spec)).toEqual([]);
  });

  test('validating and mutating ones lie in folders of their own, whose absolute paths the plugins are given, and the plugins are enabled', () => {
    const { plugins } = parse(everything.nodes.files.find(({ path }) => path === CONFIG)!.content);
    const configured = Object.fromEntries(plugins.map(({ name, configuration }: any) => [name, configuration]));
    expect(configured.ValidatingAdmissionPolicy).toEqual({
      apiVersion: 'apiserver.config.k8s.io/v1', kind: 'ValidatingAdmissionPolicyConfiguration', staticManifestsDir: '/etc/kubernetes/admission/validating',
    });
    expect(configured.MutatingAdmissionPolicy).toEqual({
      apiVersion: 'apiserver.config.k8s.io/v1', kind: 'MutatingAdmissionPolicyConfiguration', staticManifestsDir: '/etc/kubernetes/admission/mutating',
    });
    expect(everything.enabledPlugins()).toEqual(expect.arrayContaining(['ValidatingAdmissionPolicy', 'MutatingAdmissionPolicy', 'NodeRestriction']));
  });

  test('every folder that is configured has its one file, readable by root alone', () => {
    const files = everything.nodes.files.filter(({ path }) => path !== CONFIG);
    expect(files.map(({ path, mode, owner }) => [path, mode, owner])).toEqual([[MUTATING, '0600', 'root'], [VALIDATING, '0600', 'root']]);
    const without = staticPolicyApp({ packs: [BASELINE] });
    expect(without.nodes.files.map(({ path }) => path)).toEqual([CONFIG, VALIDATING]);
    expect(without.enabledPlugins()).not.toContain('MutatingAdmissionPolicy');
  });

  test('the system\'s namespaces are left out, and those that are named', () => {
    const { documents } = staticPolicyApp({ packs: [BASELINE], excludedNamespaces: ['legacy', 'kube-system'] });
    const bindings = bindingsOf(documents(VALIDATING));
    const values = ['kube-node-lease', 'kube-public', 'kube-system', 'legacy'];
    expect(bindings.length).toBeGreaterThan(10);
    for (const binding of bindings) {
      expect(namespacesOf(binding)).toEqual([{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values }]);
    }
  });

  test('what is about whole objects lets the API server lay out its own, so that it starts', () => {
    const wholeObjects = catalogControls().filter((control) => !control.appliesTo.isPodTemplates).map(({ id }) => `hardened-${id}.static.k8s.io`);
    const ofWhole = policiesOf(all).filter(({ metadata }) => wholeObjects.includes(metadata.name));
    expect(ofWhole.length).toBeGreaterThan(20);
    expect(ofWhole.filter(({ spec }) => !spec.matchConditions[0].expression.includes('system:apiserver'))).toEqual([]);
  });

  test('the binding of kubeadm\'s administrators passes to the letter, and in the one policy that would find it', () => {
    const lets = policiesOf(all).filter(({ spec }) => spec.matchConditions?.some(({ name }: any) => name === 'not-the-administrators-of-kubeadm'));
    expect(lets.map(({ metadata }) => metadata.name)).toEqual(['hardened-binding-cluster-admin.static.k8s.io']);
    expect(lets[0].spec.matchConditions.at(-1).expression).toBe(
      '!(object.kind == \'ClusterRoleBinding\' && object.metadata.name == \'kubeadm:cluster-admins\' && '
      + 'dyn(object).roleRef == {\'apiGroup\': \'rbac.authorization.k8s.io\', \'kind\': \'ClusterRole\', \'name\': \'cluster-admin\'} && '
      + 'dyn(object).?subjects.orValue([]) == [{\'apiGroup\': \'rbac.authorization.k8s.io\', \'kind\': \'Group\', \'name\': \'kubeadm:cluster-admins\'}])',
    );
  });

  test('with another installer it is the binding of its administrators that passes, not kubeadm\'s', () => {
    const control = catalogControls().find(({ id }) => id === 'binding-cluster-admin')!;
    const policy = { metadata: { name: 'any' }, spec: {} };
    const { spec } = letInstallerPass(control, KubernetesVersion.V1_37, policy, 'cluster-pki:cluster-admins');
    expect(JSON.stringify(spec)).toContain('object.metadata.name == \'cluster-pki:cluster-admins\'');
    expect(JSON.stringify(spec)).not.toContain('kubeadm');
    expect(letInstallerPass(HOST_NETWORK.controls[0], KubernetesVersion.V1_37, policy, 'cluster-pki:cluster-admins')).toBe(policy);
  });

  test('a policy says what that of the API says', () => {
    const fileOf = (id: string) => policiesOf(all).find(({ metadata }) => metadata.name === `hardened-${id}.static.k8s.io`)?.spec;
    const controls = BASELINE.controls.filter(({ id }) => fileOf(id));
    expect(controls.length).toBeGreaterThan(5);
    for (const control of controls) {
      expect(fileOf(control.id)).toEqual(JSON.parse(JSON.stringify(validatingPolicy(control, { version: KubernetesVersion.V1_37 }).spec)));
    }
  });

  test('patterns that find secrets are not taken for secrets, though node files refuse those', () => {
    const { content } = everything.nodes.files.find(({ path }) => path === VALIDATING)!;
    expect(content).toContain('PRIVATE KEY');
    expect(secretIn(content)).toBeUndefined();
    expect(secretIn(`key: ${Buffer.from('-----BEGIN PRIVATE KEY-----').toString('base64')}`)).toBe('a private key');
  });

  test('the same statement has the same bytes', () => {
    const content = () => staticPolicyApp({ packs: [ControlPack.recommended()], mutate: true }).nodes.files.map((file) => file.content);
    expect(content()).toEqual(content());
  });

  test('a control of several packs is bound once', () => {
    const { documents } = staticPolicyApp({ packs: [BASELINE, ControlPack.pssRestricted()] });
    const bound = bindingsOf(documents(VALIDATING)).map(({ spec }) => spec.policyName);
    expect(new Set(bound).size).toBe(bound.length);
  });

  test('the guard is among them, whatever the packs are', () => {
    const guards = staticPolicyApp({ packs: [BASELINE] }).documents(VALIDATING)!.filter(({ metadata }) => metadata.name === 'hardened-guard.static.k8s.io');
    expect(guards.map(({ kind }) => kind)).toEqual(['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']);
  });
});

test('a control plane has the files, mounts their folders, enables the plugins and names the folders to them', () => {
  const admission = new Admission({ staticPolicies: new StaticPolicies({ guard: GUARD, packs: [BASELINE], mutate: true }) });
  const { nodes } = cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, { admission });
  expect([VALIDATING, MUTATING].map((path) => contentOf(nodes, path).includes('.static.k8s.io'))).toEqual([true, true]);
  expect(contentOf(nodes, CONFIG)).toContain('staticManifestsDir: /etc/kubernetes/admission/validating\n');
  const { apiServer } = parseAllDocuments(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((each) => each.toJS())
    .find(({ kind }) => kind === 'ClusterConfiguration');
  expect(apiServer.extraVolumes).toContainEqual(expect.objectContaining({ hostPath: '/etc/kubernetes/admission', readOnly: true, pathType: 'Directory' }));
  const enabled = apiServer.extraArgs.find(({ name }: any) => name === 'enable-admission-plugins').value.split(',');
  expect(enabled).toEqual(expect.arrayContaining(['MutatingAdmissionPolicy', 'NodeRestriction', 'ValidatingAdmissionPolicy']));
});

describe('without packs, what the app\'s own policies deny is in the files', () => {
  test.each([true, false])('in the same namespaces and under the same names, made before the files: %p', (first) => {
    const content = (app: HardenedApp) => {
      denied({ namespaces: ['shop'] })(app);
      denied({ bindingName: 'everywhere', excludedNamespaces: ['shop'] }, 'others')(app);
    };
    const { documents } = staticPolicyApp({}, { first, content });
    expect(policiesOf(documents(VALIDATING)).map(({ metadata }) => metadata.name)).toEqual(['hardened-host-network.static.k8s.io']);
    expect(bindingsOf(documents(VALIDATING)).map((binding) => [binding.metadata.name, namespacesOf(binding).at(-1)])).toEqual([
      ['hardened-host-network.own.static.k8s.io', { key: 'kubernetes.io/metadata.name', operator: 'In', values: ['shop'] }],
      ['hardened-host-network.everywhere.static.k8s.io', {
        key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-node-lease', 'kube-public', 'kube-system', 'shop'],
      }],
    ]);
  });

  test('what only warns or is audited is not', () => {
    const { documents } = staticPolicyApp({}, {
      content: (app) => {
        denied()(app);
        denied({ pack: BASELINE, phase: PolicyPhase.WARN }, 'warned')(app);
        denied({ pack: VOLUMES, phase: PolicyPhase.AUDIT }, 'audited')(app);
      },
    });
    expect(policiesOf(documents(VALIDATING)).map(({ metadata }) => metadata.name)).toEqual(['hardened-host-network.static.k8s.io']);
  });

  test('kinds that the app names later are judged from files too', () => {
    const { documents } = staticPolicyApp({}, {
      content: (app) => {
        denied()(app);
        Controls.of(app).podTemplatesOf(PodTemplateKind.of({
          group: 'acme.example', versions: ['v1'], kind: 'Farm', resource: 'farms', templates: ['spec.template'],
        }));
      },
    });
    expect(policiesOf(documents(VALIDATING))[0].spec.matchConstraints.resourceRules).toContainEqual(expect.objectContaining({ resources: ['farms'] }));
  });

  test('no policies at all is an error, and nothing is written', () => {
    const folder = mkdtempSync(join(tmpdir(), 'static-policies-'));
    const { app } = staticPolicyApp({}, { app: outputs(folder), content: denied({ phase: PolicyPhase.WARN }) });
    expect(messageOf(() => app.synth())).toBe(
      '[control-plane] admission.staticPolicies.packs: allowed: packs, or AdmissionPolicies in PolicyPhase.DENY in this app. '
      + 'Name the packs, for instance [ControlPack.pssBaseline()].',
    );
    expect(() => statSync(join(folder, 'dist'))).toThrow('ENOENT');
    rmSync(folder, { recursive: true });
  });
});

describe('what is waived in the app', () => {
  const waived = (app: HardenedApp) => {
    const chart = new Chart(app, 'agents');
    const volume = { name: 'proc', hostPath: { path: '/proc' } };
    new ApiObject(chart, 'agent', {
      apiVersion: 'apps/v1',
      kind: 'DaemonSet',
      metadata: { name: 'agent', namespace: 'monitoring' },
      spec: { selector: {}, template: { metadata: {}, spec: { serviceAccountName: 'agent', containers: [{ name: 'agent' }], volumes: [volume] } } },
    });
    Controls.of(app).enforce(VOLUMES);
    Controls.of(chart).waive({
      control: 'restricted-volumes',
      resource: 'DaemonSet/monitoring/agent',
      path: 'spec.template.spec.volumes[0]',
      value: volume,
      reason: 'It reads /proc.',
      owner: 'team-observability',
      expires: '2026-12-01',
    });
  };
  const writtenSpec = (props: Partial<StaticPoliciesProps>, content: (app: HardenedApp) => void) => {
    const folder = mkdtempSync(join(tmpdir(), 'static-policies-'));
    const { app } = staticPolicyApp(props, { app: outputs(folder), content });
    app.synth();
    const [{ spec }] = policiesOf(parseAllDocuments(readFileSync(join(folder, `nodes/control-plane/files${VALIDATING}`), 'utf8')).map((each) => each.toJS()));
    const mode = statSync(join(folder, `nodes/control-plane/files${VALIDATING}`)).mode % 0o1000;
    rmSync(folder, { recursive: true });
    return { text: JSON.stringify(spec), mode };
  };

  test.each([
    ['as AdmissionPolicies of the app do', {}, denied({ pack: VOLUMES })],
    ['with packs of their own', { packs: [VOLUMES] }, () => undefined],
  ])('is let through from files as well, and that alone: %s', (_, props, policies) => {
    const { text, mode } = writtenSpec(props, (app) => {
      policies(app);
      waived(app);
    });
    const strict = writtenSpec(props, policies);
    expect(text).toContain('/proc');
    expect(text).toContain('monitoring');
    expect(text).toContain('agent');
    expect(strict.text).not.toContain('/proc');
    expect(mode).toBe(0o600);
  });
});

describe('Kubernetes before 1.37', () => {
  test.each([28, 29, 30, 31, 32, 33, 34, 35, 36])('1.%i has no policies from files, or as an alpha: they are refused with the reason', (minor) => {
    const profile = { kubernetesVersion: KubernetesVersion.of(`1.${minor}`) };
    expect(messageOf(() => staticPolicyApp({ packs: [BASELINE] }, { profile }))).toBe(
      `[control-plane] admission.staticPolicies: got "Kubernetes 1.${minor}"; allowed: Kubernetes 1.37 or newer: before, policies from files are alpha or not there. `
      + 'Leave it out: AdmissionPolicies in the API refuse the same, for as long as nobody removes them.',
    );
    expect(staticPolicyApp(null, { profile }).nodes.files.map(({ path, content }) => [path, content.includes('staticManifestsDir')])).toEqual([[CONFIG, false]]);
  });

  test.each(['1.37', '1.38'])('%s has them', (version) => {
    const { documents } = staticPolicyApp({ packs: [BASELINE] }, { profile: { kubernetesVersion: KubernetesVersion.of(version) } });
    expect(policiesOf(documents(VALIDATING)).length).toBeGreaterThan(10);
  });
});

test('the largest pack alone is more than AWS takes as user data, the Pod Security Standards less than half of it', () => {
  const compressed = (pack: ControlPack) => gzipUserData(contentOf(staticPolicyApp({ packs: [pack] }).nodes, VALIDATING)).length;

  expect(compressed(ControlPack.pssRestricted())).toBeLessThan(8 * 1024);
  expect(compressed(ControlPack.recommended())).toBeGreaterThan(16 * 1024);
});

describe('bad input', () => {
  const make = (props: unknown) => messageOf(() => new StaticPolicies(props as StaticPoliciesProps));

  test('no guard, or one that is none', () => {
    const fix = 'Make it by new PolicyGuard({ users: [ … ] }), with whoever applies the policies in the API.';
    expect(make({})).toBe(`[StaticPolicies] guard: got undefined; allowed: a PolicyGuard. ${fix}`);
    expect(make({ guard: { users: ['flux'] } })).toBe(`[StaticPolicies] guard: got {"users":["flux"]}; allowed: a PolicyGuard. ${fix}`);
  });

  test('packs that are none, or are no list', () => {
    expect(make({ guard: GUARD, packs: [] })).toBe(
      '[StaticPolicies] packs: got []; allowed: one or more packs. Leave it out for what the app\'s AdmissionPolicies deny.',
    );
    expect(make({ guard: GUARD, packs: BASELINE })).toMatch(/^\[StaticPolicies\] packs: got .*; allowed: a list of ControlPacks\. Put it in a list: packs: \[ … \]\.$/);
    expect(make({ guard: GUARD, packs: ['pss-baseline'] })).toBe(
      '[StaticPolicies] packs[0]: got "pss-baseline"; allowed: a ControlPack. Give, for instance, ControlPack.pssBaseline().',
    );
  });

  test('two different controls with one id', () => {
    const [{ severity, layer, rationale, remediation }] = HOST_NETWORK.controls;
    const requirement = Requirement.absentOrOneOf('spec.hostNetwork', false);
    const other = ControlPack.of('other', new Control({ id: 'host-network', title: 'Another', severity, layer, rationale, remediation, requirement }));
    expect(make({ guard: GUARD, packs: [HOST_NETWORK, other] })).toBe(
      '[StaticPolicies] packs: got "host-network"; allowed: one control of each id. Take the same pack everywhere, or rename one of the two.',
    );
  });

  test('namespaces beside those of the app\'s own policies, or that no namespace has for a name', () => {
    expect(make({ guard: GUARD, excludedNamespaces: ['legacy'] })).toBe(
      '[StaticPolicies] excludedNamespaces: got ["legacy"]; allowed: none where packs is left out: the namespaces are those of the app\'s AdmissionPolicies. '
      + 'Name the packs, or leave the namespaces out there.',
    );
    expect(make({ guard: GUARD, packs: [BASELINE], excludedNamespaces: ['Legacy'] })).toMatch(/^\[StaticPolicies\] excludedNamespaces\[0\]: got "Legacy"; allowed: a DNS label/);
  });

  test('a switch that is none, and a property that nobody reads', () => {
    expect(make({ guard: GUARD, mutate: 'yes' })).toBe('[StaticPolicies] mutate: got "yes"; allowed: true or false. Leave it out for false.');
    expect(make({ guard: GUARD, pack: BASELINE })).toBe(
      '[StaticPolicies] pack: allowed: guard, packs, excludedNamespaces, mutate. Correct or remove it: nobody reads it. Did you mean "packs"?',
    );
  });

  test('a pack without a policy, and mutation where nothing has a fix', () => {
    const version = KubernetesVersion.V1_37;
    const withoutPolicy = catalogControls().find((control) => policyObstacle(control, version) !== undefined && control._nodeAt(version))!;
    expect(messageOf(() => staticPolicyApp({ packs: [ControlPack.of('synth-only', withoutPolicy)] }))).toBe(
      '[control-plane] admission.staticPolicies.packs: got ["synth-only"]; allowed: packs with a control that has a policy in this cluster. Choose another pack.',
    );
    const unfixable = ControlPack.of('unfixable', ...ControlPack.recommended().controls.filter(({ id }) => id === 'binding-cluster-admin'));
    expect(messageOf(() => staticPolicyApp({ packs: [unfixable], mutate: true }))).toBe(
      '[control-plane] admission.staticPolicies.mutate: got true; allowed: false: none of the controls has a fix for Pods as they are created. Leave it out.',
    );
  });

  test.each([
    [ControlPlaneInstaller.KUBEADM, 'cluster-pki:cluster-admins', 'kubeadm:cluster-admins'],
    [ControlPlaneInstaller.STATIC_PODS, 'kubeadm:cluster-admins', 'cluster-pki:cluster-admins'],
  ])('with %s, a guard that lets %s pass, of whom nobody is', (installer, theirs, ours) => {
    const guarding = (groups: string[]) => () => cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, {
      installer, kubernetesRelease: '1.37.1',
      admission: new Admission({ staticPolicies: new StaticPolicies({ packs: [BASELINE], guard: new PolicyGuard({ groups }) }) }),
    });

    expect(guarding(['oidc:platform', theirs])).toThrow(new Error(
      `[kubernetes] admission.staticPolicies.guard.groups: got "${theirs}"; allowed: groups that somebody is a member of: ${ours} are the administrators of this control plane. `
      + `Name ${ours}: ${theirs} are those of another installer, and nobody could change the policies in the API.`));
    expect(guarding(['oidc:platform', ours])).not.toThrow();
  });

  test('what is no StaticPolicies', () => {
    expect(messageOf(() => new Admission({ staticPolicies: { guard: GUARD } as never }))).toMatch(
      /^\[Admission\] staticPolicies: got .*; allowed: a StaticPolicies\. Make it by new StaticPolicies\(\{ guard: new PolicyGuard\(\{ … \}\) \}\)\.$/,
    );
  });
});

function outputs(folder: string) {
  const at = (name: string) => join(folder, name);
  return { outdir: at('dist'), nodesOutdir: at('nodes'), terraformOutdir: at('terraform'), evidenceOutdir: at('evidence') };
}
