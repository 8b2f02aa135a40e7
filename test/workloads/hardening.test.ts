import { ApiObject, App, Chart, Include, JsonPatch, Testing, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { HardenedApp } from '../../src/app/hardened-app';
import { Controls } from '../../src/controls/controls';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { ImageProfile } from '../../src/supply-chain/image-profile';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { Hardening } from '../../src/workloads/hardening';
import { contents, useTempFolder } from '../app/temp-folder';
import { messageOf } from '../core/message-of';
import { chartFor, FOREIGN_MANIFESTS, hardenManifest, hardenObjects, manifestPath } from '../support/foreign-manifests';

type Any = any;

const RESTRICTED = ControlPack.pssRestricted().controls.map(({ id }) => id);

function podSpec(object: Any): Any {
  return object.kind === 'Pod' ? object.spec : object.kind === 'CronJob' ? object.spec.jobTemplate.spec.template.spec : object.spec.template.spec;
}

function find(objects: Any[], kind: string, name: string): Any {
  const all = objects.flatMap((object) => (object.kind === 'List' ? object.items.flatMap((item: Any) => item.items ?? [item]) : [object]));
  return all.find((object) => object.kind === kind && object.metadata.name === name);
}

function names(objects: Any[], kind: string): string[] {
  return objects.filter((object) => object.kind === kind).map(({ metadata }) => metadata.name).sort();
}

/** Whose pods Pod Security admission would still refuse. */
function notRestricted(hardening: Hardening): string[] {
  const gaps = hardening.left.filter(({ control }) => control !== undefined && RESTRICTED.includes(control));
  return [...new Set(gaps.map(({ resource }) => resource))].sort();
}

/** What was left of one control, as `resource: reason`. */
function left(hardening: Hardening, control: string): string[] {
  return hardening.left.filter((each) => each.control === control).map(({ resource, reason }) => `${resource}: ${reason}`);
}

function mounts(container: Any): string[] {
  return (container.volumeMounts ?? []).map(({ mountPath }: Any) => mountPath);
}

function deployment(name: string, spec: object, more: object = {}): object {
  return {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' },
    spec: { selector: { matchLabels: { app: name } }, template: { metadata: { labels: { app: name } }, spec } }, ...more,
  };
}

const ONE = { containers: [{ name: 'app', image: 'registry.example/app:1' }] };
const NODE_REASON = 'Its pods mount paths of the node, so that what they state may be what they need: take the volumes away, or waive what is needed.';
const ROOT_REASON = 'It states user 0: which other user it can run as has to be known. Name the image in imageProfiles, state the user, or waive it.';

describe('of manifests as they are around', () => {
  test.each([
    ['helm-web-app', []],
    ['kustomize-overlay', []],
    ['operator', []],
    ['log-shipper', ['DaemonSet/logging/log-shipper']],
    ['network-agent', ['DaemonSet/kube-system/network-agent']],
    ['node-exporter', ['DaemonSet/monitoring/node-exporter']],
    ['cron-backup', []],
    ['redis', ['StatefulSet/data/redis-legacy']],
    ['ingress-controller', []],
    ['certificate-webhook', []],
    ['list', []],
    ['legacy-chart', []],
    ['injected-sidecar', ['Pod/mesh/reviews']],
    ['expiring-job', []],
  ])('%s leaves to a person, of what restricted asks, %j', (name, expected) => {
    const { hardening } = hardenManifest(name);
    expect(notRestricted(hardening)).toEqual(expected);
    expect(hardening.changes.length).toBeGreaterThan(0);
  });

  test.each(Object.keys(FOREIGN_MANIFESTS))('%s, hardened twice or from what was written, has the same bytes', (name) => {
    const first = hardenManifest(name).objects;
    const chart = chartFor();
    const include = new Include(chart, name, { url: manifestPath(name) });
    Hardening.of(include, FOREIGN_MANIFESTS[name]);
    Hardening.of(include, FOREIGN_MANIFESTS[name]);
    Hardening.of(chart);
    expect(JSON.stringify(Testing.synth(chart))).toBe(JSON.stringify(first));

    const again = hardenObjects(first, FOREIGN_MANIFESTS[name]);
    expect(JSON.stringify(again.objects)).toBe(JSON.stringify(first));
    expect(again.hardening.changes).toEqual([]);
  });

  test('a chart\'s web server gets the user and the directories of its image, and keeps its configuration', () => {
    const { objects } = hardenManifest('helm-web-app');
    const { containers: [container], volumes } = podSpec(find(objects, 'Deployment', 'storefront'));
    expect(container.securityContext).toEqual({
      runAsUser: 101, runAsGroup: 101, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true,
    });
    expect(mounts(container)).toEqual(['/etc/nginx/conf.d', '/tmp', '/var/cache/nginx', '/run']);
    expect(volumes.map(({ name, emptyDir }: Any) => [name, emptyDir])).toEqual([
      ['config', undefined], ['storefront-tmp', {}], ['storefront-var-cache-nginx', {}], ['storefront-run', {}],
    ]);
  });

  test('hooks of a chart stay hooks, and get accounts of their own; the program that the account is named after keeps it', () => {
    const { objects } = hardenManifest('helm-web-app');
    expect(names(objects, 'ServiceAccount')).toEqual(['storefront', 'storefront-migrate', 'storefront-test-connection']);
    expect(podSpec(find(objects, 'Deployment', 'storefront')).serviceAccountName).toBe('storefront');
    const hook = find(objects, 'Job', 'storefront-migrate');
    expect(podSpec(hook)).toMatchObject({ serviceAccountName: 'storefront-migrate', automountServiceAccountToken: false });
    expect(hook.metadata.annotations['helm.sh/hook']).toBe('pre-install,pre-upgrade');
  });

  test('the operator keeps its account, and gets the token that it calls the API with by a volume', () => {
    const { objects, hardening } = hardenManifest('operator');
    const spec = podSpec(find(objects, 'Deployment', 'cache-operator'));
    expect(spec).toMatchObject({ serviceAccountName: 'cache-operator', automountServiceAccountToken: false });
    expect(spec.volumes[0].projected.sources[0]).toEqual({ serviceAccountToken: { expirationSeconds: 3600, path: 'token' } });
    expect(mounts(spec.containers[0])).toEqual(['/var/run/secrets/kubernetes.io/serviceaccount', '/tmp']);
    expect(hardening.left.filter(({ resource }) => resource.startsWith('Cache'))).toEqual([{
      resource: 'Cache.example.com/operators/sessions', constructPath: 'chart/operator/sessions-cache-operators',
      reason: 'It holds containers at a place that is not known: name the kind by Controls.of(app).podTemplatesOf.',
    }]);
    expect(find(objects, 'Cache', 'sessions').spec.pod).toEqual({ containers: [{ name: 'cache', image: 'docker.io/library/redis:7' }] });
  });

  test('an agent keeps what it states of the node, and each of it is reported', () => {
    const { objects, hardening } = hardenManifest('network-agent');
    const spec = podSpec(find(objects, 'DaemonSet', 'network-agent'));
    expect(spec.hostNetwork).toBe(true);
    expect(spec.initContainers[0].securityContext.privileged).toBe(true);
    expect(spec.containers[0].securityContext.capabilities).toEqual({ add: ['NET_ADMIN', 'NET_RAW'] });
    expect(left(hardening, 'host-network')).toEqual([`DaemonSet/kube-system/network-agent: ${NODE_REASON}`]);
    expect(left(hardening, 'privileged')).toEqual([`DaemonSet/kube-system/network-agent: ${NODE_REASON}`]);
    expect(left(hardening, 'restricted-volumes')).toHaveLength(2);

    const shipper = hardenManifest('log-shipper');
    expect(podSpec(find(shipper.objects, 'DaemonSet', 'log-shipper')).containers[0].securityContext).toMatchObject({ runAsUser: 0, readOnlyRootFilesystem: true });
    const exporter = hardenManifest('node-exporter');
    expect(podSpec(find(exporter.objects, 'DaemonSet', 'node-exporter'))).toMatchObject({ hostNetwork: true, hostPID: true });
  });

  test('a container that is told to be root stays so, with what root needs, and the others don\'t', () => {
    const { objects, hardening } = hardenManifest('injected-sidecar');
    const { initContainers: [setUp], containers } = podSpec(find(objects, 'Pod', 'reviews'));
    expect(setUp.securityContext).toMatchObject({ runAsUser: 0, capabilities: { add: ['NET_ADMIN', 'NET_RAW'], drop: ['ALL'] } });
    expect(containers.map(({ securityContext }: Any) => securityContext.runAsNonRoot)).toEqual([true, true]);
    expect(left(hardening, 'run-as-user')).toEqual([`Pod/mesh/reviews: ${ROOT_REASON}`]);

    const redis = hardenManifest('redis');
    const legacy = podSpec(find(redis.objects, 'StatefulSet', 'redis-legacy'));
    expect(legacy.initContainers[0].securityContext.capabilities).toBeUndefined();
    expect(legacy.containers[0].securityContext).toMatchObject({ runAsUser: 999, runAsNonRoot: true, capabilities: { drop: ['ALL'] } });
  });

  test('data keep their volume, which the image\'s group may write to', () => {
    const { objects } = hardenManifest('redis');
    const spec = podSpec(find(objects, 'StatefulSet', 'redis'));
    expect(spec.securityContext.fsGroup).toBe(999);
    expect(mounts(spec.containers[0])).toEqual(['/data', '/tmp']);
    const backup = podSpec(find(hardenManifest('cron-backup').objects, 'CronJob', 'backup'));
    expect(backup.securityContext.fsGroup).toBe(999);
    expect(backup.containers[0].env).toEqual([{ name: 'PGPASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } }]);
  });

  test('two programs under one account that a binding names keep it, and that is reported with who names it', () => {
    const { objects, hardening } = hardenManifest('certificate-webhook');
    expect(names(objects, 'ServiceAccount')).toEqual(['certificates']);
    expect(left(hardening, 'default-service-account')).toEqual([
      'Deployment/certificates/controller: It shares the service account certificates with Deployment/certificates/webhook, which ClusterRoleBinding/certificates names: decide what the program needs, and give it an account with that.',
      'Deployment/certificates/webhook: It shares the service account certificates with Deployment/certificates/controller, which ClusterRoleBinding/certificates names: decide what the program needs, and give it an account with that.',
    ]);
  });

  test('Lists are opened, also in Lists', () => {
    const { objects } = hardenManifest('list');
    expect(podSpec(find(objects, 'Pod', 'once'))).toMatchObject({ serviceAccountName: 'once', securityContext: { runAsNonRoot: true } });
    expect(podSpec(find(objects, 'Deployment', 'quotes')).containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
    expect(names(objects, 'ServiceAccount')).toEqual(['once', 'quotes']);
  });

  test('an API that no server has any more is reported, and its pods are hardened', () => {
    const { objects, hardening } = hardenManifest('legacy-chart');
    const spec = podSpec(find(objects, 'Deployment', 'wiki'));
    expect([spec.serviceAccountName, spec.serviceAccount]).toEqual(['wiki', undefined]);
    expect(left(hardening, 'api-version-served').map((each) => each.split(':')[0])).toEqual(['Deployment/legacy/wiki', 'Ingress/legacy/wiki']);
  });

  test('jobs under one account get one each, which pulls images as before', () => {
    const { objects } = hardenManifest('expiring-job');
    expect(names(objects, 'ServiceAccount')).toEqual(['import-2024', 'import-2025', 'imports']);
    expect(find(objects, 'ServiceAccount', 'import-2024')).toEqual({
      apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'import-2024', namespace: 'imports' }, automountServiceAccountToken: false, imagePullSecrets: [{ name: 'registry' }],
    });
    expect(find(objects, 'Job', 'import-2024').spec.ttlSecondsAfterFinished).toBe(600);
  });

  test('an account is written before the pods that run under it, and after their namespace', () => {
    const { objects } = hardenManifest('kustomize-overlay');
    const order = objects.map(({ kind, metadata }) => `${kind}/${metadata.name}`);
    const at = (name: string) => order.indexOf(name);
    expect(at('Namespace/prod-billing')).toBeLessThan(at('ServiceAccount/prod-billing-api'));
    expect(at('ServiceAccount/prod-billing-api')).toBeLessThan(at('Deployment/prod-billing-api'));
  });
});

describe('writable directories', () => {
  test('are those that are named for the object, or for one container', () => {
    const spec = {
      initContainers: [{ name: 'init', image: 'registry.example/init:1' }], containers: [...ONE.containers, { name: 'beside', image: 'registry.example/beside:1' }],
    };
    const { objects: [, written] } = hardenObjects([deployment('web', spec)], {
      writablePaths: { 'Deployment/shop/web': ['/cache'], 'Deployment/shop/web#beside': ['/spool'], 'Deployment/shop/web#init': ['/work'] },
    });
    const { initContainers: [init], containers: [app, beside] } = podSpec(written);
    expect([mounts(init), mounts(app), mounts(beside)]).toEqual([['/tmp', '/work'], ['/tmp', '/cache'], ['/tmp', '/cache', '/spool']]);
    expect(podSpec(written).volumes.map(({ name }: Any) => name)).toEqual(['init-tmp', 'init-work', 'app-tmp', 'app-cache', 'beside-tmp', 'beside-cache', 'beside-spool']);
  });

  test('are left where something writable is mounted, and reported where that is read-only', () => {
    const spec = {
      containers: [{ ...ONE.containers[0], volumeMounts: [{ name: 'scratch', mountPath: '/tmp/' }, { name: 'settings', mountPath: '/etc/app' }] }],
      volumes: [{ name: 'scratch', emptyDir: {} }, { name: 'settings', configMap: { name: 'settings' } }],
    };
    const { objects, hardening } = hardenObjects([deployment('web', spec)], { writablePaths: { 'Deployment/shop/web': ['/tmp/uploads', '/etc/app/state'] } });
    expect(podSpec(find(objects, 'Deployment', 'web')).volumes).toHaveLength(2);
    expect(left(hardening, 'read-only-root-filesystem')).toEqual([
      'Deployment/shop/web: The program writes to /etc/app/state, but what is mounted at /etc/app is read-only: mount something else there, or leave the path out.',
    ]);
  });

  test('are not added to a root filesystem that was read-only before, unless they are named', () => {
    const spec = { containers: [{ ...ONE.containers[0], securityContext: { readOnlyRootFilesystem: true } }] };
    const { objects } = hardenObjects([deployment('web', spec)]);
    expect(mounts(podSpec(find(objects, 'Deployment', 'web')).containers[0])).toEqual([]);
  });

  test('take names that no volume has', () => {
    const spec = { ...ONE, volumes: [{ name: 'app-tmp', secret: { secretName: 'x' } }] };
    const { objects } = hardenObjects([deployment('web', spec)]);
    expect(podSpec(find(objects, 'Deployment', 'web')).containers[0].volumeMounts).toEqual([{ mountPath: '/tmp', name: 'app-tmp-2' }]);
  });
});

describe('users of images', () => {
  const nginx = (more: object = {}) => ({ containers: [{ name: 'app', image: 'nginx:1', ...more }] });
  const imageProfiles = { 'docker.io/library/nginx': ImageProfile.nginx() };

  test('take the place of root, and of nobody else', () => {
    const { objects } = hardenObjects([
      deployment('root', nginx({ securityContext: { runAsUser: 0 } })), deployment('stated', nginx({ securityContext: { runAsUser: 33 } })),
    ], { imageProfiles });
    expect(['root', 'stated'].map((name) => podSpec(find(objects, 'Deployment', name)).containers[0].securityContext.runAsUser)).toEqual([101, 33]);
  });

  test('are left out where the platform assigns them', () => {
    const app = new App();
    new ClusterProfile({ name: 'prod', distribution: Distribution.OPENSHIFT }).attachTo(app);
    const chart = new Chart(app, 'chart');
    new ApiObject(chart, 'web', deployment('web', nginx()) as Any);
    Hardening.of(chart, { imageProfiles });
    const [container] = podSpec(find(Testing.synth(chart), 'Deployment', 'web')).containers;
    expect(container.securityContext.runAsUser).toBeUndefined();
    expect(mounts(container)).toEqual(['/tmp', '/var/cache/nginx', '/run']);
  });
});

test('a directory\'s volume has no name of a claim of its StatefulSet, which would take its place', () => {
  const claimed = { ...ONE.containers[0], volumeMounts: [{ name: 'app-tmp', mountPath: '/data' }] };
  const base: Any = deployment('db', { containers: [claimed] });
  const { objects } = hardenObjects([{ ...base, kind: 'StatefulSet', spec: { ...base.spec, volumeClaimTemplates: [{ metadata: { name: 'app-tmp' }, spec: {} }] } }]);
  const spec = podSpec(find(objects, 'StatefulSet', 'db'));
  expect(spec.volumes).toEqual([{ name: 'app-tmp-2', emptyDir: {} }]);
  expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'app-tmp-2', mountPath: '/tmp' });
});

describe('service accounts', () => {
  test('stay where an identity in a cloud, a user or a mesh\'s principal names them', () => {
    const account = (name: string, annotations: object = {}) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace: 'shop', annotations } });
    const uses = (name: string, serviceAccountName: string) => deployment(name, { ...ONE, serviceAccountName });
    const { objects, hardening } = hardenObjects([
      account('cloud', { 'eks.amazonaws.com/role-arn': 'arn:aws:iam::1:role/x' }), uses('a', 'cloud'), uses('b', 'cloud'),
      uses('c', 'user'), uses('d', 'user'),
      { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'users', namespace: 'shop' }, roleRef: {}, subjects: [{ kind: 'User', name: 'system:serviceaccount:shop:user' }] },
      uses('e', 'mesh'), uses('f', 'mesh'),
      { apiVersion: 'security.istio.io/v1', kind: 'AuthorizationPolicy', metadata: { name: 'mesh', namespace: 'shop' }, spec: { rules: [{ from: [{ source: { principals: ['cluster.local/ns/shop/sa/mesh'] } }] }] } },
    ]);
    expect(names(objects, 'ServiceAccount')).toEqual(['cloud']);
    expect(left(hardening, 'default-service-account').filter((each) => /\/[ace]:/.test(each))).toEqual([
      'Deployment/shop/a: It shares the service account cloud with Deployment/shop/b, which the annotation for a cloud identity of ServiceAccount/shop/cloud names: decide what the program needs, and give it an account with that.',
      'Deployment/shop/c: It shares the service account user with Deployment/shop/d, which RoleBinding/shop/users names: decide what the program needs, and give it an account with that.',
      'Deployment/shop/e: It shares the service account mesh with Deployment/shop/f, which AuthorizationPolicy.security.istio.io/shop/mesh names: decide what the program needs, and give it an account with that.',
    ]);
  });

  test('have their token mounted where a binding names the group that all of them belong to', () => {
    const binding = (group: string) => ({
      apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'all', namespace: 'shop' }, roleRef: {}, subjects: [{ kind: 'Group', name: group }],
    });
    const spec = (group: string) => podSpec(find(hardenObjects([deployment('web', ONE), binding(group)]).objects, 'Deployment', 'web'));
    for (const group of ['system:serviceaccounts', 'system:serviceaccounts:shop']) {
      expect(spec(group)).toMatchObject({ serviceAccountName: 'web', automountServiceAccountToken: false });
      expect(mounts(spec(group).containers[0])).toContain('/var/run/secrets/kubernetes.io/serviceaccount');
    }
    expect(mounts(spec('system:serviceaccounts:other').containers[0])).toEqual(['/tmp']);
  });

  test('stay where a binding comes after the call', () => {
    const chart = chartFor();
    new ApiObject(chart, 'web', deployment('web', ONE) as Any);
    const hardening = Hardening.of(chart);
    new ApiObject(chart, 'binding', {
      apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: 'late', namespace: 'shop' }, subjects: [{ kind: 'ServiceAccount', name: 'default', namespace: 'shop' }],
    } as Any);
    expect(podSpec(find(Testing.synth(chart), 'Deployment', 'web')).serviceAccountName).toBeUndefined();
    expect(left(hardening, 'default-service-account')).toEqual([
      'Deployment/shop/web: It uses the service account default, which RoleBinding/shop/late names: decide what the program needs, and give it an account with that.',
    ]);
  });

  test('of what comes later are reported, and its pods are hardened', () => {
    const chart = chartFor();
    const hardening = Hardening.of(chart);
    new ApiObject(chart, 'web', deployment('web', ONE) as Any);
    const objects = Testing.synth(chart);
    expect(names(objects, 'ServiceAccount')).toEqual([]);
    expect(podSpec(objects[0]).containers[0].securityContext.readOnlyRootFilesystem).toBe(true);
    expect(left(hardening, 'default-service-account')).toEqual([
      'Deployment/shop/web: It uses the service account default, and came after hardening was called, which makes accounts for what is there: call it later, or name an account of its own.',
    ]);
  });

  test('take a name that is free', () => {
    const { objects } = hardenObjects([
      deployment('web', ONE), { ...deployment('web', ONE), kind: 'StatefulSet' }, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'web', namespace: 'shop' } },
    ]);
    expect(['Deployment', 'StatefulSet'].map((kind) => podSpec(find(objects, kind, 'web')).serviceAccountName)).toEqual(['web-deployment', 'web-statefulset']);
  });

  test('are left alone where nobody wants them, and a token that is asked for stays', () => {
    const { objects, hardening } = hardenObjects([deployment('web', { ...ONE, automountServiceAccountToken: true })], { serviceAccounts: false });
    expect(names(objects, 'ServiceAccount')).toEqual([]);
    expect(podSpec(objects[0]).automountServiceAccountToken).toBe(true);
    expect(left(hardening, 'default-service-account')).toEqual(['Deployment/shop/web: A service account has to be made, and what it may do has to be decided.']);
  });
});

