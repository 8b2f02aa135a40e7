import { basePod, basePodWith, Fields } from '../../src/controls/catalog/base-pod';
import { meets } from '../../src/controls/evaluate';
import { Fault, faultsOf } from '../../src/controls/faults';
import { showPath } from '../../src/controls/path';
import { Requirement } from '../../src/controls/requirement';
import { atVersion } from '../../src/controls/requirement-node';
import { Subject, templateSubject } from '../../src/controls/subject';
import { show } from '../../src/core/errors';

function judge(requirement: Requirement, pod: unknown): { met: boolean; faults: Fault[] } {
  const node = atVersion(requirement._node, 37)!;
  const subject: Subject = templateSubject(pod, [], true);
  return { met: meets(node, subject), faults: faultsOf(node, subject) };
}

/** Each fault as `place: got, expected …`. */
function faults(requirement: Requirement, pod: unknown): string[] {
  const { met, faults: found } = judge(requirement, pod);
  expect(met).toBe(found.length === 0);
  return found.map(({ place, got, expected, malformed }) => `${showPath(place)}: ${show(got)}, expected ${expected}${malformed ? ' (malformed)' : ''}`);
}

/** The base pod with init and ephemeral containers that are like its main one. */
function podOfThree(changes: Fields = {}): Fields {
  const [app] = (basePod().spec as { containers: Fields[] }).containers;
  return basePodWith({ 'spec.initContainers': [{ ...app, name: 'init' }], 'spec.ephemeralContainers': [{ ...app, name: 'debug' }], ...changes });
}

describe('a requirement on one field', () => {
  const at = (value: unknown) => basePodWith({ 'spec.field': value });

  test.each<[string, Requirement, unknown[], unknown[]]>([
    ['present', Requirement.present('spec.field'), ['x', 0, false, {}, ['a']], [undefined, null, '', []]],
    ['absent', Requirement.absent('spec.field'), [undefined, null, '', []], ['x', 0, false, {}, ['a']]],
    ['oneOf', Requirement.oneOf('spec.field', 'a', 'b'), ['a', 'b'], [undefined, null, '', 'c', ['a'], { a: 1 }, true]],
    ['absentOrOneOf', Requirement.absentOrOneOf('spec.field', false), [undefined, null, false], [true, 'false', 0, '', [], {}]],
    ['absentOrOneOf on texts', Requirement.absentOrOneOf('spec.field', 'a'), [undefined, null, '', 'a'], ['b', [], 0, false, {}]],
    ['noneOf', Requirement.noneOf('spec.field', 0), [undefined, null, 1, -1], [0, '0', '', [], {}, false]],
    ['contains', Requirement.contains('spec.field', 'ALL'), [['ALL'], ['KILL', 'ALL']], [undefined, null, [], ['all'], 'ALL', { ALL: true }]],
    ['subsetOf', Requirement.subsetOf('spec.field', 'a', 'b'), [undefined, null, [], ['a'], ['b', 'a']], [['c'], ['a', null], ['a', ['b']], 'a', '', {}]],
    ['matches', Requirement.matches('spec.field', '^a'), ['a', 'ab'], [undefined, null, '', 'b', ['a'], true, {}]],
    ['matches or absent', Requirement.matches('spec.field', '^a', { orAbsent: true }), [undefined, null, '', 'a'], ['b', [], {}]],
    ['matches in any case', Requirement.matches('spec.field', '^ab$', { ignoreCase: true }), ['ab', 'AB'], ['abc']],
    ['negation', Requirement.negation(Requirement.matches('spec.field', '^a')), [undefined, null, '', 'b'], ['a', ['b'], {}, true]],
  ])('%s holds for what it names, and for nothing of another type', (_name, requirement, met, refused) => {
    for (const value of met) {
      expect({ value, met: judge(requirement, at(value)).met }).toEqual({ value, met: true });
    }
    for (const value of refused) {
      expect({ value, faults: faults(requirement, at(value)).length }).toEqual({ value, faults: 1 });
    }
  });

  test('tells place, value and what would comply', () => {
    expect(faults(Requirement.oneOf('spec.os.name', 'linux', 'windows'), basePodWith({ 'spec.os': { name: 'plan9' } })))
      .toEqual(['spec.os.name: "plan9", expected one of "linux", "windows"']);
    expect(faults(Requirement.present('spec.os.name'), basePod())).toEqual(['spec.os.name: undefined, expected a value']);
  });

  test('names the first step on the way that is no object', () => {
    expect(faults(Requirement.absent('spec.os.name.deeper'), basePodWith({ 'spec.os': 'linux' }))).toEqual(['spec.os: "linux", expected an object (malformed)']);
    expect(faults(Requirement.absent('spec.os.name'), basePodWith({ 'spec.os': [] }))).toEqual(['spec.os: [], expected an object (malformed)']);
  });
});

