import { below, CelItem, CelStep, valueOf } from './cel-item';
import { isEmpty, isOneOf } from './cel-leaf';
import { and, Cel, celScalar, celString, FALSE, or, relation, tight, TRUE } from './cel-text';
import { ofGroup } from './pod-templates';
import { PolicyVariable } from './policy-variables';
import { invalid } from '../../core/errors';
import { Exclusion } from '../exclusion';
import { isObject, parsePlace, Place, valueAt } from '../path';
import { commonPath, CONTAINER_LISTS, isLeaf, pathsOf, RequirementNode, Scalar } from '../requirement-node';
import { PodTemplateLocation } from '../subject';
import { BUILT_IN_TEMPLATES } from '../template-kinds';

/** What the controllers of a kind make on the way to their Pods, under names that nobody can foresee. */
const MADE_BY: Record<string, readonly string[]> = {
  Pod: [],
  Deployment: ['Pod', 'ReplicaSet'],
  CronJob: ['Job', 'Pod'],
  ReplicationController: ['Pod'],
  ReplicaSet: ['Pod'],
  StatefulSet: ['Pod'],
  DaemonSet: ['Pod'],
  Job: ['Pod'],
  PodTemplate: [],
};

/** Custom resources may make their Pods through any of the built-in controllers. */
const MADE_BY_OTHERS = ['DaemonSet', 'Deployment', 'Job', 'Pod', 'ReplicaSet', 'StatefulSet'];

/** What the tolerances of one control are about. */
interface ToleranceScope {
  readonly exclusions: readonly Exclusion[];
  /** Whether the root is a pod template. */
  readonly ofTemplates: boolean;
  readonly templates: readonly PodTemplateLocation[];
  /** For errors. */
  readonly at: string;
}

/** Where a policy lets through what its control finds: exactly what was waived. */
export class Tolerances {
  /** For each exclusion, whether the object at hand is one that it is about. */
  public readonly variables: PolicyVariable[] = [];
  private readonly unused: Set<Exclusion>;

  constructor(private readonly scope: ToleranceScope) {
    this.unused = new Set(scope.exclusions);
  }

  /** Whether a finding about a node and an item is tolerated. */
  public of(node: RequirementNode, item: CelItem): Cel {
    return or(...this.scope.exclusions.map((exclusion) => this.ofOne(exclusion, node, item)));
  }

  /** @throws if an exclusion is about nothing that the control could find */
  public checkAllUsed(): void {
    for (const exclusion of this.unused) {
      throw invalid({
        at: this.scope.at, property: 'exclusions', got: exclusion, allowed: 'a place that the control looks at', fix: 'Copy container, path and value from the finding.',
      });
    }
  }

  private ofOne(exclusion: Exclusion, node: RequirementNode, item: CelItem): Cel {
    const path = isLeaf(node) ? node.path : commonPath(node);
    const found = below(item, path);
    const at = exclusion.container === undefined ? found.outside : found.container;
    const where = at && this.where(exclusion, at.place);
    if (!where) {
      return FALSE;
    }
    this.unused.delete(exclusion);
    const container = found.container && relation(`${found.container.name} == ${celString(this.containerOf(exclusion))}`);
    return and(
      tight(`variables.${this.who(exclusion)}`),
      ...(container && (exclusion.container !== undefined || found.outside) ? [container] : []),
      ...where,
      this.what(exclusion, node, item),
    );
  }

  /** Conditions on loop variables under which a place is the exclusion's; undefined: never. */
  private where(exclusion: Exclusion, place: readonly CelStep[]): Cel[] | undefined {
    const path = this.pathOf(exclusion);
    if (path === undefined) {
      return [];
    }
    const conditions: Cel[] = [];
    const rest = [...path];
    for (const step of place) {
      const next = rest.shift();
      if (step === 'containers[]') {
        if (!CONTAINER_LISTS.some((list) => list === next) || typeof rest.shift() !== 'number') {
          return undefined;
        }
      } else if (typeof step === 'string') {
        if (next !== step) {
          return undefined;
        }
      } else if ('among' in step) {
        const field = step.among.find(({ path: each }) => each.every((name, i) => (i === 0 ? next : rest[i - 1]) === name));
        if (!field) {
          return undefined;
        }
        rest.splice(0, field.path.length - 1);
        conditions.push(relation(`${step.field} == ${field.chain}`));
      } else if ('key' in step) {
        conditions.push(relation(`${step.key} == ${celString(String(next))}`));
      } else {
        if (typeof next !== 'number') {
          return undefined;
        }
        if (exclusion.value === undefined) {
          conditions.push(relation(`size(${step.list}) > ${next}`), relation(`${step.element} == ${step.list}[${next}]`));
        }
      }
    }
    return rest.length === 0 ? conditions : undefined;
  }

  /** The path from the root that the control looks at; undefined: anywhere. */
  private pathOf(exclusion: Exclusion): Place | undefined {
    const { kind, path } = exclusion;
    const place = path === undefined ? undefined : parsePlace(path);
    if (place === undefined || !this.scope.ofTemplates || kind === undefined) {
      return place;
    }
    // An Argo workflow's path says nothing about its pods, whose specs are put together from several places.
    return this.isWorkflow(exclusion) ? undefined
      : this.locationsOf(exclusion).flatMap(({ templates }) => templates).map((steps) => withoutPrefix(place, steps)).find((rest) => rest) ?? place;
  }

