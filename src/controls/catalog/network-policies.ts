import { ModelObject } from '../object-model';
import { isEmpty, isObject, valueAt } from '../path';
import { selectsEverything } from './workload-model';

const DIRECTIONS = [{ type: 'Ingress', rules: 'ingress', peers: 'from' }, { type: 'Egress', rules: 'egress', peers: 'to' }];

/** The directions that no policy of a namespace closes for all of its pods. */
export function openDirections(policies: readonly ModelObject[]): string[] {
  const closed = new Set(policies.flatMap(closedBy));
  return DIRECTIONS.map(({ type }) => type).filter((type) => !closed.has(type));
}

/** The directions that a policy closes for all pods of its namespace, but for the peers that its rules name. */
function closedBy({ json }: ModelObject): string[] {
  const spec = isObject(json.spec) ? json.spec : {};
  // As the API server defaults them.
  const types = isEmpty(spec.policyTypes) ? ['Ingress', ...isEmpty(spec.egress) ? [] : ['Egress']] : spec.policyTypes;
  if (!Array.isArray(types) || !isObject(spec.podSelector) || !selectsEverything(spec.podSelector)) {
    return [];
  }
  return DIRECTIONS.filter(({ type, rules, peers }) => types.includes(type) && namePeers(spec[rules], peers)).map(({ type }) => type);
}

function namePeers(rules: unknown, peers: string): boolean {
  return isEmpty(rules) || (Array.isArray(rules) && rules.every((rule) => Array.isArray(valueAt(rule, [peers])) && !isEmpty(valueAt(rule, [peers]))));
}
