import { ContainerResources, Probe } from 'cdk8s-plus-28';
import { PersistentPath, SecretFiles } from './workload-volumes';

/** What runs the pods of a workload. */
export enum WorkloadKind {
  /** Interchangeable pods. */
  DEPLOYMENT = 'Deployment',
  /** Pods with a name and volumes of their own. */
  STATEFUL_SET = 'StatefulSet',
}

/** One key of a Secret. */
export interface SecretKey {
  /** Name of the Secret, in the workload's namespace. It is not made here. */
  readonly secretName: string;
  /** The key in it. */
  readonly key: string;
}

/** What a workload runs. Everything that is left out has the strictest value that ordinary programs work under. */
export interface SecureWorkloadProps {
  /** The image, by digest: `name[:tag]@sha256:…`. */
  readonly image: string;
  /**
   * What runs the pods.
   * @default WorkloadKind.DEPLOYMENT
   */
  readonly kind?: WorkloadKind;
  /**
   * Name of the workload and of all that belongs to it, a DNS label; one a namespace. With a port it begins with a letter, and a
   * StatefulSet's has at most 52 characters. Set it to adopt objects that exist.
   * @default - the construct's id, however deep it is nested
   */
  readonly name?: string;
  /**
   * Labels that select the pods, at least one, and no other workload's pods. They can't be changed once applied; set them to adopt objects
   * that exist.
   * @default - `app.kubernetes.io/name: <name>`
   */
  readonly selectorLabels?: Record<string, string>;
  /**
   * TCP port that the program listens on, 1 to 65535.
   * @default - it accepts no connections: no Service, no probes
   */
  readonly port?: number;
  /**
   * Port of the Service, 1 to 65535. Of a Deployment only: the Service of a StatefulSet is headless, so that clients reach the pods' own port.
   * @default - the same as `port`
   */
  readonly servicePort?: number;
  /**
   * Number of pods. Above one, they are spread over nodes and zones, and a PodDisruptionBudget lets drains take one at a time.
   * @default - 2 for a Deployment, 1 for a StatefulSet
   */
  readonly replicas?: number;
  /**
   * Replaces the image's entrypoint.
   * @default - the image's own
   */
  readonly command?: string[];
  /**
   * Arguments of the entrypoint. Secrets are refused: everyone on the node reads them in the process list.
   * @default - the image's own
   */
  readonly args?: string[];
  /**
   * Environment variables. Values that are secrets are refused; a value may take one from `secretEnv`, as in
   * `postgres://app:$(DB_PASSWORD)@db/app`.
   * @default - none
   */
  readonly env?: Record<string, string>;
  /**
   * Environment variables that take a key of a Secret.
   * @default - none
   */
  readonly secretEnv?: Record<string, SecretKey>;
  /**
   * Secrets as files. Prefer them to variables: programs print their environment when they fail.
   * @default - none
   */
  readonly secretFiles?: SecretFiles[];
  /**
   * Directories that the program writes to besides `/tmp`; each is an empty volume of at most 256 MiB. The rest of the root filesystem is
   * read-only.
   * @default - `/tmp` alone
   */
  readonly writablePaths?: string[];
  /**
   * Directories whose content outlives the pod. Of a StatefulSet only: pods of a Deployment would share or lose it.
   * @default - none
   */
  readonly persistentPaths?: PersistentPath[];
  /**
   * User id of the program, from 1 on. High ids don't meet those of the node.
   * @default - 10001; left to the platform where it assigns ids (OpenShift)
   */
  readonly user?: number;
  /**
   * Group id of the program and of its volumes, from 1 on.
   * @default - the same as `user`
   */
  readonly group?: number;
  /**
   * What the program asks for and may use at most, in thousandths of a CPU and whole mebibytes. Where one of request and limit is left out,
   * the other stands for both.
   * @default - CPU 100m to 500m, memory 128 MiB to 256 MiB, ephemeral storage 128 MiB to 1 GiB
   */
  readonly resources?: ContainerResources;
  /**
   * When the program can take requests. Probes may not name another host.
   * @default - once the port accepts TCP connections
   */
  readonly readiness?: Probe;
  /**
   * When the program has to be restarted.
   * @default - when the port no longer accepts TCP connections
   */
  readonly liveness?: Probe;
  /**
   * How long the program may take to start, before readiness and liveness are looked at.
   * @default - until the port accepts TCP connections, five minutes at most
   */
  readonly startup?: Probe;
}
