import { alignedTo } from './aligned-lists';
import { blockStyle } from './block-style';
import { commentsAbove, FlowMembers } from './flow-members';
import { endedAsBefore, inTextOrder, overlap, TextEdit } from './text-edits';
import { Holder, TextEntry, TextList, TextMap, TextNode } from './text-node';
import { blockLines, BlockStyle, entryLines, flowEntry, FlowStyle, flowText, isInline, scalarText } from './written-values';
import { isObject, Json } from '../../controls/path';
import { sameValue } from '../diff/same-value';
import { TextLines } from '../documents/text-lines';

/** Why text can't be changed in place. */
export class NotEditable extends Error {
  constructor(public readonly reason: string, public readonly offset: number) {
    super(reason);
  }
}

const SHARED = 'what has to change here has an anchor (&) or is an alias (*), and would change in several places: write the value out there';
const MERGED = 'what has to go here comes by a merge key (<<): write the keys out there';
const SHAPE = 'what has to change here is written in a way that can\'t be changed without the rest';

/**
 * The edits that make one value of a text another one. They touch nothing but what differs: comments, order, quotes and blank lines stay. Whether
 * they are right has to be seen by reading the text again.
 *
 * @throws NotEditable
 */
export function plannedEdits(text: string, root: TextNode, before: unknown, after: unknown): TextEdit[] {
  return new Planner(text, root).edits(before, after);
}

/** What to say where edits turn out to be wrong. */
export function likelyReason(text: string, root: TextNode, before: unknown, after: unknown): NotEditable {
  const planner = new Planner(text, root);
  try {
    planner.edits(before, after);
  } catch (error) {
    if (error instanceof NotEditable) {
      return error;
    }
    throw error;
  }
  return planner.shared === undefined ? new NotEditable(SHAPE, planner.first) : new NotEditable(SHARED, planner.shared);
}

type WriteFlow = (style: FlowStyle, indent: string) => string[];

class Planner {
  /** Where something that is meant in several places is changed. */
  public shared?: number;
  public first = Infinity;
  private readonly planned: TextEdit[] = [];
  private readonly lines: TextLines;
  private readonly block: BlockStyle;
  private readonly jsonIndent?: string;

  constructor(private readonly text: string, private readonly root: TextNode) {
    this.lines = new TextLines(text);
    this.block = blockStyle(text, root);
    this.jsonIndent = root.kind === 'map' && root.isFlow && root.entries.length > 0 ? this.ownLine(root.entries[0].start) : undefined;
  }

  public edits(before: unknown, after: unknown): TextEdit[] {
    this.change(this.root, before, after, undefined);
    const edits = inTextOrder(this.planned);
    if (overlap(edits)) {
      throw new NotEditable(this.shared === undefined ? SHAPE : SHARED, this.shared ?? this.first);
    }
    return endedAsBefore(this.text, edits);
  }

  private change(node: TextNode, before: unknown, after: unknown, holder: Holder | undefined, isInFlow = false): void {
    if (sameValue(before, after)) {
      return;
    }
    this.first = Math.min(this.first, node.start);
    if (node.isAnchored || node.kind === 'alias') {
      this.shared ??= node.start;
    }
    if (node.kind === 'alias' && !isInline(after)) {
      // The same change of every use changes what they share, once.
      this.change(node.target, before, after, undefined, isInFlow);
    } else if (isObject(before) && isObject(after) && node.kind === 'map' && !this.isRewritten(node, after)) {
      this.changeMap(node, before, after, holder, isInFlow);
    } else if (Array.isArray(before) && Array.isArray(after) && node.kind === 'list' && node.items.length > 0 && after.length > 0) {
      this.changeList(node, before, after, holder, isInFlow);
    } else {
      this.replace(node, after, holder, isInFlow);
    }
  }

  /** Whether nothing of a map stays that could be built on. */
  private isRewritten(map: TextMap, after: Json): boolean {
    const isBlock = !map.isFlow && Object.keys(after).length > 0 && map.entries.length > 0 && this.ownLine(map.entries[0].start) !== undefined;
    return !isBlock && !map.entries.some((entry) => this.stays(entry, after));
  }

  private stays({ key }: TextEntry, after: Json): boolean {
    return key === undefined || Object.hasOwn(after, key);
  }

