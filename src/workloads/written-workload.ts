import { IConstruct } from 'constructs';
import { merged, PodParts } from './pod/pod-parts';
import { ActsAt } from '../controls/control';
import { ControlSet } from '../controls/control-set';
import { fixObject } from '../controls/fix/fix';
import { ControlPack } from '../controls/pack';
import { isObject, Json, Path } from '../controls/path';
import { effectiveControls } from '../controls/superseding';
import { BUILT_IN_TEMPLATES } from '../controls/template-kinds';
import { ClusterProfile } from '../core/cluster-profile';
import { keptQuantity } from '../core/quantities';

/**
 * What a workload of cdk8s-plus writes, with the parts that it has no property for, and brought up to the controls: containers that were added
 * to it get what the controls ask for and nobody said anything about. What somebody did say stays, and is a finding.
 */
export function writtenWorkload(object: Json, containerName: string, parts: readonly PodParts[], controls: ControlSet): Json {
  const path = templatePath(object);
  const said = updated(without(object.spec as Json, 'minReadySeconds', 0), path, ({ spec, ...template }) => ({ ...template, spec: asKept(spec as Json) }));
  const whole = parts.reduce((spec, part) => withParts(spec, path, containerName, part), said);
  return fixObject({ ...object, spec: whole }, controls, { skip: (_, { got }) => got !== undefined }).object as Json;
}

/** A workload's object with another pod. */
export function withPod(object: Json, change: (pod: Json) => Json): Json {
  return { ...object, spec: updated(object.spec as Json, [...templatePath(object), 'spec'], change) };
}

const CONTROLS = Symbol('controls');

/** What the library recommends of a pod, at the cluster's version. */
export function workloadControls(scope: IConstruct): ControlSet {
  const root = scope.node.root as IConstruct & { [CONTROLS]?: ControlSet };
  if (!root[CONTROLS]) {
    const version = ClusterProfile.of(scope).kubernetesVersion;
    const controls = effectiveControls(ControlPack.recommended().controls, version).filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION);
    Object.defineProperty(root, CONTROLS, { value: new ControlSet(controls, version), enumerable: false });
  }
  return root[CONTROLS]!;
}

/** Where the pod template is in a workload's `spec`. */
function templatePath({ kind }: Json): Path {
  return BUILT_IN_TEMPLATES.find((each) => each.kind === kind)!.templates[0].slice(1);
}

function withParts(spec: Json, path: readonly string[], containerName: string, { workloadSpec, podMetadata, podSpec, container }: PodParts): Json {
  const outer = merged(workloadSpec ?? {}, spec) as Json;
  return updated(outer, path, (template) => {
    const { metadata, spec: pod } = merged(template, { metadata: podMetadata, spec: podSpec }) as { metadata?: Json; spec: Json };
    const containers = (pod.containers as Json[]).map((each) => (each.name === containerName ? merged(each, container ?? {}) : each));
    return { ...template, ...(metadata && { metadata }), spec: { ...pod, containers } };
  });
}

function updated(object: Json, path: readonly string[], change: (value: Json) => Json): Json {
  const [key, ...rest] = path;
  return key === undefined ? change(object) : { ...object, [key]: updated(object[key] as Json, rest, change) };
}

/** A pod in the form in which the API server keeps it: GitOps tools would see a difference for ever. */
function asKept(pod: Json): Json {
  const kept = without(pod, 'hostNetwork', false);
  const lists = ['initContainers', 'containers'].filter((list) => Array.isArray(kept[list]));
  return { ...kept, ...Object.fromEntries(lists.map((list) => [list, (kept[list] as Json[]).map(containerAsKept)])) };
}

function containerAsKept(container: Json): Json {
  const { ports, resources } = container;
  return {
    ...container,
    ...(Array.isArray(ports) && { ports: (ports as Json[]).map((port) => ({ ...port, protocol: port.protocol ?? 'TCP' })) }),
    ...(isObject(resources) && { resources: mapValues(resources, (bounds) => (isObject(bounds) ? mapValues(bounds, keptQuantity) : bounds)) }),
  };
}

function mapValues(object: Json, map: (value: unknown) => unknown): Json {
  return Object.fromEntries(Object.entries(object).map(([key, value]) => [key, map(value)]));
}

/** Without a value that means nothing, which the server drops. */
function without(object: Json, key: string, meaningless: unknown): Json {
  const { [key]: value, ...rest } = object;
  return value === meaningless ? rest : object;
}
