import { merged } from '../../../src/workloads/pod/pod-parts';

test('what is there stays', () => {
  expect(merged({ a: 1, b: { c: false } }, { a: 2, b: { c: true, d: 3 } })).toEqual({ a: 1, b: { c: false, d: 3 } });
});

test('lists are joined', () => {
  expect(merged({ list: [1] }, { list: [2] })).toEqual({ list: [1, 2] });
});

test('nothing is added for nothing, and what came is not changed', () => {
  const present = { a: { b: 1 } };
  expect(merged(present, { a: undefined, c: undefined })).toEqual({ a: { b: 1 } });
  merged(present, { a: { d: 2 } });
  expect(present).toEqual({ a: { b: 1 } });
});

test('keys of every object are keys like any other', () => {
  expect(merged({}, { constructor: 'x' })).toEqual({ constructor: 'x' });
});
