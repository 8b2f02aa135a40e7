import { conditionOf, policyOf, sample, variableOf } from './fixtures';
import { judgedAsPodsOnly, policyName, policyObstacle } from '../../../src/controls/admission/validating-policy';
import { AppliesTo } from '../../../src/controls/applies-to';
import { ActsAt } from '../../../src/controls/control';
import { Requirement } from '../../../src/controls/requirement';
import { PodTemplateLocation } from '../../../src/controls/subject';
import { ALL_TEMPLATES, BUILT_IN_TEMPLATES } from '../../../src/controls/template-kinds';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Reference } from '../../../src/core/reference';
import { messageOf } from '../../core/message-of';

const HOST_NETWORK = sample(Requirement.absentOrOneOf('spec.hostNetwork', false));
const PRIVILEGED = sample(Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)));
const NODE_PORT = sample(Requirement.noneOf('spec.type', 'NodePort'), { appliesTo: AppliesTo.kinds('Service') });

const rulesOf = (...args: Parameters<typeof policyOf>) => policyOf(...args).spec.matchConstraints.resourceRules;
const resourcesOf = (...args: Parameters<typeof policyOf>) => rulesOf(...args).flatMap(({ apiGroups: [group], resources }) => (
  resources.map((resource) => (group === '' ? resource : `${resource}.${group}`))
));

describe('a policy', () => {
  test('is named after its control, and refuses what it can\'t judge', () => {
    const { metadata, spec } = policyOf(HOST_NETWORK);
    expect(metadata.name).toBe('hardened-sample');
    expect(policyName(HOST_NETWORK)).toBe(metadata.name);
    expect(spec.failurePolicy).toBe('Fail');
    expect(spec.validations[0].reason).toBe('Forbidden');
  });

  test('says what it is about, how much it matters and what asks for it', () => {
    const control = sample(Requirement.absent('spec.hostNetwork'), { references: [Reference.pss('baseline/hostNamespaces'), Reference.cis('5.2.5')] });
    expect(policyOf(control).metadata).toEqual({
      name: 'hardened-sample',
      labels: { 'app.kubernetes.io/managed-by': 'cdk8s-hardened', 'cdk8s-hardened/control': 'sample', 'cdk8s-hardened/severity': 'high' },
      annotations: { 'cdk8s-hardened/title': 'Pods are as they should be', 'cdk8s-hardened/references': 'PSS baseline/hostNamespaces; CIS cis-1.12 5.2.5' },
    });
  });

  test('states what the API server would fill in, so that a second apply changes nothing', () => {
    expect(policyOf(HOST_NETWORK).spec.matchConstraints).toMatchObject({ matchPolicy: 'Equivalent', namespaceSelector: {}, objectSelector: {} });
  });

  test('is the same, byte for byte, each time', () => {
    expect(JSON.stringify(policyOf(PRIVILEGED))).toBe(JSON.stringify(policyOf(PRIVILEGED)));
  });

  test('has only variables that something reads, each after those that it reads itself', () => {
    for (const control of [HOST_NETWORK, PRIVILEGED, NODE_PORT]) {
      const { variables = [], validations } = policyOf(control).spec;
      const reads = (text: string) => [...text.matchAll(/variables\.(\w+)/g)].map(([, name]) => name);
      const names = variables.map(({ name }) => name);
      variables.forEach(({ expression }, i) => reads(expression).forEach((name) => expect(names.slice(0, i)).toContain(name)));
      const read = new Set([...variables, ...validations].flatMap((each) => reads(JSON.stringify(each))));
      expect(names.filter((name) => !read.has(name))).toEqual([]);
    }
  });
});