test('what is waived stays as it is, and its waiver is of use', () => {
  const chart = chartFor();
  new ApiObject(chart, 'web', deployment('web', { ...ONE, automountServiceAccountToken: true, securityContext: { runAsUser: 0 } }) as Any);
  const waiver = (control: string, path: string, value?: unknown) => ({
    control, resource: 'Deployment/shop/web', path: `spec.template.spec.${path}`, value, reason: 'It has to.', owner: 'team-shop', expires: '2026-07-01',
  });
  Controls.of(chart).waive(waiver('automount-token', 'automountServiceAccountToken', true));
  Controls.of(chart).waive(waiver('default-service-account', 'serviceAccountName'));
  Controls.of(chart).waive(waiver('run-as-user', 'securityContext.runAsUser', 0));
  const hardening = Hardening.of(chart, { imageProfiles: { 'registry.example/app': ImageProfile.node() } });
  const spec = podSpec(find(Testing.synth(chart), 'Deployment', 'web'));
  expect([spec.serviceAccountName, spec.automountServiceAccountToken]).toEqual([undefined, true]);
  expect([spec.securityContext.runAsUser, spec.containers[0].securityContext.runAsUser]).toEqual([0, undefined]);
  expect(left(hardening, 'run-as-user')).toEqual([]);
});

