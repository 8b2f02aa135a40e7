import { Draft, Edit } from './edits';
import { mayNeedOf } from './may-need';
import { Plan, PlannedEdit, planOf } from './plan';
import { Control } from '../control';
import { ControlSet, Violation } from '../control-set';
import { Fault } from '../faults';
import { Place, showPath } from '../path';

export interface FixOptions {
  /**
   * Faults that stay as they are, for instance waived ones: neither fixed nor reported.
   * @default - none
   */
  readonly skip?: (control: Control, fault: Fault) => boolean;
}

/** One place of an object that was changed. */
export interface Change {
  readonly control: Control;
  /** In the object as it came. */
  readonly place: Place;
  /** Undefined: there was nothing. */
  readonly before: unknown;
  /** Undefined: it is gone, with what was there for it alone. */
  readonly after: unknown;
  /** The container it is in. */
  readonly container?: string;
  /** What the program may need of what was there, and what to check; undefined where nothing is known to suffer. */
  readonly mayNeed?: string;
}

/** A fault that is still there. */
export interface Unfixed {
  readonly control: Control;
  /** Places are those of the fixed object. */
  readonly fault: Fault;
  /** Why, in one sentence. */
  readonly reason: string;
}

export interface FixResult {
  /** The fixed object, or the very object that came where nothing was changed. What was not changed is shared with the object that came. */
  readonly object: unknown;
  readonly changes: readonly Change[];
  readonly unfixed: readonly Unfixed[];
}

/**
 * Changes what doesn't meet the controls, and nothing else: fields keep their order, new ones come last, what complies is left as it is, a second
 * run changes nothing. A change is only made if its control has fewer faults with it and no other control has more.
 */
export function fixObject(object: unknown, set: ControlSet, options: FixOptions = {}): FixResult {
  const changes: Change[] = [];
  let state = judged(Draft.of(object), set);
  for (;;) {
    // Ends: every step takes a fault away and adds none.
    const step = nextStep(state, set, options.skip ?? (() => false));
    if (!step.state) {
      return { object: state.draft.object, changes, unfixed: step.unfixed };
    }
    changes.push(...step.changes);
    state = step.state;
  }
}

interface State {
  readonly draft: Draft;
  readonly violations: readonly Violation[];
}

function judged(draft: Draft, set: ControlSet): State {
  return { draft, violations: set.violations(draft.object) };
}

/** A fault with its plan. */
interface Task {
  readonly control: Control;
  readonly fault: Fault;
  readonly plan: Plan;
}

interface Step {
  /** Left out: nothing more can be fixed. */
  readonly state?: State;
  readonly changes: readonly Change[];
  /** Every fault with its reason, where nothing more can be fixed. */
  readonly unfixed: readonly Unfixed[];
}

/** The first change that can be made. */
function nextStep(state: State, set: ControlSet, skip: (control: Control, fault: Fault) => boolean): Step {
  const unfixed: Unfixed[] = [];
  for (const tasks of tasksOf(state, skip)) {
    // Together first: faults of one control may have one cause.
    const together = tasks.length > 1 ? attempted(tasks, state, set) : undefined;
    if (together && 'state' in together) {
      return { ...together, unfixed: [] };
    }
    for (const task of tasks) {
      const alone = 'reason' in task.plan ? task.plan : attempted([task], state, set);
      if ('state' in alone) {
        return { ...alone, unfixed: [] };
      }
      unfixed.push({ control: task.control, fault: task.fault, reason: alone.reason });
    }
  }
  return { changes: [], unfixed };
}

function tasksOf(state: State, skip: (control: Control, fault: Fault) => boolean): Task[][] {
  return state.violations.map(({ control, subject, faults }) => {
    const skipped = faults.filter((fault) => skip(control, fault));
    return faults.filter((fault) => !skipped.includes(fault)).map((fault) => {
      // What containers inherit would reach the skipped ones too.
      const keepsPod = skipped.some(({ node }) => node === fault.node);
      return { control, fault, plan: planOf(fault, subject, keepsPod) };
    });
  });
}

/** Tries the changes of one control's faults, and takes them back where they do harm or no good. */
function attempted(tasks: readonly Task[], state: State, set: ControlSet): { state: State; changes: Change[] } | { reason: string } {
  const { control } = tasks[0];
  const draft = state.draft.with(editsOf(tasks).map(({ edit }) => edit));
  if (draft === state.draft) {
    return { reason: 'It is not written in the object: the API server adds it by default.' };
  }
  const next = judged(draft, set);
  const broken = next.violations.find((each) => each.control !== control && faultCount(next, each.control) > faultCount(state, each.control));
  if (broken) {
    return { reason: `The change that follows would break ${broken.control.id}.` };
  }
  if (faultCount(next, control) >= faultCount(state, control)) {
    return { reason: 'The change that follows does not suffice: something else in the object brings it back.' };
  }
  return { state: next, changes: changesOf(tasks, state.draft) };
}

function faultCount(state: State, control: Control): number {
  return state.violations.reduce((count, each) => count + (each.control === control ? each.faults.length : 0), 0);
}

function editsOf(tasks: readonly Task[]): PlannedEdit[] {
  return tasks.flatMap(({ plan }) => ('edits' in plan ? plan.edits : []));
}

function changesOf(tasks: readonly Task[], draft: Draft): Change[] {
  const changes = new Map<string, Change>();
  for (const { edit, container } of editsOf(tasks)) {
    const before = draft.at(edit.place) ?? undefined;
    const after = valueAfter(edit, before);
    // What is missing can't be removed; the same change may follow from several faults.
    if (JSON.stringify(after) !== JSON.stringify(before)) {
      const place = draft.originalPlace(edit.place);
      const mayNeed = mayNeedOf(edit.place, (each) => draft.at(each));
      changes.set(showPath(edit.place), {
        control: tasks[0].control, place, before, after, ...(container !== undefined && { container }), ...(mayNeed !== undefined && { mayNeed }),
      });
    }
  }
  return [...changes.values()];
}

function valueAfter(edit: Edit, before: unknown): unknown {
  switch (edit.op) {
    case 'set':
      return edit.value;
    case 'remove':
      return undefined;
    case 'append':
      return [...(Array.isArray(before) ? before : []), edit.value];
    case 'retain': {
      const kept = (Array.isArray(before) ? before : []).filter((each) => (edit.values as readonly unknown[]).includes(each));
      return kept.length === 0 ? undefined : kept;
    }
  }
}
