import * as fc from 'fast-check';
import { askEphemeral } from './controls/ask';
import { compare, describeVerdict, Judge } from './controls/comparison';
import { CROWDED } from './controls/crowded';
import { CUSTOM_WORKLOADS, customWorkload, customWorkloadArbitrary, definitionOf, definitionOfWorkload } from './controls/custom-resources';
import { malformedTwins } from './controls/malformed';
import { PinnedPodSecurity, PodSecurityLevel } from './controls/pod-security';
import { Answer, inhabited, Policies } from './controls/policies';
import { Judgement, Tally } from './controls/verdicts';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms, PolicyServerVersion } from './policy-server';
import { describeWith } from './programs';
import { misshapenObject } from '../../src/controls/api-fields/shape';
import { catalogControls } from '../../src/controls/catalog';
import { serviceWith } from '../../src/controls/catalog/example-objects';
import { Control } from '../../src/controls/control';
import { ControlSet } from '../../src/controls/control-set';
import { exampleTwins } from '../../src/controls/example-twins';
import { ControlPack } from '../../src/controls/pack';
import { Json } from '../../src/controls/path';
import { Requirement } from '../../src/controls/requirement';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { apiPath } from '../support/generated-objects/api-path';
import { ephemeralContainersArbitrary } from '../support/generated-objects/ephemeral-containers';
import { OBJECT_KINDS, objectArbitrary } from '../support/generated-objects/objects';
import { GENERATED_NAMESPACE, GeneratedObject, GeneratorOptions } from '../support/generated-objects/options';
import { podTemplateArbitrary, workloadArbitrary } from '../support/generated-objects/workloads';

/** Workloads on the newest version; more of them find more: DIFFERENTIAL_OBJECTS=20000, and another DIFFERENTIAL_SEED. */
const OBJECTS = Number(process.env.DIFFERENTIAL_OBJECTS ?? 2000);
const SEED = Number(process.env.DIFFERENTIAL_SEED ?? 4);
/** What is generated as valid may meet a rule of the server that is new. */
const VALID_SHARE = 0.97;
const SHARES: Record<PolicyServerVersion, number> = { 1.37: 1, 1.33: 0.1 };
const OLDEST_MINOR = 28;
/** Enough to find what is planted. */
const FEW = { numRuns: 400, seed: 4 };

jest.setTimeout(240_000 + 100 * OBJECTS);

