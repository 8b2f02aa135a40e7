/**
 * What unquoted text stands for to kubectl, which reads YAML by Go's yaml.v2: the forms of YAML 1.1 without base 60, the octal of
 * 1.2 besides, and timestamps as text.
 */

const WORDS = new Map<string, unknown>([
  ...['y', 'Y', 'yes', 'Yes', 'YES', 'true', 'True', 'TRUE', 'on', 'On', 'ON'].map((word): [string, unknown] => [word, true]),
  ...['n', 'N', 'no', 'No', 'NO', 'false', 'False', 'FALSE', 'off', 'Off', 'OFF'].map((word): [string, unknown] => [word, false]),
  ...['', '~', 'null', 'Null', 'NULL'].map((word): [string, unknown] => [word, null]),
  ...['.nan', '.NaN', '.NAN'].map((word): [string, unknown] => [word, NaN]),
  ...['.inf', '.Inf', '.INF', '+.inf', '+.Inf', '+.INF'].map((word): [string, unknown] => [word, Infinity]),
  ...['-.inf', '-.Inf', '-.INF'].map((word): [string, unknown] => [word, -Infinity]),
]);

/** By the first character: 1 a word of the table may begin so, 2 a number. */
const STARTS = new Uint8Array(128);
[...'yYnNtTfFoO~'].forEach(char => { STARTS[char.charCodeAt(0)] = 1; });
[...'+-.0123456789'].forEach(char => { STARTS[char.charCodeAt(0)] = 2; });

const SMALL_INTEGER = /^(?:0|[1-9][0-9]{0,14})$/;
const INTEGER = /^([-+]?)(?:0[xX]([0-9a-fA-F]+)|0[bB]([01]+)|0[oO]?([0-7]+)|(0|[1-9][0-9]*))$/;
const SIGNED_BINARY = /^0b([-+][01]+)$/;
const FLOAT = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
/** What Go's ParseFloat takes of text that begins with a dot: underscores between digits, too. */
const DOTTED_FLOAT = /^\.[0-9]+(?:_[0-9]+)*(?:[eE][-+]?[0-9]+(?:_[0-9]+)*)?$/;

const TOO_LARGE = 2n ** 64n;
const TOO_SMALL = -(2n ** 63n);
const LARGEST_SIGNED = 2n ** 63n - 1n;

/** A number, a boolean, null or the text itself. Numbers may be infinite or NaN, which JSON has not: the caller refuses them. */
export function plainValue(text: string): unknown {
  const first = text.length === 0 ? 126 : text.charCodeAt(0);
  const start = first < 128 ? STARTS[first] : 0;
  if (start === 0) {
    return text;
  }
  if (SMALL_INTEGER.test(text)) {
    return Number(text);
  }
  const word = WORDS.get(text);
  if (word !== undefined) {
    return word;
  }
  return start === 2 ? numberOrText(text) : text;
}

/** The key that unquoted text gives in a map: numbers and booleans are written as Go does; undefined where kubectl refuses it. */
export function plainKey(text: string): string | undefined {
  const value = plainValue(text);
  if (typeof value === 'string') {
    return value;
  }
  return keyOf(value, text);
}

/** The key for a value other than text; `source` is what the file says. */
export function keyOf(value: unknown, source: string): string | undefined {
  if (typeof value === 'number') {
    const integer = integerOf(source.replaceAll('_', ''));
    if (integer !== undefined) {
      return integer > LARGEST_SIGNED ? undefined : String(integer);
    }
    return floatKey(value);
  }
  return typeof value === 'boolean' ? String(value) : undefined;
}

function numberOrText(text: string): unknown {
  if (text.charCodeAt(0) === 46) {
    return DOTTED_FLOAT.test(text) ? finiteOr(Number(text.replaceAll('_', '')), text) : text;
  }
  const plain = text.replaceAll('_', '');
  const integer = integerOf(plain);
  if (integer !== undefined) {
    return Number(integer);
  }
  return FLOAT.test(plain) ? finiteOr(Number(plain), text) : text;
}

/** The integer that text without underscores stands for, undefined where it's none or beyond 64 bits. */
export function integerOf(plain: string): bigint | undefined {
  const signed = SIGNED_BINARY.exec(plain);
  const [, sign, hexadecimal, binary, octal, decimal] = signed ? ['', signed[1][0], undefined, signed[1].slice(1)] : INTEGER.exec(plain) ?? [];
  const digits = decimal ?? (hexadecimal && `0x${hexadecimal}`) ?? (binary && `0b${binary}`) ?? (octal && `0o${octal}`);
  if (digits === undefined || digits.length > 5000) {
    return undefined;
  }
  const value = sign === '-' ? -BigInt(digits) : BigInt(digits);
  const signedOnly = sign === '-' || sign === '+';
  return value < TOO_SMALL || value >= TOO_LARGE || (signedOnly && value > LARGEST_SIGNED) ? undefined : value;
}

function finiteOr(value: number, text: string): unknown {
  return Number.isFinite(value) ? value : text;
}

/** Go writes keys by `strconv.FormatFloat(key, 'g', -1, 32)`: the shortest digits that tell 32-bit floats apart. */
function floatKey(value: number): string {
  const float = Math.fround(value);
  if (Number.isNaN(float)) {
    return '.nan';
  }
  if (!Number.isFinite(float)) {
    return float > 0 ? '.inf' : '-.inf';
  }
  if (float === 0) {
    return Object.is(float, -0) ? '-0' : '0';
  }
  let precision = 1;
  while (precision < 9 && Math.fround(Number(float.toExponential(precision - 1))) !== float) {
    precision++;
  }
  const [digits, power] = float.toExponential(precision - 1).split('e');
  const exponent = Number(power);
  const count = digits.replace(/[-.]/g, '').length;
  if (exponent < -4 || exponent >= 6) {
    return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
  }
  return Number(float.toExponential(precision - 1)).toFixed(Math.max(0, count - 1 - exponent));
}
