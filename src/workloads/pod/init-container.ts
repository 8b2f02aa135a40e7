import { ContainerResources, Probe } from 'cdk8s-plus-28';
import { SecretKey } from './secret-key';

/**
 * A container that runs before the program: to its end, or as a sidecar beside it until the program has ended. It is as confined as the program,
 * runs as the same user, and has a `/tmp` of its own.
 */
export interface InitContainer {
  /** Name, a DNS label; one a workload. */
  readonly name: string;
  /** The image, by digest. */
  readonly image: string;
  /**
   * Whether it keeps running beside the program, started before it and ended after it. From Kubernetes 1.29 on (KEP-753).
   * @default false: the program starts once it has ended
   */
  readonly sidecar?: boolean;
  /**
   * Replaces the image's entrypoint.
   * @default - the image's own
   */
  readonly command?: string[];
  /**
   * Arguments of the entrypoint. Secrets are refused.
   * @default - the image's own
   */
  readonly args?: string[];
  /**
   * Environment variables. Values that are secrets are refused.
   * @default - none
   */
  readonly env?: Record<string, string>;
  /**
   * Environment variables that take a key of a Secret.
   * @default - none
   */
  readonly secretEnv?: Record<string, SecretKey>;
  /**
   * Paths at which the program has volumes and this container has the same: writable, ephemeral, persistent, secret or config.
   * @default - none
   */
  readonly sharedPaths?: string[];
  /**
   * What it asks for and may use at most, as for the program.
   * @default - CPU 100m to 500m, memory 128 MiB to 256 MiB, ephemeral storage 128 MiB to 1 GiB
   */
  readonly resources?: ContainerResources;
  /**
   * TCP port that a sidecar listens on.
   * @default - none
   */
  readonly port?: number;
  /**
   * When a sidecar has started: what follows waits for it.
   * @default - once its port accepts TCP connections, if it has one
   */
  readonly startup?: Probe;
  /**
   * When a sidecar has to be restarted.
   * @default - never, unless it ends
   */
  readonly liveness?: Probe;
}
