import { Holder, TextEntry, TextNode, TextScalar } from './text-node';
import { blockTextEnd } from './yaml-text';
import { readCommon } from '../documents/common-reader';
import { CommonPlaces } from '../documents/common-scanner';

/** Where the values of YAML of the common kind stand, as `yamlText` says it; undefined for all other. */
export function commonNodes(text: string): TextNode | undefined {
  const nodes = new NodeStack(text);
  return 'value' in readCommon(text, nodes) ? nodes.root : undefined;
}

/** A map or a list whose members aren't all known. */
interface Open {
  readonly kind: 'map' | 'list';
  readonly isFlow: boolean;
  readonly start: number;
  readonly members: (Holder | TextEntry)[];
  /** What is known of the member whose value comes next. */
  next?: Omit<TextEntry, 'end' | 'value'>;
}

class NodeStack implements CommonPlaces {
  public root?: TextNode;
  private readonly open: Open[] = [];

  constructor(private readonly text: string) {}

  public begin(kind: 'map' | 'list', isFlow: boolean, start: number): void {
    this.open.push({ kind, isFlow, start, members: [] });
  }

  public member(start: number, valueFrom: number, key?: string): void {
    const isQuoted = key !== undefined && (this.text[start] === '"' || this.text[start] === '\'');
    this.open[this.open.length - 1].next = { start, valueFrom, isQuoted, key };
  }

  public scalar(style: TextScalar['style'], start: number, end: number): void {
    this.take({ kind: 'scalar', style, start, end: style === 'block' ? blockTextEnd(this.text, start, end) : end });
  }

  public nothing(): void {
    const at = this.open.at(-1)?.next?.valueFrom ?? 0;
    this.take({ kind: 'scalar', style: 'plain', start: at, end: at });
  }

  public end(at: number): void {
    const { kind, isFlow, start, members } = this.open.pop()!;
    const end = isFlow ? at : members[members.length - 1].end;
    this.take(kind === 'map' ? { kind, isFlow, entries: members as TextEntry[], start, end } : { kind, isFlow, items: members, start, end });
  }

  private take(value: TextNode): void {
    const holder = this.open.at(-1);
    if (holder === undefined) {
      this.root = value;
      return;
    }
    const { start, valueFrom, isQuoted, key } = holder.next!;
    const end = Math.max(valueFrom, value.end);
    holder.members.push(holder.kind === 'map' ? { start, valueFrom, end, value, isQuoted, key } : { start, valueFrom, end, value });
  }
}
