import { AuditLevel, AuditResources, AuditRule, AuditStage } from './audit-rule';
import { checkBoolean } from '../../core/boolean';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';

const AT = 'AuditPolicy';
const API_VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const HTTP_VERBS = ['get', 'head', 'post', 'put', 'patch', 'delete', 'options'];
const RULE_KEYS: KnownProps<AuditRule> = {
  level: true, users: true, userGroups: true, verbs: true, resources: true, namespaces: true, nonResourceUrls: true, omitStages: true,
  omitManagedFields: true,
};
const RESOURCES_KEYS: KnownProps<AuditResources> = { group: true, resources: true, resourceNames: true };
const NEVER_SILENT = ['system:masters', 'system:nodes', 'system:serviceaccounts:kube-system'];

/** Refuses a rule that the API server would refuse, or would load and understand differently from how it reads. */
export function checkAuditRule(rule: AuditRule, index: number): void {
  const at = `rules[${index}]`;
  checkKeys(rule, RULE_KEYS, at);
  if (!Object.values(AuditLevel).includes(rule.level)) {
    throw refused(`${at}.level`, rule.level, `one of ${Object.values(AuditLevel).join(', ')}`, 'Take a value of AuditLevel.');
  }
  checkStages(rule.omitStages, `${at}.omitStages`, rule.users !== undefined || rule.userGroups !== undefined);
  if (rule.omitManagedFields !== undefined) {
    checkBoolean(rule.omitManagedFields, `${at}.omitManagedFields`, true, AT);
  }
  checkNames(rule.users, `${at}.users`);
  checkNames(rule.userGroups, `${at}.userGroups`);
  checkNames(rule.namespaces, `${at}.namespaces`, true);
  checkVerbs(rule, at);
  checkNonResourceUrls(rule, at);
  checkNotEmpty(rule.resources, `${at}.resources`, 'resources with their groups');
  rule.resources?.forEach((entry, i) => checkResources(entry, `${at}.resources[${i}]`));
  if (rule.level === AuditLevel.NONE) {
    checkSilence(rule, at);
  }
}

/**
 * Refuses stages without which a request would leave no record.
 * @param named whether the rule matches only users that have a name: whose credentials were refused has none
 */
export function checkStages(stages: AuditStage[] | undefined, property: string, named: boolean): void {
  const list = stages === undefined ? [] : checkList(stages, property, 'stages', AT);
  const unknown = list.find((stage) => !Object.values(AuditStage).includes(stage));
  if (unknown !== undefined) {
    throw refused(property, unknown, `${Object.values(AuditStage).join(', ')}: the end of a request and a panic always leave their record`,
      'Leave the stage in the log.');
  }
  if (!named && list.includes(AuditStage.RESPONSE_STARTED)) {
    throw refused(property, AuditStage.RESPONSE_STARTED, `${AuditStage.REQUEST_RECEIVED}; the other only in rules with users or userGroups`,
      'Leave the stage in the log, or give the rule userGroups: [\'system:authenticated\']: it is the only record of a request whose credentials were refused.');
  }
}

/** A misspelt property restricts nothing: the rule would match far more than it seems to. */
function checkKeys<T extends object>(value: T, known: KnownProps<T>, property: string): void {
  checkProps(value, known, { at: AT, property, fix: 'Correct the name: without it the rule would match more than it seems to.' });
}

function checkVerbs(rule: AuditRule, at: string): void {
  checkNames(rule.verbs, `${at}.verbs`);
  const known = rule.nonResourceUrls ? HTTP_VERBS : [...new Set([...API_VERBS, ...(rule.resources || rule.namespaces ? [] : HTTP_VERBS)])];
  const unknown = rule.verbs?.find((verb) => !known.includes(verb));
  if (unknown !== undefined) {
    throw refused(`${at}.verbs`, unknown, known.join(', '), 'Correct the verb: an unknown one loads and matches nothing.');
  }
}

