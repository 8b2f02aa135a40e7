import { hardened } from './editing';
import { hardenedText } from '../../../src/cli/harden/hardened-file';
import { unifiedDiff } from '../../../src/cli/harden/unified-diff';

const pod = (name: string) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec: { hostNetwork: true, containers: [{ name: 'c', image: 'x', args: ['a'] }] },
});
const pods = (count: number) => Array.from({ length: count }, (_, i) => pod(`p${i}`));

/** How many characters are searched for others, from wherever a search begins to what it finds. */
function searched(work: () => void): number {
  const { indexOf, lastIndexOf } = String.prototype;
  let characters = 0;
  String.prototype.indexOf = function (this: string, text: string, from = 0) {
    const found = indexOf.call(this, text, from);
    characters += Math.max(0, (found === -1 ? this.length : found) - from);
    return found;
  };
  String.prototype.lastIndexOf = function (this: string, text: string, from = Infinity) {
    const found = lastIndexOf.call(this, text, from);
    characters += Math.max(0, Math.min(from, this.length) - found);
    return found;
  };
  try {
    work();
  } finally {
    Object.assign(String.prototype, { indexOf, lastIndexOf });
  }
  return characters;
}

/** How much more work four times as much is. */
function growth(work: (count: number) => number): number {
  work(1);
  return work(80) / work(20);
}

test.each([
  ['a stream of JSON objects', (count: number) => pods(count).map((each) => JSON.stringify(each, undefined, 2)).join('\n')],
  ['a List in JSON', (count: number) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods(count) }, undefined, 2)],
  ['a List on one line', (count: number) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items: pods(count) })],
  ['many documents', (count: number) => pods(count).map((each) => JSON.stringify(each)).join('\n---\n')],
  ['a document with many comments', (count: number) => `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n  containers:\n${
    Array.from({ length: count }, (_, i) => `  # about it\n  - name: c${i} # why\n    workingDir: "/c#"\n    image: x # pin=1234\n`).join('')
  }`],
])('%s that is four times as large is four times the work', (_, textOf) => {
  expect(growth((count) => {
    const text = textOf(count);
    return searched(() => expect(hardened(text).changes.length).toBeGreaterThanOrEqual(count));
  })).toBeLessThan(5);
});

test('the more is hidden around changes, the more work it is, and no more than that', () => {
  expect(growth((count) => {
    const lines = Array.from({ length: count * 20 }, (_, i) => `line ${i}\n`);
    const text = lines.join('');
    let looks = 0;
    const offsets = lines.map((_, i) => lines.slice(0, i).reduce((sum, line) => sum + line.length, 0));
    const masks = offsets.map((start) => ({ get start() { looks++; return start; }, end: start + 4, text: 'hide' }));
    const edits = offsets.filter((_, i) => i % 10 === 5).map((start) => ({ start, end: start, text: 'new\n' }));
    expect(unifiedDiff(text, edits, masks, [{ start: 0, end: text.length }]).lines.filter((line) => line === '+new').length).toBe(count * 2);
    return looks;
  })).toBeLessThan(6);
});

test('a part of a diff may have more lines than a call takes arguments', () => {
  const lines = 'a\n'.repeat(300_000);
  const edits = Array.from({ length: 60_000 }, (_, i) => ({ start: i * 10, end: i * 10, text: 'b\n' }));
  const diff = unifiedDiff(lines, edits, [], [{ start: 0, end: lines.length }]);
  expect(diff.lines[0]).toBe('@@ -1,299998 +1,359998 @@');
  expect(diff.lines.length).toBe(359_999);
});

test('an object may have more values than a call takes arguments', () => {
  const large = pod('large');
  large.spec.containers[0].args = new Array<string>(200_000).fill('a');
  const file = hardened(JSON.stringify(large));
  expect(file.changes.length).toBeGreaterThan(0);
  expect(file.masks.length).toBe(200_000);
});

test('a document may begin with as many blank lines as a file has', () => {
  const root = 'runAsUser: 0, runAsNonRoot: true, allowPrivilegeEscalation: false, capabilities: {drop: [ALL]}, seccompProfile: {type: RuntimeDefault}';
  const object = `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec: {containers: [{name: c, image: x, securityContext: {${root}}}]}\n`;
  const file = hardened(`# first\n${'\n'.repeat(12_000_000)}${object}`);
  expect(file.left.map(({ control, line }) => `${line} ${control}`)).toEqual(['12000002 run-as-user']);
});

test('what cannot be read in a stream of JSON is named with its line and column', () => {
  const file = hardened('{"kind": "Service",\n "apiVersion": "v1"}\n\n  {"kind": 1e999}\n{"kind": "Service"}\n');
  expect(file.problems.map(({ line, column, message }) => `${line}:${column} ${message}`)).toEqual(['4:3 a number is too large']);
  expect(hardenedText(file)).toBe(file.text);
});
