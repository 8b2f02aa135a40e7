import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { ObjectChange, UnfixedFault } from './checked-object';
import { resourceName } from './finding-maker';
import { listItems, withItems } from './list-items';
import { ControlsResolver, ResolvedControls } from './resolved-controls';
import { today } from '../../core/today';
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
    } else if (Object.getOwnPropertyDescriptor(object, 'toJson')?.configurable !== false) {
      // Where another language has taken over how it is written, it stays as it is, and its findings are reported.
      wrap(object, { controls, isWaived });
    }
  }
}

/** Whether anything is to be hardened in a tree. */
export function hardensAnything(root: IConstruct): boolean {
  return root.node.findAll().some((construct) => (ScopeControls.find(construct)?.hardened.length ?? 0) > 0);
}

/** What hardening did in a tree when it was last written. */
export function hardeningOf(root: IConstruct): Hardening {
  const results = root.node.findAll().map((construct) => (construct as HardenedObject)[HARDENED]?.result).filter((result) => result !== undefined);
  return { changes: results.flatMap(({ changes }) => changes), unfixed: results.flatMap(({ unfixed }) => unfixed) };
}

function wrap(object: HardenedObject, state: State): void {
  Object.defineProperty(object, HARDENED, { value: state, enumerable: false });
  const original = object.toJson;
  const toJson = function (this: ApiObject): unknown {
    const { json, hardening } = fixDocument(original.call(this), object, state, []);
    state.result = hardening;
    return json;
  };
  Object.defineProperty(object, 'toJson', { value: toJson, enumerable: false, configurable: true, writable: true });
}

function fixDocument(json: unknown, construct: IConstruct, state: State, within: Place): { json: unknown; hardening: Hardening } {
  const items = listItems(json);
  if (items) {
    const fixed = items.map((item, i) => fixDocument(item, construct, state, [...within, 'items', i]));
    const changed = fixed.map(({ hardening }) => hardening.changes.length > 0);
    return {
      json: changed.includes(true) ? withItems(json as Json, fixed.map((each) => each.json), changed) : json,
      hardening: { changes: fixed.flatMap(({ hardening }) => hardening.changes), unfixed: fixed.flatMap(({ hardening }) => hardening.unfixed) },
    };
  }
  const { controls, isWaived } = state;
  const resource = resourceName(json);
  const result = fixObject(json, controls.fixes, { skip: (control, fault) => isWaived({ construct, control, fault, within }, resource) });
  const at = { resource, constructPath: construct.node.path };
  return {
    json: result.object,
    hardening: {
      changes: result.changes.map((change) => (
        { ...at, control: change.control.id, change: showChange({ ...change, place: [...within, ...change.place] }) }
      )),
      unfixed: result.unfixed.map(({ control, fault, reason }) => (
        { ...at, control: control.id, path: showPath([...within, ...fault.place]), reason }
      )),
    },
  };
}
