import { CelItem, valueOf, variableAt } from './cel-item';
import { and, Cel, celPattern, celScalar, not, or, relation, tight, TRUE } from './cel-text';
import { LeafNode, Scalar } from '../requirement-node';

/** Variables with what counts as absent, whatever the field holds, and where it holds text. */
export const NOTHING = { name: 'nothing', expression: '[dyn(null), dyn(\'\'), dyn([])]' };
export const BLANK = { name: 'blank', expression: '[dyn(null), dyn(\'\')]' };

/** Whether one value meets a requirement on a field; `field` is that field. What has a type that the field can't have doesn't. */
export function leaf(node: LeafNode, field: CelItem, isText: boolean): Cel {
  switch (node.op) {
    case 'present':
      return not(isLeftOut(node, field));
    case 'absent':
      return isLeftOut(node, field);
    case 'oneOf':
      return or(...(node.orAbsent ? [isLeftOut(node, field)] : []), isOneOf(valueOf(field), node.values));
    case 'noneOf':
      return or(isLeftOut(node, field), and(isOfType(field, ...typesOf(node.values)), not(isOneOf(valueOf(field), node.values))));
    case 'contains':
      return and(isOfType(field, 'list'), relation(`${celScalar(node.value)} in ${field.sure}`));
    case 'subsetOf': {
      const element = variableAt(field.depth, 'v');
      return or(isNull(field), and(isOfType(field, 'list'), tight(`${field.sure}.all(${element}, ${isOneOf(element, node.values).text})`)));
    }
    case 'matches': {
      const pattern = celPattern(node.pattern, node.ignoreCase);
      return or(
        ...(node.orAbsent ? [isLeftOut(node, field)] : []),
        isText
          ? and(field.decoded && !field.optional ? TRUE : isOfType(field, 'string'), tight(`${field.sure}.matches(${pattern})`))
          : and(isOfType(field, 'string', 'int', 'double'), tight(`string(${field.sure}).matches(${pattern})`)),
      );
    }
  }
}

/** Whether there is no value that a requirement on a field could judge. */
export function isLeftOut(node: LeafNode, field: CelItem): Cel {
  switch (node.op) {
    case 'oneOf':
    case 'noneOf':
      return typesOf(node.values).includes('string') ? isBlank(field) : isNull(field);
    case 'matches':
      return isBlank(field);
    default:
      return isEmpty(field);
  }
}

/** Whether a requirement on a field is met where the field is left out. */
export function passesLeftOut(node: LeafNode): boolean {
  return ['absent', 'noneOf', 'subsetOf'].includes(node.op) || ('orAbsent' in node && node.orAbsent);
}

export function isEmpty(item: CelItem): Cel {
  return relation(`${valueOf(item)} in variables.${NOTHING.name}`);
}

function isBlank(item: CelItem): Cel {
  return relation(`${valueOf(item)} in variables.${BLANK.name}`);
}

export function isNull(item: CelItem): Cel {
  return relation(`${valueOf(item)} == null`, `${valueOf(item)} != null`);
}

type CelType = 'list' | 'map' | 'string' | 'bool' | 'int' | 'double';

export function isOfType(item: CelItem, ...types: readonly CelType[]): Cel {
  return or(...types.map((type) => relation(`type(${valueOf(item)}) == ${type}`)));
}

/** A number in JSON may be either kind. */
function typesOf(values: readonly Scalar[]): CelType[] {
  const types = { string: ['string'], boolean: ['bool'], number: ['int', 'double'] } as const;
  return [...new Set(values.map((value) => typeof value as keyof typeof types))].flatMap((type) => types[type]);
}

/** Literal lists in CEL hold values of one type. */
export function isOneOf(value: string, values: readonly Scalar[]): Cel {
  const groups = typesOf(values).filter((type) => type !== 'double');
  return or(...groups.map((group) => {
    const literals = values.filter((each) => typesOf([each]).includes(group)).map(celScalar);
    return literals.length === 1 ? relation(`${value} == ${literals[0]}`, `${value} != ${literals[0]}`) : relation(`${value} in [${literals.join(', ')}]`);
  }));
}
