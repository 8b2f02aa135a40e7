import { objectsIn, textsIn } from './lists';
import { KindRule, ProtectedBy } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { Fact, grant, guard, level } from '../facts';

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
  facts: ({ spec }) => (isObject(spec) ? [...actions(spec), ...matched(spec.matchResources, 'spec.matchResources')] : []),
  selectors: ({ spec }) => (isObject(spec) ? selectors(spec.matchResources, 'spec.matchResources') : []),
};

export const WEBHOOK_RULE: KindRule = {
  id: 'admission-webhook',
  presence: { ...PROTECTS, text: 'an admission webhook' },
  facts: ({ webhooks }) => objectsIn(webhooks).flatMap((webhook) => {
    const at = `webhooks[${String(webhook.name)}]`;
    return [
      guard(at, `the webhook ${String(webhook.name)}`, HIGH, at),
      ...[...failurePolicy(webhook), ...conditions(webhook), ...rules(webhook.rules, 'rules')].map((fact) => within(at, fact)),
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
  return { ...fact, key: `${at} ${fact.key}`, path };
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

function matched(resources: unknown, at: string): Fact[] {
  return isObject(resources) ? [
    ...rules(resources.resourceRules, `${at}.resourceRules`),
    ...rules(resources.excludeResourceRules, `${at}.excludeResourceRules`)
      .map(({ key, path, severity }) => grant(`exclusion ${key}`, `what it excludes: ${key}`, severity, { path })),
  ] : [];
}

function rules(all: unknown, path: string): Fact[] {
  return objectsIn(all).flatMap(({ apiGroups, resources, operations, resourceNames }) => {
    const names = textsIn(resourceNames).length === 0 ? '' : ` ${textsIn(resourceNames).join(', ')}`;
    const targets = textsIn(apiGroups).flatMap((group) => textsIn(resources).map((resource) => `${resource}${group === '' ? '' : `.${group}`}${names}`));
    return targets.flatMap((target) => textsIn(operations).map((operation) => guard(`${operation} of ${target}`, `the look at ${operation} of ${target}`, HIGH, path)));
  });
}