function checkNonResourceUrls(rule: AuditRule, at: string): void {
  checkTexts(rule.nonResourceUrls, `${at}.nonResourceUrls`, 'paths');
  if (rule.nonResourceUrls && (rule.resources || rule.namespaces)) {
    throw refused(`${at}.nonResourceUrls`, rule.nonResourceUrls, 'paths alone, without resources and namespaces', 'Make two rules of it.');
  }
  const wrong = rule.nonResourceUrls?.find((url) => !/^\/[^*\s]*\*?$/.test(url));
  if (wrong !== undefined) {
    throw refused(`${at}.nonResourceUrls`, wrong, 'a path from / on, with no wildcard but a * at its end', 'Correct the path, for instance /livez*.');
  }
}

function checkResources(entry: AuditResources, at: string): void {
  checkKeys(entry, RESOURCES_KEYS, at);
  const group = entry.group ?? '';
  if (group === '*') {
    throw refused(`${at}.group`, group, 'one API group', 'Name each group: the API server refuses the wildcard before 1.36, and it hides what the rule covers.');
  }
  if (['core', 'v1'].includes(group)) {
    throw refused(`${at}.group`, group, 'an API group', 'Leave group out for the core group: this one loads and matches nothing.');
  }
  if (typeof group !== 'string' || (group !== '' && !/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(group))) {
    throw refused(`${at}.group`, group, 'an API group in lower case, without a version', 'Write it as in rbac.authorization.k8s.io.');
  }
  checkTexts(entry.resources, `${at}.resources`, 'resources');
  entry.resources?.forEach((resource) => checkResource(resource, `${at}.resources`));
  checkNames(entry.resourceNames, `${at}.resourceNames`);
  if (entry.resourceNames && !entry.resources) {
    throw refused(`${at}.resourceNames`, entry.resourceNames, 'names together with resources', 'Name the resources too.');
  }
}

function checkResource(resource: string, property: string): void {
  const [name] = resource.split('/');
  if (name.includes('.')) {
    throw refused(property, resource, 'a resource without its API group',
      'Write group and resource apart, as in { group: \'authentication.k8s.io\', resources: [\'tokenreviews\'] }: together they load and match nothing.');
  }
  if (resource === '*/*' || !/^([a-z0-9-]+|\*)(\/([a-z0-9-]+|\*))?$/.test(resource)) {
    throw refused(property, resource, 'a resource in lower-case plural, such as pods, pods/exec, pods/* or */scale',
      'Correct the name: a wrong one loads and matches nothing.');
  }
}

function checkSilence(rule: AuditRule, at: string): void {
  const loud = rule.userGroups?.find((group) => NEVER_SILENT.includes(group));
  if (loud !== undefined) {
    throw refused(`${at}.userGroups`, loud, `with the level None, groups other than ${NEVER_SILENT.join(', ')}`,
      'Log them at Metadata at least: what an attacker does with their rights would leave no trace.');
  }
  if (!rule.resources && !rule.nonResourceUrls) {
    throw refused(at, rule, 'with the level None, a rule that names resources or nonResourceUrls',
      'Say what is not worth a record: otherwise everything that these users do leaves no trace.');
  }
}

function checkNames(list: string[] | undefined, property: string, emptyTextAllowed = false): void {
  checkTexts(list, property, 'names');
  const wrong = list?.find((item) => item === '*' || (item === '' && !emptyTextAllowed));
  if (wrong !== undefined) {
    throw refused(property, wrong, 'whole names: there are no wildcards here', 'Leave the property out to match all.');
  }
}

function checkTexts(list: string[] | undefined, property: string, what: string): void {
  checkNotEmpty(list, property, what);
  const index = list?.findIndex((item) => typeof item !== 'string' || /[\p{Cc}]/u.test(item)) ?? -1;
  if (index >= 0) {
    throw refused(`${property}[${index}]`, list?.[index], 'text without control characters', 'Correct or remove it.');
  }
}

function checkNotEmpty(list: unknown[] | undefined, property: string, what: string): void {
  if (list !== undefined && checkList(list, property, what, AT).length === 0) {
    throw refused(property, list, 'at least one entry', 'Leave the property out to match all: the API server reads an empty list so.');
  }
}

function refused(property: string, got: unknown, allowed: string, fix: string): Error {
  return invalid({ at: AT, property, got, allowed, fix });
}
