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
  private readonly claims: Claim[] = [];

  /** Claims a name. @throws if it is taken, naming both constructs */
  public claim(owner: IConstruct, name: string, namespaceName: string, labels: Record<string, string>, selector: Record<string, string>): void {
    const namesake = this.byName.get(name);
    if (namesake) {
      throw invalid({
        at: owner, property: 'name', got: name, allowed: `a name that no other workload of namespace "${namespaceName}" has`,
        fix: `Choose another name: ${namesake.node.path} has this one.`,
      });
    }
    const other = this.claims.find((claim) => covers(claim.labels, selector) || covers(labels, claim.selector));
    if (other) {
      throw invalid({
        at: owner, property: 'selectorLabels', got: selector, allowed: `labels that select no pods of ${other.owner.node.path}`,
        fix: `Add a label that tells them apart; it selects by ${JSON.stringify(other.selector)}.`,
      });
    }
    this.byName.set(name, owner);
    this.claims.push({ owner, labels, selector });
  }
}

function covers(labels: Record<string, string>, selector: Record<string, string>): boolean {
  return Object.entries(selector).every(([key, value]) => labels[key] === value);
}
