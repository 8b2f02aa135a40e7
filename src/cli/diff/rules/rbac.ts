import { listed, objectsIn } from './lists';
import { KindRule } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { groupBy } from '../../../evidence/group-by';
import { Directed, Fact, grant, Grant } from '../facts';

/** Rights of one role that are compared one by one. */
const MOST = 20_000;

/** Verbs and resources that lead to more rights than they name. */
const DANGEROUS = new Set(['*', 'escalate', 'bind', 'impersonate', 'secrets', 'pods/exec', 'pods/attach', 'nodes/proxy', 'serviceaccounts/token', 'roles', 'clusterroles',
  'rolebindings', 'clusterrolebindings', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings', 'mutatingwebhookconfigurations', 'validatingwebhookconfigurations']);
const READING = new Set(['get', 'list', 'watch']);

/** Rights that a role grants. */
export const ROLE_RULE: KindRule = {
  id: 'rbac-rules',
  countsAlone: true,
  told: ['rules'],
  isLarge: ({ rules }) => objectsIn(rules).reduce((sum, rule) => sum + countOf(rule), 0) > MOST,
  facts: ({ rules, metadata }, isLarge) => [...objectsIn(rules).flatMap(isLarge ? wholeRules : rights), ...aggregated(metadata)],
  together: byResource,
};

/** `allows update, patch on pods`: a right of its own for each verb is more than anybody reads. */
function byResource(changes: readonly Directed[]): Directed[] {
  const groups = groupBy(changes, ({ verdict, severity, message }) => {
    const [, allows, resource] = RIGHT.exec(message) ?? [];
    return allows === undefined ? message : JSON.stringify([verdict, severity, allows, resource]);
  });
  return [...groups.values()].map(([first, ...more]) => {
    const [, allows, resource] = RIGHT.exec(first.message) ?? [];
    const verbs = [first, ...more].map(({ message }) => message.slice(`${allows} `.length, message.indexOf(' on ')));
    return more.length === 0 ? first : { ...first, message: `${allows} ${verbs.join(', ')} on ${resource}` };
  });
}

const RIGHT = /^(allows|no longer allows) [\w*-]+ on (.+)$/s;

const AGGREGATE = /^rbac\.authorization\.k8s\.io\/aggregate-to-(.+)$/;

/** Rights that are added to those of another role. */
function aggregated(metadata: unknown): Fact[] {
  const labels = isObject(metadata) && isObject(metadata.labels) ? Object.entries(metadata.labels) : [];
  return labels.flatMap(([label, value]) => {
    const [, role] = AGGREGATE.exec(label) ?? [];
    return role === undefined || value !== 'true' ? [] : [
      grant(`aggregate\n${role}`, `everybody with the role ${role} what it grants`, Severity.HIGH, { path: `metadata.labels["${label}"]`, shelf: 'aggregate', shelves: () => [] }),
    ];
  });
}

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

function right(parts: readonly string[], text: string): Grant {
  return grant(parts.join('\n'), text, severityOf(parts.slice(1), parts.slice(-1)), {
    ...(isWide(parts) && { covers: () => true }),
    shelf: parts.join('\n'), shelves: () => widerThan(parts),
  });
}

function severityOf(words: readonly string[], verbs: readonly string[]): Severity {
  return words.some((each) => DANGEROUS.has(each)) ? Severity.HIGH : verbs.every((each) => READING.has(each)) ? Severity.LOW : Severity.MEDIUM;
}

/** Only what is wide covers another; the rest is found by its key. */
function isWide(parts: readonly string[]): boolean {
  return parts.some((each, i) => i > 0 && (each.endsWith('*') || (parts[0] === 'resource' && i === 3 && each === '')));
}

/** Characters of a path for which wildcards are looked for. */
const LONGEST_PATH = 250;

/** Every right that covers this one. A name of an object is no pattern. */
function widerThan([type, first, ...rest]: readonly string[]): string[] {
  if (type === 'url') {
    const paths = [first, ...Array.from({ length: Math.min(first.length, LONGEST_PATH) + 1 }, (_, i) => `${first.slice(0, i)}*`)];
    return product([[type], paths, orAny(rest[0])]);
  }
  const [resource, name, verb] = rest;
  const slash = resource.indexOf('/');
  const resources = [...orAny(resource), ...(slash === -1 ? [] : [`*${resource.slice(slash)}`])];
  return product([[type], orAny(first), resources, [name, ''], orAny(verb)]);
}

function orAny(word: string): string[] {
  return [word, '*'];
}

function product(words: readonly (readonly string[])[]): string[] {
  return words.reduce<string[]>((made, each, i) => (i === 0 ? [...each] : made.flatMap((start) => each.map((word) => `${start}\n${word}`))), []);
}

function countOf({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Json): number {
  const [groups, kinds, names, urls] = [apiGroups, resources, resourceNames, nonResourceURLs].map((each) => texts(each).length);
  return texts(verbs).length * (urls + groups * kinds * Math.max(1, names));
}

/** A rule as it is: what it allows is each of its verbs on each of its resources. */
interface WholeRule extends Grant {
  readonly parts: readonly ReadonlySet<string>[];
}

/** A rule is one of resources and one of paths. */
function wholeRules({ apiGroups, resources, resourceNames, nonResourceURLs, verbs }: Json): WholeRule[] {
  return [
    wholeRule('url', [texts(nonResourceURLs), texts(verbs)], (paths, does) => `${does} on ${paths}`),
    wholeRule('resource', [texts(apiGroups), texts(resources), texts(resourceNames).length > 0 ? texts(resourceNames) : [''], texts(verbs)], (groups, what, names, does) => (
      `${does} on ${what}${groups === '""' ? '' : ` of ${groups}`}${names === '""' ? '' : ` named ${names}`}`
    )),
  ].filter(({ parts }) => parts.every(({ size }) => size > 0));
}

function wholeRule(type: string, words: readonly (readonly string[])[], say: (...texts: string[]) => string): WholeRule {
  const parts = words.map((each) => new Set(each));
  const severity = severityOf(words.flat(), words[words.length - 1]);
  return {
    ...grant(JSON.stringify([type, ...parts.map((each) => [...each].sort())]), `all that one rule grants: ${say(...parts.map((each) => listed(dangerousFirst(each))))}`, severity),
    parts, shelf: type, shelves: () => [type],
    covers: (other) => (other as WholeRule).parts.every((each, i) => [...each].every((word) => coversWord(type, i, parts[i], word))),
  };
}

function coversWord(type: string, place: number, words: ReadonlySet<string>, word: string): boolean {
  const isPath = type === 'url' && place === 0;
  const isName = type === 'resource' && place === 2;
  const isResource = type === 'resource' && place === 1;
  return words.has(word) || words.has(isName ? '' : '*')
    || (isResource && word.includes('/') && words.has(`*${word.slice(word.indexOf('/'))}`))
    || (isPath && Array.from({ length: Math.min(word.length, LONGEST_PATH) }, (_, i) => `${word.slice(0, i)}*`).some((each) => words.has(each)));
}

function dangerousFirst(words: ReadonlySet<string>): string[] {
  return [...words].sort((a, b) => Number(DANGEROUS.has(b)) - Number(DANGEROUS.has(a)));
}

function bindingFacts({ kind, metadata, roleRef, subjects }: Json): Fact[] {
  const role = isObject(roleRef) ? `${String(roleRef.kind)} ${String(roleRef.name)}` : 'no role';
  const namespace = kind === 'RoleBinding' && isObject(metadata) ? metadata.namespace : undefined;
  const severity = /^ClusterRole (cluster-admin|admin|edit|system:.*)$/.test(role) ? Severity.HIGH : Severity.MEDIUM;
  return objectsIn(subjects).map((subject) => {
    const owner = subject.kind === 'ServiceAccount' ? `${String(subject.namespace ?? namespace ?? '')}/` : '';
    const whole = `${String(subject.kind)} ${owner}${String(subject.name)}`;
    return grant(`${role}\n${whole}`, `${whole} what ${role} grants`, severity);
  });
}

function texts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((each): each is string => typeof each === 'string') : [];
}
