import * as fc from 'fast-check';
import { compact, Fields } from './arbitraries';
import { GeneratedObject } from './options';
import { BASELINE_CAPABILITIES, SAFE_SYSCTLS } from './security-contexts';
import { HOST_PATHS } from './volumes';
import { appArmorAnnotations, everyContext, generate, Sample, sampleOf } from './workload-sample';
import { podTemplateArbitrary, workloadArbitrary } from './workloads';

const NEWEST = 37;
const newest = generate({ minor: NEWEST }).map(sampleOf);

const SELINUX_TYPES = [undefined, '', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];
/** None is the default, emptyDir. */
const VOLUME_TYPES = [undefined, 'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];

/** What a version of Pod Security Standards or good practice refuses. */
const VIOLATIONS: [string, (sample: Sample) => boolean][] = [
  ['hostNetwork', ({ spec }) => spec.hostNetwork],
  ['hostPID', ({ spec }) => spec.hostPID],
  ['hostIPC', ({ spec }) => spec.hostIPC],
  ['privileged', ({ contexts }) => contexts.some(({ privileged }) => privileged)],
  ['capabilities (baseline)', ({ contexts }) => contexts.some(({ capabilities }) => capabilities?.add?.some((one: string) => !BASELINE_CAPABILITIES.includes(one)))],
  ['hostPath', ({ volumes }) => volumes.some(({ hostPath }) => hostPath)],
  ['hostPorts', ({ ports }) => ports.some(({ hostPort }) => hostPort)],
  ['hostProbesAndHostLifecycle', ({ probes, hooks }) => [...probes, ...hooks].some(({ httpGet, tcpSocket }) => httpGet?.host || tcpSocket?.host)],
  ['AppArmor', (sample) => everyContext(sample).some(({ appArmorProfile }) => appArmorProfile?.type === 'Unconfined') || appArmorAnnotations(sample).includes('unconfined')],
  ['SELinux', (sample) => everyContext(sample).some(({ seLinuxOptions = {} }) =>
    !SELINUX_TYPES.includes(seLinuxOptions.type) || seLinuxOptions.user || seLinuxOptions.role)],
  ['procMount', ({ contexts }) => contexts.some(({ procMount }) => procMount === 'Unmasked')],
  ['seccomp (baseline)', (sample) => everyContext(sample).some(({ seccompProfile }) => seccompProfile?.type === 'Unconfined')],
  ['sysctls', ({ pod }) => pod.sysctls?.some(({ name }: Fields) => !SAFE_SYSCTLS.includes(name))],
  ['windowsHostProcess', (sample) => everyContext(sample).some(({ windowsOptions }) => windowsOptions?.hostProcess)],
  ['volume types (restricted)', ({ volumes }) => volumes.some(({ name, ...source }) =>
    !VOLUME_TYPES.includes(Object.keys(source)[0]))],
  ['privilege escalation (restricted)', ({ spec, contexts }) => spec.os?.name !== 'windows' && contexts.some(({ allowPrivilegeEscalation }) => allowPrivilegeEscalation !== false)],
  ['runAsNonRoot (restricted)', ({ pod, contexts }) => pod.runAsNonRoot === false || contexts.some(({ runAsNonRoot }) => !(runAsNonRoot ?? pod.runAsNonRoot))],
  ['runAsUser (restricted)', (sample) => everyContext(sample).some(({ runAsUser }) => runAsUser === 0)],
  ['seccomp (restricted)', ({ spec, pod, contexts }) => spec.os?.name !== 'windows' && contexts.some(({ seccompProfile }) => !(seccompProfile ?? pod.seccompProfile))],
  ['capabilities (restricted)', ({ spec, contexts }) => spec.os?.name !== 'windows' && contexts.some(({ capabilities }) =>
    !capabilities?.drop?.includes('ALL') || capabilities.add?.some((one: string) => one !== 'NET_BIND_SERVICE'))],
];
const violationsOf = (sample: Sample) => VIOLATIONS.filter(([, violates]) => violates(sample)).length;

test.each(VIOLATIONS)('%s is violated by 3 to 15 of 100 workloads', (_, violates) => {
  const share = newest.filter((sample) => violates(sample)).length / newest.length;
  expect(share).toBeGreaterThan(0.03);
  expect(share).toBeLessThan(0.15);
});

test('most workloads violate few of these at once, and many none', () => {
  const share = (count: number) => newest.filter((sample) => violationsOf(sample) <= count).length / newest.length;
  expect(share(0)).toBeGreaterThan(0.25);
  expect(share(4)).toBeGreaterThan(0.85);
  expect(share(4)).toBeLessThan(1);
});

test('the same seed gives the same objects, and another seed others', () => {
  const [first, again, other] = [1, 1, 2].map((seed) => JSON.stringify(generate({ minor: NEWEST }, { numRuns: 100, seed })));

  expect(again).toBe(first);
  expect(other).not.toBe(first);
});

test('objects are JSON, and no two share a part, so that a test may change one', () => {
  const objects = generate({ minor: NEWEST, nulls: true }, { numRuns: 300, seed: 1 });

  expect(JSON.parse(JSON.stringify(objects))).toEqual(objects);
  expect(objects.filter((object) => JSON.stringify(compact(object)) !== JSON.stringify(object))).toEqual([]);
  const before = JSON.stringify(objects.slice(150));
  objects.slice(0, 150).forEach(overwrite);
  expect(JSON.stringify(objects.slice(150))).toBe(before);
});

function overwrite(value: Fields): void {
  Object.values(value).filter((one) => typeof one === 'object' && one !== null).forEach(overwrite);
  Object.keys(value).forEach((key) => value[key] = 'overwritten');
}

test('kinds and the namespace can be chosen', () => {
  const objects = generate({ minor: NEWEST, kinds: ['Job', 'Pod'], namespace: 'other' }, { numRuns: 100, seed: 1 });

  expect([...new Set(objects.map(({ kind }) => kind))].sort()).toEqual(['Job', 'Pod']);
  expect(new Set(objects.map(({ metadata }) => metadata.namespace))).toEqual(new Set(['other']));
});

/** Fields that come with a version: the first one that has them, and how to tell. */
const VERSIONED: [string, number, (sample: Sample) => boolean][] = [
  ['sidecars', 29, ({ spec }) => spec.initContainers?.some(({ restartPolicy }: Fields) => restartPolicy)],
  ['AppArmor fields', 30, (sample) => everyContext(sample).some(({ appArmorProfile }) => appArmorProfile)],
  ['sleeping hooks', 30, ({ hooks }) => hooks.some(({ sleep }) => sleep)],
  ['recursively read-only mounts', 31, ({ mounts }) => mounts.some(({ recursiveReadOnly }) => recursiveReadOnly)],
  ['variables of any name', 32, ({ env }) => env.some(({ name }) => name.includes(' '))],
  ['hostUsers', 33, ({ spec }) => spec.hostUsers !== undefined],
  ['procMount', 33, ({ contexts }) => contexts.some(({ procMount }) => procMount)],
  ['supplementalGroupsPolicy', 33, ({ pod }) => pod.supplementalGroupsPolicy],
  ['seLinuxChangePolicy', 33, ({ pod }) => pod.seLinuxChangePolicy],
  ['seLinuxChangePolicy MountOption', 37, ({ pod }) => pod.seLinuxChangePolicy === 'MountOption'],
  ['resize policies', 33, ({ containers }) => containers.some(({ resizePolicy }) => resizePolicy)],
  ['resources of pods', 34, ({ spec }) => spec.resources],
  ['image volumes', 35, ({ volumes }) => volumes.some(({ image }) => image)],
  ['restart policies of containers', 35, ({ spec }) => spec.containers.some(({ restartPolicy }: Fields) => restartPolicy)],
  ['hostnameOverride', 35, ({ spec }) => spec.hostnameOverride],
  ['trust bundles', 37, ({ volumes }) => volumes.some(({ projected }) => projected?.sources?.some((one: Fields) => one.clusterTrustBundle))],
  ['pod certificates', 37, ({ volumes }) => volumes.some(({ projected }) => projected?.sources?.some((one: Fields) => one.podCertificate))],
];
const MINORS = [28, 29, 30, 31, 32, 33, 34, 35, 36, 37];
const byMinor = new Map(MINORS.map((minor) => [minor, generate({ minor }, { numRuns: 700, seed: 1 }).map(sampleOf)]));

test.each(VERSIONED)('there are %s from 1.%d on, not before', (_, since, has) => {
  const minors = [...byMinor].filter(([, samples]) => samples.some((sample) => Boolean(has(sample)))).map(([minor]) => minor);

  expect(minors).toEqual([...byMinor.keys()].filter((minor) => minor >= since));
});

test('init containers are probed only where they keep running', () => {
  const all = [...byMinor.values()].flat().flatMap(({ spec }) => spec.initContainers ?? []);
  const probed = all.filter(({ livenessProbe, lifecycle }) => livenessProbe || lifecycle);

  expect([...new Set(probed.map(({ restartPolicy }) => restartPolicy))]).toEqual(['Always']);
});

test('fields are null only where that was asked for', () => {
  const nulls = (objects: GeneratedObject[]) => objects.map((object) => JSON.stringify(object).match(/"\w+":null/g) ?? []);
  const asked = nulls(generate({ minor: NEWEST, nulls: true }, { numRuns: 1000, seed: 1 }));

  expect(nulls(newest.map(({ object }) => object)).flat()).toEqual([]);
  expect(asked.filter((each) => each.length > 0).length).toBeGreaterThan(500);
  expect([...new Set(asked.flat())]).toEqual(expect.arrayContaining(
    ['"securityContext":null', '"initContainers":null', '"capabilities":null', '"privileged":null', '"emptyDir":null', '"hostPath":null', '"annotations":null', '"runAsNonRoot":null'],
  ));
});

describe('a counterexample shrinks', () => {
  const smallest = (holds: (sample: Sample) => boolean): Sample => {
    const property = fc.property(workloadArbitrary({ minor: NEWEST }), (object) => holds(sampleOf(object)));
    const { counterexample } = fc.check(property, { seed: 1, numRuns: 1000 });
    return sampleOf(counterexample![0]);
  };

  test('to the one volume that matters', () => {
    const { object, containers, volumes, spec } = smallest(({ volumes: all }) => !all.some(({ hostPath }) => hostPath));

    expect(object.kind).toBe('Pod');
    expect(containers).toHaveLength(1);
    expect(volumes).toEqual([{ name: 'volume-0', hostPath: { path: HOST_PATHS[0] } }]);
    expect(Object.keys(spec).sort()).toEqual(['containers', 'securityContext', 'serviceAccountName', 'automountServiceAccountToken', 'volumes'].sort());
  });

  test('to the one container that matters', () => {
    const { containers, volumes, spec } = smallest(({ contexts }) => !contexts.some(({ privileged }) => privileged));

    expect(containers).toHaveLength(1);
    expect(containers[0].securityContext.privileged).toBe(true);
    expect(Object.keys(containers[0]).sort()).toEqual(['image', 'name', 'securityContext']);
    expect(volumes).toEqual([]);
    expect(spec).not.toHaveProperty('hostNetwork');
  });
});

test('a template of its own has the labels that selectors need, and the restart policy of its kind', () => {
  const jobs = fc.sample(podTemplateArbitrary({ minor: NEWEST, kind: 'Job' }), { numRuns: 100, seed: 1 });
  const others = fc.sample(podTemplateArbitrary({ minor: NEWEST }), { numRuns: 100, seed: 1 });

  expect([...jobs, ...others].filter(({ metadata }) => metadata.labels.app !== 'app')).toEqual([]);
  expect([...new Set(jobs.map(({ spec }) => spec.restartPolicy))].sort()).toEqual(['Never', 'OnFailure']);
  expect([...new Set(others.map(({ spec }) => spec.restartPolicy))].sort()).toEqual(['Always', undefined]);
});
