import { isEmpty, isObject, Json, MALFORMED, Path, valueAt } from './path';
import { compiled } from './pattern';
import { LeafNode, RequirementNode } from './requirement-node';
import { Subject } from './subject';

/** Whether a subject meets a requirement (as it stands at one version). Allocates next to nothing. */
export function meets(node: RequirementNode, subject: Subject): boolean {
  return subject.problem === undefined && holds(node, subject.root, subject);
}

/** Whether an item of a subject meets a requirement. */
export function holds(node: RequirementNode, item: unknown, subject: Subject): boolean {
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

export const CONTEXT: Path = ['securityContext'];

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
