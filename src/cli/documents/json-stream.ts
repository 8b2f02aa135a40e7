import { LIMITS } from './document';

/** A JSON object of a stream, or why it's none. */
export interface JsonItem {
  readonly offset: number;
  readonly value?: unknown;
  readonly problem?: string;
}

/** What a stream of JSON values gave. */
export interface JsonStream {
  readonly items: readonly JsonItem[];
  /** Where YAML goes on, if it does. */
  readonly yamlFrom?: number;
}

const SPACES = /[ \t\r\n]*/y;
const MALFORMED = 'neither a JSON object nor a line --- follows the JSON object before: the rest of the file is left out';
const ONLY_JSON = 'kubectl reads nothing but JSON after two JSON objects: the rest of the file is left out';
const TOO_LARGE = /[0-9][eE]\+?0*[0-9]{3}/;

/** Whether kubectl tries JSON first. */
export function looksLikeJson(text: string): boolean {
  return /^\s*\{/.test(text);
}

/**
 * Reads JSON objects one after another, with or without lines between them. As kubectl does, takes what follows for YAML
 * where no JSON comes after the first or at the start.
 */
export function readJsonStream(text: string): JsonStream {
  const items: JsonItem[] = [];
  let at = 0;
  for (;;) {
    SPACES.lastIndex = at;
    const start = at + SPACES.exec(text)![0].length;
    if (start >= text.length) {
      return { items };
    }
    const end = objectEnd(text, start);
    const item = end === undefined ? undefined : parse(text, start, end);
    if (item === undefined || end === undefined) {
      return items.length === 0 ? { items, yamlFrom: yamlStart(text, at) } : afterJson(text, at, start, items);
    }
    items.push(item);
    at = end;
  }
}

function afterJson(text: string, at: number, start: number, items: readonly JsonItem[]): JsonStream {
  if (!text.startsWith('---', start)) {
    return { items: [...items, { offset: start, problem: MALFORMED }] };
  }
  return items.length > 1 ? { items: [...items, { offset: start, problem: ONLY_JSON }] } : { items, yamlFrom: yamlStart(text, at) };
}

/** Whitespace up to and with the first line feed belongs to neither. */
function yamlStart(text: string, at: number): number {
  const [space] = /^[^\S\n]*\n?/.exec(text.slice(at, at + 4096))!;
  return at + space.length;
}

function parse(text: string, start: number, end: number): JsonItem | undefined {
  const source = text.slice(start, end);
  try {
    const value: unknown = JSON.parse(source);
    if (TOO_LARGE.test(source) && hasInfinity(value)) {
      return { offset: start, problem: 'a number is too large' };
    }
    return depthOf(source) > LIMITS.depth ? { offset: start, problem: `maps and lists are nested deeper than ${LIMITS.depth} levels` } : { offset: start, value };
  } catch {
    return undefined;
  }
}

/** The offset after the bracket that closes the object, undefined where there's none. */
function objectEnd(text: string, start: number): number | undefined {
  if (text[start] !== '{') {
    return undefined;
  }
  let depth = 0;
  for (let at = start; at < text.length; at++) {
    switch (text.charCodeAt(at)) {
      case 34:
        at = stringEnd(text, at);
        break;
      case 91:
      case 123:
        depth++;
        break;
      case 93:
      case 125:
        if (--depth === 0) {
          return at + 1;
        }
    }
  }
  return undefined;
}

function stringEnd(text: string, start: number): number {
  for (let at = text.indexOf('"', start + 1); at !== -1; at = text.indexOf('"', at + 1)) {
    let slashes = 0;
    while (text.charCodeAt(at - 1 - slashes) === 92) {
      slashes++;
    }
    if (slashes % 2 === 0) {
      return at;
    }
  }
  return text.length;
}

function depthOf(source: string): number {
  let depth = 0;
  let deepest = 0;
  for (let at = 0; at < source.length; at++) {
    const code = source.charCodeAt(at);
    if (code === 34) {
      at = stringEnd(source, at);
    } else if (code === 123 || code === 91) {
      deepest = Math.max(deepest, ++depth);
    } else if (code === 125 || code === 93) {
      depth--;
    }
  }
  return deepest;
}

function hasInfinity(value: unknown): boolean {
  if (typeof value === 'number') {
    return !Number.isFinite(value);
  }
  return typeof value === 'object' && value !== null && Object.values(value).some(hasInfinity);
}
