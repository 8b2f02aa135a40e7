import * as fc from 'fast-check';
import { Fields } from './arbitraries';
import { ephemeralContainersArbitrary, PodWithEphemeralContainers } from './ephemeral-containers';

const samples = fc.sample(ephemeralContainersArbitrary({ minor: 37 }), { numRuns: 3000, seed: 1 });
const contextsOf = ({ ephemeralContainers }: PodWithEphemeralContainers): Fields[] =>
  ephemeralContainers.map(({ securityContext }) => securityContext ?? {});

const FEATURES: [string, (sample: PodWithEphemeralContainers) => unknown][] = [
  ['two containers', ({ ephemeralContainers }) => ephemeralContainers.length === 2],
  ['a Windows pod', ({ pod }) => pod.spec.os?.name === 'windows'],
  ['a host process', (sample) => contextsOf(sample).some(({ windowsOptions }) => windowsOptions?.hostProcess)],
  ['a target', ({ ephemeralContainers }) => ephemeralContainers.some(({ targetContainerName }) => targetContainerName)],
  ['no target', ({ ephemeralContainers }) => ephemeralContainers.some(({ targetContainerName }) => targetContainerName === undefined)],
  ['a mount', ({ ephemeralContainers }) => ephemeralContainers.some(({ volumeMounts }) => volumeMounts)],
  ['a privileged container', (sample) => contextsOf(sample).some(({ privileged }) => privileged)],
  ['an added capability', (sample) => contextsOf(sample).some(({ capabilities }) => capabilities?.add?.includes('SYS_ADMIN'))],
  ['no security context', ({ ephemeralContainers }) => ephemeralContainers.some(({ securityContext }) => securityContext === undefined)],
  ['only an ephemeral container that runs as root', (sample) => {
    const { spec } = sample.pod;
    const others = [spec, ...spec.containers, ...spec.initContainers ?? []];
    return contextsOf(sample).some(({ runAsUser }) => runAsUser === 0) && !others.some(({ securityContext }) => securityContext?.runAsUser === 0);
  }],
];

test.each(FEATURES)('among 3,000 pods with ephemeral containers there is %s', (_, has) => {
  expect(samples.some((sample) => Boolean(has(sample)))).toBe(true);
});

test('every pod is without them at first, and none has what the server forbids them', () => {
  const forbidden = ['ports', 'livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle', 'resources', 'resizePolicy', 'restartPolicy'];
  const containers = samples.flatMap(({ ephemeralContainers }) => ephemeralContainers);

  expect(samples.filter(({ pod }) => 'ephemeralContainers' in pod.spec)).toEqual([]);
  expect(samples.filter(({ ephemeralContainers }) => ephemeralContainers.length === 0)).toEqual([]);
  expect(containers.filter((container) => forbidden.some((key) => key in container))).toEqual([]);
  expect(containers.flatMap(({ volumeMounts = [] }) => volumeMounts).filter((mount: Fields) => 'subPath' in mount || 'subPathExpr' in mount)).toEqual([]);
});

test('no two containers of a pod have one name', () => {
  const shared = samples.filter(({ pod: { spec }, ephemeralContainers }) => {
    const names = [...spec.containers, ...spec.initContainers ?? [], ...ephemeralContainers].map(({ name }) => name);
    return new Set(names).size < names.length;
  });

  expect(shared).toEqual([]);
});
