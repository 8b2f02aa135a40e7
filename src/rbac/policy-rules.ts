import { sortedVerbs } from './verbs';

/** What is granted of one resource. */
export interface Granted {
  readonly group: string;
  readonly resource: string;
  readonly verbs: readonly string[];
  /** The objects it is kept to; none: all of them. */
  readonly names: readonly string[];
}

/** A rule of `rbac.authorization.k8s.io/v1`. */
export interface PolicyRule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
  readonly verbs: string[];
}

interface OfResource {
  readonly group: string;
  readonly resource: string;
  readonly ofAll: Set<string>;
  readonly byName: Map<string, Set<string>>;
}

/**
 * The rules that give what is granted and no more: for each resource one for all objects, and one for the names that have the same verbs besides.
 * They are the same in whatever order, and however often, it was granted.
 */
export function policyRules(granted: readonly Granted[]): PolicyRule[] {
  const resources = new Map<string, OfResource>();
  for (const { group, resource, verbs, names } of granted) {
    const key = `${group} ${resource}`;
    const entry = resources.get(key) ?? { group, resource, ofAll: new Set(), byName: new Map() };
    resources.set(key, entry);
    if (names.length === 0) {
      verbs.forEach((verb) => entry.ofAll.add(verb));
    }
    names.forEach((name) => entry.byName.set(name, new Set([...entry.byName.get(name) ?? [], ...verbs])));
  }
  return [...resources.keys()].sort().flatMap((key) => rulesOf(resources.get(key)!));
}

function rulesOf({ group, resource, ofAll, byName }: OfResource): PolicyRule[] {
  const at = { apiGroups: [group], resources: [resource] };
  const namesByVerbs = new Map<string, string[]>();
  for (const name of [...byName.keys()].sort()) {
    const besides = ofAll.has('*') ? [] : sortedVerbs([...byName.get(name)!].filter((verb) => !ofAll.has(verb)));
    if (besides.length > 0) {
      const key = besides.join(' ');
      namesByVerbs.set(key, [...namesByVerbs.get(key) ?? [], name]);
    }
  }
  return [
    ...(ofAll.size > 0 ? [{ ...at, verbs: sortedVerbs(ofAll) }] : []),
    ...[...namesByVerbs].map(([verbs, resourceNames]) => ({ ...at, resourceNames, verbs: verbs.split(' ') })),
  ];
}
