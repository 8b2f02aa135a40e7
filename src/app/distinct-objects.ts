import { isDeepStrictEqual } from 'util';
import { ManifestSet } from './synthesis/manifests';
import { groupOf } from '../controls/group';
import { invalid } from '../core/errors';
import { KubernetesObject, objectName } from '../evidence/inventory';

/**
 * Refuses output in which one object takes the place of another: the one that is applied last would win, without a word, and so undo a
 * default-deny policy or a namespace's labels.
 *
 * @throws if two objects have one identity (group, kind, namespace, name), or two files one name
 */
export function checkDistinct(manifests: ManifestSet): void {
  const owners = new Map<string, { readonly path: string; readonly json: unknown }>();
  for (const { json, object, chart } of manifests.documents) {
    const identity = identityOf(json as KubernetesObject | undefined);
    if (identity === undefined) {
      continue;
    }
    const path = (object ?? chart).node.path;
    const other = owners.get(identity);
    if (other !== undefined && !isSharedPolicy(json, other.json)) {
      throw invalid({
        at: path, property: 'metadata.name', got: objectName(json), allowed: `an object that is declared once in the app: ${other.path} makes it too`,
        fix: 'Rename one, or keep one: whichever is applied last would replace the other.',
      });
    }
    owners.set(identity, { path, json });
  }
  if (manifests.overwritten.length > 0) {
    const [{ json, object, chart }] = manifests.overwritten;
    throw invalid({
      at: (object ?? chart).node.path, property: 'yamlOutputType', got: objectName(json), allowed: 'files whose names differ: this one is named by kind and name alone',
      fix: 'Use YamlOutputType.FILE_PER_CHART or FOLDER_PER_CHART_FILE_PER_RESOURCE: objects of one name in two namespaces need files of their own.',
    });
  }
}

/** Packs have policies in common; each set of them is whole, and applying one policy twice changes nothing. */
function isSharedPolicy(json: unknown, other: unknown): boolean {
  const { apiVersion, kind } = json as KubernetesObject;
  return apiVersion?.startsWith('admissionregistration.k8s.io/') === true && kind?.endsWith('AdmissionPolicy') === true && isDeepStrictEqual(json, other);
}

/** What the API server tells objects apart by; undefined for what has no name yet. */
function identityOf(json: KubernetesObject | undefined): string | undefined {
  if (!json?.metadata?.name || !json.kind) {
    return undefined;
  }
  return [groupOf(json.apiVersion), json.kind, json.metadata.namespace ?? '', json.metadata.name].join('/');
}
