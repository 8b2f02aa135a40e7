import { ApiObject, Lazy } from 'cdk8s';
import { Workload } from 'cdk8s-plus-28';
import { Json } from '../controls/path';

/**
 * Puts a plain object in the place of the one that a cdk8s-plus workload made. The classes of cdk8s-plus-28 copy the fields of Kubernetes 1.28
 * and drop all others, patched or not; a plain object writes whatever it is given, under the manifest's own names.
 *
 * @param complete the object as cdk8s-plus writes it to what is written; patches of the object come after it
 */
export function plainObjectOf(workload: Workload, complete: (object: Json) => Json): ApiObject {
  const typed = ApiObject.of(workload);
  const { apiVersion, kind } = typed;
  workload.node.tryRemoveChild(typed.node.id);
  const plain: ApiObject = new ApiObject(workload, typed.node.id, {
    apiVersion,
    kind,
    metadata: typed.metadata.toJson() as object,
    spec: Lazy.any({
      produce: () => {
        const { spec } = typed.toJson() as Json;
        return complete({ apiVersion, kind, metadata: plain.metadata.toJson() as Json, spec }).spec;
      },
    }),
  });
  // What cdk8s-plus asks its object for, for instance its metadata, it asks the plain one for.
  Object.assign(workload, { apiObject: plain });
  return plain;
}
