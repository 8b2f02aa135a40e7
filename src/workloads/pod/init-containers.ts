import { Probe } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { checkCommandLine } from './command-line';
import { InitContainer } from './init-container';
import { PodParts, SMALL_DIRECTORY } from './pod-parts';
import { checkEnvironment, writtenEnvironment } from './workload-environment';
import { renderedProbes } from './workload-probes';
import { ResourceBounds, resourceBounds, writtenResources } from './workload-resources';
import { Json } from '../../controls/path';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkPort, TransportProtocol } from '../../core/port';
import { checkImageReference } from '../../supply-chain/image-reference';
import { ServicePort } from '../exposure/service-ports';
import { Volumes } from '../volumes/workload-volumes';

/** A checked init container. */
export interface InitContainerPlan {
  readonly container: InitContainer;
  readonly sidecar: boolean;
  readonly resources: ResourceBounds;
  readonly probes: Json;
  /** Name of the volume at its `/tmp`. */
  readonly tmp: string;
  /** Volumes of the program that it has too. */
  readonly mounts: readonly Json[];
}

const PROPS: KnownProps<InitContainer> = {
  name: true, image: true, sidecar: true, command: true, args: true, env: true, secretEnv: true, sharedPaths: true, resources: true, port: true,
  startup: true, liveness: true,
};

/** What else a workload's containers share with the program's own. */
export interface Beside {
  /** Of the program's own container. */
  readonly name: string;
  readonly ports: readonly ServicePort[];
  readonly volumes: Volumes;
}

/** Checks a workload's init containers and sidecars. */
export function initContainerPlans(containers: InitContainer[] = [], { name, ports, volumes }: Beside, at: IConstruct): InitContainerPlan[] {
  const names = new Set([name]);
  const taken = new Map(ports.filter(({ protocol }) => protocol === TransportProtocol.TCP).map(({ port }) => [port, name]));
  const volumeNames = new Set(Object.values(volumes).flat().map((volume) => volume.name));
  return containers.map((container, i) => {
    const within = `initContainers[${i}]`;
    checkProps(container, PROPS, { at, property: within });
    checkDnsLabel(container.name, `${within}.name`, at);
    if (names.has(container.name)) {
      throw invalid({ at, property: `${within}.name`, got: container.name, allowed: 'a name that no other container of the workload has', fix: 'Choose another name.' });
    }
    names.add(container.name);
    checkImageReference(container.image, `${within}.image`, at);
    checkCommandLine(container, at, `${within}.`);
    checkEnvironment(container, at, `${within}.`);
    checkSidecar(container, within, taken, at);
    return {
      container,
      sidecar: container.sidecar ?? false,
      resources: resourceBounds(container.resources, at, `${within}.resources`),
      probes: probesOf(container, within, at),
      tmp: tmpName(container.name, volumeNames),
      mounts: (container.sharedPaths ?? []).map((path, n) => sharedMount(path, volumes, `${within}.sharedPaths[${n}]`, at)),
    };
  });
}

/** The init containers as they are written. */
export function initContainerParts(plans: readonly InitContainerPlan[], imagePullPolicy: string): PodParts[] {
  return plans.map(({ container, sidecar, resources, probes, tmp, mounts }) => {
    const { name, image, command, args, port } = container;
    const env = writtenEnvironment(container);
    return {
      podSpec: {
        initContainers: [{
          name,
          image,
          imagePullPolicy,
          ...(sidecar && { restartPolicy: 'Always' }),
          ...(command && { command }),
          ...(args && { args }),
          ...(env.length > 0 && { env }),
          ...(port !== undefined && { ports: [{ containerPort: port, protocol: 'TCP' }] }),
          resources: writtenResources(resources),
          ...probes,
          volumeMounts: [{ name: tmp, mountPath: '/tmp' }, ...mounts],
        }],
        volumes: [{ name: tmp, ...SMALL_DIRECTORY }],
      },
    };
  });
}

/** The first of `fetch-tmp`, `fetch-tmp-2`, … that no volume has, a DNS label. */
function tmpName(container: string, taken: Set<string>): string {
  let name = `${container.slice(0, 59)}-tmp`;
  for (let n = 2; taken.has(name); n++) {
    name = `${container.slice(0, 55)}-tmp-${n}`;
  }
  taken.add(name);
  return name;
}

/** @param taken TCP ports of the pod with the containers that have them: they share one network */
function checkSidecar({ name, sidecar, port, startup, liveness }: InitContainer, within: string, taken: Map<number, string>, at: IConstruct): void {
  const { kubernetesVersion } = ClusterProfile.of(at);
  if (sidecar && !kubernetesVersion.atLeast(KubernetesVersion.V1_29)) {
    throw invalid({
      at, property: `${within}.sidecar`, got: true, allowed: `false at Kubernetes ${kubernetesVersion}: the API server drops restartPolicy of init containers before 1.29`,
      fix: 'Add the container beside the program by resource.addContainer, or upgrade.', source: 'KEP-753',
    });
  }
  for (const [property, value] of Object.entries({ port, startup, liveness })) {
    if (value !== undefined && !sidecar) {
      throw invalid({ at, property: `${within}.${property}`, got: property === 'port' ? value : 'a probe', allowed: 'none: it ends before the program starts', fix: 'Leave it out, or set sidecar: true.' });
    }
  }
  if (port !== undefined) {
    checkPort(port, `${within}.port`, at);
    const other = taken.get(port);
    if (other !== undefined) {
      throw invalid({
        at, property: `${within}.port`, got: port, allowed: `a port of the pod that is free: container ${other} listens on it`, fix: 'Let one of the two listen on another port.',
      });
    }
    taken.set(port, name);
  }
}

function probesOf({ port, startup, liveness }: InitContainer, within: string, at: IConstruct): Json {
  const opens = port === undefined ? undefined : Probe.fromTcpSocket({ port });
  return renderedProbes({ startup: startup ?? opens, liveness }, port, at, `${within}.`);
}

function sharedMount(path: string, { writable, ephemeral, persistent, secret, config }: Volumes, property: string, at: IConstruct): Json {
  const readOnly = [...secret, ...config].find(({ mountPath }) => mountPath === path);
  const mounted = readOnly ?? [...writable, ...ephemeral, ...persistent].find(({ mountPath }) => mountPath === path);
  if (!mounted || path === '/tmp') {
    throw invalid({
      at, property, got: path, allowed: 'a path at which the workload has a volume, but for /tmp, of which each container has its own',
      fix: 'Name it in writablePaths, ephemeralPaths, persistentPaths, secretFiles or configFiles as well.',
    });
  }
  return { name: mounted.name, mountPath: path, ...(readOnly && { readOnly: true }) };
}
