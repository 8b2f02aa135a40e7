import * as fs from 'fs';
import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { ApiResource, ConfigMap, Secret } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { HardenedApp } from '../../../src/app/hardened-app';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../../src/controls/admission-policies';
import { catalogControls } from '../../../src/controls/catalog';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { ReviewedException } from '../../../src/controls/waivers/reviewed-exception';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { WorkloadKind } from '../../../src/workloads/secure-workload-props';
import { useTempFolder } from '../../app/temp-folder';
import { findings, VERSIONS } from '../../support/twins';
import { find, IMAGE, names, refusal, shop, templateOf, written } from '../fixtures';
import { violations } from '../restricted';

const PROFILE = { name: 'prod', controlPlaneCidrs: ['10.0.16.0/28', '10.0.17.0/28'], apiServerPort: 6443 };
const EXEC = ApiResource.custom({ apiGroup: '', resourceType: 'pods/exec' });
const DAY = '2026-06-15';
const EXCEPTION: ReviewedException = { reason: 'The console opens shells for the support team.', owner: 'platform', expires: '2026-09-01', ticket: 'SEC-1' };

function cluster(profile: Partial<ConstructorParameters<typeof ClusterProfile>[0]> = {}) {
  return shop(new ClusterProfile({ ...PROFILE, ...profile }), DAY);
}

const rules = (app: App, kind = 'Role', name?: string) => find(app, kind, name).rules;

