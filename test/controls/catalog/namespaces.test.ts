import { validatingPolicy } from '../../../src/controls/admission/validating-policy';
import { basePod } from '../../../src/controls/catalog/base-pod';
import { control as byDefault } from '../../../src/controls/catalog/namespaces/default-namespace';
import { control as limits } from '../../../src/controls/catalog/namespaces/namespace-limit-range';
import { control as baseline } from '../../../src/controls/catalog/namespaces/namespace-pod-security';
import { control as restricted } from '../../../src/controls/catalog/namespaces/namespace-pod-security-restricted';
import { control as quota } from '../../../src/controls/catalog/namespaces/namespace-resource-quota';
import { control as declared } from '../../../src/controls/catalog/namespaces/workload-namespace';
import { Control } from '../../../src/controls/control';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

const found = (controls: Control[], objects: unknown) => findings(controls, KubernetesVersion.V1_36, objects).map((each) => each.replace(/: .*/, ''));
const LABEL = 'pod-security.kubernetes.io';
const namespace = (enforce?: string, name = 'app', reported?: string) => ({
  apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { [`${LABEL}/enforce`]: enforce, [`${LABEL}/warn`]: 'restricted', [`${LABEL}/audit`]: reported } },
});

test.each<[string | undefined, string[]]>([
  ['restricted', []],
  ['baseline', [restricted.id]],
  ['privileged', [baseline.id]],
  ['Restricted', [baseline.id]],
  [undefined, [baseline.id]],
])('a namespace that enforces %s', (level, expected) => {
  expect(found([baseline, restricted], namespace(level))).toEqual(expected);
});

test('a namespace may enforce baseline if it reports what restricted would refuse, and never less', () => {
  expect(found([baseline, restricted], namespace('baseline', 'app', 'restricted'))).toEqual([]);
  expect(found([baseline, restricted], namespace('baseline', 'app', 'baseline'))).toEqual([restricted.id]);
  expect(found([baseline, restricted], namespace('privileged', 'app', 'restricted'))).toEqual([baseline.id]);
});

const labelled = (labels: Record<string, string>) => (
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app', labels: Object.fromEntries(Object.entries(labels).map(([key, value]) => [`${LABEL}/${key}`, value])) } }
);

describe('the version that a namespace pins', () => {
  const pinned = (version: string) => labelled({ 'enforce': 'restricted', 'enforce-version': version });

  test.each(['latest', 'v1.28', 'v1.29', 'v1.37', 'v1.40', 'v1.100'])('may be %s', (version) => {
    expect([baseline, restricted].flatMap((control) => found([control], pinned(version)))).toEqual([]);
  });

  test.each(['v1.0', 'v1.7', 'v1.21', 'v1.27', 'v1.2', 'v2.0', '1.36', 'v1.36.1', 'newest'])('may not be %s: either control says so by itself', (version) => {
    expect([baseline, restricted].map((control) => found([control], pinned(version)))).toEqual([[baseline.id], [restricted.id]]);
  });

  test('counts where restricted is only reported, too', () => {
    const reported = { enforce: 'baseline', audit: 'restricted', warn: 'restricted' };
    expect(found([restricted], labelled({ ...reported, 'audit-version': 'latest', 'warn-version': 'v1.33' }))).toEqual([]);
    expect(found([restricted], labelled({ ...reported, 'warn-version': 'v1.0' }))).toEqual([restricted.id]);
    expect(found([restricted], labelled({ ...reported, 'audit-version': 'v1.0' }))).toEqual([restricted.id]);
  });
});

test('the system\'s own namespaces may run what they need, and are bounded by nobody', () => {
  for (const name of ['kube-system', 'kube-public', 'kube-node-lease']) {
    expect(found([baseline, restricted], namespace('privileged', name))).toEqual([]);
    expect(found([quota, limits], [namespace('privileged', name)])).toEqual([]);
  }
});

test('a quota and a LimitRange of another namespace bound nothing here', () => {
  const bounds = (kind: string, name: string) => ({ apiVersion: 'v1', kind, metadata: { name: 'bounds', namespace: name } });
  expect(found([quota, limits], [namespace(), bounds('ResourceQuota', 'app'), bounds('LimitRange', 'other')])).toEqual([limits.id]);
});

test('the API server\'s own Service may be in default, another may not', () => {
  const service = (name: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name, namespace: 'default' }, spec: {} });
  expect(found([byDefault], service('kubernetes'))).toEqual([]);
  expect(found([byDefault], service('web'))).toEqual([byDefault.id]);
  expect(found([byDefault], { ...basePod(), metadata: { name: 'kubernetes', namespace: 'default' } })).toEqual([byDefault.id]);
});

test('what names no namespace goes where it is applied to: only the policy, which sees that, speaks of default', () => {
  const { metadata: _metadata, ...pod } = basePod();
  expect(found([byDefault], { ...pod, metadata: { name: 'app' } })).toEqual([]);
  expect(JSON.stringify(validatingPolicy(byDefault, { version: KubernetesVersion.V1_36 }))).toContain('metadata.?namespace');
});

test('a workload that states no namespace is in none that could be missing', () => {
  const pod = (name?: string) => ({ ...basePod(), metadata: { name: 'app', namespace: name } });
  expect(found([declared], [pod()])).toEqual([]);
  expect(found([declared], [pod('app')])).toEqual([declared.id]);
  expect(found([declared], [pod('app'), namespace()])).toEqual([]);
});
