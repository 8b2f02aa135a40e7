import { Cron, Duration, Size } from 'cdk8s';
import { Cpu, ImagePullPolicy, NodeTaintQuery, Probe } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { Port } from '../../src/core/port';
import { SandboxRuntime } from '../../src/runtime/sandbox-runtime';
import { ImageProfile } from '../../src/supply-chain/image-profile';
import { WorkloadIdentity } from '../../src/workloads/access/workload-identity';
import { AppArmorProfile, SeccompProfile, SeLinuxType } from '../../src/workloads/pod/security-profiles';
import { PreStop } from '../../src/workloads/pod/termination';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';
import { EphemeralMedium, VolumeAccess } from '../../src/workloads/volumes/workload-volumes';

type Props = keyof SecureWorkloadProps;

const IMAGE = `registry.example/web:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;
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
const duration = number.filter((amount) => amount >= 0).map((amount) => Duration.seconds(amount));
/** cdk8s itself can't write an object with a key named "constructor". */
const key = text.filter((each) => each !== 'constructor');
/** What nobody may give; null in place of an object. */
const nonsense = fc.constantFrom<unknown>(null, 7, 'x', [], {}, [null]);

/** Any value of each property, most of them wrong. The compiler asks for one wherever a property is added. */
export const WILD: Record<Props, fc.Arbitrary<unknown>> = {
  image: text,
  imageProfile: nonsense,
  imagePullPolicy: text,
  imagePullSecrets: fc.array(text),
  kind: fc.constantFrom(...Object.values(WorkloadKind)),
  name: text,
  selectorLabels: fc.dictionary(key, text),
  port: number,
  furtherPorts: fc.dictionary(key, fc.constantFrom<unknown>(Port.tcp(9090), Port.udp(53), Port.tcpRange(1, 9), 7)),
  servicePort: number,
  replicas: number,
  autoscaling: fc.record(
    { minReplicas: number, maxReplicas: number, cpuUtilization: number, memoryUtilization: number }, { requiredKeys: ['maxReplicas'] },
  ),
  disruptionBudget: fc.record({ maxUnavailable: number, minAvailable: number }, { requiredKeys: [] }),
  command: fc.array(text),
  args: fc.array(text),
  env: fc.dictionary(text, text),
  secretEnv: fc.dictionary(text, fc.record({ secretName: text, key: text })),
  secretFiles: fc.array(fc.record({ secretName: text, path, items: fc.dictionary(text, text, { maxKeys: 2 }) }, { requiredKeys: ['secretName', 'path'] })),
  writablePaths: fc.array(path),
  ephemeralPaths: fc.array(fc.record(
    { path, size, medium: fc.constantFrom(...Object.values(EphemeralMedium)), storageClassName: text }, { requiredKeys: ['path', 'size'] },
  )),
  persistentPaths: fc.array(fc.record(
    { path, size, storageClassName: text, claimName: text, access: fc.constantFrom(...Object.values(VolumeAccess)) }, { requiredKeys: ['path'] },
  )),
  configFiles: fc.array(fc.record({ path, files: fc.dictionary(key, text), configMapName: text }, { requiredKeys: ['path'] })),
  user: number,
  group: number,
  resources: fc.record({ cpu: pair(cpu), memory: pair(size), ephemeralStorage: pair(size) }, { requiredKeys: [] }),
  readiness: probe,
  liveness: probe,
  startup: probe,
  initContainers: fc.array(fc.record(
    {
      name: text, image: fc.constant(IMAGE), sidecar: fc.boolean(), args: fc.array(text), env: fc.dictionary(key, text), port: number, startup: probe,
    },
    { requiredKeys: ['name', 'image'] },
  ), { maxLength: 2 }),
  job: fc.record(
    { completions: number, parallelism: number, backoffLimit: number, activeDeadline: duration, ttlAfterFinished: duration }, { requiredKeys: [] },
  ),
  schedule: fc.record({ cron: text.map((minute) => Cron.schedule({ minute })), timeZone: text, startingDeadline: duration }, { requiredKeys: ['cron'] }),
  appArmor: nonsense,
  seccomp: nonsense,
  seLinux: fc.record({ type: text, level: text }, { requiredKeys: [] }),
  userNamespace: fc.boolean(),
  runtime: nonsense,
  placement: fc.record(
    { nodeLabels: fc.dictionary(key, text), preferredNodeLabels: fc.dictionary(key, text), priorityClassName: text }, { requiredKeys: [] },
  ),
  terminationGracePeriod: duration,
  preStop: nonsense,
  privileges: nonsense,
  workloadIdentity: nonsense,
};

const id = fc.integer({ min: 1, max: 65535 });

/** Values of each property that go with most values of the others. */
export const GOOD: Record<Props, fc.Arbitrary<unknown>> = {
  image: fc.constant(IMAGE),
  imageProfile: fc.constantFrom(ImageProfile.nginx(), ImageProfile.java(), ImageProfile.node(), ImageProfile.distroless(), ImageProfile.memcached()),
  imagePullPolicy: fc.constantFrom(...Object.values(ImagePullPolicy)),
  imagePullSecrets: fc.subarray(['registry', 'mirror.example']),
  kind: fc.constantFrom(...Object.values(WorkloadKind)),
  name: fc.constantFrom('web', 'db-1', 'constructor'),
  selectorLabels: fc.dictionary(fc.constantFrom('app', 'example.com/tier'), fc.constantFrom('', 'web'), { minKeys: 1 }),
  port: id,
  furtherPorts: fc.constantFrom({}, { metrics: Port.tcp(65001) }, { dns: Port.udp(65053), metrics: Port.tcp(65001) }),
  servicePort: id,
  replicas: fc.integer({ min: 0, max: 9 }),
  autoscaling: fc.constantFrom({ maxReplicas: 5 }, { minReplicas: 3, maxReplicas: 9, cpuUtilization: 50, memoryUtilization: 80 }),
  disruptionBudget: fc.constantFrom({ maxUnavailable: 1 }, { minAvailable: 1 }),
  command: fc.array(fc.constantFrom('/bin/web', '', '-v')),
  args: fc.array(fc.constantFrom('--verbose', 'serve')),
  env: fc.dictionary(fc.constantFrom('LOG_LEVEL', 'constructor', '__proto__x'), text),
  secretEnv: fc.dictionary(
    fc.constantFrom('PASSWORD', 'TOKEN'), fc.record({ secretName: fc.constantFrom('db', 'a.b'), key: fc.constantFrom('password', '.x') }),
  ),
  secretFiles: fc.constantFrom([], [{ secretName: 'tls', path: '/etc/tls' }], [{ secretName: 'tls', path: '/tmp', items: { 'tls.key': 'a/b' } }]),
  writablePaths: fc.subarray(['/a/b', '/a-b', '/var/cache/web']),
  ephemeralPaths: fc.subarray([
    { path: '/e/disk', size: Size.mebibytes(512) },
    { path: '/e/memory', size: Size.mebibytes(32), medium: EphemeralMedium.MEMORY },
    { path: '/e/volume', size: Size.gibibytes(9), medium: EphemeralMedium.VOLUME },
  ]),
  persistentPaths: fc.constantFrom(
    [], [{ path: '/p/data', size: Size.gibibytes(1) }], [{ path: '/p/shared', size: Size.gibibytes(1), access: VolumeAccess.READ_WRITE_MANY }],
  ),
  configFiles: fc.constantFrom([], [{ path: '/etc/web', files: { 'web.conf': 'listen 8080;\n' } }], [{ path: '/etc/flags', configMapName: 'flags' }]),
  user: id,
  group: id,
  resources: fc.constantFrom({}, { cpu: { limit: Cpu.units(2) } }, { memory: { request: Size.mebibytes(64), limit: Size.gibibytes(1) } }),
  readiness: fc.constant(Probe.fromHttpGet('/ready')),
  liveness: fc.constant(Probe.fromTcpSocket()),
  startup: fc.constant(Probe.fromCommand(['/bin/ready'])),
  initContainers: fc.subarray([
    { name: 'proxy', image: IMAGE, sidecar: true, port: 15001 }, { name: 'fetch', image: IMAGE, args: ['now'], env: { LEVEL: '' } },
  ]),
  job: fc.constantFrom({}, { backoffLimit: 0 }),
  schedule: fc.constant({ cron: Cron.daily() }),
  appArmor: fc.constantFrom(AppArmorProfile.runtimeDefault(), AppArmorProfile.localhost('web')),
  seccomp: fc.constantFrom(SeccompProfile.runtimeDefault(), SeccompProfile.localhost('profiles/web.json')),
  seLinux: fc.constantFrom({ type: SeLinuxType.CONTAINER }, { level: 's0:c1,c2' }),
  userNamespace: fc.boolean(),
  runtime: fc.constant(SandboxRuntime.existing('gvisor')),
  placement: fc.constantFrom(
    {}, { nodeLabels: { pool: 'web' }, priorityClassName: 'high' }, { preferredNodeLabels: { disk: 'ssd' }, tolerations: [NodeTaintQuery.exists('dedicated')] },
  ),
  terminationGracePeriod: fc.constantFrom(Duration.seconds(5), Duration.minutes(2)),
  preStop: fc.constant(PreStop.command(['/bin/drain'])),
  // Each needs a namespace of its own: they have tests of their own.
  privileges: fc.constant([]),
  workloadIdentity: fc.constant<WorkloadIdentity | undefined>(undefined),
};

/** Good properties of a workload of any kind, that mostly go together. */
export const goodProps: fc.Arbitrary<SecureWorkloadProps> = fc.record(GOOD, { requiredKeys: ['image'] }).map((props) => fitting(props as never));

/** Good properties with up to two of any kind in their places: most checks are reached, and a good share of the workloads passes them. */
export const anyProps: fc.Arbitrary<SecureWorkloadProps> = fc.tuple(
  goodProps, fc.record(WILD), fc.subarray(Object.keys(WILD) as Props[], { maxLength: 2 }),
).map(([good, wild, replaced]) => ({ ...good, ...Object.fromEntries(replaced.map((each) => [each, wild[each]])) }));

/** Without what workloads of a kind don't take. */
function fitting({ kind, ...rest }: SecureWorkloadProps): SecureWorkloadProps {
  const {
    job, schedule, port, furtherPorts, servicePort, replicas, autoscaling, disruptionBudget, readiness, liveness, startup, userNamespace,
    persistentPaths, ...others
  } = rest;
  const every = {
    ...others,
    ...(others.runtime === undefined && { userNamespace }),
    persistentPaths: persistentPaths?.filter(({ access }) => access === VolumeAccess.READ_WRITE_MANY || kind === WorkloadKind.STATEFUL_SET),
  };
  const probes = { readiness, liveness, startup };
  switch (kind) {
    case WorkloadKind.JOB:
      return { ...every, kind, job };
    case WorkloadKind.CRON_JOB:
      return { ...every, kind, job, schedule: schedule ?? { cron: Cron.hourly() } };
    case WorkloadKind.DAEMON_SET:
      return { ...every, ...probes, kind, port, furtherPorts };
    default:
      return {
        ...every, ...probes, kind, port, furtherPorts, disruptionBudget,
        ...(kind !== WorkloadKind.STATEFUL_SET && { servicePort }), ...(autoscaling ? { autoscaling } : { replicas }),
      };
  }
}
