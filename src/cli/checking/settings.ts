import { FindingLimit } from './checked-documents';
import { ControlPack } from '../../controls/pack';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { Severity } from '../../core/severity';

/** Name of the pack of controls that were named one by one. */
export const CHOSEN = 'chosen';

/** What manifests are held to. */
export interface CheckSettings {
  readonly packs: readonly ControlPack[];
  readonly version: KubernetesVersion;
  /** Findings below it are reported only. */
  readonly failOn: Severity;
  /**
   * Findings below it are counted only.
   * @default - all are shown
   */
  readonly least?: Severity;
  /** The file with the findings that were there before checks began, as an absolute path. */
  readonly baseline?: string;
  /** Whether that file is written anew, in place of holding findings against it. */
  readonly updatesBaseline: boolean;
  /** The file with waivers, as an absolute path. */
  readonly waivers?: string;
  /** @default - none */
  readonly excludedNamespaces?: readonly string[];
  /** Whether findings need a fingerprint. */
  readonly fingerprints: boolean;
  /**
   * How many findings of each severity will be shown: more are counted only.
   * @default - all
   */
  readonly most?: number;
  /**
   * How many findings can be shown at all.
   * @default - any number
   */
  readonly limit?: FindingLimit;
}
