import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';

/** A claim of a volume that is made for a workload. */
export interface MadeClaim {
  /** Of a StatefulSet, without the number of the pod. */
  readonly name: string;
  /** The property that it is for. */
  readonly property: string;
}

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
  private readonly byVolume = new Map<string, IConstruct>();
  private readonly byNumberedVolume = new Map<string, IConstruct>();
  /** Claims by each of their labels, and by the first label of their selector: those that could meet another, in time that doesn't grow. */
  private readonly byLabel = new Map<string, Claim[]>();
  private readonly bySelector = new Map<string, Claim[]>();

  /** @throws if a name, pods or a volume are taken, naming both constructs */
  public check({ owner, labels, selector }: Claim, name: string, namespaceName: string, volumes: readonly MadeClaim[]): void {
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
    volumes.forEach((volume) => this.checkVolume(volume, owner));
  }

  /** Takes what was checked. */
  public take(claim: Claim, name: string, volumes: readonly MadeClaim[]): void {
    const { owner, labels, selector } = claim;
    this.byName.set(name, owner);
    entriesOf(labels).forEach((entry) => add(this.byLabel, entry, claim));
    add(this.bySelector, entriesOf(selector)[0], claim);
    for (const volume of volumes) {
      this.byVolume.set(volume.name, owner);
      this.byNumberedVolume.set(unnumbered(volume), owner);
    }
  }

  private checkVolume(volume: MadeClaim, at: IConstruct): void {
    const { name, property } = volume;
    const other = this.byVolume.get(name) ?? this.byVolume.get(unnumbered(volume)) ?? this.byNumberedVolume.get(name);
    if (other) {
      throw invalid({
        at, property, got: name.replace(/-$/, '-0'), allowed: `a path that makes another name of the PersistentVolumeClaim: ${other.node.path} has this one`,
        fix: 'Mount the volume at another path, or choose another name for the workload: both would write to one volume.',
      });
    }
  }

  /** The first claim whose pods the selector selects, or that selects pods with the labels. */
  private meeting(labels: Record<string, string>, selector: Record<string, string>): Claim | undefined {
    const selected = (this.byLabel.get(entriesOf(selector)[0]) ?? []).find((claim) => covers(claim.labels, selector));
    return selected ?? entriesOf(labels).flatMap((entry) => this.bySelector.get(entry) ?? []).find((claim) => covers(labels, claim.selector));
  }
}

/** Without its number: a claim by that name may be one of a StatefulSet. */
function unnumbered({ name }: MadeClaim): string {
  return name.replace(/-\d+$/, '-');
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
