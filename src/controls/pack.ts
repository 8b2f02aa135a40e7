import { catalogControls } from './catalog/index.generated';
import { Control } from './control';
import { invalid } from '../core/errors';
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
    return new ControlPack(name, name, () => controls);
  }

  private resolved?: readonly Control[];

  private constructor(
    /** In kebab case, for instance `pss-restricted`. */
    public readonly name: string,
    /** For people. */
    public readonly title: string,
    private readonly resolve: () => readonly Control[],
  ) {
    if (typeof name !== 'string' || !/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(name) || name.length > 40) {
      throw invalid({ at: 'ControlPack.of', property: 'name', got: name, allowed: 'a name in kebab case of at most 40 characters', fix: 'Name it like team-shop.' });
    }
  }

  /** The pack's controls. The catalog is loaded with the first use. */
  public get controls(): Control[] {
    return [...(this.resolved ??= this.resolve())];
  }

  /**
   * The pack and more controls; one with the id of a present one takes its place.
   * @param name of the new pack
   */
  public plus(name: string, ...controls: Control[]): ControlPack {
    checkControls(name, controls);
    const ids = new Set(controls.map(({ id }) => id));
    return new ControlPack(name, name, () => [...this.controls.filter(({ id }) => !ids.has(id)), ...controls]);
  }

  /**
   * The pack without some of its controls. What is left out is neither checked nor reported: a waiver is narrower and shows in the evidence.
   * @param name of the new pack
   * @param ids of controls of this pack
   * @throws if the pack has no control with that id, or none is left
   */
  public without(name: string, ...ids: string[]): ControlPack {
    const known = this.controls.map(({ id }) => id);
    const unknown = ids.find((id) => !known.includes(id));
    if (unknown !== undefined) {
      throw invalid({ at: `ControlPack ${this.name}`, property: 'ids', got: unknown, allowed: known.join(', '), fix: 'Name controls of this pack.' });
    }
    if (known.every((id) => ids.includes(id))) {
      throw invalid({ at: `ControlPack ${this.name}`, property: 'ids', got: ids, allowed: 'some of its controls', fix: 'Leave the pack out where none of them is wanted.' });
    }
    return new ControlPack(name, name, () => this.controls.filter(({ id }) => !ids.includes(id)));
  }
}

function cites(control: Control, standard: Standard, prefix = ''): boolean {
  return control.references.some((reference) => reference.standard === standard && reference.id.startsWith(prefix));
}

function checkControls(name: string, controls: readonly Control[]): void {
  const wrong = controls.findIndex((control) => !(control instanceof Control));
  if (wrong >= 0) {
    throw invalid({ at: `ControlPack ${name}`, property: 'controls', got: controls[wrong], allowed: 'Controls', fix: 'Make each by new Control({ … }).' });
  }
  const twice = controls.find(({ id }, i) => controls.findIndex((other) => other.id === id) !== i);
  if (twice) {
    throw invalid({ at: `ControlPack ${name}`, property: 'controls', got: twice.id, allowed: 'controls with ids of their own', fix: 'Rename one of them.' });
  }
}
