import * as fc from 'fast-check';
import { apiPath } from './api-path';
import { Fields } from './arbitraries';
import { SECRETS } from './environment';
import { OBJECT_KINDS, objectArbitrary, ObjectKind } from './objects';
import { GeneratedObject } from './options';

const generate = (kind: ObjectKind, numRuns: number, seed = 1) => fc.sample(objectArbitrary(kind, { minor: 37 }), { numRuns, seed });

type Has = (object: GeneratedObject) => unknown;
type Feature = [kind: ObjectKind, what: string, has: Has];

const of = (kind: ObjectKind, features: Record<string, Has>): Feature[] => Object.entries(features).map(([what, has]) => [kind, what, has]);
const rule = (has: (rule: Fields) => unknown) => ({ rules = [] }: GeneratedObject) => rules.some(has);
const subject = (name: string, kind: string) => ({ subjects = [] }: GeneratedObject) =>
  subjects.some((each: Fields) => each.name === name && each.kind === kind);
const service = (has: (spec: Fields) => unknown) => ({ spec }: GeneratedObject) => has(spec);
const webhook = (has: (hook: Fields) => unknown) => ({ webhooks = [] }: GeneratedObject) => webhooks.some(has);
const label = (name: string, value?: string) => ({ metadata: { labels = {} } }: GeneratedObject) =>
  value === undefined ? !(name in labels) : labels[name] === value;

const ENFORCE = 'pod-security.kubernetes.io/enforce';
const ROLES = {
  'a wildcard for resources': rule(({ resources }) => resources?.includes('*')),
  'a wildcard for API groups': rule(({ apiGroups }) => apiGroups?.includes('*')),
  'a wildcard for verbs': rule(({ verbs }) => verbs.includes('*')),
  'a wildcard beside others': rule(({ verbs }) => verbs.includes('*') && verbs.length > 1),
  'a wildcard for subresources': rule(({ resources }) => resources?.includes('*/exec')),
  'secrets': rule(({ resources }) => resources?.includes('secrets')),
  'secrets by name': rule(({ resources, resourceNames }) => resources?.includes('secrets') && resourceNames),
  'pods/exec': rule(({ resources }) => resources?.includes('pods/exec')),
  'tokens of service accounts': rule(({ resources }) => resources?.includes('serviceaccounts/token')),
  'escalate and bind': rule(({ verbs }) => verbs.includes('escalate') && verbs.includes('bind')),
  'impersonate': rule(({ verbs }) => verbs.includes('impersonate')),
  'constrained impersonation': rule(({ verbs }) => verbs.includes('impersonate:user-info')),
  'deletion of what cannot be read': rule(({ verbs }) => verbs.includes('unsafe-delete-ignore-read-errors')),
  'approval of certificates': rule(({ resources }) => resources?.includes('certificatesigningrequests/approval')),
  'reading alone': rule(({ verbs, resources }) => resources?.includes('configmaps') && verbs.join() === 'get,list,watch'),
  'no rules': ({ rules }: GeneratedObject) => rules?.length === 0,
};
const BINDINGS = {
  'cluster-admin': ({ roleRef }: GeneratedObject) => roleRef.name === 'cluster-admin',
  'view': ({ roleRef }: GeneratedObject) => roleRef.name === 'view',
  'system:masters': subject('system:masters', 'Group'),
  'system:anonymous': subject('system:anonymous', 'User'),
  'system:authenticated': subject('system:authenticated', 'Group'),
  'system:unauthenticated': subject('system:unauthenticated', 'Group'),
  'all service accounts': subject('system:serviceaccounts', 'Group'),
  'the default service account': subject('default', 'ServiceAccount'),
  'a service account': subject('app', 'ServiceAccount'),
  'a subject whose group is left to the default': ({ subjects = [] }: GeneratedObject) => subjects.some(({ kind, apiGroup }: Fields) => kind === 'Group' && apiGroup === undefined),
  'no subjects': ({ subjects }: GeneratedObject) => subjects === undefined,
};
const WEBHOOKS = {
  'failurePolicy Ignore': webhook(({ failurePolicy }) => failurePolicy === 'Ignore'),
  'failurePolicy Fail': webhook(({ failurePolicy }) => failurePolicy === 'Fail'),
  'failurePolicy left to the default': webhook(({ failurePolicy }) => failurePolicy === undefined),
  'a rule for everything': webhook(({ rules }) => rules?.some(({ resources }: Fields) => resources.includes('*/*'))),
  'kube-system left out': webhook(({ namespaceSelector }) => namespaceSelector?.matchExpressions),
  'no namespace selector': webhook(({ namespaceSelector }) => namespaceSelector === undefined),
  'a URL': webhook(({ clientConfig }) => clientConfig.url),
  'two webhooks': ({ webhooks }: GeneratedObject) => webhooks?.length === 2,
};

