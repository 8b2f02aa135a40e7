import { Hides } from './shown-value';
import { isObject } from '../../controls/path';
import { mayBeSecret } from '../../controls/results/concealed';

/*
 * Providers have thousands of attributes, and which of them are sensitive only they know. So a text is shown only where it is known to be harmless:
 * by what the attribute is called, or because the text can be nothing else. Long numbers are codes unless they name, count or measure something.
 */

/** Last words of attributes, blocks and maps in which anything may stand. */
const FREE = new RegExp(`(?:^|_)(?:${[
  '(?:access|account|api|auth|client|encryption|shared|signing|ssh)_?keys?|args|arguments|body|command|config_vars|connection_strings?|content(?:_base64)?|data|env',
  'environment|headers|input|json|keepers|kube_?config|manifest|metadata|options|parameters|params|payload|pem|properties|provisioner|query|raw|script|set|settings',
  'sql|text|triggers|values?|variables?|vars|yaml|(?:external|session)_id',
].join('|')})$`, 'i');
/** Words that say that something is a secret, wherever they stand in a name. */
const SECRET = /cookie|credential|custom_data|passphrase|passw|pem_|private_key|secret|sensitive|token|user_data|_body|(?:^|_)(?:otp|pass|pin|pwd)(?:_|$)/i;
/** Blocks with such names whose attributes are known. */
const KNOWN_BLOCKS = /^(?:cpu|enclave|hibernation|instance_market|maintenance|metadata|private_dns_name|spot)_options$/;

/** Last words of attributes that name, count, place or choose something. */
const NAMES = new RegExp(`^(?:[a-z0-9_]*_)?(?:${[
  'accounts?|acl|actions?|algorithm|alias(?:es)?|ami|architectures?|arns?|backend|behaviou?r|boundary|bucket|cidrs?|cidr_blocks?|cidr_ipv[46]|class|classes',
  'create_before_destroy|credits|depends_on|description|device|direction|domain|effect|encrypted|engine|famil(?:y|ies)|field|for_each|format|fqdns?|frequency',
  'groups?|hostnames?|identifiers?|ids?|ignore_changes|image|instances?|ip_address(?:es)?|kind|launch_template|levels?|locations?|methods?|mode|mutability',
  'names?|name_prefix|namespaces?|operating_system|operator|owners?|ownership|period|platform|ports?|port_ranges?|prefix|principals?|priority|profile|project',
  'protocols?|providers?|regions?|required_version|resources?|roles?|runtime|schedule|scheme|security_groups?|services?|size|source|ssl_policy|state|status|strategy',
  'subnets?|targets?|tenancy|tier|time_?zone|types?|unit|usage|versions?|window|workspace|zones?',
].join('|')})$`);

/** Maps whose keys are anybody's, and whose values everybody reads who may list the resource. */
const TAGS = /^(?:[a-z]+_)*(?:tags|tags_all|labels)$/;

/** What can be nothing else, whatever the attribute is called. */
const HARMLESS_TEXTS: readonly RegExp[] = [
  /^(?:true|false)?$/,
  // Addresses and blocks of them.
  /^\d{1,3}(?:\.\d{1,3}){3}(?:\/\d{1,2})?$/,
  /^(?=[^:]*:[^:]*:)[0-9a-f:]{2,39}\/\d{1,3}$/i,
  /^(?:allow|allowed|any|all|block|default|deny|disabled?|enabled?|none|off|on|optional|preferred|required|tcp|udp|icmp|icmpv6|ipv4|ipv6|dualstack)$/i,
  // One reference to another resource.
  /^\$\{(?:var|local|module|each|self|path|terraform|data\.[a-z]\w*|[a-z][a-z0-9]*_[a-z0-9_]*)(?:\.[\w-]+|\[(?:\d+|\*)\])+\}$/,
];

/** Words of attributes that measure something: their numbers are long and no secrets. */
const MEASURES = new RegExp(`(?:^|_)(?:${[
  'age|asn|bandwidth|bits|bytes|capacity|concurrency|connections|count|cpu|days|duration|[gkmt]i?b|gid|hours|interval|iops|length|lifetime|limit|max|maximum|memory|min',
  'minimum|minutes|ms|mtu|number|period|port|quota|rate|replicas|requests|retention|rule_no|seconds|size|storage|threads|threshold|throughput|timeout|ttl|uid|units?',
  'vlan|weight|window|workers',
].join('|')})(?:_|$)`);
/** What is no code, whatever it is called. */
const SHORT_NUMBER = 999;

/** What an attribute with a harmless name has: a line, and no login in an address, with a scheme or without. */
const LINE = /^(?=[^\r\n]{0,200}$)(?![^]*:\/\/[^/\s]*@)(?![^]*\/\/[^\s@]*:[^\s@]*@)/;

