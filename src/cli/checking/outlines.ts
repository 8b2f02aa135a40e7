import { isObject, Json } from '../../controls/path';

/** Controls that are about several objects in the engine, and need no more than one of them at a time. */
const ALONE: readonly string[] = [
  'api-version-served', 'api-version-stable', 'ingress-tls-hosts', 'secret-after-flag', 'secret-in-annotation', 'secret-in-config-map',
];

/** Controls that are content with outlines of objects. */
const BY_OUTLINE: readonly string[] = [
  'disruption-budget', 'namespace-default-deny', 'namespace-limit-range', 'namespace-resource-quota', 'replicas', 'workload-namespace',
];

/** Kinds of which outlines leave nothing out: there are few of them. */
const WHOLE: readonly string[] = ['Namespace', 'LimitRange', 'ResourceQuota', 'NetworkPolicy', 'PodDisruptionBudget', 'HorizontalPodAutoscaler'];

/** How much of the objects a control over several of them needs: those that aren't known need everything. */
export function needs({ id }: { readonly id: string }): 'one object' | 'outlines' | 'all objects' {
  return ALONE.includes(id) ? 'one object' : BY_OUTLINE.includes(id) ? 'outlines' : 'all objects';
}

/** What other objects refer to in an object, in little memory: the text that it was read from can be let go. */
export function outline(json: Json): Json {
  if (WHOLE.some((kind) => kind === json.kind)) {
    return json;
  }
  const { apiVersion, kind, metadata, spec } = json;
  const picked = {
    apiVersion, kind,
    metadata: picking(metadata, ({ name, namespace }) => ({ name, namespace })),
    spec: picking(spec, ({ replicas, template }) => ({ replicas, template: picking(template, labelsOnly) })),
  };
  return JSON.parse(JSON.stringify(picked)) as Json;
}

function labelsOnly({ metadata }: Json): Json {
  return { metadata: picking(metadata, ({ labels }) => ({ labels })) };
}

/** Fields of an object; what is none stays what it is. */
function picking(value: unknown, pick: (of: Json) => Json): unknown {
  return isObject(value) ? pick(value) : Array.isArray(value) ? [] : value;
}
