import { BAD_SPEC, container, control, found, HOST_NETWORK, outcomeOf, pack, sampleChart, workload } from './sample-app';
import { Controls } from '../../../src/controls/controls';
import { Requirement } from '../../../src/controls/requirement';
import { resourceName } from '../../../src/controls/results/finding-maker';
import { Reference } from '../../../src/core/reference';

const TOKEN = `ghp_${'aB3'.repeat(12)}`;

function only(spec: object, ...controls: Parameters<typeof pack>) {
  const chart = sampleChart();
  Controls.of(chart).warn(pack(...controls));
  workload(chart, 'web', spec);
  const { findings } = outcomeOf(chart);
  expect(findings).toHaveLength(1);
  return findings[0];
}

test('a finding says what, where, what is there, what would comply and what to do', () => {
  const withReference = control('host-network', HOST_NETWORK.requirement, { references: [Reference.pss('baseline/hostNamespaces')] });
  expect(only(BAD_SPEC, withReference)).toEqual({
    control: 'host-network', severity: 'high', message: 'Not met: Pods meet host-network', fix: 'Mend host-network.', constructPath: 'chart/web',
    resource: 'Deployment/shop/web', path: 'spec.template.spec.hostNetwork', got: 'true', expected: 'absent or false',
    references: withReference.references, fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/), status: 'warned', manifest: undefined,
    toWaive: { control: 'host-network', resource: 'Deployment/shop/web', path: 'spec.template.spec.hostNetwork', value: true },
  });
});

test('it names the container that it is in', () => {
  const digest = control('digest', Requirement.eachContainer(Requirement.matches('image', '@sha256:')));
  expect(only({ containers: [container('app'), container('proxy', { image: 'proxy:1' })] }, digest)).toMatchObject({
    container: 'proxy', path: 'spec.template.spec.containers[1].image', got: '"proxy:1"',
  });
});

test('what is not there is missing', () => {
  expect(only({ containers: [{ name: 'app' }] }, control('image', Requirement.eachContainer(Requirement.present('image')))).got).toBe('missing');
});

describe('no finding shows a secret', () => {
  const env = Requirement.eachContainer(Requirement.each('env', Requirement.absent('value')));

  test('that a control says its values may be', () => {
    const finding = only({ containers: [container('app', { env: [{ name: 'PASSWORD', value: 'hunter2' }] })] }, control('env', env, { concealsValues: true }));
    expect(finding.got).toBe('a value that is not shown');
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });

  test('that has the form of one', () => {
    const finding = only({ containers: [container('app', { env: [{ name: 'A', value: TOKEN }] })] }, control('env', env));
    expect(finding.got).toBe('a value that is not shown');
    expect(JSON.stringify(finding)).not.toContain(TOKEN);
  });

  test('within an object that may hold any, as a whole container does', () => {
    const probes = control('probes', Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.present('readinessProbe'))));
    const finding = only({ containers: [container('app', { env: [{ name: 'PASSWORD', value: 'hunter2' }] })] }, probes);
    expect(finding.got).toBe('a value that is not shown');
    expect(JSON.stringify(finding)).not.toContain('hunter2');
  });
});

describe('what merely has the name of a secret, or is near one, is shown', () => {
  test.each<[string, string, unknown, string]>([
    ['an image that keeps secrets', 'image', 'team/secret:v1.17.20', '"team/secret:v1.17.20"'],
    ['a switch', 'automountServiceAccountToken', true, 'true'],
    ['a volume of a Secret', 'volumes', [{ name: 'token', secret: { secretName: 'db-password' } }], '[{"name":"token","secret":{"secretName":"db-password"}}]'],
  ])('%s', (_what, field, value, got) => {
    const inContainer = field === 'image';
    const absent = Requirement.absent(inContainer ? field : `spec.${field}`);
    const spec = inContainer ? { containers: [container('app', { image: value })] } : { containers: [container('app')], [field]: value };
    expect(only(spec, control('sample', inContainer ? Requirement.eachContainer(absent) : absent)).got).toBe(got);
  });
});

test('objects are named by kind, namespace and name, as far as they have them', () => {
  expect(resourceName({ kind: 'Pod', metadata: { namespace: 'a', name: 'b' } })).toBe('Pod/a/b');
  expect(resourceName({ kind: 'Node', metadata: { name: 'b' } })).toBe('Node/b');
  expect(resourceName({ kind: 'Pod', metadata: null })).toBe('Pod');
  expect(resourceName({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { namespace: 'a', name: 'b' } })).toBe('Role/a/b');
  expect(resourceName({ kind: 5, metadata: { name: ['x'] } })).toBe('(no kind)');
  for (const nothing of [null, undefined, 'text', [], {}]) {
    expect(resourceName(nothing)).toBe('(no kind)');
  }
});

test('custom resources are named with their group, whether Kubernetes has a kind of that name or not', () => {
  const named = (apiVersion: string, kind: string) => resourceName({ apiVersion, kind, metadata: { namespace: 'a', name: 'b' } });
  expect(named('apps/v1', 'DaemonSet')).toBe('DaemonSet/a/b');
  expect(named('apps.kruise.io/v1alpha1', 'DaemonSet')).toBe('DaemonSet.apps.kruise.io/a/b');
  expect(named('argoproj.io/v1alpha1', 'Rollout')).toBe('Rollout.argoproj.io/a/b');
  expect(named('snapshot.storage.k8s.io/v1', 'VolumeSnapshot')).toBe('VolumeSnapshot.snapshot.storage.k8s.io/a/b');
  expect(named('networking.k8s.io/v1', 'Ingress')).toBe(named('extensions/v1beta1', 'Ingress'));
});

test('a finding about the object as a whole has no path', () => {
  const chart = sampleChart();
  Controls.of(chart).warn(pack(control('either', Requirement.anyOf(Requirement.present('spec.nodeName'), Requirement.present('metadata.labels.x')))));
  workload(chart, 'web', { containers: [container('app')] }, 'Pod');
  expect(found(chart)).toEqual(['warned either Pod/shop/web ']);
});
