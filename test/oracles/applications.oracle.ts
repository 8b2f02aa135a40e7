import { admissionFaults, loosened, podTemplatesOf, refusalOf, settleQuotas } from './admission';
import { applyAll, generations } from './kubectl';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { gitea } from '../../examples/gitea-postgres/gitea';
import { nextcloud } from '../../examples/nextcloud-mariadb/nextcloud';
import { monitoring } from '../../examples/prometheus-grafana/monitoring';
import { policyBinding, PolicyPhase } from '../../src/controls/admission/policy-binding';
import { policyName, policyObstacle, validatingPolicy } from '../../src/controls/admission/validating-policy';
import { catalogControls } from '../../src/controls/catalog';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Synthesized } from '../support/synthesized';

// Public applications, in restricted namespaces, with every policy of the catalog on Deny.

const APPLICATIONS = { gitea, nextcloud, monitoring };
/** By which the examples' namespaces enforce. */
const MINOR = 36;

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'public applications', () => {
    const written = Object.entries(APPLICATIONS).map(([name, build]) => [name, new Synthesized(build)] as const);
    let server: PolicyServer;
    let policies: string[];

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      const stated = KubernetesVersion.of(`1.${server.minor}`);
      const controls = catalogControls().filter((control) => policyObstacle(control, stated) === undefined && control.appliesTo.custom.length === 0);
      policies = controls.map(policyName);
      await server.apply(controls.map((control) => validatingPolicy(control, { version: stated })));
      await server.apply(controls.map((control) => policyBinding(control, { phase: PolicyPhase.DENY, suffix: 'oracle' })));
      await server.settle();
    });
    afterAll(async () => {
      written.forEach(([, app]) => app.remove());
      await server?.stop();
    });

    test.each(written)('%s is accepted with strict validation, and a second apply changes nothing', async (_, { manifests, objects }) => {
      expect(policies.length).toBeGreaterThanOrEqual(40);
      const applied = await applyAll(server, manifests);
      expect(applied.absent).toEqual([]);
      expect(applied.objects).toHaveLength(objects.length);

      // The server rewrites a claim once by itself, with the same bytes but for its version.
      await applyAll(server, manifests);
      const first = await generations(server, manifests);
      await applyAll(server, manifests);
      expect(await generations(server, manifests)).toEqual(first);
    });

    test.each(written)('every pod of %s is admitted', async (_, { manifests, pods }) => {
      await settleQuotas(server);
      const templates = podTemplatesOf(manifests);
      expect(templates).toHaveLength(Object.keys(pods).length);
      for (const { owner, pod } of templates) {
        expect([owner, await refusalOf(server, pod)]).toEqual([owner, undefined]);
      }
    });

    // In a user namespace of its own a pod may be root, so that Pod Security admission asks less of it.
    test.each(written)('without their user namespaces the pods of %s are refused, and for each field that restricted requires, loosened one at a time', async (_, { manifests }) => {
      await settleQuotas(server);
      const templates = podTemplatesOf(manifests);
      templates.forEach(({ pod }) => delete pod.spec.hostUsers);
      expect(loosened(templates[0].pod, MINOR).length).toBeGreaterThan(25);
      expect(await admissionFaults(server, templates, Math.min(MINOR, server.minor))).toEqual(templates.map(({ owner }) => (
        expect.stringMatching(`^${owner} was refused: .*ValidatingAdmissionPolicy 'hardened-user-namespace'`))));
    });

    test.each(written)('the policies are asked about %s: its images without their digest are refused', async (_, { manifests }) => {
      await settleQuotas(server);
      for (const { owner, pod } of podTemplatesOf(manifests)) {
        pod.spec.containers[0].image = pod.spec.containers[0].image.split('@')[0];
        const answer = await server.dryRun(pod);
        expect([owner, answer.allowed, answer.policies.map(({ action }) => action)]).toEqual([owner, false, ['deny']]);
        expect(answer.message).toContain('digest');
      }
    });
  });
});
