import { apiPath } from '../../support/generated-objects/api-path';
import { Fields } from '../../support/generated-objects/arbitraries';
import { GeneratedObject } from '../../support/generated-objects/options';
import { ApiServer, Response } from '../api-server';
import { DryRun, verdictOf } from '../dry-run';

const DRY_RUN = 'dryRun=All&fieldValidation=Strict';
const LONGEST_IF_CUT = 256;
const MOST_CHARACTERS = 4096 - LONGEST_IF_CUT;
const POLICY = /^Validation failed for ValidatingAdmissionPolicy '(?<policy>.*?)' with binding '(?<binding>.*?)': (?<message>[^]*)$/;
/** A warning of a policy that names containers. Another one that is so long is no verdict, and has to be seen. */
const NAMES = /^Validation failed for .*: T; not met by /;
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
 * As `verdictOf` has it, but for what that takes for a cut: any warning of 256 characters. Pod Security's are of any length, and one of them that
 * is cut still says what it has to.
 */
function answerOf(object: GeneratedObject, { warnings, ...response }: Response): DryRun {
  const found = (pattern: RegExp) => warnings.map((text) => pattern.exec(text)).filter((match) => match !== null).map(({ groups }) => groups!);
  const dryRun = verdictOf(object, { ...response, warnings: [] });
  return {
    ...dryRun,
    ...areCut(warnings) && { unjudged: true, message: 'its warnings are cut' },
    policies: found(POLICY).map(({ policy, binding, message }) => ({ policy, binding, action: 'warn', message })),
    podSecurity: found(POD_SECURITY).map(({ level, message }) => ({ level, action: 'warn', message })),
  };
}

/** Where they exceed 4,096 characters in all, the server cuts each at 256 and leaves out what still exceeds that. */
function areCut(warnings: readonly string[]): boolean {
  const inPart = warnings.every((text) => text.length <= LONGEST_IF_CUT);
  return inPart && (warnings.join('').length > MOST_CHARACTERS || warnings.some((text) => text.length === LONGEST_IF_CUT && NAMES.test(text)));
}
