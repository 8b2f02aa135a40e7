import { findingLines } from '../../../src/controls/results/finding-lines';
import { Finding } from '../../../src/core/finding';
import { Severity } from '../../../src/core/severity';

function finding(control: string, severity: Severity, resource?: string, message = 'It is open.'): Finding {
  return { control, severity, message, fix: 'Close it.', ...(resource !== undefined && { resource }) };
}

test('findings are grouped by control, the worst first, with their number and the first object', () => {
  expect(findingLines([
    finding('digest', Severity.MEDIUM, 'Deployment/shop/web'), finding('privileged', Severity.CRITICAL, 'Pod/shop/b'), finding('digest', Severity.MEDIUM, 'Deployment/shop/api'),
    finding('digest', Severity.MEDIUM, 'Deployment/shop/db'), finding('privileged', Severity.CRITICAL, 'Pod/shop/b'),
  ], 8)).toEqual(['CRITICAL privileged: 2 findings in Pod/shop/b', 'MEDIUM digest: 3 findings, the first in Deployment/shop/api']);
});

test('findings about no object say what is the matter', () => {
  expect(findingLines([finding('no-policies', Severity.CRITICAL, undefined, 'flannel enforces none.'), finding('old', Severity.HIGH), finding('old', Severity.HIGH)], 8))
    .toEqual(['CRITICAL no-policies: flannel enforces none.', 'HIGH old: 2 findings: It is open.']);
});

test('the order in which they were found does not show', () => {
  const findings = ['a', 'b', 'c'].flatMap((id) => [finding(id, Severity.LOW, `Pod/${id}/x`), finding(id, Severity.LOW, `Pod/${id}/y`)]);
  expect(findingLines([...findings].reverse(), 2)).toEqual(findingLines(findings, 2));
});

test('the last line counts findings too, so that all numbers add up to all findings', () => {
  const findings = ['a', 'b', 'c', 'd'].flatMap((id, i) => Array.from({ length: i + 1 }, () => finding(id, Severity.LOW, `Pod/${id}/x`)));
  expect(findingLines(findings, 2)).toEqual(['LOW a: Pod/a/x', 'LOW b: 2 findings in Pod/b/x', '… and 7 more findings']);
  expect(findingLines(findings.slice(0, 4), 2)).toEqual(['LOW a: Pod/a/x', 'LOW b: 2 findings in Pod/b/x', '… and 1 more finding']);
  expect(findingLines(findings, 4)).toHaveLength(4);
});