const FEATURES: Feature[] = [
  ...of('Namespace', {
    'enforces restricted': label(ENFORCE, 'restricted'),
    'enforces baseline': label(ENFORCE, 'baseline'),
    'enforces privileged': label(ENFORCE, 'privileged'),
    'enforces nothing': label(ENFORCE),
    'pins a version': label(`${ENFORCE}-version`, 'v1.28'),
    'enforces the latest version': label(`${ENFORCE}-version`, 'latest'),
    'warns without enforcing': (object) => label(ENFORCE)(object) && label('pod-security.kubernetes.io/warn', 'restricted')(object),
    'has a version without a level': (object) => label(ENFORCE)(object) && label(`${ENFORCE}-version`, 'latest')(object),
  }),
  ...of('Service', {
    'of the default type': service(({ type, clusterIP }) => type === undefined && clusterIP === undefined),
    'of type ClusterIP': service(({ type }) => type === 'ClusterIP'),
    'of type NodePort': service(({ type }) => type === 'NodePort'),
    'of type LoadBalancer': service(({ type }) => type === 'LoadBalancer'),
    'of type ExternalName': service(({ type }) => type === 'ExternalName'),
    'headless': service(({ clusterIP }) => clusterIP === 'None'),
    'external addresses': service(({ externalIPs }) => externalIPs?.length > 0),
    'an empty list of external addresses': service(({ externalIPs }) => externalIPs?.length === 0),
    'a load balancer for everyone': service(({ loadBalancerSourceRanges }) => loadBalancerSourceRanges?.includes('0.0.0.0/0')),
    'a load balancer for some': service(({ loadBalancerSourceRanges }) => loadBalancerSourceRanges?.includes('10.0.0.0/8')),
    'a node port of its own': service(({ ports }) => ports?.some(({ nodePort }: Fields) => nodePort)),
    'no selector': service(({ selector }) => selector === undefined),
    'an internal load balancer by annotation': ({ metadata }) => metadata.annotations?.['service.beta.kubernetes.io/aws-load-balancer-internal'] === 'true',
    'a dashboard': ({ metadata }) => metadata.name === 'kubernetes-dashboard',
  }),
  ...of('ServiceAccount', {
    'no token': (object) => object.automountServiceAccountToken === false,
    'a token': (object) => object.automountServiceAccountToken === true,
    'a token by default': (object) => object.automountServiceAccountToken === undefined,
    'secrets': (object) => object.secrets,
  }),
  ...of('Role', ROLES),
  ...of('ClusterRole', {
    ...ROLES,
    'URLs': rule(({ nonResourceURLs }) => nonResourceURLs?.includes('/metrics')),
    'all URLs': rule(({ nonResourceURLs }) => nonResourceURLs?.includes('*')),
    'an aggregation': (object) => object.aggregationRule,
  }),
  ...of('RoleBinding', { ...BINDINGS, 'a Role': ({ roleRef }) => roleRef.kind === 'Role' }),
  ...of('ClusterRoleBinding', BINDINGS),
  ...of('Ingress', {
    'TLS': ({ spec }) => spec.tls?.some(({ secretName }: Fields) => secretName),
    'no TLS': ({ spec }) => spec.tls === undefined,
    'an empty list of TLS': ({ spec }) => spec.tls?.length === 0,
    'TLS without a secret': ({ spec }) => spec.tls?.some(({ secretName }: Fields) => secretName === undefined),
    'TLS without hosts': ({ spec }) => spec.tls?.some(({ hosts }: Fields) => hosts === undefined),
    'a host that TLS does not cover': ({ spec }) => spec.tls?.[0]?.hosts && spec.rules?.some(({ host }: Fields) => host && !spec.tls[0].hosts.includes(host)),
    'no rules': ({ spec }) => spec.rules === undefined,
    'a wildcard host': ({ spec }) => spec.rules?.some(({ host }: Fields) => host === '*.example.com'),
    'a rule for every host': ({ spec }) => spec.rules?.some(({ host }: Fields) => host === undefined),
  }),
  ...of('ConfigMap', {
    'ordinary values': ({ data = {} }) => Object.values(data).includes('info'),
    'a secret': ({ data = {} }) => Object.values(data).includes(SECRETS[1][1]),
    'a file with a password': ({ data = {} }) => Object.values<string>(data).some((value) => value.includes('password: hunter2')),
    'no data': (object) => object.data === undefined,
    'binary data': (object) => object.binaryData?.binary,
  }),
  ...of('Secret', {
    'data': ({ data = {} }) => Object.keys(data).length > 0,
    'text': ({ stringData = {} }) => Object.keys(stringData).length > 0,
    'nothing': ({ data, stringData }) => data === undefined && stringData === undefined,
    'a type of TLS': ({ type }) => type === 'kubernetes.io/tls',
    'a token that never expires': ({ type, metadata }) => type === 'kubernetes.io/service-account-token' && metadata.annotations['kubernetes.io/service-account.name'],
  }),
  ...of('PodDisruptionBudget', {
    'maxUnavailable': ({ spec }) => spec.maxUnavailable === 1,
    'no disruption at all': ({ spec }) => spec.maxUnavailable === 0,
    'minAvailable of 100%': ({ spec }) => spec.minAvailable === '100%',
    'no selector': ({ spec }) => spec.selector === undefined,
    'an empty selector': ({ spec }) => spec.selector && Object.keys(spec.selector).length === 0,
  }),
  ...of('NetworkPolicy', {
    'a denial of everything': ({ spec }) => JSON.stringify(spec.podSelector) === '{}' && spec.policyTypes?.length === 2 && !spec.ingress && !spec.egress,
    'types left to the default': ({ spec }) => spec.policyTypes === undefined,
    'a rule that allows everyone': ({ spec }) => spec.ingress?.some((one: Fields) => one.from === undefined || one.from.length === 0),
    'the whole internet': ({ spec }) => spec.egress?.some(({ to }: Fields) => to?.some(({ ipBlock }: Fields) => ipBlock?.cidr === '0.0.0.0/0' && !ipBlock.except)),
    'all namespaces': ({ spec }) => spec.ingress?.some(({ from }: Fields) => from?.some((one: Fields) => JSON.stringify(one) === '{"namespaceSelector":{}}')),
  }),
  ...of('PersistentVolume', {
    'a path of the node': ({ spec }) => spec.hostPath,
    'the root of the node': ({ spec }) => spec.hostPath?.path === '/',
    'a CSI volume': ({ spec }) => spec.csi,
    'a local volume': ({ spec }) => spec.local,
  }),
  ...of('StorageClass', {
    'encryption': ({ parameters }) => parameters?.encrypted === 'true',
    'encryption switched off': ({ parameters }) => parameters?.encrypted === 'false',
    'no parameters': ({ parameters }) => parameters === undefined,
    'retention': ({ reclaimPolicy }) => reclaimPolicy === 'Retain',
  }),
  ...of('ValidatingWebhookConfiguration', WEBHOOKS),
  ...of('MutatingWebhookConfiguration', { ...WEBHOOKS, reinvocation: webhook(({ reinvocationPolicy }) => reinvocationPolicy === 'IfNeeded') }),
  ...of('ResourceQuota', {
    'no node ports': ({ spec }) => spec.hard?.['services.nodeports'] === 0,
    'an amount of CPU time': ({ spec }) => spec.hard?.['requests.cpu'],
    'nothing': ({ spec }) => spec.hard === undefined,
  }),
  ...of('LimitRange', {
    'defaults of containers': ({ spec }) => spec.limits.some(({ default: defaults }: Fields) => defaults),
    'limits of pods': ({ spec }) => spec.limits.some(({ type }: Fields) => type === 'Pod'),
    'limits of claims': ({ spec }) => spec.limits.some(({ type }: Fields) => type === 'PersistentVolumeClaim'),
    'nothing': ({ spec }) => spec.limits.length === 0,
  }),
];
const samples = new Map(OBJECT_KINDS.map((kind) => [kind, generate(kind, 1000)]));

