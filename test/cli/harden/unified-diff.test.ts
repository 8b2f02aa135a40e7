import * as fc from 'fast-check';
import { text } from './editing';
import { edited, TextEdit } from '../../../src/cli/harden/text-edits';
import { unifiedDiff } from '../../../src/cli/harden/unified-diff';

function diffOf(source: string, edits: readonly TextEdit[], masks: readonly TextEdit[] = [], ranges = [{ start: 0, end: source.length }]) {
  return unifiedDiff(source, edits, masks, ranges);
}

/** What a patch makes of a text. */
function patched(source: string, lines: readonly string[]): string {
  const old = source.split(/(?<=\n)/).filter((line) => line !== '');
  const result: string[] = [];
  let at = 0;
  lines.forEach((line, i) => {
    const hunk = /^@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@$/.exec(line);
    if (hunk) {
      const start = hunk[2] === '0' ? Number(hunk[1]) : Number(hunk[1]) - 1;
      result.push(...old.slice(at, start));
      at = start;
      expect(result.length).toBe(hunk[4] === '0' ? Number(hunk[3]) : Number(hunk[3]) - 1);
    } else if (!line.startsWith('\\')) {
      const content = line.slice(1) + (lines[i + 1]?.startsWith('\\') ? '' : '\n');
      if (line[0] !== '+') {
        expect(old[at++]).toBe(content);
      }
      if (line[0] !== '-') {
        result.push(content);
      }
    }
  });
  return [...result, ...old.slice(at)].join('');
}

const LINES = 'a\nb\nc\nd\ne\nf\ng\nh\ni\nj\nk\nl\nm\nn\n';
const at = (letter: string) => LINES.indexOf(letter);

test('a line that is added, one that goes and one that changes, each with three lines around it', () => {
  expect(diffOf(LINES, [{ start: at('b'), end: at('b'), text: 'new\n' }, { start: at('m'), end: at('n'), text: '' }]).lines).toEqual([
    '@@ -1,4 +1,5 @@', ' a', '+new', ' b', ' c', ' d', '@@ -10,5 +11,4 @@', ' j', ' k', ' l', '-m', ' n',
  ]);
  expect(diffOf(LINES, [{ start: at('g'), end: at('g') + 1, text: 'G' }]).lines).toEqual(['@@ -4,7 +4,7 @@', ' d', ' e', ' f', '-g', '+G', ' h', ' i', ' j']);
});

test('changes that are near to each other are shown together', () => {
  expect(diffOf(LINES, [{ start: at('b'), end: at('c'), text: '' }, { start: at('g'), end: at('g'), text: 'new\n' }]).lines.filter((line) => line.startsWith('@'))).toEqual(['@@ -1,9 +1,9 @@']);
});

test('a missing line feed at the end is said', () => {
  expect(diffOf('a\nb', [{ start: 3, end: 3, text: '\nc' }]).lines).toEqual(['@@ -1,2 +1,3 @@', ' a', '-b', '\\ No newline at end of file', '+b', '+c', '\\ No newline at end of file']);
});

test('what may be secret is hidden around changes, and what other documents hold is not shown', () => {
  const source = text`
    x: top
    ---
    env:
    - name: PASSWORD
      value: hunter2
    a: 1
    ---
    y: secret
  `;
  const from = source.indexOf('env');
  const end = source.indexOf('---\ny');
  const value = source.indexOf('hunter2');
  const diff = diffOf(source, [{ start: end, end, text: 'b: 2\n' }], [{ start: value, end: value + 7, text: '(not shown)' }], [{ start: from, end }]);
  expect(diff).toEqual({ isMasked: true, lines: ['@@ -4,3 +4,4 @@', ' - name: PASSWORD', '   value: (not shown)', ' a: 1', '+b: 2'] });
});

test('values over several lines are hidden line by line', () => {
  const source = 'a: |\n  one\n  two\n  three\n  four\n  five\nb: 1\n';
  const start = source.indexOf('|');
  const end = source.indexOf('\nb');
  const mask = { start, end, text: source.slice(start, end).replace(/[^\s][^\n]*/g, '(not shown)') };
  const { lines } = diffOf(source, [{ start: source.length, end: source.length, text: 'c: 1\n' }], [mask]);
  expect(lines).toEqual(['@@ -5,3 +5,4 @@', '   (not shown)', '   (not shown)', ' b: 1', '+c: 1']);
});

/** Edits at random that don't overlap. */
const cases = fc.tuple(fc.array(fc.constantFrom('a', 'bb', '', 'c: d'), { minLength: 1, maxLength: 30 }), fc.boolean(), fc.array(fc.tuple(fc.nat(200), fc.nat(12), fc.constantFrom('', 'x', 'new\n', 'n1\nn2\n', '\nz')), { maxLength: 6 }))
  .map(([lines, isEnded, changes]) => {
    const source = lines.join('\n') + (isEnded ? '\n' : '');
    const edits: TextEdit[] = [];
    for (const [start, length, replacement] of [...changes].sort((a, b) => a[0] - b[0])) {
      const from = Math.min(start, source.length);
      if (from >= (edits[edits.length - 1]?.end ?? 0) && (edits.length === 0 || from > edits[edits.length - 1].start)) {
        edits.push({ start: from, end: Math.min(from + length, source.length), text: replacement });
      }
    }
    return { source, edits };
  });

test('applied as a patch, it gives the text with the edits', () => {
  fc.assert(fc.property(cases, ({ source, edits }) => {
    expect(patched(source, diffOf(source, edits).lines)).toBe(edited(source, edits));
  }), { numRuns: 2000 });
});

test('the check sees a wrong diff', () => {
  expect(patched('a\nb\n', ['@@ -1,2 +1,2 @@', ' a', '-b', '+c'])).not.toBe('a\nd\n');
});
