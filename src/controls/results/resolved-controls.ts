import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { Severity, WORST_FIRST } from '../../core/severity';
import { ActsAt, Control, isSameControl } from '../control';
import { ControlSet } from '../control-set';
import { ControlPack } from '../pack';
import { ScopeControls } from '../scope-controls';
import { PodTemplateLocation } from '../subject';
import { effectiveControls } from '../superseding';
import { ALL_TEMPLATES } from '../template-kinds';

/** How a finding of a control is taken. */
export enum Mode { WARN, ENFORCE }

/** A control with what was said about it. */
export interface AttachedControl {
  readonly control: Control;
  readonly mode: Mode;
  readonly packs: readonly string[];
  /** A pack says that it takes the place of others with its id. */
  readonly isReplacement?: boolean;
}

/** What holds at one construct: everything that was said at it and above. */
export class ResolvedControls {
  /** Nothing is said: nothing is checked. */
  public static nothing(version: KubernetesVersion): ResolvedControls {
    return new ResolvedControls(version, new Map(), [], ALL_TEMPLATES);
  }

  /** Every control that was attached, also those whose place another one takes. */
  public readonly all: readonly AttachedControl[];
  private ready?: { readonly ids: ReadonlySet<string>; readonly set: ControlSet; readonly fixes: ControlSet; readonly models: readonly Control[] };

  private constructor(
    private readonly version: KubernetesVersion,
    private readonly attached: ReadonlyMap<string, AttachedControl>,
    private readonly hardened: readonly Control[],
    private readonly templates: readonly PodTemplateLocation[],
    private readonly failOn?: Severity,
    public readonly baseline?: string,
  ) {
    this.all = [...attached.values()];
  }

  /** What holds at a construct below, where more is said. */
  public with(settings: ScopeControls): ResolvedControls {
    const attached = new Map(this.attached);
    for (const [mode, packs] of [[Mode.WARN, settings.warned], [Mode.WARN, settings.hardened], [Mode.ENFORCE, settings.enforced]] as const) {
      packs.forEach((pack) => pack.controls.forEach((control) => attach(attached, control, mode, pack)));
    }
    const hardenedIds = [...new Set([...this.hardened, ...settings.hardened.flatMap((pack) => pack.controls)].map(({ id }) => id))];
    return new ResolvedControls(
      this.version,
      attached,
      hardenedIds.map((id) => attached.get(id)!.control),
      [...this.templates, ...settings.templates],
      settings.failOn === undefined || this.failOn === undefined ? settings.failOn ?? this.failOn : lower(settings.failOn, this.failOn),
      settings.baseline ?? this.baseline,
    );
  }

  /** The controls that judge objects one by one. */
  public get set(): ControlSet {
    return this.prepared.set;
  }

  /** The controls whose fixes are applied to what is written. */
  public get fixes(): ControlSet {
    return this.prepared.fixes;
  }

  /** Whether what doesn't meet a control is to be fixed, as far as a program can. */
  public hardens({ id }: Control): boolean {
    return this.hardened.some((control) => control.id === id);
  }

  /** The controls that look at all objects together. */
  public get models(): readonly Control[] {
    return this.prepared.models;
  }

  /** Whether a finding of a control fails the synth. */
  public fails(control: Control): boolean {
    const least = this.failOn ?? Severity.INFO;
    return this.attached.get(control.id)?.mode === Mode.ENFORCE && lower(control.severity, least) === least;
  }

  /** Whether a control judges anything here: not where another one takes its place, or it asks nothing of this version. */
  public speaks(id: string): boolean {
    return this.prepared.ids.has(id);
  }

  private get prepared() {
    if (!this.ready) {
      // Of two, one that only reports never takes the place of one that fails the synth.
      const controls = atSynth(effectiveControls(this.all.map(({ control }) => control), this.version, (control) => Number(this.fails(control))));
      this.ready = {
        ids: new Set(controls.map(({ id }) => id)),
        set: new ControlSet(controls, this.version, this.templates),
        fixes: new ControlSet(atSynth(effectiveControls(this.hardened, this.version)), this.version, this.templates),
        models: controls.filter((control) => control._modelCheck !== undefined),
      };
    }
    return this.ready;
  }
}

function atSynth(controls: readonly Control[]): Control[] {
  return controls.filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION);
}

/** The less severe of two. */
function lower(a: Severity, b: Severity): Severity {
  return WORST_FIRST.indexOf(a) > WORST_FIRST.indexOf(b) ? a : b;
}

/** The stricter mode wins. */
function attach(attached: Map<string, AttachedControl>, control: Control, mode: Mode, pack: ControlPack): void {
  const present = attached.get(control.id);
  const isReplacement = pack._replaced.includes(control.id);
  attached.set(control.id, {
    control: present ? chosen(present, control, isReplacement, pack) : control,
    mode: Math.max(mode, present?.mode ?? Mode.WARN),
    packs: [...new Set([...(present?.packs ?? []), pack.name])],
    isReplacement: isReplacement || present?.isReplacement,
  });
}

/** Of two with one id, the one that is said to replace others; of two such, the one that is attached nearer to the object. */
function chosen(present: AttachedControl, control: Control, isReplacement: boolean, pack: ControlPack): Control {
  if (!isReplacement && !present.isReplacement && !isSameControl(present.control, control)) {
    throw invalid({
      at: `ControlPack ${pack.name}`, property: 'controls', got: control.id, allowed: `ids that no other control of ${present.packs.join(', ')} has, where both are attached`,
      fix: 'Rename it, or make the pack by ControlPack.replacing where it is meant to take the other one\'s place.',
    });
  }
  return isReplacement ? control : present.control;
}

/** Finds what holds at each construct; asks each scope once. */
export class ControlsResolver {
  private readonly known = new Map<IConstruct, ResolvedControls>();

  /**
   * @param base what holds where no pack was named at the root
   * @param only what holds in place of everything that was attached; what else was said at scopes stays
   */
  constructor(private readonly root: IConstruct, version: KubernetesVersion, base?: ControlPack, private readonly only?: readonly ControlPack[]) {
    const nothing = ResolvedControls.nothing(version);
    const settings = this.settingsAt(root);
    const given = new ScopeControls();
    given.enforced.push(...(only ?? []));
    given.warned.push(...(base && !only && !settings?.hasPacks ? [base] : []));
    const start = given.hasPacks ? nothing.with(given) : nothing;
    this.known.set(root, settings ? start.with(settings) : start);
  }

  public at(construct: IConstruct): ResolvedControls {
    const known = this.known.get(construct);
    if (known) {
      return known;
    }
    const above = construct.node.scope ? this.at(construct.node.scope) : this.at(this.root);
    const settings = this.settingsAt(construct);
    const resolved = settings ? above.with(settings) : above;
    this.known.set(construct, resolved);
    return resolved;
  }

  private settingsAt(construct: IConstruct): ScopeControls | undefined {
    const settings = ScopeControls.find(construct);
    return settings && this.only ? settings.withoutPacks() : settings;
  }
}
