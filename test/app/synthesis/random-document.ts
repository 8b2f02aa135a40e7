import { Random } from './random';

/** Pieces that YAML treats in special ways, beside ordinary words. */
const PIECES = [
  '', ' ', '  ', '\n', '\n\n', '\t', '\r', '-', '- ', '--', '---', '...', '%', '%YAML 1.1', '#', ' #', ':', ': ', '?', '? ', '&', '*', '!', '|', '>', '@', '`',
  '"', '\'', '\\', ',', '[', ']', '{', '}', '<<', '=', '~', 'null', 'Null', 'true', 'True', 'yes', 'no', 'on', 'off', 'y', 'n', 'N', '0', '1', '-1', '+1', '.5', '1.',
  '1e3', '0x1f', '0o17', '017', '0b11', '1_000', '190:20:30', '1:2', '.inf', '-.inf', '.nan', '2001-12-14', '2001-12-14t21:59:43.10-05:00', '1.28', '1.10',
  'a', 'b', 'abc', 'web', 'some words in a row that are rather long, longer than eighty characters, since lines may be folded', 'é', 'ß', '漢字', '😀', '\ud800', '\u0000',
  '\u0007', '\u001b', '\u007f', '\u0085', '\u00a0', '\u2028', '\ufeff', '/', '%s', '$', '^', 'http://x:80/y', 'sha256:0123', 'a: b', 'key:', '- item', '0777', '1:30',
];
const KEYS = ['a', 'b', 'name', 'kind', 'apiVersion', 'metadata', 'spec', 'data', 'app.kubernetes.io/name', 'config.yaml', '__proto__', '007', '7', '10', '-1'];
const NUMBERS = [0, 1, -1, 1.5, -0.25, 1e21, 1e-7, 0.1 + 0.2, 2 ** 53, 2 ** 53 - 1, -(2 ** 53), NaN, Infinity, -Infinity, 1e300, 8080, 420];

/** A document such as objects of Kubernetes are, but with everything in it that could go wrong in YAML. */
export function randomDocument(random: Random): unknown {
  if (random.chance(0.03)) {
    return randomValue(random, 2, []);
  }
  return randomMap(random, random.integer(0, 4), []);
}

/** Like `JSON.stringify`, for messages: shows what JSON can't say. */
export function describeDocument(document: unknown): string {
  return JSON.stringify(document, (_, value) => (typeof value === 'number' && !Number.isFinite(value) ? `<${value}>` : value === undefined ? '<undefined>' : value));
}

function randomText(random: Random): string {
  if (random.chance(0.4)) {
    return random.pick(PIECES);
  }
  const text = Array.from({ length: random.integer(1, random.chance(0.1) ? 12 : 4) }, () => random.pick(PIECES)).join(random.chance(0.3) ? '\n' : '');
  return random.chance(0.005) ? text.repeat(300) : text;
}

function randomKey(random: Random): string {
  if (random.chance(0.003)) {
    return 'toJSON';
  }
  const key = random.chance(0.8) ? random.pick(KEYS) : randomText(random);
  return random.chance(0.95) ? key.replaceAll('\n', ' ') : key;
}

/** @param made the collections of this document, one of which is now and then used again */
function randomValue(random: Random, depth: number, made: object[]): unknown {
  const kind = random.integer(0, depth > 0 ? 19 : 11);
  if (kind < 8) {
    return randomText(random);
  }
  switch (kind) {
    case 8: return random.pick(NUMBERS);
    case 9: return random.integer(-100, 100000);
    case 10: return random.pick([true, false, null, undefined]);
    case 11: return randomOddity(random, made);
    case 12: return {};
    case 13: return [];
    case 14: case 15: return randomList(random, depth - 1, made);
    default: return randomMap(random, depth - 1, made);
  }
}

function randomOddity(random: Random, made: object[]): unknown {
  if (!random.chance(0.1)) {
    return random.integer(0, 65535);
  }
  return random.pick<() => unknown>([
    () => new Date(Date.UTC(2001, 11, 14, random.integer(0, 23))),
    () => new Map([['a', 1]]),
    () => new Set(['a']),
    () => new Uint8Array([1, 2, 3]),
    () => 12345678901234567890n,
    () => Object.assign(Object.create(null), { a: 1 }),
    () => ({ toJSON: () => 'from toJSON' }),
    () => new Array(2),
    () => -0,
    () => (made.length > 0 ? random.pick(made) : 'nothing to share'),
    () => (made.length > 0 ? random.pick(made) : 'nothing to share'),
  ])();
}

function randomList(random: Random, depth: number, made: object[]): unknown[] {
  const list: unknown[] = [];
  for (let i = random.integer(0, 3); i > 0; i--) {
    list.push(randomValue(random, depth, made));
  }
  made.push(list);
  return list;
}

function randomMap(random: Random, depth: number, made: object[]): Record<string, unknown> {
  const map: Record<string, unknown> = {};
  for (let i = random.integer(0, 4); i > 0; i--) {
    Object.defineProperty(map, randomKey(random), { value: randomValue(random, depth, made), enumerable: true, configurable: true, writable: true });
  }
  made.push(map);
  return map;
}
