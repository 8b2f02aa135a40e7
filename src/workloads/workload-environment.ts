import { EnvValue, ISecret } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { SecureWorkloadProps } from './secure-workload-props';
import { invalid } from '../core/errors';
import { refuseLiteralSecret } from '../secrets/literal-secret';
import { checkSecretKey, checkSecretName } from '../secrets/secret-reference';

/** The form that every API server from 1.28 on takes. */
const NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Checks a workload's environment variables: names, values that are no secrets, and where secrets come from. */
export function checkEnvironment(props: SecureWorkloadProps, at: IConstruct): void {
  for (const [name, value] of Object.entries(props.env ?? {})) {
    checkVariableName(name, 'env', at);
    if (typeof value !== 'string') {
      throw invalid({ at, property: `env.${name}`, got: value, allowed: 'text', fix: 'Give it as a string, for instance "8080" or "true".' });
    }
    refuseLiteralSecret(name, value, 'env', at);
  }
  for (const [name, { secretName, key }] of Object.entries(props.secretEnv ?? {})) {
    checkVariableName(name, 'secretEnv', at);
    checkSecretName(secretName, `secretEnv.${name}.secretName`, at);
    checkSecretKey(key, `secretEnv.${name}.key`, at);
    if (Object.hasOwn(props.env ?? {}, name)) {
      throw invalid({ at, property: `secretEnv.${name}`, got: name, allowed: 'a variable that env does not set', fix: 'Name it in one of the two.' });
    }
  }
}

/** Variables from secrets come first: Kubernetes puts the value of an earlier variable in place of `$(NAME)`, of a later one not. */
export function environment(props: SecureWorkloadProps, secretNamed: (name: string) => ISecret): Record<string, EnvValue> {
  const secrets = Object.entries(props.secretEnv ?? {}).map(([name, { secretName, key }]) =>
    [name, EnvValue.fromSecretValue({ secret: secretNamed(secretName), key })]);
  // The API server drops an empty value, which means the same as none.
  const literals = Object.entries(props.env ?? {}).map(([name, value]) => [name, EnvValue.fromValue(value === '' ? undefined! : value)]);
  return Object.fromEntries([...secrets, ...literals]);
}

function checkVariableName(name: string, property: string, at: IConstruct): void {
  if (!NAME.test(name)) {
    throw invalid({
      at, property, got: name, allowed: 'names of environment variables: letters, digits, -, _ and dots, not beginning with a digit', fix: 'Correct the name.',
    });
  }
}
