import { isEmpty, isObject, Json, MALFORMED, Path, Place, showPath, valueAt } from './path';
import { compiled } from './pattern';
import { LeafNode, Repair, RequirementNode } from './requirement-node';
import { Subject } from './subject';
import { expectedOf } from './words';

/** What a requirement is about: the root, a container, an element of a list. */
export interface Item {
  readonly value: unknown;
  /** Where a path from the item is in the object. */
  readonly placeOf: (path: Place) => Place;
  /** The container that it is or is in. */
  readonly container?: string;
}

/** One place where a requirement isn't met. */
export interface Fault {
  /** In the object. */
  readonly place: Place;
  /** What is there; undefined where nothing is. */
  readonly got: unknown;
  /** What would comply, as a noun phrase. */
  readonly expected: string;
  /** The container it is in. */
  readonly container?: string;
  /** True where the object isn't what every control needs: no spec, no containers, a text where an object has to be. */
  readonly malformed?: boolean;
  /** The part of the requirement that isn't met, and the item that its paths and the repair's start at: what `fix` begins with. */
  readonly node?: RequirementNode;
  readonly item?: Item;
  readonly repair?: Repair;
}

/** Whether a subject meets a requirement (as it stands at one version). Allocates next to nothing. */
export function meets(node: RequirementNode, subject: Subject): boolean {
  return subject.problem === undefined && holds(node, subject.root, subject);
}

/** Every place where a subject doesn't meet a requirement. */
export function faultsOf(node: RequirementNode, subject: Subject): Fault[] {
  if (subject.problem) {
    return [{ ...subject.problem, malformed: true }];
  }
  return faults(node, { value: subject.root, placeOf: subject.placeOf }, subject);
}

/** As `faultsOf`, for an item below the root. */
export function faultsAt(node: RequirementNode, item: Item, subject: Subject): Fault[] {
  return faults(node, item, subject);
}

function holds(node: RequirementNode, item: unknown, subject: Subject): boolean {
  switch (node.op) {
    case 'each': {
      const list = valueAt(item, node.path);
      if (list === undefined) {
        return true;
      }
      if (!Array.isArray(list)) {
        return false;
      }
      for (let i = 0; i < list.length; i++) {
        if (!holds(node.of, list[i], subject)) {
          return false;
        }
      }
      return true;
    }
    case 'eachKey': {
      const map = valueAt(item, node.path);
      if (map === undefined) {
        return true;
      }
      if (!isObject(map)) {
        return false;
      }
      for (const key in map) {
        if (key.startsWith(node.prefix) && !holds(node.of, map[key], subject)) {
          return false;
        }
      }
      return true;
    }
    case 'eachContainer':
      for (let i = 0; i < subject.containers.length; i++) {
        const container = subject.containers[i];
        if (node.lists.includes(container.list) && !holds(node.of, container.value, subject)) {
          return false;
        }
      }
      return true;
    case 'eachSecurityContext':
      for (let i = -1; i < subject.containers.length; i++) {
        const context = i < 0 ? podSecurityContext(subject) : valueAt(subject.containers[i].value, CONTEXT);
        if (!holds(node.of, context, subject)) {
          return false;
        }
      }
      return true;
    case 'inherited': {
      const pods = valueAt(specOf(subject), node.of.path);
      if (!isLeftOut(node.of, pods) && !leafHolds(node.of, pods)) {
        return false;
      }
      for (let i = 0; i < subject.containers.length; i++) {
        const own = valueAt(subject.containers[i].value, node.of.path);
        if (!leafHolds(node.of, isLeftOut(node.of, own) ? pods : own)) {
          return false;
        }
      }
      return true;
    }
    case 'allOf':
      for (let i = 0; i < node.of.length; i++) {
        if (!holds(node.of[i], item, subject)) {
          return false;
        }
      }
      return true;
    case 'anyOf':
      for (let i = 0; i < node.of.length; i++) {
        if (holds(node.of[i], item, subject)) {
          return true;
        }
      }
      return false;
    case 'negation':
      return !holds(node.of, item, subject) && isJudgeable(node.of, item, subject);
    case 'exemptWhen':
      return holds(node.condition, item, subject) || holds(node.of, item, subject);
    case 'described':
    case 'repaired':
      return holds(node.of, item, subject);
    case 'changedOnlyBy':
      return true;
    case 'byVersion':
      throw new Error('A requirement is judged at one version: call atVersion first.');
    default:
      return leafHolds(node, valueAt(item, node.path));
  }
}

const CONTEXT: Path = ['securityContext'];

