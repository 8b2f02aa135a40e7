/** Text that takes the place of other text. */
export interface TextEdit {
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** Edits in the order of the text, each once; what is inserted at one place stays in the order in which it came. */
export function inTextOrder(edits: readonly TextEdit[]): TextEdit[] {
  const unique = new Map(edits.map((edit) => [JSON.stringify([edit.start, edit.end, edit.text]), edit]));
  return [...unique.values()].sort((a, b) => a.start - b.start || Number(a.end > a.start) - Number(b.end > b.start));
}

/** Whether edits in order change one place twice. */
export function overlap(edits: readonly TextEdit[]): boolean {
  return edits.some(({ start }, i) => i > 0 && start < edits[i - 1].end);
}

/** The same edits in order, but where lines go at the end of a text without a last line end, the one before them goes too. */
export function endedAsBefore(text: string, edits: readonly TextEdit[]): TextEdit[] {
  let first = edits.length;
  let start = text.length;
  while (first > 0 && edits[first - 1].text === '' && edits[first - 1].end === start) {
    first--;
    start = edits[first].start;
  }
  const [lineEnd] = /\r?\n$/.exec(text.slice(0, start)) ?? [''];
  const before = edits.slice(0, first);
  if (start === text.length || text.endsWith('\n') || lineEnd === '' || (before.at(-1)?.end ?? 0) > start - lineEnd.length) {
    return [...edits];
  }
  return [...before, { start: start - lineEnd.length, end: text.length, text: '' }];
}

/** Of edits in order, those that share nothing with others in order. */
export function outside(edits: readonly TextEdit[], others: readonly TextEdit[]): TextEdit[] {
  let next = 0;
  return edits.filter(({ start, end }) => {
    while (next < others.length && others[next].end <= start) {
      next++;
    }
    return next === others.length || others[next].start >= end;
  });
}

/** The text with edits that are in order. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  parts.push(text.slice(at));
  return parts.join('');
}
