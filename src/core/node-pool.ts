import { TaintEffect } from 'cdk8s-plus-28';
import { checkChoice } from './choice';
import { invalid, InvalidInput } from './errors';
import { lock } from './immutable';
import { checkProps, KnownProps } from './known-props';
import { isLabelKey, isLabelValue } from './labels';
import { checkList } from './list';
import { checkMadeBy, markAs } from './made-by';

/** What keeps pods away from nodes that don't tolerate it. */
export interface NodeTaint {
  /** Its key, for instance `example.com/dedicated`. */
  readonly key: string;
  /**
   * Its value.
   * @default - none
   */
  readonly value?: string;
  /**
   * What it does to pods that don't tolerate it.
   * @default TaintEffect.NO_SCHEDULE
   */
  readonly effect?: TaintEffect;
}

/** Some nodes of a cluster. */
export interface NodePoolOptions {
  /**
   * Labels that all of these nodes have and no others, at least one. A kubelet that was taken over gives its node any label but those that begin
   * with `node-restriction.kubernetes.io/`: take one of those where pods must not get to a node of somebody else's choice.
   */
  readonly labels: Record<string, string>;
  /**
   * Taints of these nodes, which keep everybody else's pods away.
   * @default - none
   */
  readonly taints?: NodeTaint[];
}

const OPTIONS: KnownProps<NodePoolOptions> = { labels: true, taints: true };
const TAINT: KnownProps<NodeTaint> = { key: true, value: true, effect: true };
const AT = 'NodePool';

/** Taints of nodes that run the control plane. */
const CONTROL_PLANE_TAINTS: readonly string[] = ['node-role.kubernetes.io/control-plane', 'node-role.kubernetes.io/master'];

/** A toleration in the manifest's own terms. */
export interface WrittenToleration {
  readonly key?: string;
  readonly operator?: string;
  readonly value?: string;
  readonly effect?: string;
  readonly tolerationSeconds?: number;
}

/** Some nodes of a cluster, by their labels, with the taints that keep others away from them: both are stated once. */
export class NodePool {
  /**
   * The nodes that have all of these labels.
   * @throws if there is no label, a label or taint is malformed, or a taint is that of the control plane
   */
  public static of(options: NodePoolOptions): NodePool {
    const { labels, taints = [] } = checkProps(options, OPTIONS, { at: AT });
    return new NodePool(checkNodeLabels(labels, 'labels', AT), checkList(taints, 'taints', 'taints', AT).map(checkTaint));
  }

  private readonly labelMap: Record<string, string>;
  private readonly taints: NodeTaint[];

  private constructor(labels: Record<string, string>, taints: NodeTaint[]) {
    this.labelMap = labels;
    this.taints = taints;
    lock(this);
    markAs('NodePool', this);
  }

  /** Labels that all of these nodes have. */
  public get labels(): Record<string, string> {
    return { ...this.labelMap };
  }

  /**
   * What pods tolerate that run on these nodes.
   * @internal
   */
  public get _tolerations(): WrittenToleration[] {
    return this.taints.map(({ key, value, effect }) => (
      value === undefined ? { key, operator: 'Exists', effect } : { key, operator: 'Equal', value, effect }
    ));
  }
}

/** Refuses what is no pool, where one is given. */
export function checkNodePool(pool: NodePool | undefined, property: string, at: InvalidInput['at']): NodePool | undefined {
  return pool === undefined ? undefined : checkMadeBy('NodePool', pool, { at, property, fix: 'Make it by NodePool.of({ labels: { … } }).' });
}

/** Checks labels of nodes, at least one, and copies them. */
export function checkNodeLabels(labels: Record<string, string>, property: string, at: InvalidInput['at']): Record<string, string> {
  const entries = typeof labels === 'object' && labels !== null && !Array.isArray(labels) ? Object.entries(labels) : [];
  if (entries.length === 0) {
    throw invalid({ at, property, got: labels, allowed: 'at least one label of nodes', fix: 'Name a label that these nodes have and others don\'t.' });
  }
  for (const [key, value] of entries) {
    if (!isLabelKey(key) || !isLabelValue(value)) {
      throw invalid({
        at, property, got: { [key]: value }, allowed: 'labels as Kubernetes takes them: name or DNS prefix/name, and values, of at most 63 letters, digits, -, _ and dots',
        fix: 'Copy the labels from the nodes: kubectl get nodes --show-labels.',
      });
    }
  }
  return { ...labels };
}

/** Refuses to tolerate the taints that keep pods away from etcd and the keys of the cluster, and all taints at once. */
export function checkTolerates(key: string | undefined, property: string, at: InvalidInput['at']): void {
  if (key === undefined || key === '' || CONTROL_PLANE_TAINTS.includes(key)) {
    throw invalid({
      at, property, got: key, allowed: 'the key of a taint that isn\'t the control plane\'s',
      fix: 'Leave it out: the way out of a container on such a node leads to etcd. An agent that has to run on every node adds it to its resource '
        + '(resource.scheduling.tolerate), and its finding of control-plane-toleration needs a waiver with reason, owner and expiry.',
      source: 'control-plane-toleration',
    });
  }
}

function checkTaint(taint: NodeTaint, i: number): NodeTaint {
  const property = `taints[${i}]`;
  const { key, value, effect = TaintEffect.NO_SCHEDULE } = checkProps(taint, TAINT, { at: AT, property });
  checkTolerates(key, `${property}.key`, AT);
  if (!isLabelKey(key)) {
    throw invalid({ at: AT, property: `${property}.key`, got: key, allowed: 'the key of a taint: a name, or a DNS prefix and a name', fix: 'Copy it from the node: kubectl describe node.' });
  }
  if (value !== undefined && !isLabelValue(value)) {
    throw invalid({ at: AT, property: `${property}.value`, got: value, allowed: 'at most 63 letters, digits, -, _ and dots', fix: 'Copy it from the node: kubectl describe node.' });
  }
  checkChoice(effect, TaintEffect, 'TaintEffect', `${property}.effect`, AT);
  return { key, effect, ...(value !== undefined && { value }) };
}
