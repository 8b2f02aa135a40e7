import { findingLines } from '../../../src/controls/results/finding-lines';
import { Finding } from '../../../src/core/finding';
import { Severity } from '../../../src/core/severity';

function finding(control: string, severity: Severity, resource?: string, message = 'It is open.'): Finding {
  return { control, severity, message, fix: 'Close it.', ...(resource !== undefined && { resource }) };
}

test('findings are grouped by control, the worst first, with the first object and the number of the others', () => {
  expect(findingLines([
    finding('digest', Severity.MEDIUM, 'Deployment/shop/web'), finding('privileged', Severity.CRITICAL, 'Pod/shop/b'), finding('digest', Severity.MEDIUM, 'Deployment/shop/api'),
    finding('digest', Severity.MEDIUM, 'Deployment/shop/db'), finding('privileged', Severity.CRITICAL, 'Pod/shop/b'),
  ])).toEqual(['CRITICAL privileged: Pod/shop/b', 'MEDIUM digest: Deployment/shop/api and 2 more']);
});

test('findings about no object say what is the matter', () => {
  expect(findingLines([finding('no-policies', Severity.CRITICAL, undefined, 'flannel enforces none.'), finding('old', Severity.HIGH)]))
    .toEqual(['CRITICAL no-policies: flannel enforces none.', 'HIGH old: It is open.']);
});

test('the order in which they were found does not show', () => {
  const findings = ['a', 'b', 'c'].flatMap((id) => [finding(id, Severity.LOW, `Pod/${id}/x`), finding(id, Severity.LOW, `Pod/${id}/y`)]);
  expect(findingLines([...findings].reverse())).toEqual(findingLines(findings));
});
