import { checkPattern, compiled } from '../../src/controls/pattern';
import { messageOf } from '../core/message-of';

describe('a pattern', () => {
  test.each(['a(?=b)', 'a(?<!b)', '(a)\\1', '(?<n>a)', '(?i)a', 'a{1001}', 'a{2,1001}', '[]a]', '[^]', '[[:alpha:]]', '\\u0041', '\\cA', '\\p{L}', '\\ka', '(', 'a**', '\\_'])(
    'that RE2 or JavaScript does not take, or reads otherwise, is refused: %s', (pattern) => {
      expect(() => checkPattern(pattern)).toThrow('the common subset of RE2 and JavaScript');
    },
  );

  test.each(['\\(?=x', '[(?=]', 'a{1000}', '^[\\s\\]]+$', '\\x41', '[^/]+\\.', '', '[\\s\\S]', '(?:a|b)', 'a{2,}', '\\{1001\\}'])('that both take is taken: %s', (pattern) => {
    expect(() => checkPattern(pattern)).not.toThrow();
  });

  test('the error shows it', () => {
    expect(messageOf(() => checkPattern('a(?=b)'))).toBe(
      'pattern: got "a(?=b)"; allowed: a regular expression in the common subset of RE2 and JavaScript (no lookaround, no back references) '
      + '(https://github.com/google/re2/wiki/Syntax). Join simpler patterns by allOf, anyOf and negation.',
    );
  });
});

describe('what a pattern means is what RE2 reads', () => {
  test('a dot is everything but a line feed', () => {
    expect(['\r', '\u2028', '😀', '\n'].map((text) => compiled('^.$', false).test(text))).toEqual([true, true, true, false]);
  });

  test('whitespace is ASCII\'s, and has no vertical tab', () => {
    expect([' ', '\t', '\u00a0', '\v', '\ufeff'].map((text) => compiled('^\\s$', false).test(text))).toEqual([true, true, false, false, false]);
    expect([' ', '\u00a0', 'a'].map((text) => compiled('^[\\sa]$', false).test(text))).toEqual([true, false, true]);
    expect([' ', '\u00a0'].map((text) => compiled('^\\S$', false).test(text))).toEqual([false, true]);
  });

  test('without regard to case, letters match that fold to the same', () => {
    expect(compiled('^k$', true).test('\u212a')).toBe(true);
    expect(compiled('^k$', false).test('\u212a')).toBe(false);
  });
});
