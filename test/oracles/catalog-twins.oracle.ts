import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { catalogControls } from '../../src/controls/catalog';
import { windowsPodWith } from '../../src/controls/catalog/base-pod';
import { ActsAt, Control } from '../../src/controls/control';
import { exampleTwins } from '../../src/controls/example-twins';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { findings } from '../support/twins';
import { TEMPLATE_KINDS, workloadOf } from '../support/workloads';

/** Before, the server drops the field unless a feature gate is on. */
const IMAGE_VOLUMES_SINCE = 35;

/** What an admission policy of the control would see of its example: both twins, in every kind that has a pod template. */
function examples(control: Control): { control: Control; name: string; object: any }[] {
  const { compliant, violating } = exampleTwins(control);
  const kinds = control.appliesTo.isPodTemplates ? TEMPLATE_KINDS : [undefined];
  return kinds.flatMap((kind) => Object.entries({ compliant, violating }).map(([twin, object]) => (
    { control, name: `${control.id} ${twin} ${kind ?? ''}`.trim(), object: kind ? workloadOf(kind, object as any) : anew(object) }
  )));
}

/** The namespace of the examples is there: an example of a namespace is another one. */
function anew(object: any): any {
  return object.kind === 'Namespace' ? { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}-example` } } : object;
}

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'the examples of the catalog', () => {
    let server: PolicyServer;
    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      await server.namespace('app');
      await server.apply(['app', 'default'].map((namespace) => ({ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace } })));
    });
    afterAll(async () => server?.stop());

    test('rest on what it does: whoever may change or delete a Secret, even by a dry run, is answered with what is in it', async () => {
      const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'read', namespace: 'app' }, stringData: { key: 'known' } };
      const secrets = '/api/v1/namespaces/app/secrets';
      await server.apply([secret]);
      const answers = await Promise.all([
        server.request('PATCH', `${secrets}/read?dryRun=All`, { body: {}, contentType: 'application/merge-patch+json' }),
        server.request('DELETE', `${secrets}/read?dryRun=All&propagationPolicy=Foreground`),
        server.request('DELETE', `${secrets}?dryRun=All`),
      ]);
      const value = Buffer.from('known').toString('base64');
      expect(answers.map(({ status, body }) => [status, JSON.stringify(body).includes(value)])).toEqual([[200, true], [200, true], [200, true]]);
      expect((await server.request('GET', `${secrets}/read`)).status).toBe(200);
    });

    test('rest on what it does: a Windows pod may not say anything about a user namespace', async () => {
      const answers = await Promise.all([undefined, false].map((hostUsers) => server.dryRun(windowsPodWith({ 'spec.hostUsers': hostUsers }))));
      expect(answers.map(({ allowed, message }) => (allowed ? 'allowed' : message))).toEqual(['allowed', expect.stringContaining('spec.hostUsers')]);
    });

    test('are taken by the API server, and what it stores meets their control or not as they do', async () => {
      const stated = KubernetesVersion.of(`1.${server.minor}`);
      const controls = catalogControls().filter((control) => (
        control.actsAt !== ActsAt.SYNTH && control.appliesTo.custom.length === 0 && control._nodeAt(stated)
      ));
      const answers = await Promise.all(controls.flatMap(examples).map(async (example) => ({ ...example, ...await server.dryRun(example.object) })));

      expect(answers.length).toBeGreaterThan(300);
      expect(answers.filter(({ allowed }) => !allowed).map(({ name, message }) => `${name}: ${message}`)).toEqual([]);
      const unknown = answers.filter(({ warnings }) => warnings.some((text) => text.includes('unknown field')));
      expect(unknown.map(({ name, warnings }) => `${name}: ${warnings}`)).toEqual([]);
      const met = (control: Control, object: unknown) => findings([control], stated, object).length === 0;
      const changed = answers.filter(({ control, object, body }) => met(control, object) !== met(control, body));
      expect(changed.map(({ name }) => name).filter((name) => server.minor >= IMAGE_VOLUMES_SINCE || !name.startsWith('image-volume'))).toEqual([]);
    });
  });
});
