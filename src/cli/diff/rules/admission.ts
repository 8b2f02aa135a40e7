import { objectsIn, textsIn } from './lists';
import { KindRule, ProtectedBy } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { Fact, Grant, grant, Guard, guard, level } from '../facts';

const { HIGH, MEDIUM } = Severity;
const PROTECTS = { protects: true, severity: HIGH };
const ACTIONS: Readonly<Record<string, number>> = { Deny: 4, Warn: 2, Audit: 1 };

export const POLICY_RULE: KindRule = {
  id: 'admission-policy',
  presence: { ...PROTECTS, text: 'an admission policy' },
  facts: ({ spec }) => (isObject(spec) ? [...failurePolicy(spec), ...conditions(spec), ...matched(spec.matchConstraints, 'spec.matchConstraints'), ...validations(spec)] : []),
  selectors: ({ spec }) => (isObject(spec) ? selectors(spec.matchConstraints, 'spec.matchConstraints') : []),
};

export const POLICY_BINDING_RULE: KindRule = {
  id: 'admission-policy-binding',
  presence: { ...PROTECTS, text: 'what makes an admission policy act' },
  facts: ({ spec }) => (isObject(spec) ? [...actions(spec), ...boundPolicy(spec), ...parameters(spec), ...matched(spec.matchResources, 'spec.matchResources')] : []),
  selectors: ({ spec }) => (isObject(spec) ? selectors(spec.matchResources, 'spec.matchResources') : []),
};

export const WEBHOOK_RULE: KindRule = {
  id: 'admission-webhook',
  presence: { ...PROTECTS, text: 'an admission webhook' },
  facts: ({ webhooks }) => objectsIn(webhooks).flatMap((webhook) => {
    const at = `webhooks[${String(webhook.name)}]`;
    return [
      guard(at, `the webhook ${String(webhook.name)}`, HIGH, at),
      ...[...failurePolicy(webhook), ...conditions(webhook), ...matchPolicy(webhook, 'spec'), ...rules(webhook.rules, 'rules')].map((fact) => within(at, fact)),
    ];
  }),
  selectors: ({ webhooks }) => objectsIn(webhooks).flatMap((webhook) => selectors(webhook, `webhooks[${String(webhook.name)}]`)),
};

function selectors(from: unknown, at: string): ProtectedBy[] {
  const { namespaceSelector, objectSelector } = isObject(from) ? from : {} as Json;
  return [{ path: `${at}.namespaceSelector`, selector: namespaceSelector }, { path: `${at}.objectSelector`, selector: objectSelector }];
}

function within(at: string, fact: Fact): Fact {
  const path = `${at}.${(fact.path ?? '').replace(/^spec\./, '')}`;
  const key = `${at} ${fact.key}`;
  const { covers } = fact as Guard;
  return fact.sort === 'guard' && covers ? { ...fact, key, path, covers: (other: Guard) => other.key.startsWith(`${at} `) && covers(other) } : { ...fact, key, path };
}

function failurePolicy({ failurePolicy: policy }: Json): Fact[] {
  return [level('failurePolicy', policy === 'Ignore' ? 0 : 1, policy === undefined ? 'missing (Fail)' : String(policy), HIGH, 'spec.failurePolicy')];
}

/** Each one lets pass what it doesn't match. */
function conditions({ matchConditions }: Json): Fact[] {
  return objectsIn(matchConditions).map(({ name }) => grant(`condition ${String(name)}`, `what does not match the condition ${String(name)}`, MEDIUM, { path: `spec.matchConditions[${String(name)}]` }));
}

/** Expressions that changed can't be told apart: only their number says something. */
function validations({ validations: all }: Json): Fact[] {
  return objectsIn(all).length === 0 ? [] : [level('validations (how many)', objectsIn(all).length, String(objectsIn(all).length), HIGH, 'spec.validations')];
}

function actions({ validationActions }: Json): Fact[] {
  const stated = (Array.isArray(validationActions) ? validationActions : []).map(String);
  return validationActions === undefined ? [] : [
    level('validationActions', stated.reduce((sum, each) => sum + (ACTIONS[each] ?? 0), 0), stated.join(', ') || 'none', HIGH, 'spec.validationActions'),
  ];
}

