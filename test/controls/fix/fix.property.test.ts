import * as fc from 'fast-check';
import { SAMPLES } from './sample-controls';
import { ControlSet } from '../../../src/controls/control-set';
import { Change, fixObject, Unfixed } from '../../../src/controls/fix/fix';
import { isObject, Place, showPath } from '../../../src/controls/path';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { workloadArbitrary } from '../../support/generated-objects/workloads';

const CONTROLS = Object.values(SAMPLES);
const SET = new ControlSet(CONTROLS, KubernetesVersion.V1_37);

/** Places all over an object, with the object itself. */
function placesOf(value: unknown, place: Place = []): Place[] {
  const steps: (string | number)[] = Array.isArray(value) ? value.map((_, i) => i) : isObject(value) ? Object.keys(value) : [];
  return [place, ...steps.flatMap((step) => placesOf((value as Record<string | number, unknown>)[step], [...place, step]))];
}

/** An independent way to change one place: in place, without regard for anything else. */
function change(object: any, place: Place, value: unknown): void {
  const last = place[place.length - 1];
  const parent = place.slice(0, -1).reduce((item, step) => item[step] ??= {}, object);
  if (value === undefined) {
    delete parent[last];
  } else {
    Object.defineProperty(parent, last, { value, enumerable: true, configurable: true, writable: true });
  }
}

/** Without empty maps and lists, holes of lists, and what is null: none of them means anything to the comparison. */
function dense(value: unknown): unknown {
  if (Array.isArray(value)) {
    return Object.keys(value).map((i) => dense(value[Number(i)]) ?? null);
  }
  if (!isObject(value)) {
    return value ?? undefined;
  }
  const entries = Object.entries(value).map(([key, each]) => [key, dense(each)] as const);
  const left = entries.filter(([, each]) => each !== undefined && !(typeof each === 'object' && each !== null && Object.keys(each).length === 0));
  return Object.fromEntries(left);
}

function replayed(object: unknown, changes: readonly Change[]): unknown {
  const copy = structuredClone(object);
  // Holes keep the positions of what follows.
  changes.forEach(({ place, after }) => change(copy, place, after));
  return copy;
}

const JUNK = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, true, false, 'ALL', [], {}, [null], [''], ['ALL'], { name: 1 }, { '': null }, 1e300, 'a\u0000b'),
  fc.jsonValue({ maxDepth: 2 }),
);

const WORKLOAD = workloadArbitrary({ minor: 37, nulls: true });

/** Valid objects with some places overwritten by anything. */
const HITS = fc.array(fc.record({ at: fc.nat(), value: JUNK }), { minLength: 1, maxLength: 3 });
const BROKEN = fc.record({ object: WORKLOAD, hits: HITS }).map(({ object, hits }) => (
  hits.reduce<any>((broken, { at, value }) => {
    const places = placesOf(broken);
    const place = places[at % places.length];
    if (place.length === 0) {
      return value;
    }
    change(broken, place, structuredClone(value));
    return broken;
  }, structuredClone(object))
));

const ANY = fc.oneof<fc.MaybeWeightedArbitrary<unknown>[]>(
  { weight: 5, arbitrary: WORKLOAD }, { weight: 5, arbitrary: BROKEN }, { weight: 1, arbitrary: fc.jsonValue() },
);

/** Sets of controls in any order: what one fixes may be what another one looks at. */
const SETS = fc.shuffledSubarray(CONTROLS, { minLength: 1 }).map((controls) => new ControlSet(controls, KubernetesVersion.V1_37));

const RUNS = { numRuns: 400 };

function shown({ control, fault, reason }: Unfixed): string {
  return `${control.id} ${showPath(fault.place)}: ${reason}`;
}

test('fixing anything neither fails nor changes what it is given', () => {
  fc.assert(fc.property(ANY, SETS, (object, set) => {
    const before = JSON.stringify(object);
    fixObject(object, set);
    expect(JSON.stringify(object)).toBe(before);
  }), RUNS);
});