describe('the message', () => {
  test('says what should be and what to do', () => {
    expect(policyOf(HOST_NETWORK).spec.validations[0].message).toBe('Pods are as they should be. Change it.');
    expect(policyOf(HOST_NETWORK).spec.validations[0].messageExpression).toBeUndefined();
  });

  test('names the containers that fail, three at most', () => {
    expect(policyOf(PRIVILEGED).spec.validations[0].messageExpression).toBe(
      'variables.changed && variables.failing != [] ? \'Pods are as they should be; not met by \' + (size(variables.failing) < 4 ? variables.failing.join(\', \') : '
      + 'variables.failing[0] + \', \' + variables.failing[1] + \' and \' + string(size(variables.failing) - 2) + \' more\') + \'. Change it.\' : \'\'',
    );
  });

  test('is one line, whatever the control says', () => {
    const control = sample(Requirement.eachContainer(Requirement.present('image')), { title: 'It\'s\nso \t"here".', remediation: ' Say\r\nso. ' });
    const { message, messageExpression } = policyOf(control).spec.validations[0];
    expect(message).toBe('It\'s so "here". Say so.');
    expect(messageExpression).toContain('\'It\\\'s so "here"; not met by \'');
  });
});

describe('what a policy on pod templates looks at', () => {
  test('Pods, on every way that changes them, and every controller', () => {
    expect(resourcesOf(HOST_NETWORK, { templates: BUILT_IN_TEMPLATES })).toEqual([
      'pods', 'pods/ephemeralcontainers', 'pods/resize', 'podtemplates', 'replicationcontrollers', 'deployments.apps', 'replicasets.apps', 'statefulsets.apps', 'daemonsets.apps',
      'jobs.batch', 'cronjobs.batch',
    ]);
    expect(rulesOf(HOST_NETWORK).map(({ operations }) => operations)).toEqual(rulesOf(HOST_NETWORK).map(() => ['CREATE', 'UPDATE']));
  });

  test('no subresource that the version does not have', () => {
    expect(resourcesOf(HOST_NETWORK, { version: KubernetesVersion.V1_32 })).not.toContain('pods/resize');
    expect(resourcesOf(HOST_NETWORK, { version: KubernetesVersion.V1_33 })).toContain('pods/resize');
  });

  test('custom resources of the same plural in another group are not mixed up', () => {
    const rules = rulesOf(HOST_NETWORK);
    expect(resourcesOf(HOST_NETWORK)).toEqual(expect.arrayContaining(['rollouts.argoproj.io', 'services.serving.knative.dev', 'daemonsets.apps.kruise.io']));
    expect(rules.find(({ apiGroups }) => apiGroups.includes(''))!.resources).not.toContain('services');
    expect(rules.filter(({ apiGroups, apiVersions }) => apiGroups.length !== 1 || apiVersions.includes('*'))).toEqual([]);
  });

  test('not kinds with several templates: their Pods are judged', () => {
    const left = judgedAsPodsOnly(ALL_TEMPLATES).map(({ kind, group }) => `${kind}.${group}`);
    expect(left).toEqual(expect.arrayContaining(['CronWorkflow.argoproj.io', 'JobSet.jobset.x-k8s.io', 'LeaderWorkerSet.leaderworkerset.x-k8s.io', 'TFJob.kubeflow.org']));
    expect(left).not.toContain('Rollout.argoproj.io');
    expect(resourcesOf(HOST_NETWORK).filter((each) => /cronworkflows|jobsets|leaderworkersets|tfjobs/.test(each))).toEqual([]);
  });

  const LOCATION: PodTemplateLocation = { group: 'example.com', kind: 'Pod', resource: 'pods', versions: ['v1', 'v2'], templates: [['spec', 'pod']] };

  test('a kind that shares its name with another is known by its group', () => {
    const templates = [...BUILT_IN_TEMPLATES, LOCATION];
    expect(variableOf('template', HOST_NETWORK, { templates })).toBe(
      'object.kind == \'Pod\' && !object.apiVersion.contains(\'/\') ? dyn(object)'
      + ' : object.kind == \'PodTemplate\' ? dyn(object).?template.orValue(null)'
      + ' : object.kind == \'CronJob\' ? dyn(object).?spec.?jobTemplate.?spec.?template.orValue(null)'
      + ' : object.kind == \'Pod\' && object.apiVersion.startsWith(\'example.com/\') ? dyn(object).?spec.?pod.orValue(null)'
      + ' : dyn(object).?spec.?template.orValue(null)',
    );
    expect(rulesOf(HOST_NETWORK, { templates }).find(({ apiGroups }) => apiGroups[0] === 'example.com')).toMatchObject({ apiVersions: ['v1', 'v2'], resources: ['pods'] });
  });

  test('a later location replaces an earlier one of the same kind', () => {
    const moved = { ...LOCATION, group: 'apps', kind: 'Deployment', resource: 'deployments' };
    expect(variableOf('template', HOST_NETWORK, { templates: [...BUILT_IN_TEMPLATES, moved] })).toContain('object.kind == \'Deployment\' ? dyn(object).?spec.?pod');
    expect(resourcesOf(HOST_NETWORK, { templates: [...BUILT_IN_TEMPLATES, moved] }).filter((each) => each === 'deployments.apps')).toHaveLength(1);
  });
});

