import { AppliesTo } from '../../src/controls/applies-to';
import { basePod, basePodWith } from '../../src/controls/catalog/base-pod';
import { Control, ControlLayer, ControlProps } from '../../src/controls/control';
import { ControlSet } from '../../src/controls/control-set';
import { showPath } from '../../src/controls/path';
import { Requirement } from '../../src/controls/requirement';
import { PodTemplateLocation } from '../../src/controls/subject';
import { effectiveControls } from '../../src/controls/superseding';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Severity } from '../../src/core/severity';
import { workloadOf } from '../support/workloads';

const { V1_29, V1_30, V1_37 } = KubernetesVersion;

function control(id: string, requirement: Requirement, props: Partial<ControlProps> = {}): Control {
  return new Control({
    id, title: id, severity: Severity.HIGH, layer: ControlLayer.POD_SECURITY, rationale: 'It matters.', remediation: 'Do it.', requirement, ...props,
  });
}

const hostNetwork = control('host-network', Requirement.absentOrOneOf('spec.hostNetwork', false));
const hostPid = control('host-pid', Requirement.absentOrOneOf('spec.hostPID', false), { since: V1_30 });
const service = control('service', Requirement.oneOf('spec.type', 'ClusterIP'), { appliesTo: AppliesTo.kinds('Service') });
const rollout = control('rollout', Requirement.present('spec.replicas'), {
  appliesTo: AppliesTo.customResources({ group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout', resource: 'rollouts' }),
});
const ALL = [hostNetwork, hostPid, service, rollout];

function violations(object: unknown, version = V1_37, templates?: PodTemplateLocation[]): string[] {
  return new ControlSet(ALL, version, templates).violations(object)
    .flatMap((violation) => violation.faults.map(({ place, malformed }) => `${violation.control.id}: ${showPath(place)}${malformed ? ' (malformed)' : ''}`));
}

describe('a set of controls', () => {
  test('finds nothing in an object that meets all of them', () => {
    expect(violations(basePod())).toEqual([]);
  });

  test('finds every control that a pod does not meet, at the places of its kind', () => {
    const bad = basePodWith({ 'spec.hostNetwork': true, 'spec.hostPID': true });
    expect(violations(bad)).toEqual(['host-network: spec.hostNetwork', 'host-pid: spec.hostPID']);
    expect(violations(workloadOf('CronJob', bad))).toEqual([
      'host-network: spec.jobTemplate.spec.template.spec.hostNetwork', 'host-pid: spec.jobTemplate.spec.template.spec.hostPID',
    ]);
  });

  test('asks at a version what holds at that version', () => {
    expect(new ControlSet(ALL, V1_29).controls.map(({ id }) => id)).toEqual(['host-network', 'service', 'rollout']);
    expect(violations(basePodWith({ 'spec.hostPID': true }), V1_29)).toEqual([]);
  });

  test('looks at whole objects of the kinds that a control names', () => {
    expect(violations({ apiVersion: 'v1', kind: 'Service', spec: { type: 'NodePort' } })).toEqual(['service: spec.type']);
    expect(violations({ apiVersion: 'v1', kind: 'ConfigMap', spec: { type: 'NodePort' } })).toEqual([]);
  });

  test('does not take a custom resource for the built-in kind of the same name', () => {
    expect(violations({ apiVersion: 'serving.knative.dev/v1', kind: 'Service', spec: { type: 'NodePort' } })).toEqual([]);
    expect(violations({ apiVersion: 'apps.example.com/v1', kind: 'Deployment', spec: {} })).toEqual([]);
  });

  test('looks at custom resources of the group that a control names', () => {
    expect(violations({ apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', spec: {} })).toEqual(['rollout: spec.replicas']);
    expect(violations({ apiVersion: 'example.com/v1', kind: 'Rollout', spec: {} })).toEqual([]);
  });

  test('finds the templates of the kinds that it is told of, the last one of a kind counting', () => {
    const at = (path: string): PodTemplateLocation => ({ group: 'x.io', kind: 'App', resource: 'apps', versions: ['v1'], templates: [path.split('.')] });
    const app = { apiVersion: 'x.io/v1', kind: 'App', spec: { pod: basePodWith({ 'spec.hostNetwork': true }) } };
    expect(violations(app, V1_37, [at('spec.pod')])).toEqual(['host-network: spec.pod.spec.hostNetwork']);
    expect(violations(app, V1_37, [at('spec.pod'), at('spec.other')])).toEqual(['host-network: spec.other (malformed)', 'host-pid: spec.other (malformed)']);
  });

  test('says of a malformed object that it is, for every control', () => {
    expect(violations({ apiVersion: 'apps/v1', kind: 'Deployment' })).toEqual(['host-network: spec.template (malformed)', 'host-pid: spec.template (malformed)']);
    expect(violations({ apiVersion: 'v1', kind: 'Service', spec: [] })).toEqual(['service: spec (malformed)']);
  });

  test.each([null, undefined, 'Pod', 5, [], {}, { kind: ['Pod'] }, { kind: { toString: 1 } }, { kind: 'constructor', apiVersion: '__proto__/v1' }])(
    'has nothing to say of %p, which has no kind that a control looks at', (object) => {
      expect(violations(object)).toEqual([]);
    },
  );

  test('takes what has no text for an apiVersion for an object of the core group', () => {
    expect(violations({ apiVersion: 5, kind: 'Pod' })).toEqual(['host-network: spec (malformed)', 'host-pid: spec (malformed)']);
  });
});

describe('a control that asks for less than another one', () => {
  const weak = control('weak', Requirement.absent('spec.hostAliases'));
  const strong = control('strong', Requirement.absent('spec.hostAliases'), { supersedes: ['weak'], since: V1_30 });
  const ids = (controls: Control[], version: KubernetesVersion, strength?: (each: Control) => number) => (
    effectiveControls(controls, version, strength).map(({ id }) => id)
  );

  test('is silent where the other one speaks', () => {
    expect(ids([weak, strong], V1_30)).toEqual(['strong']);
  });

  test('speaks where the other one is not on, or asks nothing yet', () => {
    expect(ids([weak], V1_30)).toEqual(['weak']);
    expect(ids([weak, strong], V1_29)).toEqual(['weak']);
  });

  test('speaks where it is enforced and the other one only warns', () => {
    expect(ids([weak, strong], V1_30, ({ id }) => (id === 'weak' ? 1 : 0))).toEqual(['weak', 'strong']);
    expect(ids([weak, strong], V1_30, ({ id }) => (id === 'weak' ? 0 : 1))).toEqual(['strong']);
  });
});
