import { blockName, blocksAround, within } from './address-blocks';
import { compareFacts, Directed, Fact, grant, Grant, guard } from './facts';
import { compareSelectors, selectsWithin } from './label-selectors';
import { ObjectPair, OutputObject } from './output-objects';
import { selects } from '../../controls/catalog/workload-model';
import { isObject, Json } from '../../controls/path';
import { canonical } from '../../controls/results/canonical';
import { Severity } from '../../core/severity';

const { HIGH, MEDIUM } = Severity;

type Direction = 'ingress' | 'egress';

interface Policy {
  readonly object: OutputObject;
  readonly selector: unknown;
  readonly directions: readonly Direction[];
}

/** What a policy's change means: for the pods that it selects, and where it is there on one side only, for the object itself. */
export interface PolicyChange {
  readonly directed: readonly Directed[];
  /** Set where its being there is what protects. */
  readonly verdict: 'weaker' | 'stronger' | 'neutral';
}

/** Knows the policies of one side by namespace and by what they select. */
export class PolicyIndex {
  private readonly byCondition = new Map<string, Policy[]>();

  constructor(objects: Iterable<OutputObject>) {
    for (const object of objects) {
      if (isNetworkPolicy(object)) {
        const policy = policyOf(object);
        const key = `${object.namespace}\n${firstCondition(policy.selector)}`;
        const list = this.byCondition.get(key);
        if (list) {
          list.push(policy);
        } else {
          this.byCondition.set(key, [policy]);
        }
      }
    }
  }

  /** Policies that isolate every pod that another one selects. */
  public over({ object, selector }: Policy, direction: Direction): Policy[] {
    return ['', 'expression', ...conditionsOf(selector)]
      .flatMap((condition) => this.byCondition.get(`${object.namespace}\n${condition}`) ?? [])
      .filter((other) => other.object.key !== object.key && other.directions.includes(direction) && selectsWithin(selector, other.selector));
  }
}

export function isNetworkPolicy({ group, kind }: OutputObject): boolean {
  return kind === 'NetworkPolicy' && group === 'networking.k8s.io';
}

/** How a policy changed that is on one side only. Where others isolate the same pods, it only adds to what is allowed. */
export function lonePolicyChange(object: OutputObject, other: PolicyIndex, isNew: boolean): PolicyChange {
  const policy = policyOf(object);
  const directed: Directed[] = [];
  let protects = false;
  for (const direction of policy.directions) {
    const over = other.over(policy, direction);
    if (over.length === 0) {
      protects = true;
    } else {
      const known = over.flatMap((each) => allowed(each.object.json, direction));
      const own = [...known, ...allowed(object.json, direction)];
      directed.push(...isNew ? compareFacts(known, own) : compareFacts(own, known));
    }
  }
  return { directed, verdict: protects ? (isNew ? 'stronger' : 'weaker') : 'neutral' };
}

/** How a policy changed that is on both sides. */
export function policyChange({ before, after }: ObjectPair, workloads: readonly WorkloadLabels[]): Directed[] {
  const [old, next] = [policyOf(before!), policyOf(after!)];
  const both = old.directions.filter((each) => next.directions.includes(each));
  const facts = ({ object, directions }: Policy): Fact[] => [
    ...directions.map((each) => guard(each, `isolation for ${each}`, HIGH, 'spec.policyTypes')),
    ...both.flatMap((each) => allowed(object.json, each)),
  ];
  return [...compareFacts(facts(old), facts(next)), ...selection(old, next, workloads)];
}

/** The labels that a workload gives its pods, on both sides. */
export interface WorkloadLabels {
  readonly subject: string;
  readonly before: unknown;
  readonly after: unknown;
}

