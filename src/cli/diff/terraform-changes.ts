import { blockName, blocksAround, within } from './address-blocks';
import { Change } from './change';
import { ToldChange } from './control-changes';
import { compareFacts, Fact, grant, guard, level } from './facts';
import { fieldChanges } from './field-changes';
import { toldChange } from './rule-changes';
import { sameValue } from './same-value';
import { shownText } from './shown-value';
import { hidesOfTerraform } from './terraform-secrets';
import { isObject, Json } from '../../controls/path';
import { plural } from '../../core/plural';
import { Severity } from '../../core/severity';

const { CRITICAL, HIGH, MEDIUM } = Severity;

/** Resources without which something is open or nobody sees it. */
const PROTECTS = new Set([
  'aws_cloudtrail', 'aws_flow_log', 'aws_guardduty_detector', 'aws_network_acl', 'aws_network_acl_rule', 'aws_s3_bucket_public_access_block',
  'aws_s3_bucket_server_side_encryption_configuration', 'aws_ebs_encryption_by_default', 'aws_kms_key',
]);

/** Everything that changed in Terraform's resources. What stands below `//` is for people. */
export function terraformChanges(before: ReadonlyMap<string, Json>, after: ReadonlyMap<string, Json>): Change[] {
  return [...new Set([...before.keys(), ...after.keys()])].flatMap((stack) => {
    const [old, next] = [before.get(stack), after.get(stack)];
    const label = `stack ${shownText(stack)}`;
    if (!old || !next) {
      const kind = next ? 'new' : 'removed';
      return [{ verdict: 'neutral' as const, kind, subject: label, rule: 'terraform-stack', message: kind } satisfies Change, ...stackChanges(label, old ?? {}, next ?? {})];
    }
    return stackChanges(label, old, next);
  });
}

function stackChanges(label: string, before: Json, after: Json): Change[] {
  const [old, next] = [blocks(before), blocks(after)];
  return [...new Set([...old.keys(), ...next.keys()])].flatMap((name) => blockChanges(`${label}: ${shownText(name)}`, name, old.get(name), next.get(name)));
}

/** Resources and data by type and name; everything else by its block. */
function blocks(stack: Json): Map<string, unknown> {
  const found = new Map<string, unknown>();
  for (const [block, content] of Object.entries(stack)) {
    if (block === '//') {
      continue;
    }
    for (const [type, named] of block === 'resource' || block === 'data' ? Object.entries(isObject(content) ? content : {}) : []) {
      for (const [name, value] of Object.entries(isObject(named) ? named : {})) {
        found.set(`${block === 'data' ? 'data.' : ''}${type}.${name}`, withoutComments(value));
      }
    }
    if (block !== 'resource' && block !== 'data') {
      found.set(block, withoutComments(content));
    }
  }
  return found;
}

/** What is compared: without comments, and with policies as what they say. */
function withoutComments(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(withoutComments);
  }
  return isObject(value)
    ? Object.fromEntries(Object.entries(value).filter(([key]) => key !== '//').map(([key, each]) => [key, withoutComments(policyOf(key, each) ?? each)]))
    : value;
}

