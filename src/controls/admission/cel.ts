import { shareOf, sharesFor } from './cel-cost';
import { below, CelItem, looped, oneOfFields, variableAt } from './cel-item';
import { isLeftOut, isNull, isOfType, isOneOf, leaf, passesLeftOut } from './cel-leaf';
import { and, Cel, celString, choice, FALSE, isField, not, or, relation, tight, TRUE } from './cel-text';
import { invalid } from '../../core/errors';
import { CONTAINER_LISTS, LeafNode, RequirementNode } from '../requirement-node';

export { BLANK, isEmpty, isOneOf, NOTHING } from './cel-leaf';

/** What a requirement is judged on in the API server. */
export interface CelSubject {
  readonly root: CelItem;
  /** Left out for objects without containers. */
  readonly pod?: PodSubject;
  /** Where a finding about a node and an item is tolerated. */
  readonly tolerated: (node: RequirementNode, item: CelItem) => Cel;
  /** Whether the API holds nothing but text there. Left out: numbers may be there too. */
  readonly isText?: (item: CelItem) => boolean;
  /** For errors. */
  readonly at: string;
}

/** A list of the names of what fails. */
export interface FailingNames {
  readonly names: string;
  /** Otherwise it is empty. */
  readonly when?: string;
}

interface PodSubject {
  readonly spec: CelItem;
  /** A list with the containers of some lists of the pod. */
  readonly containers: (lists: readonly string[]) => string;
  /** Takes the names of what fails, as lists that are each evaluated for themselves; gives a variable for all. Left out: nobody asks for names. */
  readonly failing?: (names: readonly FailingNames[]) => string;
}

/** Stands for the pod among the names of containers: no container can be named so. */
const THE_POD = celString('the pod');

/**
 * An expression that is true where a subject meets a requirement (as it stands at one version): what `meets` says, in CEL. Where it is about
 * containers and somebody asks for names, the names of those that fail end up in variables.
 */
export function celOf(node: RequirementNode, subject: CelSubject): Cel {
  return new Writer(subject).named(node);
}

const CONTAINER: CelItem = {
  chain: 'c', sure: 'c', optional: false, typed: false, decoded: false, depth: 0, container: { name: 'c.name', place: ['spec', 'containers[]'] },
};

/** The security context of the pod or of a container. */
const CONTEXT: CelItem = below({
  ...CONTAINER, container: { name: 'c.?name.orValue(\'\')', place: ['spec', 'containers[]'] }, outside: { place: ['spec'] },
}, ['securityContext']);

class Writer {
  constructor(private readonly subject: CelSubject) {
  }

  /** At the root, not negated: every container that fails is one for which the whole fails. */
  public named(node: RequirementNode): Cel {
    const { root, pod } = this.subject;
    if (!pod?.failing) {
      return this.met(node, root);
    }
    switch (node.op) {
      case 'allOf':
        return and(...node.of.map((part) => this.named(part)));
      case 'exemptWhen':
        return or(this.met(node.condition, root, false), this.named(node.of));
      case 'described':
      case 'repaired':
        return this.named(node.of);
      case 'eachContainer':
      case 'eachSecurityContext':
      case 'inherited':
        return relation(`${pod.failing(this.failing(node, pod))} == []`);
      default:
        return this.met(node, root);
    }
  }