  /** The container in the pod; empty for what is outside containers. Argo calls the one that a template doesn't name `main`. */
  private containerOf(exclusion: Exclusion): string {
    const { container = '' } = exclusion;
    return this.isWorkflow(exclusion) && container.includes('[') ? 'main' : container;
  }

  private isWorkflow(exclusion: Exclusion): boolean {
    return this.locationsOf(exclusion).some(({ shape }) => shape !== undefined);
  }

  private locationsOf({ kind, group }: Exclusion): PodTemplateLocation[] {
    return this.scope.templates.filter((location) => location.kind === kind && (group === undefined || location.group === group));
  }

  private what(exclusion: Exclusion, node: RequirementNode, item: CelItem): Cel {
    const { value, isConcealed = false } = exclusion;
    const path = isLeaf(node) ? node.path : commonPath(node);
    if (isConcealed || value === undefined) {
      return isConcealed ? TRUE : isEmpty(below(item, path));
    }
    // Only what the control reads: the API server fills in other fields.
    const read = isLeaf(node) ? [path] : pathsOf(node).filter((each, i, all) => all.findIndex((other) => other.join('\0') === each.join('\0')) === i);
    return and(
      ...read.map((each) => isSame(below(item, each), valueAt(value, each.slice(path.length)))),
      // What makes the item the permitted one may be in fields that the control doesn't read: the path of a volume of a type that isn't allowed.
      ...(isLeaf(node) ? [] : [holdsAll(below(item, path), value)]),
    );
  }

  /** The name of a variable for the objects that an exclusion is about. */
  private who({ namespace, group, kind, name, serviceAccount }: Exclusion): string {
    const named = and(
      ...(group === undefined ? [] : [ofGroup(group)]),
      ...(kind === undefined ? [] : [relation(`object.kind == ${celString(kind)}`)]),
      relation(`object.metadata.?name.orValue('') == ${celString(name)}`),
    );
    const isBuiltIn = kind !== undefined && BUILT_IN_TEMPLATES.some((each) => each.kind === kind && (group === undefined || each.group === group));
    const made = isBuiltIn ? MADE_BY[kind] : MADE_BY_OTHERS;
    const pods = this.scope.ofTemplates && serviceAccount !== undefined && made.length > 0
      ? and(
        isOneOf('object.apiVersion', apiVersionsOf(made)),
        isOneOf('object.kind', made),
        relation(`variables.spec.?serviceAccountName.orValue('default') == ${celString(serviceAccount)}`),
      )
      : FALSE;
    const inNamespace = namespace === undefined ? TRUE : relation(`request.namespace == ${celString(namespace)}`);
    const expression = and(inNamespace, or(named, pods)).text;
    const known = this.variables.find((variable) => variable.expression === expression);
    if (known) {
      return known.name;
    }
    const added = { name: this.variables.length === 0 ? 'waived' : `waived${this.variables.length + 1}`, expression };
    this.variables.push(added);
    return added.name;
  }
}

/** The versions in which policies see built-in kinds. */
function apiVersionsOf(kinds: readonly string[]): string[] {
  return [...new Set(BUILT_IN_TEMPLATES.filter(({ kind }) => kinds.includes(kind)).map(({ group, versions }) => (group === '' ? versions[0] : `${group}/${versions[0]}`)))].sort();
}

/** What is left of a place behind a path, in which `[]` is any position and `{}` any key. */
function withoutPrefix(place: Place, prefix: readonly string[]): Place | undefined {
  const fits = prefix.every((step, i) => (step === '[]' ? typeof place[i] === 'number' : step === '{}' ? typeof place[i] === 'string' : place[i] === step));
  return fits ? place.slice(prefix.length) : undefined;
}

/** Whether what is there has everything that a value has; the API server may have filled in more. */
function holdsAll(item: CelItem, value: unknown): Cel {
  return isObject(value) && Object.keys(value).length > 0
    ? and(relation(`type(${valueOf(item)}) == map`), ...Object.keys(value).map((key) => holdsAll(below(item, [key]), value[key])))
    : isSame(item, value);
}

/** Whether what is there is a value; empty texts and lists within, which the API server may add, don't count. */
function isSame(item: CelItem, value: unknown): Cel {
  if (value === undefined || value === null) {
    return isEmpty(item);
  }
  const at = (step: string): CelItem => ({ ...item, chain: item.sure + step, sure: item.sure + step, optional: false });
  if (Array.isArray(value)) {
    return and(
      relation(`type(${valueOf(item)}) == list`), relation(`size(${item.sure}) == ${value.length}`), ...value.map((each, i) => isSame(at(`[${i}]`), each)),
    );
  }
  if (isObject(value)) {
    const keys = Object.keys(value).filter((key) => !isNothing(value[key]));
    const known = keys.length === 0 ? FALSE : relation(`key in [${keys.map(celString).join(', ')}]`);
    return and(
      relation(`type(${valueOf(item)}) == map`),
      tight(`${item.sure}.all(key, ${or(known, relation(`${item.sure}[key] in variables.nothing`)).text})`),
      ...keys.map((key) => isSame(below(item, [key]), value[key])),
    );
  }
  return relation(`${valueOf(item)} == ${celScalar(value as Scalar)}`);
}

function isNothing(value: unknown): boolean {
  return value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0);
}
