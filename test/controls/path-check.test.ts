import { AppliesTo } from '../../src/controls/applies-to';
import { checkPaths } from '../../src/controls/path-check';
import { Requirement } from '../../src/controls/requirement';
import { RequirementNode } from '../../src/controls/requirement-node';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { messageOf } from '../core/message-of';

const R = Requirement;
const TEMPLATES = AppliesTo.podTemplates();
const check = (requirement: Requirement, appliesTo = TEMPLATES) => checkPaths('Control mine', appliesTo, requirement._node);
const error = (requirement: Requirement, appliesTo = TEMPLATES) => messageOf(() => check(requirement, appliesTo));

describe('paths that the Kubernetes API has', () => {
  test.each<[string, Requirement]>([
    ['of a pod', R.absentOrOneOf('spec.hostNetwork', false)],
    ['of a label', R.present('metadata.labels["app.kubernetes.io/name"]')],
    ['of containers', R.eachContainer(R.oneOf('securityContext.privileged', false))],
    ['of ephemeral containers only', R.eachContainer(R.absent('targetContainerName'))],
    ['of the pod\'s security context only', R.eachSecurityContext(R.absent('sysctls'))],
    ['of a container\'s security context only', R.eachSecurityContext(R.absent('capabilities.add'))],
    ['of both security contexts', R.inherited(R.oneOf('securityContext.seccompProfile.type', 'RuntimeDefault'))],
    ['of elements', R.each('spec.volumes', R.each('projected.sources', R.absent('serviceAccountToken.audience')))],
    ['of elements that are no objects', R.each('spec.securityContext.supplementalGroups', R.noneOf('', 0).fixedByRemoving(''))],
    ['of values of a map', R.eachKey('metadata.annotations', 'a/', R.matches('', '^x').fixedByRemoving(''))],
    ['of a number', R.eachContainer(R.each('ports', R.noneOf('containerPort', 22)))],
    ['of an int-or-string', R.eachContainer(R.noneOf('readinessProbe.httpGet.port', 'http', 80))],
    ['of a quantity as text', R.eachContainer(R.matches('resources.limits.memory', 'Gi$'))],
    ['of a quantity that is set', R.eachContainer(R.present('resources.limits.memory').fixedBySetting('resources.limits', { memory: '64Mi', cpu: 1 }))],
    ['of a fix that sets an object', R.present('spec.securityContext').fixedBySetting('spec.securityContext', { runAsNonRoot: true, sysctls: [{ name: 'a', value: 'b' }] })],
  ])('%s pass', (_what, requirement) => {
    expect(() => check(requirement)).not.toThrow();
  });

  test('of whole objects pass, of every kind that is named', () => {
    expect(() => check(R.oneOf('spec.type', 'ClusterIP'), AppliesTo.kinds('Service'))).not.toThrow();
    expect(() => check(R.each('rules', R.negation(R.contains('verbs', '*'))), AppliesTo.kinds('Role', 'ClusterRole'))).not.toThrow();
    expect(() => check(R.changedOnlyBy('metadata.labels', { keyPrefix: 'x' }), AppliesTo.kinds('Namespace'))).not.toThrow();
  });

  test('of custom resources are taken as they are', () => {
    const rollouts = AppliesTo.customResources({ group: 'argoproj.io', version: 'v1alpha1', kind: 'Rollout', resource: 'rollouts' });
    expect(() => check(R.each('spec.any.thing', R.oneOf('at.all', 1).fixedByRemoving('')), rollouts)).not.toThrow();
    expect(error(R.eachContainer(R.present('image')), rollouts)).toContain('allowed: eachContainer at the root of a pod template only.');
  });
});

