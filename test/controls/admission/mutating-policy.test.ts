import { celString } from '../../../src/controls/admission/cel-text';
import { mutatingPolicy, mutatingPolicyBinding, MutatingPolicyOptions, whyNoMutation } from '../../../src/controls/admission/mutating-policy';
import { AppliesTo } from '../../../src/controls/applies-to';
import { catalogControls } from '../../../src/controls/catalog';
import { ActsAt, Control, ControlLayer } from '../../../src/controls/control';
import { ControlSet } from '../../../src/controls/control-set';
import { exampleTwins } from '../../../src/controls/example-twins';
import { fixObject } from '../../../src/controls/fix/fix';
import { Requirement } from '../../../src/controls/requirement';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Severity } from '../../../src/core/severity';
import { sample, SAMPLES } from '../fix/sample-controls';

const VERSION = KubernetesVersion.V1_37;

function policy(control: Control, options: Partial<MutatingPolicyOptions> = {}): any {
  return mutatingPolicy(control, { version: VERSION, ...options });
}

function mutations(requirement: Requirement | Control, options: Partial<MutatingPolicyOptions> = {}): string[] {
  const control = requirement instanceof Control ? requirement : sample('sample', requirement);
  return policy(control, options).spec.mutations.map((mutation: any) => mutation.jsonPatch.expression);
}

function serviceControl(others: object = {}): Control {
  return new Control({
    id: 'no-external-ips', title: 'Services have no external IPs', severity: Severity.HIGH, layer: ControlLayer.NETWORK, rationale: 'A sample.', remediation: 'Remove them.',
    appliesTo: AppliesTo.kinds('Service'), requirement: Requirement.absent('spec.externalIPs'), ...others,
  });
}

