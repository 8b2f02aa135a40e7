import { DocumentCheck } from '../../../src/cli/checking/check-documents';
import { CheckSettings } from '../../../src/cli/checking/settings';
import { ControlPack } from '../../../src/controls/pack';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Severity } from '../../../src/core/severity';

/** A check of Services that each open a port on every node. */
function checkOf(count: number, more: Partial<CheckSettings>): DocumentCheck {
  const check = new DocumentCheck({
    packs: [ControlPack.recommended()], version: KubernetesVersion.of('1.35'), failOn: Severity.INFO, updatesBaseline: false, fingerprints: true, ...more,
  });
  for (let i = 0; i < count; i++) {
    const object = { apiVersion: 'v1', kind: 'Service', metadata: { name: `web-${i}`, namespace: 'shop' }, spec: { type: 'NodePort', ports: [{ port: 80 }] } };
    check.add({ file: 'services.yaml', index: i, line: 1, object });
  }
  return check;
}

test('a run ends as soon as there are more findings than its output can hold', () => {
  const limit = { findings: 5, error: () => new Error('too many') };
  expect(() => checkOf(6, { limit })).toThrow('too many');
  expect(checkOf(5, { limit }).finish().found).toHaveLength(5);
});

test('findings that are counted only are not held against that limit', () => {
  const checked = checkOf(6, { most: 2, limit: { findings: 5, error: () => new Error('too many') } }).finish();
  expect(checked.found).toHaveLength(2);
  expect(checked.tally.open).toBe(6);
});