export function specOf(subject: Subject): unknown {
  return (subject.root as Json).spec;
}

export function podSecurityContext(subject: Subject): unknown {
  return valueAt(specOf(subject), CONTEXT);
}

/** Whether one value meets a requirement on a field. What has a type that the field can't have never does, whatever is asked of it. */
export function leafHolds(node: LeafNode, value: unknown): boolean {
  if (!leafIsJudgeable(node, value)) {
    return false;
  }
  switch (node.op) {
    case 'present':
      return !isEmpty(value);
    case 'absent':
      return isEmpty(value);
    case 'oneOf':
      return (node.orAbsent && isEmpty(value)) || (node.values as readonly unknown[]).includes(value);
    case 'noneOf':
      return isEmpty(value) || !(node.values as readonly unknown[]).includes(value);
    case 'contains':
      return Array.isArray(value) && value.includes(node.value);
    case 'subsetOf':
      return !Array.isArray(value) || value.every((each) => (node.values as readonly unknown[]).includes(each));
    case 'matches':
      return (node.orAbsent && isEmpty(value)) || (isText(value) && compiled(node.pattern, node.ignoreCase).test(String(value)));
  }
}

/** Whether there is no value, as opposed to one of a type that the field can't have. */
export function isLeftOut(node: LeafNode, value: unknown): boolean {
  return isEmpty(value) && leafIsJudgeable(node, value);
}

/** Whether a value has a type that the field can have, as far as the requirement tells. */
function leafIsJudgeable(node: LeafNode, value: unknown): boolean {
  if (value === undefined || value === null) {
    return true;
  }
  switch (node.op) {
    case 'present':
    case 'absent':
      return value !== MALFORMED;
    case 'oneOf':
    case 'noneOf':
      for (let i = 0; i < node.values.length; i++) {
        if (typeof node.values[i] === typeof value) {
          return true;
        }
      }
      return false;
    case 'contains':
    case 'subsetOf':
      return Array.isArray(value);
    case 'matches':
      return isText(value);
  }
}

/** A quantity may be a number in JSON; the API server makes text of it. */
function isText(value: unknown): value is string | number {
  return typeof value === 'string' || typeof value === 'number';
}

/** Whether everything that a requirement looks at can be judged: what is malformed must not pass because it isn't what is ruled out. */
function isJudgeable(node: RequirementNode, item: unknown, subject: Subject): boolean {
  switch (node.op) {
    case 'each': {
      const list = valueAt(item, node.path);
      return list === undefined || (Array.isArray(list) && list.every((each) => isJudgeable(node.of, each, subject)));
    }
    case 'eachKey': {
      const map = valueAt(item, node.path);
      return map === undefined
        || (isObject(map) && Object.keys(map).every((key) => !key.startsWith(node.prefix) || isJudgeable(node.of, map[key], subject)));
    }
    case 'eachContainer':
      return subject.containers.every((each) => !node.lists.includes(each.list) || isJudgeable(node.of, each.value, subject));
    case 'eachSecurityContext':
      return isJudgeable(node.of, podSecurityContext(subject), subject)
        && subject.containers.every((each) => isJudgeable(node.of, valueAt(each.value, CONTEXT), subject));
    case 'inherited':
      return isJudgeable(node.of, specOf(subject), subject) && subject.containers.every((each) => isJudgeable(node.of, each.value, subject));
    case 'allOf':
    case 'anyOf':
      return node.of.every((part) => isJudgeable(part, item, subject));
    case 'exemptWhen':
      return isJudgeable(node.condition, item, subject) && isJudgeable(node.of, item, subject);
    case 'negation':
    case 'repaired':
    case 'described':
      return isJudgeable(node.of, item, subject);
    case 'changedOnlyBy':
    case 'byVersion':
      return true;
    default:
      return leafIsJudgeable(node, valueAt(item, node.path));
  }
}

