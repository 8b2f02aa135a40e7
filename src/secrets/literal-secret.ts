import { invalid, InvalidInput } from '../core/errors';
import { secretAfterFlag, secretLiteral, secretText } from '../core/secret-patterns';
import { secretIn } from '../core/secret-text';

/**
 * Refuses a secret that is written out as a literal: it would end up in manifests, in Git and in `kubectl describe`.
 * A value that takes a secret from another variable, such as `postgres://app:$(DB_PASSWORD)@db/app`, is none.
 *
 * @throws if the variable's name says that its value is a secret, or the value looks like one; the value is never shown
 */
export function refuseLiteralSecret(name: string, value: string, property: string, at?: InvalidInput['at']): void {
  refuseSecretText(value, `${property}.${name}`, at);
  if (secretLiteral(name, value)) {
    throw literal(`${property}.${name}`, UNDER_NAME, at);
  }
}

/**
 * Refuses a text that holds a secret, whatever it is called.
 *
 * @throws if it looks like a key, a token or credentials, or holds a secret under its name; the text is never shown
 */
export function refuseSecretText(text: string, property: string, at?: InvalidInput['at']): void {
  if (secretText(text) || secretIn(text) !== undefined) {
    throw literal(property, 'a literal that looks like a secret', at);
  }
}

/**
 * Refuses secrets on a command line, also `--password=…` and `--password …`: everyone on the node reads it in the process list.
 *
 * @throws if a flag's name says that its value is a secret, or an argument looks like one; the argument is never shown
 */
export function refuseSecretArguments(args: string[], property: string, at?: InvalidInput['at']): void {
  args.forEach((arg, i) => {
    refuseSecretText(arg, `${property}[${i}]`, at);
    if (i > 0 && secretAfterFlag(args[i - 1], arg)) {
      throw literal(`${property}[${i}]`, UNDER_NAME, at);
    }
  });
}

const UNDER_NAME = 'a literal under a secret\'s name';

function literal(property: string, got: string, at: InvalidInput['at']): Error {
  return invalid({
    at, property, got: `(${got})`, allowed: 'values that are no secrets', fix: 'Keep it in a Secret and name it with secretEnv or secretFiles.', source: 'CIS 5.4.1',
  });
}
