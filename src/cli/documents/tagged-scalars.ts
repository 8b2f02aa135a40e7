import { isUtf8 } from 'buffer';
import { integerOf, plainValue } from './plain-scalars';

const STANDARD = 'tag:yaml.org,2002:';
const BASE64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const DATE = /^[0-9]{4}-(?:0?[1-9]|1[0-2])-(?:0?[1-9]|1[0-9]|2[0-8])$/;

interface Tagged {
  readonly value?: unknown;
  /** Why there is none. */
  readonly reason?: string;
}

/** What text with an explicit tag stands for to kubectl: tags of its own are ignored, those of YAML must fit. */
export function taggedValue(tag: string, text: string): Tagged {
  if (text === '') {
    return { reason: 'a tag (!) stands without a value' };
  }
  const name = tag.startsWith(STANDARD) ? tag.slice(STANDARD.length) : undefined;
  switch (name) {
    case 'binary':
      return binary(text);
    case 'timestamp':
      return DATE.test(text) ? { value: text } : unfit(name);
    case 'null':
    case 'bool':
    case 'int':
    case 'float':
      return typed(name, plainValue(text), text);
    default:
      return { value: text };
  }
}

function typed(name: string, value: unknown, text: string): Tagged {
  const integer = integerOf(text.replaceAll('_', '')) !== undefined;
  const fits: Record<string, boolean> = {
    null: value === null,
    bool: typeof value === 'boolean',
    int: typeof value === 'number' && integer,
    float: typeof value === 'number',
  };
  return fits[name] ? { value } : unfit(name);
}

function binary(text: string): Tagged {
  const plain = text.replace(/[\r\n]/g, '');
  const bytes = Buffer.from(plain, 'base64');
  if (!BASE64.test(plain)) {
    return unfit('binary');
  }
  return isUtf8(bytes) ? { value: bytes.toString('utf8') } : { reason: 'the value of !!binary is no text: kubectl makes other bytes of it' };
}

function unfit(name: string): Tagged {
  return { reason: `the value does not fit its tag !!${name}` };
}
