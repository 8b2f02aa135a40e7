import { compared, told } from './comparing';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const object = (apiVersion: string, kind: string, more: object, metadata: object = {}) => ({ apiVersion, kind, metadata: { name: 'a', namespace: 'shop', ...metadata }, ...more });

const pod = (spec: object, container: object = {}) => object('v1', 'Pod', { spec: { ...spec, containers: [{ name: 'app', image: 'a', ...container }] } });
const hostPath = (path: string, readOnly?: boolean) => pod({ volumes: [{ name: 'h', hostPath: { path } }] }, { volumeMounts: [{ name: 'h', mountPath: '/h', readOnly }] });
const policy = (rule: object, more: object = {}) => object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicy', {
  spec: { matchConstraints: { resourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'], ...rule }], ...more } },
});
const webhook = (rule: object, more: object = {}) => object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', {
  webhooks: [{ name: 'a.b.c', rules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], ...rule }], ...more }],
});
const EVERYTHING = { apiGroups: ['*'], apiVersions: ['*'], operations: ['*'], resources: ['*/*'] };
const excluding = (rule: object) => policy({}, { excludeResourceRules: [{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], ...rule }] });
const binding = (spec: object) => object('admissionregistration.k8s.io/v1', 'ValidatingAdmissionPolicyBinding', { spec: { policyName: 'a', validationActions: ['Deny'], ...spec } });
const budget = (spec: object) => object('policy/v1', 'PodDisruptionBudget', { spec });
const ingress = (annotations: object, host: string | undefined = 'a.example.com') => object('networking.k8s.io/v1', 'Ingress', { spec: { rules: [{ host }] } }, { annotations });
const NGINX = 'nginx.ingress.kubernetes.io';
const allowing = (ranges: string) => ingress({ [`${NGINX}/whitelist-source-range`]: ranges });
const role = (rules: object[], labels: object = {}) => object('rbac.authorization.k8s.io/v1', 'ClusterRole', { rules }, { labels });

