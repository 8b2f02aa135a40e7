import { Size } from 'cdk8s';
import { ContainerResources, Cpu, k8s } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { CONTAINER_DEFAULTS } from './namespace-limits';
import { cpuText, mebibytesOf, millisOf, sizeText } from './quantities';
import { invalid } from '../core/errors';

interface Bounds {
  readonly request: number;
  readonly limit: number;
}

/** What a container asks for and may use at most, checked. */
export interface ResourceBounds {
  readonly cpu: Bounds;
  readonly memory: Bounds;
  readonly ephemeralStorage: Bounds;
}

/** Checks resources and fills in what is left out: defaults for what is not named at all, the other one of a pair for half of it. */
export function resourceBounds(resources: ContainerResources | undefined, at: IConstruct): ResourceBounds {
  return {
    cpu: bounds('cpu', resources?.cpu, (cpu, property) => millisOf(cpu, property, at), cpuText, at),
    memory: bounds('memory', resources?.memory, (size, property) => mebibytesOf(size, property, at), sizeText, at),
    ephemeralStorage: bounds('ephemeralStorage', resources?.ephemeralStorage, (size, property) => mebibytesOf(size, property, at), sizeText, at),
  };
}

/** As cdk8s-plus takes them, which can't express part of a gibibyte of ephemeral storage. */
export function plusResources({ cpu, memory }: ResourceBounds): ContainerResources {
  return {
    cpu: { request: Cpu.millis(cpu.request), limit: Cpu.millis(cpu.limit) },
    memory: { request: Size.mebibytes(memory.request), limit: Size.mebibytes(memory.limit) },
  };
}

/** All of them, for a patch of a container. */
export function writtenResources({ cpu, memory, ephemeralStorage }: ResourceBounds): k8s.ResourceRequirements {
  const written = (of: 'request' | 'limit') => ({
    'cpu': k8s.Quantity.fromString(cpuText(cpu[of])),
    'memory': k8s.Quantity.fromString(sizeText(memory[of])),
    'ephemeral-storage': k8s.Quantity.fromString(sizeText(ephemeralStorage[of])),
  });
  return { requests: written('request'), limits: written('limit') };
}

function bounds<T>(
  name: keyof ResourceBounds, given: { readonly request?: T; readonly limit?: T } | undefined, amountOf: (amount: T, property: string) => number,
  text: (amount: number) => string, at: IConstruct,
): Bounds {
  const { request, limit } = given ?? {};
  const asked = request === undefined ? undefined : amountOf(request, `resources.${name}.request`);
  const most = limit === undefined ? undefined : amountOf(limit, `resources.${name}.limit`);
  if (asked === undefined && most === undefined) {
    return CONTAINER_DEFAULTS[name];
  }
  const result = { request: asked ?? most!, limit: most ?? asked! };
  if (result.request > result.limit) {
    throw invalid({
      at, property: `resources.${name}.request`, got: text(result.request), allowed: `at most the limit, ${text(result.limit)}`, fix: 'Lower the request or raise the limit.',
    });
  }
  return result;
}
