import { Path } from '../path';
import { Repair, RequirementNode, Scalar } from '../requirement-node';

/** The one change that makes an item comply, as data: it is carried out on objects, and written as admission policy. Paths start at the item. */
export type Remedy =
  /** The field gets the value; objects that are missing on the way are made. */
  | { readonly op: 'set'; readonly path: Path; readonly value: unknown }
  /** The field goes; with the empty path the item itself. */
  | { readonly op: 'remove'; readonly path: Path }
  /** The list gets the value as its last element. */
  | { readonly op: 'append'; readonly path: Path; readonly value: Scalar }
  /** The list loses every element but these. */
  | { readonly op: 'retain'; readonly path: Path; readonly values: readonly Scalar[] }
  /** A person has to decide. */
  | { readonly op: 'none'; readonly reason: string };

export const NO_RIGHT_VALUE = 'No single value is right for every object: a person has to choose.';

/** What makes a requirement hold that doesn't; a repair that the control states goes before what follows from the operator. */
export function remedyOf(node: RequirementNode, repair?: Repair): Remedy {
  if (repair) {
    return repair.kind === 'none' ? { op: 'none', reason: repair.reason } : naturalRepair(repair);
  }
  switch (node.op) {
    case 'absent':
    case 'noneOf':
      return { op: 'remove', path: node.path };
    case 'oneOf':
      return node.orAbsent ? { op: 'remove', path: node.path } : { op: 'set', path: node.path, value: node.values[0] };
    case 'contains':
      return { op: 'append', path: node.path, value: node.value };
    case 'subsetOf':
      return { op: 'retain', path: node.path, values: node.values };
    default:
      return { op: 'none', reason: NO_RIGHT_VALUE };
  }
}

function naturalRepair(repair: Exclude<Repair, { readonly kind: 'none' }>): Remedy {
  return repair.kind === 'set' ? { op: 'set', path: repair.path, value: repair.value } : { op: 'remove', path: repair.path };
}
