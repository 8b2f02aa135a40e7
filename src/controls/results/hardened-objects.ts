import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ObjectChange, UnfixedFault } from './checked-object';
import { resourceName } from './finding-maker';
import { HardeningStep, StepResult } from './hardening-step';
import { isList, listItems, withItems } from './list-items';
import { partsOf } from './parts';
import { ControlsResolver, ResolvedControls } from './resolved-controls';
import { show } from '../../core/errors';
import { today } from '../../core/today';
import { Control } from '../control';
import { Fault } from '../faults';
import { fixObject } from '../fix/fix';
import { showChange } from '../fix/show-change';
import { Json, Place, showPath } from '../path';
import { ScopeControls } from '../scope-controls';
import { Waivable, WaiverBook } from '../waivers/waiver-book';

const HARDENED = Symbol.for('cdk8s-hardened.hardened-object');

/** What hardening did to an object, and what it had to leave. */
export interface Hardening {
  readonly changes: readonly ObjectChange[];
  readonly unfixed: readonly UnfixedFault[];
}

interface State {
  controls: ResolvedControls;
  /** Whether a finding is accepted: such a one is left as it is. */
  isWaived: (found: Waivable, resource: string) => boolean;
  /** How the object writes itself. */
  readonly original: () => unknown;
  /** Another language writes it: it stays as it is. */
  readonly isForeign: boolean;
  result?: Hardening;
}

interface HardenedObject extends ApiObject {
  [HARDENED]?: State;
}

/**
 * Has every object below a construct that is to be hardened written with its fixes. Objects are asked for their JSON as ever, so that it is the
 * same however they are written; it is called again before each run, for objects that were made later.
 */
export function hardenObjects(scope: IConstruct, resolver: ControlsResolver): void {
  const { root } = scope.node;
  let book: WaiverBook | undefined;
  const isWaived = (found: Waivable, resource: string) => (book ??= new WaiverBook(root, today(root))).accepts(found, resource);
  for (const object of scope.node.findAll().filter((construct): construct is HardenedObject => ApiObject.isApiObject(construct))) {
    const controls = resolver.at(object);
    if (controls.fixes.controls.length === 0) {
      continue;
    }
    if (object[HARDENED]) {
      Object.assign(object[HARDENED], { controls, isWaived });
    } else {
      const original = object.toJson;
      // Where another language has taken over how it is written, it stays as it is, and its findings are reported.
      const isForeign = Object.getOwnPropertyDescriptor(object, 'toJson')?.configurable === false;
      const state: State = { controls, isWaived, isForeign, original: () => original.call(object) as unknown };
      Object.defineProperty(object, HARDENED, { value: state, enumerable: false });
      if (!isForeign) {
        wrap(object, state);
      }
    }
  }
}

/** Whether anything is to be hardened in a tree. */
export function hardensAnything(root: IConstruct): boolean {
  return root.node.findAll().some((construct) => (ScopeControls.find(construct)?.hardened.length ?? 0) > 0);
}

/** What hardening did below a construct when it was last written. */
export function hardeningOf(scope: IConstruct): Hardening {
  const results = scope.node.findAll().flatMap((construct): Hardening[] => {
    const state = (construct as HardenedObject)[HARDENED];
    const steps = ScopeControls.find(construct)?.steps ?? [];
    return [
      ...steps.map((step) => ({ changes: step.created(), unfixed: step.remains() })),
      ...state?.isForeign ? [foreign(construct, state)] : state?.result ? [state.result] : [],
    ];
  });
  return { changes: results.flatMap(({ changes }) => changes), unfixed: results.flatMap(({ unfixed }) => unfixed) };
}

/** What an object says where nothing is hardened. */
export function unhardenedJson(object: ApiObject): unknown {
  const state = (object as HardenedObject)[HARDENED];
  return state ? state.original() : object.toJson();
}

function wrap(object: HardenedObject, state: State): void {
  const toJson = function (this: ApiObject): unknown {
    const { json, hardening } = fixDocument(state.original(), object, state, []);
    state.result = hardening;
    return json;
  };
  Object.defineProperty(object, 'toJson', { value: toJson, enumerable: false, configurable: true, writable: true });
}

function fixDocument(json: unknown, construct: IConstruct, state: State, within: Place): { json: unknown; hardening: Hardening } {
  const own = isList(json) ? { json, hardening: { changes: [], unfixed: [] } } : fixOne(json, construct, state, within);
  const fixed = (listItems(own.json) ?? []).map((item, i) => fixDocument(item, construct, state, [...within, 'items', i]));
  const changed = fixed.map(({ hardening }) => hardening.changes.length > 0);
  return {
    json: changed.includes(true) ? withItems(own.json as Json, fixed.map((each) => each.json), changed) : own.json,
    hardening: {
      changes: [own, ...fixed].flatMap(({ hardening }) => hardening.changes), unfixed: [own, ...fixed].flatMap(({ hardening }) => hardening.unfixed),
    },
  };
}

