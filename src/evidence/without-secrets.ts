import { ReportedFinding } from './check-results';
import { Finding } from '../core/finding';
import { holdsCredentials } from '../core/image-credentials';
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
  return isFinding(value) ? guardedFinding(value, copy) : copy;
}

/** A waiver that would have to name a secret is none that anybody may paste. */
function guardedFinding({ path, got, toWaive }: PossiblyWaivable, copy: Record<string, unknown>): object {
  const shown = got !== undefined && copy.got === got ? gotAt(path, got) : copy.got;
  const isWhole = shown === got && JSON.stringify(copy.toWaive) === JSON.stringify(toWaive);
  return { ...copy, ...(shown !== undefined && { got: shown }), ...(!isWhole && { toWaive: undefined }) };
}

type PossiblyWaivable = Finding & Pick<ReportedFinding, 'toWaive'>;

function isFinding(value: object): value is PossiblyWaivable {
  return 'control' in value && (typeof (value as Finding).got === 'string' || 'toWaive' in value);
}

/** Some secrets are known by the name before them, which is in the path. */
function gotAt(path: string | undefined, got: string): string {
  const name = path?.match(/[^.[\]"']+(?=["'\]]*$)/)?.[0];
  const isImage = (name === 'image' || name === 'reference') && holdsCredentials(got);
  const what = isImage ? 'credentials' : name === undefined ? undefined : secretIn(`${name}: ${got}`);
  return what === undefined ? got : placeholder(what);
}

function placeholder(what: string): string {
  return `(left out: it holds ${what})`;
}
