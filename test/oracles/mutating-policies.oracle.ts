import * as fc from 'fast-check';
import { PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { mutatingPolicy, mutatingPolicyBinding, MutatingPolicyOptions, whyNoMutation } from '../../src/controls/admission/mutating-policy';
import { catalogControls } from '../../src/controls/catalog';
import { Control } from '../../src/controls/control';
import { ControlSet } from '../../src/controls/control-set';
import { exampleTwins } from '../../src/controls/example-twins';
import { fixObject, FixResult } from '../../src/controls/fix/fix';
import { ControlPack } from '../../src/controls/pack';
import { isObject, Place, showPath } from '../../src/controls/path';
import { effectiveControls } from '../../src/controls/superseding';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { SAMPLES } from '../controls/fix/sample-controls';
import { GeneratedObject, SERVICE_ACCOUNTS } from '../support/generated-objects/options';
import { WORKLOAD_KINDS, WorkloadKind, workloadArbitrary } from '../support/generated-objects/workloads';

const VERSION = KubernetesVersion.V1_37;
const PODS = generated('Pod', 150);

/** Always the same objects, so that a failure can be looked into. */
function generated(kind: WorkloadKind, count: number): GeneratedObject[] {
  return fc.sample(workloadArbitrary({ minor: VERSION.minor, kinds: [kind] }), { numRuns: count, seed: 20_261_121 });
}

/**
 * What one policy does may exempt a pod from another, and the server calls policies in no particular order: none of these does, as long as pods are
 * not put into user namespaces.
 */
function recommended(): Control[] {
  return effectiveControls(ControlPack.recommended().controls, VERSION);
}

/** What expressions cost is bounded. */
function hundredContainers(): GeneratedObject {
  const probe = { httpGet: { port: 80, host: '192.0.2.1' } };
  const containers = Array.from({ length: 100 }, (_, i) => ({
    name: `c-${i}`,
    image: `registry.example.com/${'team/'.repeat(20)}app:${'1'.repeat(100)}`,
    env: Array.from({ length: 20 }, (__, n) => ({ name: `NAME_${n}`, value: 'value '.repeat(20) })),
    ports: Array.from({ length: 20 }, (__, n) => ({ containerPort: i * 20 + n + 1, hostPort: i * 20 + n + 1 })),
    securityContext: { privileged: true, capabilities: { add: ['SYS_TIME', 'SYS_ADMIN', 'NET_ADMIN'] }, seLinuxOptions: { type: 'spc_t' } },
    livenessProbe: probe,
    readinessProbe: probe,
    startupProbe: probe,
    lifecycle: { postStart: probe, preStop: probe },
  }));
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'many' }, spec: { containers } };
}

function isMutable(control: Control): boolean {
  return whyNoMutation(control, VERSION) === undefined;
}

/** Policies of some controls, bound to one namespace. */
function policiesFor(namespace: string, controls: readonly Control[], options: Partial<MutatingPolicyOptions> = {}): unknown[] {
  return controls.flatMap((control) => {
    const policy: any = mutatingPolicy(control, { version: VERSION, ...options });
    const binding: any = mutatingPolicyBinding(control, { suffix: namespace, namespaces: [namespace] });
    // One control may be under test in several namespaces with several options.
    policy.metadata.name = binding.spec.policyName = `${policy.metadata.name}.${namespace}`;
    return [policy, binding];
  });
}

/** What the server would store, or why it refuses. */
async function stored(server: PolicyServer, object: any, namespace: string, original = object): Promise<unknown> {
  const { allowed, message, body } = await server.dryRun({ ...object, metadata: { ...object.metadata, namespace } });
  return allowed ? comparable(body, original) : { refused: withoutChance(message).replaceAll(namespace, 'NAMESPACE') };
}

function withoutChance(text: string): string {
  return text.replaceAll(/kube-api-access-\w+/g, 'kube-api-access').replaceAll(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'UID');
}

/** Without what differs between two requests of the same object, and without what means nothing. */
function comparable({ metadata, spec }: any, { kind, spec: { hostNetwork } }: any): unknown {
  const text = JSON.stringify({ labels: metadata.labels, annotations: metadata.annotations, spec });
  // A Job without labels shares its template's with it, unless a policy has touched it: what the server then adds to one is in the other.
  const object = JSON.parse(withoutChance(text), (key, value) => (
    (isObject(value) && Object.keys(value).length === 0) || /controller-uid|job-name/.test(key) ? undefined : value
  ));
  if (kind === 'Pod' && hostNetwork === true) {
    // The server has made them of the container ports before any policy could see the pod.
    const ports = [...object.spec.containers, ...object.spec.initContainers ?? []].flatMap((container) => container.ports ?? []);
    ports.filter((port) => port.hostPort === port.containerPort).forEach((port) => delete port.hostPort);
  }
  return object;
}

