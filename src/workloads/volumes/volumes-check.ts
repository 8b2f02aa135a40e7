import { IConstruct } from 'constructs';
import { EphemeralMedium, VolumeAccess, Volumes } from './workload-volumes';
import { invalid } from '../../core/errors';
import { mebibytesOf, sizeText } from '../../core/quantities';
import { ResourceBounds } from '../pod/workload-resources';
import { WorkloadKind } from '../secure-workload-props';

interface Pods {
  readonly kind: WorkloadKind;
  /** At once, at most. */
  readonly pods: number;
  readonly resources: ResourceBounds;
}

/** True if all pods share a volume that the pods of one node alone may mount. */
export function sharesOnOneNode({ persistent }: Volumes): boolean {
  return persistent.some(({ from }) => from.access !== VolumeAccess.READ_WRITE_MANY);
}

/** @throws if pods would wait for a volume for ever, or be evicted before it is full */
export function checkVolumesFit(volumes: Volumes, { kind, pods, resources }: Pods, at: IConstruct): void {
  volumes.persistent.forEach(({ from: { claimName, access } }, i) => {
    if (kind === WorkloadKind.STATEFUL_SET && claimName !== undefined) {
      throw invalid({
        at, property: `persistentPaths[${i}].claimName`, got: claimName, allowed: 'none for a StatefulSet, each of whose pods has a claim of its own', fix: 'Give the size instead.',
      });
    }
    if (kind !== WorkloadKind.STATEFUL_SET && pods > 1 && access !== VolumeAccess.READ_WRITE_MANY) {
      throw invalid({
        at, property: `persistentPaths[${i}].access`, got: access ?? VolumeAccess.READ_WRITE_ONCE, allowed: 'ReadWriteMany where several pods share the volume',
        fix: 'Run one pod, take a StatefulSet, or name a volume that several nodes may mount: access: VolumeAccess.READ_WRITE_MANY.',
      });
    }
  });
  const together = { ephemeralStorage: 0, memory: 0 };
  volumes.ephemeral.forEach(({ from: { size, medium = EphemeralMedium.NODE } }, i) => {
    const property = medium === EphemeralMedium.NODE ? 'ephemeralStorage' : 'memory';
    const limit = medium === EphemeralMedium.VOLUME ? Infinity : resources[property].limit;
    const holds = mebibytesOf(size, `ephemeralPaths[${i}].size`, at);
    together[property] += medium === EphemeralMedium.VOLUME ? 0 : holds;
    const sum = together[property];
    if (sum > limit) {
      throw invalid({
        at, property: `ephemeralPaths[${i}].size`, got: sum === holds ? sizeText(holds) : `${sizeText(holds)}, ${sizeText(sum)} with those before it`,
        allowed: `at most ${sizeText(limit)}, the limit in resources.${property} that it counts towards`,
        fix: `Raise resources.${property}.limit: the pod would be ended before the directory is full.`,
      });
    }
  });
}
