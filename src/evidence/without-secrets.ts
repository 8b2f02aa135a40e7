import { Finding } from '../core/finding';
import { secretIn } from '../core/secret-text';

/** What has been through the guard, so that each format can call it for itself at no cost. */
const GUARDED = new WeakSet<object>();

/**
 * The last guard before anything is written: the same data, with every text that holds a secret replaced by what it held.
 *
 * Whoever makes findings leaves secrets out; this is for what they overlooked.
 */
export function withoutSecrets<T extends object>(data: T): T {
  if (GUARDED.has(data)) {
    return data;
  }
  const seen = new Map<string, string>();
  const clean = (text: string): string => {
    const known = seen.get(text);
    if (known !== undefined) {
      return known;
    }
    const what = secretIn(text);
    const shown = what === undefined ? text : placeholder(what);
    seen.set(text, shown);
    return shown;
  };
  const guarded = mapped(data, clean) as T;
  GUARDED.add(guarded);
  return guarded;
}

function mapped(value: unknown, clean: (text: string) => string): unknown {
  if (typeof value === 'string') {
    return clean(value);
  }
  if (Array.isArray(value)) {
    return value.map((each) => mapped(each, clean));
  }
  if (value === null || typeof value !== 'object' || Object.getPrototypeOf(value) !== Object.prototype) {
    return value;
  }
  const copy = Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapped(each, clean)]));
  return isFinding(value) && copy.got === value.got && value.got !== undefined ? { ...copy, got: gotAt(value.path, value.got) } : copy;
}

function isFinding(value: object): value is Finding {
  return 'control' in value && typeof (value as Finding).got === 'string';
}

/** Some secrets are known by the name before them, which is in the path. */
function gotAt(path: string | undefined, got: string): string {
  const name = path?.match(/[^.[\]"']+(?=["'\]]*$)/)?.[0];
  const what = name === undefined ? undefined : secretIn(`${name}: ${got}`);
  return what === undefined ? got : placeholder(what);
}

function placeholder(what: string): string {
  return `(left out: it holds ${what})`;
}