function fixOne(json: unknown, construct: IConstruct, { controls, isWaived }: State, within: Place): { json: unknown; hardening: Hardening } {
  const resource = resourceName(json);
  const at = { resource, constructPath: construct.node.path };
  const object = {
    construct, within, location: controls.fixes.controlsFor(json).location, fixes: controls.fixes,
    isWaived: (id: string) => controls.fixes.violations(json).some(({ control, faults }) => (
      control.id === id && faults.some((fault) => isWaived({ construct, control, fault, within, json }, resource))
    )),
  };
  const steps = stepsAbove(construct);
  const prepared = inTurn(steps, json, (step, each) => step.prepare({ ...object, json: each }));
  const kept = new Map<string, UnfixedFault>();
  const isKept = (control: Control, fault: Fault) => {
    const reason = steps.map((step) => step.leaves({ ...object, json: prepared.json }, control, fault)).find((each) => each !== undefined);
    if (reason !== undefined) {
      const path = showPath([...within, ...fault.place]);
      kept.set(`${control.id} ${path}`, { ...at, control: control.id, path, reason });
    }
    return reason !== undefined;
  };
  const result = fixObject(prepared.json, controls.fixes, {
    skip: (control, fault) => isWaived({ construct, control, fault, within, json }, resource) || isKept(control, fault),
  });
  const completed = inTurn(steps, result.object, (step, each) => step.complete({ ...object, json: each }, prepared.json));
  const stepChanges = ({ changes }: StepResult) => changes.map(({ control, place, before, after, mayNeed }): ObjectChange => {
    const change = `${showPath([...within, ...place])}: ${before === undefined ? 'absent' : show(before)} → ${show(after)}`;
    return { ...at, control, change, ...(mayNeed !== undefined && { mayNeed }) };
  });
  const gapAt = (place: Place, control: string, reason: string) => ({ ...at, control, path: showPath([...within, ...place]), reason });
  const stepGaps = ({ left }: StepResult) => left.map(({ control, place, reason }) => gapAt(place, control, reason));
  return {
    json: completed.json,
    hardening: {
      changes: [
        ...stepChanges(prepared),
        ...result.changes.map((change) => {
          const { control, mayNeed } = change;
          return { ...at, control: control.id, change: showChange(change, prepared.json, within), ...(mayNeed !== undefined && { mayNeed }) };
        }),
        ...stepChanges(completed),
      ],
      unfixed: firstAtEach([
        ...stepGaps(prepared),
        ...kept.values(),
        ...result.unfixed.map(({ control, fault, reason }) => gapAt(fault.place, control.id, reason)),
        ...stepGaps(completed),
      ]),
    },
  };
}

/** What steps say of a place goes before what the control says of it. */
function firstAtEach(unfixed: readonly UnfixedFault[]): UnfixedFault[] {
  const isSame = (a: UnfixedFault, b: UnfixedFault) => a.control === b.control && a.path === b.path && a.reason !== b.reason;
  return unfixed.filter((each, i) => !unfixed.slice(0, i).some((before) => isSame(before, each)));
}

function stepsAbove(construct: IConstruct): HardeningStep[] {
  return construct.node.scopes.flatMap((scope) => ScopeControls.find(scope)?.steps ?? []);
}

function inTurn(steps: readonly HardeningStep[], json: unknown, run: (step: HardeningStep, json: unknown) => StepResult): StepResult {
  return steps.reduce<StepResult>((before, step) => {
    const { json: after, changes, left } = run(step, before.json);
    return { json: after, changes: [...before.changes, ...changes], left: [...before.left, ...left] };
  }, { json, changes: [], left: [] });
}

const FOREIGN = 'Another language has taken over how the object is written, so that nothing of it can be changed here: change it where it is made.';

/** What is wrong with an object that can't be changed. */
function foreign(construct: IConstruct, { controls, isWaived, original }: State): Hardening {
  const unfixed = partsOf({ json: original(), construct, within: [] }).flatMap(({ json, within }) => {
    const resource = resourceName(json);
    return controls.fixes.violations(json).flatMap(({ control, faults }) => faults
      .filter((fault) => !isWaived({ construct, control, fault, within, json }, resource))
      .map(({ place }) => (
        { resource, constructPath: construct.node.path, control: control.id, path: showPath([...within, ...place]), reason: FOREIGN }
      )));
  });
  return { changes: [], unfixed };
}
