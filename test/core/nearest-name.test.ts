import { nearestName } from '../../src/core/nearest-name';

const NAMES = ['hostIPC', 'hostNetwork', 'hostPID', 'hostUsers', 'hostname'];

describe('the name that a typo most likely meant', () => {
  test.each([
    ['hostNetwrok', 'hostNetwork'],
    ['hostnetwork', 'hostNetwork'],
    ['hostUser', 'hostUsers'],
    ['hostNam', 'hostname'],
    ['hostPDI', 'hostPID'],
    ['hostIPD', 'hostPID'],
  ])('%s: %s', (typo, name) => {
    expect(nearestName(typo, NAMES)).toBe(name);
  });

  test('is none where nothing is near', () => {
    expect(nearestName('privileged', NAMES)).toBeUndefined();
    expect(nearestName('x', [])).toBeUndefined();
  });

  test('is the first in alphabetical order of those that are equally near, whatever the order given', () => {
    expect(nearestName('hostI', ['hostPI', 'hostIP'])).toBe('hostIP');
    expect(nearestName('hostI', ['hostIP', 'hostPI'])).toBe('hostIP');
  });
});
