import { execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import * as path from 'path';
import { preferred } from '../src/controls/api-fields/api-resource';

// Usage: tsx scripts/draw-api-fields.ts [--check]
//
// Draws src/controls/api-fields/table.generated.ts from the OpenAPI documents in the Go module of each Kubernetes minor (needs `go` and its
// module proxy; about 250 MB a version in the module cache). With --check it writes nothing and fails where the file differs.
// For a new minor: add its version to VERSIONS, draw, read the difference.

/** One version a minor, oldest first. Fields don't change within a minor, so any patch version will do. */
const VERSIONS = [
  'v1.28.0', 'v1.29.6', 'v1.30.14', 'v1.31.14', 'v1.32.13', 'v1.33.13', 'v1.34.4', 'v1.35.4', 'v1.36.3', 'v1.37.1',
];
const TABLE = path.resolve(__dirname, '../src/controls/api-fields/table.generated.ts');

/** The kinds whose fields the table holds, each in its newest stable version. */
const KINDS = [
  'Pod', 'PodTemplate', 'Deployment', 'ReplicaSet', 'StatefulSet', 'DaemonSet', 'Job', 'CronJob', 'ReplicationController',
  'Namespace', 'Service', 'ServiceAccount', 'Secret', 'ConfigMap', 'Endpoints', 'EndpointSlice', 'ResourceQuota', 'LimitRange',
  'Ingress', 'IngressClass', 'NetworkPolicy', 'Role', 'ClusterRole', 'RoleBinding', 'ClusterRoleBinding',
  'PodDisruptionBudget', 'HorizontalPodAutoscaler', 'PriorityClass', 'RuntimeClass',
  'PersistentVolume', 'PersistentVolumeClaim', 'StorageClass',
  'ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding', 'MutatingAdmissionPolicy', 'MutatingAdmissionPolicyBinding',
  'ValidatingWebhookConfiguration', 'MutatingWebhookConfiguration', 'CertificateSigningRequest', 'APIService', 'CustomResourceDefinition',
];
/** Not a kind of its own, but what all workloads embed. */
const POD_TEMPLATE = 'io.k8s.api.core.v1.PodTemplateSpec';

/** Definitions that are values, not objects with fields. JSONSchemaProps is deep and nothing that a control looks at. */
const VALUES: Record<string, string> = {
  'io.k8s.apimachinery.pkg.util.intstr.IntOrString': 'x',
  'io.k8s.apimachinery.pkg.api.resource.Quantity': 'q',
  'io.k8s.apimachinery.pkg.apis.meta.v1.FieldsV1': 'a',
  'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions.v1.JSONSchemaProps': 'a',
};
const SCALARS: Record<string, string> = { string: 's', integer: 'i', number: 'n', boolean: 'b' };

export interface Schema {
  readonly '$ref'?: string;
  readonly 'type'?: string;
  readonly 'items'?: Schema;
  readonly 'additionalProperties'?: Schema;
  readonly 'properties'?: Record<string, Schema>;
  readonly 'x-kubernetes-group-version-kind'?: Array<{ group: string; version: string; kind: string }>;
}

export interface ApiDocument {
  readonly minor: number;
  readonly definitions: Record<string, Schema>;
  readonly paths: Record<string, Record<string, any>>;
}

interface Row {
  readonly apiVersion: string;
  readonly kind: string;
  readonly plural: string;
  namespaced: boolean;
  readonly minors: Set<number>;
}

/** Deprecations of versions that are still served: `group/version Kind` → the minors of the deprecation and of the planned removal. */
export type Deprecations = Record<string, { readonly deprecated: number; readonly removal: number }>;

export interface Drawing {
  readonly types: string[];
  readonly resources: string[];
  /** The types' fields that an older document has and the newest lacks: left out of the table. */
  readonly vanished: string[];
}

function refOf(schema: Schema | undefined): string | undefined {
  return schema?.$ref?.replace('#/definitions/', '');
}

/** The definition that a field's value, or its items or map values, are of. */
function targetOf(schema: Schema | undefined): string | undefined {
  return schema && (refOf(schema) ?? targetOf(schema.items) ?? targetOf(schema.additionalProperties));
}

function apiVersionOf({ group, version }: { group: string; version: string }): string {
  return group === '' ? version : `${group}/${version}`;
}

function definitionOf(document: ApiDocument, apiVersion: string, kind: string): string | undefined {
  return Object.keys(document.definitions).find((name) => {
    const ids = document.definitions[name]['x-kubernetes-group-version-kind'] ?? [];
    return ids.length === 1 && ids[0].kind === kind && apiVersionOf(ids[0]) === apiVersion;
  });
}

/** Every kind that has a collection of its own, in every version, with the minors that serve it. */
function servedKinds(documents: readonly ApiDocument[]): Row[] {
  const rows = new Map<string, Row>();
  for (const { minor, paths } of documents) {
    for (const [url, item] of Object.entries(paths)) {
      const rest = /^\/apis?\/(?:[^/]+\/)?v[^/]+\/(namespaces\/\{namespace\}\/)?([^/{}]+)$/.exec(url);
      const operation = item.post ?? item.get;
      const id = operation?.['x-kubernetes-group-version-kind'];
      if (!rest || !id || !['post', 'list'].includes(operation['x-kubernetes-action'])) {
        continue;
      }
      const apiVersion = apiVersionOf(id);
      const key = `${apiVersion} ${id.kind}`;
      const row = rows.get(key) ?? { apiVersion, kind: id.kind, plural: rest[2], namespaced: false, minors: new Set<number>() };
      row.namespaced ||= rest[1] !== undefined;
      row.minors.add(minor);
      rows.set(key, row);
    }
  }
  return [...rows.values()];
}

function drawResources(rows: Row[], documents: readonly ApiDocument[], deprecations: Deprecations): string[] {
  const minors = documents.map(({ minor }) => minor);
  return rows.map((row) => {
    const served = minors.filter((minor) => row.minors.has(minor));
    const [first, last] = [served[0], served[served.length - 1]];
    if (served.length !== last - first + 1) {
      throw new Error(`${row.apiVersion} ${row.kind} is served in ${served.join(', ')}: a document is missing or odd.`);
    }
    const since = first === minors[0] ? '' : `${first}`;
    const gone = last === minors[minors.length - 1] ? '' : `${last + 1}`;
    const { deprecated, removal } = deprecations[`${row.apiVersion} ${row.kind}`] ?? {};
    const life = since || gone ? ` ${since}-${gone}` : '';
    const ends = gone === '' && deprecated !== undefined && deprecated <= last ? ` !${deprecated}-${removal}` : '';
    return `${row.apiVersion} ${row.kind} ${row.plural} ${row.namespaced ? 'namespaced' : 'cluster'}${life}${ends}`;
  }).sort();
}

/** Definitions by name, with the fields that the table takes of them. */
class Definitions {
  constructor(private readonly document: ApiDocument, private readonly kinds: ReadonlyMap<string, string>) {}

  /** Without the status of kinds. */
  public fieldsOf(name: string): Record<string, Schema> {
    const fields = Object.entries(this.document.definitions[name].properties ?? {});
    return Object.fromEntries(fields.filter(([field]) => field !== 'status' || !this.kinds.has(name)));
  }

  public isObject(name: string | undefined): name is string {
    return name !== undefined && !(name in VALUES) && this.document.definitions[name].type === 'object';
  }

  /** All that can be reached from some types, these included. */
  public reachedFrom(names: readonly string[]): Set<string> {
    const reached = new Set(names);
    for (const name of reached) {
      Object.values(this.fieldsOf(name)).map(targetOf).filter((target) => this.isObject(target)).forEach((target) => reached.add(target!));
    }
    return reached;
  }

  public typeOf(name: string): string | undefined {
    return this.document.definitions[name].type;
  }
}

/** The definitions of the kinds, each with its API version: the newest stable one that the newest document serves. */
function chooseKinds(newest: ApiDocument, rows: readonly Row[], kinds: readonly string[]): Map<string, string> {
  return new Map(kinds.map((kind) => {
    const [best] = rows.filter((row) => row.kind === kind && row.minors.has(newest.minor)).sort(preferred);
    const name = best && definitionOf(newest, best.apiVersion, kind);
    if (!name) {
      throw new Error(`1.${newest.minor} serves no ${kind}.`);
    }
    return [name, best.apiVersion];
  }));
}

/**
 * Walks an older document beside the newest, since a field may have had a type of another name: says which fields of the newest one's types
 * it lacks at a place that it has, and the other way round.
 */
function compare(now: Definitions, then: Definitions, starts: readonly string[]): { missing: Set<string>; vanished: Set<string> } {
  const [missing, vanished, seen] = [new Set<string>(), new Set<string>(), new Set<string>()];
  const walk = (name: string, older: string) => {
    if (seen.has(`${name} ${older}`)) {
      return;
    }
    seen.add(`${name} ${older}`);
    const [fields, olderFields] = [now.fieldsOf(name), then.fieldsOf(older)];
    for (const [field, schema] of Object.entries(fields)) {
      const [target, olderTarget] = [targetOf(schema), targetOf(olderFields[field])];
      if (!(field in olderFields)) {
        missing.add(`${name} ${field}`);
      } else if (now.isObject(target) && then.isObject(olderTarget)) {
        walk(target, olderTarget);
      }
    }
    Object.keys(olderFields).filter((field) => !(field in fields)).forEach((field) => vanished.add(`${name} ${field}`));
  };
  starts.forEach((name) => walk(name, name));
  return { missing, vanished };
}

/** The short names of types, with the group before those that several groups have. */
function typeNames(names: Iterable<string>): Map<string, string> {
  const parts = [...names].map((name) => ({ name, group: name.split('.').slice(-3)[0], short: name.split('.').slice(-1)[0] }));
  return new Map(parts.map(({ name, group, short }) =>
    [name, parts.filter((other) => other.short === short).length === 1 ? short : `${group}.${short}`]));
}

function codeOf(schema: Schema, newest: Definitions, names: ReadonlyMap<string, string>): string {
  const ref = refOf(schema);
  if (ref !== undefined) {
    return VALUES[ref] ?? (newest.isObject(ref) ? names.get(ref) : SCALARS[newest.typeOf(ref)!] ?? 'a');
  }
  const [items, values] = [schema.type === 'array' && schema.items, schema.type === 'object' && schema.additionalProperties];
  if (items || values) {
    return `${items ? '[' : '{'}${codeOf((items || values) as Schema, newest, names)}`;
  }
  return SCALARS[schema.type!] ?? 'a';
}

/** Draws the lines of both tables. Documents come oldest first. */
export function draw(documents: readonly ApiDocument[], kinds: readonly string[], deprecations: Deprecations = {}): Drawing {
  const rows = servedKinds(documents);
  const newestDocument = documents[documents.length - 1];
  const apiVersions = chooseKinds(newestDocument, rows, kinds);
  const starts = [...apiVersions.keys(), ...(POD_TEMPLATE in newestDocument.definitions ? [POD_TEMPLATE] : [])];
  const newest = new Definitions(newestDocument, apiVersions);

  const since = new Map<string, number>();
  const vanished = new Set<string>();
  for (const document of documents.slice(0, -1)) {
    const found = compare(newest, new Definitions(document, apiVersions), starts.filter((name) => name in document.definitions));
    found.missing.forEach((field) => since.set(field, document.minor + 1));
    found.vanished.forEach((field) => vanished.add(field));
  }

  const reached = newest.reachedFrom(starts);
  const names = typeNames(reached);
  const types = [...reached].map((name) => {
    const fields = Object.entries(newest.fieldsOf(name)).map(([field, schema]) => {
      const [code, minor] = [codeOf(schema, newest, names), since.get(`${name} ${field}`)];
      return `${field}${code === 's' ? '' : `:${code}`}${minor === undefined ? '' : `^${minor}`}`;
    });
    const apiVersion = apiVersions.get(name);
    return [`${names.get(name)}${apiVersion === undefined ? '' : `@${apiVersion}`}`, ...fields.sort()].join(' ');
  });
  return { types: types.sort(), resources: drawResources(rows, documents, deprecations), vanished: [...vanished].sort() };
}

/** The generated file. */
export function render({ types, resources }: Drawing, versions: readonly string[]): string {
  return `// Drawn by scripts/draw-api-fields.ts. Don't edit: draw it again.
// From the OpenAPI documents of Kubernetes ${versions.join(', ')}.

/**
 * A type a line: its name (a kind with @apiVersion), then its fields as name:type^since. Types: none string, i integer, n number, b boolean,
 * x int or string, q quantity, a any, [… array, {… map, else the name of a type. Since: the minor, where the oldest document lacks the field.
 */
export const TYPES: string = \`
${types.join('\n')}
\`;

/**
 * A kind of an API version a line, with its plural and scope; since-until: the first minors with and without it, where not all have it;
 * !deprecated-removal: the minors of its deprecation and of its planned removal.
 */
export const RESOURCES: string = \`
${resources.join('\n')}
\`;
`;
}

/** Reads the deprecations from the Go sources that the API server takes its warnings from. */
export function readDeprecations(sources: readonly string[]): Deprecations {
  const found: Record<string, { deprecated: number; removal: number }> = {};
  for (const source of sources) {
    const apiVersion = /^\/\/ SERVED AS (\S+)$/m.exec(source)![1];
    const minorsOf = (name: string) => new Map([...source.matchAll(new RegExp(`func \\(in \\*(\\w+)\\) APILifecycle${name}\\(\\).*\\n\\s*return 1, (\\d+)\\n`, 'g'))]
      .map((match) => [match[1], Number(match[2])]));
    const removals = minorsOf('Removed');
    minorsOf('Deprecated').forEach((deprecated, kind) => {
      const removal = removals.get(kind);
      if (removal !== undefined) {
        found[`${apiVersion} ${kind}`] = { deprecated, removal };
      }
    });
  }
  return found;
}

function moduleFolder(name: string, version: string, workFolder: string): string {
  const answer = execFileSync('go', ['mod', 'download', '-json', `${name}@${version}`], {
    encoding: 'utf8', cwd: workFolder, env: { ...process.env, GOFLAGS: '-mod=mod' }, maxBuffer: 2 ** 24,
  });
  return JSON.parse(answer).Dir;
}

/** The lifecycle sources of k8s.io/api, each with a first line that says the API version: its folders are named otherwise. */
function lifecycleSources(folder: string, document: ApiDocument): string[] {
  const groups = new Map<string, string>();
  for (const [name, { 'x-kubernetes-group-version-kind': ids = [] }] of Object.entries(document.definitions)) {
    const match = /^io\.k8s\.api\.(\w+)\.(\w+)\./.exec(name);
    if (match && ids.length === 1) {
      groups.set(`${match[1]}/${match[2]}`, apiVersionOf(ids[0]));
    }
  }
  return [...groups].flatMap(([place, apiVersion]) => {
    const file = path.join(folder, place, 'zz_generated.prerelease-lifecycle.go');
    return existsSync(file) ? [`// SERVED AS ${apiVersion}\n${readFileSync(file, 'utf8')}`] : [];
  });
}

function main(): void {
  const workFolder = mkdtempSync(path.join(tmpdir(), 'draw-api-fields-'));
  try {
    const documents = VERSIONS.map((version): ApiDocument => {
      const file = path.join(moduleFolder('k8s.io/kubernetes', version, workFolder), 'api/openapi-spec/swagger.json');
      const { definitions, paths } = JSON.parse(readFileSync(file, 'utf8'));
      return { minor: Number(version.split('.')[1]), definitions, paths };
    });
    const newest = VERSIONS[VERSIONS.length - 1];
    const lifecycles = lifecycleSources(moduleFolder('k8s.io/api', newest.replace('v1.', 'v0.'), workFolder), documents[documents.length - 1]);
    const drawing = draw(documents, KINDS, readDeprecations(lifecycles));
    const text = render(drawing, VERSIONS);
    console.error(`${drawing.types.length} types, ${drawing.resources.length} kinds by version, ${text.length} bytes. Fields that are gone from ${newest}:`);
    console.error(drawing.vanished.join('\n'));
    if (!process.argv.includes('--check')) {
      writeFileSync(TABLE, text);
    } else if (readFileSync(TABLE, 'utf8') !== text) {
      throw new Error(`${TABLE} is not what the documents give. Draw it again.`);
    }
  } finally {
    rmSync(workFolder, { recursive: true, force: true });
  }
}

if (require.main === module) {
  main();
}
