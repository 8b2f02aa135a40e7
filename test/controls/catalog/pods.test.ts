import { basePodWith, Fields, windowsPodWith } from '../../../src/controls/catalog/base-pod';
import { control as automountToken } from '../../../src/controls/catalog/pod-security/automount-token';
import { control as toleration } from '../../../src/controls/catalog/pod-security/control-plane-toleration';
import { control as rootGroup } from '../../../src/controls/catalog/pod-security/root-group';
import { control as userNamespace } from '../../../src/controls/catalog/pod-security/user-namespace';
import { Control } from '../../../src/controls/control';
import { ControlSet } from '../../../src/controls/control-set';
import { fixObject } from '../../../src/controls/fix/fix';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

const found = (control: Control, pod: Fields) => findings([control], KubernetesVersion.V1_37, pod).map((each) => each.replace(/^.*?: /, ''));

test('Windows has no user namespaces: only Linux pods are asked for one', () => {
  expect(found(userNamespace, basePodWith({}))).toEqual(['spec.hostUsers']);
  expect(found(userNamespace, basePodWith({ 'spec.hostUsers': true }))).toEqual(['spec.hostUsers']);
  expect(found(userNamespace, basePodWith({ 'spec.hostUsers': false }))).toEqual([]);
  expect(found(userNamespace, basePodWith({ 'spec.os': { name: 'linux' } }))).toEqual(['spec.hostUsers']);
  expect(found(userNamespace, windowsPodWith({}))).toEqual([]);
});

describe('what a program may live on is left to people', () => {
  test.each<[string, Control, Fields, string]>([
    ['a token for the API', automountToken, { 'spec.automountServiceAccountToken': true }, 'Whether the program calls the API has to be known.'],
    ['a toleration of agents that run on every node', toleration, { 'spec.tolerations': [{ operator: 'Exists' }] },
      'Whether the pod has to run on every node, as agents of nodes do, has to be known.'],
    ['a group', rootGroup, { 'spec.securityContext.runAsGroup': 0 },
      'Without a group the runtime may choose 0 again: which id the program can run with has to be known.'],
    ['a group of files', rootGroup, { 'spec.securityContext.supplementalGroups': [0] },
      'Without a group the runtime may choose 0 again: which id the program can run with has to be known.'],
  ])('%s', (_what, control, changes, reason) => {
    const pod = basePodWith(changes);
    const { object, changes: made, unfixed } = fixObject(pod, new ControlSet([control], KubernetesVersion.V1_37));
    expect([object, made]).toEqual([pod, []]);
    expect(unfixed.map((each) => each.reason)).toEqual([reason]);
  });
});
