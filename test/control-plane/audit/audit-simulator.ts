import { AuditLevel, AuditRule } from '../../../src/control-plane/audit/audit-rule';

export interface AuditRequest {
  readonly user: string;
  readonly groups: string[];
  readonly verb: string;
  readonly namespace: string;
  readonly group: string;
  /** Empty for a path that is no resource. */
  readonly resource: string;
  readonly subresource?: string;
  readonly name?: string;
  readonly path?: string;
}

/** What the API server decides, written down once more from its documentation, so that the guard is not tested by itself. */
export function levelOf(rules: AuditRule[], request: AuditRequest): AuditLevel {
  return rules.find((rule) => matches(rule, request))?.level ?? AuditLevel.NONE;
}

/** The index of the rule that decides; -1 for none. */
export function ruleOf(rules: AuditRule[], request: AuditRequest): number {
  return rules.findIndex((rule) => matches(rule, request));
}

function matches(rule: AuditRule, request: AuditRequest): boolean {
  const { users, userGroups } = rule;
  const people = (!users || users.includes(request.user)) && (!userGroups || request.groups.some((group) => userGroups.includes(group)));
  if (!people || (rule.verbs && !rule.verbs.includes(request.verb))) {
    return false;
  }
  if (rule.namespaces || rule.resources) {
    const here = !rule.namespaces || rule.namespaces.includes(request.namespace);
    return request.resource !== '' && here && (!rule.resources || rule.resources.some((entry) => (entry.group ?? '') === request.group
      && (!entry.resources || entry.resources.some((pattern) => resourceMatches(pattern, request)))
      && (!entry.resourceNames || entry.resourceNames.includes(request.name ?? ''))));
  }
  return !rule.nonResourceUrls || (request.resource === '' && rule.nonResourceUrls.some((url) =>
    url.endsWith('*') ? request.path!.startsWith(url.slice(0, -1)) : request.path === url));
}

function resourceMatches(pattern: string, request: AuditRequest): boolean {
  const [resource, subresource] = pattern.split('/');
  if (pattern === '*') {
    return true;
  }
  const resourceFits = resource === request.resource || (resource === '*' && request.subresource !== undefined);
  return resourceFits && (subresource === '*' || subresource === request.subresource);
}
