import { IConstruct } from 'constructs';
import { initContainerParts } from './init-containers';
import { placementParts } from './placement';
import { PodParts } from './pod-parts';
import { WorkloadKind } from './secure-workload-props';
import { furtherPortParts, lowestPort } from './service-ports';
import { VolumeOwner, volumeParts } from './volume-parts';
import { imageParts } from './workload-image';
import { KIND_FACTS } from './workload-kinds';
import { WorkloadPlan } from './workload-plan';
import { writtenResources } from './workload-resources';

/** What cdk8s-plus has no property for, or too narrow a one, in the form in which the API server keeps it. */
export function workloadParts(plan: WorkloadPlan, owner: VolumeOwner, at: IConstruct): PodParts[] {
  const { confinement, termination, placement, kind, kindSpec, selector, pods, ports, resources, volumes, initContainers, pull } = plan;
  return [
    { workloadSpec: kindSpec },
    { podSpec: { enableServiceLinks: false, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, container: { resources: writtenResources(resources) } },
    ...imageParts(pull, lowestPort(ports)),
    ...furtherPortParts(ports),
    ...(KIND_FACTS[kind].selects ? [{ workloadSpec: { selector: { matchLabels: selector } } }] : []),
    ...((pods?.most ?? 0) > 1 ? [{ podSpec: { topologySpreadConstraints: spread(selector) } }] : []),
    ...initContainerParts(initContainers, pull.policy),
    ...confinement,
    ...termination.parts,
    ...placementParts(placement, owner.namespace),
    volumeParts(volumes, owner, kind === WorkloadKind.STATEFUL_SET, at),
  ];
}

/** Over nodes and zones where there are enough; a pod is rather placed beside another than not at all. */
function spread(selector: Record<string, string>): object[] {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: selector },
  }));
}
