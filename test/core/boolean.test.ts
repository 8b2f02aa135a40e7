import { messageOf } from './message-of';
import { checkBoolean } from '../../src/core/boolean';

test.each([true, false])('%s is what it is', (value) => {
  expect(checkBoolean(value, 'on', true)).toBe(value);
});

test.each([['"false"', 'false'], ['0', 0], ['null', null]])('%s is refused, although JavaScript would take it for one of the two', (shown, value) => {
  expect(messageOf(() => checkBoolean(value as never, 'on', true, 'Switch'))).toBe(`[Switch] on: got ${shown}; allowed: true or false. Leave it out for true.`);
});
