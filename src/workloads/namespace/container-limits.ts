import { Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { cpuText, mebibytesOf, millisOf, sizeText } from '../../core/quantities';
import { ResourceBounds } from '../pod/workload-resources';

/** The most that one container of a namespace may use, enforced by its LimitRange. */
export interface ContainerLimits {
  /**
   * CPU time.
   * @default - the quota alone
   */
  readonly cpu?: Cpu;
  /**
   * Memory, in whole mebibytes.
   * @default - the quota alone
   */
  readonly memory?: Size;
}

/** The same in thousandths of a CPU and in mebibytes. */
export interface MostPerContainer {
  readonly cpu?: number;
  readonly memory?: number;
}

/** Checks the limits. @throws if an amount isn't one */
export function mostPerContainer(limits: ContainerLimits | undefined, at: IConstruct): MostPerContainer {
  return {
    ...(limits?.cpu !== undefined && { cpu: millisOf(limits.cpu, 'containerLimits.cpu', at) }),
    ...(limits?.memory !== undefined && { memory: mebibytesOf(limits.memory, 'containerLimits.memory', at) }),
  };
}

/** @throws if a container may use more than its namespace lets it */
export function checkWithinLimits({ cpu, memory }: ResourceBounds, most: MostPerContainer, property: string, at: IConstruct): void {
  const refuse = (of: string, got: string, allowed: string) => invalid({
    at, property: `${property}.${of}.limit`, got, allowed: `at most ${allowed}, containerLimits.${of} of the namespace`, fix: 'Lower it, or raise what containers of the namespace may use.',
  });
  if (most.cpu !== undefined && cpu.limit > most.cpu) {
    throw refuse('cpu', cpuText(cpu.limit), cpuText(most.cpu));
  }
  if (most.memory !== undefined && memory.limit > most.memory) {
    throw refuse('memory', sizeText(memory.limit), sizeText(most.memory));
  }
}
