import { apiPath } from '../../support/generated-objects/api-path';
import { Fields } from '../../support/generated-objects/arbitraries';
import { GeneratedObject } from '../../support/generated-objects/options';
import { DryRun, verdictOf } from '../dry-run';
import { PolicyServer } from '../policy-server';

/** What the server says to the ephemeral containers of a Pod, which it takes only once the Pod is there: that is created for real. */
export async function dryRunEphemeral(server: PolicyServer, whole: GeneratedObject): Promise<DryRun> {
  const { ephemeralContainers, ...spec }: Fields = whole.spec;
  const created = await server.request('POST', apiPath(whole), { body: { ...whole, spec } });
  return created.status >= 300
    ? verdictOf(whole, created)
    : verdictOf(whole, await server.request('PATCH', `${apiPath(whole)}/${whole.metadata.name}/ephemeralcontainers?dryRun=All&fieldValidation=Strict`, {
      body: { spec: { ephemeralContainers } }, contentType: 'application/strategic-merge-patch+json',
    }));
}
