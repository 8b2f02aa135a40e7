import * as fc from 'fast-check';
import { compared, CONTROLS } from './comparing';
import { Change, countsOf } from '../../../src/cli/diff/change';
import { basePod } from '../../../src/controls/catalog/base-pod';
import { exampleTwins } from '../../../src/controls/example-twins';
import { Json } from '../../../src/controls/path';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { workloadOf } from '../../support/workloads';

/** Every object of the catalog's examples, each under a name of its own. */
const OBJECTS: readonly Json[] = CONTROLS.flatMap((control, i) => {
  const { compliant, violating } = exampleTwins(control);
  return [compliant, violating].map((twin) => [twin].flat().map((each) => {
    const object = each as { metadata?: object };
    return { ...object, metadata: { ...object.metadata, name: `example-${i}` } } as Json;
  })).flat();
});

const V = KubernetesVersion.V1_36;
const selection = fc.subarray([...OBJECTS], { maxLength: 12 });

describe('a comparison', () => {
  test('of anything with itself says nothing, in whatever order documents and keys come', () => {
    expect(compared(OBJECTS, OBJECTS, V)).toEqual([]);
    fc.assert(fc.property(fc.uniqueArray(fc.constantFrom(...OBJECTS), { maxLength: 12, selector: keyOf }), fc.integer(), (objects, seed) => {
      expect(compared(objects, shuffled(objects, seed).map((each) => reordered(each)), V)).toEqual([]);
    }), { numRuns: 200 });
  });

  test('mirrors: what is weaker one way is stronger the other way, what is new is removed', () => {
    fc.assert(fc.property(selection, selection, (before, after) => {
      const there = compared(before, after, V);
      const back = compared(after, before, V);
      expect(signature(back)).toEqual(signature(there.map(mirrored)));
      const [one, other] = [countsOf(there), countsOf(back)];
      expect([other.new, other.removed]).toEqual([one.removed, one.new]);
    }), { numRuns: 300 });
  });

  test('of two outputs comes in one order, whatever the order of documents', () => {
    fc.assert(fc.property(fc.uniqueArray(fc.constantFrom(...OBJECTS), { maxLength: 10, selector: keyOf }), fc.integer(), (objects, seed) => {
      expect(compared([], shuffled(objects, seed), V)).toEqual(compared([], objects, V));
    }), { numRuns: 100 });
  });
});

describe('defaults', () => {
  const pod = basePod() as any;
  const spelled = structuredClone(pod);
  Object.assign(spelled.spec, {
    restartPolicy: 'Always', dnsPolicy: 'ClusterFirst', schedulerName: 'default-scheduler', terminationGracePeriodSeconds: 30, enableServiceLinks: true,
    hostNetwork: false, hostPID: false, serviceAccount: 'app', initContainers: null, tolerations: [],
  });
  Object.assign(spelled.spec.containers[0], {
    imagePullPolicy: 'IfNotPresent', terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', stdin: false, command: [],
    ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
    readinessProbe: { httpGet: { path: '/ready', port: 8080, scheme: 'HTTP' }, timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 },
    resources: { requests: { cpu: '0.1', memory: '65536Ki' }, limits: { cpu: '500m', memory: 67108864 } },
  });
  spelled.metadata = { ...spelled.metadata, creationTimestamp: null, annotations: {} };
  spelled.status = { phase: 'Pending' };

  test.each(['Pod', 'Deployment', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob'])('of a %s are no change, spelled out or left out', (kind) => {
    const [old, next] = [workloadOf(kind, pod), workloadOf(kind, spelled)] as any[];
    if (kind === 'Deployment') {
      Object.assign(next.spec, { revisionHistoryLimit: 10, progressDeadlineSeconds: 600, strategy: { type: 'RollingUpdate', rollingUpdate: { maxSurge: '25%', maxUnavailable: '25%' } } });
    }
    if (kind === 'StatefulSet') {
      Object.assign(next.spec, {
        podManagementPolicy: 'OrderedReady', updateStrategy: { type: 'RollingUpdate', rollingUpdate: { partition: 0 } }, revisionHistoryLimit: 10,
        persistentVolumeClaimRetentionPolicy: { whenDeleted: 'Retain', whenScaled: 'Retain' },
      });
    }
    expect(compared([old], [next])).toEqual([]);
  });

  test.each([
    ['Service', { spec: { ports: [{ port: 80 }] } }, { spec: { type: 'ClusterIP', sessionAffinity: 'None', ports: [{ port: 80, targetPort: 80, protocol: 'TCP' }], externalIPs: [] } }],
    ['Namespace', { metadata: { name: 'x' } }, { metadata: { name: 'x', labels: { 'kubernetes.io/metadata.name': 'x' } }, spec: { finalizers: ['kubernetes'] } }],
    ['Secret', { stringData: { a: 'b' } }, { type: 'Opaque', data: { a: 'Yg==' } }],
  ])('of a %s are no change', (kind, short, long) => {
    const base = { apiVersion: 'v1', kind, metadata: { name: 'x' } };
    expect(compared([{ ...base, ...short }], [{ ...base, ...long }])).toEqual([]);
  });

  test('of a NetworkPolicy are no change', () => {
    const policy = (spec: object) => ({ apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'x', namespace: 'x' }, spec: { podSelector: {}, ...spec } });
    expect(compared([policy({ egress: [{ ports: [{ port: 53 }] }] })], [policy({ policyTypes: ['Egress', 'Ingress'], egress: [{ ports: [{ port: 53, protocol: 'TCP' }], to: [] }] })])).toEqual([]);
  });

  test('that are another value are a change', () => {
    expect(compared([workloadOf('Deployment', pod)], [{ ...workloadOf('Deployment', pod), spec: { ...workloadOf('Deployment', pod).spec, revisionHistoryLimit: 9 } }])).toHaveLength(1);
  });
});

describe('Lists', () => {
  test('are the objects that they hold', () => {
    const [a, b] = OBJECTS;
    expect(compared([a, b], [{ apiVersion: 'v1', kind: 'List', items: [b, a] }], V).length).toBe(compared([a, b], [b, a], V).length);
  });
});

/** What makes two documents one object: the group, whatever its version. */
function keyOf({ apiVersion, kind, metadata }: Json): string {
  const [group, version] = String(apiVersion).split('/');
  return JSON.stringify([version === undefined ? '' : group, kind, (metadata as Json).namespace, (metadata as Json).name]);
}

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(reordered);
  }
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value).reverse().map(([key, each]) => [key, reordered(each)])) : value;
}

function shuffled<T>(list: readonly T[], seed: number): T[] {
  return list.map((each, i) => ({ each, key: Math.imul(i + 1, seed | 1) >>> 0 })).sort((a, b) => a.key - b.key).map(({ each }) => each);
}

function mirrored(change: Change): Change {
  const verdict = change.verdict === 'weaker' ? 'stronger' : change.verdict === 'stronger' ? 'weaker' : 'neutral';
  const kind = change.kind === 'new' ? 'removed' : change.kind === 'removed' ? 'new' : change.kind;
  return { ...change, verdict, kind };
}

/** Without what has a direction of its own: words, and fields that can be set once but not unset. */
function signature(changes: readonly Change[]): string[] {
  return changes.filter(({ kind }) => kind !== 'recreated').map(({ verdict, kind, severity, subject, rule, container }) => [verdict, kind, severity, subject, rule, container].join(' ')).sort();
}
