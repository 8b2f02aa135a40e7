import {
  SECRET_ARGUMENT, SECRET_LINE, SECRET_NAME, SECRET_NAME_HARMLESS, SECRET_VALUE, SECRET_VALUE_HARMLESS, SecretPattern,
} from '../../core/secret-patterns';
import { Requirement } from '../requirement';

/** Up to this length an argument is judged in the API server too; an expression may not cost more there than some thousand characters do. */
const SHORT = '^[^\\x00]{0,500}$';

/** Where a container's command lines are. */
export const COMMAND_LINES = [
  'command', 'args',
  ...['livenessProbe', 'readinessProbe', 'startupProbe', 'lifecycle.postStart', 'lifecycle.preStop'].map((caller) => `${caller}.exec.command`),
];

/** The words of command lines that are no longer, or longer, than the API server can judge hold no secret. */
export function wordsWithoutSecrets(length: 'short' | 'long'): Requirement {
  const short = Requirement.matches('', SHORT);
  const word = Requirement.exemptWhen(length === 'short' ? Requirement.negation(short) : short, Requirement.negation(isSecretText('')));
  return Requirement.eachContainer(Requirement.allOf(...COMMAND_LINES.map((path) => Requirement.each(path, word))))
    .describedAs('an argument that is no secret')
    .notFixable('Where the secret is to be kept has to be decided, and it has to be changed.');
}

/** The text holds a secret: `secretText` as a requirement. */
export function isSecretText(path: string): Requirement {
  return Requirement.anyOf(...[SECRET_VALUE, SECRET_LINE, SECRET_ARGUMENT].map((pattern) => has(pattern, path)));
}

/** The value is a secret that is written out, or holds one: `secretLiteral` as a requirement. */
export function isSecretLiteral(namePath: string, valuePath: string): Requirement {
  return Requirement.anyOf(
    Requirement.allOf(
      has(SECRET_NAME, namePath),
      Requirement.negation(has(SECRET_NAME_HARMLESS, namePath)),
      Requirement.present(valuePath),
      Requirement.negation(has(SECRET_VALUE_HARMLESS, valuePath)),
    ),
    isSecretText(valuePath),
  );
}

/** An expression of the API server costs as much as its patterns are long: the short one that few texts pass goes first. */
function has({ pattern, gate, ignoreCase }: SecretPattern, path: string): Requirement {
  const whole = Requirement.matches(path, pattern, { ignoreCase });
  return gate === undefined ? whole : Requirement.allOf(Requirement.matches(path, gate, { ignoreCase }), whole);
}