describeWith(policyServerPrograms('1.37'), 'a mutating policy does what fix does', () => {
  let server: PolicyServer;

  beforeAll(async () => {
    server = await PolicyServer.start();
    await namespace('plain');
  });

  afterAll(async () => server?.stop());

  async function namespace(name: string, labels: Record<string, string> = {}): Promise<void> {
    await server.namespace(name, labels);
    await server.apply(SERVICE_ACCOUNTS.map((account) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: name } })));
  }

  /** Creates each object where the policies act, and what fix makes of it where none does. */
  async function compare(
    controls: readonly Control[], objects: readonly any[], where: string,
  ): Promise<{ results: FixResult[]; different: string[] }> {
    const set = new ControlSet(controls, VERSION);
    const results = objects.map((object) => fixObject(object, set));
    const different = await Promise.all(objects.map(async (object, i) => {
      const policy = await stored(server, object, where);
      const fix = await stored(server, results[i].object, 'plain', object);
      return JSON.stringify(sorted(policy)) === JSON.stringify(sorted(fix)) ? [] : [JSON.stringify({ ...difference(policy, fix), object }, null, 1)];
    }));
    return { results, different: different.flat() };
  }

  describe.each([
    ['the samples', () => Object.values(SAMPLES)],
    ['the catalog', () => catalogControls()],
  ])('one control of %s', (_, controlsOf) => {
    const controls = controlsOf().filter(isMutable);
    const policies = controls.flatMap((control) => policiesFor(`only-${control.id}`, [control]));

    beforeAll(async () => {
      await Promise.all(controls.map(async ({ id }) => namespace(`only-${id}`)));
      await server.apply(policies);
      await server.settle();
    });

    afterAll(async () => server.remove(policies));

    test.each(controls.map((control) => [control.id, control] as const))('%s', async (id, control) => {
      const twins = control.example ? [exampleTwins(control)] : [];
      const { results, different } = await compare([control], [...twins.flatMap(({ compliant, violating }) => [violating, compliant]), ...PODS], `only-${id}`);
      expect(different.slice(0, 2)).toEqual([]);
      const isViolated = twins.length === 0 || new ControlSet([control], VERSION).violations(twins[0].violating).length > 0;
      expect(results.some(({ changes }) => changes.length > 0)).toBe(isViolated);
    });
  });

  test.each([
    ['the samples', 'all-samples', () => Object.values(SAMPLES)],
    ['what is recommended', 'all-recommended', recommended],
  ])('all controls of %s together', async (_, name, controlsOf) => {
    const controls = controlsOf().filter(isMutable);
    await namespace(name);
    const policies = policiesFor(name, controls);
    await server.apply(policies);
    await server.settle();
    const { results, different } = await compare(controls, [...PODS, hundredContainers()], name);
    expect(different.slice(0, 2)).toEqual([]);
    expect(results.filter(({ changes }) => changes.length > 0).length).toBeGreaterThan(PODS.length / 2);
    expect(await stored(server, hundredContainers(), name)).not.toHaveProperty('refused');
    await server.remove(policies);
  });

  test('templates of controllers stay as they were applied, unless they are asked for', async () => {
    const controls = recommended().filter(isMutable);
    await namespace('pods-only');
    await namespace('controllers');
    const policies = [...policiesFor('pods-only', controls), ...policiesFor('controllers', controls, { controllers: true })];
    await server.apply(policies);
    await server.settle();
    for (const kind of WORKLOAD_KINDS.filter((each) => each !== 'Pod')) {
      const objects = generated(kind, 40);
      for (const object of objects) {
        expect(sorted(await stored(server, object, 'pods-only'))).toEqual(sorted(await stored(server, object, 'plain')));
      }
      const { results, different } = await compare(controls, objects, 'controllers');
      expect(different.slice(0, 2)).toEqual([]);
      expect(results.some(({ changes }) => changes.length > 0)).toBe(true);
    }
    await server.remove(policies);
  });

  test('of a template that was there before, only an update that changes it is fixed', async () => {
    await namespace('updates');
    const object: any = {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'updates' },
      spec: { selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'web', image: 'web' }] } } },
    };
    await server.apply([object]);
    const policies = policiesFor('updates', [SAMPLES.readOnlyRoot], { controllers: true });
    await server.apply(policies);
    await server.settle();
    const context = async (change: unknown) => (await server.dryRunPatch(object, change)).body.spec.template.spec.containers[0].securityContext;
    expect(await context({ metadata: { labels: { team: 'shop' } }, spec: { replicas: 3 } })).toBeUndefined();
    expect(await context({ spec: { template: { spec: { containers: [{ name: 'web', image: 'web:2' }] } } } })).toEqual({ readOnlyRootFilesystem: true });
    await server.remove(policies);
  });

  test('a waived finding stays, and its neighbours are fixed', async () => {
    const context = { runAsNonRoot: false, allowPrivilegeEscalation: true, capabilities: { add: ['SYS_TIME'] } };
    const pod = (name: string) => ({
      apiVersion: 'v1', kind: 'Pod', metadata: { name },
      spec: { automountServiceAccountToken: false, containers: ['clock', 'other'].map((each) => ({ name: each, image: 'app', securityContext: context })) },
    });
    const of = (id: string) => catalogControls().find((control) => control.id === id)!;
    const exclusion = (path: string, value: unknown) => ({
      exclusions: [{ namespace: 'waived', kind: 'Pod', name: 'ntp', container: 'clock', path: `spec.containers[0].securityContext.${path}`, value }],
    });
    await namespace('waived');
    const policies = [
      ...policiesFor('waived', [of('run-as-non-root')], exclusion('runAsNonRoot', false)),
      ...policiesFor('waived', [of('allow-privilege-escalation')], exclusion('allowPrivilegeEscalation', true)),
      ...policiesFor('waived', [of('capabilities-baseline')], exclusion('capabilities.add', ['SYS_TIME'])),
    ];
    await server.apply(policies);
    await server.settle();
    const contexts = async (name: string) => ((await stored(server, pod(name), 'waived')) as any).spec.containers.map((each: any) => each.securityContext);
    const fixed = { runAsNonRoot: true, allowPrivilegeEscalation: false };
    expect(await contexts('ntp')).toEqual([context, fixed]);
    expect(await contexts('other')).toEqual([fixed, fixed]);
    await server.remove(policies);
  });

  test('a policy that does something else is noticed', async () => {
    await namespace('twin');
    const wrong: any[] = policiesFor('twin', [SAMPLES.readOnlyRoot]);
    wrong[0].spec.mutations[0].jsonPatch.expression = wrong[0].spec.mutations[0].jsonPatch.expression.replaceAll('value: true', 'value: false');
    await server.apply(wrong);
    await server.settle();
    expect((await compare([SAMPLES.readOnlyRoot], PODS, 'twin')).different).not.toEqual([]);
    await server.remove(wrong);
  });
});

