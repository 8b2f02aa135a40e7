import { lock } from '../../src/core/immutable';

test('a locked property cannot be assigned', () => {
  const value = { a: 1 };
  lock(value);
  expect(() => { value.a = 2; }).toThrow(TypeError);
  expect(value.a).toBe(1);
});

test('a locked object still takes the hidden mark by which jsii knows it in other languages', () => {
  const value = { a: 1 };
  lock(value);
  expect(() => Object.defineProperty(value, Symbol.for('$__jsii__objid__$'), { value: 'x@1' })).not.toThrow();
  expect(() => Object.defineProperty(Object.freeze({ a: 1 }), Symbol.for('$__jsii__objid__$'), { value: 'x@1' })).toThrow(TypeError);
});
