import { TextEdit } from './text-edits';
import { Holder, TextList, TextMap } from './text-node';
import { TextLines } from '../documents/text-lines';

/** From a member's end: its comma, and what is said of it beside it on its line. */
const ENDING = /^[ \t]*,[ \t]*(?:#[^\n]*)?(?=\n)/;
const BESIDE = /^[ \t]*#[^\n]*(?=\n)/;

/** Changes what stands between the commas of brackets. Members go with their own comments alone. */
export class FlowMembers {
  /** @param brackets what holds the members */
  constructor(
    private readonly text: string, private readonly lines: TextLines, private readonly members: readonly Holder[],
    private readonly brackets: TextMap | TextList,
  ) {}

  /**
   * Takes out what does not stay.
   * @param stays of each member; one of them at least
   * @param isAddedTo whether others are added, which come in the place of the last ones
   */
  public removals(stays: readonly boolean[], isAddedTo: boolean): TextEdit[] {
    const last = stays.lastIndexOf(true);
    const inner = this.members.flatMap((_, i) => (stays[i] || i > last ? [] : [this.removal(i, i > 0 && stays[i - 1])]));
    const all = last === this.members.length - 1 ? inner : [...inner, ...this.ending(last, isAddedTo)];
    // Neighbours may both take the space between them.
    return all.map((edit, i) => ({ ...edit, start: Math.max(edit.start, i > 0 ? all[i - 1].end : 0) }));
  }

  /**
   * Puts others after those that stay.
   * @param between two members
   */
  public additions(stays: readonly boolean[], added: readonly string[], between: string): TextEdit[] {
    const text = added.join(between);
    const lastKept = stays.lastIndexOf(true);
    const last = this.members[this.members.length - 1];
    if (lastKept < this.members.length - 1) {
      return [inserted(this.members[lastKept + 1].start, text)];
    }
    const comma = /^(?:\s|#[^\n]*\n)*,/.exec(this.text.slice(last.end, this.brackets.end))?.[0].length;
    const at = last.end + (comma ?? 0);
    const beside = between.includes('\n') ? BESIDE.exec(this.text.slice(at, this.brackets.end)) : null;
    if (!beside) {
      return [inserted(at, (comma === undefined ? between : between.slice(1)) + text)];
    }
    // What is said of the last one stays beside it.
    return [inserted(at, comma === undefined ? ',' : ''), inserted(at + beside[0].length, between.slice(1) + text)];
  }

  /** A member that another one follows. */
  private removal(i: number, isAfterKept: boolean): TextEdit {
    const [{ start, end }, next] = [this.members[i], this.members[i + 1]];
    const previousEnd = i > 0 ? this.members[i - 1].end : this.brackets.start;
    const after = this.text.slice(end, next.start);
    const ending = ENDING.exec(after);
    if (ending && this.isFirstOnLine(start)) {
      return { start: commentsAbove(this.text, this.lines, start, this.lines.end(previousEnd)), end: this.lines.end(end), text: '' };
    }
    if (ending && after.includes('#')) {
      return { start: this.withoutSpace(start), end: end + ending[0].length, text: '' };
    }
    const isPlain = isAfterKept && !this.text.slice(previousEnd, start).includes('#');
    return isPlain ? { start: previousEnd, end, text: '' } : { start, end: next.start, text: '' };
  }

  /** All members after the last that stays, with the comma before them. */
  private ending(last: number, isAddedTo: boolean): TextEdit[] {
    const [kept, first, { end }] = [this.members[last], this.members[last + 1], this.members[this.members.length - 1]];
    if (isAddedTo) {
      return [{ start: first.start, end, text: '' }];
    }
    const between = this.text.slice(kept.end, first.start);
    const after = this.text.slice(end, this.lines.end(end));
    const before = ENDING.exec(between);
    const comma = ENDING.exec(after);
    const beside = comma ?? BESIDE.exec(after);
    if (!before || !this.isFirstOnLine(first.start) || ![between, beside?.[0]].some((each) => each?.includes('#'))) {
      return [{ start: kept.end, end, text: '' }];
    }
    return [
      ...comma ? [] : [{ start: kept.end, end: kept.end + before[0].indexOf(',') + 1, text: '' }],
      { start: commentsAbove(this.text, this.lines, first.start, this.lines.end(kept.end)) - 1, end: end + (beside?.[0].length ?? 0), text: '' },
    ];
  }

  private isFirstOnLine(at: number): boolean {
    return this.text.slice(this.lines.start(at), at).trim() === '';
  }

  private withoutSpace(at: number): number {
    return this.lines.start(at) + this.text.slice(this.lines.start(at), at).trimEnd().length;
  }
}

function inserted(at: number, text: string): TextEdit {
  return { start: at, end: at, text };
}

/** The beginning of the comment lines right above a place that have its indentation, and are below another one. */
export function commentsAbove(text: string, lines: TextLines, at: number, above: number): number {
  let first = lines.start(at);
  const indent = text.slice(first, at);
  while (first > above) {
    const previous = lines.start(first - 1);
    if (previous < above || !text.startsWith(`${indent}#`, previous)) {
      break;
    }
    first = previous;
  }
  return first;
}
