import { ApiObject } from 'cdk8s';
import { Control } from '../../../src/controls/control';
import { Controls } from '../../../src/controls/controls';
import { Exclusion } from '../../../src/controls/exclusion';
import { Requirement } from '../../../src/controls/requirement';
import { Exclusions } from '../../../src/controls/waivers/exclusions';
import { Waiver } from '../../../src/controls/waivers/waiver';
import { container, control, GOOD_SPEC, HOST_NETWORK, outcomeOf, pack, PRIVILEGED, sampleChart, VERSION, waiver, workload } from '../results/sample-app';

/** What policies of a control let through once an object's finding is waived. */
function exclusionsOf(checked: Control, declared: Partial<Waiver>, object: Record<string, unknown>, ...catalog: Control[]): (readonly Exclusion[])[] {
  const chart = sampleChart();
  Controls.of(chart).enforce(pack(checked)).waive(waiver({ control: checked.id, ...declared }));
  const { kind, metadata, apiVersion, ...rest } = object as { kind: string; apiVersion: string; metadata?: object };
  new ApiObject(chart, 'web', { apiVersion, kind, metadata: { name: 'web', namespace: 'shop', ...metadata }, ...rest });
  const { waived } = outcomeOf(chart);
  expect(waived).not.toEqual([]);
  const exclusions = new Exclusions(waived, catalog, VERSION);
  return [checked, ...catalog].map((each) => exclusions.of(each));
}

const deployment = (spec: object) => ({ apiVersion: 'apps/v1', kind: 'Deployment', spec: { template: { spec } } });
const PRIVILEGED_CONTAINER = container('app', { securityContext: { privileged: true } });
const WAIVED = { container: 'app', value: true };

describe('what a policy lets through', () => {
  test('is one finding of one object, of its group', () => {
    expect(exclusionsOf(PRIVILEGED, WAIVED, deployment({ serviceAccountName: 'web', containers: [PRIVILEGED_CONTAINER] }))).toEqual([[{
      namespace: 'shop', kind: 'Deployment', group: 'apps', name: 'web', serviceAccount: 'web', container: 'app',
      path: 'spec.template.spec.containers[0].securityContext.privileged', value: true,
    }]]);
  });

  test.each([
    ['apps.kruise.io/v1alpha1', 'DaemonSet', 'DaemonSet.apps.kruise.io/shop/web', 'apps.kruise.io'],
    ['apps/v1', 'DaemonSet', 'DaemonSet/shop/web', 'apps'],
    ['v1', 'ReplicationController', 'ReplicationController/shop/web', ''],
  ])('%s %s is %s, and of group "%s" in policies', (apiVersion, kind, resource, group) => {
    const chart = sampleChart();
    const HOST = control('host-network', HOST_NETWORK.requirement);
    Controls.of(chart).enforce(pack(HOST)).waive(waiver({ control: 'host-network', resource, value: true }));
    new ApiObject(chart, 'web', { apiVersion, kind, metadata: { name: 'web', namespace: 'shop' }, spec: { template: { spec: { ...GOOD_SPEC, hostNetwork: true } } } });
    expect(new Exclusions(outcomeOf(chart).waived).of(HOST).map((each) => each.group)).toEqual([group]);
  });
});

