import { FieldType, ScalarKind } from './field-type';
import type * as generated from './table.generated';

/** A built-in kind in one version of the API. */
export interface ServedKind {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** The first minor that serves it, where that is after the oldest that the library knows. */
  readonly since?: number;
  /** The first minor that doesn't serve it any more. */
  readonly gone?: number;
  /** Where it is still served: the minors of its deprecation and of its planned removal. */
  readonly deprecated?: number;
  readonly removal?: number;
}

const SCALARS: Readonly<Record<string, ScalarKind>> = {
  s: 'string', i: 'integer', n: 'number', b: 'boolean', x: 'intOrString', q: 'quantity', a: 'any',
};

/** The table of the API's fields, decoded as far as it is asked. */
class Table {
  /** By kind and version, as in `apps/v1 Deployment`. */
  public readonly served: ReadonlyMap<string, ServedKind>;
  /** The kinds whose fields are known, with the version that they are of. */
  public readonly kinds: ReadonlyMap<string, string>;
  private readonly lines = new Map<string, string>();
  private readonly decoded = new Map<string, ReadonlyMap<string, FieldType>>();

  constructor({ TYPES, RESOURCES }: typeof generated) {
    const kinds = new Map<string, string>();
    for (const line of TYPES.trim().split('\n')) {
      const [name, apiVersion] = line.split(' ', 1)[0].split('@');
      this.lines.set(name, line);
      if (apiVersion !== undefined) {
        kinds.set(name, apiVersion);
      }
    }
    this.kinds = kinds;
    this.served = new Map(RESOURCES.trim().split('\n').map(servedKind).map((row) => [`${row.apiVersion} ${row.kind}`, row]));
  }

  /** The fields of a type by name, in alphabetical order. */
  public fieldsOf(type: string): ReadonlyMap<string, FieldType> | undefined {
    const line = this.lines.get(type);
    let fields = this.decoded.get(type);
    if (fields === undefined && line !== undefined) {
      fields = new Map(line.split(' ').slice(1).map((field) => {
        const [, name, code = 's', since] = /^([^:^]+)(?::([^^]+))?(?:\^(\d+))?$/.exec(field)!;
        return [name, { ...decode(code), ...minor('since', since) }];
      }));
      this.decoded.set(type, fields);
    }
    return fields;
  }
}

let table: Table | undefined;

/** Loads the table when it is first asked for. */
export function apiFields(): Table {
  // Not an import: most programs that load the library never look anything up.
  table ??= new Table(module.require('./table.generated') as typeof generated);
  return table;
}

function decode(code: string): FieldType {
  if (code.startsWith('[')) {
    return { kind: 'array', of: decode(code.slice(1)) };
  }
  if (code.startsWith('{')) {
    return { kind: 'map', of: decode(code.slice(1)) };
  }
  return code in SCALARS ? { kind: SCALARS[code] } : { kind: 'object', type: code };
}

function servedKind(line: string): ServedKind {
  const [apiVersion, kind, plural, scope, ...rest] = line.split(' ');
  const [since, gone] = rest.find((word) => !word.startsWith('!'))?.split('-') ?? [];
  const [deprecated, removal] = rest.find((word) => word.startsWith('!'))?.slice(1).split('-') ?? [];
  return {
    apiVersion, kind, plural, namespaced: scope === 'namespaced',
    ...minor('since', since), ...minor('gone', gone), ...minor('deprecated', deprecated), ...minor('removal', removal),
  };
}

function minor(name: string, text: string | undefined): Record<string, number> {
  return text ? { [name]: Number(text) } : {};
}
