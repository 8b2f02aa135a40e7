import type { CheckSettings } from '../checking/settings';

/** What a validation holds manifests to. */
export type ValidationSettings = Pick<CheckSettings, 'packs' | 'version' | 'failOn' | 'baseline' | 'waivers'>;

/** What the cdk8s command line hands to a validation, as far as it is used here. */
export interface ValidationContext {
  /** Paths of the files to validate. */
  readonly manifests: readonly string[];
  readonly report: ValidationReport;
}

/** What a validation found; shown when it is submitted. */
export interface ValidationReport {
  addViolation(violation: Violation): void;
  /** @param metadata rows of the summary */
  submit(status: 'success' | 'failure', metadata?: Readonly<Record<string, string>>): void;
}

/** A rule with the objects that don't meet it. */
export interface Violation {
  readonly ruleName: string;
  readonly recommendation: string;
  readonly fix: string;
  readonly violatingResources: readonly ViolatingResource[];
}

/** An object that doesn't meet a rule. */
export interface ViolatingResource {
  /** `metadata.name`: the command line finds the construct by it. */
  readonly resourceName: string;
  readonly locations: readonly string[];
  readonly manifestPath: string;
}
