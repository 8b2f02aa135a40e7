import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { policyBinding, PolicyPhase } from '../../src/controls/admission/policy-binding';
import { policyName, policyObstacle, validatingPolicy } from '../../src/controls/admission/validating-policy';
import { AppliesTo } from '../../src/controls/applies-to';
import { catalogControls } from '../../src/controls/catalog';
import { ActsAt, Control } from '../../src/controls/control';
import { ControlSet } from '../../src/controls/control-set';
import { exampleTwins } from '../../src/controls/example-twins';
import { Requirement } from '../../src/controls/requirement';
import { ALL_TEMPLATES } from '../../src/controls/template-kinds';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { sample } from '../controls/admission/fixtures';
import { TEMPLATE_KINDS, workloadOf } from '../support/workloads';

/** The namespace of the catalog's examples. */
const EXAMPLES = 'app';

interface Example {
  readonly control: Control;
  readonly name: string;
  readonly object: any;
}

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'the policy of every control of the catalog', () => {
    let server: PolicyServer;
    let stated: KubernetesVersion;
    let controls: Control[];

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      stated = KubernetesVersion.of(`1.${server.minor}`);
      controls = catalogControls().filter((control) => policyObstacle(control, stated) === undefined && control.appliesTo.custom.length === 0);
      await Promise.all(['default', ...controls.map(namespaceOf)].map((namespace) => inhabited(server, namespace)));
      await server.apply(controls.map((control) => validatingPolicy(control, { version: stated })));
      await server.apply(controls.map(bindingOf));
      await server.settle();
    });
    afterAll(async () => server?.stop());

    test('compiles without a type-check warning', async () => {
      const warnings = await server.allTypeWarnings();

      expect(controls.length).toBeGreaterThanOrEqual(40);
      expect(Object.keys(warnings)).toEqual(expect.arrayContaining(controls.map(policyName)));
      expect(Object.entries(warnings).filter(([, each]) => each.length > 0)).toEqual([]);
    });

    test('about one kind would have warned of a misspelled field', async () => {
      const ofOneKind = controls.filter(({ appliesTo }) => appliesTo.kindNames.length === 1);
      const policies = ofOneKind.map((control) => validatingPolicy(control, { version: stated }));
      const misspelled = policies.flatMap((policy: any) => {
        const field = /\b(?:object|e2?)\.\?(\w{4,})/.exec(policy.spec.validations[0].expression.replace(/object\.\?(metadata|spec)\b/g, 'object'))?.[1];
        const name = `${policy.metadata.name}-misspelled`;
        const text = JSON.stringify(policy).replaceAll(`.?${field}`, `.?${field}x`).replaceAll(`.${field}`, `.${field}x`);
        return field === undefined ? [] : [{ ...JSON.parse(text), metadata: { name } }];
      });

      await server.apply(misspelled);
      expect(misspelled.length).toBeGreaterThanOrEqual(5);
      for (const { metadata: { name } } of misspelled) {
        expect([name, await server.typeWarnings(name)]).toEqual([name, [expect.stringContaining('undefined field')]]);
      }
      await server.remove(misspelled);
    });

    test('admits what complies and refuses the twin that does not, and says why, in every kind', async () => {
      const examples = controls.filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION).flatMap((control) => examplesOf(control));
      const answers = await Promise.all(examples.map(async (example) => ({ ...example, answer: await server.dryRun(example.object) })));
      const unjudged = answers.filter(({ answer }) => answer.unjudged);
      expect(unjudged.map(({ name, answer }) => `${name}: ${answer.message}`)).toEqual([]);

      const wrong = answers.flatMap(({ control, name, object, answer }) => {
        const meets = new ControlSet([control], stated, ALL_TEMPLATES).violations(answer.allowed ? answer.body : object).length === 0;
        const said = answer.policies.filter(({ policy }) => policy === policyName(control)).map(({ message }) => message);
        const says = said.some((message) => message.startsWith(control.title));
        return meets === (said.length === 0) && (meets || says) ? [] : [`${name}: ${meets ? 'complies' : 'does not comply'}; ${said.join() || 'admitted'}`];
      });
      expect(wrong).toEqual([]);
      expect(answers.filter(({ answer }) => !answer.allowed).length).toBeGreaterThan(200);
      expect(answers.filter(({ answer }) => answer.allowed).length).toBeGreaterThan(200);
    });

    test('that is about containers names the one that fails', async () => {
      const aboutContainers = controls.filter((control) => 'messageExpression' in (validatingPolicy(control, { version: stated }) as any).spec.validations[0]);
      const examples = aboutContainers.flatMap((control) => examplesOf(control).filter(({ name }) => name.endsWith('violating Deployment')));
      const answers = await Promise.all(examples.map(async ({ name, object }) => ({ name, answer: await server.dryRun(object) })));

      const refusals = answers.filter(({ answer }) => !answer.allowed);
      expect(refusals.length).toBeGreaterThanOrEqual(15);
      expect(refusals.filter(({ answer }) => !/; not met by (app|the pod)(, app)?\. /.test(answer.message)).map(({ name, answer }) => `${name}: ${answer.message}`)).toEqual([]);
    });

    test('about who changes an object refuses others, and them alone, and what they leave alone', async () => {
      for (const control of controls.filter(({ actsAt }) => actsAt === ActsAt.ADMISSION)) {
        const { compliant, violating } = exampleTwins(control) as { compliant: any; violating: any };
        const name = `changed-${control.id}`;
        const [before, after, untouched] = [compliant, violating, compliant].map((object) => ({ ...object, metadata: { ...object.metadata, name } }));
        await server.apply([before]);
        const change = (object: any, ...as: string[]) => server.kubectl(['apply', '--server-side', '--force-conflicts', '--dry-run=server', '-f', '-', ...as], {
          input: JSON.stringify(object), allowFailure: true,
        });

        expect((await change(after, '--as=eve', '--as-group=developers', '--as-group=system:masters')).code).toBe(0);
        const asOthers = ['--as=eve', '--as-group=developers'];
        await server.apply([EVERYTHING_FOR_DEVELOPERS]);
        expect((await change(after, ...asOthers)).stderr + (await change(after, ...asOthers)).stdout).toContain(control.title);
        expect((await change({ ...untouched, metadata: { ...untouched.metadata, finalizers: ['example.com/keep'] } }, ...asOthers)).code).toBe(0);
      }
    });
  });

  describeWith(policyServerPrograms(version), 'a policy of one\'s own', () => {
    let server: PolicyServer;
    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      await inhabited(server, EXAMPLES);
    });
    afterAll(async () => server?.stop());

    const enforce = async (...controls: Control[]) => {
      await server.apply(controls.map((control) => validatingPolicy(control, { version: KubernetesVersion.of(`1.${server.minor}`) })));
      await server.apply(controls.map((control) => policyBinding(control, { phase: PolicyPhase.DENY, suffix: 'own', namespaces: [EXAMPLES] })));
      await server.settle();
      expect(Object.values(await server.allTypeWarnings()).flat()).toEqual([]);
    };
    const configMap = (annotations: Record<string, string>) => (
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'sample', namespace: EXAMPLES, annotations } });

    test('takes every text for itself, whatever is in it', async () => {
      const awkward = [
        'it\'s', 'say "no"', '\'"', 'back\\slash', '\\n', 'new\nline', 'tab\t', '$1', '$&', '`', '😀é', '\u2028', 'a\u0007b', '{}%s', '\')||true||(\'',
      ];
      const [ruledOut, pattern] = [Requirement.noneOf, Requirement.matches];
      const kind = { appliesTo: AppliesTo.kinds('ConfigMap') };
      await enforce(
        sample(ruledOut('metadata.annotations["example.com/text"]', ...awkward), { id: 'texts', ...kind }),
        sample(pattern('metadata.annotations["example.com/name"]', '^[\\w\'"\\\\]+\\.$', { orAbsent: true }), { id: 'patterns', ...kind }),
        sample(pattern('metadata.annotations["example.com/case"]', '^straße $', { ignoreCase: true, orAbsent: true }), { id: 'cases', ...kind }),
      );
      const refusal = async (annotations: Record<string, string>) => (
        (await server.dryRun(configMap(annotations))).policies.map(({ policy }) => policy)
      );

      for (const text of awkward) {
        expect([text, await refusal({ 'example.com/text': text })]).toEqual([text, ['hardened-texts']]);
        expect([text, await refusal({ 'example.com/text': `${text}.` })]).toEqual([text, []]);
      }
      expect(await refusal({ 'example.com/name': 'it\'s"\\.' })).toEqual([]);
      expect(await refusal({ 'example.com/name': 'it s.' })).toEqual(['hardened-patterns']);
      expect(await refusal({ 'example.com/case': 'STRAßE ' })).toEqual([]);
      expect(await refusal({ 'example.com/case': 'strasse ' })).toEqual(['hardened-cases']);
    });

    test('reads fields that are named like words of CEL', async () => {
      const definition = definitionOf('Gate', 'gates', ANYTHING);
      const reserved = ['in', 'true', 'false', 'null', 'namespace', 'import', 'package', 'for', 'a.b', 'a/b', 'a-b', 'a\'b'];
      await server.apply([definition]);
      await enforce(sample(Requirement.allOf(...reserved.map((word) => Requirement.noneOf(`spec["${word}"]`, 'bad'))), {
        id: 'reserved', appliesTo: AppliesTo.customResources({ group: 'example.com', version: 'v1', kind: 'Gate', resource: 'gates' }),
      }));
      const gate = (spec: object) => ({ apiVersion: 'example.com/v1', kind: 'Gate', metadata: { name: 'sample', namespace: EXAMPLES }, spec });

      for (const word of reserved) {
        expect([word, (await server.dryRun(gate({ [word]: 'bad' }))).allowed]).toEqual([word, false]);
        expect([word, (await server.dryRun(gate({ [word]: 'good' }))).allowed]).toEqual([word, true]);
        expect([word, (await server.dryRun(gate({ [word]: null }))).allowed]).toEqual([word, true]);
      }
    });

    test('judges a custom resource with a pod template, and one that has none yet', async () => {
      await server.apply([definitionOf('Rollout', 'rollouts', ANYTHING, 'argoproj.io', 'v1alpha1')]);
      await enforce(sample(Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)), { id: 'rollouts' }));
      const rollout = (spec: object) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'sample', namespace: EXAMPLES }, spec });
      const template = (privileged: boolean, more: object = {}) => ({ template: { spec: { containers: [{ name: 'web', securityContext: { privileged } }], ...more } } });

      expect(await server.dryRun(rollout(template(true)))).toMatchObject({ allowed: false, message: expect.stringContaining('; not met by web. ') });
      expect(await server.dryRun(rollout(template(false)))).toMatchObject({ allowed: true });
      expect(await server.dryRun(rollout(template(false, { initContainers: null, ephemeralContainers: null })))).toMatchObject({ allowed: true });
      expect(await server.dryRun(rollout({ workloadRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' } }))).toMatchObject({ allowed: true });
    });

    test('on whole objects lets the API server and its controllers lay out their own', async () => {
      await enforce(sample(Requirement.each('rules', Requirement.each('verbs', Requirement.noneOf('', '*'))), { id: 'roles', appliesTo: AppliesTo.kinds('ClusterRole') }));
      const role = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'all' }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['*'] }] };
      const create = async (...as: string[]) => (await server.kubectl(['create', '--dry-run=server', '-f', '-', ...as], { input: JSON.stringify(role), allowFailure: true })).code;

      expect((await server.dryRun(role)).message).toContain('Pods are as they should be');
      expect((await server.dryRun({ ...role, rules: null })).allowed).toBe(true);
      const aggregation = 'system:serviceaccount:kube-system:clusterrole-aggregation-controller';
      expect([await create(), await create('--as=system:apiserver', '--as-group=system:masters'), await create(`--as=${aggregation}`, '--as-group=system:masters')]).toEqual([1, 0, 0]);
      expect(await create('--as=system:serviceaccount:kube-system:other', '--as-group=system:masters')).toBe(1);
    });
  });
});

