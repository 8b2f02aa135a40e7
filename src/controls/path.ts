import { invalid } from '../core/errors';

/** Steps from an object to a value in it. */
export type Path = readonly string[];

/** Steps to one place of one object: numbers are positions in lists. */
export type Place = readonly (string | number)[];

const STEP = /^(?:\.?([A-Za-z_$][\w$-]*)|\["([^"\\]+)"\]|\[(\d+)\])/;

/** Reads `spec.hostNetwork` or `metadata.annotations["example.com/owner"]`. The empty text is the value itself. */
export function parsePath(text: string): Path {
  return stepsOf(text).map(String);
}

/** Reads the path of one place, with positions: `spec.containers[0].image`. */
export function parsePlace(text: string): Place {
  return stepsOf(text);
}

function stepsOf(text: string): (string | number)[] {
  const steps: (string | number)[] = [];
  let rest = typeof text === 'string' ? text : undefined;
  while (rest) {
    const match = rest.startsWith('.') && steps.length === 0 ? null : STEP.exec(rest);
    if (!match || (steps.length > 0 && match[1] !== undefined && !match[0].startsWith('.'))) {
      rest = undefined;
      break;
    }
    steps.push(match[3] === undefined ? match[1] ?? match[2] : Number(match[3]));
    rest = rest.slice(match[0].length);
  }
  if (rest === undefined) {
    throw invalid({ property: 'path', got: text, allowed: 'field names joined by dots, other keys as ["key"]', fix: 'Write it like spec.hostNetwork or metadata.annotations["example.com/owner"].' });
  }
  return steps;
}

/** Writes a path as reports show it. The value itself is the empty text. */
export function showPath(path: Place): string {
  return path.map((step, i) => {
    if (typeof step === 'number') {
      return `[${step}]`;
    }
    return /^[A-Za-z_$][\w$-]*$/.test(step) ? `${i === 0 ? '' : '.'}${step}` : `["${step}"]`;
  }).join('');
}

/** A JSON object, neither null nor a list. */
export type Json = { readonly [key: string]: unknown };

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Stands for a value below something that is no object. */
export const MALFORMED = Symbol('malformed');

/** The value at a path: undefined where there is none (null counts as none, as it does to the API server), MALFORMED below what is no object. */
export function valueAt(item: unknown, path: Path): unknown {
  let value = item;
  for (let i = 0; i < path.length; i++) {
    if (value === undefined) {
      return undefined;
    }
    if (value === null && i > 0) {
      return undefined;
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return MALFORMED;
    }
    // A field that only the prototype has is none of the object's.
    value = Object.prototype.hasOwnProperty.call(value, path[i]) ? (value as Json)[path[i]] : undefined;
  }
  return value === null && path.length > 0 ? undefined : value;
}

/** Whether the API server would take it for a field that is left out: it drops what is null, an empty text or an empty list. */
export function isEmpty(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