describe('a mutating policy', () => {
  test('looks at Pods when they are created and at nothing else, so that GitOps tools see no difference', () => {
    expect(policy(SAMPLES.hostNetwork).spec.matchConstraints.resourceRules).toEqual([
      { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE'], resources: ['pods'], scope: '*' },
    ]);
  });

  test('looks at templates of controllers too if that is asked for, when they are new or changed', () => {
    const { spec } = policy(SAMPLES.hostNetwork, { controllers: true });
    const { matchConstraints, matchConditions: [{ expression }], mutations: [{ jsonPatch }], variables } = spec;
    expect(matchConstraints.resourceRules.map(({ operations, resources }: any) => `${operations}: ${resources}`)).toEqual([
      'CREATE: pods', 'CREATE,UPDATE: podtemplates,replicationcontrollers', 'CREATE,UPDATE: deployments,replicasets,statefulsets,daemonsets', 'CREATE,UPDATE: jobs,cronjobs',
    ]);
    expect(expression).toMatch(/^\(.* != null && \(request\.operation != 'UPDATE' \|\| .*oldObject.*\)\) && !\(.*hostNetwork.*\)$/);
    expect(jsonPatch.expression).toContain('JSONPatch{op: \'remove\', path: variables.at + \'/spec/hostNetwork\'}');
    expect(variables[0]).toEqual({
      name: 'at', expression: 'object.kind == \'Pod\' ? \'\' : object.kind == \'PodTemplate\' ? \'/template\' : object.kind == \'CronJob\' ? \'/spec/jobTemplate/spec/template\' : \'/spec/template\'',
    });
  });

  test('does nothing to a Pod that complies, and costs next to nothing there', () => {
    expect(policy(SAMPLES.hostNetwork).spec.matchConditions).toEqual([{
      name: 'needed', expression: '!(dyn(object).spec.?hostNetwork.orValue(null) == null || dyn(object).spec.?hostNetwork.orValue(null) == false)',
    }]);
  });

  test('has no variables in its match conditions, where the API server knows none', () => {
    const exclusions = [{ namespace: 'shop', kind: 'DaemonSet', name: 'web', serviceAccount: 'web', container: 'clock', value: true }];
    const conditions = Object.values(SAMPLES).flatMap((control) => policy(control, { controllers: true, exclusions })?.spec.matchConditions ?? []);
    expect(conditions.length).toBeGreaterThan(20);
    expect(conditions.filter(({ expression }: any) => expression.includes('variables.') || expression.includes('undefined'))).toEqual([]);
  });

  test('takes a text for a text, even one that reads like an expression', () => {
    for (const text of ['variables.spec', 'variables.none', 'it\'s "variables.spec"', 'variables.spec\\', '\nvariables.spec']) {
      const { matchConditions: [{ expression }], mutations: [{ jsonPatch }] } = policy(sample('odd', Requirement.noneOf('spec.hostname', text))).spec;
      expect(expression).toContain(`!= ${celString(text)})`);
      expect(jsonPatch.expression).toContain(`!= ${celString(text)})`);
    }
  });

  test('fails closed, and looks again at what other plugins have added', () => {
    expect(policy(SAMPLES.hostNetwork).spec).toMatchObject({ failurePolicy: 'Fail', reinvocationPolicy: 'IfNeeded' });
  });

  test('has the name and labels of the control\'s validating policy', () => {
    expect(policy(SAMPLES.hostNetwork).metadata).toEqual({
      name: 'hardened-host-network',
      labels: { 'app.kubernetes.io/managed-by': 'cdk8s-hardened', 'cdk8s-hardened/control': 'host-network' },
      annotations: { 'cdk8s-hardened/title': 'Pods meet host-network' },
    });
  });

  test('is the same for the same control', () => {
    expect(JSON.stringify(policy(SAMPLES.closed))).toBe(JSON.stringify(policy(SAMPLES.closed)));
  });

  test('is bound like a validating one, system namespaces left out', () => {
    expect(mutatingPolicyBinding(SAMPLES.hostNetwork, { suffix: 'recommended' })).toEqual({
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'MutatingAdmissionPolicyBinding',
      metadata: { name: 'hardened-host-network.recommended', labels: { 'app.kubernetes.io/managed-by': 'cdk8s-hardened', 'cdk8s-hardened/control': 'host-network' } },
      spec: {
        policyName: 'hardened-host-network',
        matchResources: {
          matchPolicy: 'Equivalent',
          namespaceSelector: {
            matchExpressions: [{ key: 'kubernetes.io/metadata.name', operator: 'NotIn', values: ['kube-node-lease', 'kube-public', 'kube-system'] }],
          },
          objectSelector: {},
        },
      },
    });
  });

  test('is refused before Kubernetes 1.36', () => {
    expect(() => policy(SAMPLES.hostNetwork, { version: KubernetesVersion.V1_35 })).toThrow(new Error(
      '[Control host-network] version: got "1.35"; allowed: Kubernetes 1.36 or newer, which has MutatingAdmissionPolicy v1. '
      + 'Fix the objects at synth, or upgrade the cluster.',
    ));
    expect(policy(SAMPLES.hostNetwork, { version: KubernetesVersion.V1_36 })).toBeDefined();
  });
});

describe('there is none, and why,', () => {
  test.each<[string, Control, KubernetesVersion, string]>([
    ['before Kubernetes 1.36', SAMPLES.hostNetwork, KubernetesVersion.V1_35, 'Kubernetes has MutatingAdmissionPolicy in v1 from 1.36 on, and this is 1.35.'],
    ['of whole objects', serviceControl(), VERSION, 'It looks at objects that stay as they were applied: they are fixed where they are declared.'],
    ['where a control acts at synth only', serviceControl({ actsAt: ActsAt.SYNTH, actsAtReason: 'It is a sample.' }), VERSION, 'It acts at synth only: It is a sample.'],
    ['where a person has to decide', SAMPLES.volumes, VERSION, 'Where else the data is kept has to be decided.'],
    ['where no value is right', SAMPLES.imageDigest, VERSION, 'No single value is right for every object: a person has to choose.'],
    [
      'where nothing is asked', sample('old', Requirement.byVersion(KubernetesVersion.V1_30, Requirement._nothing(), Requirement.absent('spec.hostNetwork'))), VERSION,
      'It asks nothing of Kubernetes 1.37.',
    ],
  ])('%s', (_, control, version, reason) => {
    expect(whyNoMutation(control, version)).toBe(reason);
    if (version.atLeast(KubernetesVersion.V1_36)) {
      expect(policy(control, { version })).toBeUndefined();
    }
  });

  test('is said of the whole control only if no part of it can be fixed', () => {
    const partly = sample('partly', Requirement.allOf(Requirement.present('spec.hostname').notFixable('No.'), Requirement.absent('spec.subdomain')));
    expect(whyNoMutation(partly, VERSION)).toBeUndefined();
    expect(mutations(partly)).toHaveLength(1);
  });

  test('is said of exactly those controls of the catalog whose example fix can\'t change either', () => {
    const ofPods = catalogControls().filter((control) => control.appliesTo.isPodTemplates && !control._modelCheck && control.actsAt !== ActsAt.SYNTH);
    const violated = ofPods.filter((control) => new ControlSet([control], VERSION).violations(exampleTwins(control).violating).length > 0);
    const fixed = violated.filter((control) => fixObject(exampleTwins(control).violating, new ControlSet([control], VERSION)).changes.length > 0);
    expect(violated.filter((control) => whyNoMutation(control, VERSION) === undefined).map(({ id }) => id)).toEqual(fixed.map(({ id }) => id));
    expect(fixed.length).toBeGreaterThan(15);
  });
});

describe('the patches', () => {
  test('remove a field of the pod where it fails', () => {
    expect(mutations(Requirement.absentOrOneOf('spec.hostPID', false))).toEqual([
      '!(variables.spec.?hostPID.orValue(null) == null || variables.spec.?hostPID.orValue(null) == false) ? [JSONPatch{op: \'remove\', path: \'/spec/hostPID\'}] : []',
    ]);
  });

  test('make the first object on the way that is missing, with all that is below it', () => {
    const [expression] = mutations(Requirement.eachMainContainer(Requirement.contains('securityContext.capabilities.drop', 'ALL')));
    expect(expression).toContain('path: \'/spec/containers/\' + string(n) + \'/securityContext\', value: {\'capabilities\': {\'drop\': [\'ALL\']}}');
    expect(expression).toContain('path: \'/spec/containers/\' + string(n) + \'/securityContext/capabilities\', value: {\'drop\': [\'ALL\']}');
    expect(expression).toContain('path: \'/spec/containers/\' + string(n) + \'/securityContext/capabilities/drop\', value: [\'ALL\']');
    expect(expression).toContain('path: \'/spec/containers/\' + string(n) + \'/securityContext/capabilities/drop/-\', value: \'ALL\'');
  });

  test('remove elements of a list from its end', () => {
    expect(mutations(SAMPLES.sysctls)[0]).toMatch(/path: '\/spec\/securityContext\/sysctls\/' \+ string\(i\)}\]\)\.reverse\(\)\.flatten\(\)$/);
  });

  test('escape keys, those of the control and those of the object', () => {
    expect(mutations(SAMPLES.label)[0]).toContain('\'/metadata/labels/example.com~1team\'');
    expect(mutations(Requirement.absent('metadata.annotations["a~b/c"]'))[0]).toContain('\'/metadata/annotations/a~0b~1c\'');
    expect(mutations(SAMPLES.appArmor)[0]).toContain('\'/metadata/annotations/\' + jsonpatch.escapeKey(k)');
  });

  test('come one after the other for each part of a control, so that none undoes another', () => {
    expect(mutations(Requirement.eachContainer(Requirement.allOf(
      Requirement.oneOf('securityContext.readOnlyRootFilesystem', true), Requirement.oneOf('securityContext.allowPrivilegeEscalation', false),
    )))).toHaveLength(2);
  });

  test('come all at once where they only take away fields', () => {
    expect(mutations(SAMPLES.seLinux)).toHaveLength(1);
    const twice = Requirement.allOf(Requirement.eachContainer(Requirement.absent('securityContext')), Requirement.eachMainContainer(Requirement.absent('securityContext.procMount')));
    expect(mutations(twice)).toHaveLength(2);
  });

  test('come as often as an alternative has parts', () => {
    expect(mutations(SAMPLES.closed)).toHaveLength(3);
    expect(new Set(mutations(SAMPLES.closed)).size).toBe(1);
  });

  test('have values of any JSON, in CEL whose literals otherwise hold values of one type', () => {
    const value = { options: [{ name: 'a\'b' }], searches: ['a', 'b'], nameservers: [] };
    expect(mutations(Requirement.present('spec.dnsConfig').fixedBySetting('spec.dnsConfig', value))[0]).toContain(
      'value: {\'options\': dyn([{\'name\': "a\'b"}]), \'searches\': dyn([dyn(\'a\'), dyn(\'b\')]), \'nameservers\': dyn([])}}]',
    );
  });

  test('of a token that is not to be mounted take away the mount that is there before any policy', () => {
    expect(mutations(SAMPLES.token)[0]).toContain('e.name.startsWith(\'kube-api-access-\'), [JSONPatch{op: \'remove\', path: \'/spec/volumes/\' + string(i)}]).reverse()');
  });

  test('of a priority class take away the priority that was made of it', () => {
    expect(mutations(Requirement.noneOf('spec.priorityClassName', 'system-node-critical'))[0]).toContain('[JSONPatch{op: \'remove\', path: \'/spec/priority\'}]');
  });

  test('wait for what would make the pod invalid', () => {
    const [expression] = mutations(SAMPLES.noEscalation);
    expect(expression).toContain('c.?securityContext.?privileged');
    expect(expression).toContain('\'CAP_SYS_ADMIN\' in c.securityContext.capabilities.add');
  });

  test('leave out what is waived', () => {
    const exclusions = [{ namespace: 'shop', kind: 'Pod', name: 'web', container: 'clock', path: 'spec.containers[0].securityContext.privileged', value: true }];
    const [expression] = mutations(SAMPLES.privileged, { exclusions });
    expect(expression).toContain('variables.waived && c.name == \'clock\'');
    expect(mutations(SAMPLES.privileged)[0]).not.toContain('waived');
  });

  test('give a container what the pod lacks only where another container has it waived', () => {
    const exclusions = [{ namespace: 'shop', kind: 'Pod', name: 'web', container: 'clock', path: 'spec.containers[0].securityContext.runAsNonRoot' }];
    const lacking = /variables\.containers\.exists\(c, .*variables\.waived.*\)/;
    expect(mutations(SAMPLES.nonRoot, { exclusions })[0]).toMatch(lacking);
    expect(mutations(SAMPLES.nonRoot)[0]).not.toMatch(lacking);
  });
});