function selection(old: Policy, next: Policy, workloads: readonly WorkloadLabels[]): Directed[] {
  const told = workloads.flatMap(({ subject, before, after }): Directed[] => {
    const [was, is] = [selects(old.selector, before), selects(next.selector, after)];
    return was === is ? [] : [{
      verdict: is ? 'stronger' : 'weaker', severity: HIGH, message: is ? `selects ${subject} now` : `no longer selects ${subject}`, path: 'spec.podSelector',
    }];
  });
  const comparison = compareSelectors(old.selector, next.selector);
  return told.length > 0 || comparison === 'same' || comparison === 'different' ? told : [{
    verdict: comparison === 'wider' ? 'stronger' : 'weaker', severity: HIGH, message: `selects ${comparison === 'wider' ? 'more' : 'fewer'} pods`, path: 'spec.podSelector',
  }];
}

function policyOf(object: OutputObject): Policy {
  const spec = isObject(object.json.spec) ? object.json.spec : {};
  const types = Array.isArray(spec.policyTypes) ? spec.policyTypes.map((each) => String(each).toLowerCase()) : [];
  const stated = types.length > 0 ? types : undefined;
  const directions: Direction[] = ['ingress', ...(Array.isArray(spec.egress) && spec.egress.length > 0 ? ['egress'] as const : [])];
  const named = (['ingress', 'egress'] as const).filter((each) => stated?.includes(each));
  return { object, selector: spec.podSelector ?? {}, directions: stated ? named : directions };
}

interface Allowance extends Grant {
  readonly peer: unknown;
  readonly port: unknown;
}

/** What the rules of one direction allow: each peer on each port. */
function allowed({ spec }: Json, direction: Direction): Allowance[] {
  const rules = isObject(spec) && Array.isArray(spec[direction]) ? spec[direction] : [];
  return rules.filter(isObject).flatMap((rule) => {
    const peers = listOr(rule[direction === 'ingress' ? 'from' : 'to']);
    return peers.flatMap((peer) => listOr(rule.ports).map((port) => allowance(direction, peer, port)));
  });
}

function allowance(direction: Direction, peer: unknown, port: unknown): Allowance {
  const isWide = peer === undefined || (isObject(peer) && isObject(peer.ipBlock) && /\/0$/.test(String(peer.ipBlock.cidr)));
  const text = `${direction === 'ingress' ? 'traffic from' : 'traffic to'} ${peerText(peer)} on ${portText(port)}`;
  const made: Allowance = {
    ...grant(`${direction}\n${canonical(peer) ?? ''}\n${portText(port)}`, text, isWide ? HIGH : MEDIUM, { path: `spec.${direction}` }),
    peer, port,
    shelf: `${direction} ${portShelf(port)} ${peerShelf(peer)}`,
    shelves: () => [ANY_PORTS, portShelf(port)].flatMap((ports) => peerShelves(peer).map((each) => `${direction} ${ports} ${each}`)),
    covers: (other) => other.key.startsWith(`${direction}\n`) && coversPeer(peer, (other as Allowance).peer) && coversPort(port, (other as Allowance).port),
  };
  return made;
}

/** All ports, and several at once. */
const ANY_PORTS = 'ports';
const ANYWHERE = 'anywhere';

function portShelf(port: unknown): string {
  return isObject(port) && port.port !== undefined && port.endPort === undefined ? portText(port) : ANY_PORTS;
}

function peerShelf(peer: unknown): string {
  if (!isObject(peer)) {
    return ANYWHERE;
  }
  return isObject(peer.ipBlock) ? blockName(String(peer.ipBlock.cidr)) : `pods ${firstCondition(peer.podSelector)} ${firstCondition(peer.namespaceSelector)}`;
}

/** Where all stand that may cover a peer: what has a label as its first condition covers only what asks for that label. */
function peerShelves(peer: unknown): string[] {
  if (!isObject(peer)) {
    return [ANYWHERE];
  }
  const conditions = (selector: unknown) => ['', 'expression', ...exactConditions(selector)];
  return [ANYWHERE, ...isObject(peer.ipBlock)
    ? blocksAround(String(peer.ipBlock.cidr))
    : conditions(peer.podSelector).flatMap((pods) => conditions(peer.namespaceSelector).map((namespaces) => `pods ${pods} ${namespaces}`))];
}

