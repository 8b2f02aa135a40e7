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

test('a workload that states no namespace is in none that could be missing', () => {
  const pod = (name?: string) => ({ ...basePod(), metadata: { name: 'app', namespace: name } });
  expect(found([declared], [pod()])).toEqual([]);
  expect(found([declared], [pod('app')])).toEqual([declared.id]);
  expect(found([declared], [pod('app'), namespace()])).toEqual([]);
});
