import { describeFieldType, FieldType } from './api-fields/field-type';
import { checkPath, fieldsOf, fieldType } from './api-fields/lookup';
import { AppliesTo } from './applies-to';
import { Path, showPath } from './path';
import { Repair, RequirementNode, Scalar } from './requirement-node';
import { invalid, show } from '../core/errors';

/** Where the item at hand is: a type of the API and the steps from it (`[]` an element, `{}` a value). */
interface Spot {
  readonly type: string;
  readonly steps: Path;
}

/** What a node of a requirement is about. A path is right if one of the spots has it; without spots, nobody knows the fields. */
interface Item {
  readonly spots: readonly Spot[];
  /** An element of a list or a value of a map. */
  readonly isElement?: boolean;
  /** The root of a pod template: only there are containers. */
  readonly isTemplate?: boolean;
}

const TEMPLATE: Item = { spots: [{ type: 'PodTemplateSpec', steps: [] }], isTemplate: true };
const CONTAINER: Item = { spots: [{ type: 'Container', steps: [] }, { type: 'EphemeralContainer', steps: [] }] };
const SECURITY_CONTEXT: Item = { spots: [{ type: 'PodSecurityContext', steps: [] }, { type: 'SecurityContext', steps: [] }] };
/** What is text, or may be a number that the API server makes text of. */
const TEXTS = ['string', 'quantity', 'intOrString'] as const;

/**
 * Holds every path of a requirement, and the values that it compares with or sets, against the fields of the Kubernetes API.
 * Those of custom resources are taken as they are: nobody knows them here.
 * @param at for errors, for instance `Control host-network`
 * @throws at the first path that names no field, and at the first value that a field can't hold
 */
export function checkPaths(at: string, appliesTo: AppliesTo, node: RequirementNode): void {
  const check = new PathCheck(at);
  for (const root of rootsOf(appliesTo)) {
    check.kind(root);
    check.node(node, root);
  }
}

function rootsOf(appliesTo: AppliesTo): Item[] {
  return appliesTo.isPodTemplates
    ? [TEMPLATE]
    : [...appliesTo.kindNames.map((type) => ({ spots: [{ type, steps: [] }] })), ...appliesTo.custom.map(() => ({ spots: [] }))];
}

class PathCheck {
  constructor(private readonly at: string) {}

  public kind({ spots }: Item): void {
    for (const { type } of spots) {
      const problem = checkPath(type, []);
      if (problem !== undefined) {
        throw invalid({
          at: this.at, property: 'appliesTo', got: type, allowed: 'kinds of the Kubernetes API',
          fix: `${sentence(problem)} Name other kinds by AppliesTo.customResources.`,
        });
      }
    }
  }

  public node(node: RequirementNode, item: Item): void {
    switch (node.op) {
      case 'present':
      case 'absent':
        this.typeAt(item, node.path);
        break;
      case 'oneOf':
      case 'noneOf':
        this.values(this.typeAt(item, node.path), node.path, node.values);
        break;
      case 'contains':
        this.values(this.elementAt(item, node.path), node.path, [node.value]);
        break;
      case 'subsetOf':
        this.values(this.elementAt(item, node.path), node.path, node.values);
        break;
      case 'matches':
        this.kindOf(this.typeAt(item, node.path), node.path, TEXTS, 'a text');
        break;
      case 'each':
        this.kindOf(this.typeAt(item, node.path), node.path, ['array'], 'a list');
        this.node(node.of, below(item, [...node.path, '[]']));
        break;
      case 'eachKey':
        this.kindOf(this.typeAt(item, node.path), node.path, ['map'], 'a map');
        this.node(node.of, below(item, [...node.path, '{}']));
        break;
      case 'eachContainer':
        this.atTemplate(item, 'eachContainer');
        this.node(node.of, CONTAINER);
        break;
      case 'eachSecurityContext':
        this.atTemplate(item, 'eachSecurityContext');
        this.node(node.of, SECURITY_CONTEXT);
        break;
      case 'inherited':
        this.atTemplate(item, 'inherited');
        this.node(node.of, { spots: [{ type: 'PodSpec', steps: [] }] });
        this.node(node.of, CONTAINER);
        break;
      case 'changedOnlyBy':
        if (node.keyPrefix === undefined) {
          this.typeAt(item, node.path);
        } else {
          this.kindOf(this.typeAt(item, node.path), node.path, ['map'], 'a map, where keyPrefix is given');
        }
        break;
      case 'exemptWhen':
        this.node(node.condition, item);
        this.node(node.of, item);
        break;
      case 'byVersion':
        this.node(node.since, item);
        if (node.before) {
          this.node(node.before, item);
        }
        break;
      case 'repaired':
        this.node(node.of, item);
        this.repair(node.repair, item);
        break;
      case 'described':
      case 'negation':
        this.node(node.of, item);
        break;
      case 'allOf':
      case 'anyOf':
        node.of.forEach((part) => this.node(part, item));
        break;
      default:
        throw invalid({
          at: this.at, property: 'requirement', got: (node as { op: unknown }).op, allowed: 'the operators of Requirement', fix: 'Make it with Requirement.oneOf and the like.',
        });
    }
  }

