import fc from 'fast-check';
import { ALL, control, container, found, outcomeOf, pack, sampleChart, workload } from './sample-app';
import { Controls } from '../../../src/controls/controls';
import { Requirement } from '../../../src/controls/requirement';
import { fingerprints, Identity, RunningFingerprints } from '../../../src/controls/results/fingerprint';

const DEPLOYMENT = { apiVersion: 'apps/v1', kind: 'Deployment', spec: { containers: [{ name: 'app', args: ['a', 'b'] }, { name: 'proxy' }] } };

function identity(more: Partial<Identity> = {}): Identity {
  return { control: 'privileged', resource: 'Deployment/shop/web', constructPath: 'chart/web', object: DEPLOYMENT, place: ['spec', 'containers', 0, 'image'], got: 'app:1', ...more };
}

function one(more: Partial<Identity> = {}): string {
  return fingerprints([identity(more)])[0];
}

describe('a finding is recognised in a later run', () => {
  test('when a container is put before its own', () => {
    const spec = { containers: [{ name: 'init' }, ...DEPLOYMENT.spec.containers] };
    expect(one({ object: { ...DEPLOYMENT, spec }, place: ['spec', 'containers', 1, 'image'] })).toBe(one());
  });

  test('when another bad value is in the place', () => {
    expect(one({ got: 'app:2' })).toBe(one());
  });

  test('when a container that is found as a whole, or what holds it, has another image', () => {
    for (const place of [['spec', 'containers', 0], ['spec'], []]) {
      expect(one({ place, got: { image: 'app:2' } })).toBe(one({ place, got: { image: 'app:1' } }));
    }
  });

  test('when the construct has moved in the tree', () => {
    expect(one({ constructPath: 'other/wrapper/web' })).toBe(one());
  });

  test('when the object has moved to another version of its group', () => {
    expect(one({ object: { ...DEPLOYMENT, apiVersion: 'apps/v1beta2' } })).toBe(one());
  });

  test('in a list of plain values, when one is put before it', () => {
    const args = (list: string[]) => ({ apiVersion: 'v1', kind: 'Pod', spec: { args: list } });
    expect(one({ object: args(['x', 'b']), place: ['spec', 'args', 1], got: 'b' })).toBe(one({ object: args(['b']), place: ['spec', 'args', 0], got: 'b' }));
  });

  test('in a list of short elements without names, by what they say', () => {
    const rules = (...list: object[]) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', rules: list });
    const wildcard = { apiGroups: [''], resources: ['pods'], verbs: ['*'] };
    const before = one({ object: rules(wildcard), place: ['rules', 0, 'verbs'] });
    expect(one({ object: rules({ apiGroups: [''], resources: ['configmaps'], verbs: ['get'] }, wildcard), place: ['rules', 1, 'verbs'] })).toBe(before);
    expect(one({ object: rules({ ...wildcard, resources: ['secrets'] }), place: ['rules', 0, 'verbs'] })).not.toBe(before);
  });
});

describe('a secret has no part in it', () => {
  const hosts = (password: string, more: object[] = []) => ({ apiVersion: 'example.com/v1', kind: 'Store', spec: { hosts: [{ user: 'a', password, tls: false }, ...more] } });
  const place = ['spec', 'hosts', 0, 'tls'];

  test('that stands beside what was found', () => {
    expect(one({ object: hosts('correct horse'), place, got: false })).toBe(one({ object: hosts('battery staple'), place, got: false }));
  });

  test('nor in a private field, where something is missing', () => {
    const env = (value: string) => ({ apiVersion: 'v1', kind: 'Pod', spec: { env: [{ value }, { value: 'x' }] } });
    const missing = { place: ['spec', 'env', 0, 'valueFrom'], got: undefined };
    expect(one({ object: env('hunter2'), ...missing })).toBe(one({ object: env('letmein'), ...missing }));
  });
});

describe('a finding is another one', () => {
  test('once something is stated that was missing, but for what is concealed', () => {
    expect(one({ got: undefined })).not.toBe(one({ got: 'Unconfined' }));
    expect(one({ got: undefined, isConcealed: true })).toBe(one({ got: 'hunter2', isConcealed: true }));
  });

  test('where a volume is of another path', () => {
    const hostPath = (path: string) => ({ place: ['spec', 'volumes', 0, 'hostPath'], got: { path } });
    expect(one(hostPath('/'))).not.toBe(one(hostPath('/tmp')));
    const volume = (path: string) => ({ place: ['spec', 'volumes', 0], got: { name: 'data', hostPath: { path } } });
    expect(one(volume('/'))).not.toBe(one(volume('/tmp')));
  });

  test.each<[string, Partial<Identity>]>([
    ['control', { control: 'host-network' }],
    ['object', { resource: 'Deployment/shop/api' }],
    ['container', { place: ['spec', 'containers', 1, 'image'] }],
    ['field', { place: ['spec', 'containers', 0, 'command'] }],
    ['kind of another group with the same name', { object: { ...DEPLOYMENT, apiVersion: 'apps.example.com/v1' } }],
  ])('by its %s', (_what, more) => {
    expect(one(more)).not.toBe(one());
  });

  test('by its value in a list of plain values', () => {
    expect(one({ place: ['spec', 'containers', 0, 'args', 0], got: 'a' })).not.toBe(one({ place: ['spec', 'containers', 0, 'args', 1], got: 'b' }));
  });

  test('even if nothing but its place in a list sets it apart', () => {
    const object = { apiVersion: 'v1', kind: 'Pod', spec: { args: ['same', 'same'], mounts: [{ name: 'data', path: '/a' }, { name: 'data', path: '/b' }] } };
    const places: Identity['place'][] = [['spec', 'args', 0], ['spec', 'args', 1], ['spec', 'mounts', 0, 'path'], ['spec', 'mounts', 1, 'path']];
    const all = fingerprints([...places, places[0]].map((place) => identity({ object, place, got: 'same' })));
    expect(new Set(all).size).toBe(5);
  });
});

