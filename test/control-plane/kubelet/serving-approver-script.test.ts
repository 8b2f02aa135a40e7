import { execFileSync } from 'child_process';
import { servingApproverScript } from '../../../src/control-plane/kubelet/serving-approver-script';

test('a list is a list to the shell whatever stands in it, and never a command', () => {
  const none = { nodeRanges: [], controlPlaneRanges: [], foreignRanges: [], foreignDomains: [], nodeDomains: [], externalRanges: [] };
  const foreignNames = ['a\'b', '$(id)', '$&', '`id`', 'plain'];
  const script = servingApproverScript({ ...none, foreignNames });
  const assignments = script.split('\n').filter((line) => /^(foreign_names|node_ranges)=/.test(line)).join('\n');

  expect(execFileSync('sh', ['-c', `${assignments}\nprintf '%s|%s' "$foreign_names" "$node_ranges"`], { encoding: 'utf8' })).toBe(`${foreignNames.join(' ')}|`);
  expect(script).not.toMatch(/@[A-Z_]+@/);
});
