import { below, CelItem, itemOf } from './cel-item';
import { and, Cel, celString, choice, optionalSteps, or, relation, tight } from './cel-text';
import { PolicyVariable } from './policy-variables';
import { readPaths } from './read-paths';
import { ResourceRule, resourceRules } from './resource-rules';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { Path } from '../path';
import { RequirementNode } from '../requirement-node';
import { PodTemplateLocation } from '../subject';

/** Kinds that a policy can't look into: their templates are in lists, or there are several. Their Pods are judged when they are created. */
export function judgedAsPodsOnly(templates: readonly PodTemplateLocation[]): PodTemplateLocation[] {
  return distinct(templates).filter((location) => !isSingle(location));
}

const SPEC: CelItem = { ...itemOf('variables.spec'), outside: { place: ['spec'] } };

/** The pod template of whatever kind, as requirements are written about it. */
export const TEMPLATE: CelItem = { ...itemOf('variables.template'), spec: SPEC, old: itemOf('variables.oldTemplate') };

/** The containers of a pod, by the lists that a requirement is about. */
export function containersIn(lists: readonly string[]): string {
  return lists.length === 1 ? `variables.spec.${lists[0]}` : lists.includes('ephemeralContainers') ? 'variables.containers' : 'variables.declaredContainers';
}

/** What to match: every kind with one pod template, and what else changes Pods. */
export function templateRules(templates: readonly PodTemplateLocation[], version: KubernetesVersion): ResourceRule[] {
  const ofPods = ['pods', 'pods/ephemeralcontainers', ...(version.atLeast(KubernetesVersion.V1_33) ? ['pods/resize'] : [])];
  return resourceRules(distinct(templates).filter(isSingle).map(({ group, versions, resource }) => ({
    group, versions, resources: group === '' && resource === 'pods' ? ofPods : [resource],
  })), ['CREATE', 'UPDATE']);
}

/** What expressions about `TEMPLATE` are written with. */
export function templateVariables(node: RequirementNode, templates: readonly PodTemplateLocation[]): PolicyVariable[] {
  const locations = distinct(templates).filter(isSingle);
  // Lists that a custom resource writes as null count as left out.
  const list = (name: string) => `optional.ofNonZeroValue(variables.spec.?${name}.orValue([])).orValue([])`;
  const declared = `${list('initContainers')} + variables.spec.containers`;
  return [
    { name: 'template', expression: byKind(locations, (path) => (path.length === 0 ? 'dyn(object)' : `dyn(object)${optionalSteps(path)}.orValue(null)`)) },
    { name: 'spec', expression: 'variables.template.spec' },
    // Not an optional: steps from a variable that holds one lead nowhere.
    { name: 'oldTemplate', expression: byKind(locations, (path) => (path.length === 0 ? 'dyn(oldObject)' : `dyn(oldObject)${optionalSteps(path)}.orValue({})`)) },
    { name: 'changed', expression: changed(node).text },
    { name: 'declaredContainers', expression: declared },
    { name: 'containers', expression: `${declared} + ${list('ephemeralContainers')}` },
  ];
}

/**
 * Whether there is something to judge: an object that is new, or whose pod spec or what else the requirement reads isn't what it was. Of a Pod,
 * its containers and what the requirement reads: the rest changes only by those that schedule it.
 */
function changed(node: RequirementNode): Cel {
  const paths = readPaths(node);
  const ofSpec = paths.filter(([step]) => step === 'spec');
  const fields = [...new Set(['containers', 'ephemeralContainers', 'initContainers', ...ofSpec.map(([, field]) => field ?? '')])].sort();
  const wholeSpec = relation('variables.spec != variables.oldTemplate.?spec.orValue(null)');
  const podSpec = tight(`[${fields.map(celString).join(', ')}].exists(f, variables.spec[?f] != variables.oldTemplate.?spec[?f])`);
  const others = paths.filter(([step]) => step !== 'spec').map((path) => relation(`${below(TEMPLATE, path).chain} != ${below(TEMPLATE.old!, path).chain}`));
  const spec = fields.includes('') ? wholeSpec : choice(relation('object.kind == \'Pod\''), podSpec, wholeSpec);
  return and(relation('variables.template != null'), or(relation('request.operation != \'UPDATE\''), spec, ...others));
}

/** An expression that depends on where the template is. */
function byKind(locations: readonly PodTemplateLocation[], write: (path: Path) => string): string {
  const byPath = new Map<string, PodTemplateLocation[]>();
  for (const location of locations) {
    const key = location.templates[0].join('.');
    byPath.set(key, [...(byPath.get(key) ?? []), location]);
  }
  const most = [...byPath.values()].sort((a, b) => b.length - a.length)[0];
  return [...byPath.values()].filter((group) => group !== most).reduceRight(
    (otherwise, group) => `${isOneOfKinds(group, locations).text} ? ${write(group[0].templates[0])} : ${otherwise}`,
    write(most[0].templates[0]),
  );
}

function isOneOfKinds(group: readonly PodTemplateLocation[], all: readonly PodTemplateLocation[]): Cel {
  const ambiguous = ({ kind }: PodTemplateLocation) => all.some((other) => other.kind === kind && !group.includes(other));
  const plain = group.filter((location) => !ambiguous(location)).map(({ kind }) => celString(kind));
  const plainKinds = plain.length === 0 ? [] : [relation(plain.length === 1 ? `object.kind == ${plain[0]}` : `object.kind in [${plain.join(', ')}]`)];
  return or(...plainKinds, ...group.filter(ambiguous).map(({ kind, group: name }) => and(
    relation(`object.kind == ${celString(kind)}`), ofGroup(name),
  )));
}

/** Whether the object's kind is of a group; empty for the core group. */
export function ofGroup(name: string): Cel {
  return name === '' ? relation('!object.apiVersion.contains(\'/\')') : tight(`object.apiVersion.startsWith(${celString(`${name}/`)})`);
}

function isSingle({ templates, shape }: PodTemplateLocation): boolean {
  return shape === undefined && templates.length === 1 && !templates[0].some((step) => step === '[]' || step === '{}');
}

/** A later location replaces an earlier one of the same kind. */
function distinct(templates: readonly PodTemplateLocation[]): PodTemplateLocation[] {
  return templates.filter((each, i) => !templates.some((other, j) => j > i && other.group === each.group && other.kind === each.kind));
}
