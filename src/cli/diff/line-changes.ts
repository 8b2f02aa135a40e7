import { HIDDEN, withoutQueries } from './shown-value';
import { secretLiteral, secretText } from '../../core/secret-patterns';
import { secretIn } from '../../core/secret-text';
import { printable } from '../../evidence/plain-text';

/** Lines of which the longest common sequence is looked for. */
const MOST = 1500;
const SHOWN = 200;

/** The lines that only one of two texts has, in their order: `- old`, `+ new`. Lines that may hold a secret are hidden. */
export function lineChanges(before: string, after: string): string[] {
  const [old, next] = [before.split('\n'), after.split('\n')];
  let start = 0;
  while (start < old.length && start < next.length && old[start] === next[start]) {
    start++;
  }
  let end = 0;
  while (end < old.length - start && end < next.length - start && old[old.length - 1 - end] === next[next.length - 1 - end]) {
    end++;
  }
  const changes = between(old.slice(start, old.length - end), next.slice(start, next.length - end));
  // A key of several lines is known by its first one only.
  const hidesAll = secretIn(before) !== undefined || secretIn(after) !== undefined;
  return changes.map(({ sign, line }) => `${sign} ${hidesAll ? HIDDEN : shownLine(line)}`);
}

interface Line {
  readonly sign: '-' | '+';
  readonly line: string;
}

function between(old: readonly string[], next: readonly string[]): Line[] {
  if (old.length === 0 || next.length === 0 || old.length > MOST || next.length > MOST) {
    return [...old.map((line): Line => ({ sign: '-', line })), ...next.map((line): Line => ({ sign: '+', line }))];
  }
  const width = next.length + 1;
  const lengths = new Uint16Array((old.length + 1) * width);
  for (let i = old.length - 1; i >= 0; i--) {
    for (let j = next.length - 1; j >= 0; j--) {
      lengths[i * width + j] = old[i] === next[j]
        ? lengths[(i + 1) * width + j + 1] + 1
        : Math.max(lengths[(i + 1) * width + j], lengths[i * width + j + 1]);
    }
  }
  const lines: Line[] = [];
  let [i, j] = [0, 0];
  while (i < old.length || j < next.length) {
    if (i < old.length && j < next.length && old[i] === next[j]) {
      i++;
      j++;
    } else if (j === next.length || (i < old.length && lengths[(i + 1) * width + j] >= lengths[i * width + j + 1])) {
      lines.push({ sign: '-', line: old[i++] });
    } else {
      lines.push({ sign: '+', line: next[j++] });
    }
  }
  return lines;
}

/** A line of a file as a report may show it. */
export function shownLine(line: string): string {
  const [, name, value] = /^[\s"'-]*([\w.-]+)["']?\s*[:= ]\s*["']?([^"']*)["']?\s*$/.exec(line) ?? [];
  if (secretText(line) || (name !== undefined && value !== undefined && secretLiteral(name, value))) {
    return HIDDEN;
  }
  const text = printable(withoutQueries(line));
  return text.length <= SHOWN ? text : `${text.slice(0, SHOWN - 1)}…`;
}