describe('the service account is that of the template which the finding is in', () => {
  const spec = (account: string | undefined, name: string) => ({
    template: { spec: { ...(account && { serviceAccountName: account }), containers: [container(name, { securityContext: { privileged: true } })] } },
  });

  test('of a RayCluster: its head\'s, or one of its groups of workers\'', () => {
    const cluster = { apiVersion: 'ray.io/v1', kind: 'RayCluster', spec: { headGroupSpec: spec('head', 'head'), workerGroupSpecs: [spec('cpu', 'cpu'), spec('gpu', 'gpu')] } };
    const accountOf = (name: string) => {
      const [[only, ...others]] = exclusionsOf(PRIVILEGED, { resource: 'RayCluster.ray.io/shop/web', container: name, value: true }, cluster);
      expect(others).toEqual([]);
      return only.serviceAccount;
    };
    expect(['head', 'cpu', 'gpu'].map(accountOf)).toEqual(['head', 'cpu', 'gpu']);
  });

  test('of a LeaderWorkerSet: its workers\', where they are the finding', () => {
    const set = {
      apiVersion: 'leaderworkerset.x-k8s.io/v1', kind: 'LeaderWorkerSet',
      spec: { leaderWorkerTemplate: { leaderTemplate: spec('leader', 'leader').template, workerTemplate: spec(undefined, 'worker').template } },
    };
    const at = (name: string) => exclusionsOf(PRIVILEGED, { resource: 'LeaderWorkerSet.leaderworkerset.x-k8s.io/shop/web', container: name, value: true }, set)[0].map(({ serviceAccount }) => serviceAccount);
    expect(at('worker')).toEqual(['default']);
    expect(at('leader')).toEqual(['leader']);
  });

  test('of a workflow: those of all templates that share the place', () => {
    const template = (name: string, serviceAccountName: string) => ({ name, serviceAccountName, container: { image: 'a@sha256:0' } });
    const workflow = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: { hostNetwork: true, templates: [template('a', 'one'), template('b', 'two')] } };
    const [found] = exclusionsOf(HOST_NETWORK, { resource: 'Workflow.argoproj.io/shop/web', value: true }, workflow);
    expect(found.map(({ serviceAccount, path }) => [serviceAccount, path])).toEqual([['one', 'spec.hostNetwork'], ['two', 'spec.hostNetwork']]);
  });
});

describe('no value that may be a secret is carried into a policy', () => {
  const PROBES = control('probes', Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.present('readinessProbe'))));

  test('within a whole container', () => {
    const [[exclusion]] = exclusionsOf(PROBES, { container: 'app' }, deployment({ containers: [container('app', { env: [{ name: 'DB_PASSWORD', value: 98765432 }] })] }));
    expect(exclusion).toMatchObject({ path: 'spec.template.spec.containers[0]', isConcealed: true });
    expect(exclusion).not.toHaveProperty('value');
  });

  test('for its form', () => {
    const note = control('note', Requirement.absent('metadata.annotations["example.com/note"]'));
    const path = 'spec.template.metadata.annotations["example.com/note"]';
    const template = { metadata: { annotations: { 'example.com/note': `ghp_${'aB3'.repeat(12)}` } }, spec: GOOD_SPEC };
    const [[exclusion]] = exclusionsOf(note, { path }, { apiVersion: 'apps/v1', kind: 'Deployment', spec: { template } });
    expect(exclusion).toEqual({ namespace: 'shop', kind: 'Deployment', group: 'apps', name: 'web', serviceAccount: 'default', path, isConcealed: true });
  });

  test('by a weaker control, where the stronger one conceals it', () => {
    const requirement = Requirement.absent('spec.hostname');
    const weaker = control('weaker', requirement);
    const stronger = control('stronger', requirement, { concealsValues: true, supersedes: ['weaker'] });
    const found = exclusionsOf(stronger, { path: 'spec.template.spec.hostname' }, deployment({ ...GOOD_SPEC, hostname: 'correct-horse' }), weaker);
    expect(found.map((each) => each.length)).toEqual([1, 1]);
    expect(JSON.stringify(found)).not.toContain('correct-horse');
  });

  test('but one that is none is: the policy lets nothing else through', () => {
    const [[exclusion]] = exclusionsOf(PROBES, { container: 'app', value: { name: 'app', image: 'team/secret:v1.17.20' } }, deployment({ containers: [{ name: 'app', image: 'team/secret:v1.17.20' }] }));
    expect(exclusion).toMatchObject({ value: { name: 'app', image: 'team/secret:v1.17.20' } });
    expect(exclusion).not.toHaveProperty('isConcealed');
  });
});

test('an object that does not say its namespace is let through nowhere', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(pack(PRIVILEGED)).waive(waiver({ control: 'privileged', resource: 'Deployment/web', ...WAIVED }));
  Object.assign(workload(chart, 'web', { containers: [PRIVILEGED_CONTAINER] }).metadata, { namespace: undefined });
  const { waived } = outcomeOf(chart);
  expect(waived).toHaveLength(1);
  expect(new Exclusions(waived).of(PRIVILEGED)).toEqual([]);
});
