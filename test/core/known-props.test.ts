import { messageOf } from './message-of';
import { checkProps, KnownProps } from '../../src/core/known-props';

interface LampProps {
  readonly colour: string;
  readonly brightness?: number;
}

const PROPS: KnownProps<LampProps> = { colour: true, brightness: true };
const refused = (props: unknown, options?: Parameters<typeof checkProps>[2]) => messageOf(() => checkProps(props as LampProps, PROPS, options));

test('known properties pass, and come back', () => {
  const props = { colour: 'red' };
  expect(checkProps(props, PROPS)).toBe(props);
  expect(checkProps({ colour: 'red', brightness: 0 }, PROPS)).toEqual({ colour: 'red', brightness: 0 });
});

test('a name that nobody reads is refused, with the one that was most likely meant', () => {
  expect(refused({ color: 'red' }, { at: 'Lamp' })).toBe('[Lamp] color: allowed: colour, brightness. Correct or remove it: nobody reads it. Did you mean "colour"?');
  expect(refused({ colour: 'red', price: 3 })).toBe('price: allowed: colour, brightness. Correct or remove it: nobody reads it.');
});

test('a value is never shown: it may be a secret', () => {
  expect(refused({ colour: 'red', password: 'hunter2' })).not.toContain('hunter2');
});

test('names that every object has are none of the known', () => {
  expect(refused({ constructor: 1 })).toContain('constructor: allowed: colour, brightness.');
  expect(refused({ toString: 2 })).toContain('toString: allowed: colour, brightness.');
});

test('what is undefined counts as left out, null does not', () => {
  expect(() => checkProps({ colour: 'red', price: undefined } as LampProps, PROPS)).not.toThrow();
  expect(refused({ colour: 'red', price: null })).toContain('price: allowed: colour, brightness.');
});

test.each<[unknown, string]>([[null, 'null'], [undefined, 'undefined'], ['red', '"red"'], [3, '3'], [[], '[]']])('%p is no properties', (props, got) => {
  expect(refused(props, { at: 'Lamp' })).toBe(`[Lamp] props: got ${got}; allowed: an object with colour, brightness. Write it like { colour: … }.`);
});

test('properties within others are named by where they are, with what to do about them there', () => {
  expect(refused({ color: 1 }, { at: 'Room', property: 'lamps[2]', fix: 'It would stay dark.' }))
    .toBe('[Room] lamps[2].color: allowed: colour, brightness. It would stay dark. Did you mean "colour"?');
  expect(refused(null, { property: 'lamps[2]' })).toBe('lamps[2]: got null; allowed: an object with colour, brightness. Write it like { colour: … }.');
});
