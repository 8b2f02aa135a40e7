import { ApiObject, App, Chart, Duration, Size } from 'cdk8s';
import { Cpu, Probe } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { IMAGE } from './fixtures';
import { violations } from './restricted';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';

const number = fc.oneof(fc.integer({ min: -2, max: 70000 }), fc.constantFrom(0, 1, 0.5, NaN, Infinity, 2 ** 31, 2 ** 53));
const text = fc.oneof(fc.string({ maxLength: 12 }), fc.constantFrom('web', 'db-1', '', 'constructor', '__proto__', 'toString', 'a'.repeat(64), 'ünï', '\u0000'));
const path = fc.oneof(fc.constantFrom('/data', '/tmp', '/a/b', '/a-b', '/', 'x', '/..', '/dev', '/var/lib/x'), text.map((each) => `/${each}`));
const size = fc.oneof(fc.integer({ min: 0, max: 4096 }), fc.constantFrom(0.5, NaN, Infinity)).chain((amount) =>
  fc.constantFrom(Size.kibibytes(amount), Size.mebibytes(amount), Size.gibibytes(amount), Size.pebibyte(amount)));
const cpu = number.chain((amount) => fc.constantFrom(Cpu.millis(amount), Cpu.units(amount)));
const pair = <T>(amount: fc.Arbitrary<T>) => fc.record({ request: amount, limit: amount }, { requiredKeys: [] });
const probe = fc.oneof(
  fc.tuple(fc.option(number, { nil: undefined }), fc.option(text, { nil: undefined })).map(([port, host]) => Probe.fromTcpSocket({ port, host })),
  number.map((failureThreshold) => Probe.fromHttpGet('/ready', { failureThreshold, timeoutSeconds: Duration.millis(1500) })),
  fc.array(text).map((command) => Probe.fromCommand(command)),
);

const WILD = {
  image: text,
  kind: fc.constantFrom(...Object.values(WorkloadKind)),
  name: text,
  // cdk8s itself can't write an object with a key named "constructor".
  selectorLabels: fc.dictionary(text.filter((key) => key !== 'constructor'), text),
  port: number,
  servicePort: number,
  replicas: number,
  command: fc.array(text),
  args: fc.array(text),
  env: fc.dictionary(text, text),
  secretEnv: fc.dictionary(text, fc.record({ secretName: text, key: text })),
  secretFiles: fc.array(fc.record({ secretName: text, path, items: fc.dictionary(text, text, { maxKeys: 2 }) }, { requiredKeys: ['secretName', 'path'] })),
  writablePaths: fc.array(path),
  persistentPaths: fc.array(fc.record({ path, size, storageClassName: text }, { requiredKeys: ['path', 'size'] })),
  user: number,
  group: number,
  resources: fc.record({ cpu: pair(cpu), memory: pair(size), ephemeralStorage: pair(size) }, { requiredKeys: [] }),
  readiness: probe,
  liveness: probe,
  startup: probe,
};
const id = fc.integer({ min: 1, max: 65535 });
const GOOD: Record<keyof typeof WILD, fc.Arbitrary<unknown>> = {
  image: fc.constant(IMAGE),
  kind: fc.constantFrom(...Object.values(WorkloadKind)),
  name: fc.constantFrom('web', 'db-1', 'constructor'),
  selectorLabels: fc.dictionary(fc.constantFrom('app', 'example.com/tier'), fc.constantFrom('', 'web'), { minKeys: 1 }),
  port: id,
  servicePort: id,
  replicas: fc.integer({ min: 0, max: 9 }),
  command: fc.array(fc.constantFrom('/bin/web', '', '-v')),
  args: fc.array(fc.constantFrom('--verbose', 'serve')),
  env: fc.dictionary(fc.constantFrom('LOG_LEVEL', 'constructor', '__proto__x'), text),
  secretEnv: fc.dictionary(fc.constantFrom('PASSWORD', 'TOKEN'), fc.record({ secretName: fc.constantFrom('db', 'a.b'), key: fc.constantFrom('password', '.x') })),
  secretFiles: fc.constantFrom([], [{ secretName: 'tls', path: '/etc/tls' }], [{ secretName: 'tls', path: '/tmp', items: { 'tls.key': 'a/b' } }]),
  writablePaths: fc.subarray(['/a/b', '/a-b', '/var/cache']),
  persistentPaths: fc.constant([]),
  user: id,
  group: id,
  resources: fc.constantFrom({}, { cpu: { limit: Cpu.units(2) } }, { memory: { request: Size.mebibytes(64), limit: Size.gibibytes(1) } }),
  readiness: fc.constant(Probe.fromHttpGet('/ready')),
  liveness: fc.constant(Probe.fromTcpSocket()),
  startup: fc.constant(Probe.fromCommand(['/bin/ready'])),
};
const optional = { requiredKeys: ['image'] } as { requiredKeys: ['image'] };

/** Good properties with up to two of any kind in their places: most checks are reached, and a good share of the workloads passes them. */
const props = fc.tuple(fc.record(GOOD, optional), fc.record(WILD), fc.subarray(Object.keys(WILD) as (keyof typeof WILD)[], { maxLength: 2 })).map(
  ([good, wild, replaced]) => ({ ...good, ...Object.fromEntries(replaced.map((key) => [key, wild[key]])) }) as SecureWorkloadProps);

/** Everything in the JSON that no manifest may hold, by path. */
function unwritable(value: unknown, at = '$'): string[] {
  if (value === undefined || value === null || (typeof value === 'number' && !Number.isFinite(value))) {
    return [`${at} is ${value}`];
  }
  return typeof value === 'object' ? Object.entries(value).flatMap(([key, each]) => unwritable(each, `${at}.${key}`)) : [];
}

function jsonOf(app: App): any[] {
  return app.node.findAll().filter((each) => ApiObject.isApiObject(each)).map((each) => (each as ApiObject).toJson());
}

test('whatever is given, a workload is refused and leaves nothing, or is admitted by PSS restricted', () => {
  let admitted = 0;
  const bare = new App();
  new HardenedNamespace(new Chart(bare, 'c'), 'shop');
  const empty = jsonOf(bare);
  fc.assert(fc.property(props, (given) => {
    const app = new App();
    const namespace = new HardenedNamespace(new Chart(app, 'c'), 'shop');
    try {
      new SecureWorkload(namespace, 'web', given);
    } catch (error) {
      expect((error as Error).name).toBe('HardenedError');
      expect((error as Error).message).toMatch(/^\[c\/shop\/web\] /);
      expect(jsonOf(app)).toEqual(empty);
      return;
    }
    admitted++;
    const objects = jsonOf(app);
    expect(objects.flatMap((each) => unwritable(each))).toEqual([]);
    const { spec } = objects.find(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');
    expect(violations(spec.template)).toEqual([]);
    expect(spec.template.metadata.labels).toMatchObject(spec.selector.matchLabels);
    expect(Object.keys(spec.selector.matchLabels).length).toBeGreaterThan(0);
  }), { numRuns: 400 });
  expect(admitted).toBeGreaterThan(40);
}, 60_000);
