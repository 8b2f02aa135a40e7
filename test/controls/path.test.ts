import * as fc from 'fast-check';
import { isEmpty, MALFORMED, parsePath, parsePlace, Place, showPath, valueAt } from '../../src/controls/path';
import { messageOf } from '../core/message-of';

const ALLOWED = 'allowed: field names joined by dots, other keys as ["key"]. Write it like spec.hostNetwork or metadata.annotations["example.com/owner"].';

describe('reading a path', () => {
  test('splits field names at dots', () => {
    expect(parsePath('spec.template.spec.hostNetwork')).toEqual(['spec', 'template', 'spec', 'hostNetwork']);
  });

  test('takes keys with dots and slashes in brackets', () => {
    expect(parsePath('metadata.annotations["example.com/owner"]')).toEqual(['metadata', 'annotations', 'example.com/owner']);
  });

  test('takes the empty text for the value itself', () => {
    expect(parsePath('')).toEqual([]);
  });

  test('of one place keeps positions as numbers', () => {
    expect(parsePlace('spec.containers[0].env[12].value')).toEqual(['spec', 'containers', 0, 'env', 12, 'value']);
  });

  test.each(['.spec', 'spec.', 'spec..hostNetwork', 'spec hostNetwork', 'spec["unclosed', 'spec[x]', 'metadata.annotations.example.com/owner', '[0]x', 'a["b"]c'])(
    'refuses %p', (path) => {
      expect(messageOf(() => parsePath(path))).toBe(`path: got ${JSON.stringify(path)}; ${ALLOWED}`);
    },
  );

  test.each([[undefined, 'undefined'], [null, 'null'], [5, '5'], [['spec'], '["spec"]']])('refuses %p, which is no text', (path, shown) => {
    expect(messageOf(() => parsePath(path as never))).toBe(`path: got ${shown}; ${ALLOWED}`);
  });

  test('reads back what is shown of any place', () => {
    const step = fc.oneof(fc.nat(99), fc.constantFrom('spec', 'a-b', '$x', '__proto__', 'constructor'), fc.string({ minLength: 1 }).filter((key) => !/["\\]/.test(key)));
    fc.assert(fc.property(fc.array(step), (place: Place) => {
      expect(parsePlace(showPath(place))).toEqual(place);
    }));
  });
});

describe('the value at a path', () => {
  const object = { spec: { replicas: 2, paused: false, name: '', list: [], nothing: null, annotations: { 'example.com/owner': 'team' } } };

  test('is what is there, false and zero included', () => {
    expect(valueAt(object, ['spec', 'replicas'])).toBe(2);
    expect(valueAt(object, ['spec', 'paused'])).toBe(false);
    expect(valueAt(object, parsePath('spec.annotations["example.com/owner"]'))).toBe('team');
  });

  test('is undefined where a field or its parent is left out', () => {
    expect(valueAt(object, ['spec', 'hostNetwork'])).toBeUndefined();
    expect(valueAt(object, ['status', 'a', 'b'])).toBeUndefined();
    expect(valueAt(undefined, ['spec'])).toBeUndefined();
  });

  test('is undefined at and below null, as the API server reads it', () => {
    expect(valueAt(object, ['spec', 'nothing'])).toBeUndefined();
    expect(valueAt(object, ['spec', 'nothing', 'deeper'])).toBeUndefined();
  });

  test.each([['a text', 'x'], ['a number', 3], ['a list', [{}]], ['true', true]])('is malformed below %s', (_what, value) => {
    expect(valueAt({ spec: value }, ['spec', 'hostNetwork'])).toBe(MALFORMED);
    expect(valueAt(value, ['hostNetwork'])).toBe(MALFORMED);
  });

  test('of an item that is null is malformed: a list must not hold null', () => {
    expect(valueAt(null, ['hostPath'])).toBe(MALFORMED);
    expect(valueAt(null, [])).toBeNull();
  });

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('is never what only the prototype has: %s', (field) => {
    expect(valueAt({}, [field])).toBeUndefined();
    expect(valueAt({}, [field, 'name'])).toBeUndefined();
  });

  test.each(['constructor', '__proto__'])('is the own value of a field that is named as the prototype\'s %s', (field) => {
    expect(valueAt(JSON.parse(`{"${field}": "own"}`), [field])).toBe('own');
  });
});

describe('what counts as left out', () => {
  test.each([undefined, null, '', []])('%p does', (value) => {
    expect(isEmpty(value)).toBe(true);
  });

  test.each([false, 0, {}, ' ', [null], ['']])('%p doesn\'t', (value) => {
    expect(isEmpty(value)).toBe(false);
  });
});
