import { messageOf } from './message-of';
import { checkMadeBy, isMadeBy, markAs } from '../../src/core/made-by';

class Lamp {
  constructor() {
    markAs('Lamp', this);
  }
}

test('an instance is recognised, also by another copy of the library', () => {
  jest.isolateModules(() => {
    const copy = require('../../src/core/made-by') as typeof import('../../src/core/made-by');
    expect(copy.isMadeBy).not.toBe(isMadeBy);
    expect(copy.isMadeBy('Lamp', new Lamp())).toBe(true);
  });
});

test.each([undefined, null, 'Lamp', {}, [], { Lamp: true }, () => new Lamp()])('%p is none', (value) => {
  expect(isMadeBy('Lamp', value)).toBe(false);
});

test('an instance of one class is none of another', () => {
  expect(isMadeBy('Amp', new Lamp())).toBe(false);
});

test('the mark does not show, and nobody takes it off', () => {
  const lamp = new Lamp();
  expect([Object.keys(lamp), JSON.stringify(lamp)]).toEqual([[], '{}']);
  expect(() => markAs('Lamp', lamp)).not.toThrow();
  const [symbol] = Object.getOwnPropertySymbols(lamp);
  expect(() => { delete (lamp as Record<symbol, unknown>)[symbol]; }).toThrow(TypeError);
});

test('what no copy made is refused, by its class\'s name', () => {
  const lamp = new Lamp();
  expect(checkMadeBy('Lamp', lamp, { property: 'lamp', fix: 'Make one.' })).toBe(lamp);
  expect(messageOf(() => checkMadeBy('Lamp', null, { at: 'Desk', property: 'lamp', fix: 'Make one.' }))).toBe('[Desk] lamp: got null; allowed: a Lamp. Make one.');
  expect(messageOf(() => checkMadeBy('Oven', {}, { property: 'oven', fix: 'Make one.' }))).toBe('oven: got {}; allowed: an Oven. Make one.');
});
