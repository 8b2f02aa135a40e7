import { CST, Document, isAlias, isMap, isScalar, isSeq, Node, Pair, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { Holder, TextEntry, TextNode } from './text-node';
import { plainKey } from '../documents/plain-scalars';

type SourceTokens = CST.SourceToken[] | undefined;

/** Where the values of a parsed document stand in its text. */
export function yamlText(tree: Document, text: string): TextNode {
  return new YamlText(text).node(tree.contents, 0);
}

class YamlText {
  private readonly anchors = new Map<string, TextNode>();

  constructor(private readonly text: string) {}

  /** @param nowhere where it would stand if nothing is there */
  public node(node: unknown, nowhere: number): TextNode {
    if (isAlias(node)) {
      const [start, end] = node.range!;
      return { kind: 'alias', start, end, target: this.anchors.get(node.source)! };
    }
    const made = this.plainNode(node, nowhere);
    const { anchor } = (node ?? {}) as { anchor?: string };
    if (anchor === undefined) {
      return made;
    }
    const anchored = { ...made, isAnchored: true };
    this.anchors.set(anchor, anchored);
    return anchored;
  }

  private plainNode(node: unknown, nowhere: number): TextNode {
    if (isMap(node)) {
      return this.map(node);
    }
    if (isSeq(node)) {
      return this.list(node);
    }
    const [start, end] = isScalar(node) ? node.range! : [nowhere, nowhere];
    // What is missing is where the comment ends for the parser.
    return start === end ? { kind: 'scalar', style: 'plain', start: nowhere, end: nowhere } : this.scalar(node as Scalar, start, end);
  }

  private scalar({ type }: Scalar, start: number, end: number): TextNode {
    switch (type) {
      case 'QUOTE_DOUBLE':
        return { kind: 'scalar', style: 'double', start, end };
      case 'QUOTE_SINGLE':
        return { kind: 'scalar', style: 'single', start, end };
      case 'BLOCK_FOLDED':
      case 'BLOCK_LITERAL':
        return { kind: 'scalar', style: 'block', start, end: blockTextEnd(this.text, start, end) };
      default:
        return { kind: 'scalar', style: 'plain', start, end };
    }
  }

  private map(map: YAMLMap): TextNode {
    const entries = map.items.map((pair) => this.entry(pair));
    const [start, end] = map.range!;
    const isFlow = map.flow === true;
    return { kind: 'map', isFlow, entries, start, end: isFlow ? end : entries.at(-1)?.end ?? end };
  }

  private entry(pair: Pair): TextEntry {
    const { key } = pair;
    const source = pair.srcToken;
    const [start, keyEnd] = (key as Node | null)?.range ?? [0, 0];
    const isExplicit = (source?.start ?? []).some(({ type }) => type === 'explicit-key-ind');
    // Anchors are known once their value has been read.
    this.node(key, start);
    const isQuoted = isScalar(key) && (key.type === 'QUOTE_DOUBLE' || key.type === 'QUOTE_SINGLE');
    const isKnown = isScalar(key) && !isExplicit && key.tag === undefined && key.anchor === undefined;
    const name = !isKnown ? undefined : isQuoted ? String(key.value) : plainName(key);
    const isMerge = isKnown && !isQuoted && key.source === '<<';
    const holder = this.holder(start, source?.sep, keyEnd, pair.value);
    return { ...holder, isQuoted, ...(name !== undefined && { key: name }), ...(isMerge && { isMerge }) };
  }

  private list(list: YAMLSeq): TextNode {
    const [start, end] = list.range!;
    const isFlow = list.flow === true;
    const { srcToken } = list;
    const items = list.items.map((item, i) => {
      const before = srcToken && 'items' in srcToken ? srcToken.items[i]?.start : undefined;
      const dash = before?.find(({ type }) => type === 'seq-item-ind');
      const from = dash?.offset ?? (item as Node).range![0];
      return this.holder(from, before?.slice(dash ? before.indexOf(dash) : before.length), from, item);
    });
    return { kind: 'list', isFlow, items, start, end: isFlow ? end : items.at(-1)?.end ?? end };
  }

  private holder(start: number, tokens: SourceTokens, from: number, value: unknown): Holder {
    const valueFrom = (tokens ?? []).filter(({ type }) => !['space', 'newline', 'comment'].includes(type))
      .reduce((end, { offset, source }) => Math.max(end, offset + source.length), from);
    const node = this.node(value, valueFrom);
    return { start, valueFrom, end: Math.max(valueFrom, node.end), value: node };
  }
}

/** On the last line that belongs to block text: blank lines only do where they are kept. */
export function blockTextEnd(text: string, start: number, end: number): number {
  const source = text.slice(start, end);
  const isKept = /^[|>][0-9]*\+/.test(source);
  return start + (isKept ? source.replace(/\n$/, '') : source.trimEnd()).length;
}

function plainName({ source, value }: Scalar): string | undefined {
  const text = source ?? String(value ?? '');
  return text === '<<' ? undefined : plainKey(text);
}