/** Labels with the one value that a selector asks for, in whichever form. */
function exactConditions(selector: unknown): string[] {
  const expressions = isObject(selector) && Array.isArray(selector.matchExpressions) ? selector.matchExpressions.filter(isObject) : [];
  const exact = expressions.flatMap(({ key, operator, values }) => (operator === 'In' && Array.isArray(values) && new Set(values).size === 1 ? [`${String(key)}=${String(values[0])}`] : []));
  return [...conditionsOf(selector), ...exact];
}

/** Nothing, or an empty list, is everything. */
function listOr(list: unknown): readonly unknown[] {
  return Array.isArray(list) && list.length > 0 ? list : [undefined];
}

function peerText(peer: unknown): string {
  if (!isObject(peer)) {
    return 'anywhere';
  }
  const { ipBlock, namespaceSelector, podSelector } = peer;
  if (isObject(ipBlock)) {
    const except = Array.isArray(ipBlock.except) && ipBlock.except.length > 0 ? ` except ${ipBlock.except.join(', ')}` : '';
    return `${String(ipBlock.cidr)}${except}`;
  }
  const pods = podSelector === undefined ? 'all pods' : `pods ${selectorText(podSelector)}`;
  return namespaceSelector === undefined ? `${pods} of the namespace` : `${pods} of namespaces ${selectorText(namespaceSelector)}`;
}

function selectorText(selector: unknown): string {
  const text = canonical(selector) ?? '{}';
  return text === '{}' ? '(any)' : text.replace(/^\{"matchLabels":(\{[^{}]*\})\}$/, '$1').replace(/"/g, '');
}

function portText(port: unknown): string {
  if (!isObject(port)) {
    return 'any port';
  }
  const end = port.endPort === undefined ? '' : `-${String(port.endPort)}`;
  return port.port === undefined ? `any ${String(port.protocol ?? 'TCP')} port` : `${String(port.protocol ?? 'TCP')} ${String(port.port)}${end}`;
}

function coversPort(wide: unknown, narrow: unknown): boolean {
  if (!isObject(wide) || !isObject(narrow)) {
    return !isObject(wide);
  }
  if ((wide.protocol ?? 'TCP') !== (narrow.protocol ?? 'TCP')) {
    return false;
  }
  const [from, start] = [Number(wide.port), Number(narrow.port)];
  return wide.port === undefined || (wide.port === narrow.port && (wide.endPort === narrow.endPort || narrow.endPort === undefined))
    || (from <= start && Number(wide.endPort ?? wide.port) >= Number(narrow.endPort ?? narrow.port));
}

function coversPeer(wide: unknown, narrow: unknown): boolean {
  if (!isObject(wide) || !isObject(narrow)) {
    return !isObject(wide);
  }
  if (isObject(wide.ipBlock) || isObject(narrow.ipBlock)) {
    return isObject(wide.ipBlock) && isObject(narrow.ipBlock) && coversBlock(wide.ipBlock, narrow.ipBlock);
  }
  const isLocal = wide.namespaceSelector === undefined;
  return isLocal === (narrow.namespaceSelector === undefined)
    && selectsWithin(narrow.namespaceSelector, wide.namespaceSelector) && selectsWithin(narrow.podSelector, wide.podSelector);
}

function coversBlock(wide: Json, narrow: Json): boolean {
  const holes = (block: Json) => (Array.isArray(block.except) ? block.except.map(String) : []);
  return within(String(narrow.cidr), String(wide.cidr)) && holes(wide).every((hole) => holes(narrow).some((other) => within(hole, other)));
}

function conditionsOf(selector: unknown): string[] {
  const labels = isObject(selector) && isObject(selector.matchLabels) ? selector.matchLabels : {};
  return Object.entries(labels).map(([key, value]) => `${key}=${String(value)}`);
}

function firstCondition(selector: unknown): string {
  const [first] = conditionsOf(selector);
  const hasExpressions = isObject(selector) && Array.isArray(selector.matchExpressions) && selector.matchExpressions.length > 0;
  return first ?? (hasExpressions ? 'expression' : '');
}
