import { invalid, InvalidInput } from './errors';
import { lock } from './immutable';
import { checkMadeBy, markAs } from './made-by';

/** Whether the Kubernetes project still ships security fixes for a minor version, as of this library's release. */
export enum SupportState {
  /** Security fixes are shipped. */
  SUPPORTED = 'supported',
  /** No fixes any more. */
  END_OF_LIFE = 'end-of-life',
  /** Newer than this library: treated as the newest that it knows. */
  UNKNOWN = 'unknown',
}

const OLDEST = 28;
const NEWEST = 37;
/** First minor that still got fixes in November 2026. */
const OLDEST_SUPPORTED = 35;

/**
 * A minor version of Kubernetes. Every fact that changes with the version is asked of it with `atLeast`.
 *
 * The library knows 1.28 to 1.37. A newer one works as the newest known, with a finding; an older one is refused.
 */
export class KubernetesVersion {
  /** Kubernetes 1.28. */
  public static readonly V1_28 = new KubernetesVersion(28);
  /** Kubernetes 1.29. */
  public static readonly V1_29 = new KubernetesVersion(29);
  /** Kubernetes 1.30. */
  public static readonly V1_30 = new KubernetesVersion(30);
  /** Kubernetes 1.31. */
  public static readonly V1_31 = new KubernetesVersion(31);
  /** Kubernetes 1.32. */
  public static readonly V1_32 = new KubernetesVersion(32);
  /** Kubernetes 1.33. */
  public static readonly V1_33 = new KubernetesVersion(33);
  /** Kubernetes 1.34. */
  public static readonly V1_34 = new KubernetesVersion(34);
  /** Kubernetes 1.35. */
  public static readonly V1_35 = new KubernetesVersion(35);
  /** Kubernetes 1.36. */
  public static readonly V1_36 = new KubernetesVersion(36);
  /** Kubernetes 1.37. */
  public static readonly V1_37 = new KubernetesVersion(37);

  /**
   * A version by its number.
   * @param version such as `1.36`, `v1.36` or `1.36.4`; a patch number and what follows it (`-rc.1`, `-eks-…`, `+k3s1`) are dropped
   * @throws if it isn't a Kubernetes version, or is older than 1.28
   */
  public static of(version: string): KubernetesVersion {
    const match = typeof version === 'string' ? /^v?1\.(0|[1-9]\d{0,2})(\.\d+)?([-+][0-9A-Za-z.+-]+)?$/.exec(version) : null;
    if (!match) {
      throw KubernetesVersion.refused(version, 'Give the minor version as a string, for instance "1.36".');
    }
    const minor = Number(match[1]);
    if (minor < OLDEST) {
      throw KubernetesVersion.refused(version, `Upgrade the cluster: 1.${minor} gets no security fixes any more.`);
    }
    return minor > NEWEST ? new KubernetesVersion(minor) : KubernetesVersion.known(minor);
  }

  private static known(minor: number): KubernetesVersion {
    return [
      KubernetesVersion.V1_28, KubernetesVersion.V1_29, KubernetesVersion.V1_30, KubernetesVersion.V1_31, KubernetesVersion.V1_32,
      KubernetesVersion.V1_33, KubernetesVersion.V1_34, KubernetesVersion.V1_35, KubernetesVersion.V1_36, KubernetesVersion.V1_37,
    ][minor - OLDEST];
  }

  private static refused(version: unknown, fix: string): Error {
    return invalid({ property: 'kubernetesVersion', got: version, allowed: `a Kubernetes version from 1.${OLDEST} on (1.${NEWEST} is the newest known)`, fix });
  }

  /** Minor number as stated, for instance 36. */
  public readonly minor: number;

  private constructor(minor: number) {
    this.minor = minor;
    lock(this);
    markAs('KubernetesVersion', this);
  }

  /** Whether the Kubernetes project still ships security fixes for it, as of this library's release. */
  public get supportState(): SupportState {
    if (this.minor > NEWEST) {
      return SupportState.UNKNOWN;
    }
    return this.minor >= OLDEST_SUPPORTED ? SupportState.SUPPORTED : SupportState.END_OF_LIFE;
  }

  /** The version whose facts apply: itself, or the newest known where it is newer. */
  public get effective(): KubernetesVersion {
    return this.minor > NEWEST ? KubernetesVersion.V1_37 : this;
  }

  /** True if this version is the other one or newer. A version newer than the library knows counts as the newest known, on both sides. */
  public atLeast(other: KubernetesVersion): boolean {
    return this.effective.minor >= other.effective.minor;
  }

  /** For instance `1.36`, as stated. */
  public toString(): string {
    return `1.${this.minor}`;
  }
}

/** Refuses what is no version: plain text, which JavaScript lets through, would be older than every version. */
export function checkVersion(version: KubernetesVersion, property: string = 'version', at?: InvalidInput['at']): KubernetesVersion {
  return checkMadeBy('KubernetesVersion', version, { at, property, fix: 'Give for instance KubernetesVersion.V1_36, or KubernetesVersion.of("1.36").' });
}
