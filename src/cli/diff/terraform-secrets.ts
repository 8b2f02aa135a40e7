import { Hides } from './shown-value';
import { isObject } from '../../controls/path';
import { mayBeSecret } from '../../controls/results/concealed';

/** Attributes that providers call sensitive, or that hold texts in which anything may stand, though their names don't say so. */
const SENSITIVE = new Set([
  'auth_token', 'connection_string', 'connection_strings', 'container_definitions', 'content_base64', 'custom_data', 'data_json', 'encrypted_value', 'environment',
  'environment_variables', 'kube_config', 'kube_config_raw', 'kubeconfig', 'kubeconfig_raw', 'master_password', 'plaintext_value', 'private_key', 'private_key_openssh',
  'private_key_pem', 'private_key_pem_pkcs8', 'secret_binary', 'secret_data', 'secret_json', 'secret_string', 'sensitive_content', 'sensitive_value', 'set_sensitive',
  'user_data', 'user_data_base64',
]);

/** Resources that are there to hold a secret. */
const HOLDERS = /secret|password|credential|passphrase|parameter$|(?:access|api|private|auth|account|signing)_?(?:key|token)|_token$|_variable$/;

/** What such a resource may show: what it is called and how it is kept. */
const HARMLESS = new Set([
  'arn', 'count', 'deletion_window_in_days', 'depends_on', 'description', 'for_each', 'id', 'key_id', 'key_vault_id', 'kms_key_arn', 'kms_key_id', 'lifecycle', 'name',
  'name_prefix', 'overwrite', 'policy', 'project', 'provider', 'recovery_window_in_days', 'region', 'replica', 'replication', 'rotation_lambda_arn', 'rotation_rules',
  'secret_arn', 'secret_id', 'tags', 'tags_all', 'tier', 'type', 'version_stages',
]);

/**
 * What nobody may read of a block of Terraform.
 * @param name `aws_instance.web`, `data.aws_ami.base`, `variable`, `output`
 * @param sides the block as it was and as it is
 */
export function hidesOfTerraform(name: string, sides: readonly unknown[]): Hides {
  switch (name) {
    case 'output': return ([, field]) => field === 'value';
    case 'variable': return variables(new Set(sides.flatMap(sensitiveVariables)));
    case 'locals': return (steps, value) => steps.some((step) => mayBeSecret(value, step));
  }
  const [, type] = /^(?:data\.)?([^.]+)/.exec(name) ?? [];
  const holder = name.includes('.') && HOLDERS.test(type ?? '');
  return (steps, value) => steps.some((step) => SENSITIVE.has(withoutWriteOnly(step))) || (holder && isUnknown(steps, value));
}

/** Texts and numbers of a resource that holds a secret, but for what is known to be none. A reference to a secret's name is harmless as well. */
function isUnknown(steps: readonly string[], value: unknown): boolean {
  const isText = typeof value === 'string' || typeof value === 'number';
  return isText && steps.length > 0 && !HARMLESS.has(steps[0]);
}

/** `password_wo`: of the same matter as `password`. */
function withoutWriteOnly(attribute: string): string {
  return attribute.replace(/_wo$/, '');
}

function variables(sensitive: ReadonlySet<string>): Hides {
  return ([name, field], value) => field === 'default' && (sensitive.has(name) || mayBeSecret(value, name));
}

function sensitiveVariables(block: unknown): string[] {
  const entries = isObject(block) ? Object.entries(block) : [];
  return entries.filter(([, content]) => [content].flat().some((each) => isObject(each) && isSensitive(each))).map(([name]) => name);
}

function isSensitive({ sensitive, ephemeral }: { readonly [key: string]: unknown }): boolean {
  return [sensitive, ephemeral].some((each) => each !== undefined && String(each) !== 'false');
}
