import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';

interface Claim {
  readonly owner: IConstruct;
  readonly labels: Record<string, string>;
  readonly selector: Record<string, string>;
}

/**
 * Whose pods are whose in a namespace. Two workloads of one name overwrite each other's objects; two whose selectors meet fight over each
 * other's pods and share what NetworkPolicies open for either.
 */
export class PodClaims {
  private readonly byName = new Map<string, IConstruct>();
  /** Claims by each of their labels, and by the first label of their selector: those that could meet another, in time that doesn't grow. */
  private readonly byLabel = new Map<string, Claim[]>();
  private readonly bySelector = new Map<string, Claim[]>();

  /** Claims a name. @throws if it is taken, naming both constructs */
  public claim(owner: IConstruct, name: string, namespaceName: string, labels: Record<string, string>, selector: Record<string, string>): void {
    const namesake = this.byName.get(name);
    if (namesake) {
      throw invalid({
        at: owner, property: 'name', got: name, allowed: `a name that no other workload of namespace "${namespaceName}" has`,
        fix: `Choose another name: ${namesake.node.path} has this one.`,
      });
    }
    const other = this.meeting(labels, selector);
    if (other) {
      throw invalid({
        at: owner, property: 'selectorLabels', got: selector, allowed: `labels that select no pods of ${other.owner.node.path}`,
        fix: `Add a label that tells them apart; it selects by ${JSON.stringify(other.selector)}.`,
      });
    }
    this.byName.set(name, owner);
    const claim = { owner, labels, selector };
    entriesOf(labels).forEach((entry) => add(this.byLabel, entry, claim));
    add(this.bySelector, entriesOf(selector)[0], claim);
  }

  /** The first claim whose pods the selector selects, or that selects pods with the labels. */
  private meeting(labels: Record<string, string>, selector: Record<string, string>): Claim | undefined {
    const selected = (this.byLabel.get(entriesOf(selector)[0]) ?? []).find((claim) => covers(claim.labels, selector));
    return selected ?? entriesOf(labels).flatMap((entry) => this.bySelector.get(entry) ?? []).find((claim) => covers(labels, claim.selector));
  }
}

function entriesOf(labels: Record<string, string>): string[] {
  return Object.entries(labels).map((entry) => JSON.stringify(entry));
}

function add(index: Map<string, Claim[]>, entry: string, claim: Claim): void {
  const present = index.get(entry);
  if (present) {
    present.push(claim);
  } else {
    index.set(entry, [claim]);
  }
}

function covers(labels: Record<string, string>, selector: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
