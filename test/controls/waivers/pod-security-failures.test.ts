import { ApiObject, App, Chart } from 'cdk8s';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../../src/controls/admission-policies';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { judgeTree } from '../../../src/controls/results/judge-tree';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { setToday } from '../../../src/core/today';

/** What fails where a host-network Deployment is waived in a namespace of a level, beside admission policies. */
function failures(
  enforced: string, version: KubernetesVersion, ...policies: { pack: ControlPack; phase?: PolicyPhase; namespaces?: string[] }[]
): string[] {
  const app = new App();
  setToday(app, '2026-01-01');
  const chart = new Chart(app, 'c');
  const objects = [
    new ApiObject(chart, 'namespace', {
      apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': enforced } },
    }),
    new ApiObject(chart, 'web', {
      apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' },
      spec: { template: { spec: { hostNetwork: true, containers: [{ name: 'app', image: 'app' }] } } },
    }),
  ];
  Controls.of(app).enforce(ControlPack.pssBaseline()).waive({
    control: 'host-network', resource: 'Deployment/shop/web', value: true, reason: 'It measures the node.', owner: 'shop', expires: '2026-02-01',
  });
  policies.forEach((props, i) => new AdmissionPolicies(chart, `policies${i}`, { phase: PolicyPhase.DENY, ...props }));
  return judgeTree(app, objects.map((construct) => ({ construct, json: construct.toJson() as unknown })), { version }).otherFailures.map(String);
}

const lowered = '[c/namespace] Namespace shop enforces "baseline", which refuses what is waived there. Set its label pod-security.kubernetes.io/enforce to "privileged".';

test('a namespace that enforces baseline needs policies for the rest of baseline only', () => {
  expect(failures('baseline', KubernetesVersion.V1_36, { pack: ControlPack.pssBaseline() })).toEqual([lowered]);
});

test('policies of restricted, whose controls take the place of some of baseline, do too', () => {
  expect(failures('baseline', KubernetesVersion.V1_36, { pack: ControlPack.pssRestricted() })).toEqual([lowered]);
});

test('a namespace that enforces restricted needs policies for the rest of restricted', () => {
  expect(failures('restricted', KubernetesVersion.V1_36, { pack: ControlPack.pssRestricted() })).toHaveLength(1);
  expect(failures('restricted', KubernetesVersion.V1_36, { pack: ControlPack.pssBaseline() })[1]).toMatch(
    /add AdmissionPolicies with ControlPack\.pssRestricted\(\) and PolicyPhase\.DENY \(still open: allow-privilege-escalation, /,
  );
});

test.each<[string, Parameters<typeof failures>[2][]]>([
  ['there are none', []],
  ['they only warn', [{ pack: ControlPack.pssBaseline(), phase: PolicyPhase.WARN }]],
  ['they hold in other namespaces', [{ pack: ControlPack.pssBaseline(), namespaces: ['other'] }]],
])('where policies refuse nothing of the rest, because %s, the waiver fails', (_, policies) => {
  expect(failures('baseline', KubernetesVersion.V1_36, ...policies)[1]).toMatch(
    /^\[c\/namespace\] Namespace shop enforces "baseline".* add AdmissionPolicies with ControlPack\.pssBaseline\(\) and PolicyPhase\.DENY \(still open: app-armor-profile, /,
  );
});

test('before there are policies, the waiver fails and says from when on there are', () => {
  expect(failures('baseline', KubernetesVersion.V1_29)[1]).toMatch(/Kubernetes has policies that refuse the rest from 1\.30 on: upgrade, or move the object /);
});

test('policies count for the namespaces that they are bound to', () => {
  const policies = new AdmissionPolicies(new Chart(new App(), 'c'), 'policies', {
    pack: ControlPack.pssBaseline(), phase: PolicyPhase.DENY, namespaces: ['shop'],
  });
  const [control] = policies.controls;
  expect(['kube-system', 'shop', 'other'].filter((namespace) => policies._denies(control, namespace))).toEqual(['shop']);
});
