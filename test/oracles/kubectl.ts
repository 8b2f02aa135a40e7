import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { ApiServer } from './api-server';

export interface Applied {
  /** What was applied, in order, as kubectl names it: `deployment.apps/web`. */
  readonly objects: string[];
  /** What was left out because its CustomResourceDefinition is absent: `ExternalSecret.external-secrets.io/v1 shop/db`. */
  readonly absent: string[];
}

/**
 * Applies every YAML file below the folder in the order of their paths: server-side, with strict validation.
 *
 * @throws Error with kubectl's words, for the first file of which anything but an absent kind is refused
 */
export async function applyAll(server: ApiServer, folder: string): Promise<Applied> {
  const applied: Applied = { objects: [], absent: [] };
  for (const file of yamlFiles(folder)) {
    const { code, stdout, stderr } = await server.kubectl(['apply', '--server-side', '--validate=strict', '-f', file], { allowFailure: true });
    const { absent, errors } = readErrors(stderr);
    if (code !== 0 && (errors.length > 0 || absent.length === 0)) {
      throw new Error(`${file} was refused:\n${stderr}`);
    }
    applied.objects.push(...[...stdout.matchAll(/^(\S+) serverside-applied$/gm)].map(([, object]) => object));
    applied.absent.push(...absent);
  }
  return applied;
}

/**
 * The generation of each object that the folder's files declare, to prove that a second apply changes nothing:
 * `{ 'Deployment.apps/v1 shop/web': 'generation 1' }`. Kinds that have no generation give their resource version instead.
 * Objects of absent kinds are left out.
 *
 * @throws Error if an object doesn't exist
 */
export async function generations(server: ApiServer, folder: string): Promise<Record<string, string>> {
  const result: Record<string, string> = {};
  const kinds = new Map<string, string | undefined>();
  for (const { apiVersion, kind, metadata: { name, namespace = 'default' } } of yamlFiles(folder).flatMap(readObjects)) {
    const id = `${kind}.${apiVersion}`;
    if (!kinds.has(id)) {
      kinds.set(id, await collectionPath(server, apiVersion, kind));
    }
    const path = kinds.get(id)?.replace('NAMESPACE', namespace);
    if (path) {
      const { status, body } = await server.request('GET', `${path}/${name}`);
      if (status !== 200) {
        throw new Error(`${path}/${name}: ${status} ${body.message ?? body}`);
      }
      const { metadata } = body;
      const key = `${id} ${metadata.namespace ? `${metadata.namespace}/` : ''}${name}`;
      result[key] = metadata.generation ? `generation ${metadata.generation}` : `resource version ${metadata.resourceVersion}`;
    }
  }
  return result;
}

function yamlFiles(folder: string): string[] {
  return readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.yaml')).sort().map(file => join(folder, file));
}

function readObjects(file: string): any[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS()).filter(object => object);
}

/** Undefined where the server doesn't know the kind; otherwise such as `/apis/apps/v1/namespaces/NAMESPACE/deployments`. */
export async function collectionPath(server: ApiServer, apiVersion: string, kind: string): Promise<string | undefined> {
  const group = `${apiVersion.includes('/') ? '/apis' : '/api'}/${apiVersion}`;
  const { status, body } = await server.request('GET', group);
  const resources: { name: string; kind: string; namespaced: boolean }[] = status === 200 ? body.resources : [];
  const resource = resources.find(candidate => candidate.kind === kind && !candidate.name.includes('/'));
  return resource && `${group}${resource.namespaced ? '/namespaces/NAMESPACE' : ''}/${resource.name}`;
}

function readErrors(stderr: string): { absent: string[]; errors: string[] } {
  const absent: string[] = [];
  const errors: string[] = [];
  for (const line of stderr.split('\n')) {
    const [, name, namespace, kind, version] =
      /resource mapping not found for name: "(.*?)" namespace: "(.*?)" from ".*?": no matches for kind "(.*?)" in version "(.*?)"/.exec(line) ?? [];
    if (kind) {
      absent.push(`${kind}.${version} ${namespace ? `${namespace}/` : ''}${name}`);
    } else if (!/^$|^Warning:|^ensure CRDs are installed first/.test(line)) {
      errors.push(line);
    }
  }
  return { absent, errors };
}
