import { apiPath } from './api-path';
import { Fields } from './arbitraries';
import { GENERATED_NAMESPACE, GeneratedObject, SERVICE_ACCOUNTS } from './options';
import { ApiServer } from '../../oracles/api-server';

export interface ServerAnswer {
  /** Why the server refuses the object, undefined where it's valid. */
  readonly refusal?: string;
  /** The object as the server would store it, undefined where it refuses it. */
  readonly stored?: GeneratedObject;
}

/** Makes a namespace with what generated Pods need, for the admission of which nobody else is there. */
export async function makeNamespace(server: ApiServer, name: string = GENERATED_NAMESPACE, labels: Record<string, string> = {}): Promise<void> {
  await create(server, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } });
  for (const account of SERVICE_ACCOUNTS) {
    await create(server, { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: account, namespace: name } });
  }
}

/** What the server says to an object, with unknown fields refused. Nothing is kept. */
export async function dryRun(server: ApiServer, object: GeneratedObject): Promise<ServerAnswer> {
  return answer(await server.request('POST', `${apiPath(object)}?dryRun=All&fieldValidation=Strict`, { body: object }));
}

/** What the server says to ephemeral containers of a pod that it has. Nothing is kept. */
export async function dryRunEphemeral(server: ApiServer, pod: GeneratedObject, ephemeralContainers: Fields[]): Promise<ServerAnswer> {
  return answer(await server.request('PATCH', `${apiPath(pod)}/${pod.metadata.name}/ephemeralcontainers?dryRun=All&fieldValidation=Strict`, {
    body: { spec: { ephemeralContainers } }, contentType: 'application/strategic-merge-patch+json',
  }));
}

/** Creates the object for real. @throws Error with the server's words if it's refused */
export async function create(server: ApiServer, object: GeneratedObject): Promise<void> {
  const { refusal } = answer(await server.request('POST', apiPath(object), { body: object }));
  if (refusal !== undefined) {
    throw new Error(`${object.kind} ${object.metadata.name} was refused: ${refusal}`);
  }
}

function answer({ status, body }: { status: number; body: any }): ServerAnswer {
  return status === 200 || status === 201 ? { stored: body } : { refusal: body.message ?? JSON.stringify(body) };
}
