import { completed } from './completed-template';
import { isObject, Json, Path, Place, valueAt } from './path';
import { CONTAINER_LISTS, ContainerList } from './requirement-node';

/** One container of a pod, with its place in the object. */
interface ContainerSubject {
  readonly value: unknown;
  readonly place: Place;
  readonly list: ContainerList;
}

/** Something about an object that no requirement can be judged on. */
interface Problem {
  readonly place: Place;
  readonly got: unknown;
  readonly expected: string;
}

/** What a requirement is judged on: the object, or one of its pod templates, as the API server would default it. */
export interface Subject {
  /** The pod template (`metadata` and `spec`), or the object. */
  readonly root: unknown;
  /** Where a path from the root is in the object. */
  readonly placeOf: (path: Place) => Place;
  /** The containers; none where the root is no pod template. */
  readonly containers: readonly ContainerSubject[];
  /** Set where the root isn't what it has to be: every requirement fails there. */
  readonly problem?: Problem;
}

/** An object as the root. */
export function objectSubject(object: unknown): Subject {
  const problem = isObject(object) ? undefined : { place: [], got: object, expected: 'an object' };
  return { root: object, placeOf: (path) => path, containers: [], problem };
}

/**
 * A pod template as the root.
 * @param isPod it is a Pod itself, for which the API server has more defaults than for a template
 * @param isCustom it is in a custom resource, for which it has none
 * @param minor of the API server
 */
export function templateSubject(template: unknown, at: Place, isPod: boolean, isCustom: boolean = false, minor: number = Infinity): Subject {
  const placeOf = (path: Place): Place => (at.length === 0 ? path : [...at, ...path]);
  const problem = templateProblem(template, at);
  if (problem) {
    return { root: template, placeOf, containers: [], problem };
  }
  const root = isCustom ? template as Json : completed(template as Json, isPod, minor);
  const spec = root.spec as Json;
  const containers: ContainerSubject[] = [];
  for (const list of CONTAINER_LISTS) {
    const values = spec[list];
    if (Array.isArray(values)) {
      values.forEach((value, i) => containers.push({ value, place: placeOf(['spec', list, i]), list }));
    }
  }
  return { root, placeOf, containers };
}

function templateProblem(template: unknown, at: Place): Problem | undefined {
  if (!isObject(template)) {
    return { place: at, got: template, expected: 'a pod template' };
  }
  const { metadata, spec } = template;
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) {
    return { place: [...at, 'metadata'], got: metadata, expected: 'an object' };
  }
  if (!isObject(spec)) {
    return { place: [...at, 'spec'], got: spec, expected: 'the spec of a pod' };
  }
  const names = new Set<unknown>();
  for (const list of CONTAINER_LISTS) {
    const values = spec[list] ?? undefined;
    const place = [...at, 'spec', list];
    if (values === undefined && list !== 'containers') {
      continue;
    }
    if (!Array.isArray(values) || (list === 'containers' && values.length === 0)) {
      return { place, got: values, expected: 'a list of containers' };
    }
    for (let i = 0; i < values.length; i++) {
      const container: unknown = values[i];
      if (!isObject(container)) {
        return { place: [...place, i], got: container, expected: 'a container' };
      }
      if (container.name !== undefined && names.has(container.name)) {
        return { place: [...place, i, 'name'], got: container.name, expected: 'a name that no other container of the pod has' };
      }
      names.add(container.name);
    }
  }
  return undefined;
}

/** Where the pod templates of a kind are. */
export interface PodTemplateLocation {
  /** For instance `apps`; empty for the core group. */
  readonly group: string;
  readonly kind: string;
  /** Plural name in the API, for admission policies. */
  readonly resource: string;
  /** Versions, for admission policies. */
  readonly versions: readonly string[];
  /** Steps to each template; `[]` is every element of a list, `{}` every value of a map. The empty path: the object is the template. */
  readonly templates: readonly Path[];
  /**
   * What is found there: pod templates, or the spec of an Argo workflow, whose templates are put together otherwise.
   * Default: pod templates
   */
  readonly shape?: 'workflow';
  /** Where an object of this kind may say whose pods it manages, in place of a template of its own. */
  readonly insteadOfTemplates?: readonly Path[];
}

/**
 * Every pod template of an object, at the places that its kind has.
 * @param minor of the API server: its defaults depend on it
 */
export function templateSubjects(object: Json, location: PodTemplateLocation, minor: number = Infinity): Subject[] {
  const isPod = location.group === '' && location.kind === 'Pod';
  const isCustom = location.group.includes('.');
  const found = location.templates.flatMap((path) => templatesAt(object, path, []));
  const places = found.filter(({ value, place }) => !isAbsent(value) || !mayBeLeftOut(place, found, object, location));
  return places.flatMap(({ value, place, expected }) => {
    if (expected !== undefined) {
      return [broken(value, place, expected)];
    }
    return location.shape === 'workflow' ? workflowSubjects(value, place) : [templateSubject(value, place, isPod, isCustom, minor)];
  });
}

