import * as fc from 'fast-check';
import { TextLines } from '../../../src/cli/documents/text-lines';

const texts = fc.array(fc.constantFrom('a', '\n', '\r\n', 'b c'), { maxLength: 20 }).map((parts) => parts.join(''));

test('offsets have a line and a column from 1; those outside of the text are those of its ends', () => {
  const lines = new TextLines('ab\nc\n\nd');
  expect([-5, 0, 2, 3, 4, 5, 6, 7, 99].map((offset) => lines.position(offset)).map(({ line, column }) => `${line}:${column}`))
    .toEqual(['1:1', '1:1', '1:3', '2:1', '2:2', '3:1', '4:1', '4:2', '4:2']);
});

test('what is said does not depend on what was asked before', () => {
  fc.assert(fc.property(texts, fc.array(fc.nat(30), { minLength: 1 }), (text, offsets) => {
    const lines = new TextLines(text);
    for (const offset of offsets) {
      const before = text.slice(0, offset).split('\n');
      expect(lines.position(offset)).toEqual({ line: before.length, column: before[before.length - 1].length + 1 });
      const [start, end] = [lines.start(offset), lines.end(offset)];
      expect(text.slice(start, Math.min(offset, text.length))).toBe(before[before.length - 1]);
      expect(text.slice(start, end)).toBe(text.slice(start).split(/(?<=\n)/)[0]);
      expect(lines.startOf(before.length - 1)).toBe(start);
    }
  }));
});

test('lines are counted with or without a line end after the last', () => {
  expect(['', 'a', 'a\n', 'a\n\n', 'a\nb', '\n'].map((text) => new TextLines(text).count)).toEqual([0, 1, 1, 2, 2, 1]);
  expect(new TextLines('a\nb').startOf(2)).toBe(3);
});
