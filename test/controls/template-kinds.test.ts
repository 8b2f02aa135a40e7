import { ApiObject } from 'cdk8s';
import { BAD_SPEC, container, found, GOOD_SPEC, HOST_NETWORK, outcomeOf, pack, sampleChart } from './results/sample-app';
import { validatingPolicy } from '../../src/controls/admission/validating-policy';
import { Controls } from '../../src/controls/controls';
import { showPath } from '../../src/controls/path';
import { PodTemplateLocation, templateSubjects } from '../../src/controls/subject';
import { ALL_TEMPLATES, BUILT_IN_TEMPLATES, CUSTOM_TEMPLATES, makesPodsByOperator } from '../../src/controls/template-kinds';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

/** An object of a kind that holds the same pod at every place where the kind has one. */
function objectOf({ group, versions, kind, templates, shape }: PodTemplateLocation, spec: object): object {
  const pod = shape === 'workflow' ? workflowOf(spec) : { spec };
  const object = { apiVersion: [group, versions[0]].filter((part) => part !== '').join('/'), kind, metadata: { name: 'x' } };
  return templates.reduce<object>((built, path) => merged(built, path.reduceRight<object>((inner, step) => (
    step === '[]' ? [inner] : { [step === '{}' ? 'worker' : step]: inner }
  ), pod)), object);
}

function workflowOf({ containers, ...pod }: { containers?: object[] }): object {
  return { ...pod, templates: [{ name: 'main', container: containers?.[0] }] };
}

function merged(a: unknown, b: unknown): object {
  const both = { ...a as object } as Record<string, unknown>;
  for (const [key, value] of Object.entries(b as object)) {
    both[key] = typeof both[key] === 'object' && !Array.isArray(value) ? merged(both[key], value) : value;
  }
  return both;
}

function findingsIn(object: object): string[] {
  const chart = sampleChart();
  Controls.of(chart).enforce(pack(HOST_NETWORK));
  new ApiObject(chart, 'object', object as { apiVersion: string; kind: string });
  return found(chart);
}

const byName = (location: PodTemplateLocation): [string, PodTemplateLocation] => [`${location.group}/${location.kind}`, location];

