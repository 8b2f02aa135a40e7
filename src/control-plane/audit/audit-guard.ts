import { AuditLevel, AuditResources, AuditRule } from './audit-rule';
import { invalid } from '../../core/errors';

interface Target {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
}

/** What carries secrets, tokens or credentials in its bodies. */
const CONFIDENTIAL: Target[] = [
  { group: '', resource: 'secrets' },
  { group: '', resource: 'configmaps' },
  { group: '', resource: 'serviceaccounts', subresource: 'token' },
  { group: 'authentication.k8s.io', resource: 'tokenreviews' },
  { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' },
  { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', subresource: 'approval' },
  { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', subresource: 'status' },
];

/** Refuses an order of rules in which the body of something confidential can reach the log. */
export function checkNoConfidentialBodies(rules: AuditRule[]): void {
  rules.forEach((rule, index) => {
    const leaked = CONFIDENTIAL.find((target) =>
      logsBodies(rule) && mayMatch(rule, target) && !rules.slice(0, index).some((earlier) => !logsBodies(earlier) && shields(earlier, rule, target)));
    if (leaked) {
      throw invalid({
        at: 'AuditPolicy',
        property: `rules[${index}]`,
        got: rule,
        allowed: `a rule that never logs bodies of ${text(leaked)}`,
        fix: `Put a rule of level Metadata for ${text(leaked)} before it, with no narrower users, verbs or namespaces: the log would hold secrets.`,
        source: 'CIS cis-1.12 3.2.2',
      });
    }
  });
}

/** True if the rule matches every request. */
export function matchesEverything(rule: AuditRule): boolean {
  return !rule.users && !rule.userGroups && !rule.verbs && !rule.resources && !rule.namespaces && !rule.nonResourceUrls;
}

function logsBodies(rule: AuditRule): boolean {
  return rule.level === AuditLevel.REQUEST || rule.level === AuditLevel.REQUEST_RESPONSE;
}

function mayMatch(rule: AuditRule, target: Target): boolean {
  return !rule.nonResourceUrls && (!rule.resources || rule.resources.some((entry) => covers(entry, target)));
}

/** True if every request for the target that the later rule matches is decided by the earlier one. */
function shields(earlier: AuditRule, later: AuditRule, target: Target): boolean {
  const wide = !earlier.nonResourceUrls && (!earlier.resources || earlier.resources.some((entry) => !entry.resourceNames && covers(entry, target)));
  return wide && includesAll(earlier.users, later.users) && includesAll(earlier.userGroups, later.userGroups)
    && includesAll(earlier.verbs, later.verbs) && includesAll(earlier.namespaces, later.namespaces);
}

function includesAll(wide: string[] | undefined, narrow: string[] | undefined): boolean {
  return !wide || (narrow?.every((item) => wide.includes(item)) ?? false);
}

/** As the API server matches resources (apiserver/pkg/audit/policy). */
function covers(entry: AuditResources, target: Target): boolean {
  if ((entry.group ?? '') !== target.group) {
    return false;
  }
  const whole = target.subresource === undefined ? target.resource : `${target.resource}/${target.subresource}`;
  return !entry.resources || entry.resources.some((resource) => resource === '*' || resource === whole
    || resource === `${target.resource}/*` || (target.subresource !== undefined && resource === `*/${target.subresource}`));
}

function text(target: Target): string {
  const whole = target.subresource === undefined ? target.resource : `${target.resource}/${target.subresource}`;
  return target.group === '' ? whole : `${whole} of ${target.group}`;
}