describe.each(POLICY_SERVER_VERSIONS)('controls on a real API server, Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'the check at synth and the policies say the same', () => {
    const share = (part: number) => Math.max(10, Math.round(OBJECTS * SHARES[version] * part));
    const report: string[] = [];
    const tally = new Tally();
    let compared: Control[];
    let levels: PodSecurityLevel[];
    let server: PolicyServer;
    let policies: Policies;
    let pinned: PinnedPodSecurity;

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      const { minor } = server;
      const minors = Array.from({ length: minor + 1 - OLDEST_MINOR }, (_, i) => OLDEST_MINOR + i);
      const skipped = catalogControls().map((control) => ({ control, reason: Policies.obstacle(control, KubernetesVersion.of(`1.${minor}`)) }));
      compared = skipped.filter(({ reason }) => reason === undefined).map(({ control }) => control);
      report.push(`Kubernetes 1.${minor}: ${compared.length} controls`);
      report.push(...skipped.filter(({ reason }) => reason !== undefined).map(({ control, reason }) => `  left out: ${control.id}. ${reason}`));
      levels = [new PodSecurityLevel('baseline', minor, false), new PodSecurityLevel('restricted', minor, false)];
      pinned = await PinnedPodSecurity.install(server, minors);
      policies = await Policies.install(server, compared, {
        labels: levels.map(({ labels }) => labels), excluded: pinned.namespaces,
      });
      // Not before: the type check of a policy takes long where it knows many kinds.
      await server.apply([...compared.flatMap(({ appliesTo }) => appliesTo.custom).map(definitionOf), ...CUSTOM_WORKLOADS.map(definitionOfWorkload)]);
    });
    afterAll(async () => {
      process.stdout.write(`${report.join('\n')}\n`);
      await server?.stop();
    });

    /** Compares both sides on generated values of one sort, and holds them to be the same. */
    const expectAgreement = async <T>(what: string, arbitrary: fc.Arbitrary<T>, numRuns: number, judge: Judge<T>) => {
      const { judged, invalid, differences } = await compare(arbitrary, { numRuns, seed: SEED }, judge, tally);
      report.push(`  ${what}: ${judged} judged, ${invalid.length} invalid`, ...invalid.slice(0, 5).map((each) => `    ${each}`));
      expect(differences.join('\n\n')).toBe('');
      expect(judged / numRuns).toBeGreaterThanOrEqual(VALID_SHARE);
    };

    const judge: Judge<GeneratedObject> = async (object) => (await policies.judge(object)).judgements;
    /** The policies, Pod Security at its latest version, and at one of all versions. */
    const judgeWorkload: Judge<GeneratedObject> = async (object, turn) => {
      const [{ answers, judgements }, older] = await Promise.all([policies.judge(object), pinned.judge(object, turn)]);
      return [...judgements, ...podSecurityOf(answers), older];
    };
    const podSecurityOf = (answers: readonly Answer[]) => levels.flatMap((level, i): Judgement[] => {
      const { sent, dryRun } = answers[i];
      return dryRun.unjudged ? [] : [{ object: sent, verdicts: [level.verdict(sent, dryRun)] }];
    });

    test('of workloads of every kind, and Pod Security as our packs, at every level and version', async () => {
      await expectAgreement('workloads', workloadArbitrary({ minor: server.minor }), share(0.8), judgeWorkload);
    });

    test('of workloads with fields that are null', async () => {
      await expectAgreement('workloads with null', workloadArbitrary({ minor: server.minor, nulls: true }), share(0.1), judgeWorkload);
    });

    test('of Pods that get ephemeral containers', async () => {
      let created = 0;
      const arbitrary = ephemeralContainersArbitrary({ minor: server.minor });
      await expectAgreement('Pods with ephemeral containers', arbitrary, share(0.1), async ({ pod, ephemeralContainers }) => {
        const name = `ephemeral-${created++}`;
        const whole = { ...pod, metadata: { ...pod.metadata, name }, spec: { ...pod.spec, ephemeralContainers } };
        const { answers, judgements } = await policies.judge(whole, (sent) => askEphemeral(server, sent));
        return [...judgements, ...podSecurityOf(answers)];
      });
    });

    test('of custom resources that embed a pod template', async () => {
      await expectAgreement('custom resources', customWorkloadArbitrary({ minor: server.minor, nulls: true }), share(0.1), judge);
    });

    test('of PodTemplates, which Pod Security looks at, too', async () => {
      await expectAgreement('PodTemplates', podTemplateObjects({ minor: server.minor, nulls: true }), share(0.05), judgeWorkload);
    });

    test('of Rollouts that name a Deployment in place of a template, or have both', async () => {
      const workloadRef = { apiVersion: 'apps/v1', kind: 'Deployment', name: 'web' };
      const container = { name: 'app', image: 'app', securityContext: { privileged: true } };
      const rollout = (spec: object) => ({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'app', namespace: GENERATED_NAMESPACE }, spec });
      const verdictsOn = async (spec: object) => (await policies.judge(rollout(spec))).judgements.flatMap(({ verdicts }) => verdicts);
      const both = { workloadRef, template: { spec: { containers: [container] } } };
      for (const [spec, isMet] of [[{ workloadRef }, true], [{ workloadRef, template: null }, true], [both, false]] as const) {
        const verdicts = await verdictsOn(spec);
        expect(verdicts.filter(({ agrees }) => !agrees).map((each) => describeVerdict(each, spec))).toEqual([]);
        expect([spec, verdicts.length > 40, verdicts.every(({ synth }) => synth === '')]).toEqual([spec, true, isMet]);
      }
    });

    test('of an object that names no namespace only once it has one: at synth nobody knows which', async () => {
      const { metadata: { name }, ...service } = serviceWith({ ports: [{ port: 80 }] }) as { metadata: { name: string } };
      const atSynth = new ControlSet(compared, KubernetesVersion.of(`1.${server.minor}`)).violations({ ...service, metadata: { name } });
      const { warnings } = await server.request('POST', '/api/v1/namespaces/default/services?dryRun=All', { body: { ...service, metadata: { name } } });
      expect(atSynth.map(({ control }) => control.id)).toEqual([]);
      expect(warnings).toEqual([expect.stringContaining('\'hardened-default-namespace\'')]);
    });

    test.each(Object.entries(CROWDED))('of %s, within what an expression may cost', async (_what, object) => {
      const { judgements } = await policies.judge({ ...object, metadata: { name: 'crowded', namespace: GENERATED_NAMESPACE } });
      const verdicts = judgements.flatMap((each) => each.verdicts);
      expect(judgements.map(({ invalid }) => invalid)).toEqual([undefined]);
      expect(verdicts.filter(({ agrees }) => !agrees).map((each) => describeVerdict(each, object).slice(0, 1000))).toEqual([]);
      expect(verdicts.length).toBeGreaterThan(0);
    });

    test.each(OBJECT_KINDS)('of objects of kind %s', async (kind) => {
      await expectAgreement(kind, objectArbitrary(kind, { minor: server.minor }), share(0.05), judge);
    });

    test('of the twins of every control, in a custom resource too', async () => {
      const byTwinsOnly = tally.oneSided(compared.map(({ id }) => id));
      report.push(`  met or violated by twins only: ${byTwinsOnly.join(', ')}`);
      const twins = compared.flatMap((control) => {
        const { compliant, violating } = exampleTwins(control) as { compliant: GeneratedObject; violating: GeneratedObject };
        const isViolated = isViolable(control, server.minor);
        const both = [{ control, object: compliant, isViolated: false }, { control, object: violating, isViolated }];
        return both.flatMap((each) => [
          ...isStored(control, server.minor) ? [each] : [],
          ...each.object.kind === 'Pod' ? [{ ...each, object: customWorkload(each.object) }] : [],
        ]);
      });
      for (const namespace of new Set(twins.map(({ object }) => object.metadata.namespace).filter((each) => each !== undefined))) {
        await inhabited(server, namespace);
      }
      const wrong = await Promise.all(twins.map(async ({ control, object, isViolated }) => {
        const { invalid, verdicts } = await policies.judgeInPlace(object);
        tally.add(verdicts);
        const own = verdicts.find(({ rule }) => rule === control.id)?.synth;
        return [
          ...invalid === undefined ? [] : [`${control.id}: its twin is invalid: ${invalid}`],
          ...verdicts.filter(({ agrees }) => !agrees).map((each) => describeVerdict(each, object)),
          ...own !== undefined && (own !== '') !== isViolated ? [`${control.id}: a twin is ${own || 'met'}`] : [],
        ];
      }));
      expect(wrong.flat().join('\n\n')).toBe('');
      expect(byTwinsOnly.length).toBeLessThan(compared.length / 3);
    });

    test('and enough was compared: every control was met by some objects and violated by others', () => {
      const rules = compared.map(({ id }) => id);
      const podSecurity = [...levels, ...pinned.levels].map(({ rule }) => rule);
      for (const [what, list] of [['policies', rules], ['Pod Security', podSecurity]] as const) {
        const { met, violated } = tally.total(list);
        report.push(`  ${what}: ${met + violated} verdicts compared, ${violated} of them violated`);
        report.push(...list.map((rule) => `    ${rule}: ${tally.of(rule).met} met, ${tally.of(rule).violated} violated`));
      }
      expect(tally.oneSided([...rules, ...podSecurity])).toEqual(rules.filter((id) => !isViolable({ id }, server.minor)));
      expect(tally.total(rules).violated).toBeGreaterThan(2 * share(1));
      expect(tally.total(podSecurity).violated).toBeGreaterThan(share(0.5));
    });

    if (version !== POLICY_SERVER_VERSIONS[0]) {
      return;
    }

    test('and what the API server can\'t read is found at synth, too', async () => {
      const silent: string[] = [];
      let unreadable = 0;
      const atVersion = KubernetesVersion.of(`1.${server.minor}`);
      await Promise.all(compared.flatMap(malformedTwins).map(async ({ control, what, twin, object }) => {
        const { status, body } = await server.request('POST', `${apiPath(twin)}?dryRun=All`, { body: object });
        if (status === 400 && /json: cannot unmarshal|unrecognized type/.test(body.message)) {
          unreadable++;
          const isFound = misshapenObject(object as Json).length > 0 || new ControlSet([control], atVersion).violations(object).length > 0;
          silent.push(...isFound ? [] : [`${control.id}: ${what}: ${body.message}`]);
        }
      }));
      report.push(`  objects that can't be read: ${unreadable}`);
      expect(silent).toEqual([]);
      expect(unreadable).toBeGreaterThan(10 * compared.length);
    });

    test.each<[string, string, Requirement]>([
      ['looks at another field', 'host-network', Requirement.absentOrOneOf('spec.hostPID', false)],
      ['forgets init containers', 'privileged', Requirement.each('spec.containers', Requirement.absentOrOneOf('securityContext.privileged', false))],
      ['takes what is left out for a fault', 'host-ipc', Requirement.oneOf('spec.hostIPC', false)],
    ])('and a check that %s is caught, and shown by a small object', async (_what, id, requirement) => {
      const planted = policies.against(compared.map((control) => (control.id === id ? new Control({ ...control, requirement }) : control)));
      const judgePlanted: Judge<GeneratedObject> = async (object) => (await planted.judge(object)).judgements;
      const { differences } = await compare(workloadArbitrary({ minor: server.minor }), FEW, judgePlanted, new Tally());
      expect(differences).toEqual([expect.stringMatching(new RegExp(`^${id}\n`))]);
      expect(differences[0].length).toBeLessThan(1200);
    });

    test('and a pack that lacks a control is caught', async () => {
      const weaker = new PodSecurityLevel('baseline', server.minor, false, ControlPack.pssBaseline().without('weaker', 'host-pid').controls);
      const { differences } = await compare(workloadArbitrary({ minor: server.minor }), FEW, async (object) => {
        const [{ sent, dryRun }] = (await policies.judge(object)).answers;
        return [{ object: sent, verdicts: [weaker.verdict(sent, dryRun)] }];
      }, new Tally());
      expect(differences).toEqual([expect.stringMatching(/API server: .*hostPID=true/)]);
    });
  });
});

/** Controls that no valid object violates, with the minor from which on. */
const UNVIOLABLE: Record<string, number> = {
  // Unmasked is valid with hostUsers: false only, and the level lets such Pods choose.
  'proc-mount-baseline': 35,
};

/** Controls about fields that the API server drops before a minor. */
const STORED_SINCE: Record<string, number> = { 'image-volume-digest': 35 };

function isStored({ id }: Control, minor: number): boolean {
  return minor >= (STORED_SINCE[id] ?? 0);
}

function isViolable({ id }: { id: string }, minor: number): boolean {
  return minor < (UNVIOLABLE[id] ?? Infinity);
}

function podTemplateObjects(options: GeneratorOptions): fc.Arbitrary<GeneratedObject> {
  return fc.record({ name: fc.constantFrom('app', 'web-1', 'with.dots'), template: podTemplateArbitrary(options) }).map(({ name, template }) => (
    { apiVersion: 'v1', kind: 'PodTemplate', metadata: { name, namespace: GENERATED_NAMESPACE }, template }
  ));
}
