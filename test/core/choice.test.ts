import { messageOf } from './message-of';
import { checkChoice } from '../../src/core/choice';

enum Size {
  SMALL = 'small',
  LARGE = 'large',
}

test('a value of the enum is returned', () => {
  expect(checkChoice(Size.LARGE, Size, 'Size', 'size')).toBe(Size.LARGE);
});

test.each(['SMALL', 'medium', '', undefined, null, 1, 'toString'])('%j is no value of the enum', (value) => {
  expect(messageOf(() => checkChoice(value as Size, Size, 'Size', 'size', 'shop/web'))).toBe(
    `[shop/web] size: got ${JSON.stringify(value)}; allowed: small, large. Take a value of Size.`);
});