/** A policy of AWS, which is a text of JSON in Terraform. */
function policyOf(key: string, value: unknown): Json | undefined {
  if (!key.endsWith('policy') || typeof value !== 'string' || !value.trimStart().startsWith('{')) {
    return undefined;
  }
  try {
    const parsed: unknown = JSON.parse(value);
    return isObject(parsed) && Object.hasOwn(parsed, 'Statement') ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function blockChanges(subject: string, name: string, before: unknown, after: unknown): Change[] {
  if (sameValue(before, after)) {
    return [];
  }
  const type = name.replace(/\..*$/s, '');
  const facts = (value: unknown) => (isObject(value) ? factsOf(type, value) : []);
  const isAlone = before === undefined || after === undefined;
  const [old, next] = [facts(before), facts(after)].map((side) => side.filter(({ sort }) => !isAlone || sort === 'grant'));
  const told: ToldChange[] = compareFacts(old, next).map((each) => toldChange(subject, 'terraform', each));
  if (isAlone) {
    const kind = after === undefined ? 'removed' : 'new';
    const verdict = PROTECTS.has(type) ? (kind === 'new' ? 'stronger' : 'weaker') : 'neutral';
    return [{ verdict, kind, subject, rule: 'terraform', message: kind, ...(verdict !== 'neutral' && { severity: HIGH }) }, ...told.map(({ change }) => change)];
  }
  const paths = new Set(told.map(({ pattern }) => pattern));
  const others = fieldChanges(before, after, hidesOfTerraform(name, [before, after])).filter(({ path }) => !paths.has(path));
  return [...told.map(({ change }) => change), ...(others.length === 0 ? [] : [{
    verdict: 'neutral' as const, kind: 'changed' as const, subject, rule: 'terraform', message: `${plural(others.length, 'field')} changed`,
    details: others.map(({ text }) => shownText(text)),
  }])];
}

function factsOf(type: string, value: Json): Fact[] {
  return [...ingress(type, value), ...switches(value), ...metadataService(value)];
}

/** Who may connect: blocks of addresses by ports. */
function ingress(type: string, value: Json): Fact[] {
  const rules = [
    ...(type === 'aws_security_group' || type === 'aws_default_security_group' ? list(value.ingress) : []),
    ...(type === 'aws_security_group_rule' && value.type === 'ingress' ? [value] : []),
    ...(type === 'aws_vpc_security_group_ingress_rule' ? [value] : []),
  ].filter(isObject);
  return rules.flatMap((rule) => {
    const ports = `${String(rule.ip_protocol ?? rule.protocol ?? 'any')} ${String(rule.from_port ?? 'any')}-${String(rule.to_port ?? 'any')}`;
    const addresses = [rule.cidr_blocks, rule.ipv6_cidr_blocks, rule.cidr_ipv4, rule.cidr_ipv6].flat().filter((each): each is string => typeof each === 'string');
    return addresses.map((address) => grant(`${address}\n${ports}`, `connections from ${address} to ${ports}`, address.endsWith('/0') ? CRITICAL : MEDIUM, {
      covers: ({ key }) => key.endsWith(`\n${ports}`) && within(key.slice(0, key.indexOf('\n')), address),
      shelf: `${ports} ${blockName(address)}`, shelves: () => blocksAround(address).map((each) => `${ports} ${each}`),
    }));
  });
}

const FALSE_IS_WEAK = [
  'encrypted', 'storage_encrypted', 'at_rest_encryption_enabled', 'transit_encryption_enabled', 'enable_key_rotation', 'deletion_protection',
  'block_public_acls', 'block_public_policy', 'ignore_public_acls', 'restrict_public_buckets', 'enable_log_file_validation', 'endpoint_private_access',
];
const TRUE_IS_WEAK = ['associate_public_ip_address', 'map_public_ip_on_launch', 'publicly_accessible', 'endpoint_public_access'];

/** Switches at any depth whose direction is known. */
function switches(value: unknown, path: string = ''): Fact[] {
  if (Array.isArray(value)) {
    return value.flatMap((each, i) => switches(each, `${path}[${value.length > 1 ? i : ''}]`));
  }
  return isObject(value) ? Object.entries(value).flatMap(([key, each]) => {
    const at = path === '' ? key : `${path}.${key}`;
    const weak = FALSE_IS_WEAK.includes(key) ? 'false' : TRUE_IS_WEAK.includes(key) ? 'true' : undefined;
    if (weak === undefined || typeof each === 'object') {
      return switches(each, at);
    }
    return String(each) !== 'true' ? [] : weak === 'true' ? [grant(at, at, HIGH, { path: at })] : [guard(at, at, HIGH, at)];
  }) : [];
}

function metadataService({ metadata_options: options }: Json): Fact[] {
  const [stated] = [options].flat().filter(isObject);
  const tokens = stated?.http_tokens;
  const path = Array.isArray(options) ? 'metadata_options[].http_tokens' : 'metadata_options.http_tokens';
  return tokens === 'required' || tokens === 'optional' ? [level('metadata_options.http_tokens', Number(tokens === 'required'), tokens, HIGH, path)] : [];
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value];
}
