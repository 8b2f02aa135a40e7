import { Outputs } from '../../src/app/outputs';
import { Said, summaryLines } from '../../src/app/summary';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Severity } from '../../src/core/severity';
import { finding, noChecks, waiver } from '../evidence/sample-checks';

const FOLDERS: Outputs = { manifests: 'dist', nodes: 'nodes.out', terraform: 'cdktf.out', evidence: 'evidence.out' };
const FILE = { path: 'x', content: '' };
const COUNTS = { objects: 2, files: { manifests: [FILE], nodes: [FILE], terraform: [FILE], evidence: [FILE] } };
const NOTHING: Said = { checks: noChecks(), findings: [], stale: [], baselineUpdates: [] };

function lines(more: Partial<Said['checks']> = {}, said: Partial<Said> = {}): string[] {
  return summaryLines(new ClusterProfile({ name: 'prod' }), FOLDERS, COUNTS, { ...NOTHING, checks: { ...noChecks(), ...more }, ...said }).slice(5);
}

test('a run with nothing to say says so', () => {
  expect(lines()).toEqual(['No findings.']);
});

test('findings that fail nothing are counted, and shown a line a control, the worst first', () => {
  const digests = ['a', 'b', 'c'].map((name) => finding({ control: 'image-digest', severity: Severity.HIGH, status: 'warned', resource: `Deployment/shop/${name}` }));
  expect(lines({ findings: [...digests, finding({ status: 'warned' }), finding({ status: 'waived' }), finding({ status: 'baselined' })] })).toEqual([
    '4 findings:', '  CRITICAL privileged: Deployment/shop/web', '  HIGH image-digest: 3 findings, the first in Deployment/shop/a',
    'accepted: 1 finding waived, 1 finding in the baseline',
  ]);
});

test('findings about the cluster are among them', () => {
  const old = { control: 'kubernetes-end-of-life', severity: Severity.HIGH, message: 'No fixes any more.', fix: 'Upgrade.' };
  expect(lines({}, { findings: [old] })).toEqual(['1 finding:', '  HIGH kubernetes-end-of-life: No fixes any more.']);
});

test('changes of hardening are counted, and what it left', () => {
  const change = { resource: 'Pod/a', constructPath: 'c/a', control: 'x', change: 'spec.hostPID: true → removed' };
  const left = { resource: 'Pod/a', constructPath: 'c/a', control: 'x', path: 'spec', reason: 'Nobody knows.' };
  expect(lines({ changes: [change, change, { ...change, resource: 'Pod/b' }] })).toContain('hardened: 3 changes in 2 objects');
  expect(lines({ changes: [change], unfixed: [left] })).toContain('hardened: 1 change in 1 object; 1 finding left for a person');
  expect(lines({ unfixed: [left] })).toContain('hardened: 0 changes in 0 objects; 1 finding left for a person');
});

test('changes that a program may not survive are counted apart', () => {
  const change = { resource: 'Pod/a', constructPath: 'c/a', control: 'x', change: 'spec.hostPID: true → removed' };
  expect(lines({ changes: [change, { ...change, mayNeed: 'root: check that it does without' }] })).toContain(
    'hardened: 2 changes in 1 object, 1 change that a program may not survive (see report.md)');
});

test('waivers that end soon are named, others are not', () => {
  const soon = (name: string) => waiver({ state: 'expiring', covers: `Pod/${name}`, expires: '2026-07-01' });
  expect(lines({ waivers: [soon('a'), waiver()] })).toContain('1 waiver ends within 30 days: host-network for Pod/a on 2026-07-01');
  expect(lines({ waivers: ['c', 'b', 'a'].map(soon) })).toContain(
    '3 waivers end within 30 days: host-network for Pod/a on 2026-07-01, host-network for Pod/b on 2026-07-01 and 1 more');
  expect(lines({ waivers: [waiver()] })).toEqual(['No findings.']);
});

test('pods that no check sees, and baselines that were written, are named', () => {
  expect(lines({ notCovered: [{ resource: 'Kafka/shop/events', constructPath: 'c', reason: 'r' }] })).toContain(
    'pods of 1 object are judged by no check before they exist: Kafka/shop/events');
  expect(lines({}, { baselineUpdates: [{ path: 'baseline.json', findings: 1, content: '' }] })).toContain('written anew: baseline.json with 1 finding');
});

test('it never has more than twenty lines', () => {
  const many = Array.from({ length: 30 }, (_, i) => i);
  const all = lines({
    findings: many.map((i) => finding({ control: `control-${i}`, status: 'warned' })),
    changes: many.map((i) => ({ resource: `Pod/${i}`, constructPath: 'c', control: 'x', change: 'y' })),
    waivers: many.map((i) => waiver({ state: 'expiring', covers: `Pod/${i}` })),
    notCovered: many.map((i) => ({ resource: `Kafka/${i}`, constructPath: 'c', reason: 'r' })),
  }, { stale: many.map((i) => `stale-${i}.k8s.yaml`), baselineUpdates: many.map((i) => ({ path: `${i}.json`, findings: i, content: '' })) });
  expect(all.length + 5).toBeLessThanOrEqual(20);
  expect(all).toContain('  … and 26 more findings');
  expect(all).toContain('  … and 28 more files');
});