test.each<[string, object, object]>([
  ['a volume of the host that programs can write to', hostPath('/srv', true), hostPath('/srv')],
  ['a path of the host that holds the one before', hostPath('/var/log'), hostPath('/')],
  ['pods without their runtime class', pod({ runtimeClassName: 'gvisor' }), pod({})],
  ['a policy that looks at fewer versions', policy({ apiVersions: ['v1', 'v2'] }), policy({})],
  ['a policy that looks outside of namespaces only', policy({}), policy({ scope: 'Cluster' })],
  ['a policy that looks at fewer operations', policy({ operations: ['*'] }), policy({})],
  ['a policy that looks at exact matches only', policy({}), policy({}, { matchPolicy: 'Exact' })],
  ['a policy that excludes more', excluding({}), excluding({ resources: ['*'], operations: ['*'] })],
  ['a webhook that looks at less', webhook(EVERYTHING), webhook({})],
  ['a webhook that looks at exact matches only', webhook({}), webhook({}, { matchPolicy: 'Exact' })],
  ['a binding that lets pass without parameters', binding({ paramRef: { parameterNotFoundAction: 'Deny' } }), binding({ paramRef: { parameterNotFoundAction: 'Allow' } })],
  ['a budget that keeps nothing', budget({ minAvailable: 1 }), budget({ maxUnavailable: '100%' })],
  ['a role that adds to those of others', role([]), role([], { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' })],
  ['an Ingress for any host', ingress({}), ingress({}, '')],
  ['an Ingress without TLS', ingress({}), ingress({ [`${NGINX}/ssl-redirect`]: 'false' })],
  ['an Ingress without a list of sources', ingress({ [`${NGINX}/whitelist-source-range`]: '192.0.2.0/24' }), ingress({})],
  ['an Ingress without a login', ingress({ [`${NGINX}/auth-type`]: 'basic' }), ingress({})],
  ['an Ingress whose login is empty', ingress({ [`${NGINX}/auth-type`]: 'basic' }), ingress({ [`${NGINX}/auth-type`]: '' })],
  ['an Ingress whose login is none', ingress({ [`${NGINX}/auth-url`]: 'https://a.example.com' }), ingress({ [`${NGINX}/auth-url`]: 'None' })],
  ['an Ingress that redirects no longer, in another form', ingress({}), ingress({ [`${NGINX}/force-ssl-redirect`]: 'False' })],
  ['an Ingress for everybody', allowing('10.0.0.0/8'), allowing('0.0.0.0/0')],
  ['an Ingress for everybody beside some', allowing('10.0.0.0/8'), allowing('10.0.0.0/8, ::/0')],
  ['an Ingress whose list of sources is empty', allowing('10.0.0.0/8'), allowing(' ')],
  ['an Ingress for more sources', allowing('10.1.0.0/16'), allowing('10.0.0.0/8')],
  ['an Ingress for one more source', allowing('10.1.0.0/16'), allowing('10.1.0.0/16 192.0.2.7')],
  ['an Ingress that leaves nobody out', allowing('10.0.0.0/8,!10.1.0.0/16'), allowing('10.0.0.0/8')],
  ['an Ingress that leaves fewer out', allowing('10.0.0.0/8,!10.1.0.0/16'), allowing('10.0.0.0/8,!10.1.0.0/24')],
  ['volumes that are not encrypted', object('storage.k8s.io/v1', 'StorageClass', { parameters: { encrypted: 'true' } }), object('storage.k8s.io/v1', 'StorageClass', { parameters: { encrypted: 'false' } })],
  [
    'no limit for containers that state none', object('v1', 'LimitRange', { spec: { limits: [{ type: 'Container', default: { memory: '1Gi' } }] } }),
    object('v1', 'LimitRange', { spec: { limits: [{ type: 'Container' }] } }),
  ],
])('weaker is %s, and stronger the other way', (_name, strong, weak) => {
  const verdicts = (before: object, after: object) => new Set(compared([before], [after]).map(({ verdict }) => verdict).filter((verdict) => verdict !== 'neutral'));
  expect([...verdicts(strong, weak)]).toEqual(['weaker']);
  expect([...verdicts(weak, strong)]).toEqual(['stronger']);
});

test('sources of an Ingress are told by their ranges, and a list with everybody in it as none', () => {
  const ofIngress = (before: string, after: string) => told(compared([allowing(before)], [allowing(after)])).filter((each) => each.includes('ingress-tls'));
  expect(ofIngress('10.0.0.0/8', '10.0.0.0/8,192.0.2.7')).toEqual(['weaker ingress-tls: allows requests from 192.0.2.7']);
  expect(ofIngress('10.0.0.0/8', '10.1.2.3')).toEqual(['stronger ingress-tls: no longer allows requests from 10.0.0.0/8']);
  expect(ofIngress('10.0.0.0/8', '0.0.0.0/0,::/0')).toEqual([`weaker ingress-tls: loses what ${NGINX}/whitelist-source-range asks for`]);
  expect(ofIngress('0.0.0.0/0', '')).toEqual([]);
});

test('another path of the host is both', () => {
  expect(told(compared([hostPath('/sys')], [hostPath('/etc')])).filter((each) => each.includes('pod-isolation'))).toEqual([
    'weaker pod-isolation: shows "/etc" of the host', 'stronger pod-isolation: no longer shows "/sys" of the host',
  ]);
});

test('another policy of a binding is both', () => {
  expect(told(compared([binding({})], [binding({ policyName: 'b' })]))).toEqual([
    'weaker admission-policy-binding: loses what the policy a asks', 'stronger admission-policy-binding: gains what the policy b asks',
  ]);
});

test('verbs of one resource are told together', () => {
  const rule = (...verbs: string[]) => ({ apiGroups: ['apps'], resources: ['deployments', 'replicasets'], verbs });
  expect(told(compared([role([rule('get', 'update', 'patch')])], [role([rule('get')])])).filter((each) => each.includes('rbac-rules'))).toEqual([
    'stronger rbac-rules: no longer allows update, patch on deployments of apps', 'stronger rbac-rules: no longer allows update, patch on replicasets of apps',
  ]);
});

describe('what the server fills in itself is no change', () => {
  const claims = (claim: object) => object('apps/v1', 'StatefulSet', { spec: { volumeClaimTemplates: [{ metadata: { name: 'data' }, spec: { accessModes: ['ReadWriteOnce'] }, ...claim }] } });
  const service = (spec: object) => object('v1', 'Service', { spec: { sessionAffinity: 'ClientIP', ports: [{ port: 1 }], ...spec } });
  const driver = (spec: object) => object('storage.k8s.io/v1', 'CSIDriver', { spec: { tokenRequests: [{ audience: 'a' }], ...spec } });
  const toService = (port: object) => webhook({}, { clientConfig: { service: { name: 'a', namespace: 'b', ...port } } });
  const disk = (more: object) => pod({ volumes: [{ name: 'd', azureDisk: { diskName: 'a', diskURI: 'b', ...more } }] });

  test.each<[string, object, object]>([
    ['the kind of a claim', claims({}), claims({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } })],
    ['how long clients stay', service({}), service({ sessionAffinityConfig: { clientIP: { timeoutSeconds: 10800 } } })],
    ['what a driver does', driver({}), driver({ attachRequired: true, volumeLifecycleModes: ['Persistent'], fsGroupPolicy: 'ReadWriteOnceWithFSType', podInfoOnMount: false })],
    ['the port of a webhook', toService({}), toService({ port: 443 })],
    ['how a disk is kept', disk({}), disk({ cachingMode: 'ReadWrite', fsType: 'ext4', kind: 'Shared' })],
  ])('%s', (_name, before, after) => {
    expect(compared([before], [after])).toEqual([]);
    expect(compared([after], [before])).toEqual([]);
  });

  test('anything else is', () => {
    expect(compared([driver({})], [driver({ attachRequired: false })])).toMatchObject([{ kind: 'recreated', path: 'spec.attachRequired' }]);
    expect(compared([claims({})], [claims({ kind: 'Other' })]).map(({ kind }) => kind)).toContain('recreated');
    expect(compared([toService({})], [toService({ port: 8443 })])).toHaveLength(1);
  });

  test('drivers could not be changed in more ways before Kubernetes 1.29', () => {
    const [before, after] = [driver({}), driver({ podInfoOnMount: true })];
    expect(compared([before], [after], KubernetesVersion.of('1.28')).map(({ kind }) => kind)).toContain('recreated');
    expect(compared([before], [after], KubernetesVersion.of('1.29')).map(({ kind }) => kind)).toEqual(['changed']);
  });
});
