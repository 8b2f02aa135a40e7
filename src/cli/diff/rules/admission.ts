import { isMuch, ruleExclusions, ruleGuards } from './admission-rules';
import { objectsIn } from './lists';
import { KindRule, ProtectedBy } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { Fact, grant, Guard, guard, level } from '../facts';

const { HIGH, MEDIUM } = Severity;
const PROTECTS = { protects: true, severity: HIGH };
const ACTIONS: Readonly<Record<string, number>> = { Deny: 4, Warn: 2, Audit: 1 };

export const POLICY_RULE: KindRule = {
  id: 'admission-policy',
  presence: { ...PROTECTS, text: 'an admission policy' },
  isLarge: ({ spec }) => isObject(spec) && isMuch(matchedRules(spec.matchConstraints)),
  facts: ({ spec }, isLarge) => (isObject(spec)
    ? [...failurePolicy(spec), ...conditions(spec), ...matched(spec.matchConstraints, 'spec.matchConstraints', isLarge), ...validations(spec)]
    : []),
  selectors: ({ spec }) => (isObject(spec) ? selectors(spec.matchConstraints, 'spec.matchConstraints') : []),
};

export const POLICY_BINDING_RULE: KindRule = {
  id: 'admission-policy-binding',
  presence: { ...PROTECTS, text: 'what makes an admission policy act' },
  isLarge: ({ spec }) => isObject(spec) && isMuch(matchedRules(spec.matchResources)),
  facts: ({ spec }, isLarge) => (isObject(spec)
    ? [...actions(spec), ...boundPolicy(spec), ...parameters(spec), ...matched(spec.matchResources, 'spec.matchResources', isLarge)]
    : []),
  selectors: ({ spec }) => (isObject(spec) ? selectors(spec.matchResources, 'spec.matchResources') : []),
};

export const WEBHOOK_RULE: KindRule = {
  id: 'admission-webhook',
  presence: { ...PROTECTS, text: 'an admission webhook' },
  isLarge: ({ webhooks }) => isMuch(objectsIn(webhooks).map((webhook) => webhook.rules)),
  facts: ({ webhooks }, isLarge) => objectsIn(webhooks).flatMap((webhook) => {
    const at = `webhooks[${String(webhook.name)}]`;
    return [
      guard(at, `the webhook ${String(webhook.name)}`, HIGH, at),
      ...[...failurePolicy(webhook), ...conditions(webhook), ...matchPolicy(webhook, 'spec'), ...ruleGuards(webhook.rules, 'rules', isLarge)].map((fact) => within(at, fact)),
    ];
  }),
  selectors: ({ webhooks }) => objectsIn(webhooks).flatMap((webhook) => selectors(webhook, `webhooks[${String(webhook.name)}]`)),
};

function selectors(from: unknown, at: string): ProtectedBy[] {
  const { namespaceSelector, objectSelector } = isObject(from) ? from : {} as Json;
  return [{ path: `${at}.namespaceSelector`, selector: namespaceSelector }, { path: `${at}.objectSelector`, selector: objectSelector }];
}

/** What one webhook looks at, no other one does in its place. */
function within(at: string, fact: Fact): Fact {
  const path = `${at}.${(fact.path ?? '').replace(/^spec\./, '')}`;
  const key = `${at} ${fact.key}`;
  const { shelf, shelves } = fact as Guard;
  const on = (each: string) => `${at} ${each}`;
  return fact.sort === 'guard' && shelf !== undefined && shelves ? { ...fact, key, path, shelf: on(shelf), shelves: () => shelves().map(on) } : { ...fact, key, path };
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

function matchedRules(resources: unknown): unknown[] {
  return isObject(resources) ? [resources.resourceRules, resources.excludeResourceRules] : [];
}

function matched(resources: unknown, at: string, isLarge: boolean): Fact[] {
  return isObject(resources) ? [
    ...matchPolicy(resources, at),
    ...ruleGuards(resources.resourceRules, `${at}.resourceRules`, isLarge),
    ...ruleExclusions(resources.excludeResourceRules, `${at}.excludeResourceRules`, isLarge),
  ] : [];
}

/** With `Exact`, another version or group of the same resource passes unseen. */
function matchPolicy({ matchPolicy: policy }: Json, at: string): Fact[] {
  return [level('matchPolicy', policy === 'Exact' ? 0 : 1, policy === undefined ? 'missing (Equivalent)' : String(policy), MEDIUM, `${at}.matchPolicy`)];
}
