import { messageOf } from './message-of';
import { Reference, Standard } from '../../src/core/reference';

test('a reference names standard, edition and rule', () => {
  expect(Reference.pss('restricted/seccompProfile').toString()).toBe('PSS restricted/seccompProfile');
  expect(Reference.cis('1.2.15').toString()).toBe('CIS cis-1.12 1.2.15');
  expect(Reference.cis('1.2.18', 'cis-1.8').toString()).toBe('CIS cis-1.8 1.2.18');
  expect(Reference.nsa('Network policies').toString()).toBe('NSA 1.2 Network policies');
  expect(Reference.mitre('T1611').toString()).toBe('MITRE T1611');
  expect(Reference.mitre('T1552.007').id).toBe('T1552.007');
  expect(Reference.cisAws('5.6', '3.0.0').toString()).toBe('CIS-AWS 3.0.0 5.6');
  expect(Reference.cisAws('5.6', '3.0.0').standard).toBe(Standard.CIS_AWS);
});

test.each(['', 'T16', 'T1611.1', 't1611', 'TA0001', 'T1611 '])('%j is no technique of ATT&CK', (id) => {
  expect(messageOf(() => Reference.mitre(id)))
    .toBe(`id: got ${JSON.stringify(id)}; allowed: a technique such as T1611 or T1552.007. Take the id from the ATT&CK matrix.`);
});

test('a reference without a rule is refused', () => {
  expect(messageOf(() => Reference.cis(' '))).toBe('id: got " "; allowed: the id of a rule of CIS. Name the rule as the standard does.');
  expect(messageOf(() => Reference.pss(''))).toBe('id: got ""; allowed: the id of a rule of PSS. Name the rule as the standard does.');
});

test('a reference cannot be changed afterwards', () => {
  expect(() => Object.assign(Reference.cis('1.1.1'), { id: '9.9.9' })).toThrow(TypeError);
});
