import { namesOf } from './named-path';
import { sameValue } from './same-value';
import { isObject, Json } from '../../controls/path';
import { CONTAINER_LISTS } from '../../controls/requirement-node';
import { canonical } from '../../controls/results/canonical';

/** A container or a volume, with the pod that it is of. */
export interface NamedElement {
  /** The path of its list. */
  readonly list: string;
  readonly name: string;
  /** The path below it. */
  readonly below: string;
  readonly self: Json;
  readonly pod: Json;
  /** The field of the pod that it stands in. */
  readonly field: string;
}

/** How what takes the place of something compares with it. */
export type Order = 'same' | 'less' | 'more';

/** Whether a container or volume is another one by another name, and how it compares: undefined where it isn't, or nobody can tell. */
export function renamed(before: NamedElement, after: NamedElement, oldMatter: unknown, newMatter: unknown): Order | undefined {
  const isOther = before.list === after.list && before.below === after.below && isGone(before, after) && isGone(after, before);
  if (!isOther) {
    return undefined;
  }
  if (before.field === 'volumes') {
    const order = orderOfVolumes(before.self, after.self);
    return order && both(order, orderOfMounts(mountsOf(before), mountsOf(after)));
  }
  const repository = repositoryOf(before.self);
  return repository !== undefined && repository === repositoryOf(after.self) ? orderOfMatter(before.below, oldMatter, newMatter) : undefined;
}

function isGone({ name, field }: NamedElement, { pod }: NamedElement): boolean {
  return namesOf(pod[field])?.includes(name) === false;
}

function both(a: Order, b: Order | undefined): Order | undefined {
  return a === 'same' || a === b ? b : b === 'same' ? a : undefined;
}

/** Whether all that is there now was there before, and the other way. */
function orderOf(isPart: boolean, isWhole: boolean): Order | undefined {
  return isPart ? (isWhole ? 'same' : 'less') : isWhole ? 'more' : undefined;
}

function orderOfVolumes({ name: _old, ...before }: Json, { name: _new, ...after }: Json): Order | undefined {
  const [was, path] = [hostPathOf(before), hostPathOf(after)];
  return sameValue(before, after) ? 'same' : was === undefined || path === undefined ? undefined : orderOf(path.startsWith(was), was.startsWith(path));
}

/** Of a volume that is nothing else: in one form, with a slash at the end. */
function hostPathOf({ hostPath, ...rest }: Json): string | undefined {
  const path = isObject(hostPath) && Object.keys(rest).length === 0 ? hostPath.path : undefined;
  const isPlain = typeof path === 'string' && path.startsWith('/') && !path.split('/').includes('..');
  return isPlain ? `/${path.split('/').filter((step) => step !== '' && step !== '.').map((step) => `${step}/`).join('')}` : undefined;
}

interface Mount {
  /** All but the volume's name and whether it may be written to. */
  readonly key: string;
  readonly isReadOnly: boolean;
}

const mountsOfPods = new WeakMap<Json, ReadonlyMap<unknown, readonly Mount[]>>();

function mountsOf({ name, pod }: NamedElement): readonly Mount[] {
  let mounts = mountsOfPods.get(pod);
  if (!mounts) {
    mounts = mountsByVolume(pod);
    mountsOfPods.set(pod, mounts);
  }
  return mounts.get(name) ?? [];
}

function mountsByVolume(pod: Json): Map<unknown, Mount[]> {
  const found = new Map<unknown, Mount[]>();
  for (const list of CONTAINER_LISTS) {
    for (const container of objects(pod[list])) {
      for (const { name, readOnly, ...rest } of objects(container.volumeMounts)) {
        const mount = { key: canonical([list, container.name, rest]) ?? '', isReadOnly: readOnly === true };
        const mounts = found.get(name) ?? [];
        mounts.push(mount);
        found.set(name, mounts);
      }
    }
  }
  return found;
}

function orderOfMounts(before: readonly Mount[], after: readonly Mount[]): Order | undefined {
  const holds = (all: readonly Mount[], some: readonly Mount[]) => {
    const writable = new Map<string, boolean>();
    all.forEach(({ key, isReadOnly }) => writable.set(key, writable.get(key) === true || !isReadOnly));
    return some.every(({ key, isReadOnly }) => writable.get(key) === true || (isReadOnly && writable.has(key)));
  };
  return orderOf(holds(before, after), holds(after, before));
}

/** Another version of an image is told as that. */
function orderOfMatter(below: string, before: unknown, after: unknown): Order | undefined {
  const holds = (all: unknown, some: unknown) => (
    Array.isArray(all) && Array.isArray(some) && some.every((each) => all.some((one) => sameValue(each, one)))
  );
  return below === '.image' || sameValue(before, after) ? 'same' : orderOf(holds(before, after), holds(after, before));
}

/** Another program is no other name. */
function repositoryOf({ image }: Json): string | undefined {
  return typeof image === 'string' && image !== '' ? image.replace(/@.*$/s, '').replace(/:[^/:]*$/, '') : undefined;
}

function objects(list: unknown): Json[] {
  return Array.isArray(list) ? list.filter(isObject) : [];
}
