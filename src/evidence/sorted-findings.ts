import { compare } from './inventory';
import { Finding } from '../core/finding';
import { Severity, WORST_FIRST } from '../core/severity';

/** Worst first, then by control, object and place, so that the order in which they were found doesn't show. */
export function sortedFindings<T extends Finding>(findings: readonly T[]): T[] {
  return findings.map((finding) => ({ finding, key: sortKey(finding) })).sort((a, b) => compare(a.key, b.key)).map(({ finding }) => finding);
}

function sortKey(each: Finding): string {
  return JSON.stringify([
    WORST_FIRST.indexOf(each.severity), each.control, each.resource ?? '', each.constructPath ?? '', each.path ?? '', each.message,
    each.got ?? '', each.expected ?? '', each.fix, each.source?.file ?? '', each.source?.line ?? 0,
  ]);
}

/** For instance `2 critical, 1 low`: what there is none of is left out. */
export function countsBySeverity(findings: readonly { readonly severity: Severity }[]): string {
  return WORST_FIRST
    .map((severity) => ({ severity, count: findings.filter((each) => each.severity === severity).length }))
    .filter(({ count }) => count > 0)
    .map(({ severity, count }) => `${count} ${severity}`)
    .join(', ');
}
