import { freeVolumeName } from './hardening-accounts';
import { CheckedOptions, repositoryOf } from './hardening-options';
import { at, resourceOf, templatePlaces } from './hardening-tree';
import { Draft } from '../../controls/fix/edits';
import { isObject, Json, Place, valueAt } from '../../controls/path';
import { StepChange, StepGap, StepObject, StepResult } from '../../controls/results/hardening-step';
import { ImageProfile } from '../../supply-chain/image-profile';

const READ_ONLY_ROOT = 'read-only-root-filesystem';
const USER = 'run-as-user';
const LISTS = ['initContainers', 'containers'] as const;
/** Volumes that nobody can write to. */
const READ_ONLY_SOURCES = ['configMap', 'downwardAPI', 'image', 'projected', 'secret'];
const HIDES = 'what the image has in the directory, which begins empty: check that it needs nothing of it';

/** What names in options can mean. */
export interface Met {
  /** Names that mean something. */
  readonly keys: Set<string>;
  /** Objects and containers that could be named. */
  readonly named: Set<string>;
  /** Images that could be. */
  readonly pulled: Set<string>;
}

/** The object with the users that its images are made for. */
export function withUsers(object: StepObject, { images }: CheckedOptions, assignsUids: boolean): StepResult {
  const changes: StepChange[] = [];
  let draft = Draft.of(object.json);
  for (const place of templatePlaces(object.json, object.location)) {
    const spec = [...place, 'spec'];
    const isForWindows = at(object.json, [...spec, 'os', 'name']) === 'windows';
    const set = (path: Place, after: unknown, mayNeed?: string) => {
      changes.push({ control: USER, place: path, before: at(draft.object, path), after, ...(mayNeed !== undefined && { mayNeed }) });
      draft = draft.with([{ op: 'set', place: path, value: after }]);
    };
    for (const { container, place: path } of containersOf(object.json, spec)) {
      const profile = profileOf(container, images);
      if (!profile || assignsUids || isForWindows || mountsNode(at(object.json, spec)) || profile.user === undefined) {
        continue;
      }
      const stated = (field: string) => valueAt(container, ['securityContext', field]) ?? at(object.json, [...spec, 'securityContext', field]);
      const user = stated('runAsUser');
      if ((user !== undefined && user !== 0) || (user === 0 && object.isWaived(USER))) {
        continue;
      }
      set([...path, 'securityContext', 'runAsUser'], profile.user, user === 0 ? `root: check that it works as user ${profile.user}` : undefined);
      if (profile.group !== undefined && (stated('runAsGroup') ?? 0) === 0) {
        set([...path, 'securityContext', 'runAsGroup'], profile.group);
      }
      if (profile.group !== undefined && at(draft.object, [...spec, 'securityContext', 'fsGroup']) === undefined && hasOwnStorage(object.json, at(object.json, spec))) {
        set([...spec, 'securityContext', 'fsGroup'], profile.group);
      }
    }
  }
  return { json: draft.object, changes, left: [] };
}

/** The object with empty directories where its programs write. */
export function withPaths(object: StepObject, before: unknown, { images, writablePaths }: CheckedOptions): StepResult {
  const changes: StepChange[] = [];
  const left: StepGap[] = [];
  let draft = Draft.of(object.json);
  const resource = isObject(object.json) ? resourceOf(object.json, object.construct) : '';
  const declared = writablePaths.filter((each) => each.resource === resource);
  // A claim of a StatefulSet takes the place of the pod's volume of its name.
  const claimTemplates = listAt(object.json, ['spec', 'volumeClaimTemplates']).map(({ metadata }) => metadata);
  for (const place of templatePlaces(object.json, object.location)) {
    const spec = [...place, 'spec'];
    for (const { container, list, place: path } of containersOf(object.json, spec)) {
      const profile = profileOf(container, images);
      const old = containersOf(before, spec).find((each) => each.container.name === container.name)?.container;
      const isReadOnly = valueAt(container, ['securityContext', 'readOnlyRootFilesystem']) === true;
      const wasReadOnly = valueAt(old, ['securityContext', 'readOnlyRootFilesystem']) === true;
      const own = declared.filter((each) => each.container === undefined ? list === 'containers' : each.container === container.name).flatMap(({ paths }) => paths);
      const profiled = isReadOnly && profile ? [...profile.writablePaths, ...profile.dataPath === undefined ? [] : [profile.dataPath]] : [];
      const wanted = [...new Set([...isReadOnly && (!wasReadOnly || profile) ? ['/tmp'] : [], ...profiled, ...own])];
      for (const directory of wanted) {
        const volumes = listAt(draft.object, [...spec, 'volumes']);
        const mounts = listAt(draft.object, [...path, 'volumeMounts']);
        const covering = coveringMount(directory, mounts);
        if (covering) {
          const volume = volumes.find((each) => each.name === covering.name);
          if (covering.readOnly === true || (volume && READ_ONLY_SOURCES.some((source) => volume[source] !== undefined))) {
            left.push({
              control: READ_ONLY_ROOT, place: [...path, 'volumeMounts'],
              reason: `The program writes to ${directory}, but what is mounted at ${String(covering.mountPath)} is read-only: mount something else there, or leave the path out.`,
            });
          }
          continue;
        }
        const name = freeVolumeName(volumeName(String(container.name), directory), [...volumes, ...claimTemplates]);
        const mount = { mountPath: directory, name };
        changes.push({ control: READ_ONLY_ROOT, place: [...path, 'volumeMounts', mounts.length], after: mount, ...(directory !== '/tmp' && { mayNeed: HIDES }) });
        draft = draft.with([
          { op: 'set', place: [...spec, 'volumes'], value: [...volumes, { name, emptyDir: {} }] }, { op: 'set', place: [...path, 'volumeMounts'], value: [...mounts, mount] },
        ]);
      }
    }
  }
  return { json: draft.object, changes, left };
}

