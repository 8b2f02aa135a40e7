import { checkWholeNumber } from '../../src/control-plane/whole-number';

const check = (value: unknown) => checkWholeNumber(value as number, 2, 5, { at: 'KubeletConfig', property: 'maxPods', fix: 'Leave it out.' });

test.each([2, 3, 5])('%d is from 2 to 5', (value) => {
  expect(check(value)).toBe(value);
});

test.each([[1, '1'], [6, '6'], [2.5, '2.5'], ['3', '"3"'], [NaN, 'NaN'], [null, 'null']])('%p is refused, by its property and with what to do', (value, shown) => {
  expect(() => check(value)).toThrow(new Error(`[KubeletConfig] maxPods: got ${shown}; allowed: a whole number from 2 to 5. Leave it out.`));
});
