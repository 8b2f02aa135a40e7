import { ApiObject } from 'cdk8s';
import { Construct } from 'constructs';

/** Lets a drain take one pod at a time, and pods that are broken anyway at once. */
export function disruptionBudget(
  scope: Construct, metadata: { name: string; namespace: string; labels: Record<string, string> }, selector: Record<string, string>,
): ApiObject {
  return new ApiObject(scope, 'PodDisruptionBudget', {
    apiVersion: 'policy/v1',
    kind: 'PodDisruptionBudget',
    metadata,
    spec: { maxUnavailable: 1, unhealthyPodEvictionPolicy: 'AlwaysAllow', selector: { matchLabels: selector } },
  });
}
