import { IApiResource } from 'cdk8s-plus-28';
import { apiFields } from '../controls/api-fields/table';
import { groupOf } from '../controls/group';
import { isOfKubernetes } from '../controls/results/finding-maker';
import { invalid, InvalidInput } from '../core/errors';
import { nearestName } from '../core/nearest-name';

/** A resource as rules of RBAC name it. */
export interface GrantedResource {
  /** Empty for the core group. */
  readonly group: string;
  /** Plural, with the subresource where one is meant: `pods/log`. */
  readonly resource: string;
  /** Whether its objects belong to namespaces; undefined where that isn't known. */
  readonly namespaced?: boolean;
  /** The one object meant. */
  readonly name?: string;
}

/** What rules name though the API serves no such objects, and whether it belongs to namespaces: who is impersonated, and who signs certificates. */
const WITHOUT_OBJECTS: Record<string, Record<string, boolean>> = {
  '': { users: false, groups: false },
  'authentication.k8s.io': { users: false, groups: false, uids: false, userextras: false, nodes: false, serviceaccounts: true },
  'certificates.k8s.io': { signers: false },
};

const FIX = 'Take ApiResource.CONFIG_MAPS or the like of cdk8s-plus, ApiResource.custom({ apiGroup, resourceType }), or the object itself.';

/** Checks what a grant is about. A name that the API doesn't have would grant nothing, silently. */
export function checkResource(resource: IApiResource, at: InvalidInput['at']): GrantedResource {
  const { apiGroup, resourceType, resourceName } = resource ?? {};
  if (typeof apiGroup !== 'string' || typeof resourceType !== 'string') {
    throw invalid({ at, property: 'resource', got: shown(resource), allowed: 'a resource with apiGroup and resourceType', fix: FIX });
  }
  const group = apiGroup === 'core' ? '' : apiGroup;
  if (!/^(\*|[a-z0-9]([-a-z0-9.]*[a-z0-9])?)?$/.test(group)) {
    throw invalid({
      at, property: 'resource.apiGroup', got: apiGroup, allowed: 'the name of an API group, empty for the core group',
      fix: 'Give it without the version, for instance apps.',
    });
  }
  if (!/^(\*|[a-z][-a-z0-9.]*)(\/(\*|[a-z][-a-z0-9./]*))?$/.test(resourceType)) {
    throw invalid({
      at, property: 'resource.resourceType', got: resourceType, allowed: 'the plural that URLs have, in small letters, and with a / its subresource',
      fix: 'Write it like configmaps or pods/log.',
    });
  }
  const [plural] = resourceType.split('/');
  const namespaced = plural === '*' || group === '*' ? undefined : isNamespaced(group, plural, at);
  return {
    group, resource: resourceType, ...(namespaced !== undefined && { namespaced }), ...(resourceName !== undefined && { name: resourceName }),
  };
}

function isNamespaced(group: string, plural: string, at: InvalidInput['at']): boolean | undefined {
  if (!isOfKubernetes(group)) {
    return undefined;
  }
  const withoutObjects = WITHOUT_OBJECTS[group]?.[plural];
  if (withoutObjects !== undefined) {
    return withoutObjects;
  }
  const ofGroup = [...apiFields().served.values()].filter(({ apiVersion }) => groupOf(apiVersion) === group);
  const found = ofGroup.find((row) => row.plural === plural);
  if (!found) {
    const known = [...new Set(ofGroup.map((row) => row.plural))];
    const near = nearestName(plural, known);
    throw invalid({
      at, property: 'resource.resourceType', got: plural,
      allowed: known.length === 0 ? 'resources of a group that Kubernetes has, or of a group with a domain' : known.sort().join(', '),
      fix: near === undefined ? `The group ${group === '' ? 'without name (core)' : group} has no such resource: correct one of the two.` : `Did you mean "${near}"?`,
    });
  }
  return found.namespaced;
}

/** Constructs are named by their path. */
function shown(resource: unknown): unknown {
  return typeof resource === 'object' && resource !== null && 'node' in resource ? 'a construct that is no API object' : resource;
}
