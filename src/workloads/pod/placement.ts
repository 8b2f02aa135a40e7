import { NodeTaintQuery } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { PodParts } from './pod-parts';
import { isObject, Json } from '../../controls/path';
import { checkDnsDomain } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { isLabelKey } from '../../core/labels';
import { checkList } from '../../core/list';
import { checkNodeLabels, checkNodePool, checkTolerates, NodePool, WrittenToleration } from '../../core/node-pool';
import { PodSelection } from '../../core/pod-selection';
import { IConnectable } from '../../network/connections';
import { ISandboxRuntime } from '../../runtime/sandbox-runtime';

/** Pods of another workload, near to which or apart from which pods are placed. */
export interface PlacementPeer {
  /** The other workload, or `NetworkPeer.pods({ … })`. */
  readonly workload: IConnectable;
  /**
   * The label of nodes that says what is near: nodes with one value of it are one place.
   * @default kubernetes.io/hostname
   */
  readonly topologyKey?: string;
  /**
   * Whether pods that find no such place wait. Otherwise they are placed anyway.
   * @default true
   */
  readonly required?: boolean;
}

/** On which nodes pods are placed. */
export interface Placement {
  /**
   * The nodes on which they run. Their taints are tolerated.
   * @default - any node without taints
   */
  readonly nodePool?: NodePool;
  /**
   * Labels that a node must have, besides those of the pool.
   * @default - none
   */
  readonly nodeLabels?: Record<string, string>;
  /**
   * Labels of nodes that are taken first, each counting as much as the others. Not for a DaemonSet.
   * @default - none
   */
  readonly preferredNodeLabels?: Record<string, string>;
  /**
   * Taints that are tolerated, besides those of the pool. Those of the control plane, and all at once, are refused.
   * @default - none
   */
  readonly tolerations?: NodeTaintQuery[];
  /**
   * Whose pods have to be in the same place. Not for a DaemonSet.
   * @default - nobody's
   */
  readonly nearTo?: PlacementPeer[];
  /**
   * Whose pods must not be in the same place, for instance programs that run other people's code. It holds for both, whoever comes first. Not for a
   * DaemonSet.
   * @default - nobody's
   */
  readonly apartFrom?: PlacementPeer[];
  /**
   * Name of the PriorityClass, which says who has to go where a node is full. Those of the system are refused.
   * @default - the cluster's default
   */
  readonly priorityClassName?: string;
}

const PLACEMENT: KnownProps<Placement> = {
  nodePool: true, nodeLabels: true, preferredNodeLabels: true, tolerations: true, nearTo: true, apartFrom: true, priorityClassName: true,
};
const PEER: KnownProps<PlacementPeer> = { workload: true, topologyKey: true, required: true };
/** For DaemonSets, which have one pod on each node that fits, nothing is preferred or beside something. */
const CHOOSING = ['preferredNodeLabels', 'nearTo', 'apartFrom'] as const;
/** Of 1 to 100: between what people weigh more and less. */
const WEIGHT = 50;

interface Peer {
  readonly pods: PodSelection;
  readonly topologyKey: string;
  readonly required: boolean;
}

/** Checked. */
export interface PlacementPlan {
  readonly parts: readonly PodParts[];
  readonly nearTo: readonly Peer[];
  readonly apartFrom: readonly Peer[];
}

/** What else chooses nodes for a workload. */
export interface PlacedWith {
  /** There is one pod on each node that fits, as a DaemonSet has it. */
  readonly onEachNode: boolean;
  readonly runtime?: ISandboxRuntime;
  /** Labels of the nodes on which the namespace keeps its pods. */
  readonly nodesOfNamespace: Record<string, string>;
  /** Of other features of the workload. */
  readonly parts: readonly PodParts[];
}

/** Checks where pods are placed. */
export function placementPlan(placement: Placement | undefined, others: PlacedWith, at: IConstruct): PlacementPlan {
  const property = 'placement';
  const given = checkProps(placement ?? {}, PLACEMENT, { at, property });
  const useless = others.onEachNode ? CHOOSING.find((each) => given[each] !== undefined) : undefined;
  if (useless !== undefined) {
    throw invalid({
      at, property: `${property}.${useless}`, allowed: 'none for a DaemonSet, which has one pod on each node that fits', fix: 'Say which nodes fit by nodePool or nodeLabels.',
    });
  }
  const pool = checkNodePool(given.nodePool, `${property}.nodePool`, at);
  const nodeSelector = nodeSelectorOf(pool, given.nodeLabels, others, at);
  const tolerations = [...pool?._tolerations ?? [], ...tolerationsOf(given.tolerations ?? [], at)];
  return {
    nearTo: peersOf(given.nearTo ?? [], 'nearTo', at),
    apartFrom: peersOf(given.apartFrom ?? [], 'apartFrom', at),
    parts: [{
      podSpec: {
        ...(Object.keys(nodeSelector).length > 0 && { nodeSelector }),
        ...(tolerations.length > 0 && { tolerations }),
        ...(given.preferredNodeLabels !== undefined && { affinity: { nodeAffinity: preferred(given.preferredNodeLabels, at) } }),
        ...(given.priorityClassName !== undefined && { priorityClassName: checkPriority(given.priorityClassName, at) }),
      },
    }],
  };
}

