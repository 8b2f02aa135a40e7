import { conditionOf, policyOf, sample, variableOf } from './fixtures';
import { AppliesTo } from '../../../src/controls/applies-to';
import { Exclusion } from '../../../src/controls/exclusion';
import { Requirement } from '../../../src/controls/requirement';
import { messageOf } from '../../core/message-of';

const PRIVILEGED = sample(Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)));
const HOST_PATHS = sample(Requirement.each('spec.volumes', Requirement.absent('hostPath')));
const AGENT: Exclusion = {
  namespace: 'monitoring', kind: 'DaemonSet', name: 'node-agent', serviceAccount: 'agent', container: 'agent',
  path: 'spec.template.spec.containers[0].securityContext.privileged', value: true,
};
const LOGS: Exclusion = {
  namespace: 'monitoring', kind: 'DaemonSet', name: 'node-agent', serviceAccount: 'agent', path: 'spec.template.spec.volumes[2].hostPath', value: { path: '/var/log', type: '' },
};

const failing = (exclusions: Exclusion[], control = PRIVILEGED) => variableOf('failing', control, { exclusions })!;
const waived = (exclusion: Exclusion, control = PRIVILEGED) => variableOf('waived', control, { exclusions: [exclusion] });

describe('what is waived', () => {
  test('is let through in its container, with its value', () => {
    expect(failing([AGENT])).toContain(
      ' || variables.waived && c.name == \'agent\' && c.?securityContext.?privileged.orValue(null) == true)',
    );
  });

  test('is let through in the controller by name, and in its Pods by service account', () => {
    expect(waived(AGENT)).toBe(
      'request.namespace == \'monitoring\' && (object.kind == \'DaemonSet\' && object.metadata.?name.orValue(\'\') == \'node-agent\''
      + ' || object.apiVersion == \'v1\' && object.kind == \'Pod\' && variables.spec.?serviceAccountName.orValue(\'default\') == \'agent\')',
    );
  });

  test.each([
    ['Deployment', '[\'apps/v1\', \'v1\']', '[\'Pod\', \'ReplicaSet\']'],
    ['CronJob', '[\'batch/v1\', \'v1\']', '[\'Job\', \'Pod\']'],
    ['Rollout', '[\'apps/v1\', \'batch/v1\', \'v1\']', '[\'DaemonSet\', \'Deployment\', \'Job\', \'Pod\', \'ReplicaSet\', \'StatefulSet\']'],
  ])('of a %s is let through in what it makes under names of its own', (kind, versions, made) => {
    expect(waived({ ...AGENT, kind, path: undefined })).toContain(`object.apiVersion in ${versions} && object.kind in ${made} && `);
  });

  test('is let through in a kind of its own group alone, and in what controllers of that group make', () => {
    expect(waived({ ...AGENT, group: 'apps' })).toContain('(object.apiVersion.startsWith(\'apps/\') && object.kind == \'DaemonSet\' && ');
    const kruise = waived({ ...AGENT, group: 'apps.kruise.io' });
    expect(kruise).toContain('(object.apiVersion.startsWith(\'apps.kruise.io/\') && object.kind == \'DaemonSet\' && ');
    // Nobody knows how an operator makes its Pods, but by built-in controllers.
    expect(kruise).toContain('object.apiVersion in [\'apps/v1\', \'batch/v1\', \'v1\'] && object.kind in [\'DaemonSet\', ');
    expect(waived({ ...AGENT, kind: 'ReplicationController', group: '' })).toContain('(!object.apiVersion.contains(\'/\') && object.kind == \'ReplicationController\' && ');
  });

  test('of a Pod is that Pod alone', () => {
    expect(waived({ ...AGENT, kind: 'Pod', path: 'spec.containers[0].securityContext.privileged' })).toBe(
      'request.namespace == \'monitoring\' && object.kind == \'Pod\' && object.metadata.?name.orValue(\'\') == \'node-agent\'',
    );
  });

  test('without a service account is the object itself alone', () => {
    expect(waived({ ...AGENT, serviceAccount: undefined })).not.toContain('serviceAccountName');
  });

  test('of several findings of one workload asks once whose they are', () => {
    const second = { ...AGENT, container: 'init', path: 'spec.template.spec.initContainers[0].securityContext.privileged' };
    expect(policyOf(PRIVILEGED, { exclusions: [AGENT, second, { ...AGENT, name: 'other' }] }).spec.variables!.map(({ name }) => name).filter((name) => /waived/.test(name)))
      .toEqual(['waived', 'waived2']);
  });

  test('names can\'t break out of the expression', () => {
    expect(waived({ ...AGENT, name: '\' || true || \'' })).toContain('== "\' || true || \'"');
  });

  test('outside containers is let through there alone, whatever the position in the list', () => {
    expect(conditionOf(HOST_PATHS, { exclusions: [LOGS] })).toContain(
      'e.?hostPath.orValue(null) in variables.nothing || variables.waived && type(e.?hostPath.orValue(null)) == map'
      + ' && e.hostPath.all(key, key in [\'path\'] || e.hostPath[key] in variables.nothing) && e.?hostPath.?path.orValue(null) == \'/var/log\'',
    );
  });

  test('the pod\'s own security context is not that of a container, nor the other way round', () => {
    const control = sample(Requirement.eachSecurityContext(Requirement.noneOf('runAsUser', 0)));
    const pods = { ...AGENT, container: undefined, path: 'spec.template.spec.securityContext.runAsUser', value: 0 };
    expect(failing([pods], control)).toContain('variables.waived && c.?name.orValue(\'\') == \'\' && c.?securityContext.?runAsUser.orValue(null) == 0');
    expect(failing([{ ...pods, container: 'agent', path: 'spec.template.spec.containers[0].securityContext.runAsUser' }], control))
      .toContain('c.?name.orValue(\'\') == \'agent\'');
  });

  test('an inherited value of the pod is let through for the pod, one of a container for the container', () => {
    const control = sample(Requirement.inherited(Requirement.oneOf('securityContext.runAsNonRoot', true)));
    const path = 'securityContext.runAsNonRoot';
    expect(failing([{ ...AGENT, container: undefined, path: `spec.template.spec.${path}`, value: false }], control))
      .toMatch(/variables\.waived && variables\.spec\.\?securityContext\.\?runAsNonRoot\.orValue\(null\) == false \? \[\] : \['the pod'\]/);
    expect(failing([{ ...AGENT, path: `spec.template.spec.containers[0].${path}`, value: undefined }], control))
      .toContain('variables.waived && c.name == \'agent\' && c.?securityContext.?runAsNonRoot.orValue(null) in variables.nothing');
  });

  test('a key of a map is that key', () => {
    const control = sample(Requirement.eachKey('metadata.annotations', 'example.com/', Requirement.oneOf('', 'a')));
    const exclusion = { ...AGENT, container: undefined, path: 'spec.template.metadata.annotations["example.com/agent"]', value: 'b' };
    expect(conditionOf(control, { exclusions: [exclusion] })).toContain('variables.waived && k == \'example.com/agent\' && variables.template.metadata.annotations[k] == \'b\'');
  });

  test('of alternatives is what the control reads, not what the API server adds beside it', () => {
    const control = sample(Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.oneOf('securityContext.privileged', false))));
    const exclusion = { ...AGENT, path: 'spec.template.spec.containers[0]', value: { name: 'agent', image: 'agent' } };
    expect(failing([exclusion], control)).toContain(
      'c.name == \'agent\' && c.?livenessProbe.orValue(null) in variables.nothing && c.?securityContext.?privileged.orValue(null) in variables.nothing',
    );
  });

  test('of a list is that list, element by element', () => {
    const control = sample(Requirement.eachContainer(Requirement.subsetOf('securityContext.capabilities.add', 'KILL')));
    const exclusion = { ...AGENT, path: 'spec.template.spec.containers[0].securityContext.capabilities.add', value: ['SYS_TIME', 'KILL'] };
    expect(failing([exclusion], control)).toContain(
      'size(c.securityContext.capabilities.add) == 2 && c.securityContext.capabilities.add[0] == \'SYS_TIME\' && c.securityContext.capabilities.add[1] == \'KILL\'',
    );
  });

  test('of a value that is concealed is what stands at that position', () => {
    const control = sample(Requirement.eachContainer(Requirement.each('env', Requirement.negation(Requirement.matches('value', 'secret')))), { concealsValues: true });
    const exclusion = { ...AGENT, path: 'spec.template.spec.containers[0].env[3].value', value: undefined, isConcealed: true };
    expect(failing([exclusion], control)).toContain('variables.waived && c.name == \'agent\' && size(c.env) > 3 && e == c.env[3]');
  });

  test('of a value that is concealed for what it holds is what stands at that place', () => {
    const control = sample(Requirement.eachContainer(Requirement.absent('env')));
    const path = 'spec.template.spec.containers[0].env';
    expect(failing([{ ...AGENT, path, value: undefined, isConcealed: true }], control)).toContain('c.?env.orValue(null) in variables.nothing || variables.waived && c.name == \'agent\')');
    expect(failing([{ ...AGENT, path, value: undefined }], control)).toContain('variables.waived && c.name == \'agent\' && c.?env.orValue(null) in variables.nothing');
  });

  test('is in the one of several lists that the path names', () => {
    const word = Requirement.negation(Requirement.matches('', 'secret'));
    const control = sample(Requirement.eachContainer(Requirement.allOf(Requirement.each('command', word), Requirement.each('args', word))));
    expect(failing([{ ...AGENT, path: 'spec.template.spec.containers[0].args[1]', value: 'the secret' }], control)).toContain(
      'variables.waived && c.name == \'agent\' && l == c.?args && e == \'the secret\'',
    );
  });

  test('of an object is known by namespace, kind and name', () => {
    const control = sample(Requirement.noneOf('spec.type', 'NodePort'), { appliesTo: AppliesTo.kinds('Service') });
    const exclusion = { namespace: 'shop', kind: 'Service', name: 'web', path: 'spec.type', value: 'NodePort' };
    expect(waived(exclusion, control)).toBe('request.namespace == \'shop\' && object.kind == \'Service\' && object.metadata.?name.orValue(\'\') == \'web\'');
    expect(conditionOf(control, { exclusions: [exclusion] })).toMatch(/ \|\| variables\.waived && object\.\?spec\.\?type\.orValue\(dyn\(null\)\) == 'NodePort'$/);
  });

  test('of a cluster-wide object needs no namespace', () => {
    const control = sample(Requirement.each('rules', Requirement.each('verbs', Requirement.noneOf('', '*'))), { appliesTo: AppliesTo.kinds('Role', 'ClusterRole') });
    expect(waived({ kind: 'ClusterRole', name: 'backup', path: 'rules[0].verbs[0]', value: '*' }, control))
      .toBe('object.kind == \'ClusterRole\' && object.metadata.?name.orValue(\'\') == \'backup\'');
  });

  test('of a workflow is let through in its Pods, whose specs are put together from several places', () => {
    const exclusion = { ...AGENT, kind: 'CronWorkflow', path: 'spec.workflowSpec.templates[0].container.securityContext.privileged', container: 'main' };
    expect(failing([exclusion])).toContain('variables.waived && c.name == \'main\' && c.?securityContext.?privileged.orValue(null) == true');
  });

  test('of a workflow\'s container without a name is let through in the one that Argo names main', () => {
    const exclusion = { ...AGENT, kind: 'Workflow', path: 'spec.templates[0].container.securityContext.privileged', container: '[0].container' };
    expect(failing([exclusion])).toContain('variables.waived && c.name == \'main\'');
  });

  test('of a kind with several templates is let through in its Pods', () => {
    const exclusion = { ...AGENT, kind: 'JobSet', path: 'spec.replicatedJobs[1].template.spec.template.spec.containers[0].securityContext.privileged' };
    expect(failing([exclusion])).toContain('variables.waived && c.name == \'agent\'');
  });
});

