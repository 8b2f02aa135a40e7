/** Indicators of lists and keys that stand one after the other on a line: `- - - a`. */
const COMPACT = /^ *(?:[-?:][ \t]+){200}/m;
const WIDE = /^ {450}/m;
const BRACKETS = 250;

/**
 * Where text may be nested so deeply that a YAML parser, which calls itself for every level, runs out of stack; -1 if nowhere.
 * Counts brackets in quotes and comments, too: far more than any manifest has, but a safe bound for what it's asked before.
 */
export function tooDeep(text: string): number {
  let open = 0;
  for (let at = 0; at < text.length; at++) {
    const code = text.charCodeAt(at);
    if (code === 91 || code === 123) {
      if (++open > BRACKETS) {
        return at;
      }
    } else if ((code === 93 || code === 125) && open > 0) {
      open--;
    }
  }
  return Math.max(text.search(COMPACT), text.search(WIDE));
}