describe('a grant', () => {
  const { app, workload } = cluster();
  workload('web').grantRead(ApiResource.CONFIG_MAPS, { names: ['flags'] });
  workload('other');

  test('gives a role in the workload\'s namespace with that permission alone', () => {
    expect(find(app, 'Role')).toMatchObject({ metadata: { name: 'web', namespace: 'shop' } });
    expect(rules(app)).toEqual([{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['flags'], verbs: ['get', 'list', 'watch'] }]);
  });

  test('binds it to the workload\'s service account and to nobody else', () => {
    expect(find(app, 'RoleBinding')).toMatchObject({
      metadata: { name: 'web', namespace: 'shop' },
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'web' },
      subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }],
    });
  });

  test('opens the connection to the API server\'s own addresses and port, and no other', () => {
    expect(find(app, 'NetworkPolicy', 'web').spec.egress).toEqual(['10.0.16.0/28', '10.0.17.0/28'].map((cidr) => (
      { to: [{ ipBlock: { cidr } }], ports: [{ protocol: 'TCP', port: 6443 }] }
    )));
  });

  test('mounts a token for the API server that holds for an hour, with what client libraries look for beside it, for the pod\'s group alone', () => {
    const { spec } = templateOf(find(app, 'Deployment', 'web'));
    expect(spec.volumes).toContainEqual({
      name: 'kube-api-access',
      projected: {
        defaultMode: 0o440,
        sources: [
          { serviceAccountToken: { expirationSeconds: 3600, path: 'token' } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
        ],
      },
    });
    expect(spec.containers[0].volumeMounts).toContainEqual({ mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', name: 'kube-api-access', readOnly: true });
  });

  test('switches no automatic token on', () => {
    expect(templateOf(find(app, 'Deployment', 'web')).spec.automountServiceAccountToken).toBe(false);
    expect(find(app, 'ServiceAccount', 'web').automountServiceAccountToken).toBe(false);
  });

  test('changes nothing of other workloads', () => {
    expect(JSON.stringify(find(app, 'Deployment', 'other'))).not.toContain('kube-api-access');
    expect(names(app)).not.toContain('NetworkPolicy/shop/other');
  });

  test('keeps the pods within restricted', () => {
    expect(violations(templateOf(find(app, 'Deployment', 'web')))).toEqual([]);
  });
});

test('a container that is added beside the program gets no token', () => {
  const { app, workload } = cluster();
  const web = workload('web');
  web.grantRead(ApiResource.PODS);
  web.resource.addContainer({ name: 'beside', image: IMAGE });
  const [, beside] = templateOf(find(app, 'Deployment')).spec.containers;
  expect(beside.name).toBe('beside');
  expect(beside.volumeMounts).toBeUndefined();
});

test('grants of one namespace add up in one role, whatever their order, and the token is mounted once', () => {
  const grants: ((web: SecureWorkload) => void)[] = [
    (web) => web.grantRead(ApiResource.PODS), (web) => web.grantWrite(ApiResource.CONFIG_MAPS, { names: ['b'] }), (web) => web.grantWrite(ApiResource.CONFIG_MAPS, { names: ['a'] }),
    (web) => web.grant(['deletecollection'], ApiResource.JOBS), (web) => web.grantRead(ApiResource.PODS, { names: ['x'] }),
  ];
  const outcome = (order: typeof grants) => {
    const { app, workload } = cluster();
    const web = workload('web');
    order.forEach((grant) => grant(web));
    return { app, objects: written(app) };
  };
  const { app, objects } = outcome(grants);
  expect(outcome([...grants].reverse()).objects).toEqual(objects);
  expect(outcome([...grants, ...grants]).objects).toEqual(objects);
  expect(names(app).filter((name) => /^(Cluster)?Role/.test(name))).toEqual(['Role/shop/web', 'RoleBinding/shop/web']);
  expect(rules(app)).toEqual([
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['a', 'b'], verbs: ['update', 'patch', 'delete'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: ['batch'], resources: ['jobs'], verbs: ['deletecollection'] },
  ]);
});

test('writing gives neither reading nor deletion of many at once, and kept to names it can\'t create', () => {
  const { app, workload } = cluster();
  workload('web').grantWrite(ApiResource.CONFIG_MAPS);
  workload('named').grantWrite(ApiResource.CONFIG_MAPS, { names: ['flags'] });
  expect(rules(app, 'Role', 'web')).toEqual([{ apiGroups: [''], resources: ['configmaps'], verbs: ['create', 'update', 'patch', 'delete'] }]);
  expect(rules(app, 'Role', 'named')).toEqual([{ apiGroups: [''], resources: ['configmaps'], resourceNames: ['flags'], verbs: ['update', 'patch', 'delete'] }]);
});

test('in another namespace a role of the workload\'s full name holds, made there', () => {
  const { app, workload } = cluster();
  const data = new HardenedNamespace(new Chart(app, 'd'), 'data');
  workload('web').grantRead(new ConfigMap(data, 'flags', { metadata: { name: 'flags' } }), { inNamespace: data });
  expect(names(app).filter((name) => /^(Cluster)?Role/.test(name))).toEqual(['Role/data/shop:web', 'RoleBinding/data/shop:web']);
  expect(find(app, 'RoleBinding')).toMatchObject({ roleRef: { kind: 'Role', name: 'shop:web' }, subjects: [{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }] });
  expect(find(app, 'Role').rules[0].resourceNames).toEqual(['flags']);
});

test('two namespaces may grant each other\'s workloads', () => {
  const { app, namespace, workload } = cluster();
  const data = new HardenedNamespace(new Chart(app, 'd'), 'data');
  workload('web').grantRead(ApiResource.PODS, { inNamespace: data });
  new SecureWorkload(data, 'db', { image: IMAGE }).grantRead(ApiResource.PODS, { inNamespace: namespace });
  expect(names(app)).toEqual(expect.arrayContaining(['Role/data/shop:web', 'Role/shop/data:db']));
});

test('the whole cluster is granted by a ClusterRole without a namespace, also in a chart that has one', () => {
  const { app } = cluster();
  new SecureWorkload(new Chart(app, 'more', { namespace: 'shop' }), 'web', { image: IMAGE }).grantRead(ApiResource.NODES, { wholeCluster: true });
  expect(names(app)).toEqual(expect.arrayContaining(['ClusterRole/shop:web', 'ClusterRoleBinding/shop:web']));
  expect(find(app, 'ClusterRoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'web', namespace: 'shop' }]);
});

describe.each(VERSIONS.map((version): [string, KubernetesVersion] => [String(version), version]))('at Kubernetes %s', (_, kubernetesVersion) => {
  test.each(Object.values(WorkloadKind))('ordinary grants of a %s are no finding', (kind) => {
    const { app, namespace, workload } = cluster({ kubernetesVersion });
    const web = workload('web', { kind });
    web.grantRead(ApiResource.CONFIG_MAPS);
    web.grantWrite(ApiResource.LEASES, { inNamespace: namespace });
    web.grantRead(ApiResource.SECRETS, { names: ['db'] });
    web.grantRead(ApiResource.ENDPOINT_SLICES, { wholeCluster: true });
    web.addToken({ audience: 'vault', path: '/var/run/secrets/tokens/vault' });
    expect(findings(ControlPack.recommended().controls, kubernetesVersion, written(app))).toEqual([]);
  });
});

/** What controls speak against, and whether it is refused in a namespace or for the whole cluster. */
const DANGEROUS: [string, string[], ApiResource, boolean][] = [
  ['role-wildcard-verbs', ['*'], ApiResource.CONFIG_MAPS, false],
  ['role-wildcard-resources', ['get'], ApiResource.custom({ apiGroup: '', resourceType: '*' }), false],
  ['role-wildcard-api-groups', ['get'], ApiResource.custom({ apiGroup: '*', resourceType: 'pods' }), false],
  ['role-escalation-verbs', ['escalate'], ApiResource.ROLES, false],
  ['role-escalation-verbs', ['bind'], ApiResource.CLUSTER_ROLES, true],
  ['role-impersonation', ['impersonate'], ApiResource.custom({ apiGroup: '', resourceType: 'users' }), true],
  ['role-impersonation', ['impersonate:user-info'], ApiResource.custom({ apiGroup: 'authentication.k8s.io', resourceType: 'users' }), true],
  ['role-secrets', ['list'], ApiResource.SECRETS, false],
  ['role-secrets', ['get'], ApiResource.SECRETS, false],
  ['role-pod-exec', ['create'], EXEC, false],
  ['role-pod-exec', ['create'], ApiResource.custom({ apiGroup: '', resourceType: 'pods/portforward' }), false],
  ['role-node-proxy', ['get'], ApiResource.custom({ apiGroup: '', resourceType: 'nodes/proxy' }), true],
  ['role-pod-creation', ['create'], ApiResource.PODS, false],
  ['role-pod-creation', ['patch'], ApiResource.DEPLOYMENTS, false],
  ['role-token-requests', ['create'], ApiResource.custom({ apiGroup: '', resourceType: 'serviceaccounts/token' }), false],
  ['role-certificate-approval', ['update'], ApiResource.custom({ apiGroup: 'certificates.k8s.io', resourceType: 'certificatesigningrequests/approval' }), true],
  ['role-admission-configuration', ['update'], ApiResource.VALIDATING_WEBHOOK_CONFIGURATIONS, true],
  ['role-persistent-volumes', ['create'], ApiResource.PERSISTENT_VOLUMES, true],
];

describe.each(DANGEROUS)('%s speaks against %s', (control, verbs, resource, wholeCluster) => {
  const where = wholeCluster ? 'ClusterRole/shop:web' : 'Role/shop/web';

  test(`of ${resource.resourceType}: refused without an exception, and then nothing is made`, () => {
    const { app, workload } = cluster();
    const web = workload('web');
    const before = written(app);
    expect(refusal(() => web.grant(verbs, resource, { wholeCluster }))).toMatch(new RegExp(`^\\[c/shop/web\\] exception: got undefined; allowed: a reviewed exception from ${control} \\(".*"\\)\\. .* Where it has to be, state exception: \\{ reason, owner, expires \\}\\.$`));
    expect(written(app)).toEqual(before);
  });

  test(`of ${resource.resourceType}: with one, exactly its findings are waived where the controls are enforced`, () => {
    const { app, workload } = cluster();
    const web = workload('web');
    web.grant(verbs, resource, { wholeCluster, exception: EXCEPTION });
    web.grantRead(ApiResource.CONFIG_MAPS, { wholeCluster });
    Controls.of(app).enforce(ControlPack.recommended());
    expect(() => app.synthYaml()).not.toThrow();

    // Another permission that the same control speaks against isn't.
    ApiObject.of(web.node.findChild(wholeCluster ? 'ClusterRole' : 'Role')).addJsonPatch(JsonPatch.add('/rules/-', { apiGroups: [''], resources: ['secrets'], verbs: ['watch'] }));
    expect(() => app.synthYaml()).toThrow(`role-secrets: ${where}`);
  });
});

test('the message says which control speaks against it, and what to do instead', () => {
  const { title, remediation } = catalogControls().find(({ id }) => id === 'role-secrets')!;
  expect(refusal(() => cluster().workload('web').grantRead(ApiResource.SECRETS))).toBe(
    `[c/shop/web] exception: got undefined; allowed: a reviewed exception from role-secrets ("${title}"). ${remediation} Where it has to be, state exception: { reason, owner, expires }.`);
});

test('what is dangerous follows from the controls at the cluster\'s version: before 1.35, to get pods/exec is to run programs in them', () => {
  expect(() => cluster({ kubernetesVersion: KubernetesVersion.V1_35 }).workload('web').grant(['get'], EXEC)).not.toThrow();
  expect(() => cluster({ kubernetesVersion: KubernetesVersion.V1_34 }).workload('web').grant(['get'], EXEC)).toThrow('role-pod-exec');
});

describe('an exception', () => {
  useTempFolder();

  function app(): HardenedApp {
    const hardened = new HardenedApp({ cluster: new ClusterProfile(PROFILE), date: DAY, quiet: true });
    const namespace = new HardenedNamespace(new Chart(hardened, 'c'), 'shop');
    const web = new SecureWorkload(namespace, 'web', { image: IMAGE });
    web.grant(['create'], EXEC, { exception: EXCEPTION });
    web.grant(['create'], ApiResource.PODS, { exception: { ...EXCEPTION, expires: '2026-12-31' } });
    return hardened;
  }
  const evidence = () => JSON.parse(fs.readFileSync('evidence.out/report.json', 'utf8'));

  test('shows in the evidence with its terms, also where its control isn\'t asked', () => {
    app().synth();
    expect(evidence().checks.waivers).toMatchObject([
      { control: 'role-pod-creation', covers: expect.stringContaining('Role/shop/web'), expires: '2026-12-31', state: 'used', owner: 'platform' },
      { control: 'role-pod-exec', covers: expect.stringContaining('Role/shop/web'), expires: '2026-09-01', state: 'used', ticket: 'SEC-1' },
    ]);
  });

  test('opens the namespace\'s policies for its role alone', () => {
    const hardened = app();
    Controls.of(hardened).enforce(ControlPack.recommended());
    new AdmissionPolicies(new Chart(hardened, 'policies'), 'policies', { pack: ControlPack.recommended(), phase: PolicyPhase.DENY });
    hardened.synth();
    const dist = fs.readdirSync('dist').map((file) => fs.readFileSync(`dist/${file}`, 'utf8')).join('---\n');
    const policy = parseAllDocuments(dist).map((document) => document.toJS()).find((each) => each?.kind === 'ValidatingAdmissionPolicy' && each.metadata.name.includes('role-pod-exec'));
    expect(policy.spec.variables.find(({ name }: any) => name === 'waived').expression).toMatch(/namespace == 'shop' .*kind == 'Role' .*name.* == 'web'$/);
    expect(policy.spec.validations[0].expression).toContain('variables.waived && e2 == \'pods/exec\'');
  });

  test('does no harm where nothing is checked', () => {
    const { app: plain, workload } = cluster();
    workload('web').grant(['create'], EXEC, { exception: EXCEPTION });
    expect(() => plain.synthYaml()).not.toThrow();
  });
});

describe('refused, with nothing made', () => {
  const data = (app: App) => new HardenedNamespace(new Chart(app, 'd'), 'data');
  const flags = (scope: HardenedNamespace) => new ConfigMap(scope, 'flags', { metadata: { name: 'flags' } });
  const CASES: [string, (web: SecureWorkload, app: App) => void, string][] = [
    ['an option that nobody reads', (web) => web.grantRead(ApiResource.PODS, { name: ['a'] } as object),
      '[c/shop/web] options.name: allowed: names, inNamespace, wholeCluster, exception. Correct or remove it: nobody reads it. Did you mean "names"?'],
    ['names for an object', (web) => web.grantRead(flags(web.hardenedNamespace), { names: ['a'] }),
      '[c/shop/web] names: got ["a"]; allowed: none: the object "flags" was given. Leave names out, or give the resource in place of the object.'],
    ['an object of another namespace', (web, app) => web.grantRead(flags(data(app))),
      '[c/shop/web] resource: got "d/data/flags"; allowed: an object of namespace "shop", in which the grant holds. Say where it is: { inNamespace: … }.'],
    ['what belongs to no namespace', (web) => web.grantRead(ApiResource.NODES),
      '[c/shop/web] wholeCluster: got false; allowed: true for nodes, which belong to no namespace. Set wholeCluster: true, or grant something else.'],
    ['an object whose chart names another namespace', (web, app) => web.grantRead(new ConfigMap(new Chart(app, 'd', { namespace: 'elsewhere' }), 'flags')),
      '[c/shop/web] resource: got "d/flags"; allowed: an object of namespace "shop", in which the grant holds. Say where it is: { inNamespace: … }.'],
    ['an object that names another namespace', (web, app) => web.grantRead(new ConfigMap(new Chart(app, 'd'), 'flags', { metadata: { namespace: 'elsewhere' } })),
      '[c/shop/web] resource: got "d/flags"; allowed: an object of namespace "shop", in which the grant holds. Say where it is: { inNamespace: … }.'],
    ['the whole cluster and a namespace', (web, app) => web.grantRead(ApiResource.PODS, { wholeCluster: true, inNamespace: data(app) }),
      '[c/shop/web] inNamespace: got "data"; allowed: none where wholeCluster is true. Leave one of the two out.'],
    ['one object in the whole cluster', (web) => web.grantRead(flags(web.hardenedNamespace), { wholeCluster: true }),
      '[c/shop/web] wholeCluster: got true; allowed: false for "flags", which is in one namespace. Leave it out, or give the resource and names in place of the object.'],
    ['the whole cluster in words', (web) => web.grantRead(ApiResource.PODS, { wholeCluster: 'no' as any }),
      '[c/shop/web] wholeCluster: got "no"; allowed: true or false. Leave it out to keep the grant to a namespace.'],
    ['a namespace by name', (web) => web.grantRead(ApiResource.PODS, { inNamespace: 'data' as any }),
      '[c/shop/web] inNamespace: got "data"; allowed: a HardenedNamespace. Give the HardenedNamespace that the grant is to hold in.'],
    ['a namespace of another app', (web) => web.grantRead(ApiResource.PODS, { inNamespace: shop().namespace }),
      '[c/shop/web] inNamespace: got "c/shop of another app"; allowed: a namespace of the same app. Let the other app make the role and the binding.'],
    ['an exception that nothing needs', (web) => web.grantRead(ApiResource.PODS, { exception: EXCEPTION }),
      '[c/shop/web] exception: allowed: none: no control speaks against it. Leave it out, so that it accepts nothing later.'],
    ['creation by name', (web) => web.grant(['create'], ApiResource.LEASES, { names: ['leader'] }),
      '[c/shop/web] names: got ["leader"]; allowed: none with the verb create: such a request names no object, and the API server would refuse all of them. Grant create by a call of its own, without names.'],
  ];
  test.each(CASES)('%s', (_what, grant, message) => {
    const { app, workload } = cluster();
    const web = workload('web');
    const granted = () => names(app).filter((name) => /Role|NetworkPolicy\/shop\/web/.test(name));
    expect(refusal(() => grant(web, app))).toBe(message);
    expect(granted()).toEqual([]);
    expect(JSON.stringify(find(app, 'Deployment'))).not.toContain('kube-api-access');
  });

  test('without a profile that says where the control plane is', () => {
    const { app, workload } = shop();
    const web = workload('web');
    const before = written(app);
    expect(refusal(() => web.grantRead(ApiResource.PODS))).toBe(
      '[c/shop/web] ClusterProfile.controlPlaneCidrs: got []; allowed: at least one range. Name them once in the profile: controlPlaneCidrs: [\'10.0.16.0/24\'].');
    expect(written(app)).toEqual(before);
  });

  test('where something else is mounted in the token\'s place', () => {
    const { app, workload } = cluster();
    const web = workload('web', { writablePaths: ['/var/run/secrets/kubernetes.io/serviceaccount'] });
    expect(refusal(() => web.grantRead(ApiResource.PODS))).toBe(
      '[c/shop/web] grant: got "/var/run/secrets/kubernetes.io/serviceaccount, where something is mounted already"; allowed: a directory that nothing is mounted at. '
      + 'Mount the other elsewhere: client libraries look for their token there.');
    expect(names(app).filter((name) => /Role|NetworkPolicy\/shop\/web/.test(name))).toEqual([]);
  });
});

test('nothing is made where the place of the role or its binding is taken', () => {
  const { app, workload } = cluster();
  const web = workload('web');
  new ApiObject(web, 'RoleBinding', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'own' } });
  const before = written(app);
  expect(refusal(() => web.grantRead(ApiResource.PODS))).toBe(
    '[c/shop/web] grant: got "c/shop/web/RoleBinding"; allowed: no construct where the role or its binding is made. Give that construct another id.');
  expect(written(app)).toEqual(before);
});

test('an object in place of a resource is granted by its name', () => {
  const { app, namespace, workload } = cluster();
  const web = workload('web');
  web.grantRead(new ConfigMap(namespace, 'map', { metadata: { name: 'settings' } }));
  web.grantRead(Secret.fromSecretName(namespace, 'db', 'db'));
  expect(rules(app)).toEqual([
    { apiGroups: [''], resources: ['configmaps'], resourceNames: ['settings'], verbs: ['get', 'list', 'watch'] },
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['db'], verbs: ['get', 'list', 'watch'] },
  ]);
});
