import { isDnsSubdomain } from './dns-name';
import { invalid, InvalidInput } from './errors';

const NAME = /^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/;

/**
 * Checks labels that select pods: well-formed, and at least one, because an empty selector selects everything. Returns a copy.
 */
export function checkPodLabels(labels: Record<string, string>, property: string, at?: InvalidInput['at']): Record<string, string> {
  const entries = Object.entries(labels);
  if (entries.length === 0) {
    throw invalid({ at, property, got: labels, allowed: 'at least one label', fix: `Leave ${property} out to mean every pod of the namespace.` });
  }
  for (const [key, value] of entries) {
    if (!isLabelKey(key) || !isLabelValue(value)) {
      throw invalid({
        at,
        property,
        got: { [key]: value },
        allowed: 'labels as Kubernetes takes them: name or DNS prefix/name, and values, of at most 63 letters, digits, -, _ and dots',
        fix: 'Copy the labels from the pods\' manifest.',
      });
    }
  }
  return { ...labels };
}

/** True for the key of a label, as the API server takes it: a name, or a DNS prefix and a name. Keys of annotations may have capitals besides. */
export function isLabelKey(key: string): boolean {
  const [name, prefix, ...rest] = key.split('/').reverse();
  return rest.length === 0 && NAME.test(name) && (prefix === undefined || isDnsSubdomain(prefix));
}

/** True for the value of a label, as the API server takes it. */
export function isLabelValue(value: unknown): value is string {
  return typeof value === 'string' && (value === '' || NAME.test(value));
}
