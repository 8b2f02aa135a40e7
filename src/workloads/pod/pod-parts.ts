import { isObject, Json } from '../../controls/path';

/** What a feature of a workload adds to the object that is written, in the manifest's own terms. What is there already stays. */
export interface PodParts {
  /** Fields of the workload's own `spec`, beside the pod template; they take the place of what cdk8s-plus says. */
  readonly workloadSpec?: Json;
  /** Labels and annotations of the pods. */
  readonly podMetadata?: Json;
  /** Fields of the pod's `spec`. */
  readonly podSpec?: Json;
  /** Fields of the program's own container. */
  readonly container?: Json;
}

/** A small directory that is empty at each start: what makes a read-only root filesystem bearable. */
export const SMALL_DIRECTORY = { emptyDir: { sizeLimit: '256Mi' } };

/** The first with what the second adds: objects are merged, lists joined, and any other value that is there stays. */
export function merged(present: unknown, added: unknown): unknown {
  if (present === undefined || present === null) {
    return added;
  }
  if (Array.isArray(present) && Array.isArray(added)) {
    return [...present as unknown[], ...added as unknown[]];
  }
  if (isObject(present) && isObject(added)) {
    return Object.entries(added).reduce<Json>((result, [key, value]) => (
      value === undefined ? result : { ...result, [key]: merged(Object.hasOwn(present, key) ? present[key] : undefined, value) }
    ), present);
  }
  return present;
}