function faults(node: RequirementNode, item: Item, subject: Subject, repair?: Repair): Fault[] {
  if (holds(node, item.value, subject)) {
    return [];
  }
  switch (node.op) {
    case 'each': {
      const list = valueAt(item.value, node.path);
      return Array.isArray(list)
        ? list.flatMap((value, i) => faults(node.of, below(item, value, [...node.path, i]), subject, repair))
        : [malformed(item, node.path, list, 'a list')];
    }
    case 'eachKey': {
      const map = valueAt(item.value, node.path);
      return isObject(map)
        ? Object.keys(map).filter((key) => key.startsWith(node.prefix))
          .flatMap((key) => faults(node.of, below(item, map[key], [...node.path, key]), subject, repair))
        : [malformed(item, node.path, map, 'an object')];
    }
    case 'eachContainer':
      return subject.containers.filter(({ list }) => node.lists.includes(list))
        .flatMap((each) => faults(node.of, containerItem(each), subject, repair));
    case 'eachSecurityContext': {
      const pods = { value: podSecurityContext(subject), placeOf: (path: Place) => subject.placeOf(['spec', ...CONTEXT, ...path]) };
      return [pods, ...subject.containers.map((each) => below(containerItem(each), valueAt(each.value, CONTEXT), CONTEXT))]
        .flatMap((context) => faults(node.of, context, subject, repair));
    }
    case 'inherited':
      return inheritedFaults(node, subject, repair);
    case 'allOf':
      return node.of.flatMap((part) => faults(part, item, subject, repair));
    case 'exemptWhen':
      return faults(node.of, item, subject, repair);
    case 'described':
      return faults(node.of, item, subject, repair).map((each) => (each.malformed ? each : { ...each, expected: node.as }));
    case 'repaired':
      return faults(node.of, item, subject, node.repair).map((each) => (
        // The repair's path starts at this item, wherever below it the fault lies.
        each.repair === node.repair ? { ...each, item } : each
      ));
    case 'anyOf':
    case 'negation':
      return [fault(node, item, commonPath(node), repair)];
    default:
      return [fault(node, item, 'path' in node ? node.path : [], repair)];
  }
}

function inheritedFaults(node: Extract<RequirementNode, { op: 'inherited' }>, subject: Subject, repair?: Repair): Fault[] {
  const spec: Item = { value: specOf(subject), placeOf: (path) => subject.placeOf(['spec', ...path]) };
  const pods = valueAt(spec.value, node.of.path);
  const podFails = !isLeftOut(node.of, pods) && !leafHolds(node.of, pods);
  const bad = subject.containers.filter((each) => {
    const own = valueAt(each.value, node.of.path);
    return isLeftOut(node.of, own) ? !podFails && !leafHolds(node.of, pods) : !leafHolds(node.of, own);
  });
  return [
    ...(podFails ? [{ ...fault(node.of, spec, node.of.path, repair), node }] : []),
    ...bad.map((each) => ({ ...fault(node.of, containerItem(each), node.of.path, repair), node })),
  ];
}

function containerItem(container: Subject['containers'][number]): Item {
  const name = valueAt(container.value, ['name']);
  return { value: container.value, placeOf: (path) => [...container.place, ...path], container: typeof name === 'string' ? name : showPath(container.place.slice(-2)) };
}

function below(item: Item, value: unknown, path: Place): Item {
  return { value, placeOf: (rest) => item.placeOf([...path, ...rest]), container: item.container };
}

function fault(node: RequirementNode, item: Item, path: Path, repair?: Repair): Fault {
  const got = valueAt(item.value, path);
  if (got === MALFORMED) {
    return malformed(item, path, got, 'an object');
  }
  return {
    place: item.placeOf(path), got, expected: expectedOf(node, path), container: item.container, node, item, ...(repair && { repair }),
  };
}

/** Names the first step on the way that isn't what it has to be. */
function malformed(item: Item, path: Path, got: unknown, expected: string): Fault {
  let depth = got === MALFORMED ? 0 : path.length;
  const isWhole = (steps: Path) => (steps.length === 0 ? isObject(item.value) || item.value === undefined : isObject(valueAt(item.value, steps)));
  while (depth < path.length && isWhole(path.slice(0, depth))) {
    depth++;
  }
  const place = path.slice(0, depth);
  return {
    place: item.placeOf(place), got: valueAt(item.value, place), expected: got === MALFORMED ? 'an object' : expected, container: item.container, malformed: true,
  };
}

/** The path that all fields of a requirement share: where a person has to look. */
export function commonPath(node: RequirementNode): Path {
  const paths = pathsOf(node);
  const [first, ...others] = paths;
  const length = others.reduce((shared, path) => {
    let i = 0;
    while (i < shared && path[i] === first[i]) {
      i++;
    }
    return i;
  }, first?.length ?? 0);
  return first?.slice(0, length) ?? [];
}

/** The paths that a requirement reads, from the item that it is about. */
export function pathsOf(node: RequirementNode): Path[] {
  switch (node.op) {
    case 'allOf':
    case 'anyOf':
      return node.of.flatMap(pathsOf);
    case 'described':
    case 'exemptWhen':
    case 'negation':
    case 'repaired':
      return pathsOf(node.of);
    default:
      return 'path' in node ? [node.path] : [[]];
  }
}