const ANYTHING = { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true };

const EVERYTHING_FOR_DEVELOPERS = {
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'ClusterRoleBinding',
  metadata: { name: 'developers' },
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'developers' }],
};

/** Each control has a namespace of its own, where nothing but its policy says anything. */
function namespaceOf({ id }: Control): string {
  return `of-${id}`;
}

/** Refuses in the control's own namespace. What belongs to no namespace is the same for all policies: they warn. */
function bindingOf(control: Control): unknown {
  const namespaces = [namespaceOf(control), ...(control.id === 'default-namespace' ? ['default'] : [])];
  const isClusterWide = examplesOf(control).some(({ object }) => object.metadata.namespace === undefined);
  return policyBinding(control, isClusterWide ? { phase: PolicyPhase.WARN, suffix: 'oracle' } : { phase: PolicyPhase.DENY, suffix: 'oracle', namespaces });
}

/** Both twins, in every kind that has a pod template, in the namespace of the control. */
function examplesOf(control: Control): Example[] {
  const kinds = control.appliesTo.isPodTemplates ? TEMPLATE_KINDS : [undefined];
  return kinds.flatMap((kind) => Object.entries(exampleTwins(control)).filter(([twin]) => twin !== 'finding').map(([twin, example]) => {
    const object: any = kind ? workloadOf(kind, example as any) : example;
    const namespace = object.metadata.namespace === EXAMPLES ? namespaceOf(control) : object.metadata.namespace;
    const name = object.kind === 'Namespace' ? `${object.metadata.name}-example` : object.metadata.name;
    return { control, name: `${control.id} ${twin} ${kind ?? ''}`.trim(), object: { ...object, metadata: { ...object.metadata, name, ...(namespace && { namespace }) } } };
  }));
}

async function inhabited(server: PolicyServer, namespace: string): Promise<void> {
  await server.namespace(namespace);
  await server.apply([{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace } }]);
}

function definitionOf(kind: string, plural: string, spec: object, group = 'example.com', version = 'v1'): unknown {
  return {
    apiVersion: 'apiextensions.k8s.io/v1',
    kind: 'CustomResourceDefinition',
    metadata: { name: `${plural}.${group}` },
    spec: {
      group,
      names: { kind, plural, singular: kind.toLowerCase() },
      scope: 'Namespaced',
      versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', properties: { spec } } } }],
    },
  };
}