describe('a path that the API does not have', () => {
  const wrapped: [string, (inner: Requirement) => Requirement][] = [
    ['alone', (inner) => inner],
    ['in allOf', (inner) => R.allOf(R.present('spec.os'), inner)],
    ['in anyOf', (inner) => R.anyOf(inner, R.present('spec.os'))],
    ['in a negation', (inner) => R.negation(inner)],
    ['in a condition', (inner) => R.exemptWhen(inner, R.present('spec.os'))],
    ['in what is exempt', (inner) => R.exemptWhen(R.present('spec.os'), inner)],
    ['since a version', (inner) => R.byVersion(KubernetesVersion.V1_30, inner)],
    ['before a version', (inner) => R.byVersion(KubernetesVersion.V1_30, R.present('spec.os'), inner)],
    ['that is described', (inner) => inner.describedAs('fine')],
    ['that is repaired', (inner) => inner.notFixable('no')],
  ];

  test.each(wrapped)('is named with the control and the nearest field: %s', (_where, wrap) => {
    expect(error(wrap(R.absent('spec.hostNetwrok')))).toBe(
      '[Control mine] requirement: got "spec.hostNetwrok"; allowed: fields of PodTemplateSpec. '
      + 'spec.hostNetwrok: PodSpec has no field "hostNetwrok". Did you mean "hostNetwork"?',
    );
  });

  test.each<[string, Requirement, string]>([
    ['container', R.eachContainer(R.absent('securityContext.priviledged')), 'fields of Container or EphemeralContainer. securityContext.priviledged: SecurityContext has no field'],
    ['security context', R.eachSecurityContext(R.absent('runAsUsr')), 'fields of PodSecurityContext or SecurityContext. runAsUsr: SecurityContext has no field'],
    ['element', R.each('spec.volumes', R.absent('hostpath')), 'fields of PodTemplateSpec spec.volumes[]. spec.volumes[].hostpath: Volume has no field "hostpath". Did you mean "hostPath"?'],
    ['field of the container only', R.inherited(R.oneOf('image', 'x')), 'fields of PodSpec.'],
    ['field of the pod only', R.inherited(R.present('securityContext.sysctls')), 'fields of Container or EphemeralContainer.'],
    ['fix that sets', R.present('spec.os').fixedBySetting('spec.oss', {}), 'fields of PodTemplateSpec.'],
    ['fix that removes', R.absent('spec.os').fixedByRemoving('spec.oss'), 'fields of PodTemplateSpec.'],
    ['value that a fix sets', R.present('spec.os').fixedBySetting('spec.os', { nam: 'linux' }), 'fields of PodOS. nam: PodOS has no field "nam". Did you mean "name"?'],
    ['status', R.absent('status.phase'), 'fields of PodTemplateSpec.'],
  ])('is found in a %s', (_what, requirement, words) => {
    expect(error(requirement)).toContain(`allowed: ${words}`);
  });

  test('is found in any of several kinds', () => {
    expect(error(R.present('spec.type'), AppliesTo.kinds('Service', 'ConfigMap'))).toContain('[Control mine] requirement: got "spec.type"; allowed: fields of ConfigMap.');
  });
});

describe('a kind that the API does not have', () => {
  test('is refused, with the nearest one', () => {
    expect(error(R._nothing(), AppliesTo.kinds('Deplyoment'))).toBe(
      '[Control mine] appliesTo: got "Deplyoment"; allowed: kinds of the Kubernetes API. '
      + 'Deplyoment: the table of API fields has no such kind. Did you mean "Deployment"? Name other kinds by AppliesTo.customResources.',
    );
  });
});

describe('an operator that does not suit the field', () => {
  test.each<[string, Requirement, string]>([
    ['a boolean compared with a text field', R.oneOf('spec.restartPolicy', true), 'got "spec.restartPolicy"; allowed: a string. Compare it with, or set, such a value instead of true.'],
    ['a text compared with a boolean field', R.absentOrOneOf('spec.hostNetwork', 'false'), 'allowed: a boolean.'],
    ['a fraction compared with a whole number', R.noneOf('spec.securityContext.runAsUser', 0.5), 'allowed: an integer.'],
    ['a value compared with an object', R.oneOf('spec.os', 'linux'), 'allowed: an object (PodOS).'],
    ['an element of what is no list', R.contains('spec.restartPolicy', 'Always'), 'allowed: a list. It is a string: choose an operator for that.'],
    ['an element of another type', R.subsetOf('spec.securityContext.supplementalGroups', 'x'), 'allowed: an integer.'],
    ['a pattern on a boolean', R.matches('spec.hostNetwork', 'x'), 'It is a boolean: choose an operator for that.'],
    ['each on a map', R.each('metadata.labels', R.present('')), 'allowed: a list. It is a map of string values'],
    ['eachKey on a list', R.eachKey('spec.volumes', '', R.present('')), 'allowed: a map. It is an array of Volume'],
    ['a prefix of keys on what is no map', R.changedOnlyBy('spec.os', { keyPrefix: 'x' }), 'allowed: a map, where keyPrefix is given.'],
    ['a fix that sets another type', R.present('spec.hostNetwork').fixedBySetting('spec.hostNetwork', 'no'), 'allowed: a boolean.'],
    ['a fix that removes the whole pod', R.absent('spec.os').fixedByRemoving(''), 'The empty path removes the item itself: that is for elements of each and values of eachKey.'],
    ['a fix that removes a container', R.eachContainer(R.absent('stdin').fixedByRemoving('')), 'The empty path removes the item itself'],
  ])('%s', (_what, requirement, words) => {
    expect(error(requirement)).toContain(words);
  });

  test.each<[string, Requirement]>([
    ['eachContainer', R.each('spec.volumes', R.eachContainer(R.present('image')))],
    ['eachSecurityContext', R.eachContainer(R.eachSecurityContext(R.absent('runAsUser')))],
    ['inherited', R.eachContainer(R.inherited(R.oneOf('securityContext.runAsNonRoot', true)))],
  ])('%s below the root of a pod template', (operator, requirement) => {
    expect(error(requirement)).toContain(`requirement: got "${operator}"; allowed: ${operator} at the root of a pod template only.`);
  });

  test('containers of what has none', () => {
    expect(error(R.eachContainer(R.present('image')), AppliesTo.kinds('Service'))).toContain('allowed: eachContainer at the root of a pod template only.');
  });

  test('one that nobody knows', () => {
    const node = { op: 'exec', path: [] } as unknown as RequirementNode;
    expect(messageOf(() => checkPaths('Control mine', TEMPLATES, node)))
      .toBe('[Control mine] requirement: got "exec"; allowed: the operators of Requirement. Make it with Requirement.oneOf and the like.');
  });
});
