import { Judged } from './finding-maker';
import { kindProblem } from './kind-problem';
import { MALFORMED_OBJECT } from './malformed-object';
import { ControlledPart } from './parts';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { misshapen, Misshapen, misshapenObject } from '../api-fields/shape';
import { Control } from '../control';
import { ControlSet } from '../control-set';
import { Fault } from '../faults';
import { modelObject, ModelObject, ObjectModel } from '../object-model';
import { isObject, Json } from '../path';
import { templateSubjects } from '../subject';

/** Every place where an object doesn't meet what holds for it. */
export function judgeObject(part: ControlledPart, version: KubernetesVersion): Judged[] {
  const { json, controls } = part;
  if (controls.all.length === 0) {
    return [];
  }
  const problem = objectProblem(json, version);
  const fails = () => controls.all.some(({ control }) => controls.fails(control));
  if (problem) {
    return [{ ...part, control: MALFORMED_OBJECT, fault: { ...problem, malformed: true }, fails: fails() }];
  }
  // What no control can judge is said once, not once a control.
  const malformed = new Map<string, Judged>();
  const rest: Judged[] = [];
  for (const { control, faults } of controls.set.violations(json)) {
    for (const fault of faults) {
      if (fault.malformed) {
        const key = JSON.stringify(fault.place);
        malformed.set(key, { ...part, control: MALFORMED_OBJECT, fault, fails: controls.fails(control) || malformed.get(key)?.fails });
      } else {
        rest.push({ ...part, control, fault });
      }
    }
  }
  for (const each of misshapenParts(json as Json, controls.set)) {
    const key = JSON.stringify(each.place);
    if (!malformed.has(key) && !rest.some(({ fault }) => JSON.stringify(fault.place) === key)) {
      malformed.set(key, { ...part, control: MALFORMED_OBJECT, fault: { ...each, malformed: true }, fails: fails() });
    }
  }
  return [...malformed.values(), ...rest];
}

/** What the API server couldn't read, in the object or the pod templates that it embeds: a control that asks for any value there would pass it. */
function misshapenParts(json: Json, set: ControlSet): Misshapen[] {
  const { location } = set.controlsFor(json);
  const embedded = location?.group.includes('.') && location.shape === undefined ? templateSubjects(json, location) : [];
  return [
    ...misshapenObject(json),
    ...embedded.filter(({ problem }) => !problem).flatMap(({ root, placeOf }) => misshapen('PodTemplateSpec', root, placeOf([]))),
  ];
}

function objectProblem(json: unknown, version: KubernetesVersion): Fault | undefined {
  if (!isObject(json)) {
    return { place: [], got: json, expected: 'an object of the Kubernetes API' };
  }
  const { apiVersion, kind, metadata } = json;
  if (!isText(apiVersion)) {
    return { place: ['apiVersion'], got: apiVersion, expected: 'text' };
  }
  if (!isText(kind)) {
    return { place: ['kind'], got: kind, expected: 'text' };
  }
  if (metadata !== undefined && metadata !== null && !isObject(metadata)) {
    return { place: ['metadata'], got: metadata, expected: 'an object' };
  }
  return kindProblem(apiVersion, kind, version);
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

/** Controls over all objects together run once; what they find counts where they hold. */
export function judgeTogether(parts: readonly ControlledPart[], version: KubernetesVersion): Judged[] {
  const controls = new Set<Control>(parts.flatMap((part) => part.controls.models));
  if (controls.size === 0) {
    return [];
  }
  const byObject = new Map<ModelObject, ControlledPart>();
  for (const part of parts) {
    if (isObject(part.json)) {
      byObject.set(modelObject(part.json), part);
    }
  }
  const model = new ObjectModel([...byObject.keys()], version);
  return [...controls].flatMap((control) => control._modelCheck!(model).flatMap(({ object, ...fault }) => {
    const part = byObject.get(object)!;
    return part.controls.models.includes(control) ? [{ ...part, control, fault }] : [];
  }));
}
