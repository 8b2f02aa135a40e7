import { invalid, InvalidInput } from './errors';

/**
 * Lets every copy of this library in one program recognise an instance: `instanceof` knows the own copy's classes only. Call it in the constructor.
 * @param className as users know it, for instance `ControlPack`
 */
export function markAs(className: string, instance: object): void {
  Object.defineProperty(instance, markOf(className), { value: true });
}

/** Whether a value was made by a class of this library, whichever copy of it. */
export function isMadeBy(className: string, value: unknown): boolean {
  return typeof value === 'object' && value !== null && markOf(className) in value;
}

/** Refuses what no copy of a class made, such as its properties alone or null, which plain JavaScript lets through. */
export function checkMadeBy<T>(className: string, value: T, input: Pick<InvalidInput, 'at' | 'property' | 'fix'>): T {
  if (!isMadeBy(className, value)) {
    throw invalid({ ...input, got: value, allowed: `${/^[AEIOU]/.test(className) ? 'an' : 'a'} ${className}` });
  }
  return value;
}

function markOf(className: string): symbol {
  return Symbol.for(`cdk8s-hardened.${className}`);
}
