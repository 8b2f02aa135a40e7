import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { catalogControls } from '../../src/controls/catalog';
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
