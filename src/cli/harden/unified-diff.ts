import { append } from './append';
import { DocumentRange } from './hardened-file';
import { hiddenText } from './private-values';
import { edited, outside, TextEdit } from './text-edits';
import { TextLines } from '../documents/text-lines';

const CONTEXT = 3;
const NO_LINE_FEED = '\\ No newline at end of file';

export interface Diff {
  /** Each with its mark: `@`, a blank, `-`, `+` or `\`. */
  readonly lines: readonly string[];
  /** Whether something was left out that may be secret, so that it can't be applied as a patch. */
  readonly isMasked: boolean;
}

/** Lines that become others; from the first, from 0, to before the last. */
interface Change {
  readonly from: number;
  to: number;
  readonly edits: TextEdit[];
}

/**
 * What edits change, as `git diff` shows it. What stands around a change is shown within its document only: what other documents hold may be
 * secret.
 */
export function unifiedDiff(text: string, edits: readonly TextEdit[], masks: readonly TextEdit[], ranges: readonly DocumentRange[]): Diff {
  return new UnifiedDiff(text, masks).of(edits, ranges);
}

class UnifiedDiff {
  private readonly old: TextLines;
  private readonly lines: string[] = [];
  private isMasked = false;
  private shift = 0;
  /** Those of the document at hand. */
  private hidden: readonly TextEdit[] = [];

  constructor(private readonly text: string, private readonly masks: readonly TextEdit[]) {
    this.old = new TextLines(text);
  }

  public of(edits: readonly TextEdit[], ranges: readonly DocumentRange[]): Diff {
    const ownEdits = inTurn(edits);
    const ownMasks = inTurn(this.masks);
    for (const { start, end } of ranges) {
      const own = ownEdits(end);
      this.hidden = ownMasks(end);
      const first = this.old.index(start);
      const last = end > start ? this.old.index(end - 1) + 1 : first;
      for (const hunk of near(this.changes(own))) {
        this.hunk(hunk, Math.max(first, hunk[0].from - CONTEXT), Math.min(last, hunk[hunk.length - 1].to + CONTEXT));
      }
    }
    return { lines: this.lines, isMasked: this.isMasked };
  }

  /** The lines that edits touch; whole ones where they insert or take away lines. */
  private changes(edits: readonly TextEdit[]): Change[] {
    const changes: Change[] = [];
    for (const edit of edits) {
      const from = this.old.index(edit.start);
      const isWhole = edit.start === this.old.startOf(from) && (edit.text === '' || edit.text.endsWith('\n'));
      const end = this.old.index(edit.end);
      const to = isWhole && edit.end === this.old.startOf(end) ? end : end + 1;
      const previous = changes[changes.length - 1];
      if (previous && from <= previous.to) {
        previous.to = Math.max(previous.to, to);
        previous.edits.push(edit);
      } else {
        changes.push({ from, to: Math.min(to, this.old.count), edits: [edit] });
      }
    }
    return changes.map((change) => ({ ...change, to: Math.min(change.to, this.old.count) }));
  }

  private hunk(changes: readonly Change[], from: number, to: number): void {
    const body: string[] = [];
    let [at, removed, added] = [from, 0, 0];
    for (const change of changes) {
      append(body, marked(' ', this.shown(at, change.from, [])));
      const before = this.shown(change.from, change.to, []);
      const after = this.shown(change.from, change.to, change.edits);
      const [head, tail] = alike(before, after);
      const gone = before.slice(head, before.length - tail);
      const come = after.slice(head, after.length - tail);
      append(body, [
        ...marked(' ', before.slice(0, head)), ...marked('-', gone), ...marked('+', come), ...marked(' ', tail === 0 ? [] : before.slice(-tail)),
      ]);
      removed += gone.length;
      added += come.length;
      at = change.to;
    }
    append(body, marked(' ', this.shown(at, to, [])));
    if (removed + added === 0) {
      return;
    }
    const count = to - from;
    this.lines.push(`@@ -${span(from, count)} +${span(from + this.shift, count - removed + added)} @@`);
    append(this.lines, body);
    this.shift += added - removed;
  }

  /** Lines with edits, and without what may be secret. */
  private shown(from: number, to: number, edits: readonly TextEdit[]): string[] {
    const [start, end] = [this.old.startOf(from), this.old.startOf(to)];
    const hidden = outside(this.hiddenIn(start, end), edits);
    this.isMasked ||= hidden.length > 0;
    const whole = [...edits, ...hidden.map((mask) => this.within(mask, start, end))]
      .map((each) => ({ ...each, start: each.start - start, end: each.end - start }));
    const shown = edited(this.text.slice(start, end), whole.sort((a, b) => a.start - b.start || a.end - b.end));
    return shown === '' ? [] : shown.split(/(?<=\n)/);
  }

  private hiddenIn(start: number, end: number): TextEdit[] {
    let [low, high] = [0, this.hidden.length];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if (this.hidden[middle].end > start) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    const found: TextEdit[] = [];
    for (let i = low; i < this.hidden.length && this.hidden[i].start < end; i++) {
      found.push(this.hidden[i]);
    }
    return found;
  }

  /** Hides of a text over several lines those that are shown. */
  private within(mask: TextEdit, first: number, last: number): TextEdit {
    const { start, end } = mask;
    if (start >= first && end <= last) {
      return mask;
    }
    const [from, to] = [Math.max(start, first), Math.min(end, last)];
    return { start: from, end: to, text: hiddenText(this.text.slice(from, to)) };
  }
}

/** Of edits in order, those up to an offset that weren't given before. */
function inTurn(edits: readonly TextEdit[]): (end: number) => TextEdit[] {
  let next = 0;
  return (end) => {
    const first = next;
    while (next < edits.length && edits[next].end <= end) {
      next++;
    }
    return edits.slice(first, next);
  };
}

/** Changes whose surroundings touch are shown together. */
function near(changes: readonly Change[]): Change[][] {
  const hunks: Change[][] = [];
  for (const change of changes) {
    const previous = hunks[hunks.length - 1];
    if (previous && change.from - previous[previous.length - 1].to <= 2 * CONTEXT) {
      previous.push(change);
    } else {
      hunks.push([change]);
    }
  }
  return hunks;
}

/** How many lines are the same at the beginning and at the end. */
function alike(before: readonly string[], after: readonly string[]): [number, number] {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) {
    head++;
  }
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail]) {
    tail++;
  }
  return [head, tail];
}

function marked(mark: string, lines: readonly string[]): string[] {
  return lines.flatMap((line) => (line.endsWith('\n') ? [mark + line.slice(0, -1)] : [mark + line, NO_LINE_FEED]));
}

function span(from: number, count: number): string {
  const first = count === 0 ? from : from + 1;
  return count === 1 ? `${first}` : `${first},${count}`;
}