  /** Lists of the names of what fails, in shares where one list would cost more than the API server lets it. */
  private failing(node: Extract<RequirementNode, { op: 'eachContainer' | 'eachSecurityContext' | 'inherited' }>, pod: PodSubject): FailingNames[] {
    const names = (list: string, requirement: Cel, name: string) => `${list}.filter(c, ${not(requirement).text}).map(c, ${name})`;
    switch (node.op) {
      case 'eachContainer': {
        const list = pod.containers(node.lists);
        const requirement = this.met(node.of, CONTAINER);
        const shares = sharesFor(node.of);
        return Array.from({ length: shares }, (_, i) => (shares === 1 ? { list } : shareOf(list, i, shares)))
          .map((share) => ({ names: names(share.list, requirement, 'c.name'), ...('when' in share && { when: share.when }) }));
      }
      case 'eachSecurityContext':
        return [{ names: names(contextOwners(pod), this.met(node.of, CONTEXT), `c.?name.orValue(${THE_POD})`) }];
      case 'inherited': {
        const ofPod = choice(this.inheritedByPod(node, pod), tight('[]'), tight(`[${THE_POD}]`)).text;
        return [{ names: `(${ofPod}) + ${names(pod.containers(CONTAINER_LISTS), this.inheritedBy(node, pod), 'c.name')}` }];
      }
    }
  }

  private met(node: RequirementNode, item: CelItem, tolerant = true): Cel {
    const { subject } = this;
    switch (node.op) {
      case 'each':
        return this.each(node, below(item, node.path), tolerant);
      case 'eachKey': {
        const map = below(item, node.path);
        const key = variableAt(item.depth, 'k');
        const each = this.met(node.of, looped(map, `${map.sure}[${key}]`, { key }), tolerant);
        const other = node.prefix === '' ? FALSE : tight(`!${key}.startsWith(${celString(node.prefix)})`);
        return or(isNull(map), and(map.decoded ? TRUE : isOfType(map, 'map'), tight(`${map.sure}.all(${key}, ${or(other, each).text})`)));
      }
      case 'eachContainer': {
        const pod = this.pod(node);
        return tight(`${pod.containers(node.lists)}.all(c, ${this.met(node.of, CONTAINER, tolerant).text})`);
      }
      case 'eachSecurityContext':
        return tight(`${contextOwners(this.pod(node))}.all(c, ${this.met(node.of, CONTEXT, tolerant).text})`);
      case 'inherited': {
        const pod = this.pod(node);
        return and(
          this.inheritedByPod(node, pod, tolerant),
          tight(`${pod.containers(CONTAINER_LISTS)}.all(c, ${this.inheritedBy(node, pod, tolerant).text})`),
        );
      }
      case 'allOf':
        return and(...sameOfSeveralLists(node.of, item).map((parts) => (
          parts.length === 1 ? this.met(parts[0], item, tolerant) : this.eachOfSeveral(parts as EachNode[], item, tolerant)
        )));
      case 'exemptWhen':
        return or(this.met(node.condition, item, false), this.met(node.of, item, tolerant));
      case 'described':
      case 'repaired':
        return this.met(node.of, item, tolerant);
      case 'anyOf':
        return or(...node.of.map((part) => this.met(part, item, false)), tolerant ? subject.tolerated(node, item) : FALSE);
      case 'negation':
        return or(not(this.met(node.of, item, false)), tolerant ? subject.tolerated(node, item) : FALSE);
      case 'changedOnlyBy':
        return this.changedOnlyBy(node, item);
      case 'byVersion':
        throw new Error('A requirement is written for one version: call atVersion first.');
      default:
        return or(this.leaf(node, below(item, node.path)), tolerant ? subject.tolerated(node, item) : FALSE);
    }
  }

  private each(node: EachNode, list: CelItem, tolerant: boolean): Cel {
    const element = variableAt(list.depth, 'e');
    const each = this.met(node.of, looped(list, element, { element, list: list.sure }), tolerant);
    return or(isNull(list), and(list.decoded ? TRUE : isOfType(list, 'list'), tight(`${list.sure}.all(${element}, ${each.text})`)));
  }

  /** What is asked of the elements of several lists is written once: patterns may be long. */
  private eachOfSeveral(parts: readonly EachNode[], item: CelItem, tolerant: boolean): Cel {
    const field = variableAt(item.depth, 'l');
    const paths = parts.map(({ path }) => path);
    const lists = paths.map((path) => below(item, path).chain);
    return tight(`[${lists.join(', ')}].all(${field}, ${this.each(parts[0], oneOfFields(item, paths, field), tolerant).text})`);
  }

