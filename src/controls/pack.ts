import { catalogControls } from './catalog/index.generated';
import { Control, isSameControl } from './control';
import { invalid, InvalidInput } from '../core/errors';
import { checkMadeBy, isMadeBy, markAs } from '../core/made-by';
import { nearestName } from '../core/nearest-name';
import { Standard } from '../core/reference';

/**
 * Controls under one name. The packs of the library follow from what each control of the catalog says of itself.
 */
export class ControlPack {
  /** Pod Security Standards, level baseline: what no ordinary workload needs. */
  public static pssBaseline(): ControlPack {
    return new ControlPack('pss-baseline', 'Pod Security Standards: baseline', () => catalogControls().filter((control) => cites(control, Standard.PSS, 'baseline/')));
  }

  /** Pod Security Standards, level restricted: baseline and what current practice asks for besides. */
  public static pssRestricted(): ControlPack {
    return new ControlPack('pss-restricted', 'Pod Security Standards: restricted', () => catalogControls().filter((control) => cites(control, Standard.PSS)));
  }

  /** What the NSA/CISA Kubernetes Hardening Guide (version 1.2) asks of workloads and their surroundings. */
  public static nsa(): ControlPack {
    return new ControlPack('nsa', 'NSA/CISA Kubernetes Hardening Guide 1.2', () => catalogControls().filter((control) => cites(control, Standard.NSA)));
  }

  /** Section 5 of the CIS Kubernetes Benchmark: policies for workloads, RBAC, network and secrets. */
  public static cisWorkloads(): ControlPack {
    return new ControlPack('cis-workloads', 'CIS Kubernetes Benchmark 1.12, section 5: policies', () => catalogControls().filter((control) => cites(control, Standard.CIS, '5.')));
  }

  /** Everything that the library recommends for every workload. Contains `pssRestricted`. */
  public static recommended(): ControlPack {
    return new ControlPack('recommended', 'Recommended by cdk8s-hardened', () => catalogControls().filter((control) => control.recommended || cites(control, Standard.PSS)));
  }

  /**
   * A pack of your own.
   * @param name in kebab case: names of bindings carry it
   */
  public static of(name: string, ...controls: Control[]): ControlPack {
    if (controls.length === 0) {
      throw invalid({ at: 'ControlPack.of', property: 'controls', got: controls, allowed: 'one or more controls', fix: 'Name the controls of the pack.' });
    }
    checkControls(name, controls);
    checkSuperseded(name, controls, []);
    return new ControlPack(name, name, () => controls);
  }

  private resolved?: readonly Control[];
  /**
   * Ids whose control takes the place of others with that id, in other packs too.
   * @internal
   */
  public readonly _replaced: readonly string[];

  private constructor(
    /** In kebab case, for instance `pss-restricted`. */
    public readonly name: string,
    /** For people. */
    public readonly title: string,
    private readonly resolve: () => readonly Control[],
    replaced: readonly string[] = [],
  ) {
    if (typeof name !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
      throw invalid({ at: 'ControlPack.of', property: 'name', got: name, allowed: 'a name in kebab case of at most 40 characters', fix: 'Name it like team-shop.' });
    }
    this._replaced = replaced;
    markAs('ControlPack', this);
  }

  /** The pack's controls. The catalog is loaded with the first use. */
  public get controls(): Control[] {
    return [...(this.resolved ??= this.resolve())];
  }

  /**
   * The pack and more controls. Those that it has already are there once.
   * @param name of the new pack
   * @throws if one has the id of another control of the pack
   */
  public plus(name: string, ...controls: Control[]): ControlPack {
    checkControls(name, controls);
    const present = new Map(this.controls.map((control) => [control.id, control]));
    const clash = controls.find((control) => present.has(control.id) && !isSameControl(control, present.get(control.id)!));
    if (clash) {
      throw invalid({
        at: `ControlPack ${name}`, property: 'controls', got: clash.id, allowed: `ids that no other control of ${this.name} has`,
        fix: 'Rename it, or say replacing where it is meant to take the other one\'s place.',
      });
    }
    const added = controls.filter(({ id }) => !present.has(id));
    checkSuperseded(name, added, [...present.keys()]);
    return new ControlPack(name, name, () => [...this.controls, ...added], this._replaced);
  }

