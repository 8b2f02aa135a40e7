import { printableLines } from '../../evidence/plain-text';

/**
 * A line of a diff as a terminal may get it: what can't be seen, or would move the cursor, as an escape. Tabs and line ends of Windows stay, as
 * patches need them.
 */
export function shownLine(line: string): string {
  return line.replace(/[^\t\r]+|\r(?!$)/g, (part) => (part === '\r' ? '\\u000d' : printableLines(part)));
}
