import { ControlPack } from '../../controls/pack';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { Severity } from '../../core/severity';

/** What manifests are held to. */
export interface CheckSettings {
  readonly packs: readonly ControlPack[];
  readonly version: KubernetesVersion;
  /** Findings below it are reported only. */
  readonly failOn: Severity;
  /** The file with the findings that were there before checks began, as an absolute path. */
  readonly baseline?: string;
  /** Whether that file is written anew, in place of holding findings against it. */
  readonly updatesBaseline: boolean;
  /** The file with waivers, as an absolute path. */
  readonly waivers?: string;
  /** Whether findings need a fingerprint. */
  readonly fingerprints: boolean;
  /**
   * How many findings of each severity will be shown: more are counted only.
   * @default - all
   */
  readonly most?: number;
}
