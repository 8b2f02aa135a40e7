import { Size } from 'cdk8s';
import { ContainerResources, Cpu } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { Json } from '../../controls/path';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { cpuText, mebibytesOf, millisOf, sizeText } from '../../core/quantities';

/** What a container gets that states nothing, so that no pod is unbounded. In thousandths of a CPU and in mebibytes. */
export const CONTAINER_DEFAULTS = {
  cpu: { request: 100, limit: 500 },
  memory: { request: 128, limit: 256 },
  ephemeralStorage: { request: 128, limit: 1024 },
};

const KNOWN: KnownProps<ContainerResources> = { cpu: true, memory: true, ephemeralStorage: true };

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

/**
 * Checks resources and fills in what is left out: defaults for what is not named at all, the other one of a pair for half of it.
 * @param property where they stand
 */
export function resourceBounds(resources: ContainerResources | undefined, at: IConstruct, property = 'resources'): ResourceBounds {
  if (resources !== undefined) {
    checkProps(resources, KNOWN, { at, property });
  }
  const millis = (cpu: Cpu, of: string) => millisOf(cpu, of, at);
  const mebibytes = (size: Size, of: string) => mebibytesOf(size, of, at);
  return {
    cpu: bounds('cpu', resources?.cpu, millis, cpuText, property, at),
    memory: bounds('memory', resources?.memory, mebibytes, sizeText, property, at),
    ephemeralStorage: bounds('ephemeralStorage', resources?.ephemeralStorage, mebibytes, sizeText, property, at),
  };
}

/** All of them, in the manifest's own terms. */
export function writtenResources({ cpu, memory, ephemeralStorage }: ResourceBounds): Json {
  const written = (of: 'request' | 'limit') => ({
    'cpu': cpuText(cpu[of]), 'memory': sizeText(memory[of]), 'ephemeral-storage': sizeText(ephemeralStorage[of]),
  });
  return { requests: written('request'), limits: written('limit') };
}

function bounds<T>(
  name: keyof ResourceBounds, given: { readonly request?: T; readonly limit?: T } | undefined, amountOf: (amount: T, property: string) => number,
  text: (amount: number) => string, property: string, at: IConstruct,
): Bounds {
  const { request, limit } = given === undefined ? {} : checkProps(given, { request: true, limit: true }, { at, property: `${property}.${name}` });
  const asked = request === undefined ? undefined : amountOf(request, `${property}.${name}.request`);
  const most = limit === undefined ? undefined : amountOf(limit, `${property}.${name}.limit`);
  if (asked === undefined && most === undefined) {
    return CONTAINER_DEFAULTS[name];
  }
  const result = { request: asked ?? most!, limit: most ?? asked! };
  if (result.request > result.limit) {
    throw invalid({
      at, property: `${property}.${name}.request`, got: text(result.request), allowed: `at most the limit, ${text(result.limit)}`, fix: 'Lower the request or raise the limit.',
    });
  }
  return result;
}

/**
 * What a pod needs: its containers together, or while it starts, one init container with the sidecars that run by then.
 * Source: the Kubernetes documentation on sidecar containers, "Resource sharing within containers".
 */
export function podBounds(main: ResourceBounds, init: readonly { readonly sidecar: boolean; readonly resources: ResourceBounds }[]): ResourceBounds {
  const of = (kind: keyof ResourceBounds, bound: keyof Bounds) => {
    let [running, most] = [0, 0];
    for (const { sidecar, resources } of init) {
      const amount = resources[kind][bound];
      most = Math.max(most, running + amount);
      running += sidecar ? amount : 0;
    }
    return Math.max(most, running + main[kind][bound]);
  };
  const both = (kind: keyof ResourceBounds) => ({ request: of(kind, 'request'), limit: of(kind, 'limit') });
  return { cpu: both('cpu'), memory: both('memory'), ephemeralStorage: both('ephemeralStorage') };
}
