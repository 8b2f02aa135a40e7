import { Construct, IConstruct } from 'constructs';
import { ControlPack } from './pack';
import { checkKinds, PodTemplateKind } from './pod-template-kind';
import { hardenObjects } from './results/hardened-objects';
import { checkOnValidation } from './results/plain-app';
import { ControlsResolver } from './results/resolved-controls';
import { ScopeControls } from './scope-controls';
import { checkWaiver, Waiver } from './waivers/waiver';
import { readWaiverFile } from './waivers/waiver-file';
import { checkChoice } from '../core/choice';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';
import { isMadeBy } from '../core/made-by';
import { Severity } from '../core/severity';

/**
 * Which controls hold below a construct, and what is waived there.
 *
 * They judge the final JSON of every object, whoever made it: this library, cdk8s-plus, Helm, Include, raw objects. What is said at a scope holds
 * for everything below it; said at several scopes it adds up, and the stricter mode wins. Under `HardenedApp` every object is judged once; under
 * a plain `App` it works too, slower.
 */
export class Controls {
  /** The controls of a scope: an app, a chart, a namespace, a single object. */
  public static of(scope: IConstruct): Controls {
    if (!Construct.isConstruct(scope)) {
      throw invalid({ at: 'Controls.of', property: 'scope', got: scope, allowed: 'a construct', fix: 'Give the app, a chart, a namespace or an object.' });
    }
    checkOnValidation(scope.node.root);
    return new Controls(scope, ScopeControls.at(scope));
  }

  private constructor(private readonly scope: IConstruct, private readonly settings: ScopeControls) {}

  /** Findings of these packs fail the synth, unless they are waived, in the baseline, or less severe than `failOn`. */
  public enforce(...packs: ControlPack[]): Controls {
    this.settings.enforced.push(...this.checkPacks(packs));
    return this;
  }

  /** Findings of these packs are reported. */
  public warn(...packs: ControlPack[]): Controls {
    this.settings.warned.push(...this.checkPacks(packs));
    return this;
  }

  /**
   * Objects are brought up to these packs as they are written: each finding that has a fix is fixed in the output and listed in the evidence, the
   * others are reported. Objects stay as they are in the program; what complies is left untouched, and so is what is waived.
   */
  public harden(...packs: ControlPack[]): Controls {
    this.settings.hardened.push(...this.checkPacks(packs));
    const { root } = this.scope.node;
    hardenObjects(this.scope, new ControlsResolver(root, ClusterProfile.of(root).kubernetesVersion));
    return this;
  }

  /**
   * Enforced findings below this severity are reported only. Said at several scopes, the stricter holds.
   * @default Severity.INFO: all of them fail the synth
   */
  public failOn(severity: Severity): Controls {
    this.settings.failOn = checkChoice(severity, Severity, 'Severity', 'severity', this.at);
    return this;
  }

  /**
   * Accepts one finding. It appears in the evidence; one that accepts nothing, or whose day has passed, fails the synth.
   * @throws if control, resource, reason, owner or expiry is missing, or a field is unknown
   */
  public waive(waiver: Waiver): Controls {
    const { control, resource } = waiver ?? {};
    this.settings.waivers.push({ waiver: checkWaiver(waiver, `${this.at}, waiver of ${control} for ${resource}`), declaredAt: this.at });
    return this;
  }

  /**
   * Accepts what a reviewed file lists below `waivers:`, in YAML or JSON, with the fields of `Waiver`.
   * @param path of the file, from the working directory
   * @throws if it can't be read, doesn't parse, or an entry isn't whole
   */
  public waiversFrom(path: string): Controls {
    this.settings.waivers.push(...readWaiverFile(this.checkFile(path, 'waivers.yaml')));
    return this;
  }

  /**
   * Findings that a file lists don't fail the synth: only new ones do. A finding that is gone must leave the file. Write the file by a synth with
   * `CDK8S_HARDENED_UPDATE_BASELINE=1` in the environment, and commit it.
   * @param path of the file, from the working directory
   */
  public baselineFrom(path: string): Controls {
    this.settings.baseline = this.checkFile(path, 'controls-baseline.json');
    return this;
  }

  /** Custom resources that embed a pod template, besides those that the library knows: their pods are judged like any. */
  public podTemplatesOf(...kinds: PodTemplateKind[]): Controls {
    if (kinds.length === 0) {
      throw invalid({ at: this.at, property: 'kinds', got: kinds, allowed: 'one or more PodTemplateKinds', fix: 'Give what PodTemplateKind.of makes.' });
    }
    this.settings.templates.push(...checkKinds(kinds, 'kinds', this.at));
    return this;
  }

  private get at(): string {
    return this.scope.node.path || '<root>';
  }

  private checkFile(path: string, example: string): string {
    if (typeof path !== 'string' || path === '') {
      throw invalid({ at: this.at, property: 'path', got: path, allowed: 'the path of a file', fix: `Name it like ${example}.` });
    }
    return path;
  }

  private checkPacks(packs: ControlPack[]): ControlPack[] {
    const wrong = packs.findIndex((pack) => !isMadeBy('ControlPack', pack));
    if (packs.length === 0 || wrong >= 0) {
      throw invalid({ at: this.at, property: 'packs', got: wrong >= 0 ? packs[wrong] : packs, allowed: 'one or more ControlPacks', fix: 'Give, for instance, ControlPack.pssRestricted().' });
    }
    return packs;
  }
}