  private changeMap(map: TextMap, before: Json, after: Json, holder: Holder | undefined, isInFlow: boolean): void {
    const own = new Map(map.entries.map((entry) => [entry.key, entry]));
    const added: [string, unknown][] = [];
    for (const [key, value] of Object.entries(after)) {
      const entry = own.get(key);
      if (entry && Object.hasOwn(before, key)) {
        this.change(entry.value, before[key], value, entry, isInFlow || map.isFlow);
      } else if (!Object.hasOwn(before, key) || !sameValue(before[key], value)) {
        if (Object.hasOwn(before, key) && map.entries.some((each) => each.key === undefined && !each.isMerge)) {
          throw new NotEditable(SHAPE, map.start);
        }
        // What comes by a merge is overridden by what stands after it.
        added.push([key, value]);
      }
    }
    if (Object.keys(before).some((key) => !Object.hasOwn(after, key) && !own.has(key))) {
      throw new NotEditable(MERGED, map.start);
    }
    const stays = map.entries.map((entry) => this.stays(entry, after));
    if (map.isFlow) {
      const write = (style: FlowStyle, indent: string) => added.map(([key, value]) => flowEntry(key, value, style, indent));
      this.changeFlow(map, isInFlow ? holder : undefined, map.entries, stays, added.length > 0 ? write : undefined);
      return;
    }
    this.remove(map.entries, stays, this.contentFrom(map, holder));
    if (added.length > 0) {
      const column = this.columnOf(map.entries[0].start);
      const style = { ...this.block, isQuoted: map.entries.every(({ start }) => this.text[start] === '"') };
      this.insertLines(this.afterComments(map.end, column), added.flatMap(([key, value]) => entryLines(key, value, column, style)));
    }
  }

  private changeList(
    list: TextList, before: readonly unknown[], after: readonly unknown[], holder: Holder | undefined, isInFlow: boolean,
  ): void {
    const positions = alignedTo(before, after);
    const kept = positions.filter((each) => each !== undefined);
    if (kept.length === 0 || kept.some((position, i) => position !== i)) {
      throw new NotEditable(SHAPE, list.start);
    }
    list.items.forEach((item, i) => {
      const position = positions[i];
      if (position !== undefined) {
        this.change(item.value, before[i], after[position], item, isInFlow || list.isFlow);
      }
    });
    const stays = positions.map((each) => each !== undefined);
    const added = after.slice(kept.length);
    if (list.isFlow) {
      const write = (style: FlowStyle, indent: string) => added.map((each) => flowText(each, style, indent));
      this.changeFlow(list, isInFlow ? holder : undefined, list.items, stays, added.length > 0 ? write : undefined);
      return;
    }
    this.remove(list.items, stays, this.contentFrom(list, holder));
    if (added.length > 0) {
      const column = this.columnOf(list.items[0].start);
      this.insertLines(this.afterComments(list.end, column), blockLines(added, column, this.block));
    }
  }

  /** The line above which comments aren't about the first member. */
  private contentFrom({ start }: TextNode, holder: Holder | undefined): number {
    return holder && this.lineEnd(holder.valueFrom) <= start ? this.lineEnd(holder.valueFrom) : this.lineStart(start);
  }

  /** Of members on lines of their own. */
  private remove(members: readonly Holder[], stays: readonly boolean[], from: number): void {
    const firstKept = stays.indexOf(true);
    // Beside a dash, the first one that is kept has to take the place of the first.
    const isShared = !stays[0] && this.ownLine(members[0].start) === undefined;
    members.forEach((member, i) => {
      if (stays[i]) {
        return;
      }
      if (!isShared || i > firstKept) {
        const above = i > 0 ? this.lineEnd(members[i - 1].end) : from;
        this.edit(commentsAbove(this.text, this.lines, member.start, above), this.lineEnd(member.end), '');
      } else if (i === 0) {
        const line = this.lineEnd(members[firstKept - 1].end);
        const blank = /^[ \n]*/.exec(this.text.slice(line, members[firstKept].start))![0].length;
        this.edit(member.start, line + blank, '');
      }
    });
  }

  /** @param write what is added, if anything is */
  private changeFlow(
    node: TextMap | TextList, holder: Holder | undefined, members: readonly Holder[], stays: readonly boolean[], write: WriteFlow | undefined,
  ): void {
    const flow = new FlowMembers(this.text, this.lines, members, node);
    const edits = stays.includes(false) ? flow.removals(stays, write !== undefined) : [];
    if (write !== undefined) {
      const indent = this.ownLine(members[members.length - 1].start);
      const style = this.flowStyle(node, holder, indent !== undefined);
      const between = indent === undefined ? style.isSpaced ? ', ' : ',' : `,\n${indent}`;
      edits.push(...flow.additions(stays, write(style, indent ?? ''), between));
    }
    edits.forEach(({ start, end, text }) => this.edit(start, end, text));
  }

  /** Below the comments right below a place that are as deep as its members: they are about what stands above. */
  private afterComments(end: number, column: number): number {
    let at = this.lineEnd(end);
    while (/^ *#/.test(this.text.slice(at, this.lineEnd(at))) && this.text.startsWith(' '.repeat(column), at)) {
      at = this.lineEnd(at);
    }
    return at;
  }

