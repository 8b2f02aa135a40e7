import { apiPath } from '../../support/generated-objects/api-path';
import { Fields } from '../../support/generated-objects/arbitraries';
import { GeneratedObject } from '../../support/generated-objects/options';
import { ApiServer, Response } from '../api-server';
import { DryRun, verdictOf } from '../dry-run';

const DRY_RUN = 'dryRun=All&fieldValidation=Strict';
/** The server cuts what exceeds 4,096 characters in all. */
const MOST_CHARACTERS = 3800;
const POLICY = /^Validation failed for ValidatingAdmissionPolicy '(?<policy>.*?)' with binding '(?<binding>.*?)': (?<message>[^]*)$/;
const POD_SECURITY = /^would violate PodSecurity "(?<level>.*?)": (?<message>[^]*)$/;

/** What the server says to the creation of an object. */
export async function ask(server: ApiServer, object: GeneratedObject): Promise<DryRun> {
  return answerOf(object, await server.request('POST', `${apiPath(object)}?${DRY_RUN}`, { body: object }));
}

/** What the server says to the ephemeral containers of a Pod, which it takes only once the Pod is there: that is created for real. */
export async function askEphemeral(server: ApiServer, whole: GeneratedObject): Promise<DryRun> {
  const { ephemeralContainers, ...spec }: Fields = whole.spec;
  const created = await server.request('POST', apiPath(whole), { body: { ...whole, spec } });
  return answerOf(whole, created.status >= 300 ? created : await server.request('PATCH', `${apiPath(whole)}/${whole.metadata.name}/ephemeralcontainers?${DRY_RUN}`, {
    body: { spec: { ephemeralContainers } }, contentType: 'application/strategic-merge-patch+json',
  }));
}

/**
 * As `verdictOf` has it, but for what that takes for a cut: a warning of 256 characters. Pod Security's are of any length, and a policy's is far
 * shorter, or one that has failed.
 */
function answerOf(object: GeneratedObject, { warnings, ...response }: Response): DryRun {
  if (warnings.join('').length > MOST_CHARACTERS) {
    throw new Error(`${object.kind} ${object.metadata.name}: the server may have cut its warnings: ${warnings.join('\n')}`);
  }
  const found = (pattern: RegExp) => warnings.map((text) => pattern.exec(text)).filter((match) => match !== null).map(({ groups }) => groups!);
  return {
    ...verdictOf(object, { ...response, warnings: [] }),
    policies: found(POLICY).map(({ policy, binding, message }) => ({ policy, binding, action: 'warn', message })),
    podSecurity: found(POD_SECURITY).map(({ level, message }) => ({ level, action: 'warn', message })),
  };
}