test('no two findings share a fingerprint, whatever they are', () => {
  const places = fc.constantFrom<Identity['place']>([], ['spec'], ['spec', 'containers', 0], ['spec', 'containers', 1, 'name'], ['spec', 'containers', 0, 'args', 1], ['spec', 'none', 3, 'x']);
  const identities = fc.record({
    control: fc.constantFrom('a', 'b'), resource: fc.constantFrom('x', 'y'), constructPath: fc.constantFrom('p', 'q'), object: fc.constantFrom<unknown>(DEPLOYMENT, undefined, null, 'text', []),
    place: places, got: fc.constantFrom<unknown>(undefined, null, 1, 'a', { a: 1 }, ['a']),
  });
  fc.assert(fc.property(fc.array(identities, { maxLength: 30 }), (list) => {
    expect(new Set(fingerprints(list)).size).toBe(list.length);
  }));
});

test('findings of one construct have the same fingerprints one after the other as all at once', () => {
  const twins = [identity(), identity({ control: 'other' }), identity(), identity()];
  const running = new RunningFingerprints();
  expect(twins.map((each) => running.next(each))).toEqual(fingerprints(twins));
  expect(new Set(fingerprints(twins)).size).toBe(4);
});

test('the order in which objects are written has no part in them', () => {
  const twins = ['p', 'q', 'r'].map((constructPath) => identity({ constructPath }));
  expect(fingerprints([...twins].reverse())).toEqual([...fingerprints(twins)].reverse());
});

describe('in an app', () => {
  const prints = (build: (chart: ReturnType<typeof sampleChart>) => void) => {
    const chart = sampleChart();
    Controls.of(chart).enforce(ALL);
    build(chart);
    return outcomeOf(chart).findings.map(({ fingerprint }) => fingerprint);
  };
  const bad = container('app', { image: 'app:1', securityContext: { privileged: true } });

  test('a container that is put first leaves the findings of the others what they are', () => {
    const before = prints((chart) => workload(chart, 'web', { containers: [bad] }));
    const after = prints((chart) => workload(chart, 'web', { containers: [container('first', { image: 'x:1' }), bad] }));
    expect(before).toHaveLength(2);
    expect(after).toEqual(expect.arrayContaining(before));
    expect(after).toHaveLength(3);
  });

  test('objects in another order have the same findings', () => {
    const names = ['web', 'api', 'db'];
    const build = (order: string[]) => prints((chart) => order.forEach((name) => workload(chart, name, { containers: [bad] }))).sort();
    expect(build([...names].reverse())).toEqual(build(names));
  });

  test('two faults of one control at one path are two findings', () => {
    const chart = sampleChart();
    const both = control('both', Requirement.eachContainer(Requirement.allOf(Requirement.matches('image', '^registry'), Requirement.matches('image', '@sha256:'))));
    Controls.of(chart).enforce(pack(both));
    workload(chart, 'web', { containers: [bad] }, 'Pod');
    expect(found(chart)).toEqual(['enforced both Pod/shop/web spec.containers[0].image', 'enforced both Pod/shop/web spec.containers[0].image']);
    const findings = outcomeOf(chart).findings;
    expect(new Set(findings.map(({ fingerprint }) => fingerprint)).size).toBe(2);
  });

  test('a value that may be a secret has no part in them, not even as a hash', () => {
    const secret = control('secret', Requirement.eachContainer(Requirement.each('args', Requirement.noneOf('', 'hunter2', 'letmein'))), { concealsValues: true });
    const of = (word: string) => {
      const chart = sampleChart();
      Controls.of(chart).enforce(pack(secret));
      workload(chart, 'web', { containers: [container('app', { args: [word, 'hunter2'] })] });
      return outcomeOf(chart).findings.map(({ fingerprint }) => fingerprint);
    };
    expect(of('letmein')).toEqual(of('hunter2'));
    expect(new Set(of('hunter2')).size).toBe(2);
  });
});