describeWith(policyServerPrograms('1.37'), 'the first Kubernetes that has mutating policies', () => {
  test('understands them all, and a mistake in one is noticed', async () => {
    const server = await PolicyServer.start({ flags: { 'emulated-version': 'kube=1.36' } });
    try {
      expect((await server.request('GET', '/version')).body.emulationMinor).toBe('36');
      const all = [...Object.values(SAMPLES), ...catalogControls()];
      const policies = all.filter((control) => whyNoMutation(control, KubernetesVersion.V1_36) === undefined).map((control, i) => {
        const policy: any = mutatingPolicy(control, { version: KubernetesVersion.V1_36, controllers: i % 2 === 0 });
        return { ...policy, metadata: { ...policy.metadata, name: `${policy.metadata.name}-${i}` } };
      });
      await server.apply(policies);
      policies[0].spec.mutations[0].jsonPatch.expression += ' + lists.newest(1)';
      await expect(server.apply(policies)).rejects.toThrow('undeclared reference');
    } finally {
      await server.stop();
    }
  });
});

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(sorted);
  }
  return isObject(value) ? Object.fromEntries(Object.keys(value).sort().map((key) => [key, sorted(value[key])])) : value;
}

/** The first place at which two objects differ. */
function difference(policy: any, fix: any, place: Place = []): { at: string; policy: unknown; fix: unknown } {
  const steps: (string | number)[] = Array.isArray(policy) && Array.isArray(fix) ? policy.map((_, i) => i)
    : isObject(policy) && isObject(fix) ? Object.keys({ ...policy, ...fix }) : [];
  const step = steps.find((each) => JSON.stringify(sorted(policy[each])) !== JSON.stringify(sorted(fix[each])));
  const below = (value: any) => value[step!];
  return step === undefined || [policy, fix].some((each) => below(each) === undefined)
    ? { at: showPath(place), policy, fix } : difference(below(policy), below(fix), [...place, step]);
}