  /**
   * The pack with other controls in the place of those with the same ids. They keep that place where other packs with the same ids are attached
   * beside, above or below this one.
   * @param name of the new pack
   * @throws if the pack has no control with the id of one of them
   */
  public replacing(name: string, ...controls: Control[]): ControlPack {
    checkControls(name, controls);
    const ids = controls.map(({ id }) => id);
    checkHas(this, ids);
    checkSuperseded(name, controls, this.controls.map(({ id }) => id));
    const inPlace = (control: Control) => controls.find(({ id }) => id === control.id) ?? control;
    return new ControlPack(name, name, () => this.controls.map(inPlace), [...new Set([...this._replaced, ...ids])]);
  }

  /**
   * The pack without some of its controls. What is left out is neither checked nor reported: a waiver is narrower and shows in the evidence.
   * @param name of the new pack
   * @param ids of controls of this pack
   * @throws if the pack has no control with that id, or none is left
   */
  public without(name: string, ...ids: string[]): ControlPack {
    const known = this.controls.map(({ id }) => id);
    checkHas(this, ids);
    if (known.every((id) => ids.includes(id))) {
      throw invalid({ at: `ControlPack ${this.name}`, property: 'ids', got: ids, allowed: 'some of its controls', fix: 'Leave the pack out where none of them is wanted.' });
    }
    return new ControlPack(name, name, () => this.controls.filter(({ id }) => !ids.includes(id)), this._replaced);
  }
}

function cites(control: Control, standard: Standard, prefix = ''): boolean {
  return control.references.some((reference) => reference.standard === standard && reference.id.startsWith(prefix));
}

/** Refuses what is no pack. */
export function checkPack(pack: ControlPack, at: InvalidInput['at']): ControlPack {
  return checkMadeBy('ControlPack', pack, { at, property: 'pack', fix: 'Give, for instance, ControlPack.pssRestricted().' });
}

function checkHas(pack: ControlPack, ids: readonly string[]): void {
  const known = pack.controls.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown !== undefined) {
    const near = nearestName(String(unknown), known);
    throw invalid({
      at: `ControlPack ${pack.name}`, property: 'ids', got: unknown, allowed: known.join(', '),
      fix: `Name controls of this pack.${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    });
  }
}

/**
 * Refuses superseded ids that are most likely misspelt: near to one that is known, and none itself. Others may be of controls of the user's own,
 * in another pack.
 */
function checkSuperseded(name: string, controls: readonly Control[], others: readonly string[]): void {
  if (controls.every(({ supersedes }) => supersedes.length === 0)) {
    return;
  }
  const known = new Set([...catalogControls(), ...controls].map(({ id }) => id).concat(others));
  for (const { id, supersedes } of controls) {
    const unknown = supersedes.find((each) => !known.has(each));
    const near = unknown === undefined ? undefined : nearestName(unknown, known);
    if (near !== undefined) {
      throw invalid({
        at: `Control ${id}`, property: 'supersedes', got: unknown, allowed: `ids of controls of the catalog and of ${name}`,
        fix: `Did you mean "${near}"? One of your own has to be in the same pack.`,
      });
    }
  }
}

function checkControls(name: string, controls: readonly Control[]): void {
  const wrong = controls.findIndex((control) => !isMadeBy('Control', control));
  if (wrong >= 0) {
    throw invalid({ at: `ControlPack ${name}`, property: 'controls', got: controls[wrong], allowed: 'Controls', fix: 'Make each by new Control({ … }).' });
  }
  const twice = controls.find(({ id }, i) => controls.findIndex((other) => other.id === id) !== i);
  if (twice) {
    throw invalid({ at: `ControlPack ${name}`, property: 'controls', got: twice.id, allowed: 'controls with ids of their own', fix: 'Rename one of them.' });
  }
}
