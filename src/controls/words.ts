import { Path, showPath } from './path';
import { RequirementNode, Scalar } from './requirement-node';
import { show } from '../core/errors';

/**
 * What would comply, as a noun phrase for reports.
 * @param at the path that the phrase is about; fields elsewhere are named in it
 */
export function expectedOf(node: RequirementNode, at: Path): string {
  switch (node.op) {
    case 'present':
      return about(node.path, at, 'a value');
    case 'absent':
      return about(node.path, at, 'absent');
    case 'oneOf':
      return about(node.path, at, `${node.orAbsent ? 'absent or ' : ''}${list(node.values)}`);
    case 'noneOf':
      return about(node.path, at, `not ${list(node.values)}`);
    case 'contains':
      return about(node.path, at, `a list with ${show(node.value)}`);
    case 'subsetOf':
      return about(node.path, at, `nothing but ${node.values.map(show).join(', ')}`);
    case 'matches':
      return about(node.path, at, `${node.orAbsent ? 'absent or ' : ''}text that matches ${node.pattern}`);
    case 'each':
      return about(node.path, at, `in each: ${expectedOf(node.of, [])}`);
    case 'eachKey':
      return about(node.path, at, `for each key ${node.prefix}*: ${expectedOf(node.of, [])}`);
    case 'eachContainer':
      return `in each container: ${expectedOf(node.of, [])}`;
    case 'eachSecurityContext':
      return `in each security context: ${expectedOf(node.of, [])}`;
    case 'inherited':
      return `for each container, its own or the pod's: ${expectedOf(node.of, [])}`;
    case 'allOf':
      return node.of.map((part) => expectedOf(part, at)).join('; ');
    case 'anyOf':
      return anyOf(node.of, at);
    case 'negation':
      return `not ${expectedOf(node.of, at)}`;
    case 'described':
      return node.as;
    case 'exemptWhen':
    case 'repaired':
      return expectedOf(node.of, at);
    case 'changedOnlyBy':
      return about(node.path, at, `changed only by ${[...node.groups, ...node.users].join(', ')}`);
    case 'byVersion':
      return expectedOf(node.since, at);
  }
}

/** Alternatives that only ask for one field each read as a list of fields. */
function anyOf(parts: readonly RequirementNode[], at: Path): string {
  const fields = parts.map((part) => (part.op === 'present' ? showPath(part.path.slice(at.length)) : undefined));
  return fields.every((field) => field) ? `one of ${fields.join(', ')}` : parts.map((part) => expectedOf(part, at)).join(' or ');
}

function about(path: Path, at: Path, phrase: string): string {
  const rest = path.slice(at.length);
  return rest.length === 0 ? phrase : `${showPath(rest)}: ${phrase}`;
}

function list(values: readonly Scalar[]): string {
  const shown = values.map(show);
  return shown.length === 1 ? shown[0] : `one of ${shown.join(', ')}`;
}
