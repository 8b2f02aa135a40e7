import { Document, isAlias, isMap, isScalar, isSeq, Scalar, YAMLMap } from 'yaml';
import { LIMITS, TextProblem } from './document';
import { keyOf, plainValue } from './plain-scalars';
import { taggedValue } from './tagged-scalars';

/** How many values aliases may still stand for, over all documents of a run. */
export interface AliasBudget {
  left: number;
}

/** Why a document has no value. */
export class Refusal extends Error {
  constructor(public readonly reason: string, public readonly offset: number) {
    super(reason);
  }
}

const MERGE_WANTS_MAPS = 'the merge key << takes a map or a list of maps';

const JOINED_BLANK = /(?<!\\)(?:\\\\)*\\\n[ \t]*\n/;

/** Makes plain JSON of a parsed document as kubectl does: merge keys where they stand, the last of equal keys, aliases as copies. */
export class NodeValues {
  /** What kubectl takes without a word but other programs read differently. */
  public readonly warnings: TextProblem[] = [];
  private readonly targets = new Map<unknown, unknown>();
  private readonly open = new Set<unknown>();
  private aliased = 0;

  constructor(private readonly document: Document, private readonly text: string, private readonly budget: AliasBudget) {
    this.prepare(document.contents, new Map(), 0, false);
  }

  public value(): unknown {
    return this.valueOf(this.document.contents, 0);
  }

  /** Finds what aliases stand for, the last node before it that has the anchor, and refuses what is read differently inside brackets. */
  private prepare(node: unknown, anchors: Map<string, unknown>, depth: number, flow: boolean): void {
    if (depth > LIMITS.depth) {
      throw new Refusal(`maps and lists are nested deeper than ${LIMITS.depth} levels`, offsetOf(node));
    }
    const anchor = isAlias(node) ? node.source : (node as { anchor?: string } | null)?.anchor;
    if (anchor !== undefined && !/^[A-Za-z0-9_-]+$/.test(anchor)) {
      throw new Refusal('the name of an anchor (&) or alias (*) may have letters, digits, "-" and "_" only', offsetOf(node));
    }
    if (isAlias(node)) {
      if (!anchors.has(node.source)) {
        throw new Refusal('an alias (*) names an anchor (&) that does not stand before it', offsetOf(node));
      }
      this.targets.set(node, anchors.get(node.source));
      return;
    }
    if (anchor !== undefined) {
      anchors.set(anchor, node);
    }
    if (isMap(node)) {
      for (const { key, value } of node.items) {
        this.refuseTightColon(key);
        this.prepare(key, anchors, depth + 1, flow || node.flow === true);
        this.prepare(value, anchors, depth + 1, flow || node.flow === true);
      }
    } else if (isSeq(node)) {
      node.items.forEach(each => this.prepare(each, anchors, depth + 1, flow || node.flow === true));
    } else if (flow && isScalar(node) && node.type === 'PLAIN' && sourceOf(node).startsWith(':')) {
      throw new Refusal('inside brackets, text that begins with a colon needs quotes', offsetOf(node));
    }
  }

  /** To YAML 1.1, a colon before a bracket or a comma is a part of plain text. */
  private refuseTightColon(key: unknown): void {
    const end = isScalar(key) && key.type === 'PLAIN' ? key.range?.[1] : undefined;
    if (end !== undefined && /^:[,[\]{}]/.test(this.text.slice(end, end + 2))) {
      throw new Refusal('a space is missing after the ":" of a key: kubectl takes it for a part of the key', end);
    }
  }

  /** What YAML 1.1 and 1.2 read differently. */
  private refuseOtherReadings(node: Scalar): void {
    if (node.type === 'PLAIN' && sourceOf(node).startsWith('?')) {
      throw new Refusal('text that begins with a question mark needs quotes', offsetOf(node));
    }
    if (node.type === 'QUOTE_DOUBLE' && JOINED_BLANK.test(this.text.slice(node.range?.[0], node.range?.[1]))) {
      throw new Refusal('a blank line follows a backslash at the end of a line: write \\n instead', offsetOf(node));
    }
    if ((node.type === 'BLOCK_LITERAL' || node.type === 'BLOCK_FOLDED') && endsInSpaces(this.text.slice(node.range?.[0], node.range?.[1]))) {
      throw new Refusal('block text ends in a line of spaces that are deeper than its indentation: remove the spaces', offsetOf(node));
    }
  }

  private valueOf(node: unknown, depth: number): unknown {
    if (this.open.size > 0) {
      this.countAliased(node);
    }
    if (depth > LIMITS.depth) {
      throw new Refusal(`maps and lists are nested deeper than ${LIMITS.depth} levels`, offsetOf(node));
    }
    if (isAlias(node)) {
      return this.within(node, target => this.valueOf(target, depth));
    }
    if (isMap(node)) {
      return this.mapOf(node, depth);
    }
    if (isSeq(node)) {
      return node.items.map(item => this.valueOf(item, depth + 1));
    }
    if (isScalar(node)) {
      this.refuseOtherReadings(node);
    }
    const value = isScalar(node) ? scalarValue(node) : null;
    if (typeof value === 'number' && !Number.isFinite(value)) {
      throw new Refusal('infinity and NaN have no place in a Kubernetes object', offsetOf(node));
    }
    return value;
  }