  /** The pod's own value, where it has one, has to comply in any case. */
  private inheritedByPod(node: Extract<RequirementNode, { op: 'inherited' }>, pod: PodSubject, tolerant = true): Cel {
    const value = below(pod.spec, node.of.path);
    const tolerated = tolerant ? this.subject.tolerated(node.of, pod.spec) : FALSE;
    return node.of.op === 'present' ? TRUE : or(...(passesLeftOut(node.of) ? [] : [isLeftOut(node.of, value)]), this.leaf(node.of, value), tolerated);
  }

  private inheritedBy(node: Extract<RequirementNode, { op: 'inherited' }>, pod: PodSubject, tolerant = true): Cel {
    const own = below(CONTAINER, node.of.path);
    const tolerated = tolerant ? this.subject.tolerated(node.of, CONTAINER) : FALSE;
    // A value of the pod is judged as the pod's, once.
    const fromPod = passesLeftOut(node.of) ? FALSE : and(isLeftOut(node.of, own), not(isLeftOut(node.of, below(pod.spec, node.of.path))));
    return or(this.leaf(node.of, own), fromPod, tolerated);
  }

  private changedOnlyBy(node: Extract<RequirementNode, { op: 'changedOnlyBy' }>, item: CelItem): Cel {
    if (!item.old) {
      throw invalid({
        at: this.subject.at, property: 'requirement', got: 'changedOnlyBy', allowed: 'changedOnlyBy on the object itself', fix: 'Take it out of each, eachKey and the like, and name the whole path.',
      });
    }
    const [now, before] = [below(item, node.path), below(item.old, node.path)];
    return or(
      relation('request.operation != \'UPDATE\''),
      ...(node.users.length === 0 ? [] : [isOneOf('request.userInfo.?username.orValue(\'\')', node.users)]),
      ...(node.groups.length === 0 ? [] : [tight(`request.userInfo.?groups.orValue([]).exists(g, ${isOneOf('g', node.groups).text})`)]),
      node.keyPrefix === undefined ? relation(`${now.chain} == ${before.chain}`) : sameKeys(now, before, node.keyPrefix),
    );
  }

  private leaf(node: LeafNode, field: CelItem): Cel {
    return leaf(node, field, this.subject.isText?.(field) ?? false);
  }

  private pod(node: RequirementNode): PodSubject {
    if (!this.subject.pod) {
      throw invalid({
        at: this.subject.at, property: 'requirement', got: node.op, allowed: `${node.op} in controls about pod templates`, fix: 'Use each with the path of the list.',
      });
    }
    return this.subject.pod;
  }
}

type EachNode = Extract<RequirementNode, { op: 'each' }>;

/** The parts of an allOf, those together that ask the same of the elements of lists. */
function sameOfSeveralLists(parts: readonly RequirementNode[], item: CelItem): RequirementNode[][] {
  const groups = new Map<string, RequirementNode[]>();
  parts.forEach((part, i) => {
    // The type checker wants elements of one type, and keys have another than fields.
    const joins = part.op === 'each' && !item.typed && isField(part.path[part.path.length - 1] ?? '');
    const key = joins ? JSON.stringify(part.of) : String(i);
    groups.set(key, [...(groups.get(key) ?? []), part]);
  });
  return [...groups.values()];
}

function contextOwners(pod: PodSubject): string {
  return `([${pod.spec.sure}] + ${pod.containers(CONTAINER_LISTS)})`;
}

/** Whether the keys of two maps that begin so are the same, with the same values. */
function sameKeys(now: CelItem, before: CelItem, prefix: string): Cel {
  const other = `!k.startsWith(${celString(prefix)})`;
  const keys = (map: CelItem) => `${map.chain}.orValue({})`;
  return and(
    tight(`${keys(now)}.all(k, ${other} || ${before.chain}[?k] == optional.of(${now.sure}[k]))`),
    tight(`${keys(before)}.all(k, ${other} || k in ${keys(now)})`),
  );
}
