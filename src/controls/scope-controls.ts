import { IConstruct } from 'constructs';
import { ControlPack } from './pack';
import { HardeningStep } from './results/hardening-step';
import { PodTemplateLocation } from './subject';
import { DeclaredWaiver } from './waivers/waiver';
import { Severity } from '../core/severity';

const ALL = Symbol.for('cdk8s-hardened.all-scope-controls');
const SETTINGS = Symbol.for('cdk8s-hardened.scope-controls');

/** What was said about controls at one construct. */
export class ScopeControls {
  /** The settings of a construct, made where there are none. */
  public static at(scope: IConstruct): ScopeControls {
    const present = ScopeControls.find(scope);
    if (present) {
      return present;
    }
    const settings = new ScopeControls();
    Object.defineProperty(scope, SETTINGS, { value: settings, enumerable: false });
    const { root } = scope.node;
    Object.defineProperty(root, ALL, { value: [...ScopeControls.all(root), settings], enumerable: false, configurable: true });
    return settings;
  }

  /** The settings of every construct of a tree. */
  public static all(root: IConstruct): readonly ScopeControls[] {
    return (root as IConstruct & { [ALL]?: readonly ScopeControls[] })[ALL] ?? [];
  }

  /** The settings of a construct, if anything was said there. */
  public static find(scope: IConstruct): ScopeControls | undefined {
    return (scope as IConstruct & { [SETTINGS]?: ScopeControls })[SETTINGS];
  }

  public readonly enforced: ControlPack[] = [];
  public readonly warned: ControlPack[] = [];
  public readonly hardened: ControlPack[] = [];
  /** What is done there besides fixes. */
  public readonly steps: HardeningStep[] = [];
  public readonly waivers: DeclaredWaiver[] = [];
  public readonly templates: PodTemplateLocation[] = [];
  public failOn?: Severity;
  public baseline?: string;

  public get hasPacks(): boolean {
    return this.enforced.length + this.warned.length + this.hardened.length > 0;
  }

  /** What was said besides packs and how their findings are taken. */
  public withoutPacks(): ScopeControls {
    const rest = new ScopeControls();
    rest.waivers.push(...this.waivers);
    rest.templates.push(...this.templates);
    rest.baseline = this.baseline;
    return rest;
  }
}
