import * as fc from 'fast-check';
import { catalogControls } from '../../src/controls/catalog';
import { basePod, changedAt } from '../../src/controls/catalog/base-pod';
import { ControlSet } from '../../src/controls/control-set';
import { meets } from '../../src/controls/evaluate';
import { faultsOf } from '../../src/controls/faults';
import { isObject, parsePlace, Path, Place, showPath } from '../../src/controls/path';
import { CONTAINER_LISTS, LeafNode, RequirementNode, Scalar } from '../../src/controls/requirement-node';
import { objectSubject, templateSubject } from '../../src/controls/subject';
import { show } from '../../src/core/errors';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { workloadOf } from '../support/workloads';

/** Any JSON, with the keys that break careless code. */
const json: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom<unknown>(null, true, false, 0, 1, -1, '', 'true', 'windows', 'Default', 'ALL', '/', 'x'),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.array(fc.tuple(fc.constantFrom('__proto__', 'constructor', 'name', 'spec', 'securityContext', 'runAsUser', 'hostPath', 'path', 'type', 'length'), tie('value')), { maxLength: 3 })
      .map((entries) => JSON.parse(`{${entries.map(([key, value]) => `${JSON.stringify(key)}:${JSON.stringify(value)}`).join(',')}}`)),
  ),
})).value;

function placesIn(value: unknown, at: Place = []): Place[] {
  const below = Array.isArray(value) ? [...value.keys()] : isObject(value) ? Object.keys(value) : [];
  return [at, ...below.flatMap((step) => placesIn((value as Record<string | number, unknown>)[step], [...at, step]))];
}

/** The pod of the examples with any JSON in place of up to three parts, present or not. */
const brokenPod: fc.Arbitrary<unknown> = fc.array(
  fc.tuple(
    fc.constantFrom(...placesIn(basePod()), ...[
      'spec.hostNetwork', 'spec.os', 'spec.initContainers', 'spec.ephemeralContainers', 'spec.volumes[1]', 'spec.containers[1]', 'spec.securityContext.runAsUser',
      'spec.containers[0].securityContext.runAsUser', 'spec.containers[0].ports[0].hostPort', 'metadata.annotations',
    ].map(parsePlace)),
    json,
  ),
  { minLength: 1, maxLength: 3 },
).map((changes) => changes.reduce<unknown>((pod, [place, value]) => {
  try {
    return changedAt(pod, place, value);
  } catch {
    return pod; // An earlier change took away what this one is in.
  }
}, basePod()));

const path: fc.Arbitrary<Path> = fc.constantFrom<Path>(
  [], ['name'], ['spec'], ['spec', 'volumes'], ['hostPath', 'path'], ['securityContext', 'runAsUser'], ['metadata', 'annotations'], ['spec', 'os', 'name'], ['constructor'], ['__proto__', 'x'],
);
const scalar: fc.Arbitrary<Scalar> = fc.constantFrom<Scalar>('', 'x', 'windows', 'ALL', 0, 1, true, false);
const values = fc.array(scalar, { minLength: 1, maxLength: 3 });
const leaf: fc.Arbitrary<LeafNode> = fc.oneof(
  fc.record({ op: fc.constantFrom('present' as const, 'absent' as const), path }),
  fc.record({ op: fc.constant('oneOf' as const), path, values, orAbsent: fc.boolean() }),
  fc.record({ op: fc.constantFrom('noneOf' as const, 'subsetOf' as const), path, values }),
  fc.record({ op: fc.constant('contains' as const), path, value: scalar }),
  fc.record({ op: fc.constant('matches' as const), path, pattern: fc.constantFrom('^x', '.', '^$'), ignoreCase: fc.boolean(), orAbsent: fc.boolean() }),
);
const { requirement } = fc.letrec<{ requirement: RequirementNode }>((tie) => ({
  requirement: fc.oneof(
    { depthSize: 'small', withCrossShrink: true },
    leaf,
    fc.record({ op: fc.constantFrom('allOf' as const, 'anyOf' as const), of: fc.array(tie('requirement'), { maxLength: 3 }) }),
    fc.record({ op: fc.constant('negation' as const), of: tie('requirement') }),
    fc.record({ op: fc.constant('exemptWhen' as const), condition: tie('requirement'), of: tie('requirement') }),
    fc.record({ op: fc.constant('each' as const), path, of: tie('requirement') }),
    fc.record({ op: fc.constant('eachKey' as const), path, prefix: fc.constantFrom('', 'c', '__'), of: tie('requirement') }),
    fc.record({ op: fc.constant('eachContainer' as const), of: tie('requirement'), lists: fc.subarray([...CONTAINER_LISTS]) }),
    fc.record({ op: fc.constant('eachSecurityContext' as const), of: tie('requirement') }),
    fc.record({ op: fc.constant('inherited' as const), of: leaf }),
    fc.record({ op: fc.constant('described' as const), of: tie('requirement'), as: fc.constant('described') }),
    fc.record({ op: fc.constant('repaired' as const), of: tie('requirement'), repair: fc.constant({ kind: 'none' as const, reason: 'no' }) }),
  ),
}));

const { V1_28, V1_37 } = KubernetesVersion;
const SETS = [V1_28, V1_37].map((version) => new ControlSet(catalogControls(), version));

describe('whatever comes in place of any part of a pod', () => {
  test('a requirement is met exactly if nothing is found, and every finding can be shown', () => {
    fc.assert(fc.property(requirement, brokenPod, fc.boolean(), (node, pod, isTemplate) => {
      const subject = isTemplate ? templateSubject(pod, ['spec', 'template'], false) : objectSubject(pod);
      const found = faultsOf(node, subject);

      expect(found.length === 0).toBe(meets(node, subject));
      for (const { place, got, expected } of found) {
        expect([typeof showPath(place), typeof show(got), typeof expected]).toEqual(['string', 'string', 'string']);
      }
    }), { numRuns: 2000 });
  });

  test('the whole catalog judges it without an error, and each violation has a place', () => {
    fc.assert(fc.property(brokenPod, fc.constantFrom('Pod', 'Deployment', 'CronJob'), (pod, kind) => {
      const object = isObject(pod) ? workloadOf(kind, { apiVersion: 'v1', kind, spec: {}, ...pod }) : pod;
      for (const set of SETS) {
        for (const { faults } of set.violations(object)) {
          expect(faults).not.toEqual([]);
        }
      }
    }), { numRuns: 1000 });
  });

  test('it never passes for a pod where the spec or its containers are gone', () => {
    const strict = new ControlSet(catalogControls().filter(({ id }) => id === 'host-network'), V1_37);
    const noList = json.filter((value) => !Array.isArray(value) || value.length === 0);
    fc.assert(fc.property(fc.constantFrom('Pod', 'Deployment', 'CronJob'), noList, json.filter((value) => !isObject(value)), (kind, containers, spec) => {
      expect(strict.violations(workloadOf(kind, changedAt(basePod(), ['spec', 'containers'], containers ?? undefined) as object))).toHaveLength(1);
      const prefix = kind === 'Pod' ? [] : kind === 'CronJob' ? ['spec', 'jobTemplate', 'spec', 'template'] : ['spec', 'template'];
      expect(strict.violations(changedAt(workloadOf(kind, basePod()), [...prefix, 'spec'], spec))).toHaveLength(1);
    }));
  });
});