interface FoundTemplate {
  readonly value: unknown;
  readonly place: Place;
  /** Set where the way to the template is not what it has to be. */
  readonly expected?: string;
}

function templatesAt(value: unknown, path: Path, place: Place): FoundTemplate[] {
  if (path.length === 0) {
    return [{ value, place }];
  }
  const [step, ...rest] = path;
  if (step === '[]' || step === '{}') {
    if (isAbsent(value)) {
      return [];
    }
    if (step === '[]' ? !Array.isArray(value) : !isObject(value)) {
      return [{ value, place, expected: step === '[]' ? 'a list' : 'an object' }];
    }
    return Object.entries(value as object).flatMap(([key, each]) => templatesAt(each, rest, [...place, step === '[]' ? Number(key) : key]));
  }
  return templatesAt(isObject(value) ? value[step] : undefined, rest, [...place, step]);
}

/** A template that isn't there is a finding, but where another one of the object is, or what the kind takes in its place. Elements of lists need theirs. */
function mayBeLeftOut(place: Place, found: readonly FoundTemplate[], object: Json, { insteadOfTemplates = [] }: PodTemplateLocation): boolean {
  return place.every((step) => typeof step === 'string')
    && (found.some(({ value }) => !isAbsent(value)) || insteadOfTemplates.some((path) => valueAt(object, path) !== undefined));
}

function isAbsent(value: unknown): boolean {
  return value === undefined || value === null;
}

/** Fields that a template of an Argo workflow, or the workflow for all of them, hands on to its pods. */
const WORKFLOW_POD_FIELDS = [
  'securityContext', 'serviceAccountName', 'automountServiceAccountToken', 'hostNetwork', 'hostAliases', 'volumes', 'tolerations', 'affinity', 'nodeSelector',
];

/** The pods of an Argo workflow, one for each of its templates that runs containers. */
function workflowSubjects(spec: unknown, at: Place): Subject[] {
  if (!isObject(spec)) {
    return [broken(spec, at, 'the spec of a workflow')];
  }
  const { templates } = spec;
  if (templates === undefined && isObject(spec.workflowTemplateRef)) {
    return [];
  }
  return [...patchOf(spec, at), ...Array.isArray(templates)
    ? templates.flatMap((template: unknown, i) => workflowSubject(template, spec, at, [...at, 'templates', i]))
    : [broken(templates, [...at, 'templates'], 'a list of templates')]];
}

/** What stands beside a patch is judged, but the patch may undo all of it. */
function patchOf({ podSpecPatch }: Json, at: Place): Subject[] {
  return podSpecPatch === undefined || podSpecPatch === null
    ? [] : [broken('a patch', [...at, 'podSpecPatch'], 'absent: what a patch makes of the pod can\'t be judged')];
}

function workflowSubject(template: unknown, workflow: Json, workflowAt: Place, at: Place): Subject[] {
  if (!isObject(template)) {
    return [broken(template, at, 'a template')];
  }
  const containers: ContainerSubject[] = [];
  const take = (value: unknown, place: Place, list: ContainerList) => containers.push({ value, place, list });
  for (const field of ['container', 'script']) {
    if (template[field] !== undefined) {
      take(template[field], [...at, field], 'containers');
    }
  }
  const set = isObject(template.containerSet) ? template.containerSet.containers : undefined;
  const lists: [unknown, Place, ContainerList][] = [
    [template.initContainers, [...at, 'initContainers'], 'initContainers'],
    [set, [...at, 'containerSet', 'containers'], 'containers'],
    [template.sidecars, [...at, 'sidecars'], 'containers'],
  ];
  for (const [values, place, list] of lists) {
    if (Array.isArray(values)) {
      values.forEach((value, i) => take(value, [...place, i], list));
    } else if (values !== undefined && values !== null) {
      return [broken(values, place, 'a list of containers')];
    }
  }
  const wrong = containers.find(({ value }) => !isObject(value));
  if (wrong) {
    return [broken(wrong.value, wrong.place, 'a container')];
  }
  if (containers.length === 0) {
    return [];
  }
  const owned = (field: string) => (template[field] !== undefined && template[field] !== null ? template : workflow);
  const spec = Object.fromEntries(WORKFLOW_POD_FIELDS.map((field) => [field, owned(field)[field]]).filter(([, value]) => value !== undefined));
  return [...patchOf(template, at), {
    root: { metadata: template.metadata ?? workflow.podMetadata ?? {}, spec },
    placeOf: (path) => (path[0] === 'spec' && path.length > 1 ? [...(owned(String(path[1])) === template ? at : workflowAt), ...path.slice(1)] : [...at, ...path]),
    containers,
  }];
}

function broken(got: unknown, place: Place, expected: string): Subject {
  return { root: got, placeOf: (path) => [...place, ...path], containers: [], problem: { place, got, expected } };
}
