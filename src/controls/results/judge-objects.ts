import { Judged } from './finding-maker';
import { kindProblem } from './kind-problem';
import { MALFORMED_OBJECT } from './malformed-object';
import { ControlledPart } from './parts';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { Control } from '../control';
import { Fault } from '../evaluate';
import { modelObject, ModelObject, ObjectModel } from '../object-model';
import { isObject } from '../path';

/** Every place where an object doesn't meet what holds for it. */
export function judgeObject(part: ControlledPart, version: KubernetesVersion): Judged[] {
  const { json, controls } = part;
  if (controls.all.length === 0) {
    return [];
  }
  const problem = objectProblem(json, version);
  if (problem) {
    const fails = controls.all.some(({ control }) => controls.fails(control));
    return [{ ...part, control: MALFORMED_OBJECT, fault: { ...problem, malformed: true }, fails }];
  }
  // What no control can judge is said once, not once a control.
  const malformed = new Map<string, Judged>();
  const rest: Judged[] = [];
  for (const { control, faults } of controls.set.violations(json)) {
    for (const fault of faults) {
      if (fault.malformed) {
        const key = JSON.stringify(fault.place);
        const fails = controls.fails(control) || malformed.get(key)?.fails;
        malformed.set(key, { ...part, control: MALFORMED_OBJECT, fault, fails });
      } else {
        rest.push({ ...part, control, fault });
      }
    }
  }
  return [...malformed.values(), ...rest];
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
