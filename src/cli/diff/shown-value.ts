import { isPrivatePlace, mayBeSecret } from '../../controls/results/concealed';
import { show } from '../../core/errors';
import { secretText } from '../../core/secret-patterns';
import { printable } from '../../evidence/plain-text';

/** What stands in the place of a value that may be a secret. */
export const HIDDEN = '(a value that is not shown)';

const LONGEST = 120;

/**
 * A value as a report may show it: never what may be a secret, for what it is, what it is called or where it is.
 * @param steps to the value; names of fields
 * @param name what the value goes by
 */
export function shownValue(value: unknown, steps: readonly (string | number)[], name?: string): string {
  if (value === undefined) {
    return 'missing';
  }
  if (isPrivatePlace(steps) || mayBeSecret(value, name) || (typeof value === 'string' && secretText(value))) {
    return HIDDEN;
  }
  const text = printable(show(value));
  return text.length <= LONGEST ? text : `${text.slice(0, LONGEST - 1)}…`;
}

/** A text that people wrote, such as a name or a key, on one line and no secret itself. */
export function shownText(text: string): string {
  return secretText(text) ? HIDDEN : printable(text);
}
