import { basename } from 'path';
import { DocumentProblem } from './document';

/** What cdk8s writes beside manifests where it is asked to. */
const CONSTRUCTS = 'construct-metadata.json';

/** What to say of a file that was given by name and holds nothing. */
export const HOLDS_NONE = 'it holds no objects';

/** Whether a document claims to be an object of the API. */
export function claimsToBeObject({ apiVersion, kind }: { readonly apiVersion?: unknown; readonly kind?: unknown }): boolean {
  return apiVersion !== undefined || kind !== undefined;
}

/** Whether it is clear by the name what a file without objects is. Such a name alone hides nothing. */
export function isConstructsFile(path: string): boolean {
  return basename(path) === CONSTRUCTS;
}

/** What to say of a file below a folder that holds no object at all. */
export function leftOut(file: string): DocumentProblem[] {
  const message = 'left out: it has neither apiVersion nor kind; what Kustomize or Helm makes of it can be given for - (kustomize build, helm template)';
  return isConstructsFile(file) ? [] : [{ level: 'warning', file, message }];
}
