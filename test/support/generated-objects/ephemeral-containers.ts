import * as fc from 'fast-check';
import { Fields, oneOf } from './arbitraries';
import { GENERATED_NAMESPACE, GeneratedObject, GeneratorOptions } from './options';
import { assemblePod, podDraft } from './pod-template';

export interface PodWithEphemeralContainers {
  /** Has none: the server takes them only later, through the subresource `pods/ephemeralcontainers`. */
  readonly pod: GeneratedObject;
  readonly ephemeralContainers: Fields[];
}

/**
 * Pods and the ephemeral containers that they get after their creation. Create the pod for real, then patch its subresource
 * `ephemeralcontainers` by `{ spec: { ephemeralContainers } }` of type application/strategic-merge-patch+json.
 */
export function ephemeralContainersArbitrary(options: GeneratorOptions): fc.Arbitrary<PodWithEphemeralContainers> {
  return fc.record({ name: oneOf('app', 'web-1'), draft: podDraft(options, true) }).map(({ name, draft }) => {
    const { metadata, spec: { ephemeralContainers, ...spec } } = assemblePod(draft, [undefined, 'Never']);
    return {
      pod: { apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: options.namespace ?? GENERATED_NAMESPACE, ...metadata }, spec },
      ephemeralContainers,
    };
  });
}
