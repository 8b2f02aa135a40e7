import { Finding } from '../../core/finding';
import { WORST_FIRST } from '../../core/severity';

/**
 * Findings in few lines, one a control, the worst first: `HIGH image-digest: Deployment/shop/web and 11 more`. What is about no object says what
 * is the matter.
 */
export function findingLines(findings: readonly Finding[]): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${WORST_FIRST.indexOf(finding.severity)} ${finding.control} ${finding.resource === undefined ? finding.message : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, [first, ...others]]) => (
    `${first.severity.toUpperCase()} ${first.control}: ${first.resource === undefined ? first.message : objects([first, ...others])}`
  ));
}

/** The first of them by name, and how many there are besides. */
function objects(findings: readonly Finding[]): string {
  const names = [...new Set(findings.map(({ resource }) => resource!))].sort();
  return names.length === 1 ? names[0] : `${names[0]} and ${names.length - 1} more`;
}
