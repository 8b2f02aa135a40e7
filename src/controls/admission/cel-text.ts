import { Path } from '../path';
import { Scalar } from '../requirement-node';

/** Names that CEL's grammar takes for something else, even after a dot. */
const NO_FIELD_NAMES = ['in', 'true', 'false', 'null'];

/** Characters that a CEL text must not hold as they are, or that nobody could read there. */
const ESCAPED = /[\\\u0000-\u001f\u007f-\u009f\u2028\u2029\ufeff]/g;

const SHORT_ESCAPES: Record<string, string> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };

/** A text as a CEL literal. Half of a surrogate pair, which the API server can't hold, becomes what it would make of it. */
export function celString(text: string): string {
  const escaped = text.replace(/\p{Surrogate}/gu, '\ufffd')
    .replace(ESCAPED, (each) => SHORT_ESCAPES[each] ?? `\\u${each.charCodeAt(0).toString(16).padStart(4, '0')}`);
  return escaped.includes('\'') && !escaped.includes('"') ? `"${escaped}"` : `'${escaped.replace(/'/g, '\\\'')}'`;
}

/** A regular expression as a CEL literal: raw where that spares its backslashes. */
export function celPattern(pattern: string, ignoreCase: boolean): string {
  const whole = `${ignoreCase ? '(?i)' : ''}${pattern}`;
  const raw = whole.includes('\\') && !whole.endsWith('\\') && whole.search(/['\u0000-\u001f\u007f-\uffff]/) < 0;
  return raw ? `r'${whole}'` : celString(whole);
}

/** A scalar as a CEL literal. */
export function celScalar(value: Scalar): string {
  if (typeof value === 'string') {
    return celString(value);
  }
  return typeof value === 'number' && Number.isInteger(value) ? BigInt(value).toString() : String(value);
}

/** Whether a key can be written as a field. */
export function isField(key: string): boolean {
  return /^[A-Za-z_]\w*$/.test(key) && !NO_FIELD_NAMES.includes(key);
}

/** Steps that may be missing: `.?spec.?hostNetwork`, `[?'example.com/owner']`. */
export function optionalSteps(path: Path): string {
  return path.map((key) => (isField(key) ? `.?${key}` : `[?${celString(key)}]`)).join('');
}

/** Steps that are known to be there. */
export function sureSteps(path: Path): string {
  return path.map((key) => (isField(key) ? `.${key}` : `[${celString(key)}]`)).join('');
}

/** How loosely an expression's outermost operator binds. */
type Binding = 'choice' | 'or' | 'and' | 'relation' | 'tight';

/** A CEL expression that says when it needs parentheses. */
export interface Cel {
  readonly text: string;
  readonly binding: Binding;
  /** The opposite, where it has an operator of its own. */
  readonly opposite?: string;
}

export const TRUE: Cel = { text: 'true', binding: 'tight' };
export const FALSE: Cel = { text: 'false', binding: 'tight' };

/** A comparison, or `in`. */
export function relation(text: string, opposite?: string): Cel {
  return { text, binding: 'relation', ...(opposite !== undefined && { opposite }) };
}

/** A call, a variable, a literal. */
export function tight(text: string): Cel {
  return { text, binding: 'tight' };
}

export function or(...parts: readonly Cel[]): Cel {
  return joined(parts.filter((part) => part !== FALSE), '||', 'or', FALSE, ['choice']);
}

export function and(...parts: readonly Cel[]): Cel {
  return joined(parts.filter((part) => part !== TRUE), '&&', 'and', TRUE, ['choice', 'or']);
}

export function not(part: Cel): Cel {
  if (part === TRUE || part === FALSE) {
    return part === TRUE ? FALSE : TRUE;
  }
  if (part.opposite !== undefined) {
    return relation(part.opposite, part.text);
  }
  return tight(`!${part.binding === 'tight' ? part.text : `(${part.text})`}`);
}

export function choice(condition: Cel, then: Cel, otherwise: Cel): Cel {
  return { text: `${within(condition, ['choice'])} ? ${within(then, ['choice'])} : ${otherwise.text}`, binding: 'choice' };
}

function joined(parts: readonly Cel[], operator: string, binding: Binding, none: Cel, loose: readonly Binding[]): Cel {
  if (parts.length < 2) {
    return parts[0] ?? none;
  }
  return { text: parts.map((part) => within(part, loose)).join(` ${operator} `), binding };
}

function within(part: Cel, loose: readonly Binding[]): string {
  return loose.includes(part.binding) ? `(${part.text})` : part.text;
}
