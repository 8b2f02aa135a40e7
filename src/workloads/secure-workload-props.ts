import { Duration } from 'cdk8s';
import { ContainerResources, ImagePullPolicy, Probe } from 'cdk8s-plus-28';
import { Privilege } from './access/privilege';
import { WorkloadIdentity } from './access/workload-identity';
import { AutoscalingOptions } from './exposure/autoscaling';
import { DisruptionBudgetOptions } from './exposure/disruption-budget';
import { JobOptions, JobSchedule } from './job-options';
import { InitContainer } from './pod/init-container';
import { Placement } from './pod/placement';
import { SecretKey } from './pod/secret-key';
import { AppArmorProfile, SeccompProfile, SeLinuxOptions } from './pod/security-profiles';
import { PreStop } from './pod/termination';
import { ConfigFiles, EphemeralPath, PersistentPath, SecretFiles } from './volumes/workload-volumes';
import { KnownProps } from '../core/known-props';
import { Port } from '../core/port';
import { ISandboxRuntime } from '../runtime/sandbox-runtime';
import { ImageProfile } from '../supply-chain/image-profile';

/** What runs the pods of a workload. */
export enum WorkloadKind {
  /** Interchangeable pods. */
  DEPLOYMENT = 'Deployment',
  /** Pods with a name and volumes of their own. */
  STATEFUL_SET = 'StatefulSet',
  /** One pod on each node that fits. */
  DAEMON_SET = 'DaemonSet',
  /** Pods that run once, to their end. */
  JOB = 'Job',
  /** Jobs by a schedule. */
  CRON_JOB = 'CronJob',
}