test.each(FEATURES)('among 1,000 objects of kind %s there is one with: %s', (kind, _, has) => {
  expect(samples.get(kind)!.some((object) => Boolean(has(object)))).toBe(true);
});

test('each kind has features that are looked for', () => {
  expect([...new Set(FEATURES.map(([kind]) => kind))]).toEqual([...OBJECT_KINDS]);
});

test('the same seed gives the same objects, and another seed others', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => JSON.stringify(OBJECT_KINDS.map((kind) => generate(kind, 20, seed))));

  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('objects are JSON', () => {
  const objects = [...samples.values()].flatMap((list) => list.slice(0, 100));

  expect(objects.filter((object) => JSON.stringify(object).includes('null'))).toEqual([]);
  expect(JSON.parse(JSON.stringify(objects))).toStrictEqual(objects);
});

test.each([
  ['Service', '/api/v1/namespaces/generated/services'],
  ['Ingress', '/apis/networking.k8s.io/v1/namespaces/generated/ingresses'],
  ['NetworkPolicy', '/apis/networking.k8s.io/v1/namespaces/generated/networkpolicies'],
  ['StorageClass', '/apis/storage.k8s.io/v1/storageclasses'],
  ['Namespace', '/api/v1/namespaces'],
] as const)('a %s is created at %s', (kind, path) => {
  expect(apiPath(samples.get(kind)![0])).toBe(path);
});