describe('namespaces', () => {
  const service = (name: string, more: object = {}) => ({
    apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'shop' }, spec: { selector: { app: name }, ports: [{ port: 80 }], ...more },
  });
  const policy = (name: string, spec: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name, namespace: 'shop' }, spec });
  const quota = { cpu: kplus.Cpu.units(4), memory: Size.gibibytes(8) };

  test('get nothing that was not asked for', () => {
    const { objects } = hardenObjects([deployment('web', ONE)]);
    expect(objects.map(({ kind }) => kind).sort()).toEqual(['Deployment', 'ServiceAccount']);
  });

  test('deny what nothing allows, and let names be resolved', () => {
    const { objects, hardening } = hardenObjects([deployment('web', ONE)], { defaultDeny: true });
    expect(names(objects, 'NetworkPolicy')).toEqual(['allow-dns', 'default-deny']);
    expect(find(objects, 'NetworkPolicy', 'default-deny')).toMatchObject({ metadata: { namespace: 'shop' }, spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] } });
    expect(hardening.changes.filter(({ change }) => change === 'absent → added').map(({ resource }) => resource)).toEqual([
      'ServiceAccount/shop/web', 'NetworkPolicy/shop/default-deny', 'NetworkPolicy/shop/allow-dns',
    ]);
  });

  test('name the traffic that this cuts, and not what policies let through', () => {
    const { hardening } = hardenObjects([
      deployment('web', ONE), service('web'), deployment('api', ONE), service('api'),
      policy('api', { podSelector: { matchLabels: { app: 'api' } }, policyTypes: ['Ingress', 'Egress'], ingress: [{ from: [{ podSelector: {} }] }], egress: [{ to: [{ podSelector: {} }] }] }),
    ], { defaultDeny: true });
    expect(left(hardening, 'namespace-default-deny')).toEqual([
      'Deployment/shop/web: Its pods may call nothing but DNS: allow what they need by a NetworkPolicy with egress.',
      'Service/shop/web: Nobody may reach the pods that it selects: allow its callers by a NetworkPolicy with ingress.',
    ]);
    expect(left(hardenManifest('operator', { defaultDeny: true }).hardening, 'namespace-default-deny')).toEqual([
      'Deployment/operators/cache-operator: Its pods may call nothing but DNS, though ClusterRoleBinding/cache-operator lets them call the Kubernetes API: allow what they need by a NetworkPolicy with egress.',
    ]);
  });

  test('keep policies and quotas that are there', () => {
    const hard = { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'team', namespace: 'shop' }, spec: { hard: { pods: '10' } } };
    const { objects, hardening } = hardenObjects([
      deployment('web', ONE), policy('deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] }), policy('allow-dns', { podSelector: {}, egress: [{}] }), hard,
    ], { defaultDeny: true, quota });
    expect(names(objects, 'NetworkPolicy')).toEqual(['allow-dns', 'deny']);
    expect(names(objects, 'ResourceQuota')).toEqual(['team']);
    expect(hardening.left.filter(({ path }) => path === 'metadata.name').map(({ resource, reason }) => `${resource}: ${reason}`)).toEqual([
      'NetworkPolicy/shop/allow-dns: It is there already, and stays as it is: see whether it does what was asked for.',
      'ResourceQuota/shop/team: It is there already, and stays as it is: see whether it does what was asked for.',
    ]);
  });

  test('get a quota with bounds for containers that state none; what it refuses is named', () => {
    const { objects, hardening } = hardenObjects([deployment('web', ONE), service('web', { type: 'LoadBalancer' })], { quota });
    expect(find(objects, 'ResourceQuota', 'quota').spec.hard['limits.memory']).toBe('8Gi');
    expect(names(objects, 'LimitRange')).toEqual(['limits']);
    expect(left(hardening, 'namespace-resource-quota')).toEqual([
      'Service/shop/web: The quota of namespace shop admits no Service of type LoadBalancer: publish it by an Ingress or a Gateway, or leave out quota.',
    ]);
  });

  test('of the cluster itself, and those that nobody names, are left alone and reported', () => {
    const { objects, hardening } = hardenManifest('network-agent', { defaultDeny: true, quota });
    expect(objects.map(({ kind }) => kind)).toEqual(['DaemonSet']);
    expect(left(hardening, 'namespace-default-deny')).toEqual([
      'DaemonSet/kube-system/network-agent: Namespace kube-system belongs to the cluster: what its pods need is for its operators to say.',
    ]);
    const nameless = hardenObjects([{ ...deployment('web', ONE), metadata: { name: 'web' } }], { defaultDeny: true });
    expect(left(nameless.hardening, 'namespace-default-deny')).toEqual([
      'Deployment/web: It names no namespace, so that nothing can be added to it: state it, or give the chart one.',
    ]);
  });

  test('hardened twice, and from what was written, have the same bytes', () => {
    const build = (objects: object[]) => {
      const chart = chartFor();
      objects.forEach((object, i) => new ApiObject(chart, `o${i}`, object as Any));
      Hardening.of(chart, { defaultDeny: true, quota });
      const hardening = Hardening.of(chart, { defaultDeny: true, quota });
      return { written: Testing.synth(chart), hardening };
    };
    const { written } = build([deployment('web', ONE), service('web')]);
    expect(names(written, 'NetworkPolicy')).toEqual(['allow-dns', 'default-deny']);
    const again = build(written);
    expect(JSON.stringify(again.written)).toBe(JSON.stringify(written));
    expect(again.hardening.changes).toEqual([]);
  });

  test('that are hardened already need no more, and take in the accounts', () => {
    const chart = chartFor();
    const shop = new HardenedNamespace(chart, 'shop');
    new ApiObject(shop, 'web', { ...deployment('web', ONE), metadata: { name: 'web' } } as Any);
    Hardening.of(shop, { defaultDeny: true, quota });
    const objects = Testing.synth(chart);
    expect(names(objects, 'NetworkPolicy')).toEqual(['allow-dns', 'default-deny']);
    expect(find(objects, 'ServiceAccount', 'web').metadata).toEqual({ name: 'web', namespace: 'shop' });
    expect(podSpec(find(objects, 'Deployment', 'web')).serviceAccountName).toBe('web');
  });
});

