import { amountOf } from './amounts';
import { sameValue } from './same-value';
import { isObject, Json, valueAt } from '../../controls/path';

/** A field that the API server doesn't let anybody change. */
export interface FrozenField {
  readonly path: string;
  readonly before: unknown;
  readonly after: unknown;
  /** What applying it does, where it isn't refused. */
  readonly note?: string;
}

type Frozen = (before: Json, after: Json, minor: number) => FrozenField[];

/** Fields by their paths. */
function fields(...paths: string[]): Frozen {
  return (before, after) => paths.flatMap((path) => changed(path, before, after));
}

/** Every field of the spec but those. */
function specBut(free: (minor: number) => readonly string[]): Frozen {
  return (before, after, minor) => {
    const [old, next] = [part(before, 'spec'), part(after, 'spec')];
    const names = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((name) => !free(minor).includes(name)).sort();
    return names.flatMap((name) => changed(`spec.${name}`, before, after));
  };
}

/** Only where both sides state a value: what isn't stated is filled in by the cluster, perhaps with the same. */
function bothStated(...paths: string[]): Frozen {
  return (before, after) => fields(...paths)(before, after, 0).filter((each) => each.before !== undefined && each.after !== undefined);
}

const STATEFUL_SET = ['replicas', 'template', 'updateStrategy', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds', 'ordinals'];
const JOB = fields('spec.selector', 'spec.completionMode', 'spec.podFailurePolicy', 'spec.successPolicy', 'spec.backoffLimitPerIndex', 'spec.managedBy');
/** What a suspended job's pods may still be given. */
const SCHEDULING = ['nodeSelector', 'affinity', 'tolerations', 'schedulingGates'];
const VOLUME = ['capacity', 'accessModes', 'claimRef', 'persistentVolumeReclaimPolicy', 'storageClassName', 'mountOptions', 'nodeAffinity', 'volumeAttributesClassName'];

/** By group and kind, over objects without what the API server fills in. Held to a real API server. */
const TABLE: Readonly<Record<string, Frozen>> = {
  'apps/Deployment': fields('spec.selector'),
  'apps/ReplicaSet': fields('spec.selector'),
  'apps/DaemonSet': fields('spec.selector'),
  'apps/StatefulSet': specBut((minor) => [...STATEFUL_SET, ...(minor >= 33 ? ['revisionHistoryLimit'] : [])]),
  'apps/ControllerRevision': fields('data'),
  'batch/Job': job,
  '/Pod': pod,
  '/Service': service,
  '/PersistentVolumeClaim': claim,
  '/PersistentVolume': (before, after, minor) => [
    ...specBut(() => VOLUME)(before, after, minor),
    ...(valueAt(before, ['spec', 'nodeAffinity']) === undefined ? [] : changed('spec.nodeAffinity', before, after)),
  ],
  '/ConfigMap': frozenData,
  '/Secret': (before, after, minor) => [...frozenData(before, after, minor), ...fields('type')(before, after, minor)],
  '/ResourceQuota': fields('spec.scopes'),
  'rbac.authorization.k8s.io/RoleBinding': fields('roleRef'),
  'rbac.authorization.k8s.io/ClusterRoleBinding': fields('roleRef'),
  'storage.k8s.io/StorageClass': fields('provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'),
  'storage.k8s.io/VolumeAttributesClass': fields('driverName', 'parameters'),
  'storage.k8s.io/CSIDriver': (before, after, minor) => (
    fields('spec.attachRequired', 'spec.volumeLifecycleModes', ...minor < 29 ? ['spec.podInfoOnMount', 'spec.fsGroupPolicy'] : [])(before, after, minor)
  ),
  'networking.k8s.io/IngressClass': fields('spec.controller'),
  'node.k8s.io/RuntimeClass': fields('handler'),
  'scheduling.k8s.io/PriorityClass': fields('value', 'preemptionPolicy'),
  'discovery.k8s.io/EndpointSlice': fields('addressType'),
  'apiextensions.k8s.io/CustomResourceDefinition': fields('spec.scope', 'spec.names.kind'),
  'resource.k8s.io/ResourceClaim': fields('spec'),
};

/** Kinds that have fields which can't be changed. */
export function frozenKinds(): string[] {
  return Object.keys(TABLE);
}

/**
 * The fields that changed though the API server doesn't let them.
 * @param before in its normal form, as `after`
 */
export function frozenFields(group: string, kind: string, before: Json, after: Json, minor: number): FrozenField[] {
  const key = `${group}/${kind}`;
  return Object.hasOwn(TABLE, key) ? TABLE[key](before, after, minor) : [];
}

function changed(path: string, before: Json, after: Json, note?: string): FrozenField[] {
  const steps = path.split('.');
  const [old, next] = [at(before, steps), at(after, steps)];
  return sameValue(old, next) ? [] : [{ path, before: old, after: next, ...(note !== undefined && { note }) }];
}

function at(object: Json, steps: readonly string[]): unknown {
  const value = valueAt(object, steps);
  return typeof value === 'symbol' ? undefined : value;
}

function part(value: unknown, name: string): Json {
  const found = isObject(value) ? value[name] : undefined;
  return isObject(found) ? found : {};
}

function job(before: Json, after: Json, minor: number): FrozenField[] {
  const [old, next] = [part(before, 'spec'), part(after, 'spec')];
  const isElastic = next.completionMode === 'Indexed' && next.completions === next.parallelism;
  const template = old.suspend === true ? [frozenTemplate(old.template), frozenTemplate(next.template)] : [old.template, next.template];
  return [
    ...JOB(before, after, minor),
    ...(sameValue(template[0], template[1]) ? [] : [{ path: 'spec.template', before: template[0], after: template[1] }]),
    ...(isElastic ? [] : changed('spec.completions', before, after)),
  ];
}

function frozenTemplate(template: unknown): Json {
  return { spec: without(part(template, 'spec'), SCHEDULING) };
}

/** Images may change, tolerations come, gates go. */
function pod(before: Json, after: Json): FrozenField[] {
  const [old, next] = [part(before, 'spec'), part(after, 'spec')];
  const free = ['containers', 'initContainers', 'tolerations', 'schedulingGates', 'activeDeadlineSeconds'];
  const names = [...new Set([...Object.keys(old), ...Object.keys(next)])].filter((name) => !free.includes(name)).sort();
  const containers = ['containers', 'initContainers'].flatMap((name) => (
    sameValue(withoutImages(old[name]), withoutImages(next[name])) ? [] : changed(`spec.${name}`, before, after)
  ));
  return [
    ...names.flatMap((name) => changed(`spec.${name}`, before, after)),
    ...containers,
    ...(has(next.tolerations, old.tolerations) ? [] : changed('spec.tolerations', before, after)),
    ...(has(old.schedulingGates, next.schedulingGates) ? [] : changed('spec.schedulingGates', before, after)),
  ];
}

function withoutImages(containers: unknown): unknown {
  return Array.isArray(containers) ? containers.map((each: unknown) => (isObject(each) ? without(each, ['image', 'imagePullPolicy']) : each)) : containers;
}

function has(list: unknown, all: unknown): boolean {
  return (Array.isArray(all) ? all : []).every((each) => (Array.isArray(list) ? list : []).some((other) => sameValue(each, other)));
}

const KEPT = 'applying it changes nothing: the object must be deleted and made anew';

function service(before: Json, after: Json, minor: number): FrozenField[] {
  const [old, next] = [part(before, 'spec'), part(after, 'spec')];
  if (old.type === 'ExternalName' || next.type === 'ExternalName') {
    return [];
  }
  const balances = old.type === 'LoadBalancer' && next.type === 'LoadBalancer';
  const becomesHeadless = next.clusterIP === 'None' && old.clusterIP === undefined;
  const stopsBeing = old.clusterIP === 'None' && next.clusterIP === undefined;
  const [family, other] = [old.ipFamilies, next.ipFamilies].map((each) => (Array.isArray(each) ? each[0] as unknown : undefined));
  return [
    ...(becomesHeadless ? changed('spec.clusterIP', before, after) : stopsBeing ? changed('spec.clusterIP', before, after, KEPT) : bothStated('spec.clusterIP')(before, after, minor)),
    ...(family !== undefined && other !== undefined && family !== other ? changed('spec.ipFamilies', before, after) : []),
    ...(balances ? changed('spec.loadBalancerClass', before, after) : []),
  ];
}

function claim(before: Json, after: Json, minor: number): FrozenField[] {
  const filledIn = ['storageClassName', 'volumeName', 'dataSource', 'dataSourceRef'];
  const free = ['resources', 'volumeAttributesClassName', ...filledIn];
  const [old, next] = [before, after].map((each) => at(each, ['spec', 'resources', 'requests', 'storage']));
  const shrinks = (amountOf(next) ?? 0n) < (amountOf(old) ?? 0n);
  return [
    ...specBut(() => free)(before, after, minor),
    ...bothStated(...filledIn.map((name) => `spec.${name}`))(before, after, minor),
    ...(shrinks ? changed('spec.resources.requests.storage', before, after) : []),
  ];
}

function frozenData(before: Json, after: Json, minor: number): FrozenField[] {
  return before.immutable === true ? fields('data', 'binaryData', 'immutable')(before, after, minor) : [];
}

function without(item: Json, names: readonly string[]): Json {
  return Object.fromEntries(Object.entries(item).filter(([name]) => !names.includes(name)));
}