describe('updates that change nothing of what a control reads pass', () => {
  test('of controllers: those that leave the pod spec alone', () => {
    expect(variableOf('changed', HOST_NETWORK)).toBe(
      'variables.template != null && (request.operation != \'UPDATE\' || (object.kind == \'Pod\' '
      + '? [\'containers\', \'ephemeralContainers\', \'hostNetwork\', \'initContainers\'].exists(f, variables.spec[?f] != variables.oldTemplate.?spec[?f]) '
      + ': variables.spec != variables.oldTemplate.?spec.orValue(null)))',
    );
  });

  test('what was there is a plain value: steps from a variable that holds an optional lead nowhere', () => {
    expect(variableOf('oldTemplate', HOST_NETWORK, { templates: BUILT_IN_TEMPLATES })).toBe(
      'object.kind == \'Pod\' ? dyn(oldObject) : object.kind == \'PodTemplate\' ? dyn(oldObject).?template.orValue({})'
      + ' : object.kind == \'CronJob\' ? dyn(oldObject).?spec.?jobTemplate.?spec.?template.orValue({})'
      + ' : dyn(oldObject).?spec.?template.orValue({})',
    );
  });

  test('annotations count where the control reads them, and not otherwise', () => {
    const reads = sample(Requirement.eachKey('metadata.annotations', 'example.com/', Requirement.oneOf('', 'a')));
    expect(variableOf('changed', reads)).toContain(' || variables.template.?metadata.?annotations != variables.oldTemplate.?metadata.?annotations');
    expect(variableOf('changed', HOST_NETWORK)).not.toContain('metadata');
  });

  test('of other objects: those that leave alone the fields that the control reads', () => {
    const control = sample(Requirement.allOf(Requirement.noneOf('spec.type', 'NodePort'), Requirement.absent('spec.externalIPs'), Requirement.each('spec.externalIPs', Requirement.absent(''))), {
      appliesTo: AppliesTo.kinds('Service'),
    });
    expect(variableOf('changed', control)).toBe('request.operation != \'UPDATE\' || object.?spec.?type != oldObject.?spec.?type || object.?spec.?externalIPs != oldObject.?spec.?externalIPs');
  });
});

