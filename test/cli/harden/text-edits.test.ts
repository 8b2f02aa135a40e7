import { edited, endedAsBefore } from '../../../src/cli/harden/text-edits';

describe('lines that go at the end', () => {
  const without = (text: string, ...removed: [number, number][]) => edited(text, endedAsBefore(text, removed.map(([start, end]) => ({ start, end, text: '' }))));

  test('of a text without a last line end leave none behind', () => {
    expect(without('a: 1\nb: 2\nc: 3', [5, 10], [10, 14])).toBe('a: 1');
    expect(without('a: 1\r\nb: 2', [6, 10])).toBe('a: 1');
  });

  test('of a text with one leave one', () => {
    expect(without('a: 1\nb: 2\n', [5, 10])).toBe('a: 1\n');
  });

  test('with the line end before them stay as they are, and so do others', () => {
    expect(without('a: 1\nb: 2', [4, 9])).toBe('a: 1');
    expect(without('a: 1\nb: 2\nc: 3', [0, 5])).toBe('b: 2\nc: 3');
    expect(without('a: 1\nb: 2', [5, 8])).toBe('a: 1\n2');
  });
});