  private insertLines(at: number, lines: readonly string[]): void {
    this.edit(at, at, lines.map((line) => `${line}\n`).join(''));
  }

  /** Puts a value where another one is. */
  private replace(node: TextNode, after: unknown, holder: Holder | undefined, isInFlow: boolean): void {
    if (holder === undefined) {
      throw new NotEditable(this.shared === undefined ? SHAPE : SHARED, node.start);
    }
    const isBlock = 'isFlow' in node && !node.isFlow;
    const isKey = holder.start < node.start && this.text[holder.start] !== '-';
    if (isBlock && this.lineEnd(holder.valueFrom) <= node.start) {
      this.edit(holder.valueFrom, holder.valueFrom, ` ${flowText(after, this.flowStyle(node, undefined, false))}`);
      this.edit(this.lineEnd(holder.valueFrom), this.lineEnd(node.end), '');
    } else if (!isInline(after) && !isInFlow && isKey && isNothing(node) && !(node.kind === 'list' && isSimpleList(after))) {
      this.putBelow(node, after, holder);
    } else {
      const style = this.flowStyle(node, isInFlow ? holder : undefined, this.ownLine(holder.start) !== undefined);
      const text = this.quotedAlike(node, after) ?? flowText(after, style, this.indentAt(node.start));
      this.edit(node.start, node.end, node.start === node.end ? ` ${text}` : text);
    }
  }

  /** The new text in the quotes of the old one. */
  private quotedAlike(node: TextNode, after: unknown): string | undefined {
    if (typeof after !== 'string' || node.kind !== 'scalar') {
      return undefined;
    }
    return node.style === 'single' ? `'${after.replace(/'/g, '\'\'')}'` : scalarText(after, node.style === 'double');
  }

  /** Below the key in place of nothing or of empty brackets; a comment on its line stays there. */
  private putBelow(node: TextNode, after: unknown, holder: Holder): void {
    const column = this.columnOf(holder.start) + (Array.isArray(after) ? this.block.dash : this.block.step);
    this.edit(holder.valueFrom, node.end, '');
    this.insertLines(this.lineEnd(node.end), blockLines(after, column, { ...this.block, isQuoted: this.text[holder.start] === '"' }));
  }

  /** @param isOnOwnLine whether what is written begins a line of its own, as all of it does in JSON that people read */
  private flowStyle(node: TextNode, holder: Holder | undefined, isOnOwnLine: boolean): FlowStyle {
    const model = node.kind === 'alias' || node.kind === 'scalar' ? holder : membersOf(node)[0] ?? holder;
    const key = [model, holder].find((each) => each !== undefined && 'isQuoted' in each && each.isQuoted);
    const isJson = this.root.kind === 'map' && this.root.isFlow && this.text[this.root.entries[0]?.start] === '"';
    const isFlow = isJson || node.kind === 'scalar' || ('isFlow' in node && node.isFlow);
    const isText = model !== undefined && !('isQuoted' in model) && model.value.kind === 'scalar' && model.value.style === 'double';
    return {
      isQuoted: isJson || (isFlow && (key !== undefined || isText)),
      isSpaced: key === undefined || /\s/.test(this.text[key.valueFrom] ?? ' '),
      isPadded: /^\{[ \t]$/.test(this.text.slice(node.start, node.start + 2)),
      ...(isOnOwnLine && this.jsonIndent !== undefined && { indent: this.jsonIndent }),
    };
  }

  /** The space before a place where nothing else is before it on its line. */
  private ownLine(at: number): string | undefined {
    const before = this.text.slice(this.lineStart(at), at);
    return /^[ \t]*$/.test(before) ? before : undefined;
  }

  private indentAt(at: number): string {
    return /^[ \t]*/.exec(this.text.slice(this.lineStart(at), at))![0];
  }

  private columnOf(at: number): number {
    return at - this.lineStart(at);
  }

  private lineStart(at: number): number {
    return this.lines.start(at);
  }

  /** Where the next line begins. */
  private lineEnd(at: number): number {
    return this.lines.end(at);
  }

  private edit(start: number, end: number, text: string): void {
    if (start < end || text !== '') {
      this.planned.push({ start, end, text });
    }
  }
}

function membersOf(node: TextNode): readonly (Holder | TextEntry)[] {
  return node.kind === 'map' ? node.entries : node.kind === 'list' ? node.items : [];
}

/** Null or empty brackets. */
function isNothing(node: TextNode): boolean {
  return node.kind === 'scalar' ? node.style === 'plain' : node.kind !== 'alias' && membersOf(node).length === 0;
}

function isSimpleList(value: unknown): boolean {
  return Array.isArray(value) && value.every(isInline);
}
