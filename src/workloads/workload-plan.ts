import { Pod } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { PodIdentity, podIdentity } from './pod-security';
import { SecureWorkloadProps, WorkloadKind } from './secure-workload-props';
import { checkEnvironment } from './workload-environment';
import { checkSelector, checkWorkloadName } from './workload-name';
import { Probes, probesOf } from './workload-probes';
import { ResourceBounds, resourceBounds } from './workload-resources';
import { Volumes, volumesOf } from './workload-volumes';
import { checkChoice } from '../core/choice';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';
import { checkPort } from '../core/port';
import { refuseSecretArguments } from '../secrets/literal-secret';
import { checkImageReference } from '../supply-chain/image-reference';

/** A workload's properties, checked and completed. */
export interface WorkloadPlan {
  readonly kind: WorkloadKind;
  readonly name: string;
  readonly image: string;
  readonly port?: number;
  readonly servicePort?: number;
  readonly replicas: number;
  readonly selector: Record<string, string>;
  readonly podLabels: Record<string, string>;
  readonly identity: PodIdentity;
  readonly resources: ResourceBounds;
  readonly probes: Probes;
  readonly volumes: Volumes;
}

const MOST_REPLICAS = 2 ** 31 - 1;

/** Checks everything that a workload is given before the first of its objects is made, so that an error leaves none behind. */
export function workloadPlan(props: SecureWorkloadProps, id: string, profile: ClusterProfile, at: IConstruct): WorkloadPlan {
  const kind = checkChoice(props.kind ?? WorkloadKind.DEPLOYMENT, WorkloadKind, 'WorkloadKind', 'kind', at);
  const name = checkWorkloadName(props.name ?? id, kind, props.port !== undefined, at);
  const selector = checkSelector(props.selectorLabels ?? { 'app.kubernetes.io/name': name }, at);
  const image = checkImageReference(props.image, 'image', at);
  checkPorts(props, kind, at);
  checkEnvironment(props, at);
  checkCommandLine(props, at);
  if (kind !== WorkloadKind.STATEFUL_SET && (props.persistentPaths ?? []).length > 0) {
    throw invalid({
      at, property: 'persistentPaths', got: props.persistentPaths!.map((each) => each.path), allowed: 'persistent paths of a StatefulSet', fix: 'Set kind: WorkloadKind.STATEFUL_SET.',
    });
  }
  return {
    kind,
    name,
    image,
    port: props.port,
    servicePort: props.servicePort,
    replicas: checkReplicas(props.replicas ?? (kind === WorkloadKind.DEPLOYMENT ? 2 : 1), at),
    selector: Object.freeze(selector),
    // A label that cdk8s-plus makes from the construct's path; an object that is adopted may be selected by it.
    podLabels: Object.freeze({ [Pod.ADDRESS_LABEL]: name, ...selector }),
    identity: podIdentity(props, profile, at),
    resources: resourceBounds(props.resources, at),
    probes: probesOf(props, at),
    volumes: volumesOf(props, at),
  };
}

function checkPorts({ port, servicePort }: SecureWorkloadProps, kind: WorkloadKind, at: IConstruct): void {
  if (port === undefined && servicePort !== undefined) {
    throw invalid({
      at, property: 'servicePort', got: servicePort, allowed: 'a Service port where port is given', fix: 'Give the port that the program listens on as well.',
    });
  }
  if (kind === WorkloadKind.STATEFUL_SET && port === undefined) {
    throw invalid({
      at, property: 'port', got: undefined, allowed: 'a port: a StatefulSet needs a Service for its pods\' names', fix: 'Give the port that the program listens on.',
    });
  }
  if (port !== undefined) {
    checkPort(port, 'port', at);
    checkPort(servicePort ?? port, 'servicePort', at);
  }
  if (kind === WorkloadKind.STATEFUL_SET && servicePort !== undefined && servicePort !== port) {
    throw invalid({
      at, property: 'servicePort', got: servicePort, allowed: `${port}, the port of the pods: the Service of a StatefulSet is headless and translates none`,
      fix: 'Leave servicePort out.',
    });
  }
}

function checkCommandLine(props: SecureWorkloadProps, at: IConstruct): void {
  for (const property of ['command', 'args'] as const) {
    const words = props[property] ?? [];
    const wrong = words.findIndex((word) => typeof word !== 'string');
    if (wrong >= 0) {
      throw invalid({ at, property: `${property}[${wrong}]`, got: words[wrong], allowed: 'text', fix: 'Give it as a string.' });
    }
    refuseSecretArguments(words, property, at);
  }
}

function checkReplicas(replicas: number, at: IConstruct): number {
  if (!Number.isInteger(replicas) || replicas < 0 || replicas > MOST_REPLICAS) {
    throw invalid({ at, property: 'replicas', got: replicas, allowed: `a whole number from 0 to ${MOST_REPLICAS}`, fix: 'Give the number of pods.' });
  }
  return replicas;
}
