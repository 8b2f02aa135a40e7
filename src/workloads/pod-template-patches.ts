import { JsonPatch } from 'cdk8s';
import { WorkloadPlan } from './workload-plan';
import { writtenResources } from './workload-resources';

/**
 * What cdk8s-plus has no property for, or writes though the API server drops it, so that a GitOps tool would see a difference for ever.
 *
 * Patches reach what the generated classes of cdk8s-plus-28 take, not what they write: `KubeDeployment.toJson` copies the fields of Kubernetes
 * 1.28 one by one and drops all others, patched or not. Names in patches are those of its properties (`clusterIp`, not `clusterIP`), and
 * quantities have to be `k8s.Quantity`: a string comes out as null.
 * A field that came after 1.28 needs an object that is a plain `ApiObject`.
 */
export function podTemplatePatches({ replicas, selector, resources, port }: WorkloadPlan): JsonPatch[] {
  const pod = '/spec/template/spec';
  return [
    JsonPatch.add('/spec/selector', { matchLabels: selector }),
    JsonPatch.remove('/spec/minReadySeconds'),
    JsonPatch.remove(`${pod}/hostNetwork`),
    JsonPatch.add(`${pod}/securityContext/seccompProfile`, { type: 'RuntimeDefault' }),
    JsonPatch.add(`${pod}/enableServiceLinks`, false),
    JsonPatch.add(`${pod}/containers/0/resources`, writtenResources(resources)),
    ...(port === undefined ? [] : [JsonPatch.add(`${pod}/containers/0/ports/0/protocol`, 'TCP')]),
    ...(replicas > 1 ? [JsonPatch.add(`${pod}/topologySpreadConstraints`, spread(selector))] : []),
  ];
}

/** Over nodes and zones where there are enough; a pod is rather placed beside another than not at all. */
function spread(selector: Record<string, string>): object[] {
  return ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
    maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: selector },
  }));
}
