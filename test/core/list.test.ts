import { messageOf } from './message-of';
import { checkList } from '../../src/core/list';

test('a list comes back as a copy', () => {
  const list = ['a'];
  expect(checkList(list, 'names', 'names')).toEqual(['a']);
  expect(checkList(list, 'names', 'names')).not.toBe(list);
});

test.each<[unknown, string]>([[null, 'null'], [undefined, 'undefined'], ['shop', '"shop"'], [{ length: 0 }, '{"length":0}']])('%p is none', (value, got) => {
  expect(messageOf(() => checkList(value as string[], 'names', 'names', 'Lamp'))).toBe(`[Lamp] names: got ${got}; allowed: a list of names. Put it in a list: names: [ … ].`);
});
