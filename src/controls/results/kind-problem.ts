import { KubernetesVersion, SupportState } from '../../core/kubernetes-version';
import { nearestName } from '../../core/nearest-name';
import { removedIn } from '../api-fields/removed-api-versions';
import { apiFields } from '../api-fields/table';
import { Fault } from '../faults';
import { groupOf } from '../group';

let groups: Map<string, Set<string>> | undefined;

/**
 * What is wrong with the kind of an object: one of Kubernetes' own groups doesn't have it, so that no control would look at it and it would pass
 * for that. Nothing is said of custom resources, nor for versions of Kubernetes that the library doesn't know.
 */
export function kindProblem(apiVersion: string, kind: string, version: KubernetesVersion): Fault | undefined {
  if (version.supportState === SupportState.UNKNOWN) {
    return undefined;
  }
  const group = groupOf(apiVersion);
  const kinds = kindsByGroup().get(group);
  if (kinds?.has(kind) || removedIn(apiVersion, kind)) {
    return undefined;
  }
  if (kinds) {
    return { place: ['kind'], got: kind, expected: `a kind of ${apiVersion}${meant(kind, kinds)}` };
  }
  // Groups of custom resources have a dot in them.
  return group.includes('.') ? undefined : { place: ['apiVersion'], got: apiVersion, expected: `a group of the Kubernetes API, or a domain${meant(group, kindsByGroup().keys())}` };
}

function kindsByGroup(): Map<string, Set<string>> {
  if (!groups) {
    groups = new Map();
    for (const { apiVersion, kind } of apiFields().served.values()) {
      const group = groupOf(apiVersion);
      groups.set(group, (groups.get(group) ?? new Set()).add(kind));
    }
  }
  return groups;
}

function meant(typo: string, names: Iterable<string>): string {
  const name = nearestName(typo, names);
  return name ? ` (${name}?)` : '';
}
