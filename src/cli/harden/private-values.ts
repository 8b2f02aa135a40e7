import { TextEdit } from './text-edits';
import { TextNode } from './text-node';
import { isObject, Place } from '../../controls/path';
import { mayBeSecret, nameOf } from '../../controls/results/concealed';

const HIDDEN = '(not shown)';
/** Fields whose contents nobody may read, whatever they look like. */
const PRIVATE: readonly string[] = ['args', 'binaryData', 'command', 'data', 'stringData'];

/** Edits that hide the values that may be secret: what Secrets and ConfigMaps hold, arguments and literals of variables, and what looks like a secret. */
export function privateValues(text: string, root: TextNode, value: unknown): TextEdit[] {
  const found: TextEdit[] = [];
  const look = (node: TextNode, at: unknown, place: Place): void => {
    if (node.kind === 'map') {
      for (const { key, value: held } of node.entries) {
        if (key !== undefined && isObject(at) && Object.hasOwn(at, key)) {
          look(held, at[key], [...place, key]);
        }
      }
    } else if (node.kind === 'list') {
      node.items.forEach((item, i) => look(item.value, (at as readonly unknown[] | undefined)?.[i], [...place, i]));
    } else if (node.kind === 'scalar' && isPrivate(at, place, value)) {
      found.push({ start: node.start, end: node.end, text: hiddenText(text.slice(node.start, node.end)) });
    }
  };
  look(root, value, []);
  return found;
}

/** What is shown in place of text: as many lines. */
export function hiddenText(text: string): string {
  return text.replace(/[^\s][^\n]*/g, HIDDEN);
}

function isPrivate(value: unknown, place: Place, object: unknown): boolean {
  if (typeof value === 'boolean' || value === null || value === undefined) {
    return false;
  }
  const isLiteral = place[place.length - 1] === 'value' && place.includes('env');
  return isLiteral || place.some((step) => PRIVATE.includes(step as string)) || mayBeSecret(value, nameOf(place, object));
}