describe('a requirement on the elements of a list or map', () => {
  const noHostPath = Requirement.each('spec.volumes', Requirement.absent('hostPath'));

  test('is met where there is no list', () => {
    expect(faults(noHostPath, basePodWith({ 'spec.volumes': undefined }))).toEqual([]);
    expect(faults(noHostPath, basePodWith({ 'spec.volumes': null }))).toEqual([]);
  });

  test('finds every element that does not meet it, at its position', () => {
    const volumes = [{ name: 'a', hostPath: { path: '/a' } }, { name: 'b' }, { name: 'c', hostPath: {} }];
    expect(faults(noHostPath, basePodWith({ 'spec.volumes': volumes })))
      .toEqual(['spec.volumes[0].hostPath: {"path":"/a"}, expected absent', 'spec.volumes[2].hostPath: {}, expected absent']);
  });

  test.each(['x', 5, true, {}])('finds %p in place of the list', (wrong) => {
    expect(faults(noHostPath, basePodWith({ 'spec.volumes': wrong }))).toEqual([`spec.volumes: ${show(wrong)}, expected a list (malformed)`]);
  });

  test('says where on the way to a list an object is missing', () => {
    const sysctls = Requirement.each('spec.securityContext.sysctls', Requirement.oneOf('name', 'a'));
    expect(faults(sysctls, basePodWith({ 'spec.securityContext': 'x' }))).toEqual(['spec.securityContext: "x", expected an object (malformed)']);
  });

  test.each([null, 'x', 5, []])('finds %p among the elements', (wrong) => {
    expect(faults(noHostPath, basePodWith({ 'spec.volumes': [{ name: 'a' }, wrong] }))).toEqual([`spec.volumes[1]: ${show(wrong)}, expected an object (malformed)`]);
  });

  test('looks at elements that are no objects by the empty path', () => {
    const groups = Requirement.each('spec.securityContext.supplementalGroups', Requirement.noneOf('', 0));
    expect(faults(groups, basePodWith({ 'spec.securityContext.supplementalGroups': [1, 0] })))
      .toEqual(['spec.securityContext.supplementalGroups[1]: 0, expected not 0']);
  });

  test('looks at the values of the keys that begin so, and at no others', () => {
    const profiles = Requirement.eachKey('metadata.annotations', 'profile/', Requirement.oneOf('', 'good'));
    expect(faults(profiles, basePodWith({ 'metadata.annotations': { 'profile/a': 'good', 'profile/b': 'bad', 'other': 'bad' } })))
      .toEqual(['metadata.annotations["profile/b"]: "bad", expected "good"']);
    expect(faults(profiles, basePodWith({ 'metadata.annotations': ['x'] }))).toEqual(['metadata.annotations: ["x"], expected an object (malformed)']);
    expect(faults(profiles, basePod())).toEqual([]);
  });

  test.each(['__proto__', 'constructor'])('sees a key that is named %s', (key) => {
    const annotations = JSON.parse(`{"${key}": "bad"}`);
    expect(faults(Requirement.eachKey('metadata.annotations', '', Requirement.oneOf('', 'good')), basePodWith({ 'metadata.annotations': annotations })))
      .toEqual([`metadata.annotations.${key}: "bad", expected "good"`]);
  });
});