describe('nothing else is let through', () => {
  test.each<[string, Exclusion]>([
    ['another field', { ...AGENT, path: 'spec.template.spec.containers[0].securityContext.runAsUser' }],
    ['a container\'s finding outside containers', { ...AGENT, container: undefined }],
    ['another list', { ...AGENT, path: 'spec.template.spec.volumes[0].securityContext.privileged' }],
    ['a place below', { ...AGENT, path: 'spec.template.spec.containers[0].securityContext.privileged.deep' }],
  ])('%s is an error, since the cluster would refuse what was waived', (_, exclusion) => {
    expect(() => policyOf(PRIVILEGED, { exclusions: [exclusion] })).toThrow(
      /^\[Control sample\] exclusions: got \{.*allowed: a place that the control looks at\. Copy container, path and value from the finding\.$/,
    );
  });

  test('the error shows the exclusion', () => {
    expect(messageOf(() => policyOf(PRIVILEGED, { exclusions: [{ name: 'web', kind: 'Pod', path: 'spec.hostNetwork' }] }))).toBe(
      '[Control sample] exclusions: got {"name":"web","kind":"Pod","path":"spec.hostNetwork"}; allowed: a place that the control looks at. '
      + 'Copy container, path and value from the finding.',
    );
  });

  test('a condition is no finding: nothing is tolerated there', () => {
    const control = sample(Requirement.exemptWhen(Requirement.oneOf('spec.hostname', 'a'), Requirement.absent('spec.hostNetwork')));
    expect(() => policyOf(control, { exclusions: [{ name: 'web', kind: 'Pod', path: 'spec.hostname', value: 'b' }] })).toThrow('a place that the control looks at');
  });
});
