import { KindRule } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { Fact, grant, Grant } from '../facts';

const MOST = 5000;

/** Verbs and resources that lead to more rights than they name. */
const DANGEROUS = new Set(['*', 'escalate', 'bind', 'impersonate', 'secrets', 'pods/exec', 'pods/attach', 'nodes/proxy', 'serviceaccounts/token', 'roles', 'clusterroles',
  'rolebindings', 'clusterrolebindings', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations']);
const READING = new Set(['get', 'list', 'watch']);

interface Right extends Grant {
  readonly parts: readonly string[];
}

/** Rights that a role grants. */
export const ROLE_RULE: KindRule = {
  id: 'rbac-rules',
  countsAlone: true,
  told: ['rules'],
  facts: ({ rules }) => (Array.isArray(rules) ? rules : []).filter(isObject).flatMap(rights).slice(0, MOST),
};

/** Who is bound to what. */
export const BINDING_RULE: KindRule = {
  id: 'rbac-binding',
  countsAlone: true,
  told: ['subjects'],
  facts: bindingFacts,
};

function rights({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Json): Fact[] {
  const names = texts(resourceNames);
  return texts(verbs).flatMap((verb) => [
    ...texts(nonResourceURLs).map((url) => right(['url', url, verb], `${verb} on ${url}`)),
    ...texts(apiGroups).flatMap((group) => texts(resources).flatMap((resource) => (names.length > 0 ? names : ['']).map((name) => (
      right(['resource', group, resource, name, verb], `${verb === '*' ? 'every verb' : verb} on ${resource === '*' ? 'every resource' : resource}`
        + `${group === '' ? '' : ` of ${group === '*' ? 'every group' : group}`}${name === '' ? '' : ` "${name}"`}`)
    )))),
  ]);
}

function right(parts: readonly string[], text: string): Right {
  const severity = parts.some((each) => DANGEROUS.has(each)) ? Severity.HIGH : READING.has(parts[parts.length - 1]) ? Severity.LOW : Severity.MEDIUM;
  const made: Right = {
    ...grant(parts.join('\n'), text, severity), parts,
    // Only what is wide covers another; the rest is found by its key.
    ...(isWide(parts) && { covers: (other: Grant) => coversAll(parts, (other as Right).parts) }),
  };
  return made;
}

function isWide(parts: readonly string[]): boolean {
  return parts.some((each, i) => i > 0 && (each.endsWith('*') || (parts[0] === 'resource' && i === 3 && each === '')));
}

function coversAll(wide: readonly string[], narrow: readonly string[]): boolean {
  return wide[0] === narrow[0] && wide.every((each, i) => {
    const other = narrow[i];
    if (each === other || each === '*') {
      return true;
    }
    if (wide[0] === 'url') {
      return i === 1 && each.endsWith('*') && other.startsWith(each.slice(0, -1));
    }
    return i === 3 ? each === '' : i === 2 && each.startsWith('*/') && other.endsWith(each.slice(1));
  });
}

function bindingFacts({ kind, metadata, roleRef, subjects }: Json): Fact[] {
  const role = isObject(roleRef) ? `${String(roleRef.kind)} ${String(roleRef.name)}` : 'no role';
  const namespace = kind === 'RoleBinding' && isObject(metadata) ? metadata.namespace : undefined;
  const severity = /^ClusterRole (cluster-admin|admin|edit|system:.*)$/.test(role) ? Severity.HIGH : Severity.MEDIUM;
  return (Array.isArray(subjects) ? subjects : []).filter(isObject).map((subject) => {
    const owner = subject.kind === 'ServiceAccount' ? `${String(subject.namespace ?? namespace ?? '')}/` : '';
    const whole = `${String(subject.kind)} ${owner}${String(subject.name)}`;
    return grant(`${role}\n${whole}`, `${whole} what ${role} grants`, severity);
  });
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((each): each is string => typeof each === 'string') : [];
}
