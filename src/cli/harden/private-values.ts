import { TextEdit } from './text-edits';
import { TextNode } from './text-node';
import { isObject, Place } from '../../controls/path';
import { isPrivatePlace, mayBeSecret, nameOf } from '../../controls/results/concealed';

/** What is shown in place of what may be secret. */
export const HIDDEN = '(not shown)';
/** Fields whose contents nobody may read, whatever they look like, in whatever way their names are written. */
const PRIVATE = new Set(['args', 'binarydata', 'command', 'data', 'stringdata']);
/** What is shown of fields that may hold secrets where they are misshapen. Positions in lists are `#`. */
const SHOWN: Readonly<Record<string, RegExp>> = {
  env: /^#\.(?:name|valueFrom\.[A-Za-z]+Ref\.(?:apiVersion|containerName|divisor|fieldPath|key|name|path|resource|volumeName))$/,
  envfrom: /^#\.(?:prefix|(?:configMapRef|secretRef)\.name)$/,
  httpheaders: /^#\.name$/,
  imagepullsecrets: /^#\.name$/,
  // Those of service accounts, and whatever else has lists by this name.
  secrets: /^#\../,
};
/** Maps whose keys are anybody's. */
const LABELS = new Set(['annotations', 'labels', 'matchLabels', 'nodeSelector', 'selector']);
const SHOWN_OF_SECRETS = /^(?:apiVersion|kind|name|namespace|type|metadata\.(?:name|namespace|labels\.[^.]+))$/;
/** Annotations that hold configuration of programs, or all that the object said when it was applied. */
const PRIVATE_ANNOTATION = /(?:-snippets?|last-applied-configuration)$/;
/** Addresses are signed in their queries, and tokens are sent there. */
const QUERY_VALUE = /[?&][^\s=&?]{1,100}=[^\s&]/;

/**
 * Edits that hide the values that may be secret: what Secrets and ConfigMaps hold, arguments and literals of variables, texts of several lines, and
 * what looks like a secret.
 */
export function privateValues(text: string, root: TextNode, value: unknown): TextEdit[] {
  const found: TextEdit[] = [];
  const hide = ({ start, end }: TextNode) => {
    if (end > start) {
      found.push({ start, end, text: hiddenText(text.slice(start, end)) });
    }
  };
  /** @param secretAt how deep the Secret begins that this is in */
  const look = (node: TextNode, at: unknown, place: Place, secretAt: number | undefined): void => {
    if (node.kind === 'map') {
      const within = secretAt ?? (isSecret(at) ? place.length : undefined);
      for (const { key, value: held } of node.entries) {
        if (key !== undefined && isObject(at) && Object.hasOwn(at, key)) {
          look(held, at[key], [...place, key], within);
        } else if (held.kind !== 'alias') {
          // What it is can't be told.
          hide(held);
        }
      }
    } else if (node.kind === 'list') {
      node.items.forEach((item, i) => look(item.value, (at as readonly unknown[] | undefined)?.[i], [...place, i], secretAt));
    } else if (node.kind === 'scalar' && isPrivate(at, place, value, secretAt)) {
      hide(node);
    }
  };
  look(root, value, [], undefined);
  return found;
}

/** What is shown in place of text: as many lines. */
export function hiddenText(text: string): string {
  return text.replace(/[^\s][^\n]*/g, HIDDEN);
}

function isPrivate(value: unknown, place: Place, object: unknown, secretAt: number | undefined): boolean {
  if (typeof value === 'boolean' || value === null || value === undefined) {
    return false;
  }
  return (secretAt !== undefined && !SHOWN_OF_SECRETS.test(shape(place.slice(secretAt))))
    || place.some((_, i) => isPrivateBelow(place, i, value))
    || (!place.some(hasShownParts) && isPrivatePlace(place))
    || (typeof value === 'string' && (QUERY_VALUE.test(value) || value.trimEnd().includes('\n')))
    || mayBeSecret(value, nameOf(place, object));
}

function isSecret(value: unknown): boolean {
  return isObject(value) && typeof value.kind === 'string' && value.kind.trim().toLowerCase() === 'secret';
}

/** Whether one of the steps to a value says that nobody may read it. */
function isPrivateBelow(place: Place, i: number, value: unknown): boolean {
  const [step, above] = [place[i], place[i - 1]];
  if (typeof step !== 'string') {
    return false;
  }
  if (above === 'annotations' && PRIVATE_ANNOTATION.test(step)) {
    return true;
  }
  const name = plainName(step);
  if (PRIVATE.has(name)) {
    return true;
  }
  if (!Object.hasOwn(SHOWN, name) || (typeof above === 'string' && LABELS.has(above))) {
    return false;
  }
  // A variable with its value in the place of the name.
  return !SHOWN[name].test(shape(place.slice(i + 1))) || (name === 'env' && String(value).includes('='));
}

/** Whether a field is one of which it is known what may be shown. */
function hasShownParts(step: string | number): boolean {
  return typeof step === 'string' && Object.hasOwn(SHOWN, plainName(step));
}

function plainName(step: string): string {
  return step.toLowerCase().replace(/[_-]/g, '');
}

function shape(place: Place): string {
  return place.map((step) => (typeof step === 'number' ? '#' : /^[\w-]+$/.test(step) ? step : '?')).join('.');
}
