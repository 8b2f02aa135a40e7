import { resolve } from 'path';
import { DEFAULT_VERSION, knownPacks, kubernetesVersion } from './checking/packs';
import type { CheckSettings } from './checking/settings';
import type { ValidationContext, ValidationSettings } from './validation/validation-context';
import { checkChoice } from '../core/choice';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';
import { nearestName } from '../core/nearest-name';
import { Severity } from '../core/severity';

/** What `cdk8s synth` holds manifests to: the `properties` of a validation in `cdk8s.yaml`. */
export interface HardenedValidationProps {
  /**
   * Names of packs: `recommended`, `pss-restricted`, `pss-baseline`, `nsa`, `cis-workloads`.
   * @default - recommended
   */
  readonly packs?: string[];
  /**
   * Findings below this severity are reported only: `info`, `low`, `medium`, `high` or `critical`.
   * @default Severity.INFO - every finding fails the validation
   */
  readonly failOn?: Severity;
  /**
   * Minor version of the cluster, as text: in YAML in quotes, since 1.30 without them is the number 1.3.
   * @default "1.35"
   */
  readonly kubernetesVersion?: string;
  /**
   * A file with findings that don't fail, as `cdk8s-hardened check --baseline FILE --update-baseline` writes it. A finding that is gone has to leave it.
   * @default - none
   */
  readonly baseline?: string;
  /**
   * A reviewed file with waivers, as `Controls.waiversFrom` reads it.
   * @default - none
   */
  readonly waivers?: string;
}

const PROPS: KnownProps<HardenedValidationProps> = { packs: true, failOn: true, kubernetesVersion: true, baseline: true, waivers: true };
const NAME = 'HardenedValidation';

/**
 * A validation plugin of the cdk8s command line, with the results of `cdk8s-hardened check` for the manifests that `cdk8s synth` writes, whatever
 * language the program is in. Programs don't call it; it is named in `cdk8s.yaml`:
 *
 * ```yaml
 * validations:
 *   - package: cdk8s-hardened      # or ./node_modules/cdk8s-hardened, where it is installed already
 *     class: HardenedValidation
 *     version: 1.0.0               # the one that you use
 *     properties:
 *       packs: [pss-restricted]
 *       failOn: high
 *       kubernetesVersion: '1.36'
 * ```
 *
 * Paths of files are resolved from the working directory. With `CDK8S_HARDENED_UPDATE_BASELINE=1` in the environment the baseline is written anew.
 */
export class HardenedValidation {
  private readonly settings: ValidationSettings;

  /** @throws if a property is unknown, or has a value that can't be used */
  constructor(props: HardenedValidationProps = {}) {
    checkProps(props, PROPS, { at: NAME });
    this.settings = {
      packs: packsNamed(props.packs ?? [knownPacks()[0].name]),
      version: versionOf(props.kubernetesVersion ?? DEFAULT_VERSION),
      failOn: checkChoice(props.failOn ?? Severity.INFO, Severity, 'Severity', 'failOn', NAME),
      ...fileOf('baseline', props.baseline),
      ...fileOf('waivers', props.waivers),
    };
  }

  /**
   * Judges the manifests, and reports what was found. The command line calls it.
   *
   * @param context what the command line hands to a validation: `manifests` with the paths of files, and a `report` with `addViolation` and `submit`
   * @throws if the baseline or the waivers can't be read
   */
  public async validate(context: unknown): Promise<void> {
    // Loading the package loads nothing of it.
    const { reportOn } = require('./validation/report-on') as typeof import('./validation/report-on');
    reportOn(checkContext(context), this.settings);
  }
}

function packsNamed(names: readonly string[]): CheckSettings['packs'] {
  const known = knownPacks();
  const allowed = `one or more of ${known.map(({ name }) => name).join(', ')}`;
  if (!Array.isArray(names) || names.length === 0) {
    throw invalid({ at: NAME, property: 'packs', got: names, allowed: `a list with ${allowed}`, fix: 'Write it like packs: [pss-restricted].' });
  }
  return names.map((name: unknown, i) => {
    const pack = known.find((each) => each.name === name);
    if (!pack) {
      const near = nearestName(String(name), known.map((each) => each.name));
      throw invalid({ at: NAME, property: `packs[${i}]`, got: name, allowed, fix: near === undefined ? 'Name one of them.' : `Did you mean "${near}"?` });
    }
    return pack;
  });
}

function versionOf(version: unknown): CheckSettings['version'] {
  if (typeof version !== 'string') {
    throw invalid({ at: NAME, property: 'kubernetesVersion', got: version, allowed: 'text', fix: `Write it in quotes, like '${DEFAULT_VERSION}': a number loses the 0 of 1.30.` });
  }
  return kubernetesVersion(version, { at: NAME, property: 'kubernetesVersion' });
}

function fileOf(property: 'baseline' | 'waivers', file: unknown): Pick<CheckSettings, 'baseline' | 'waivers'> {
  if (file === undefined) {
    return {};
  }
  if (typeof file !== 'string' || file === '') {
    throw invalid({ at: NAME, property, got: file, allowed: 'the path of a file', fix: `Write it like ${property}: ${property === 'baseline' ? 'accepted.json' : 'waivers.yaml'}.` });
  }
  return { [property]: resolve(file) };
}

function checkContext(context: unknown): ValidationContext {
  const { manifests, report } = (context ?? {}) as Partial<ValidationContext>;
  if (!Array.isArray(manifests) || typeof report?.addViolation !== 'function' || typeof report.submit !== 'function') {
    throw invalid({
      at: NAME, property: 'context', allowed: 'what the cdk8s command line hands to a validation',
      fix: 'Name the class in cdk8s.yaml; in a program use Controls.of, and HardenedTesting in tests.',
    });
  }
  return context as ValidationContext;
}