/** What a workload runs. Everything that is left out has the strictest value that ordinary programs work under. */
export interface SecureWorkloadProps {
  /** The image, by digest: `name[:tag]@sha256:…`. */
  readonly image: string;
  /**
   * What the image needs: user, writable directories, port, environment. Whatever is stated here besides comes first; directories are joined.
   * @default - an image that runs as any user and writes to `/tmp` alone
   */
  readonly imageProfile?: ImageProfile;
  /**
   * When the image is pulled, and those of `initContainers`. `NEVER` is for images that are loaded onto the nodes.
   * @default ImagePullPolicy.IF_NOT_PRESENT - what a digest names doesn't change
   */
  readonly imagePullPolicy?: ImagePullPolicy;
  /**
   * Secrets of type `kubernetes.io/dockerconfigjson` in the namespace that the image may be pulled with, besides those of the namespace. They are
   * not made here.
   * @default - those of the namespace
   */
  readonly imagePullSecrets?: string[];
  /**
   * What runs the pods.
   * @default WorkloadKind.DEPLOYMENT
   */
  readonly kind?: WorkloadKind;
  /**
   * Name of the workload and of all that belongs to it, a DNS label; one a namespace. With a port it begins with a letter, and a
   * StatefulSet's or CronJob's has at most 52 characters. Set it to adopt objects that exist. A Job's pods can't be changed once it is applied:
   * give the Job of the next version another name.
   * @default - the construct's id, however deep it is nested
   */
  readonly name?: string;
  /**
   * Labels that select the pods, at least one, and no other workload's pods. They can't be changed once applied; set them to adopt objects
   * that exist. Jobs select their pods by a label of the server's; these then are for NetworkPolicies.
   * @default - `app.kubernetes.io/name: <name>`
   */
  readonly selectorLabels?: Record<string, string>;
  /**
   * TCP port that the program listens on, 1 to 65535. Pods of a Job or CronJob have none.
   * @default - that of `imageProfile`; without one it accepts no connections: no Service and no probes but for `furtherPorts`
   */
  readonly port?: number;
  /**
   * Further ports of the pods and the Service by name, for instance `{ metrics: Port.tcp(9090) }`. Names are IANA service names of at most 15
   * characters (RFC 6335). Monitoring scrapes the one called `metrics`. They are opened as `port` is, by naming them: `allowFrom(other, Port.udp(53))`.
   * @default - `port` alone
   */
  readonly furtherPorts?: Record<string, Port>;
  /**
   * Port of the Service, 1 to 65535. Of a Deployment only: the Service of a StatefulSet is headless, so that clients reach the pods' own port.
   * @default - the same as `port`
   */
  readonly servicePort?: number;
  /**
   * Number of pods, of a Deployment or StatefulSet. Above one, they are spread over nodes and zones, and a PodDisruptionBudget lets drains take
   * one at a time.
   * @default - 2 for a Deployment, 1 for a StatefulSet, and for a Deployment whose volume the pods of one node alone may mount
   */
  readonly replicas?: number;
  /**
   * Lets a HorizontalPodAutoscaler decide how many pods of a Deployment or StatefulSet there are, in place of `replicas`.
   * @default - as many as `replicas` says
   */
  readonly autoscaling?: AutoscalingOptions;
  /**
   * How many pods a drain may take at a time, where several pods of a Deployment or StatefulSet run.
   * @default - `maxUnavailable: 1`
   */
  readonly disruptionBudget?: DisruptionBudgetOptions;
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
   * Directories whose content ends with the pod, larger than those, or in memory or on a volume of its own.
   * @default - none
   */
  readonly ephemeralPaths?: EphemeralPath[];
  /**
   * Directories whose content outlives the pod. Each pod of a StatefulSet has a volume of its own; all others share one, so that there is either
   * one pod, which is stopped before the next one starts, or a volume that several nodes may mount.
   * @default - none
   */
  readonly persistentPaths?: PersistentPath[];
  /**
   * Configuration as files.
   * @default - none
   */
  readonly configFiles?: ConfigFiles[];
  /**
   * User id of the program, from 1 on. High ids don't meet those of the node.
   * @default - left to the platform where it assigns ids (OpenShift); else that of `imageProfile`, or 10001
   */
  readonly user?: number;
  /**
   * Group id of the program and of its volumes, from 1 on.
   * @default - that of `imageProfile`, or the same as `user`
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
   * @default - once the port accepts TCP connections; required where there are ports, but none of them takes TCP
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
  /**
   * What runs before the program, in this order, and what runs beside it as sidecars.
   * @default - none
   */
  readonly initContainers?: InitContainer[];
  /**
   * How the pods of a Job or CronJob are run.
   * @default - one pod, three failures at most, one hour at most
   */
  readonly job?: JobOptions;
  /**
   * When a CronJob runs. Required for one.
   * @default - no CronJob
   */
  readonly schedule?: JobSchedule;
  /**
   * What the kernel's AppArmor module keeps the program from.
   * @default - the runtime's profile on nodes that have AppArmor. Stated, it is required: nodes without AppArmor refuse the pod
   */
  readonly appArmor?: AppArmorProfile;
  /**
   * Which system calls the kernel takes from the program.
   * @default - the runtime's profile
   */
  readonly seccomp?: SeccompProfile;
  /**
   * Type and level of its SELinux label, of those that Pod Security Standards permit.
   * @default - what the runtime chooses
   */
  readonly seLinux?: SeLinuxOptions;
  /**
   * Whether the pod has a user namespace of its own, in which even root is nobody on the node. From Kubernetes 1.33 on; the nodes need Linux 6.3 and
   * containerd 2.0 or CRI-O, and every volume a file system with id-mapped mounts, which NFS is not.
   * @default false
   */
  readonly userNamespace?: boolean;
  /**
   * A sandbox that gives each pod a kernel of its own.
   * @default - none: pods share their node's
   */
  readonly runtime?: ISandboxRuntime;
  /**
   * On which nodes the pods are placed.
   * @default - on any node that has no taints
   */
  readonly placement?: Placement;
  /**
   * How long the program may take to end after it was told to, before it is killed; `preStop` counts.
   * @default Duration.seconds(30)
   */
  readonly terminationGracePeriod?: Duration;
  /**
   * What happens before the program is told to stop. A short sleep spares clients errors where the program stops at once.
   * @default - nothing
   */
  readonly preStop?: PreStop;
  /**
   * What the program needs that the controls speak against, one by one, each with the reason, who answers for it and until when.
   * @default - nothing
   */
  readonly privileges?: Privilege[];
  /**
   * Who the program is to the cloud.
   * @default - nobody
   */
  readonly workloadIdentity?: WorkloadIdentity;
}

/** Their names. */
export const SECURE_WORKLOAD_PROPS: KnownProps<SecureWorkloadProps> = {
  image: true, imageProfile: true, imagePullPolicy: true, imagePullSecrets: true,
  kind: true, name: true, selectorLabels: true,
  port: true, servicePort: true, furtherPorts: true,
  replicas: true, autoscaling: true, disruptionBudget: true, command: true, args: true, env: true,
  secretEnv: true, secretFiles: true, writablePaths: true, ephemeralPaths: true, persistentPaths: true,
  configFiles: true, initContainers: true, user: true, group: true, resources: true, readiness: true,
  liveness: true, startup: true, job: true, schedule: true, workloadIdentity: true, privileges: true,
  appArmor: true, seccomp: true, seLinux: true, userNamespace: true, runtime: true, placement: true, terminationGracePeriod: true, preStop: true,
};
