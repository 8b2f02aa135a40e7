import { AuditRequest } from './audit-request';
import { AuditResources, AuditRule } from './audit-rule';

/** Whether a rule matches a request, as the API server decides it (k8s.io/apiserver, pkg/audit/policy). */
export function ruleMatches(rule: AuditRule, request: AuditRequest): boolean {
  const { user, groups = [], verb, resource, namespace = '' } = request;
  const { users, userGroups, verbs, namespaces, resources, nonResourceUrls } = rule;
  if (users && (user === undefined || !users.includes(user))) {
    return false;
  }
  if (userGroups && (user === undefined || !groups.some((group) => userGroups.includes(group)))) {
    return false;
  }
  if (verbs && !verbs.includes(verb)) {
    return false;
  }
  if (namespaces || resources) {
    return resource !== undefined && (!namespaces || namespaces.includes(namespace))
      && (!resources || resources.some((entry) => entryMatches(entry, request)));
  }
  return !nonResourceUrls || (resource === undefined && nonResourceUrls.some((url) => pathMatches(url, request.path ?? '')));
}

/** Whether an entry of a rule speaks of a resource or subresource, names aside. */
export function covers(entry: AuditResources, { group = '', resource, subresource }: Pick<AuditRequest, 'group' | 'resource' | 'subresource'>): boolean {
  const whole = subresource === undefined ? resource : `${resource}/${subresource}`;
  return (entry.group ?? '') === group && (!entry.resources || entry.resources.some((pattern) => pattern === '*' || pattern === whole
    || pattern === `${resource}/*` || (subresource !== undefined && pattern === `*/${subresource}`)));
}

/** Whether a path fits one that may end in a star. */
export function pathMatches(pattern: string, path: string): boolean {
  return pattern.endsWith('*') ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}

function entryMatches(entry: AuditResources, request: AuditRequest): boolean {
  return covers(entry, request) && (!entry.resourceNames || entry.resourceNames.includes(request.name ?? ''));
}