  private repair(repair: Repair, item: Item): void {
    if (repair.kind === 'set') {
      this.value(this.typeAt(item, repair.path), repair.path, repair.value);
    }
    if (repair.kind === 'remove') {
      this.typeAt(item, repair.path);
      if (repair.path.length === 0 && !item.isElement) {
        throw this.wrong(repair.path, 'the path of a field here', 'The empty path removes the item itself: that is for elements of each and values of eachKey.');
      }
    }
  }

  private atTemplate(item: Item, operator: string): void {
    if (!item.isTemplate) {
      throw this.wrong([], `${operator} at the root of a pod template only`, 'Put it outside of each, eachKey and the like, into a control of pod templates.', operator);
    }
  }

  /** The type at a path in the first of the item's types that has it. */
  private typeAt(item: Item, path: Path): FieldType {
    for (const { type, steps } of item.spots) {
      const found = fieldType(type, [...steps, ...path]);
      if (found) {
        return found;
      }
    }
    if (item.spots.length === 0) {
      return { kind: 'any' };
    }
    const { type, steps } = item.spots[item.spots.length - 1];
    throw this.wrong(path, `fields of ${item.spots.map((spot) => nameOf(spot)).join(' or ')}`, sentence(checkPath(type, [...steps, ...path])!));
  }

  private elementAt(item: Item, path: Path): FieldType {
    const list = this.typeAt(item, path);
    this.kindOf(list, path, ['array'], 'a list');
    return list.kind === 'array' ? list.of : list;
  }

  private kindOf(type: FieldType, path: Path, kinds: readonly FieldType['kind'][], words: string): void {
    if (!kinds.includes(type.kind) && type.kind !== 'any') {
      throw this.wrong(path, words, `It is ${describeFieldType(type)}: choose an operator for that.`);
    }
  }

  private values(type: FieldType, path: Path, values: readonly Scalar[]): void {
    values.forEach((value) => this.value(type, path, value));
  }

  /** Whether a field can hold a value, whatever depth it has. */
  private value(type: FieldType, path: Path, value: unknown): void {
    if (type.kind === 'object' && isPlain(value)) {
      for (const [name, each] of Object.entries(value)) {
        const field = fieldsOf(type.type)!.get(name);
        if (!field) {
          throw this.wrong([...path, name], `fields of ${type.type}`, sentence(checkPath(type.type, [name])!));
        }
        this.value(field, [...path, name], each);
      }
    } else if (type.kind === 'map' && isPlain(value)) {
      Object.entries(value).forEach(([key, each]) => this.value(type.of, [...path, key], each));
    } else if (type.kind === 'array' && Array.isArray(value)) {
      value.forEach((each) => this.value(type.of, path, each));
    } else if (!holds(type, value)) {
      throw this.wrong(path, describeFieldType(type), `Compare it with, or set, such a value instead of ${show(value)}.`);
    }
  }

  private wrong(path: Path, allowed: string, fix: string, got: string = showPath(path)): Error {
    return invalid({ at: this.at, property: 'requirement', got, allowed, fix });
  }
}

function below(item: Item, path: Path): Item {
  return { spots: item.spots.map(({ type, steps }) => ({ type, steps: [...steps, ...path] })), isElement: true };
}

function holds(type: FieldType, value: unknown): boolean {
  switch (type.kind) {
    case 'any': return true;
    case 'string': return typeof value === 'string';
    case 'boolean': return typeof value === 'boolean';
    case 'integer': return Number.isInteger(value);
    case 'number': return typeof value === 'number';
    case 'intOrString': return typeof value === 'string' || Number.isInteger(value);
    case 'quantity': return typeof value === 'string' || typeof value === 'number';
    default: return false;
  }
}

function isPlain(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function nameOf({ type, steps }: Spot): string {
  return steps.length === 0 ? type : `${type} ${steps.map((step, i) => (step === '[]' || step === '{}' || i === 0 ? step : `.${step}`)).join('')}`;
}

function sentence(text: string): string {
  return /[.?]$/.test(text) ? text : `${text}.`;
}
