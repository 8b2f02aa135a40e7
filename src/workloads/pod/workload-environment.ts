import { EnvValue, ISecret } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { SecretKey } from './secret-key';
import { Json } from '../../controls/path';
import { invalid } from '../../core/errors';
import { refuseTerraformToken } from '../../core/terraform-token';
import { refuseLiteralSecret } from '../../secrets/literal-secret';
import { checkSecretKey, checkSecretName } from '../../secrets/secret-reference';

/** The form that every API server from 1.28 on takes. */
const NAME = /^[-._a-zA-Z][-._a-zA-Z0-9]*$/;

/** Variables of a container. */
export interface EnvironmentProps {
  readonly env?: Record<string, string>;
  readonly secretEnv?: Record<string, SecretKey>;
}

/**
 * Checks environment variables: names, values that are no secrets, and where secrets come from.
 * @param within what the properties belong to, for instance `initContainers[0].`
 */
export function checkEnvironment(props: EnvironmentProps, at: IConstruct, within = ''): void {
  for (const [name, value] of Object.entries(props.env ?? {})) {
    checkVariableName(name, `${within}env`, at);
    if (typeof value !== 'string') {
      throw invalid({ at, property: `${within}env.${name}`, got: value, allowed: 'text', fix: 'Give it as a string, for instance "8080" or "true".' });
    }
    refuseTerraformToken(value, `${within}env.${name}`, at, 'Give it literally, or let Terraform write it to a ConfigMap or Secret: manifests are written before Terraform runs.');
    refuseLiteralSecret(name, value, `${within}env`, at);
  }
  for (const [name, { secretName, key }] of Object.entries(props.secretEnv ?? {})) {
    checkVariableName(name, `${within}secretEnv`, at);
    checkSecretName(secretName, `${within}secretEnv.${name}.secretName`, at);
    checkSecretKey(key, `${within}secretEnv.${name}.key`, at);
    if (Object.hasOwn(props.env ?? {}, name)) {
      throw invalid({ at, property: `${within}secretEnv.${name}`, got: name, allowed: 'a variable that env does not set', fix: 'Name it in one of the two.' });
    }
  }
}

/** Variables from secrets come first: Kubernetes puts the value of an earlier variable in place of `$(NAME)`, of a later one not. */
export function environment(props: EnvironmentProps, secretNamed: (name: string) => ISecret): Record<string, EnvValue> {
  const secrets = Object.entries(props.secretEnv ?? {}).map(([name, { secretName, key }]) =>
    [name, EnvValue.fromSecretValue({ secret: secretNamed(secretName), key })]);
  // The API server drops an empty value, which means the same as none.
  const literals = Object.entries(props.env ?? {}).map(([name, value]) => [name, EnvValue.fromValue(value === '' ? undefined! : value)]);
  return Object.fromEntries([...secrets, ...literals]);
}

/** The same in the manifest's own terms. */
export function writtenEnvironment({ env = {}, secretEnv = {} }: EnvironmentProps): Json[] {
  return [
    ...Object.entries(secretEnv).map(([name, { secretName, key }]) => ({ name, valueFrom: { secretKeyRef: { name: secretName, key } } })),
    ...Object.entries(env).map(([name, value]) => ({ name, ...(value !== '' && { value }) })),
  ];
}

function checkVariableName(name: string, property: string, at: IConstruct): void {
  if (!NAME.test(name)) {
    throw invalid({
      at, property, got: name, allowed: 'names of environment variables: letters, digits, -, _ and dots, not beginning with a digit', fix: 'Correct the name.',
    });
  }
}
