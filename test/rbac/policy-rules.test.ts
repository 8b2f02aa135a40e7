import * as fc from 'fast-check';
import { Granted, policyRules } from '../../src/rbac/policy-rules';

const granted = (resource: string, verbs: string[], ...names: string[]): Granted => ({ group: '', resource, verbs, names });

test('each resource has a rule of its own, in alphabetical order, with verbs in the usual order', () => {
  expect(policyRules([granted('pods', ['watch', 'get']), { ...granted('deployments', ['update']), group: 'apps' }, granted('configmaps', ['x-own', 'delete', 'get'])])).toEqual([
    { apiGroups: [''], resources: ['configmaps'], verbs: ['get', 'delete', 'x-own'] },
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'watch'] },
    { apiGroups: ['apps'], resources: ['deployments'], verbs: ['update'] },
  ]);
});

test('names with the same verbs share a rule, others do not', () => {
  expect(policyRules([granted('secrets', ['get'], 'b', 'a'), granted('secrets', ['get', 'update'], 'c')])).toEqual([
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['a', 'b'], verbs: ['get'] },
    { apiGroups: [''], resources: ['secrets'], resourceNames: ['c'], verbs: ['get', 'update'] },
  ]);
});

test('a name that may do nothing besides what holds for all objects is not listed', () => {
  expect(policyRules([granted('pods', ['get', 'list']), granted('pods', ['get'], 'a'), granted('pods', ['get', 'delete'], 'b')])).toEqual([
    { apiGroups: [''], resources: ['pods'], verbs: ['get', 'list'] },
    { apiGroups: [''], resources: ['pods'], resourceNames: ['b'], verbs: ['delete'] },
  ]);
});

test('every verb stands for all others', () => {
  expect(policyRules([granted('pods', ['get', '*']), granted('pods', ['delete'], 'a')])).toEqual([{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }]);
});

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'delete', '*'];
const RESOURCES = ['pods', 'pods/log', 'configmaps'];
const GROUPS = ['', 'apps'];
const NAMES = ['a', 'b', 'c'];
const grants = fc.array(fc.record({
  group: fc.constantFrom(...GROUPS), resource: fc.constantFrom(...RESOURCES), verbs: fc.subarray(VERBS, { minLength: 1 }), names: fc.subarray(NAMES),
}), { maxLength: 8 });

/** Whether what was granted permits a request, read literally. */
function isGranted(all: readonly Granted[], group: string, resource: string, verb: string, name: string): boolean {
  return all.some((each) => each.group === group && each.resource === resource && (each.verbs.includes(verb) || each.verbs.includes('*'))
    && (each.names.length === 0 || each.names.includes(name)));
}

test('rules permit exactly what was granted, whatever was granted', () => {
  fc.assert(fc.property(grants, (all) => {
    const rules = policyRules(all);
    for (const group of GROUPS) {
      for (const resource of RESOURCES) {
        for (const verb of VERBS.slice(0, -1)) {
          for (const name of [...NAMES, 'other']) {
            const permitted = rules.some((rule) => rule.apiGroups.includes(group) && rule.resources.includes(resource)
              && (rule.verbs.includes(verb) || rule.verbs.includes('*')) && (rule.resourceNames === undefined || rule.resourceNames.includes(name)));
            expect([group, resource, verb, name, permitted]).toEqual([group, resource, verb, name, isGranted(all, group, resource, verb, name)]);
          }
        }
      }
    }
  }), { numRuns: 200 });
});

test('rules are the same in whatever order, and however often, it was granted', () => {
  const twice = grants.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 })));
  fc.assert(fc.property(twice, ([all, shuffled]) => {
    expect(policyRules(shuffled)).toEqual(policyRules(all));
  }));
});
