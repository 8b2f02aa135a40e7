import { KubernetesVersion } from '../../core/kubernetes-version';
import { apiResource } from '../api-fields/api-resource';
import { Control } from '../control';
import { ControlSet } from '../control-set';
import { Exclusion } from '../exclusion';
import { Fault } from '../faults';
import { groupOf } from '../group';
import { isObject, Json, Place, showPath, valueAt } from '../path';
import { hidesValue, isOfKubernetes, Judged } from '../results/finding-maker';
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

  private add(control: Control, judged: Judged, fault: Fault): void {
    const list = this.byControl.get(control.id) ?? [];
    // What the waived control conceals, a weaker one doesn't show.
    for (const exclusion of exclusionsOf(control, judged, fault, hidesValue(judged))) {
      if (!list.some((each) => JSON.stringify(each) === JSON.stringify(exclusion))) {
        list.push(exclusion);
      }
    }
    this.byControl.set(control.id, list);
  }
}

/**
 * What a policy has to let through for one fault: one exclusion, or one for each service account where several templates share the place.
 * @param hides whether the value is left out, whatever it is
 */
export function exclusionsOf(control: Control, { json, controls }: Pick<Judged, 'json' | 'controls'>, fault: Fault, hides: boolean = false): Exclusion[] {
  const object = json as Json;
  const metadata = isObject(object.metadata) ? object.metadata : {};
  const { location } = controls.set.controlsFor(object);
  if (lacksNamespace(json, location)) {
    return [];
  }
  const kind = String(object.kind);
  const group = groupOf(object.apiVersion);
  const isThere = fault.got !== undefined;
  const isConcealed = isThere && (hides || hidesValue({ control, fault, json }));
  const accounts = location && control.appliesTo.isPodTemplates ? serviceAccountsOf(object, location, fault.place) : [undefined];
  return accounts.map((serviceAccount) => ({
    ...(typeof metadata.namespace === 'string' && { namespace: metadata.namespace }),
    kind,
    // Policies see what Kubernetes serves in several groups in the newest of them.
    group: isOfKubernetes(group) ? apiResource(kind)?.group ?? group : group,
    name: String(metadata.name),
    ...(serviceAccount !== undefined && { serviceAccount }),
    ...(fault.container !== undefined && { container: fault.container }),
    path: showPath(fault.place),
    ...(isConcealed ? { isConcealed } : isThere && { value: fault.got }),
  }));
}

/** Whether an object that belongs to a namespace doesn't say to which: policies would have to let it through in every one. */
export function lacksNamespace(json: unknown, location: PodTemplateLocation | undefined): boolean {
  const { kind, metadata } = json as Json;
  return !(isObject(metadata) && typeof metadata.namespace === 'string') && (apiResource(String(kind))?.namespaced ?? location !== undefined);
}

/** The service accounts of the pods that a fault is in, as the API server would fill them in: of its own template, else of all that share its place. */
function serviceAccountsOf(object: Json, location: PodTemplateLocation, place: Place): string[] {
  const subjects = templateSubjects(object, location);
  const own = subjects.filter(({ placeOf }) => placeOf([]).every((step, i) => step === place[i]));
  return [...new Set((own.length > 0 ? own : subjects).map(({ root }) => {
    const account = valueAt(root, ['spec', 'serviceAccountName']) ?? valueAt(root, ['spec', 'serviceAccount']);
    return typeof account === 'string' && account !== '' ? account : 'default';
  }))];
}

function overlap(a: Place, b: Place): boolean {
  return a.slice(0, b.length).every((step, i) => step === b[i]);
}