describe('a policy on whole objects', () => {
  test('of one kind keeps its type, so that the API server checks every field', () => {
    expect(conditionOf(NODE_PORT)).toBe('object.?spec.?type.orValue(dyn(null)) in variables.blank || '
      + 'type(object.?spec.?type.orValue(dyn(null))) == string && object.?spec.?type.orValue(dyn(null)) != \'NodePort\'');
    expect(rulesOf(NODE_PORT)).toEqual([{ apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['services'], scope: '*' }]);
  });

  test('of several kinds has no type', () => {
    const control = sample(Requirement.each('rules', Requirement.each('verbs', Requirement.noneOf('', '*'))), { appliesTo: AppliesTo.kinds('Role', 'ClusterRole') });
    expect(conditionOf(control)).toMatch(/^variables\.object\.\?rules\.orValue\(null\) == null \|\| variables\.object\.rules\.all\(e, /);
    expect(rulesOf(control)).toMatchObject([{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'clusterroles'] }]);
  });

  test('has no type either where a field is newer than the version, whose schema lacks it', () => {
    const control = sample(Requirement.absent('spec.scheduling'), { appliesTo: AppliesTo.kinds('Job') });
    expect(conditionOf(control, { version: KubernetesVersion.V1_37 })).toBe('object.?spec.?scheduling.orValue(dyn(null)) in variables.nothing');
    expect(conditionOf(control, { version: KubernetesVersion.V1_36 })).toBe('variables.object.?spec.?scheduling.orValue(null) in variables.nothing');
  });

  test('of custom resources checks the types itself', () => {
    const control = sample(Requirement.each('spec.rules', Requirement.absent('allow')), {
      appliesTo: AppliesTo.customResources({ group: 'example.com', version: 'v1', kind: 'Gate', resource: 'gates' }),
    });
    expect(conditionOf(control)).toContain('type(variables.object.?spec.?rules.orValue(null)) == list');
    expect(rulesOf(control)).toMatchObject([{ apiGroups: ['example.com'], apiVersions: ['v1'], resources: ['gates'] }]);
  });

  test('that reads labels looks at the other way to change them', () => {
    const control = sample(Requirement.present('metadata.labels["pod-security.kubernetes.io/enforce"]'), { appliesTo: AppliesTo.kinds('Namespace') });
    expect(resourcesOf(control)).toEqual(['namespaces', 'namespaces/finalize', 'namespaces/status']);
  });

  test('lets the API server lay out its own objects at start, and no one else', () => {
    expect(policyOf(NODE_PORT).spec.matchConditions).toEqual([
      { name: 'not-by-the-system-itself', expression: 'request.userInfo.?username.orValue(\'\') != \'system:apiserver\'' },
    ]);
    expect(policyOf(HOST_NETWORK).spec.matchConditions).toBeUndefined();
  });

  test('on ClusterRoles lets the controller add up aggregated ones', () => {
    const control = sample(Requirement.absent('aggregationRule'), { appliesTo: AppliesTo.kinds('ClusterRole') });
    expect(policyOf(control).spec.matchConditions![0].expression).toBe('!(request.userInfo.?username.orValue(\'\') in [\'system:apiserver\', '
      + '\'system:kube-controller-manager\', \'system:serviceaccount:kube-system:clusterrole-aggregation-controller\'])');
  });
});

describe('there is no policy', () => {
  test('before Kubernetes 1.30, and the error says so', () => {
    expect(policyObstacle(HOST_NETWORK, KubernetesVersion.V1_30)).toBeUndefined();
    expect(messageOf(() => policyOf(HOST_NETWORK, { version: KubernetesVersion.V1_29 }))).toBe(
      '[Control sample] version: got "1.29"; allowed: a control and a version that have an admission policy. '
      + 'Kubernetes has ValidatingAdmissionPolicy in v1 from 1.30 on, and this is 1.29. Leave the policy out: the check at synth stays.',
    );
  });

  test('of a control that acts at synth only', () => {
    const control = sample(Requirement.absent('spec.hostNetwork'), { actsAt: ActsAt.SYNTH, actsAtReason: 'The cluster can\'t know.' });
    expect(policyObstacle(control, KubernetesVersion.V1_37)).toBe('It acts at synth only: The cluster can\'t know.');
  });

  test('of a control that asks nothing at the version', () => {
    const control = sample(Requirement.absent('spec.hostNetwork'), { since: KubernetesVersion.V1_34 });
    expect(policyObstacle(control, KubernetesVersion.V1_33)).toBe('It asks nothing of Kubernetes 1.33');
    expect(policyObstacle(control, KubernetesVersion.V1_34)).toBeUndefined();
  });

  test('of a kind that the version does not serve', () => {
    const control = sample(Requirement.absent('metadata.labels'), { appliesTo: AppliesTo.kinds('MutatingAdmissionPolicy') });
    expect(policyObstacle(control, KubernetesVersion.V1_35)).toBe('Kubernetes 1.35 has no MutatingAdmissionPolicy');
    expect(policyObstacle(control, KubernetesVersion.V1_37)).toBeUndefined();
  });

  test('that judges who changed a part of a list: nobody can tell which element it was', () => {
    const control = sample(Requirement.each('spec.ports', Requirement.changedOnlyBy('nodePort', { groups: ['platform'] })), { appliesTo: AppliesTo.kinds('Service') });
    expect(messageOf(() => policyOf(control))).toBe(
      '[Control sample] requirement: got "changedOnlyBy"; allowed: changedOnlyBy on the object itself. Take it out of each, eachKey and the like, and name the whole path.',
    );
  });
});