describe('a requirement on containers', () => {
  const unprivileged = Requirement.absentOrOneOf('securityContext.privileged', false);
  const allPrivileged = podOfThree({
    'spec.containers[0].securityContext.privileged': true,
    'spec.initContainers[0].securityContext.privileged': true,
    'spec.ephemeralContainers[0].securityContext.privileged': true,
  });

  test('holds for init and ephemeral ones, too, and names each', () => {
    expect(faults(Requirement.eachContainer(unprivileged), podOfThree())).toEqual([]);
    expect(judge(Requirement.eachContainer(unprivileged), allPrivileged).faults.map(({ place, container }) => [showPath(place), container])).toEqual([
      ['spec.initContainers[0].securityContext.privileged', 'init'],
      ['spec.containers[0].securityContext.privileged', 'app'],
      ['spec.ephemeralContainers[0].securityContext.privileged', 'debug'],
    ]);
  });

  test('of the declared or the main ones leaves the others alone', () => {
    expect(judge(Requirement.eachDeclaredContainer(unprivileged), allPrivileged).faults.map(({ container }) => container)).toEqual(['init', 'app']);
    expect(judge(Requirement.eachMainContainer(unprivileged), allPrivileged).faults.map(({ container }) => container)).toEqual(['app']);
  });

  test('names a container without a name by its place', () => {
    const pod = basePodWith({ 'spec.containers[0].name': undefined, 'spec.containers[0].securityContext.privileged': true });
    expect(judge(Requirement.eachContainer(unprivileged), pod).faults).toMatchObject([{ container: 'containers[0]' }]);
  });

  test('on security contexts holds for the pod\'s and each container\'s, and counts one that is left out as empty', () => {
    const notRoot = Requirement.eachSecurityContext(Requirement.noneOf('runAsUser', 0));
    expect(faults(notRoot, basePodWith({ 'spec.securityContext': undefined, 'spec.containers[0].securityContext': undefined }))).toEqual([]);
    expect(faults(notRoot, podOfThree({ 'spec.securityContext.runAsUser': 0, 'spec.initContainers[0].securityContext.runAsUser': 0 })))
      .toEqual(['spec.securityContext.runAsUser: 0, expected not 0', 'spec.initContainers[0].securityContext.runAsUser: 0, expected not 0']);
    expect(faults(Requirement.eachSecurityContext(Requirement.present('runAsUser')), basePod()))
      .toEqual(['spec.containers[0].securityContext.runAsUser: undefined, expected a value']);
  });

  test.each([null, 'x', []])('on security contexts finds %p only where it is no context', (wrong) => {
    const notRoot = Requirement.eachSecurityContext(Requirement.noneOf('runAsUser', 0));
    expect(faults(notRoot, basePodWith({ 'spec.securityContext': wrong })))
      .toEqual(wrong === null ? [] : [`spec.securityContext: ${show(wrong)}, expected an object (malformed)`]);
  });
});

describe('a requirement that containers inherit from the pod', () => {
  const nonRoot = Requirement.inherited(Requirement.oneOf('securityContext.runAsNonRoot', true));
  const pod = (pods: unknown, ...containers: unknown[]) => ({
    spec: {
      securityContext: { runAsNonRoot: pods },
      containers: containers.map((own, i) => ({ name: `c${i}`, securityContext: { runAsNonRoot: own } })),
    },
  });

  test('is met by the pod\'s value, or by each container\'s own', () => {
    expect(faults(nonRoot, pod(true, undefined))).toEqual([]);
    expect(faults(nonRoot, pod(undefined, true, true))).toEqual([]);
    expect(faults(nonRoot, { spec: { securityContext: { runAsNonRoot: true }, containers: [{ name: 'a' }] } })).toEqual([]);
  });

  test('refuses a bad value of the pod even where every container overrides it, and says so once', () => {
    expect(faults(nonRoot, pod(false, true))).toEqual(['spec.securityContext.runAsNonRoot: false, expected true']);
    expect(faults(nonRoot, pod(false, undefined))).toEqual(['spec.securityContext.runAsNonRoot: false, expected true']);
  });

  test('refuses a bad value of a container, whatever the pod\'s is', () => {
    expect(faults(nonRoot, pod(true, false, undefined))).toEqual(['spec.containers[0].securityContext.runAsNonRoot: false, expected true']);
    expect(faults(nonRoot, pod(false, false))).toHaveLength(2);
  });

  test('names every container for which neither has one', () => {
    expect(faults(nonRoot, pod(undefined, undefined, true, null))).toEqual([
      'spec.containers[0].securityContext.runAsNonRoot: undefined, expected true',
      'spec.containers[2].securityContext.runAsNonRoot: undefined, expected true',
    ]);
  });

  test.each(['', [], 'true', 1])('takes %p for no value to inherit and none to be overridden', (wrong) => {
    expect(faults(nonRoot, pod(true, wrong))).toHaveLength(1);
    expect(faults(nonRoot, pod(wrong, true))).toHaveLength(1);
  });
});

