import { covers, pathMatches } from './audit-match';
import { AuditLevel, AuditRule } from './audit-rule';
import { invalid } from '../../core/errors';

interface Target {
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** Left out: all. */
  readonly verbs?: string[];
}

const SOURCE = 'CIS cis-1.12 3.2.2';
const WRITES = ['create', 'update', 'patch', 'delete', 'deletecollection'];

const CREDENTIALS: Target[] = [
  { group: '', resource: 'secrets' },
  { group: '', resource: 'serviceaccounts', subresource: 'token' },
  { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' },
  { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', subresource: 'approval' },
  { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', subresource: 'status' },
];

/** What carries secrets, tokens or credentials in its bodies. */
const CONFIDENTIAL: Target[] = [
  ...CREDENTIALS,
  { group: '', resource: 'configmaps' },
  { group: 'authentication.k8s.io', resource: 'tokenreviews' },
];

/** By what an attacker gets credentials, commands or rights. */
const REVEALING: Target[] = [
  ...CREDENTIALS,
  ...['exec', 'attach', 'portforward', 'proxy', 'ephemeralcontainers'].map((subresource) => ({ group: '', resource: 'pods', subresource })),
  { group: '', resource: 'services', subresource: 'proxy' },
  { group: '', resource: 'nodes', subresource: 'proxy' },
  ...['roles', 'rolebindings', 'clusterroles', 'clusterrolebindings'].map((resource) => ({ group: 'rbac.authorization.k8s.io', resource, verbs: WRITES })),
  ...['validatingwebhookconfigurations', 'mutatingwebhookconfigurations', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings',
    'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings'].map((resource) => ({ group: 'admissionregistration.k8s.io', resource, verbs: WRITES })),
];

/** Where the API server serves its memory and its node's logs. */
const REVEALING_PATHS = ['/debug/pprof/heap', '/logs/'];

/** Refuses an order of rules in which the body of something confidential can reach the log. */
export function checkNoConfidentialBodies(rules: AuditRule[]): void {
  const leak = firstUnshielded(rules, CONFIDENTIAL, logsBodies);
  if (leak) {
    throw invalid({
      at: 'AuditPolicy',
      property: `rules[${leak.index}]`,
      got: rules[leak.index],
      allowed: `a rule that never logs bodies of ${text(leak.target)}`,
      fix: `Put a rule of level Metadata for ${text(leak.target)} before it, with no narrower users, verbs or namespaces: the log would hold secrets.`,
      source: SOURCE,
    });
  }
}

/** Refuses an order of rules in which somebody gets credentials, commands or rights and leaves no trace. */
export function checkNoHiddenAccess(rules: AuditRule[]): void {
  const gap = firstUnshielded(rules, REVEALING, isSilent);
  if (gap) {
    throw invalid({
      at: 'AuditPolicy',
      property: `rules[${gap.index}]`,
      got: rules[gap.index],
      allowed: `with the level None, a rule that leaves out ${text(gap.target)}${gap.target.verbs ? ', but for reading' : ''}`,
      fix: `Put a rule of level Metadata for ${text(gap.target)} before it, with no narrower users, verbs or namespaces: an attacker would leave no trace.`,
      source: SOURCE,
    });
  }
  rules.forEach((rule, index) => {
    const wide = isSilent(rule) && rule.nonResourceUrls?.find((url) => REVEALING_PATHS.some((path) => pathMatches(url, path)));
    if (wide) {
      throw invalid({
        at: 'AuditPolicy', property: `rules[${index}].nonResourceUrls`, got: wide, allowed: 'with the level None, paths other than those below /debug and /logs',
        fix: 'Name the paths that are not worth a record, such as /livez*: an attacker reads memory and logs there.', source: SOURCE,
      });
    }
  });
}

/** True if the rule matches every request. */
export function matchesEverything(rule: AuditRule): boolean {
  return !rule.users && !rule.userGroups && !rule.verbs && !rule.resources && !rule.namespaces && !rule.nonResourceUrls;
}

/** The first rule of a kind that can decide about a target. */
function firstUnshielded(rules: AuditRule[], targets: Target[], isKind: (rule: AuditRule) => boolean): { index: number; target: Target } | undefined {
  for (const [index, rule] of rules.entries()) {
    const target = isKind(rule) && targets.find((candidate) => mayMatch(rule, candidate)
      && !rules.slice(0, index).some((earlier) => !isKind(earlier) && shields(earlier, rule, candidate)));
    if (target) {
      return { index, target };
    }
  }
  return undefined;
}

function logsBodies(rule: AuditRule): boolean {
  return rule.level === AuditLevel.REQUEST || rule.level === AuditLevel.REQUEST_RESPONSE;
}

function isSilent(rule: AuditRule): boolean {
  return rule.level === AuditLevel.NONE;
}

function mayMatch(rule: AuditRule, target: Target): boolean {
  return !rule.nonResourceUrls && (!rule.resources || rule.resources.some((entry) => covers(entry, target)))
    && (!rule.verbs || !target.verbs || target.verbs.some((verb) => rule.verbs!.includes(verb)));
}

/** True if every request for the target that the later rule matches is decided by the earlier one. */
function shields(earlier: AuditRule, later: AuditRule, target: Target): boolean {
  const wide = !earlier.nonResourceUrls && (!earlier.resources || earlier.resources.some((entry) => !entry.resourceNames && covers(entry, target)));
  const verbs = target.verbs?.filter((verb) => !later.verbs || later.verbs.includes(verb)) ?? later.verbs;
  return wide && includesAll(earlier.users, later.users) && includesAll(earlier.userGroups, later.userGroups)
    && includesAll(earlier.verbs, verbs) && includesAll(earlier.namespaces, later.namespaces);
}

function includesAll(wide: string[] | undefined, narrow: string[] | undefined): boolean {
  return !wide || (narrow?.every((item) => wide.includes(item)) ?? false);
}

function text(target: Target): string {
  const whole = target.subresource === undefined ? target.resource : `${target.resource}/${target.subresource}`;
  return target.group === '' ? whole : `${whole} of ${target.group}`;
}
