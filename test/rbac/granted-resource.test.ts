import { App, Chart } from 'cdk8s';
import { ApiResource, ConfigMap } from 'cdk8s-plus-28';
import { checkResource } from '../../src/rbac/granted-resource';
import { refusal } from '../workloads/fixtures';

const custom = (apiGroup: string, resourceType: string) => ApiResource.custom({ apiGroup, resourceType });

test('every resource of cdk8s-plus is one of Kubernetes', () => {
  const all = Object.getOwnPropertyNames(ApiResource).map((name) => (ApiResource as any)[name]).filter((each) => each instanceof ApiResource);
  expect(all.length).toBeGreaterThan(50);
  all.forEach((resource) => expect(typeof checkResource(resource, 'web').namespaced).toBe('boolean'));
});

test('the core group has no name in rules', () => {
  expect(checkResource(custom('core', 'pods'), 'web')).toEqual({ group: '', resource: 'pods', namespaced: true });
});

test.each([
  ['', 'pods/log', true], ['', 'nodes/metrics', false], ['apps', 'deployments/scale', true], ['', 'users', false], ['authentication.k8s.io', 'userextras/scopes', false],
  ['authentication.k8s.io', 'serviceaccounts', true], ['certificates.k8s.io', 'signers', false], ['argoproj.io', 'rollouts', undefined], ['*', '*', undefined], ['', '*/scale', undefined],
])('of group "%s", %s belongs to namespaces: %s', (group, resource, namespaced) => {
  expect(checkResource(custom(group, resource), 'web').namespaced).toBe(namespaced);
});

test('an object stands for itself alone', () => {
  const flags = new ConfigMap(new Chart(new App(), 'c'), 'flags', { metadata: { name: 'flags' } });
  expect(checkResource(flags, 'web')).toEqual({ group: '', resource: 'configmaps', namespaced: true, name: 'flags' });
});

describe('refused, since rules with it would grant nothing', () => {
  const FIX = 'Take ApiResource.CONFIG_MAPS or the like of cdk8s-plus, ApiResource.custom({ apiGroup, resourceType }), or the object itself.';
  test.each<[string, any, string]>([
    ['text', 'pods', `[web] resource: got "pods"; allowed: a resource with apiGroup and resourceType. ${FIX}`],
    ['nothing', undefined, `[web] resource: got undefined; allowed: a resource with apiGroup and resourceType. ${FIX}`],
    ['a chart', new Chart(new App(), 'c'), `[web] resource: got "a construct that is no API object"; allowed: a resource with apiGroup and resourceType. ${FIX}`],
    ['a group with a version', custom('apps/v1', 'deployments'), '[web] resource.apiGroup: got "apps/v1"; allowed: the name of an API group, empty for the core group. Give it without the version, for instance apps.'],
    ['a kind', custom('', 'Pod'), '[web] resource.resourceType: got "Pod"; allowed: the plural that URLs have, in small letters, and with a / its subresource. Write it like configmaps or pods/log.'],
    ['a singular', custom('batch', 'job'), '[web] resource.resourceType: got "job"; allowed: cronjobs, jobs. Did you mean "jobs"?'],
    ['another group\'s resource', custom('batch', 'deployments'), '[web] resource.resourceType: got "deployments"; allowed: cronjobs, jobs. The group batch has no such resource: correct one of the two.'],
    ['a group that nobody has', custom('app', 'deployments'), '[web] resource.resourceType: got "deployments"; allowed: resources of a group that Kubernetes has, or of a group with a domain. The group app has no such resource: correct one of the two.'],
  ])('%s', (_what, resource, message) => {
    expect(refusal(() => checkResource(resource, 'web'))).toBe(message);
  });
});
