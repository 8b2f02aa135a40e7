import { invalid, InvalidInput } from './errors';

const HIGHEST_ID = 2 ** 31 - 1;

/** Checks the id of a user or group that a program may run as: any but root's. */
export function checkUnixId(property: string, id: number | undefined, at: InvalidInput['at']): number | undefined {
  if (id !== undefined && (!Number.isInteger(id) || id < 1 || id > HIGHEST_ID)) {
    throw invalid({
      at, property, got: id, allowed: `a whole number from 1 to ${HIGHEST_ID}`, fix: 'Give an id other than root\'s.', source: 'PSS restricted, CIS 5.2.7',
    });
  }
  return id;
}