test('Kubernetes itself has nine kinds with a pod: those that Pod Security admission looks at', () => {
  expect(BUILT_IN_TEMPLATES.map(({ kind }) => kind)).toEqual(['Pod', 'PodTemplate', 'ReplicationController', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob']);
});

test('no kind is listed twice', () => {
  const names = ALL_TEMPLATES.map(({ group, kind }) => `${group}/${kind}`);
  expect(new Set(names).size).toBe(names.length);
});

describe.each(ALL_TEMPLATES.map(byName))('%s', (_name, location) => {
  test('a pod that meets a control is let through', () => {
    expect(findingsIn(objectOf(location, GOOD_SPEC))).toEqual([]);
  });

  test('one that does not is found, at every place where the kind has a template', () => {
    expect(findingsIn(objectOf(location, BAD_SPEC))).toHaveLength(location.templates.length);
    expect(findingsIn(objectOf(location, BAD_SPEC)).every((each) => each.startsWith('enforced host-network'))).toBe(true);
  });

  test('without a template, or with text for one, it can\'t be judged, and that is said', () => {
    const { apiVersion, kind } = objectOf(location, GOOD_SPEC) as { apiVersion: string; kind: string };
    const place = location.templates[0];
    const isInList = place.some((step) => step === '[]' || step === '{}');
    expect(findingsIn({ apiVersion, kind, metadata: { name: 'x' } })).toEqual(isInList && location.templates.length === 1 ? [] : expect.arrayContaining([expect.stringMatching(/^enforced malformed-object/)]));
    const text = place.reduceRight<unknown>((inner, step) => (step === '[]' ? [inner] : { [step === '{}' ? 'worker' : step]: inner }), 'text') as object;
    expect(place.length === 0 ? ['enforced malformed-object'] : findingsIn({ apiVersion, kind, metadata: { name: 'x' }, ...text })).toEqual([expect.stringMatching(/^enforced malformed-object/)]);
  });
});

describe('what may be left out', () => {
  const subjects = (kind: string, spec: object) => templateSubjects({ kind, spec }, CUSTOM_TEMPLATES.find((each) => each.kind === kind)!)
    .map(({ placeOf, problem }) => `${showPath(placeOf([]))}${problem ? ': malformed' : ''}`);

  test('a template beside another one of the object', () => {
    expect(subjects('LeaderWorkerSet', { leaderWorkerTemplate: { workerTemplate: { spec: GOOD_SPEC } } })).toEqual(['spec.leaderWorkerTemplate.workerTemplate']);
    expect(subjects('RayCluster', { headGroupSpec: { template: { spec: GOOD_SPEC } } })).toEqual(['spec.headGroupSpec.template']);
  });

  test('but not all of them', () => {
    expect(subjects('LeaderWorkerSet', { leaderWorkerTemplate: {} })).toEqual([
      'spec.leaderWorkerTemplate.leaderTemplate: malformed', 'spec.leaderWorkerTemplate.workerTemplate: malformed',
    ]);
  });

  test('nor that of an element of a list', () => {
    expect(subjects('RayCluster', { headGroupSpec: { template: { spec: GOOD_SPEC } }, workerGroupSpecs: [{ groupName: 'a' }] }))
      .toEqual(['spec.headGroupSpec.template', 'spec.workerGroupSpecs[0].template: malformed']);
  });

  test('a template of a Rollout that names a Deployment, and of a RayJob that names a cluster', () => {
    expect(subjects('Rollout', { workloadRef: { kind: 'Deployment', name: 'web' } })).toEqual([]);
    expect(subjects('Rollout', {})).toEqual(['spec.template: malformed']);
    expect(subjects('RayJob', { clusterSelector: { 'ray.io/cluster': 'x' } })).toEqual([]);
  });

  test('something else where a list of templates has to be is malformed, not nothing', () => {
    expect(subjects('JobSet', { replicatedJobs: { a: { template: { spec: { template: { spec: BAD_SPEC } } } } } })).toEqual(['spec.replicatedJobs: malformed']);
    expect(subjects('PyTorchJob', { pytorchReplicaSpecs: [{ template: { spec: BAD_SPEC } }] })).toEqual(['spec.pytorchReplicaSpecs: malformed']);
    expect(subjects('JobSet', { replicatedJobs: null })).toEqual([]);
  });
});

test('kinds whose pods an operator makes have no template here', () => {
  expect(makesPodsByOperator({ apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus' })).toBe(true);
  expect(makesPodsByOperator({ apiVersion: 'tekton.dev/v1', kind: 'Task' })).toBe(true);
  for (const { group, versions, kind } of ALL_TEMPLATES) {
    expect(makesPodsByOperator({ apiVersion: `${group}/${versions[0]}`, kind })).toBe(false);
  }
  expect(makesPodsByOperator({ apiVersion: 'example.com/v1', kind: 'Prometheus' })).toBe(false);
  expect([null, 'text', {}].some(makesPodsByOperator)).toBe(false);
});

test('two pods of a workflow are judged as two, each with what it has of its own', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(pack(HOST_NETWORK));
  new ApiObject(chart, 'flow', {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'flow' },
    spec: { templates: [{ name: 'a', hostNetwork: true, container: container('main') }, { name: 'b', container: container('main') }] },
  });
  expect(outcomeOf(chart).findings.map(({ path }) => path)).toEqual(['spec.templates[0].hostNetwork']);
});

test('a patch of a workflow is told once, and what stands beside it is judged all the same', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(pack(HOST_NETWORK));
  new ApiObject(chart, 'flow', {
    apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', metadata: { name: 'flow' },
    spec: {
      podSpecPatch: '{"hostPID": true}',
      templates: [{ name: 'a', hostNetwork: true, container: container('main') }, { name: 'b', podSpecPatch: '{}', container: container('main') }],
    },
  });
  expect(outcomeOf(chart).findings.map(({ control, path }) => `${control} ${path}`)).toEqual([
    'malformed-object spec.podSpecPatch', 'malformed-object spec.templates[1].podSpecPatch', 'host-network spec.templates[0].hostNetwork',
  ]);
});

describe('what is waived', () => {
  /** Of which objects a policy lets through what is waived of one. */
  const waived = (kind: string) => {
    const exclusion = { namespace: 'shop', kind, name: 'web', serviceAccount: 'web', path: 'spec.hostNetwork', value: true };
    const { spec } = validatingPolicy(HOST_NETWORK, { version: KubernetesVersion.V1_36, exclusions: [exclusion] });
    return (spec as { variables: { name: string; expression: string }[] }).variables.find(({ name }) => name === 'waived')!.expression;
  };

  test.each(BUILT_IN_TEMPLATES.map(({ kind }) => kind))('of a %s is waived in policies, too', (kind) => {
    expect(waived(kind)).toContain(`object.kind == '${kind}'`);
  });

  test('of a PodTemplate lets no Pods through: nobody knows which are made of it', () => {
    expect(waived('ReplicaSet')).toContain('serviceAccountName');
    expect(waived('PodTemplate')).not.toContain('serviceAccountName');
  });
});
