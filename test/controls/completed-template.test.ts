import { basePodWith, Fields } from '../../src/controls/catalog/base-pod';
import { completed } from '../../src/controls/completed-template';
import { Json } from '../../src/controls/path';
import { templateSubjects } from '../../src/controls/subject';
import { CUSTOM_TEMPLATES } from '../../src/controls/template-kinds';

const CONTAINERS = {
  'spec.containers[0].resources': { requests: { cpu: '0', memory: '64Mi' } },
  'spec.initContainers': [{ name: 'init', resources: { limits: { cpu: '100m' } } }],
};

/** What the pod as a whole asks for. */
function requests(resources: unknown, options: { isPod?: boolean; minor?: number; changes?: Fields } = {}): unknown {
  const { isPod = true, minor = 37, changes = CONTAINERS } = options;
  return (completedResources(resources, isPod, minor, changes) as Fields | undefined)?.requests;
}

function completedResources(resources: unknown, isPod: boolean, minor: number, changes: Fields): unknown {
  return (completed(basePodWith({ ...changes, 'spec.resources': resources }) as Json, isPod, minor) as { spec: Fields }).spec.resources;
}

describe('what a Pod as a whole asks for', () => {
  test('is what its containers ask for, where it states a limit; that of a container counts as its request', () => {
    expect(requests({ limits: { memory: '1Gi' } })).toEqual({ cpu: '100m', memory: '64Mi' });
  });

  test('is its limit where no container asks for the resource', () => {
    expect(requests({ limits: { memory: '1Gi' } }, { changes: { 'spec.containers[0].resources': undefined } })).toEqual({ memory: '1Gi' });
  });

  test('is completed where it asks for something itself, from 1.37 on', () => {
    expect(requests({ requests: { memory: '1Gi' } })).toEqual({ cpu: '100m', memory: '1Gi' });
    expect(requests({ requests: { memory: '1Gi' } }, { minor: 36 })).toEqual({ memory: '1Gi' });
    expect(requests({ limits: { memory: '1Gi' } }, { minor: 36 })).toEqual({ cpu: '100m', memory: '64Mi' });
  });

  test('stays as it is where the Pod says nothing of itself, and in templates', () => {
    expect(requests(undefined)).toBeUndefined();
    expect(requests({})).toBeUndefined();
    expect(requests({ limits: { memory: '1Gi' } }, { isPod: false })).toBeUndefined();
  });

  test.each(['wrong', 7, true, []])('stays %p, to be found', (wrong) => {
    expect(requests({ limits: { memory: '1Gi' }, requests: wrong })).toEqual(wrong);
    expect(requests({ limits: wrong })).toBeUndefined();
  });
});

describe('what bounds a Pod as a whole', () => {
  const limits = (resources: unknown, changes: Fields, minor: number = 37) => (completedResources(resources, true, minor, changes) as Fields).limits;
  const limited = { 'spec.containers[0].resources': { limits: { cpu: '0' } }, 'spec.initContainers': [{ name: 'init', resources: { limits: { cpu: '100m' } } }] };

  test('is what bounds its containers, where each has a limit, from 1.37 on', () => {
    expect(limits({ requests: { memory: '1Gi' } }, limited)).toEqual({ cpu: '100m' });
    expect(limits({ requests: { memory: '1Gi' } }, CONTAINERS)).toBeUndefined();
    expect(limits({ limits: { memory: '1Gi' } }, limited, 36)).toEqual({ memory: '1Gi' });
  });

  test('is no less than its request', () => {
    expect(limits({ requests: { cpu: '2' } }, limited)).toEqual({ cpu: '2' });
  });
});

test('the API server completes nothing in a custom resource', () => {
  const rollout = CUSTOM_TEMPLATES.find(({ kind }) => kind === 'Rollout')!;
  const template = basePodWith({ 'spec.volumes': [{ name: 'a' }], 'spec.serviceAccountName': undefined, 'spec.serviceAccount': 'app' });

  expect(templateSubjects({ spec: { template } }, rollout)[0].root).toBe(template);
});
