import { IConstruct } from 'constructs';
import { dateState, DeclaredWaiver, durationProblem, Waiver } from './waiver';
import { Place, showPath } from '../path';
import { CONTAINER_LISTS } from '../requirement-node';
import { canonical } from '../results/canonical';
import { FoundFault, hasName, hidesValue, Judged, visibleValue } from '../results/finding-maker';
import { ScopeControls } from '../scope-controls';

/** A waiver and what became of it. */
export interface WaiverOutcome extends DeclaredWaiver {
  readonly state: 'used' | 'expiring' | 'unused' | 'expired';
  /** What the waiver would have to say to be of use. */
  readonly hint?: string;
  /** What else policies let through because of it, for people. */
  readonly alsoAdmits?: string;
}

/** One place where an object doesn't meet a control, as far as a waiver looks at it. */
export interface Waivable extends FoundFault {
  readonly construct: IConstruct;
  readonly within: Place;
}

/** What keeps a waiver from accepting a finding; the higher the rank, the nearer it comes. */
interface Difference {
  readonly rank: number;
  readonly text: string;
}

interface Entry extends DeclaredWaiver {
  readonly scope: IConstruct;
  used: boolean;
  readonly accepted: Judged[];
  nearest?: Difference;
}

/** All waivers of a tree, and which of them were of use. */
export class WaiverBook {
  private readonly entries = new Map<string, Entry[]>();

  /** @param today as `YYYY-MM-DD` */
  constructor(root: IConstruct, private readonly today: string) {
    for (const scope of root.node.findAll()) {
      for (const declared of ScopeControls.find(scope)?.waivers ?? []) {
        const key = keyOf(declared.waiver.control, declared.waiver.resource);
        this.entries.set(key, [...(this.entries.get(key) ?? []), { ...declared, scope, used: false, accepted: [] }]);
      }
    }
    // The narrower first, so that a wider one is of use only for what it leaves.
    this.entries.forEach((entries) => entries.sort((a, b) => Number(b.waiver.path !== undefined) - Number(a.waiver.path !== undefined)));
  }

  /** The waiver that accepts a finding. */
  public covering(found: Judged, resource: string): Waiver | undefined {
    let accepted: Entry | undefined;
    for (const entry of this.entries.get(keyOf(found.control.id, resource)) ?? []) {
      const difference = differenceOf(entry, found) ?? tooLong(entry, found, this.today)
        ?? (accepted && { rank: 4, text: `the waiver at ${accepted.declaredAt} accepts the same finding` });
      if (difference) {
        entry.nearest = entry.nearest && entry.nearest.rank >= difference.rank ? entry.nearest : difference;
        continue;
      }
      entry.used = true;
      if (dateState(entry.waiver, this.today) !== 'expired') {
        accepted = entry;
      }
    }
    accepted?.accepted.push(found);
    return accepted?.waiver;
  }

  /**
   * Whether a waiver that holds accepts a finding. Unlike `covering`, it leaves no trace, and takes one that runs too long for one that holds: the
   * synth fails for it, and says so.
   */
  public accepts(found: Waivable, resource: string): boolean {
    return (this.entries.get(keyOf(found.control.id, resource)) ?? [])
      .some((entry) => differenceOf(entry, found) === undefined && dateState(entry.waiver, this.today) !== 'expired');
  }

  /**
   * What became of each waiver.
   * @param whyNone tells why there is no finding of a waiver's control in its object at all
   * @param alsoAdmitted tells what else policies let through because of findings
   */
  public outcomes(whyNone: (waiver: Waiver) => string, alsoAdmitted: (accepted: readonly Judged[]) => string | undefined): WaiverOutcome[] {
    return [...this.entries.values()].flat().map(({ waiver, declaredAt, wherever, used, accepted, nearest }) => {
      const date = dateState(waiver, this.today);
      const state = date === 'expired' ? 'expired' : !used && !wherever ? 'unused' : date === 'expiring' ? 'expiring' : 'used';
      const alsoAdmits = alsoAdmitted(accepted);
      // A value that is no finding's may be one that reports conceal.
      const { value: _value, ...rest } = waiver;
      return {
        waiver: used ? waiver : rest, declaredAt, state,
        ...(state === 'unused' && { hint: nearest?.text ?? whyNone(waiver) }),
        ...(alsoAdmits !== undefined && { alsoAdmits }),
      };
    });
  }
}

function differenceOf({ waiver, scope }: Entry, found: Waivable): Difference | undefined {
  const { fault, construct, within } = found;
  if (!construct.node.scopes.includes(scope)) {
    return { rank: 0, text: `the object is not below ${scope.node.path || 'the app'}, where the waiver was declared` };
  }
  if (!hasName(found.json)) {
    return { rank: 1, text: 'the object has no name, and others may be called the same: state metadata.name' };
  }
  if (waiver.container !== fault.container) {
    return { rank: 1, text: fault.container === undefined ? 'the finding is in no container' : `the finding is in container "${fault.container}"` };
  }
  const path = showPath([...within, ...fault.place]);
  if (waiver.path !== undefined && waiver.path !== path) {
    return { rank: 2, text: `the finding is at ${path || 'the object itself'}` };
  }
  if (waiver.path === undefined && path !== '' && hidesValue(found) && !isContainer(fault.place)) {
    return { rank: 3, text: `the value there is not shown, so that the waiver has to name the one place: state path ${path}` };
  }
  const value = canonical(visibleValue(found));
  if (canonical(waiver.value) !== value) {
    return { rank: 3, text: value === undefined ? 'the finding shows no value: leave value out' : `the value there is ${value}: state it as value` };
  }
  return undefined;
}

/** The container's name tells as much as its place. */
function isContainer(place: Place): boolean {
  return typeof place[place.length - 1] === 'number' && CONTAINER_LISTS.some((list) => list === place[place.length - 2]);
}

function tooLong({ waiver }: Entry, { control }: Waivable, today: string): Difference | undefined {
  const problem = durationProblem(waiver, control.severity, today);
  return problem === undefined ? undefined : { rank: 5, text: problem };
}

function keyOf(control: string, resource: string): string {
  return `${control} ${resource}`;
}