describe('requirements that are joined', () => {
  const hostNetwork = Requirement.absentOrOneOf('spec.hostNetwork', false);
  const hostPID = Requirement.absentOrOneOf('spec.hostPID', false);
  const windows = Requirement.oneOf('spec.os.name', 'windows');

  test('by allOf are found each at its own place', () => {
    expect(faults(Requirement.allOf(hostNetwork, hostPID), basePodWith({ 'spec.hostNetwork': true, 'spec.hostPID': true })))
      .toEqual(['spec.hostNetwork: true, expected absent or false', 'spec.hostPID: true, expected absent or false']);
  });

  test('by anyOf are found once, where their paths part', () => {
    const source = Requirement.each('spec.volumes', Requirement.anyOf(Requirement.present('configMap.name'), Requirement.present('secret.secretName')));
    expect(faults(source, basePodWith({ 'spec.volumes': [{ name: 'a', secret: { secretName: 's' } }, { name: 'b', nfs: {} }] })))
      .toEqual(['spec.volumes[1]: {"name":"b","nfs":{}}, expected one of configMap.name, secret.secretName']);
    const probe = Requirement.eachContainer(Requirement.anyOf(Requirement.present('lifecycle.preStop.exec'), Requirement.present('lifecycle.preStop.sleep')));
    expect(faults(probe, basePod())).toEqual(['spec.containers[0].lifecycle.preStop: undefined, expected one of exec, sleep']);
  });

  test('by exemptWhen ask nothing where the condition is met', () => {
    const exempt = Requirement.exemptWhen(windows, hostNetwork);
    expect(faults(exempt, basePodWith({ 'spec.os': { name: 'windows' }, 'spec.hostNetwork': true }))).toEqual([]);
    expect(faults(exempt, basePodWith({ 'spec.hostNetwork': true }))).toHaveLength(1);
  });

  test.each([{ name: ['windows'] }, 'windows', ['windows'], [{ name: 'windows' }]])('by exemptWhen are not exempt by a malformed condition: %p', (os) => {
    expect(faults(Requirement.exemptWhen(windows, hostNetwork), basePodWith({ 'spec.os': os, 'spec.hostNetwork': true }))).toHaveLength(1);
  });

  test('are negated, but not by being malformed', () => {
    const latest = Requirement.eachContainer(Requirement.negation(Requirement.matches('image', ':latest$')));
    expect(faults(latest, basePod())).toEqual([]);
    expect(faults(latest, basePodWith({ 'spec.containers[0].image': 'app:latest' }))).toEqual(['spec.containers[0].image: "app:latest", expected not text that matches :latest$']);
    for (const wrong of [['app'], {}, true]) {
      expect(faults(latest, basePodWith({ 'spec.containers[0].image': wrong }))).toHaveLength(1);
    }
    const some = Requirement.negation(Requirement.each('spec.volumes', Requirement.absent('hostPath')));
    expect(faults(some, basePodWith({ 'spec.volumes': [{ name: 'a', hostPath: {} }] }))).toEqual([]);
    expect(faults(some, basePodWith({ 'spec.volumes': 'x' }))).toHaveLength(1);
    expect(faults(some, basePodWith({ 'spec.volumes': [null] }))).toHaveLength(1);
  });

  test('are negated twice without a change, malformed ones included', () => {
    const twice = Requirement.negation(Requirement.negation(Requirement.oneOf('spec.hostUsers', false)));
    expect([false, true, 'false'].map((value) => judge(twice, basePodWith({ 'spec.hostUsers': value })).met)).toEqual([true, false, false]);
  });

  test('are never met where there is no alternative', () => {
    expect(faults(Requirement._never(), basePod())).toHaveLength(1);
  });

  test('that only the API server can tell are met', () => {
    expect(faults(Requirement.changedOnlyBy('metadata.labels', { groups: ['platform'] }), basePod())).toEqual([]);
  });

  test('that are described show the description as what was expected', () => {
    const described = Requirement.each('spec.volumes', Requirement.absent('hostPath').describedAs('a volume of its own'));
    expect(faults(described, basePodWith({ 'spec.volumes': [{ name: 'a', hostPath: {} }] }))).toEqual(['spec.volumes[0].hostPath: {}, expected a volume of its own']);
  });
});

describe('what a fix starts from', () => {
  test('is the item of the repaired requirement, however deep below it the fault lies', () => {
    const requirement = Requirement.each('spec.volumes', Requirement.absent('hostPath.path').fixedByRemoving(''));
    const { faults: [fault] } = judge(requirement, basePodWith({ 'spec.volumes': [{ name: 'a', hostPath: { path: '/' } }] }));
    expect(showPath(fault.item!.placeOf([]))).toBe('spec.volumes[0]');
    expect(fault.repair).toEqual({ kind: 'remove', path: [] });
  });
});
