import { namedPath, namesOf } from './named-path';
import { NamedElement } from './renamed-elements';
import { HIDDEN, hidesOfObject, shownUnless } from './shown-value';
import { misshapenObject } from '../../controls/api-fields/shape';
import { Control } from '../../controls/control';
import { ControlSet } from '../../controls/control-set';
import { groupOf } from '../../controls/group';
import { modelObject, ModelObject, ObjectModel } from '../../controls/object-model';
import { isEmpty, isObject, Json, Place, showPath } from '../../controls/path';
import { CONTAINER_LISTS } from '../../controls/requirement-node';
import { nameOf } from '../../controls/results/concealed';
import { isConcealed } from '../../controls/results/finding-maker';
import { MALFORMED_OBJECT } from '../../controls/results/malformed-object';
import { templateSubjects } from '../../controls/subject';

/** One place at which an object doesn't meet a control, as two sides can be compared. Most are the same on both: words are made when asked for. */
export class FoundFault {
  public readonly container?: string;
  /** The place by names: what is told apart by nothing else has no position here. */
  public readonly pattern: string;
  /** What is there, to compare; never to show. */
  public readonly matter: unknown;

  constructor(public readonly control: Control, private readonly object: Json, private readonly fault: RawFault) {
    const { container, place, got } = fault;
    this.container = container;
    this.pattern = namedPath(object, place).replace(/^stringData\b/, object.kind === 'Secret' ? 'data' : 'stringData');
    this.matter = isMissing(got) || isEmpty(got) || holdsImage(place, got) ? undefined : matterOf(object, place, got);
  }

  /** The place as other reports show it. */
  public get path(): string {
    return showPath(this.fault.place);
  }

  /** The container or volume that it is of. */
  public get element(): NamedElement | undefined {
    const { object, fault: { place } } = this;
    const at = place.findIndex((step, i) => typeof step === 'number' && NAMED_LISTS.some((each) => each === place[i - 1]));
    if (at === -1) {
      return undefined;
    }
    const pod = place.slice(0, at - 1).reduce<unknown>(below, object);
    const [field, position] = [String(place[at - 1]), Number(place[at])];
    const list = isObject(pod) ? pod[field] : undefined;
    const self = below(list, position);
    const name = namesOf(list)?.[position];
    const path = (steps: number) => namedPath(object, place.slice(0, steps));
    return isObject(pod) && isObject(self) && name !== undefined
      ? { list: path(at), name, below: path(place.length).slice(path(at + 1).length), self, pod, field } : undefined;
  }

  /** What is there, as far as it may be shown. */
  public get shown(): string {
    return this.shownIn(this.object, this.fault.place, this.fault.got);
  }

  /** What another object has at this place, as far as it may be shown; undefined where nobody can tell which place that is. */
  public counterpart(other: Json): string | undefined {
    const place = counterpartPlace(this.object, this.fault.place, other);
    if (place === undefined || holdsImage(place, this.fault.got)) {
      return undefined;
    }
    const shown = this.shownIn(other, place, place.reduce(below, other));
    return shown === this.shown ? undefined : shown;
  }

  private shownIn(object: Json, place: Place, got: unknown): string {
    const steps = place.filter((step): step is string => typeof step === 'string');
    const value = isMissing(got) ? undefined : got;
    const hides = hidesOfObject(groupOf(object.apiVersion), object.kind);
    return isConcealed(this.control, place, got, object) ? HIDDEN : shownUnless(hides, value, steps, nameOf(place, object));
  }
}

const NAMED_LISTS = ['volumes', ...CONTAINER_LISTS];

interface RawFault {
  readonly place: Place;
  readonly got: unknown;
  readonly container?: string;
}

/** Every place where one object doesn't meet controls that look at objects one by one. */
export function faultsOfObject(object: Json, set: ControlSet): FoundFault[] {
  const found: FoundFault[] = [];
  const malformed = new Map<string, RawFault>(misshapenObject(object).map((each) => [showPath(each.place), each]));
  for (const { control, faults } of set.violations(object)) {
    for (const fault of faults) {
      if (fault.malformed) {
        malformed.set(showPath(fault.place), fault);
      } else {
        found.push(new FoundFault(control, object, fault));
      }
    }
  }
  return [...[...malformed.values()].map((fault) => new FoundFault(MALFORMED_OBJECT, object, fault)), ...found];
}

/** What controls that look at all objects together find, by object. */
export function faultsOfModel(objects: readonly Json[], controls: readonly Control[], set: ControlSet): Map<Json, FoundFault[]> {
  const byObject = new Map<Json, FoundFault[]>();
  const add = (object: Json, control: Control, fault: RawFault) => {
    const list = byObject.get(object);
    const found = new FoundFault(control, object, fault);
    if (list) {
      list.push(found);
    } else {
      byObject.set(object, [found]);
    }
  };
  const models = controls.filter(({ _modelCheck }) => _modelCheck !== undefined);
  if (models.length > 0) {
    const model = new ObjectModel(objects.filter((each) => isReadable(each, set)).map(modelObject), set.version);
    models.forEach((control) => control._modelCheck!(model).forEach(({ object, ...fault }) => add((object as ModelObject).json, control, fault)));
  }
  return byObject;
}

/** What can't be judged is told of the object itself. */
function isReadable(object: Json, set: ControlSet): boolean {
  const { location } = set.controlsFor(object);
  return !location || templateSubjects(object, location).every(({ problem }) => problem === undefined);
}

function isMissing(got: unknown): boolean {
  return got === undefined || typeof got === 'symbol';
}

/** The same place in another object, by the names of elements. */
function counterpartPlace(object: Json, place: Place, other: Json): Place | undefined {
  let [mine, theirs]: [unknown, unknown] = [object, other];
  const steps: (string | number)[] = [];
  for (const step of place) {
    const name = typeof step === 'number' ? namesOf(mine)?.[step] : undefined;
    const next = typeof step === 'number' ? namesOf(theirs)?.indexOf(name ?? '') ?? -1 : step;
    if (next === -1) {
      return undefined;
    }
    steps.push(next);
    [mine, theirs] = [below(mine, step), below(theirs, next)];
  }
  return steps;
}

function below(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined;
}

/** What a Secret holds as text is the same in base64. */
function matterOf({ kind }: Json, [field]: Place, got: unknown): unknown {
  return kind === 'Secret' && field === 'stringData' && typeof got === 'string' ? Buffer.from(got).toString('base64') : got;
}

/** What has images in it changes with each release: that is told elsewhere. */
function holdsImage(place: Place, got: unknown): boolean {
  const [list, last] = [undefined, undefined, ...place].slice(-2);
  return isObject(got) && (last === undefined || last === 'spec' || last === 'template' || CONTAINER_LISTS.some((each) => each === list));
}