/** In the manifest's own terms, for pods of a namespace. */
export function placementParts({ parts, nearTo, apartFrom }: PlacementPlan, namespace: string): PodParts[] {
  const affinity = {
    ...(nearTo.length > 0 && { podAffinity: termsOf(nearTo, namespace) }),
    ...(apartFrom.length > 0 && { podAntiAffinity: termsOf(apartFrom, namespace) }),
  };
  return [...parts, ...(Object.keys(affinity).length > 0 ? [{ podSpec: { affinity } }] : [])];
}

/** Written as a selector, which holds together with affinity that is added: alternatives of node affinity would undo each other. */
function nodeSelectorOf(
  pool: NodePool | undefined, nodeLabels: Record<string, string> | undefined, { runtime, nodesOfNamespace, parts }: PlacedWith, at: IConstruct,
): Record<string, string> {
  const own = { ...pool?.labels };
  const stated = nodeLabels === undefined ? {} : checkNodeLabels(nodeLabels, 'placement.nodeLabels', at);
  checkAgree(stated, 'placement.nodeLabels', own, 'placement.nodePool', at);
  const all = { ...own, ...stated };
  const where = nodeLabels === undefined ? 'placement.nodePool' : 'placement.nodeLabels';
  checkAgree(all, where, runtime?.nodeLabels ?? {}, 'the nodes of runtime', at);
  checkAgree(all, where, nodesOfNamespace, 'the namespace', at);
  parts.forEach(({ podSpec }) => {
    if (isObject(podSpec?.nodeSelector)) {
      checkAgree(all, where, podSpec.nodeSelector, 'another property of the workload', at);
    }
  });
  return all;
}

function checkAgree(labels: Record<string, string>, property: string, others: Json, whose: string, at: IConstruct): void {
  const key = Object.keys(labels).find((each) => Object.hasOwn(others, each) && others[each] !== labels[each]);
  if (key !== undefined) {
    throw invalid({
      at, property, got: { [key]: labels[key] }, allowed: `${JSON.stringify({ [key]: others[key] })}, as ${whose} asks for`,
      fix: 'Name nodes that exist: no node has both values.',
    });
  }
}

function tolerationsOf(given: NodeTaintQuery[], at: IConstruct): WrittenToleration[] {
  return checkList(given, 'placement.tolerations', 'NodeTaintQuery', at).map((query, i) => {
    const property = `placement.tolerations[${i}]`;
    if (typeof query?._toKube !== 'function') {
      throw invalid({
        at, property, got: query, allowed: 'a NodeTaintQuery of cdk8s-plus', fix: 'Write NodeTaintQuery.is(\'key\', \'value\') or NodeTaintQuery.exists(\'key\').',
      });
    }
    const toleration: WrittenToleration = query._toKube() as WrittenToleration;
    const { key } = toleration;
    checkTolerates(key, property, at);
    if (!isLabelKey(key!)) {
      throw invalid({ at, property, got: key, allowed: 'the key of a taint: a name, or a DNS prefix and a name', fix: 'Copy it from the node: kubectl describe node.' });
    }
    return Object.fromEntries(Object.entries(toleration).filter(([, value]) => value !== undefined));
  });
}

function preferred(labels: Record<string, string>, at: IConstruct): Json {
  const terms = Object.entries(checkNodeLabels(labels, 'placement.preferredNodeLabels', at));
  return {
    preferredDuringSchedulingIgnoredDuringExecution: terms.map(([key, value]) => (
      { weight: WEIGHT, preference: { matchExpressions: [{ key, operator: 'In', values: [value] }] } }
    )),
  };
}

function peersOf(given: PlacementPeer[], name: string, at: IConstruct): Peer[] {
  return checkList(given, `placement.${name}`, 'peers', at).map((peer, i) => {
    const property = `placement.${name}[${i}]`;
    const { workload, topologyKey = 'kubernetes.io/hostname', required = true } = checkProps(peer, PEER, { at, property });
    const pods = workload?.connections?._props?.pods;
    if (pods === undefined) {
      throw invalid({ at, property: `${property}.workload`, allowed: 'a SecureWorkload, or NetworkPeer.pods({ … })', fix: 'Name pods: addresses are in no place.' });
    }
    if (typeof topologyKey !== 'string' || !isLabelKey(topologyKey)) {
      throw invalid({ at, property: `${property}.topologyKey`, got: topologyKey, allowed: 'the key of a label of nodes', fix: 'Take topology.kubernetes.io/zone, for instance.' });
    }
    return { pods, topologyKey, required };
  });
}

function termsOf(peers: readonly Peer[], namespace: string): Json {
  const term = ({ pods, topologyKey }: Peer) => ({
    topologyKey,
    labelSelector: pods.podLabels === undefined ? {} : { matchLabels: pods.podLabels },
    ...(pods.namespaceName !== namespace && { namespaces: [pods.namespaceName] }),
  });
  const [must, may] = [peers.filter(({ required }) => required), peers.filter(({ required }) => !required)];
  return {
    ...(must.length > 0 && { requiredDuringSchedulingIgnoredDuringExecution: must.map(term) }),
    ...(may.length > 0 && { preferredDuringSchedulingIgnoredDuringExecution: may.map((peer) => ({ weight: WEIGHT, podAffinityTerm: term(peer) })) }),
  };
}

function checkPriority(name: string, at: IConstruct): string {
  if (typeof name === 'string' && name.startsWith('system-')) {
    throw invalid({
      at, property: 'placement.priorityClassName', got: name, allowed: 'a PriorityClass of your own',
      fix: 'Name another one: pods of the system\'s priority evict others, up to what keeps the node running.',
      source: 'system-priority',
    });
  }
  return checkDnsDomain(name, 'placement.priorityClassName', at);
}
