import { existsSync, readFileSync } from 'fs';

/** The schema of the Terraform AWS provider, as `terraform providers schema -json` prints it. It is no part of the project. */
const SCHEMA_FILE = process.env.AWS_PROVIDER_SCHEMA ?? '';
/** The version of that schema: the one that `@cdktf/provider-aws` pins. */
export const SCHEMA_VERSION = '6.25.0';

const HOW = `AWS_PROVIDER_SCHEMA must name a file that "terraform providers schema -json" printed with version ${SCHEMA_VERSION} of the provider`;

type Type = string | ['list' | 'set' | 'map', Type] | ['object', Record<string, Type>];
interface Attribute { type: Type; required?: boolean; optional?: boolean; computed?: boolean }
interface NestedBlock { nesting_mode: string; min_items?: number; max_items?: number; block: Schema }
interface Schema { attributes?: Record<string, Attribute>; block_types?: Record<string, NestedBlock> }
interface ProviderSchema { resource_schemas: Record<string, { block: Schema }>; data_source_schemas: Record<string, { block: Schema }> }
type Json = Record<string, any>;

/** Arguments that Terraform itself adds to every resource. */
const META = ['//', 'depends_on', 'count', 'for_each', 'provider', 'lifecycle', 'connection', 'provisioner'];
const REFERENCE = /\b(data\.)?(aws_[a-z0-9_]+)\.([A-Za-z0-9_-]+)\.([a-z0-9_]+)/g;

export function schemaFileExists(): boolean {
  return existsSync(SCHEMA_FILE);
}

/** `describe` for tests that need the schema: without it they are skipped by name, or fail where REQUIRE_ORACLES=1. */
export function describeWithSchema(title: string, body: () => void): void {
  if (schemaFileExists()) {
    describe(title, body);
  } else if (process.env.REQUIRE_ORACLES === '1') {
    test(`${title}: needs the schema of the AWS provider`, () => {
      throw new Error(`${HOW}.`);
    });
  } else {
    describe.skip(`${title} (skipped: ${HOW})`, body);
  }
}

let schemas: ProviderSchema | undefined;

function load(): ProviderSchema {
  schemas ??= Object.values<ProviderSchema>(JSON.parse(readFileSync(SCHEMA_FILE, 'utf8')).provider_schemas)[0];
  return schemas;
}

/**
 * Everything in a stack's configuration (the content of `cdk.tf.json`) that the AWS provider would refuse: arguments that are unknown,
 * missing, read-only or of the wrong type, and references to what isn't there.
 */
export function schemaErrors(configuration: Json): string[] {
  const errors: string[] = [];
  for (const [section, types] of [['resource', load().resource_schemas], ['data', load().data_source_schemas]] as const) {
    for (const [type, blocks] of Object.entries<Json>(configuration[section] ?? {})) {
      if (!type.startsWith('aws_')) {
        continue;
      }
      for (const [name, block] of Object.entries<Json>(blocks)) {
        const at = `${section === 'data' ? 'data.' : ''}${type}.${name}`;
        errors.push(...(types[type] ? blockErrors(types[type].block, block, at, META) : [`${at}: unknown type`]));
      }
    }
  }
  return [...errors, ...referenceErrors(configuration)];
}

function blockErrors(schema: Schema, value: Json, at: string, ignored: string[] = []): string[] {
  const attributes = schema.attributes ?? {};
  const blocks = schema.block_types ?? {};
  const errors: string[] = [];
  for (const [key, entry] of Object.entries(value).filter(([name]) => !ignored.includes(name))) {
    if (attributes[key]) {
      const { required, optional } = attributes[key];
      errors.push(...(required || optional ? typeErrors(attributes[key].type, entry, `${at}.${key}`) : [`${at}.${key}: read-only`]));
    } else if (blocks[key]) {
      errors.push(...nestedErrors(blocks[key], entry, `${at}.${key}`));
    } else {
      errors.push(`${at}.${key}: unknown argument`);
    }
  }
  const missing = [
    ...Object.keys(attributes).filter((key) => attributes[key].required && (value[key] === undefined || value[key] === null)),
    ...Object.keys(blocks).filter((key) => (blocks[key].min_items ?? 0) > 0 && value[key] === undefined),
  ];
  return [...errors, ...missing.map((key) => `${at}.${key}: missing`)];
}

function nestedErrors(nested: NestedBlock, value: unknown, at: string): string[] {
  const blocks = Array.isArray(value) ? value : [value];
  const tooMany = nested.max_items !== undefined && blocks.length > nested.max_items ? [`${at}: at most ${nested.max_items}`] : [];
  return [...tooMany, ...blocks.flatMap((block) => (isObject(block) ? blockErrors(nested.block, block, at) : [`${at}: not a block`]))];
}

function typeErrors(type: Type, value: unknown, at: string): string[] {
  if (value === null || (typeof value === 'string' && /^\$\{[^}]*\}$/.test(value))) {
    return [];
  }
  if (typeof type === 'string') {
    const fits = { string: typeof value !== 'object', number: !Number.isNaN(Number(value)) && typeof value !== 'object', bool: /^(true|false)$/.test(String(value)) };
    return type === 'dynamic' || fits[type as keyof typeof fits] ? [] : [`${at}: not a ${type}`];
  }
  if (type[0] === 'object') {
    const fields = type[1];
    return isObject(value)
      ? [
        ...Object.keys(fields).filter((key) => !(key in value)).map((key) => `${at}.${key}: missing`),
        ...Object.entries(value).flatMap(([key, entry]) => (fields[key] ? typeErrors(fields[key], entry, `${at}.${key}`) : [`${at}.${key}: unknown argument`])),
      ]
      : [`${at}: not an object`];
  }
  const element = type[1];
  if (type[0] === 'map') {
    return isObject(value) ? Object.entries(value).flatMap(([key, entry]) => typeErrors(element, entry, `${at}.${key}`)) : [`${at}: not a map`];
  }
  return Array.isArray(value) ? value.flatMap((entry, i) => typeErrors(element, entry, `${at}[${i}]`)) : [`${at}: not a ${type[0]}`];
}

function referenceErrors(configuration: Json): string[] {
  const errors = new Set<string>();
  for (const [, expression] of JSON.stringify({ ...configuration, '//': undefined }).matchAll(/\$\{([^}]*)\}/g)) {
    for (const [reference, data, type, name, attribute] of expression.matchAll(REFERENCE)) {
      const schema = (data ? load().data_source_schemas : load().resource_schemas)[type];
      if (!configuration[data ? 'data' : 'resource']?.[type]?.[name]) {
        errors.add(`${reference}: refers to nothing`);
      } else if (!schema?.block.attributes?.[attribute] && !schema?.block.block_types?.[attribute]) {
        errors.add(`${reference}: unknown attribute`);
      }
    }
  }
  return [...errors];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
