import { GrantedResource } from './granted-resource';
import { isOfKubernetes } from '../controls/results/finding-maker';
import { invalid, InvalidInput } from '../core/errors';
import { nearestName } from '../core/nearest-name';

/** The verbs of reading. */
export const READ = ['get', 'list', 'watch'];
/** The verbs of changing single objects, new ones too. */
export const WRITE = ['create', 'update', 'patch', 'delete'];

/** In the order in which rules list them; others come after them. */
const IN_ORDER = [...READ, ...WRITE, 'deletecollection'];
/** Verbs that Kubernetes's own resources have besides. */
const SPECIAL = ['approve', 'sign', 'attest', 'bind', 'escalate', 'impersonate', 'use', 'unsafe-delete-ignore-read-errors'];
/** Requests that name no object, so that rules can't keep them to one. */
const NAMELESS = ['create', 'deletecollection'];

/** Checks the verbs of a grant. */
export function checkVerbs(verbs: readonly string[], { group }: GrantedResource, at: InvalidInput['at']): void {
  if (!Array.isArray(verbs) || verbs.length === 0) {
    throw invalid({ at, property: 'verbs', got: verbs, allowed: 'a list of one or more verbs of the API', fix: 'Name what the program does: [\'get\'].' });
  }
  for (const [i, verb] of (verbs as readonly string[]).entries()) {
    const property = `verbs[${i}]`;
    if (typeof verb !== 'string' || !/^(\*|[a-z][-a-z0-9:.*/]*)$/.test(verb)) {
      throw invalid({ at, property, got: verb, allowed: 'a verb of the API in small letters', fix: 'Write it like get or update.' });
    }
    const known = [...IN_ORDER, ...SPECIAL];
    if (verb !== '*' && group !== '*' && isOfKubernetes(group) && !known.includes(verb) && !/^impersonate(-on)?:/.test(verb)) {
      const near = nearestName(verb, known);
      throw invalid({
        at, property, got: verb, allowed: known.join(', '), fix: near === undefined ? 'Take grantRead or grantWrite, or name verbs of the API.' : `Did you mean "${near}"?`,
      });
    }
  }
}

/** Checks the names that a grant is kept to. */
export function checkNames(names: readonly string[], verbs: readonly string[], { resource }: GrantedResource, at: InvalidInput['at']): void {
  if (!Array.isArray(names) || names.length === 0) {
    throw invalid({ at, property: 'names', got: names, allowed: 'one or more names', fix: 'Leave names out to mean every object: an empty list in a rule means that too.' });
  }
  const wrong = (names as readonly unknown[]).findIndex((name) => typeof name !== 'string' || name === '' || name === '.' || name === '..' || /[/%*\s]/.test(name));
  if (wrong >= 0) {
    throw invalid({
      at, property: `names[${wrong}]`, got: names[wrong], allowed: 'the name of an object; rules know no patterns in names', fix: 'Name each object, or leave names out to mean all.',
    });
  }
  const nameless = verbs.find((verb) => NAMELESS.includes(verb));
  if (nameless !== undefined && !resource.includes('/')) {
    throw invalid({
      at, property: 'names', got: names, allowed: `none with the verb ${nameless}: such a request names no object, and the API server would refuse all of them`,
      fix: `Grant ${nameless} by a call of its own, without names.`,
    });
  }
}

/** Whether verbs can be kept to names. */
export function takesNames(verb: string): boolean {
  return !NAMELESS.includes(verb);
}

/** Verbs as rules list them: known ones in the usual order, each once; `*` stands for all. */
export function sortedVerbs(verbs: Iterable<string>): string[] {
  const all = new Set(verbs);
  const rank = (verb: string) => (IN_ORDER.includes(verb) ? IN_ORDER.indexOf(verb) : IN_ORDER.length);
  return all.has('*') ? ['*'] : [...all].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