function boundPolicy({ policyName: name }: Json): Fact[] {
  return typeof name === 'string' ? [guard(`policy ${name}`, `what the policy ${name} asks`, HIGH, 'spec.policyName')] : [];
}

/** What happens where the parameters aren't there. */
function parameters({ paramRef }: Json): Fact[] {
  const action = isObject(paramRef) ? paramRef.parameterNotFoundAction : undefined;
  return typeof action === 'string' ? [level('parameterNotFoundAction', action === 'Allow' ? 0 : 1, action, HIGH, 'spec.paramRef.parameterNotFoundAction')] : [];
}

function matched(resources: unknown, at: string): Fact[] {
  return isObject(resources) ? [
    ...matchPolicy(resources, at),
    ...rules(resources.resourceRules, `${at}.resourceRules`),
    ...rules(resources.excludeResourceRules, `${at}.excludeResourceRules`)
      .map(exclusion),
  ] : [];
}

function exclusion({ key, path, severity, parts, covers }: RuleGuard): Grant {
  const excludes = covers && ((other: Grant) => 'parts' in other && covers(other as unknown as RuleGuard));
  const made = grant(`exclusion ${key}`, `what it excludes: ${key.replace(/\n.*$/s, '')}`, severity, { path, ...(excludes && { covers: excludes }) });
  return Object.assign(made, { parts });
}

/** With `Exact`, another version or group of the same resource passes unseen. */
function matchPolicy({ matchPolicy: policy }: Json, at: string): Fact[] {
  return [level('matchPolicy', policy === 'Exact' ? 0 : 1, policy === undefined ? 'missing (Equivalent)' : String(policy), MEDIUM, `${at}.matchPolicy`)];
}

/** What one rule looks at, word by word. */
interface RuleGuard extends Guard {
  readonly parts: readonly string[];
}

function rules(all: unknown, path: string): RuleGuard[] {
  return objectsIn(all).flatMap(({ apiGroups, apiVersions, resources, operations, resourceNames, scope = '*' }) => {
    const versions = apiVersions === undefined ? ['*'] : textsIn(apiVersions);
    const names = textsIn(resourceNames).length === 0 ? [''] : textsIn(resourceNames);
    const words = [textsIn(operations), textsIn(resources), textsIn(apiGroups), versions, names, [String(scope)]];
    return product(words).map((parts) => ruleGuard(parts, path));
  });
}

function ruleGuard(parts: readonly string[], path: string): RuleGuard {
  const [operation, resource, group, version, name, scope] = parts;
  const key = `${operation} of ${resource}${group === '' ? '' : `.${group}`}${name === '' ? '' : ` ${name}`}`
    + `${version === '*' || version === 'v1' ? '' : ` (${version})`}${SCOPES[scope] ?? ''}`;
  const isWide = parts.some((each) => each.endsWith('*')) || name === '';
  const covers = (other: Guard) => 'parts' in other && coversRule(parts, (other as RuleGuard).parts);
  return { ...guard(`${key}\n${version}`, `the look at ${key}`, HIGH, path), parts, ...(isWide && { covers }) };
}

const SCOPES: Readonly<Record<string, string>> = { Cluster: ' outside of namespaces', Namespaced: ' in namespaces' };

function coversRule(parts: readonly string[], others: readonly string[]): boolean {
  return parts.every((each, i) => each === others[i] || (i === 4 ? each === '' : i === 1 ? coversResource(each, others[i]) : each === '*'));
}

/** `*` has no subresources in it, `pods/*` all of the pods'. */
function coversResource(pattern: string, resource: string): boolean {
  const [[kind, part], [other, otherPart]] = [pattern.split('/'), resource.split('/')];
  return (kind === '*' || kind === other) && (part === otherPart || part === '*');
}

function product(lists: readonly (readonly string[])[]): string[][] {
  return lists.reduce<string[][]>((made, each) => made.flatMap((start) => each.map((word) => [...start, word])), [[]]);
}
