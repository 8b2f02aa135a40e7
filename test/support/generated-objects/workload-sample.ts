import * as fc from 'fast-check';
import { Fields } from './arbitraries';
import { GeneratedObject } from './options';
import { templateOf, workloadArbitrary, WorkloadOptions } from './workloads';

/** An object with the parts that features are about. */
export interface Sample {
  readonly object: GeneratedObject;
  readonly metadata: Fields;
  readonly spec: Fields;
  readonly pod: Fields;
  readonly containers: Fields[];
  /** Security contexts of containers. */
  readonly contexts: Fields[];
  readonly volumes: Fields[];
  readonly mounts: Fields[];
  readonly ports: Fields[];
  readonly env: Fields[];
  readonly probes: Fields[];
  readonly hooks: Fields[];
}

export function sampleOf(object: GeneratedObject): Sample {
  const { metadata, spec } = templateOf(object);
  const containers: Fields[] = [...spec.containers, ...spec.initContainers ?? []];
  const all = (key: string): Fields[] => containers.flatMap((each) => each[key] ?? []);
  return {
    object,
    metadata,
    spec,
    containers,
    pod: spec.securityContext ?? {},
    contexts: containers.map((each) => each.securityContext ?? {}),
    volumes: spec.volumes ?? [],
    mounts: all('volumeMounts'),
    ports: all('ports'),
    env: all('env'),
    probes: [...all('livenessProbe'), ...all('readinessProbe'), ...all('startupProbe')],
    hooks: all('lifecycle').flatMap(({ postStart, preStop }) => [postStart, preStop].filter((each) => each)),
  };
}

const APP_ARMOR = 'container.apparmor.security.beta.kubernetes.io/';

/** Values of the annotations that choose AppArmor profiles. */
export function appArmorAnnotations({ metadata }: Sample): string[] {
  const chosen = Object.entries<string>(metadata.annotations ?? {}).filter(([key]) => key.startsWith(APP_ARMOR));
  return chosen.map(([, value]) => value);
}

/** The security context of the pod and those of its containers. */
export function everyContext({ pod, contexts }: Sample): Fields[] {
  return [pod, ...contexts];
}

const SAMPLES = { numRuns: 3000, seed: 1 };

export function generate(options: WorkloadOptions, samples: { numRuns: number; seed: number } = SAMPLES): GeneratedObject[] {
  return fc.sample(workloadArbitrary(options), samples);
}
