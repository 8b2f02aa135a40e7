import { App, Chart } from 'cdk8s';
import { HardenedError, invalid, show } from '../../src/core/errors';

const INPUT = { property: 'image', got: 'web:latest', allowed: 'an image by digest', fix: 'Pin it.' };

test('an error says where, what, what came, what is allowed, by which rule, and what to do', () => {
  const error = invalid({ ...INPUT, at: 'shop/web', source: 'CIS 5.5.1' });
  expect(error.message).toBe('[shop/web] image: got "web:latest"; allowed: an image by digest (CIS 5.5.1). Pin it.');
  expect(error.constructPath).toBe('shop/web');
  expect(error.property).toBe('image');
  expect(error.allowed).toBe('an image by digest');
  expect(error.fix).toBe('Pin it.');
});

test('it is known by its name, also across two copies of the library', () => {
  expect(invalid(INPUT)).toBeInstanceOf(HardenedError);
  expect(invalid(INPUT)).toBeInstanceOf(Error);
  expect(invalid(INPUT).name).toBe('HardenedError');
});

test('a construct is named by its path, the root by <root>', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  expect(invalid({ ...INPUT, at: chart }).message).toMatch(/^\[shop\] image: /);
  expect(invalid({ ...INPUT, at: app }).message).toMatch(/^\[<root>\] image: /);
  expect(invalid(INPUT).message).toMatch(/^image: /);
  expect(invalid(INPUT).constructPath).toBeUndefined();
});

test('what came is left out where it is not given, and shown where it is undefined', () => {
  expect(invalid({ property: 'key', allowed: 'no key', fix: 'Remove it.' }).message).toBe('key: allowed: no key. Remove it.');
  expect(invalid({ property: 'name', got: undefined, allowed: 'a name', fix: 'Give one.' }).message).toBe('name: got undefined; allowed: a name. Give one.');
});

test.each([
  ['text', '"text"'], ['two\nlines', '"two\\nlines"'], [80, '80'], [NaN, 'NaN'], [-Infinity, '-Infinity'], [10n, '10'], [null, 'null'], [undefined, 'undefined'],
  [['a', 1], '["a",1]'], [{ a: 1 }, '{"a":1}'], [Symbol('x'), 'Symbol(x)'], [function named() { /* only its name matters */ }, 'function named'],
])('a value is shown in one line (%#)', (value, shown) => expect(show(value)).toBe(shown));

test('a value that JSON cannot express is shown by its class', () => {
  expect(show(new Chart(new App(), 'shop'))).toBe('an object of class Chart');
  const circular = Object.create(null);
  circular.self = circular;
  expect(show(circular)).toBe('an object of class Object');
});

test('a long value is cut', () => {
  expect(show('x'.repeat(1000))).toBe(`"${'x'.repeat(156)}...`);
  expect(show('x'.repeat(158))).toBe(`"${'x'.repeat(158)}"`);
});
