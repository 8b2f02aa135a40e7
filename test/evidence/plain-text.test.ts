import * as fc from 'fast-check';
import { cut, printable, printableLines, wrap } from '../../src/evidence/plain-text';

test('ordinary text of any language is left alone', () => {
  for (const text of ['Deployment/shop/web', 'Größe 日本語', '🔒 e\u0301']) {
    expect(printable(text)).toBe(text);
    expect(printableLines(text)).toBe(text);
  }
});

test('what can\'t be seen is shown as an escape', () => {
  expect(printable('a\u0007b\u009bc\ud800d\ufffee')).toBe('a\\u0007b\\u009bc\\ud800d\\ufffee');
});

test('lines stay lines where there may be several', () => {
  expect(printableLines('a\r\nb\u2028c\td')).toBe('a\nb\\u2028c d');
});

test('whatever comes, what remains is what XML and terminals can hold', () => {
  fc.assert(fc.property(fc.string({ unit: 'binary' }), fc.array(fc.integer({ min: 0, max: 0xffff }).map((code) => String.fromCharCode(code))), (text, units) => {
    expect(printableLines(text + units.join(''))).toMatch(/^[\n\u0020-\u007e\u00a0-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u);
  }));
});

test('a text that fits is not cut', () => {
  expect(cut('abc', 3)).toBe('abc');
  expect(cut('abcd', 3)).toBe('ab…');
});

test('words are kept whole and in order', () => {
  expect(wrap('one two a-word-that-is-too-long three', 9)).toEqual(['one two', 'a-word-that-is-too-long', 'three']);
});
