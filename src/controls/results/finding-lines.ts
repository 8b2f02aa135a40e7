import { Finding } from '../../core/finding';
import { plural } from '../../core/plural';
import { WORST_FIRST } from '../../core/severity';

/**
 * Findings in few lines, one a control, the worst first: `HIGH image-digest: 12 findings, the first in Deployment/shop/web`. What is about no
 * object says what is the matter. A line without a number stands for one finding, and the last line counts those that are not shown.
 *
 * @param most how many lines there are at the most, before the last
 */
export function findingLines(findings: readonly Finding[], most: number): string[] {
  const groups = new Map<string, Finding[]>();
  for (const finding of findings) {
    const key = `${WORST_FIRST.indexOf(finding.severity)} ${finding.control} ${finding.resource === undefined ? finding.message : ''}`;
    groups.set(key, [...(groups.get(key) ?? []), finding]);
  }
  const sorted = [...groups].sort(([a], [b]) => (a < b ? -1 : Number(a > b))).map(([, group]) => group);
  const rest = sorted.slice(most).flat().length;
  return [
    ...sorted.slice(0, most).map((group) => `${group[0].severity.toUpperCase()} ${group[0].control}: ${what(group)}`),
    ...(rest > 0 ? [`… and ${plural(rest, 'more finding')}`] : []),
  ];
}

function what(findings: readonly Finding[]): string {
  const count = findings.length === 1 ? '' : plural(findings.length, 'finding');
  const [{ resource, message }] = findings;
  if (resource === undefined) {
    return count === '' ? message : `${count}: ${message}`;
  }
  const objects = [...new Set(findings.map((each) => each.resource!))].sort();
  return count === '' ? objects[0] : `${count}${objects.length === 1 ? '' : ', the first'} in ${objects[0]}`;
}
