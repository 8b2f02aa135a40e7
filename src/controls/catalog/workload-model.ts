import { ModelObject, ObjectModel } from '../object-model';
import { isEmpty, isObject, Json, Place, valueAt } from '../path';
import { templateSubjects } from '../subject';
import { ALL_TEMPLATES, BUILT_IN_TEMPLATES } from '../template-kinds';

/** Kinds that are a pod or make pods. */
export function workloads(model: ObjectModel): ModelObject[] {
  return BUILT_IN_TEMPLATES.flatMap(({ group, kind }) => model.ofKind(group, kind));
}

/** A container of some workload's pods. */
export interface ModelContainer {
  readonly object: ModelObject;
  readonly place: Place;
  /** Undefined where it has none. */
  readonly name?: string;
  readonly value: unknown;
}

/** Every container of every pod and pod template. */
export function containers(model: ObjectModel): ModelContainer[] {
  return ALL_TEMPLATES.flatMap((location) => model.ofKind(location.group, location.kind).flatMap((object) => (
    templateSubjects(object.json, location).flatMap((subject) => subject.containers.map(({ place, value }) => {
      const name = valueAt(value, ['name']);
      return { object, place, value, ...(typeof name === 'string' && { name }) };
    }))
  )));
}

/** Workloads that keep several equal pods running. */
export function replicatedWorkloads(model: ObjectModel): ModelObject[] {
  return [...model.ofKind('apps', 'Deployment'), ...model.ofKind('apps', 'StatefulSet')];
}

/** How many pods a workload keeps running at least: a HorizontalPodAutoscaler's number goes before its own. */
export function replicasOf(workload: ModelObject, model: ObjectModel): number {
  const autoscaler = model.ofKind('autoscaling', 'HorizontalPodAutoscaler').find(({ namespace, json }) => {
    const target = valueAt(json, ['spec', 'scaleTargetRef']);
    return namespace === workload.namespace && isObject(target) && target.kind === workload.kind && target.name === workload.name;
  });
  const replicas = autoscaler ? valueAt(autoscaler.json, ['spec', 'minReplicas']) : valueAt(workload.json, ['spec', 'replicas']);
  return typeof replicas === 'number' ? replicas : 1;
}

/** Whether a label selector selects these labels; none selects nothing, an empty one everything. */
export function selects(selector: unknown, labels: unknown): boolean {
  if (!isObject(selector)) {
    return false;
  }
  const present = isObject(labels) ? labels : {};
  const { matchLabels, matchExpressions } = selector;
  return Object.entries(isObject(matchLabels) ? matchLabels : {}).every(([key, value]) => present[key] === value)
    && (Array.isArray(matchExpressions) ? matchExpressions : []).every((each) => isObject(each) && holds(each, present));
}

/** Whether a label selector has no condition. */
export function selectsEverything({ matchLabels, matchExpressions }: Json): boolean {
  return isEmpty(matchExpressions) && (isEmpty(matchLabels) || (isObject(matchLabels) && Object.keys(matchLabels).length === 0));
}

function holds({ key, operator, values }: Json, labels: Json): boolean {
  const value = typeof key === 'string' && Object.prototype.hasOwnProperty.call(labels, key) ? labels[key] : undefined;
  const listed = Array.isArray(values) && values.includes(value);
  switch (operator) {
    case 'In': return value !== undefined && listed;
    case 'NotIn': return value === undefined || !listed;
    case 'Exists': return value !== undefined;
    case 'DoesNotExist': return value === undefined;
    default: return false;
  }
}

/** Objects of a kind, by the namespace that they are in. */
export function namespacesWith(model: ObjectModel, group: string, kind: string): ReadonlySet<string> {
  return new Set(model.ofKind(group, kind).map(({ namespace }) => namespace));
}
