import { CONTEXT, holds, isLeftOut, leafHolds, podSecurityContext, specOf } from './evaluate';
import { isObject, MALFORMED, Path, Place, showPath, valueAt } from './path';
import { commonPath, Repair, RequirementNode } from './requirement-node';
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
