import { KubernetesVersion } from '../../core/kubernetes-version';
import { apiResource } from '../api-fields/api-resource';
import { Control } from '../control';
import { ControlSet } from '../control-set';
import { Fault } from '../evaluate';
import { Exclusion } from '../exclusion';
import { isObject, Json, Place, showPath, valueAt } from '../path';
import { isPrivatePlace, Judged } from '../results/finding-maker';
import { PodTemplateLocation, templateSubjects } from '../subject';

/** What policies let through for the findings that are waived, by control. */
export class Exclusions {
  private readonly byControl = new Map<string, Exclusion[]>();

  constructor(waived: readonly Judged[] = [], catalog: readonly Control[] = [], private readonly version?: KubernetesVersion) {
    for (const judged of waived) {
      this.add(judged.control, judged, judged.fault);
      this.addSuperseded(judged, catalog);
    }
  }

  public of(control: Control): readonly Exclusion[] {
    return this.byControl.get(control.id) ?? [];
  }

  public get isEmpty(): boolean {
    return this.byControl.size === 0;
  }

  /** A weaker control that is bound too must let the same place through. */
  private addSuperseded(judged: Judged, catalog: readonly Control[]): void {
    for (const weaker of catalog.filter(({ id }) => judged.control.supersedes.includes(id))) {
      for (const { faults } of new ControlSet([weaker], this.version!, judged.controls.set.templates).violations(judged.json)) {
        faults.filter((fault) => fault.container === judged.fault.container && overlap(fault.place, judged.fault.place))
          .forEach((fault) => this.add(weaker, judged, fault));
      }
    }
  }

  private add(control: Control, { json, controls }: Judged, fault: Fault): void {
    const object = json as Json;
    const metadata = isObject(object.metadata) ? object.metadata : {};
    const { location } = controls.set.controlsFor(object);
    if (lacksNamespace(json, location)) {
      return;
    }
    const exclusion: Exclusion = {
      ...(typeof metadata.namespace === 'string' && { namespace: metadata.namespace }),
      kind: String(object.kind),
      name: String(metadata.name),
      ...(location && control.appliesTo.isPodTemplates && { serviceAccount: serviceAccountOf(object, location) }),
      ...(fault.container !== undefined && { container: fault.container }),
      path: showPath(fault.place),
      ...(fault.got !== undefined && !control.concealsValues && !isPrivatePlace(fault.place) && { value: fault.got }),
    };
    const list = this.byControl.get(control.id) ?? [];
    if (!list.some((each) => JSON.stringify(each) === JSON.stringify(exclusion))) {
      list.push(exclusion);
    }
    this.byControl.set(control.id, list);
  }
}

/** Whether an object that belongs to a namespace doesn't say to which: policies would have to let it through in every one. */
export function lacksNamespace(json: unknown, location: PodTemplateLocation | undefined): boolean {
  const { kind, metadata } = json as Json;
  return !(isObject(metadata) && typeof metadata.namespace === 'string') && (apiResource(String(kind))?.namespaced ?? location !== undefined);
}

/** The service account of the pods that an object makes, as the API server would fill it in. */
export function serviceAccountOf(object: Json, location: PodTemplateLocation): string {
  const [subject] = templateSubjects(object, location);
  const account = valueAt(subject?.root, ['spec', 'serviceAccountName']);
  return typeof account === 'string' && account !== '' ? account : 'default';
}

function overlap(a: Place, b: Place): boolean {
  return a.slice(0, b.length).every((step, i) => step === b[i]);
}
