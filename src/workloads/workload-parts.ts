import { IConstruct } from 'constructs';
import { furtherPortParts, lowestPort } from './exposure/service-ports';
import { initContainerParts } from './pod/init-containers';
import { placementParts } from './pod/placement';
import { PodParts } from './pod/pod-parts';
import { lowPortParts } from './pod/pod-security';
import { imageParts } from './pod/workload-image';
import { writtenResources } from './pod/workload-resources';
import { WorkloadKind } from './secure-workload-props';
import { VolumeOwner, volumeParts } from './volumes/volume-parts';
import { KIND_FACTS } from './workload-kinds';
import { WorkloadPlan } from './workload-plan';

/** What cdk8s-plus has no property for, or too narrow a one, in the form in which the API server keeps it. */
export function workloadParts(plan: WorkloadPlan, owner: VolumeOwner, at: IConstruct): PodParts[] {
  const { confinement, termination, placement, kind, kindSpec, selector, pods, ports, resources, volumes, initContainers, pull } = plan;
  return [
    { workloadSpec: kindSpec },
    { podSpec: { enableServiceLinks: false, securityContext: { seccompProfile: { type: 'RuntimeDefault' } } }, container: { resources: writtenResources(resources) } },
    ...imageParts(pull),
    ...lowPortParts(lowestPort([...ports, ...initContainers.flatMap(({ container: { port } }) => (port === undefined ? [] : [{ port }]))])),
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