/** Resources that are there to hold a secret: what they are called and how they are kept is harmless. */
const HOLDERS = /secret|password|credential|passphrase|parameter$|(?:access|api|private|auth|account|signing)_?(?:key|token)|_token$|_variable$/;
const SHOWN_OF_HOLDERS = new Set([
  'arn', 'count', 'deletion_window_in_days', 'depends_on', 'description', 'for_each', 'id', 'key_id', 'key_vault_id', 'kms_key_arn', 'kms_key_id', 'lifecycle', 'name',
  'name_prefix', 'overwrite', 'policy', 'project', 'provider', 'recovery_window_in_days', 'region', 'replica', 'replication', 'rotation_lambda_arn', 'rotation_rules',
  'secret_arn', 'tags', 'tags_all', 'tier', 'type', 'version_stages',
]);
/** Facts about a secret, and how it is called. */
const FACT = /_(?:arn|encoding|format|length|name|type|version)s?$|^http_tokens$/;
/** Vault and others call a secret itself `secret_id`. */
const SECRET_ID = /^(?:data\.)?(?:aws|google)_/;

/**
 * What nobody may read of a block of Terraform.
 * @param name `aws_instance.web`, `data.aws_ami.base`, `variable`, `output`
 * @param sides the block as it was and as it is
 */
export function hidesOfTerraform(name: string, sides: readonly unknown[]): Hides {
  switch (name) {
    case 'output': return ([, field], value) => field === 'value' || isUnknown([field ?? ''], value);
    case 'variable': return variables(new Set(sides.flatMap(sensitiveVariables)));
    case 'locals': return (steps, value) => steps.some((step) => mayBeSecret(value, step)) || isUnknown(steps, value);
  }
  const [, type] = /^(?:data\.)?([^.]+)/.exec(name) ?? [];
  const isHolder = name.includes('.') && HOLDERS.test(type ?? '');
  const idsOfSecrets = SECRET_ID.test(name);
  return (steps, value) => {
    if (idsOfSecrets && steps.length === 1 && steps[0] === 'secret_id') {
      return !isLine(value);
    }
    return (isHolder && isContent(value) && steps.length > 0 && !SHOWN_OF_HOLDERS.has(steps[0])) || isUnknown(steps, value);
  };
}

function isContent(value: unknown): boolean {
  return typeof value === 'string' || typeof value === 'number';
}

function isUnknown(steps: readonly string[], value: unknown): boolean {
  if (typeof value === 'boolean' || typeof value === 'object' || value === undefined) {
    return false;
  }
  const names = steps.map(withoutWriteOnly);
  const last = names[names.length - 1] ?? '';
  const above = names.slice(0, -1);
  if (above.some((step) => isPrivate(step) && !KNOWN_BLOCKS.test(step)) || (isPrivate(last) && !FACT.test(last))) {
    return true;
  }
  if (typeof value === 'number') {
    return !isShort(value) && !NAMES.test(last) && !MEASURES.test(last) && !above.some((step) => TAGS.test(step));
  }
  if (HARMLESS_TEXTS.some((each) => each.test(String(value)))) {
    return false;
  }
  return !(NAMES.test(last) || above.some((step) => TAGS.test(step)) || isStatement(names)) || !isLine(value);
}

function isShort(value: number): boolean {
  return Number.isInteger(value) && Math.abs(value) <= SHORT_NUMBER;
}

function isPrivate(name: string): boolean {
  return FREE.test(name) || SECRET.test(name);
}

function isLine(value: unknown): boolean {
  return typeof value !== 'string' || LINE.test(value);
}

/** Statements of policies: who may do what to what. Conditions compare with anything. */
function isStatement(names: readonly string[]): boolean {
  const at = names.indexOf('Statement');
  return at > 0 && /policy$/.test(names[at - 1]) && /^(?:Sid|Effect|(?:Not)?(?:Action|Resource|Principal))$/.test(names[at + 1] ?? '');
}

/** `password_wo`: of the same matter as `password`. */
function withoutWriteOnly(attribute: string): string {
  return attribute.replace(/_wo$/, '');
}

function variables(sensitive: ReadonlySet<string>): Hides {
  return ([name, field, ...below], value) => (field === 'default'
    ? sensitive.has(name) || mayBeSecret(value, name) || isUnknown([name, ...below], value)
    : field !== undefined && field !== 'type' && isUnknown([field, ...below], value));
}

function sensitiveVariables(block: unknown): string[] {
  const entries = isObject(block) ? Object.entries(block) : [];
  return entries.filter(([, content]) => [content].flat().some((each) => isObject(each) && isSensitive(each))).map(([name]) => name);
}

function isSensitive({ sensitive, ephemeral }: { readonly [key: string]: unknown }): boolean {
  return [sensitive, ephemeral].some((each) => each !== undefined && String(each) !== 'false');
}
