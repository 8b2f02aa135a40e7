import { isList, listItems, withItems } from '../../../src/controls/results/list-items';

const POD = { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a' } };

test('an object is no list', () => {
  for (const document of [POD, null, undefined, 'text', [], { apiVersion: 'v1', kind: 'List' }, { apiVersion: 'v1', kind: 'List', items: { 0: POD } }]) {
    expect([isList(document), listItems(document)]).toEqual([false, undefined]);
  }
});

test('whatever has a list of items is taken apart, as kubectl does, whatever its kind', () => {
  expect(listItems({ apiVersion: 'v1', kind: 'List', items: [POD, null] })).toEqual([POD, null]);
  expect(listItems({ kind: 'Anything', items: [POD] })).toEqual([POD]);
});

test('a list and nothing else is what is called so', () => {
  expect(['List', 'PodList', 'WidgetList'].map((kind) => isList({ kind, items: [] }))).toEqual([true, true, true]);
  expect(['Pod', 'Listing', undefined, 7].map((kind) => isList({ kind, items: [POD] }))).toEqual([false, false, false, false]);
});

test('an item that leaves out what it is gets it from what holds it, as kubectl has it', () => {
  const bare = { metadata: { name: 'a' } };
  expect(listItems({ apiVersion: 'v1', kind: 'PodList', items: [bare] })).toEqual([{ ...bare, apiVersion: 'v1', kind: 'Pod' }]);
  expect(listItems({ apiVersion: 'v1', kind: 'Pod', items: [bare] })).toEqual([{ ...bare, apiVersion: 'v1', kind: 'Pod' }]);
  expect(listItems({ apiVersion: 'v1', kind: 'List', items: [bare] })).toEqual([bare]);
});

test('items that were changed take the places of the others, without what they got from the list', () => {
  const document = { apiVersion: 'v1', kind: 'PodList', items: [{ spec: 1 }, { spec: 2 }] };
  const items = listItems(document)!;
  expect(withItems(document, [items[0], { apiVersion: 'v1', kind: 'Pod', spec: 3 }], [false, true])).toEqual({ ...document, items: [{ spec: 1 }, { spec: 3 }] });
});