/** Notes which objects, containers and images there are, and which of those are named. */
export function meet(object: StepObject, { writablePaths, images }: CheckedOptions, met: Met): void {
  if (!isObject(object.json)) {
    return;
  }
  const resource = resourceOf(object.json, object.construct);
  const containers = templatePlaces(object.json, object.location).flatMap((place) => containersOf(object.json, [...place, 'spec']));
  for (const { container } of containers) {
    met.named.add(resource).add(`${resource}#${String(container.name)}`);
    met.pulled.add(String(container.image).replace(/@.*$|:[^/]*$/g, ''));
  }
  for (const { key, resource: declared, container: name } of writablePaths) {
    if (declared === resource && containers.some(({ container, list }) => (name === undefined ? list === 'containers' : container.name === name))) {
      met.keys.add(key);
    }
  }
  for (const { key, repository } of images) {
    if (containers.some(({ container }) => repositoryOf(container.image) === repository)) {
      met.keys.add(key);
    }
  }
}

/** Whether a pod mounts a path of its node. */
export function mountsNode(spec: unknown): boolean {
  return isObject(spec) && Array.isArray(spec.volumes) && spec.volumes.some((volume) => isObject(volume) && isObject(volume.hostPath));
}

export interface PodContainer {
  readonly container: Json;
  readonly list: typeof LISTS[number];
  readonly place: Place;
}

/** The containers of a pod that may have mounts of their own. */
export function containersOf(json: unknown, spec: Place): PodContainer[] {
  return LISTS.flatMap((list) => listAt(json, [...spec, list]).map((container, i) => ({ container, list, place: [...spec, list, i] })));
}

function profileOf(container: Json, images: CheckedOptions['images']): ImageProfile | undefined {
  const repository = repositoryOf(container.image);
  return repository === undefined ? undefined : images.find((each) => each.repository === repository)?.profile;
}

/** The mount that a directory is in: the deepest. */
function coveringMount(directory: string, mounts: readonly Json[]): Json | undefined {
  const covering = mounts.filter(({ mountPath }) => {
    const path = String(mountPath).replace(/\/+$/, '');
    return directory === path || directory.startsWith(`${path}/`);
  });
  return [...covering].sort((a, b) => String(b.mountPath).length - String(a.mountPath).length)[0];
}

/** Of the container and the directory: `web-var-cache-nginx`. */
function volumeName(container: string, directory: string): string {
  const name = `${container}${directory}`.toLowerCase().replace(/[^a-z0-9]+/g, '-');
  return name.slice(0, 55).replace(/^-+|-+$/g, '');
}

/** Whether a pod has volumes that belong to root until a group is named. */
function hasOwnStorage(json: unknown, spec: unknown): boolean {
  const volumes = isObject(spec) && Array.isArray(spec.volumes) ? spec.volumes : [];
  return volumes.some((volume) => isObject(volume) && (isObject(volume.persistentVolumeClaim) || isObject(volume.ephemeral)))
    || listAt(json, ['spec', 'volumeClaimTemplates']).length > 0;
}

function listAt(json: unknown, place: Place): Json[] {
  const list = at(json, place);
  return Array.isArray(list) ? list as Json[] : [];
}