describe('however it is written', () => {
  useTempFolder();
  const build = (app: App) => {
    const chart = new Chart(app, 'chart');
    new Include(chart, 'web', { url: manifestPath('kustomize-overlay') });
    Hardening.of(chart, { ...FOREIGN_MANIFESTS['kustomize-overlay'], defaultDeny: true });
    return chart;
  };

  test('by a plain app, by a hardened app, by Testing.synth and by a chart, it is the same', () => {
    const plain = new App();
    build(plain);
    plain.synth();
    const [text] = Object.values(contents('dist'));
    const objects = parseAllDocuments(text).map((document) => document.toJS() as unknown);
    expect(objects).toHaveLength(9);
    const hardened = new HardenedApp({ quiet: true, outdir: 'hardened' });
    build(hardened);
    hardened.synth();
    expect(Object.values(contents('hardened'))).toEqual([text]);
    expect(Testing.synth(build(new App()))).toEqual(objects);
    expect(build(new App()).toJson()).toEqual(objects);
  });

  test('the evidence names what was added, changed and left', () => {
    const app = new HardenedApp({ quiet: true });
    build(app);
    app.synth();
    const report = contents('evidence.out')['report.md'];
    expect(report).toContain('NetworkPolicy/prod-billing/default-deny');
    expect(report).toContain('Its pods may call nothing but DNS');
    expect(report).toContain('/var/cache/billing');
  });

  test('containers that are added later, by cdk8s-plus or a patch, are hardened too', () => {
    const chart = chartFor();
    const web = new kplus.Deployment(chart, 'web', { containers: [{ image: 'registry.example/web:1' }], automountServiceAccountToken: true });
    Hardening.of(chart);
    web.addContainer({ image: 'registry.example/beside:1', name: 'beside' });
    const object = new ApiObject(chart, 'api', deployment('api', ONE) as Any);
    object.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/-', { name: 'late', image: 'registry.example/late:1' }));
    const written = Testing.synth(chart).filter(({ kind }) => kind === 'Deployment');
    const dropped = written.map((each) => podSpec(each).containers.map(({ securityContext }: Any) => securityContext.capabilities.drop));
    expect(dropped).toEqual([[['ALL'], ['ALL']], [['ALL'], ['ALL']]]);
    // cdk8s-plus makes root filesystems read-only by itself.
    expect(written.map((each) => podSpec(each).containers.map((container: Any) => mounts(container)))).toEqual([[[], []], [['/tmp'], ['/tmp']]]);
  });

  test('an object that another language writes stays as it is, and each of its faults is reported', () => {
    const chart = chartFor();
    const web = new ApiObject(chart, 'web', deployment('web', { ...ONE, hostNetwork: true }) as Any);
    const json = web.toJson();
    Object.defineProperty(web, 'toJson', { value: () => json, configurable: false, writable: false });
    const hardening = Hardening.of(chart);
    expect(Testing.synth(chart)).toEqual([json]);
    const reason = 'Another language has taken over how the object is written, so that nothing of it can be changed here: change it where it is made.';
    expect(left(hardening, 'host-network')).toEqual([`Deployment/shop/web: ${reason}`]);
    expect(left(hardening, 'default-service-account')).toEqual([`Deployment/shop/web: ${reason}`]);
    expect(hardening.changes).toEqual([]);
  });
});

