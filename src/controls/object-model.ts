import { groupOf } from './group';
import { isObject, Json, Place } from './path';
import { KubernetesVersion } from '../core/kubernetes-version';

/** One object of the output, with what other objects refer to it by. */
export interface ModelObject {
  readonly json: Json;
  readonly group: string;
  readonly kind: string;
  /** Empty where there is none. */
  readonly name: string;
  /** Empty for what belongs to no namespace, or to one that is not stated. */
  readonly namespace: string;
}

/** A place in one object where a rule about several isn't met. */
export interface ModelFault {
  readonly object: ModelObject;
  readonly place: Place;
  readonly got: unknown;
  readonly expected: string;
  readonly container?: string;
}

/** All objects of the output together. */
export class ObjectModel {
  private readonly byKind = new Map<string, ModelObject[]>();

  constructor(public readonly objects: readonly ModelObject[], public readonly version: KubernetesVersion) {
    for (const object of objects) {
      const key = `${object.group}/${object.kind}`;
      const list = this.byKind.get(key);
      if (list) {
        list.push(object);
      } else {
        this.byKind.set(key, [object]);
      }
    }
  }

  /**
   * Objects of one kind.
   * @param group for instance `apps`; empty for the core group
   */
  public ofKind(group: string, kind: string): readonly ModelObject[] {
    return this.byKind.get(`${group}/${kind}`) ?? [];
  }
}

export function modelObject(json: Json): ModelObject {
  const metadata = isObject(json.metadata) ? json.metadata : {};
  return { json, group: groupOf(json.apiVersion), kind: text(json.kind), name: text(metadata.name), namespace: text(metadata.namespace) };
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}
