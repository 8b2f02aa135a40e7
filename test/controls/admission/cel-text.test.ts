import * as fc from 'fast-check';
import { readCelString } from './cel-literal';
import { and, celPattern, celScalar, celString, choice, FALSE, not, optionalSteps, or, relation, sureSteps, tight, TRUE } from '../../../src/controls/admission/cel-text';

const AWKWARD = ['\'', '"', '\\', '\n', '\r', '\t', '$', '$&', '$1', '`', '\u0000', '\u2028', '\ufeff', 'é', '😀', '{', '%s', '\\n', '\\\'', '"\''];
const texts = fc.oneof(fc.string({ unit: 'binary' }), fc.array(fc.constantFrom(...AWKWARD), { maxLength: 8 }).map((parts) => parts.join('')));

describe('a text in an expression', () => {
  test('means the same text, whatever is in it', () => {
    fc.assert(fc.property(texts, (text) => {
      expect(readCelString(celString(text))).toBe(text);
    }));
  });

  test.each(AWKWARD)('%j ends neither the text nor the line', (text) => {
    expect(readCelString(celString(`a${text}b`))).toBe(`a${text}b`);
  });

  test('is read wrong where it is not escaped: the reader of this test can fail', () => {
    expect(() => readCelString('\'it\'s\'')).toThrow('ends before its end');
    expect(() => readCelString('\'a\nb\'')).toThrow('no text literal of one line');
    expect(() => readCelString('\'\\q\'')).toThrow('an escape that CEL doesn\'t know');
  });

  test('half of a surrogate pair is what the API server makes of it', () => {
    expect(celString('a\ud83d')).toBe('\'a\ufffd\'');
  });

  test('takes the quotes that need no escapes', () => {
    expect(['plain', 'it\'s', 'say "no"', 'it\'s "no"'].map(celString)).toEqual(['\'plain\'', '"it\'s"', '\'say "no"\'', '\'it\\\'s "no"\'']);
  });
});

describe('a pattern in an expression', () => {
  test('means the same pattern, whatever is in it', () => {
    fc.assert(fc.property(texts, fc.boolean(), (pattern, ignoreCase) => {
      expect(readCelString(celPattern(pattern, ignoreCase))).toBe(`${ignoreCase ? '(?i)' : ''}${pattern}`);
    }));
  });

  test('keeps its backslashes readable', () => {
    expect(celPattern('^\\d+$', false)).toBe('r\'^\\d+$\'');
    expect(celPattern('^[ab]$', true)).toBe('\'(?i)^[ab]$\'');
  });

  test('is not raw where a raw text could not hold it', () => {
    expect(celPattern('it\'s\\.', false)).toBe('"it\'s\\\\."');
    expect(celPattern('a\\\\', false)).toBe('\'a\\\\\\\\\'');
  });
});

test('numbers and booleans are literals of their type', () => {
  expect([true, false, 0, -5, 0.5, 65535, 9007199254740991, 'true'].map(celScalar)).toEqual(
    ['true', 'false', '0', '-5', '0.5', '65535', '9007199254740991', '\'true\''],
  );
});

describe('steps', () => {
  test('are fields where CEL takes them for names, and keys otherwise', () => {
    expect(optionalSteps(['metadata', 'annotations', 'a.b/c'])).toBe('.?metadata.?annotations[?\'a.b/c\']');
    expect(sureSteps(['metadata', 'annotations', 'a.b/c'])).toBe('.metadata.annotations[\'a.b/c\']');
  });

  test('words that CEL reads as values or operators are keys', () => {
    expect(optionalSteps(['in', 'true', 'false', 'null'])).toBe('[?\'in\'][?\'true\'][?\'false\'][?\'null\']');
  });

  test('words that CEL merely reserves are fields', () => {
    expect(optionalSteps(['namespace', 'import', 'for'])).toBe('.?namespace.?import.?for');
  });

  test('a key can not break out of its brackets', () => {
    expect(optionalSteps(['a\'] == b || [\''])).toBe('[?"a\'] == b || [\'"]');
  });
});

describe('operators', () => {
  const [a, b, c] = ['a', 'b', 'c'].map(tight);

  test('are put into parentheses where they would bind otherwise', () => {
    expect(and(or(a, b), c).text).toBe('(a || b) && c');
    expect(or(and(a, b), c).text).toBe('a && b || c');
    expect(not(or(a, b)).text).toBe('!(a || b)');
    expect(not(relation('a in b')).text).toBe('!(a in b)');
    expect(or(choice(a, b, c), a).text).toBe('(a ? b : c) || a');
    expect(choice(choice(a, b, c), b, choice(a, b, c)).text).toBe('(a ? b : c) ? b : a ? b : c');
  });

  test('leave out what decides nothing', () => {
    expect(and(TRUE, a, TRUE).text).toBe('a');
    expect(or(FALSE, a).text).toBe('a');
    expect(and().text).toBe('true');
    expect(or().text).toBe('false');
    expect([not(TRUE).text, not(FALSE).text]).toEqual(['false', 'true']);
  });

  test('a comparison is negated by its opposite', () => {
    expect(not(relation('a == b', 'a != b')).text).toBe('a != b');
    expect(not(not(relation('a == b', 'a != b'))).text).toBe('a == b');
  });
});
