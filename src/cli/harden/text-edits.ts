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

/** The text with edits that are in order. */
export function edited(text: string, edits: readonly TextEdit[]): string {
  const parts: string[] = [];
  let at = 0;
  for (const edit of edits) {
    parts.push(text.slice(at, edit.start), edit.text);
    at = edit.end;
  }
  return parts.join('') + text.slice(at);
}
