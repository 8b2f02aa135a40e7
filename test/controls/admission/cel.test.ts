import { conditionOf, policyOf, sample, variableOf } from './fixtures';
import { AppliesTo } from '../../../src/controls/applies-to';
import { Requirement } from '../../../src/controls/requirement';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const VALUE = 'variables.spec.?hostname.orValue(null)';

describe('a requirement on a field', () => {
  test.each([
    ['present', Requirement.present('spec.hostname'), `!(${VALUE} in variables.nothing)`],
    ['absent', Requirement.absent('spec.hostname'), `${VALUE} in variables.nothing`],
    ['oneOf one', Requirement.oneOf('spec.hostname', 'a'), `${VALUE} == 'a'`],
    ['oneOf several', Requirement.oneOf('spec.hostname', 'a', 'it\'s'), `${VALUE} in ['a', "it's"]`],
    ['absentOrOneOf text', Requirement.absentOrOneOf('spec.hostname', 'a'), `${VALUE} in variables.blank || ${VALUE} == 'a'`],
    ['absentOrOneOf boolean', Requirement.absentOrOneOf('spec.hostNetwork', false),
      'variables.spec.?hostNetwork.orValue(null) == null || variables.spec.?hostNetwork.orValue(null) == false'],
    ['noneOf', Requirement.noneOf('spec.hostname', 'a'), `${VALUE} in variables.blank || type(${VALUE}) == string && ${VALUE} != 'a'`],
    ['matches', Requirement.matches('spec.hostname', '^a\\.b$', { ignoreCase: true }), `type(${VALUE}) == string && variables.spec.hostname.matches(r'(?i)^a\\.b$')`],
    ['matches or absent', Requirement.matches('spec.hostname', '^a', { orAbsent: true }),
      `${VALUE} in variables.blank || type(${VALUE}) == string && variables.spec.hostname.matches('^a')`],
    ['a key of a map', Requirement.present('metadata.annotations["a.b/c"]'),
      '!(variables.template.?metadata.?annotations[?\'a.b/c\'].orValue(dyn(null)) in variables.nothing)'],
  ])('%s', (_, requirement, expected) => {
    expect(conditionOf(sample(requirement))).toBe(expected);
  });

  test('lists hold literals of one type, as CEL wants', () => {
    expect(conditionOf(sample(Requirement.oneOf('limit', 'a', 1, 'b', 2, true), { appliesTo: AppliesTo.customResources(FOO) }))).toBe(
      'variables.object.?limit.orValue(null) in [\'a\', \'b\'] || variables.object.?limit.orValue(null) in [1, 2] || variables.object.?limit.orValue(null) == true',
    );
  });

  test('a quantity that a custom resource writes as a number is compared as text', () => {
    expect(variableOf('failing', sample(Requirement.eachContainer(Requirement.matches('resources.limits.memory', '^1Gi$'))))).toContain(
      'string(c.resources.limits.memory).matches(\'^1Gi$\')',
    );
  });
});

