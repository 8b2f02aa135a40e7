import { invalid, InvalidInput } from './errors';
import { nearestName } from './nearest-name';

/** The names of an interface's properties. The compiler refuses a name too few or too many, so that they can't go out of step with it. */
export type KnownProps<T extends object> = Readonly<Record<keyof T, true>>;

/** What checks of properties say besides the names. */
export interface KnownPropsOptions {
  /** The construct or value that they were given to. */
  readonly at?: InvalidInput['at'];
  /**
   * Where they are in the properties of another object, for instance `rules[0]`.
   * Default: they are what was given
   */
  readonly property?: string;
  /**
   * What to do about a name that nobody reads.
   * Default: correct or remove it
   */
  readonly fix?: string;
}

/**
 * Refuses what is no object, and properties that nobody reads: plain JavaScript lets both through, and what is misspelt would stay at its default.
 * Values are never shown: they may be secrets. What is undefined counts as left out.
 * @returns the properties
 */
export function checkProps<T extends object>(props: T, known: KnownProps<T>, options: KnownPropsOptions = {}): T {
  const { at, property } = options;
  const names = Object.keys(known);
  if (typeof props !== 'object' || props === null || Array.isArray(props)) {
    throw invalid({
      at, property: property ?? 'props', got: props, allowed: `an object with ${names.join(', ')}`, fix: `Write it like { ${names[0]}: … }.`,
    });
  }
  const unknown = Object.keys(props).find((name) => !Object.hasOwn(known, name) && props[name as keyof T] !== undefined);
  if (unknown !== undefined) {
    const near = nearestName(unknown, names);
    throw invalid({
      at, property: property === undefined ? unknown : `${property}.${unknown}`, allowed: names.join(', '),
      fix: `${options.fix ?? 'Correct or remove it: nobody reads it.'}${near === undefined ? '' : ` Did you mean "${near}"?`}`,
    });
  }
  return props;
}
