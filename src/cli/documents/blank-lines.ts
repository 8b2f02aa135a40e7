const BLANK_LINE = /[ \t]*(?:#[^\n]*)?\n/y;

/** The lines from an offset on that are blank or comments: how many, and where the first other one begins. */
export function blankLines(text: string, from = 0): { readonly count: number; readonly end: number } {
  let [count, end] = [0, from];
  BLANK_LINE.lastIndex = from;
  while (BLANK_LINE.test(text)) {
    count++;
    end = BLANK_LINE.lastIndex;
  }
  return { count, end };
}