describe('a requirement on lists', () => {
  test('contains and subsetOf', () => {
    const drop = 'c.?securityContext.?capabilities.?drop.orValue(null)';
    const add = 'c.?securityContext.?capabilities.?add.orValue(null)';
    const requirement = Requirement.eachContainer(Requirement.allOf(
      Requirement.contains('securityContext.capabilities.drop', 'ALL'), Requirement.subsetOf('securityContext.capabilities.add', 'KILL', 'CHOWN'),
    ));
    expect(variableOf('failing', sample(requirement))).toBe(
      `variables.containers.filter(c, !(type(${drop}) == list && 'ALL' in c.securityContext.capabilities.drop `
      + `&& (${add} == null || type(${add}) == list && c.securityContext.capabilities.add.all(v, v in ['KILL', 'CHOWN'])))).map(c, c.name)`,
    );
  });

  test('each names its elements apart from those around', () => {
    const requirement = Requirement.each('spec.volumes', Requirement.each('projected.sources', Requirement.absent('serviceAccountToken')));
    expect(conditionOf(sample(requirement))).toMatch(/\.all\(e, .*e\.projected\.sources\.all\(e2, e2\.\?serviceAccountToken/);
  });

  test('eachKey looks at the keys with the prefix', () => {
    const condition = conditionOf(sample(Requirement.eachKey('metadata.annotations', 'it\'s/', Requirement.oneOf('', 'a'))));
    expect(condition).toContain('.metadata.annotations.all(k, !k.startsWith("it\'s/") || variables.template.metadata.annotations[k] == \'a\')');
  });

  test('what is asked of several lists alike is written once, as patterns may be long', () => {
    const word = Requirement.negation(Requirement.matches('', 'password'));
    const failing = variableOf('failing', sample(Requirement.eachContainer(Requirement.allOf(Requirement.each('command', word), Requirement.each('args', word)))));
    expect(failing).toContain('[c.?command, c.?args].all(l, l.orValue(null) == null || type(l.orValue(null)) == list && l.value().all(e, ');
    expect(failing?.match(/password/g)).toHaveLength(1);
  });
});

describe('a requirement on containers', () => {
  const PRIVILEGED = Requirement.absentOrOneOf('securityContext.privileged', false);

  test.each([
    ['every container', Requirement.eachContainer(PRIVILEGED), /^variables\.containers\.filter/],
    ['those that a manifest declares', Requirement.eachDeclaredContainer(PRIVILEGED), /^variables\.declaredContainers\.filter/],
    ['those that run for the life of the pod', Requirement.eachMainContainer(PRIVILEGED), /^variables\.spec\.containers\.filter/],
  ])('%s', (_, requirement, expected) => {
    expect(variableOf('failing', sample(requirement))).toMatch(expected);
    expect(conditionOf(sample(requirement))).toBe('variables.failing == []');
  });

  test('ephemeral containers are among all of them, and not among those that are declared', () => {
    expect(variableOf('containers', sample(Requirement.eachContainer(PRIVILEGED)))).toContain('ephemeralContainers');
    expect(variableOf('declaredContainers', sample(Requirement.eachDeclaredContainer(PRIVILEGED)))).not.toContain('ephemeralContainers');
  });

  test('security contexts are the pod\'s and the containers\', and the pod has a name among them', () => {
    expect(variableOf('failing', sample(Requirement.eachSecurityContext(Requirement.absent('runAsUser'))))).toBe(
      '([variables.spec] + variables.containers).filter(c, !(c.?securityContext.?runAsUser.orValue(null) in variables.nothing)).map(c, c.?name.orValue(\'the pod\'))',
    );
  });

  test('an inherited value: the pod\'s has to comply where there is one, and a container without one needs it', () => {
    const own = 'c.?securityContext.?runAsNonRoot.orValue(null)';
    const pods = 'variables.spec.?securityContext.?runAsNonRoot.orValue(null)';
    expect(variableOf('failing', sample(Requirement.inherited(Requirement.oneOf('securityContext.runAsNonRoot', true))))).toBe(
      `(${pods} == null || ${pods} == true ? [] : ['the pod']) + variables.containers.filter(c, !(${own} == true || ${own} == null && ${pods} != null)).map(c, c.name)`,
    );
  });

  test('under a condition', () => {
    const requirement = Requirement.exemptWhen(Requirement.oneOf('spec.os.name', 'windows'), Requirement.eachContainer(PRIVILEGED));
    expect(conditionOf(sample(requirement))).toBe('variables.spec.?os.?name.orValue(null) == \'windows\' || variables.failing == []');
  });

  test('negated there are no names to give: one container that complies is enough', () => {
    const policy = policyOf(sample(Requirement.negation(Requirement.eachContainer(PRIVILEGED))));
    expect(policy.spec.validations[0].expression).toMatch(/!variables\.containers\.all\(c, /);
    expect(policy.spec.validations[0].messageExpression).toBeUndefined();
  });

  test('what is asked of containers twice is looked up once, and two demands name a container once', () => {
    const [a, b] = [Requirement.eachContainer(PRIVILEGED), Requirement.eachContainer(Requirement.present('image'))];
    expect(conditionOf(sample(Requirement.allOf(a, b, a)))).toBe('variables.failing == [] && variables.failing2 == [] && variables.failing == []');
    expect(variableOf('allFailing', sample(Requirement.allOf(a, b)))).toBe('variables.failing + variables.failing2.filter(n, !(n in variables.failing))');
  });
});

describe('combinations', () => {
  const [a, b] = ['a', 'b'].map((name) => Requirement.oneOf('spec.hostname', name));

  test('all, any, none', () => {
    expect(conditionOf(sample(Requirement.allOf(a, Requirement.anyOf(a, b))))).toBe(`${VALUE} == 'a' && (${VALUE} == 'a' || ${VALUE} == 'b')`);
    expect(conditionOf(sample(Requirement.negation(Requirement.anyOf(a, b))))).toBe(`!(${VALUE} == 'a' || ${VALUE} == 'b')`);
    expect(conditionOf(sample(Requirement.negation(a)))).toBe(`${VALUE} != 'a'`);
  });

  test('repairs and descriptions change nothing', () => {
    expect(conditionOf(sample(a.fixedBySetting('spec.hostname', 'a').describedAs('a good name')))).toBe(`${VALUE} == 'a'`);
  });

  test('only what a version asks is in its policy', () => {
    const control = sample(Requirement.byVersion(KubernetesVersion.V1_35, a, b));
    expect(conditionOf(control, { version: KubernetesVersion.V1_34 })).toBe(`${VALUE} == 'b'`);
    expect(conditionOf(control, { version: KubernetesVersion.V1_35 })).toBe(`${VALUE} == 'a'`);
  });
});

describe('who may change a field', () => {
  const platform = { groups: ['platform'], users: ['it\'s me'] };
  const namespaces = { appliesTo: AppliesTo.kinds('Namespace') };

  test('those groups and users, and everybody who leaves it as it is', () => {
    expect(conditionOf(sample(Requirement.changedOnlyBy('metadata.labels', platform), namespaces))).toBe(
      'request.operation != \'UPDATE\' || request.userInfo.?username.orValue(\'\') == "it\'s me"'
      + ' || request.userInfo.?groups.orValue([]).exists(g, g == \'platform\') || object.?metadata.?labels == oldObject.?metadata.?labels',
    );
  });

  test('keys are compared in both directions: one that is removed is changed', () => {
    const condition = conditionOf(sample(Requirement.changedOnlyBy('metadata.labels', { ...platform, keyPrefix: 'team/' }), namespaces));
    expect(condition).toContain('object.?metadata.?labels.orValue({}).all(k, !k.startsWith(\'team/\') || oldObject.?metadata.?labels[?k] == optional.of(object.metadata.labels[k]))');
    expect(condition).toContain('oldObject.?metadata.?labels.orValue({}).all(k, !k.startsWith(\'team/\') || k in object.?metadata.?labels.orValue({}))');
  });

  test('only updates are looked at, on the ways that change labels too', () => {
    const { resourceRules } = policyOf(sample(Requirement.changedOnlyBy('metadata.labels', platform), namespaces)).spec.matchConstraints;
    expect(resourceRules).toEqual([{
      apiGroups: [''], apiVersions: ['v1'], operations: ['UPDATE'], resources: ['namespaces', 'namespaces/finalize', 'namespaces/status'], scope: '*',
    }]);
  });
});

describe('patterns that cost much', () => {
  const long = (length: number) => sample(Requirement.eachContainer(Requirement.each('env', Requirement.negation(Requirement.matches('value', 'a'.repeat(length))))));
  const shares = (length: number) => policyOf(long(length)).spec.variables!.filter(({ name }) => name.startsWith('failingShare'));

  test('are evaluated for shares of the containers, since each variable has a budget of its own', () => {
    expect(shares(1000)).toHaveLength(0);
    expect(shares(1300).map(({ expression }) => expression.slice(0, 30))).toEqual(['[0, 1, 2, 3, 4, 5, 6, 7, 8, 9,', '(size(variables.containers) > ']);
    expect(shares(100_000)).toHaveLength(8);
  });

  test('no container is left out, however many there are', () => {
    for (const length of [1300, 3000, 5000, 100_000]) {
      const list = shares(length);
      const positions = list.flatMap(({ expression }) => /\[([\d, ]+)\]\.map/.exec(expression)![1].split(', ').map(Number));
      expect(positions).toEqual(positions.map((_, i) => i));
      expect(positions.length).toBeGreaterThanOrEqual(100);
      expect(list[list.length - 1].expression).toContain(`(size(variables.containers) > ${positions.length} ? variables.containers : [`);
    }
  });

  test('all shares together are what fails, and one without containers is never evaluated', () => {
    expect(variableOf('failing', long(1300))).toBe('variables.failingShare1 + (size(variables.containers) > 50 ? variables.failingShare2 : [])');
  });
});

const FOO = { group: 'example.com', version: 'v1', kind: 'Foo', resource: 'foos' };
