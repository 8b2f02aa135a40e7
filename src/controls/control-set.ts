import { Control } from './control';
import { meets } from './evaluate';
import { Fault, faultsOf } from './faults';
import { groupOf, isBuiltInGroup } from './group';
import { isObject, Json } from './path';
import { RequirementNode } from './requirement-node';
import { objectSubject, PodTemplateLocation, Subject, templateSubjects } from './subject';
import { BUILT_IN_TEMPLATES } from './template-kinds';
import { KubernetesVersion } from '../core/kubernetes-version';

/** A control as it stands at one version. */
interface ActiveControl {
  readonly control: Control;
  readonly node: RequirementNode;
}

/** A control that an object doesn't meet, with every place. */
export interface Violation {
  readonly control: Control;
  /** The object, or the pod template of it, that was judged. */
  readonly subject: Subject;
  readonly faults: readonly Fault[];
}

/** The controls that look at one kind. */
interface KindControls {
  readonly location?: PodTemplateLocation;
  readonly ofTemplates: readonly ActiveControl[];
  readonly ofObject: readonly ActiveControl[];
}

/**
 * Controls at one version, ready to judge objects one by one. An object costs what its own controls cost, whatever the number of others.
 */
export class ControlSet {
  private readonly active: readonly ActiveControl[];
  private readonly byKind = new Map<string, KindControls>();

  /**
   * @param templates kinds with pod templates; a later one replaces an earlier one of the same group and kind
   */
  constructor(
    controls: readonly Control[],
    public readonly version: KubernetesVersion,
    public readonly templates: readonly PodTemplateLocation[] = BUILT_IN_TEMPLATES,
  ) {
    this.active = controls.flatMap((control) => {
      const node = control._nodeAt(version);
      return node && !control._modelCheck ? [{ control, node }] : [];
    });
  }

  /** The controls that ask something at this version. */
  public get controls(): Control[] {
    return this.active.map(({ control }) => control);
  }

  /** Every control that an object doesn't meet; none where it has no kind that any of them looks at. */
  public violations(object: unknown): Violation[] {
    const of = this.controlsFor(object);
    if (of.ofObject.length === 0 && of.ofTemplates.length === 0) {
      return [];
    }
    const found: Violation[] = [];
    if (of.ofObject.length > 0) {
      judge(of.ofObject, [objectSubject(object)], found);
    }
    if (of.location && of.ofTemplates.length > 0) {
      judge(of.ofTemplates, templateSubjects(object as Json, of.location, this.version.effective.minor), found);
    }
    return found;
  }

  /** The controls that look at an object, and where its pod templates are. */
  public controlsFor(object: unknown): KindControls {
    const { apiVersion, kind } = isObject(object) ? object : {} as Json;
    const group = groupOf(apiVersion);
    const key = `${group}/${typeof kind === 'string' ? kind : ''}`;
    const known = this.byKind.get(key);
    if (known) {
      return known;
    }
    const location = [...this.templates].reverse().find((each) => each.group === group && each.kind === kind);
    const of = {
      location,
      ofTemplates: location ? this.active.filter(({ control }) => control.appliesTo.isPodTemplates) : [],
      ofObject: this.active.filter(({ control }) => looksAt(control, group, kind)),
    };
    this.byKind.set(key, of);
    return of;
  }
}

function judge(controls: readonly ActiveControl[], subjects: readonly Subject[], found: Violation[]): void {
  for (const { control, node } of controls) {
    for (const subject of subjects) {
      if (!meets(node, subject)) {
        found.push({ control, subject, faults: faultsOf(node, subject) });
      }
    }
  }
}

function looksAt({ appliesTo }: Control, group: string, kind: unknown): boolean {
  return appliesTo.custom.some((each) => (each.group ?? '') === group && each.kind === kind)
    || appliesTo.kindNames.some((name) => name === kind && isBuiltInGroup(group));
}