test('fixing what is fixed changes nothing and leaves the same unfixed', () => {
  fc.assert(fc.property(ANY, SETS, (object, set) => {
    const first = fixObject(object, set);
    const second = fixObject(first.object, set);
    expect(second.object).toBe(first.object);
    expect(second.changes).toEqual([]);
    expect(second.unfixed.map(shown)).toEqual(first.unfixed.map(shown));
  }), RUNS);
});

test('an object that meets the controls is returned as the very object', () => {
  fc.assert(fc.property(ANY, (object) => {
    const met = CONTROLS.filter((control) => new ControlSet([control], KubernetesVersion.V1_37).violations(object).length === 0);
    expect(fixObject(object, new ControlSet(met, KubernetesVersion.V1_37))).toEqual({ object, changes: [], unfixed: [] });
    expect(fixObject(object, new ControlSet(met, KubernetesVersion.V1_37)).object).toBe(object);
  }), RUNS);
});

test('what is not reported as unfixed is met, and nothing that was met is broken', () => {
  fc.assert(fc.property(ANY, SETS, (object, set) => {
    const { object: fixed, unfixed } = fixObject(object, set);
    const left = set.violations(fixed);
    expect(unfixed.map(({ control, fault }) => `${control.id} ${showPath(fault.place)}`))
      .toEqual(left.flatMap(({ control, faults }) => faults.map(({ place }) => `${control.id} ${showPath(place)}`)));
    const before = new Set(set.violations(object).map(({ control }) => control.id));
    expect(left.filter(({ control }) => !before.has(control.id))).toEqual([]);
    expect(unfixed.every(({ reason }) => reason.endsWith('.'))).toBe(true);
  }), RUNS);
});

test('the reported changes are all that differs', () => {
  fc.assert(fc.property(ANY, SETS, (object, set) => {
    const { object: fixed, changes } = fixObject(object, set);
    expect(dense(replayed(object, changes))).toEqual(dense(fixed));
    expect(changes.every(({ before, after }) => JSON.stringify(before) !== JSON.stringify(after))).toBe(true);
  }), RUNS);
});

test('of a valid object everything is fixed but what has no right value, has to be decided or can not be had', () => {
  const expected = [
    `${SAMPLES.imageDigest.id}: No single value is right for every object: a person has to choose.`,
    `${SAMPLES.volumes.id}: Where else the data is kept has to be decided.`,
    ...['hostIPC', 'hostPID'].map((field) => `${SAMPLES.userNamespace.id}: With ${field} a pod can't have its own user namespace.`),
    ...[SAMPLES.userNamespace, SAMPLES.readOnlyRoot].map(({ id }) => `${id}: Pods for Windows can't have the field.`),
    `${SAMPLES.nonRoot.id}: It states the user ContainerAdministrator, which kubelets hold to be root: whether the program runs as another one has to be known.`,
    `${SAMPLES.privileged.id}: Only a privileged container may hand its mounts on to the host.`,
    `${SAMPLES.noEscalation.id}: A privileged container can always gain privileges.`,
    `${SAMPLES.seccomp.id}: The pod's seccomp annotations, which have had no effect since Kubernetes 1.27, would contradict the field: remove them.`,
    `${SAMPLES.hostNetwork.id}: Host processes need the host's network.`,
    `${SAMPLES.userNamespace.id}: With hostNetwork a pod can't have its own user namespace.`,
    `${SAMPLES.hostPorts.id}: It is not written in the object: the API server adds it by default.`,
    `${SAMPLES.hostPorts.id}: The change that follows does not suffice: something else in the object brings it back.`,
  ];
  fc.assert(fc.property(WORKLOAD, (object) => {
    const unfixed = fixObject(object, SET).unfixed.map(({ control, reason }) => `${control.id}: ${reason}`);
    expect(unfixed.filter((each) => !expected.includes(each))).toEqual([]);
  }), RUNS);
});

test('generated objects need every sample\'s fix now and then', () => {
  const objects = fc.sample(WORKLOAD, { numRuns: 400, seed: 1 });
  const fixed = new Set(objects.flatMap((object) => fixObject(object, SET).changes.map(({ control }) => control.id)));
  expect(CONTROLS.filter(({ id }) => !fixed.has(id)).map(({ id }) => id)).toEqual([SAMPLES.imageDigest.id, SAMPLES.volumes.id]);
});