  private countAliased(node: unknown): void {
    this.aliased++;
    this.budget.left--;
    if (this.aliased > LIMITS.aliasedValues || this.budget.left < 0) {
      const limit = this.budget.left < 0 ? `${LIMITS.aliasedValuesTotal} values in one run` : `${LIMITS.aliasedValues} values in one document`;
      throw new Refusal(`aliases (*) stand for more than ${limit}: write the values out`, offsetOf(node));
    }
  }

  private within<T>(alias: unknown, use: (target: unknown) => T): T {
    const target = this.targets.get(alias);
    if (this.open.has(target)) {
      throw new Refusal('an anchor (&) contains an alias (*) of itself', offsetOf(alias));
    }
    this.open.add(target);
    try {
      return use(target);
    } finally {
      this.open.delete(target);
    }
  }

  private mapOf(map: YAMLMap, depth: number): Record<string, unknown> {
    const entries = new Map<string, unknown>();
    this.fill(entries, map, depth);
    const result: Record<string, unknown> = {};
    for (const [key, value] of entries) {
      setOwn(result, key, value);
    }
    return result;
  }

  private fill(entries: Map<string, unknown>, map: YAMLMap, depth: number): void {
    const explicit = new Set<string>();
    for (const { key, value } of map.items) {
      if (isMergeKey(key)) {
        this.merge(entries, value, explicit, depth);
        continue;
      }
      const name = this.keyText(key, depth);
      if (explicit.has(name)) {
        this.warn(key, 'this key stands twice in its map: kubectl takes the last one, other programs refuse it or take the first');
      }
      explicit.add(name);
      entries.set(name, this.valueOf(value, depth + 1));
    }
  }

  private merge(entries: Map<string, unknown>, value: unknown, explicit: Set<string>, depth: number): void {
    const sources: unknown[] = isSeq(value) ? [...value.items].reverse() : [value];
    const merged = new Map<string, unknown>();
    for (const source of sources) {
      if (depth > LIMITS.depth) {
        throw new Refusal(`maps and lists are nested deeper than ${LIMITS.depth} levels`, offsetOf(source));
      }
      const fill = (map: unknown): void => {
        if (!isMap(map)) {
          throw new Refusal(MERGE_WANTS_MAPS, offsetOf(source));
        }
        this.fill(merged, map, depth + 1);
      };
      if (isAlias(source)) {
        this.countAliased(source);
        this.within(source, fill);
      } else {
        fill(source);
      }
    }
    for (const [name, each] of merged) {
      if (explicit.has(name)) {
        this.warn(value, 'this merge replaces a key that stands before it for kubectl; for other programs the key wins: put << first');
      }
      entries.set(name, each);
    }
  }

  private keyText(node: unknown, depth: number): string {
    if (isScalar(node)) {
      this.refuseOtherReadings(node);
    }
    const value = isScalar(node) ? scalarValue(node) : isAlias(node) ? this.valueOf(node, depth) : null;
    const key = typeof value === 'string' ? value : keyOf(value, this.keySource(node));
    if (key === undefined) {
      const what = node === null || isScalar(node) || isAlias(node) ? 'null is' : 'a map or a list is';
      throw new Refusal(`${what} no key of a Kubernetes object`, offsetOf(node));
    }
    return key;
  }

  private keySource(node: unknown): string {
    const scalar = isAlias(node) ? this.targets.get(node) : node;
    return isScalar(scalar) && !scalar.tag?.endsWith(':float') ? sourceOf(scalar) : '';
  }

  private warn(node: unknown, message: string): void {
    this.warnings.push({ level: 'warning', offset: offsetOf(node), message });
  }
}

/** To YAML 1.1, spaces beyond the indentation are text also at the end. */
function endsInSpaces(source: string): boolean {
  const [header, ...lines] = source.split('\n');
  const first = /[0-9]/.test(header) ? undefined : lines.find(line => line.trim() !== '');
  const indent = first === undefined ? 0 : first.length - first.trimStart().length;
  const ending = [...lines].reverse();
  const blank = ending.findIndex(line => line.trim() !== '');
  return ending.slice(0, blank === -1 ? undefined : blank).some(line => line.length > indent);
}

/** Sets an own property whatever its name is. */
export function setOwn(object: Record<string, unknown>, key: string, value: unknown): void {
  if (key === '__proto__') {
    Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
  } else {
    object[key] = value;
  }
}

function isMergeKey(node: unknown): boolean {
  return isScalar(node) && sourceOf(node) === '<<' &&
    (node.tag === undefined ? node.type === 'PLAIN' : node.tag === 'tag:yaml.org,2002:merge');
}

/** A scalar's text, also where the parser has made something of it because of its tag. */
function sourceOf(node: Scalar): string {
  return node.source ?? String(node.value ?? '');
}

function scalarValue(node: Scalar): unknown {
  const text = sourceOf(node);
  if (node.tag === undefined) {
    return node.type === 'PLAIN' || node.type === undefined ? plainValue(text) : text;
  }
  const { value, reason } = taggedValue(node.tag, text);
  if (reason !== undefined) {
    throw new Refusal(reason, offsetOf(node));
  }
  return value;
}

function offsetOf(node: unknown): number {
  return (node as { range?: [number, number, number] | null } | null)?.range?.[0] ?? 0;
}