describe('bad input', () => {
  const harden = (options: object, objects: object[] = [deployment('web', ONE)]) => messageOf(() => hardenObjects(objects, options as Any));

  test.each<[string, object, string]>([
    ['an unknown option', { writeablePaths: {} }, '[chart] options.writeablePaths: allowed: pack, writablePaths, imageProfiles, serviceAccounts, defaultDeny, quota. Correct or remove it: nobody reads it. Did you mean "writablePaths"?'],
    ['a key that names no object', { writablePaths: { web: ['/x'] } }, '[chart] writablePaths: got "web"; allowed: objects as reports name them, Kind/namespace/name, with #container where one container is meant. Write it like Deployment/shop/web, or Deployment/shop/web#nginx.'],
    ['a path that is none', { writablePaths: { 'Deployment/shop/web': ['cache'] } }, '[chart] writablePaths["Deployment/shop/web"][0]: got "cache"; allowed: an absolute, normalized path of a directory below the root, without ":" and blanks. Give the path in the container, for instance /var/cache/nginx.'],
    ['a path in place of a list', { writablePaths: { 'Deployment/shop/web': '/cache' } }, '[chart] writablePaths["Deployment/shop/web"]: got "/cache"; allowed: a list of paths. Put it in a list: writablePaths["Deployment/shop/web"]: [ … ].'],
    ['a list in place of an object', { writablePaths: ['/cache'] }, '[chart] writablePaths: got ["/cache"]; allowed: an object. Write it like { \'Deployment/shop/web\': [\'/var/cache/nginx\'] }.'],
    ['an image with its tag', { imageProfiles: { 'nginx:1': ImageProfile.nginx() } }, '[chart] imageProfiles: got "nginx:1"; allowed: names of images without tag and digest. Write it like nginx or ghcr.io/acme/web.'],
    ['a profile that is none', { imageProfiles: { nginx: { user: 101 } } }, '[chart] imageProfiles["nginx"]: got {"user":101}; allowed: an ImageProfile. Give, for instance, ImageProfile.nginx().'],
    ['a switch that is none', { defaultDeny: 'yes' }, '[chart] defaultDeny: got "yes"; allowed: true or false. Write it without quotes.'],
    ['a pack that is none', { pack: 'restricted' }, '[chart] pack: got "restricted"; allowed: a ControlPack. Give, for instance, ControlPack.pssRestricted().'],
  ])('%s is refused', (_, options, message) => {
    expect(harden(options)).toBe(message);
  });

  test.each<[string, object, string]>([
    ['kind', { writablePaths: { 'Deploymnet/shop/web': ['/x'] } }, '[chart] writablePaths: got "Deploymnet/shop/web"; allowed: pods below the scope, as reports name them. Did you mean "Deployment/shop/web"?'],
    ['name', { writablePaths: { 'Deployment/shop/wbe': ['/x'] } }, '[chart] writablePaths: got "Deployment/shop/wbe"; allowed: pods below the scope, as reports name them. Did you mean "Deployment/shop/web"?'],
    ['container', { writablePaths: { 'Deployment/shop/web#ap': ['/x'] } }, '[chart] writablePaths: got "Deployment/shop/web#ap"; allowed: pods below the scope, as reports name them. Did you mean "Deployment/shop/web#app"?'],
    ['image', { imageProfiles: { 'registry.example/ap': ImageProfile.node() } }, '[chart] imageProfiles: got "registry.example/ap"; allowed: images of pods below the scope. Did you mean "registry.example/app"?'],
  ])('a %s that nothing has fails the synth, and the nearest one is named', (_, options, message) => {
    expect(harden(options)).toContain(message);
  });

  test('what is no construct is refused', () => {
    expect(messageOf(() => Hardening.of('chart' as Any))).toBe('[Hardening.of] scope: got "chart"; allowed: a construct. Give the chart, the Include, the Helm release or the object.');
  });
});
