import { App, Chart } from 'cdk8s';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../../src/controls/admission-policies';
import { catalogControls } from '../../../src/controls/catalog';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { ReviewedException } from '../../../src/controls/waivers/reviewed-exception';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { setToday } from '../../../src/core/today';
import { Privilege } from '../../../src/workloads/access/privilege';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { InterimPodSecurity, PodSecurityRollout } from '../../../src/workloads/namespace/pod-security-rollout';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { VERSIONS } from '../../support/twins';
import { find, refusal, written } from '../fixtures';

const EXCEPTION: ReviewedException = { reason: 'The shop was here before the controls.', owner: 'shop', expires: '2026-09-01' };
const { PRIVILEGED, BASELINE } = InterimPodSecurity;
const IMAGE = `registry.example/web:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;

function cluster(podSecurity?: PodSecurityRollout, version: KubernetesVersion = KubernetesVersion.V1_35) {
  const app = new App();
  setToday(app, '2026-06-15');
  new ClusterProfile({ name: 'prod', kubernetesVersion: version }).attachTo(app);
  const chart = new Chart(app, 'c');
  return { app, chart, namespace: new HardenedNamespace(chart, 'shop', { podSecurity }) };
}

/** What is enforced, noted and said. */
function levels(app: App): string[] {
  const { labels } = find(app, 'Namespace').metadata;
  return ['enforce', 'audit', 'warn'].map((mode) => labels[`pod-security.kubernetes.io/${mode}`]);
}

test.each<[string, PodSecurityRollout | undefined, string[]]>([
  ['without a word, all three are restricted', undefined, ['restricted', 'restricted', 'restricted']],
  ['enforced, all three are restricted', PodSecurityRollout.enforce(), ['restricted', 'restricted', 'restricted']],
  ['in phase audit, restricted is noted alone', PodSecurityRollout.audit(PRIVILEGED, EXCEPTION), ['privileged', 'restricted', 'privileged']],
  ['in phase audit, baseline may be enforced meanwhile', PodSecurityRollout.audit(BASELINE, EXCEPTION), ['baseline', 'restricted', 'baseline']],
  ['in phase warn, restricted is noted and said', PodSecurityRollout.warn(PRIVILEGED, EXCEPTION), ['privileged', 'restricted', 'restricted']],
  ['in phase warn, baseline may be enforced meanwhile', PodSecurityRollout.warn(BASELINE), ['baseline', 'restricted', 'restricted']],
])('%s', (_, podSecurity, expected) => {
  expect(levels(cluster(podSecurity).app)).toEqual(expected);
});

test.each(VERSIONS.map((version) => [version.toString(), version] as const))('every mode is pinned to version %s in every phase', (name, version) => {
  for (const podSecurity of [PodSecurityRollout.audit(PRIVILEGED, EXCEPTION), PodSecurityRollout.warn(BASELINE), PodSecurityRollout.enforce()]) {
    const { labels } = find(cluster(podSecurity, version).app, 'Namespace').metadata;
    expect(['enforce', 'audit', 'warn'].map((mode) => labels[`pod-security.kubernetes.io/${mode}-version`])).toEqual(Array(3).fill(`v${name}`));
  }
});

describe('a phase that enforces less', () => {
  const enforced = (podSecurity: PodSecurityRollout) => {
    const made = cluster(podSecurity);
    Controls.of(made.app).enforce(ControlPack.of('namespaces', ...catalogControls().filter(({ id }) => id.startsWith('namespace-pod-security'))));
    return made;
  };

  test.each([
    ['audit over privileged', PodSecurityRollout.audit(PRIVILEGED, EXCEPTION)], ['audit over baseline', PodSecurityRollout.audit(BASELINE, EXCEPTION)],
    ['warn over privileged', PodSecurityRollout.warn(PRIVILEGED, EXCEPTION)], ['warn over baseline', PodSecurityRollout.warn(BASELINE)],
  ])('is accepted by the controls of namespaces: %s', (_, podSecurity) => {
    expect(() => enforced(podSecurity).app.synthYaml()).not.toThrow();
  });

  test('accepts nothing of another namespace', () => {
    const { app, chart } = enforced(PodSecurityRollout.audit(PRIVILEGED, EXCEPTION));
    const other = new HardenedNamespace(chart, 'other');
    other.resource.metadata.addLabel('pod-security.kubernetes.io/enforce', 'privileged');
    expect(() => app.synthYaml()).toThrow(/namespace-pod-security: Namespace\/other/);
  });

  test('has bound policies let that one namespace through, whichever controls are attached', () => {
    const policy = (podSecurity: PodSecurityRollout) => {
      const { app, chart } = cluster(podSecurity);
      new AdmissionPolicies(chart, 'p', { pack: ControlPack.of('namespaces', catalogControls().find(({ id }) => id === 'namespace-pod-security')!), phase: PolicyPhase.DENY });
      return JSON.stringify(written(app).find(({ kind }) => kind === 'ValidatingAdmissionPolicy'));
    };
    expect(policy(PodSecurityRollout.audit(PRIVILEGED, EXCEPTION))).toContain('shop');
    expect(policy(PodSecurityRollout.enforce())).not.toContain('shop');
  });

  test('lets workloads with privileges in where it enforces no more than they need, without policies', () => {
    const { app, namespace } = cluster(PodSecurityRollout.warn(PRIVILEGED, EXCEPTION));
    new SecureWorkload(namespace, 'agent', { image: IMAGE, privileges: [Privilege.hostPid(EXCEPTION)] });
    expect(levels(app)).toEqual(['privileged', 'restricted', 'restricted']);
  });

  test('drops further for what is waived in it, where policies keep the rest', () => {
    const { app, chart, namespace } = cluster(PodSecurityRollout.warn(BASELINE));
    new SecureWorkload(namespace, 'agent', { image: IMAGE, privileges: [Privilege.hostPid(EXCEPTION)] });
    new AdmissionPolicies(chart, 'p', { pack: ControlPack.pssRestricted(), phase: PolicyPhase.DENY });
    expect(levels(app)).toEqual(['privileged', 'restricted', 'restricted']);
  });

  test('fails where it would refuse what is waived in it and no policies keep the rest', () => {
    const { app, namespace } = cluster(PodSecurityRollout.warn(BASELINE));
    new SecureWorkload(namespace, 'agent', { image: IMAGE, privileges: [Privilege.hostPid(EXCEPTION)] });
    expect(() => app.synthYaml()).toThrow('Namespace shop enforces "baseline", which refuses what is waived there');
  });

  test('leaves workloads as confined as they are', () => {
    const { app, namespace } = cluster(PodSecurityRollout.audit(PRIVILEGED, EXCEPTION));
    new SecureWorkload(namespace, 'web', { image: IMAGE, port: 8080 });
    Controls.of(app).enforce(ControlPack.pssRestricted());
    expect(() => app.synthYaml()).not.toThrow();
  });
});

describe('refused', () => {
  const control = (id: string) => catalogControls().find((each) => each.id === id)!;
  const { title, remediation } = control('namespace-pod-security');

  test.each<[string, () => unknown, string]>([
    ['less than baseline without an exception', () => cluster(PodSecurityRollout.warn(PRIVILEGED)),
      `[c/shop] podSecurity.exception: got undefined; allowed: a reviewed exception from namespace-pod-security ("${title}"). ${remediation} Where it has to be, state podSecurity.exception: { reason, owner, expires }.`],
    ['an exception that nothing needs', () => cluster(PodSecurityRollout.warn(BASELINE, EXCEPTION)),
      '[c/shop] podSecurity.exception: allowed: none: no control speaks against it. Leave it out, so that it accepts nothing later.'],
    ['one that has ended', () => cluster(PodSecurityRollout.audit(PRIVILEGED, { ...EXCEPTION, expires: '2026-06-14' })),
      '[c/shop, podSecurity.exception] expires: got "2026-06-14"; allowed: a day from 2026-06-15 on. Do without it, or have it reviewed anew.'],
    ['one that runs too long', () => cluster(PodSecurityRollout.audit(PRIVILEGED, { ...EXCEPTION, expires: '2027-06-14' })),
      '[c/shop, podSecurity.exception] expires: got "2027-06-14"; allowed: a nearer day. As it stands, it runs to 2027-06-14, and a finding of severity high is waived for at most 180 days from now: choose a nearer day, and look at it again then.'],
    ['a level that is none meanwhile', () => PodSecurityRollout.warn('restricted' as InterimPodSecurity),
      '[PodSecurityRollout.warn] enforced: got "restricted"; allowed: privileged, baseline. Take a value of InterimPodSecurity.'],
    ['a word in place of a phase', () => cluster('warn' as unknown as PodSecurityRollout),
      '[c/shop] podSecurity: got "warn"; allowed: a PodSecurityRollout. Take, for instance, PodSecurityRollout.warn(InterimPodSecurity.BASELINE).'],
  ])('%s', (_, call, message) => {
    expect(refusal(call)).toBe(message);
  });
});
