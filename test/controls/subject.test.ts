import { basePod, basePodWith, Fields } from '../../src/controls/catalog/base-pod';
import { showPath } from '../../src/controls/path';
import { objectSubject, Subject, templateSubject, templateSubjects } from '../../src/controls/subject';
import { BUILT_IN_TEMPLATES, CUSTOM_TEMPLATES, makesPodsByOperator } from '../../src/controls/template-kinds';
import { TEMPLATE_KINDS, templatePrefix, workloadOf } from '../support/workloads';

const pod = (changes: Fields) => templateSubject(basePodWith(changes), [], true);
const template = (changes: Fields) => templateSubject(basePodWith(changes), ['spec', 'template'], false);
const problem = ({ problem: found }: Subject) => found && `${showPath(found.place)}: ${JSON.stringify(found.got)}, expected ${found.expected}`;
const spec = ({ root }: Subject) => (root as { spec: Fields }).spec;

describe('a pod template', () => {
  test('of the examples can be judged', () => {
    expect(problem(pod({}))).toBeUndefined();
  });

  test.each<[string, Fields, string]>([
    ['without a spec', { spec: undefined }, 'spec: undefined, expected the spec of a pod'],
    ['with null for a spec', { spec: null }, 'spec: null, expected the spec of a pod'],
    ['with a list for a spec', { spec: [] }, 'spec: [], expected the spec of a pod'],
    ['with text for metadata', { metadata: 'app' }, 'metadata: "app", expected an object'],
    ['without containers', { 'spec.containers': undefined }, 'spec.containers: undefined, expected a list of containers'],
    ['with null for containers', { 'spec.containers': null }, 'spec.containers: undefined, expected a list of containers'],
    ['with no container', { 'spec.containers': [] }, 'spec.containers: [], expected a list of containers'],
    ['with an object for containers', { 'spec.containers': { 0: {} } }, 'spec.containers: {"0":{}}, expected a list of containers'],
    ['with text for init containers', { 'spec.initContainers': 'init' }, 'spec.initContainers: "init", expected a list of containers'],
    ['with an object for ephemeral containers', { 'spec.ephemeralContainers': {} }, 'spec.ephemeralContainers: {}, expected a list of containers'],
    ['with null among the containers', { 'spec.containers[1]': null }, 'spec.containers[1]: null, expected a container'],
    ['with text among the init containers', { 'spec.initContainers': ['init'] }, 'spec.initContainers[0]: "init", expected a container'],
    ['with two containers of one name', { 'spec.containers[1]': { name: 'app' } }, 'spec.containers[1].name: "app", expected a name that no other container of the pod has'],
    ['with an init container named as another', { 'spec.initContainers': [{ name: 'app' }] },
      'spec.containers[0].name: "app", expected a name that no other container of the pod has'],
  ])('%s can\'t be judged', (_what, changes, expected) => {
    expect(problem(pod(changes))).toBe(expected);
    expect(problem(template(changes))).toBe(`spec.template.${expected}`);
  });

  test.each([undefined, null, 'x', 5, true, []])('that is %p can\'t be judged', (value) => {
    expect(templateSubject(value, ['spec', 'template'], false).problem).toEqual({ place: ['spec', 'template'], got: value, expected: 'a pod template' });
  });

  test('may leave out metadata and the lists of other containers, also by null', () => {
    expect(problem(template({ 'metadata': undefined, 'spec.initContainers': null, 'spec.ephemeralContainers': null }))).toBeUndefined();
    expect(problem(template({ 'metadata': null, 'spec.initContainers': [] }))).toBeUndefined();
  });

  test('lists init, main and ephemeral containers with their places', () => {
    const subject = template({ 'spec.initContainers': [{ name: 'init' }], 'spec.ephemeralContainers': [{ name: 'debug' }] });
    expect(subject.containers.map(({ place, list }) => [showPath(place), list])).toEqual([
      ['spec.template.spec.initContainers[0]', 'initContainers'],
      ['spec.template.spec.containers[0]', 'containers'],
      ['spec.template.spec.ephemeralContainers[0]', 'ephemeralContainers'],
    ]);
  });
});

describe('what the API server would complete', () => {
  test('a volume without a source becomes an emptyDir, in Pods and templates', () => {
    const changes = { 'spec.volumes': [{ name: 'a' }, { name: 'b', hostPath: null }, { name: 'c', secret: {} }] };
    for (const subject of [pod(changes), template(changes)]) {
      expect(spec(subject).volumes).toEqual([{ name: 'a', emptyDir: {} }, { name: 'b', hostPath: null, emptyDir: {} }, { name: 'c', secret: {} }]);
    }
  });

  test('what is no list of volumes stays as it is', () => {
    expect(spec(pod({ 'spec.volumes': 'x' })).volumes).toBe('x');
    expect(spec(pod({ 'spec.volumes': [null, 'x'] })).volumes).toEqual([null, 'x']);
  });

  test('the service account is taken from the old field, and is default in a Pod that names none', () => {
    expect(spec(template({ 'spec.serviceAccountName': undefined, 'spec.serviceAccount': 'old' })).serviceAccountName).toBe('old');
    expect(spec(pod({ 'spec.serviceAccountName': '' })).serviceAccountName).toBe('default');
    expect(spec(template({ 'spec.serviceAccountName': undefined })).serviceAccountName).toBeUndefined();
  });

  test('every port of a Pod on the host\'s network is one of the host; not so in a template', () => {
    const changes = { 'spec.hostNetwork': true, 'spec.initContainers': [{ name: 'init', ports: [{ containerPort: 1 }, { containerPort: 2, hostPort: 3 }, null] }] };
    const ports = (subject: Subject) => (spec(subject).initContainers as Fields[])[0].ports;
    expect(ports(pod(changes))).toEqual([{ containerPort: 1, hostPort: 1 }, { containerPort: 2, hostPort: 3 }, null]);
    expect(ports(template(changes))).toEqual([{ containerPort: 1 }, { containerPort: 2, hostPort: 3 }, null]);
    expect(ports(pod({ ...changes, 'spec.hostNetwork': 'true' }))).toEqual([{ containerPort: 1 }, { containerPort: 2, hostPort: 3 }, null]);
  });

  test('the requests of a Pod are its limits where it has none; not so in a template', () => {
    const changes = { 'spec.containers[0].resources': { limits: { cpu: '1', memory: '1Gi' }, requests: { cpu: '100m' } } };
    const requests = (subject: Subject) => ((spec(subject).containers as Fields[])[0].resources as Fields).requests;
    expect(requests(pod(changes))).toEqual({ cpu: '100m', memory: '1Gi' });
    expect(requests(template(changes))).toEqual({ cpu: '100m' });
  });

  test.each(['wrong', 7, true, []])('what is %p in place of requests stays, to be found', (wrong) => {
    const subject = pod({ 'spec.containers[0].resources': { limits: { cpu: '1' }, requests: wrong } });
    expect((spec(subject).containers as Fields[])[0].resources).toEqual({ limits: { cpu: '1' }, requests: wrong });
  });

  test('leaves the object itself as it was', () => {
    const object = basePodWith({ 'spec.hostNetwork': true, 'spec.volumes': [{ name: 'a' }], 'spec.serviceAccountName': undefined });
    const before = JSON.stringify(object);
    templateSubject(object, [], true);
    expect(JSON.stringify(object)).toBe(before);
  });

  test('is the object itself where nothing is to be completed', () => {
    const object = basePod();
    expect(templateSubject(object, [], true).root).toBe(object);
  });
});

describe('the pod templates of an object', () => {
  const location = (kind: string) => BUILT_IN_TEMPLATES.find((each) => each.kind === kind)!;

  test.each(TEMPLATE_KINDS)('of kind %s are where the kind has them', (kind) => {
    const [subject, ...others] = templateSubjects(workloadOf(kind, basePod()), location(kind));
    expect(others).toEqual([]);
    expect(problem(subject)).toBeUndefined();
    expect(showPath(subject.containers[0].place)).toBe(`${templatePrefix(kind)}spec.containers[0]`);
  });

  test.each(TEMPLATE_KINDS)('are a problem where a %s has none', (kind) => {
    expect(templateSubjects({ apiVersion: 'v1', kind }, location(kind)).map(problem)).toEqual([
      kind === 'Pod' ? 'spec: undefined, expected the spec of a pod' : `${templatePrefix(kind).slice(0, -1)}: undefined, expected a pod template`,
    ]);
  });

  test('in lists and maps are all found', () => {
    const of = (kind: string) => CUSTOM_TEMPLATES.find((each) => each.kind === kind)!;
    const places = (subjects: Subject[]) => subjects.map(({ containers }) => showPath(containers[0].place));
    expect(places(templateSubjects({ spec: { replicatedJobs: [1, 2].map(() => ({ template: { spec: { template: basePod() } } })) } }, of('JobSet')))).toEqual([
      'spec.replicatedJobs[0].template.spec.template.spec.containers[0]', 'spec.replicatedJobs[1].template.spec.template.spec.containers[0]',
    ]);
    expect(places(templateSubjects({ spec: { pytorchReplicaSpecs: { Master: { template: basePod() } } } }, of('PyTorchJob'))))
      .toEqual(['spec.pytorchReplicaSpecs.Master.template.spec.containers[0]']);
  });

  test('that an operator makes are known by kind, whatever the object is named', () => {
    expect(makesPodsByOperator({ apiVersion: 'monitoring.coreos.com/v1', kind: 'Prometheus' })).toBe(true);
    for (const object of [null, 'x', {}, { apiVersion: 5, kind: null }, { apiVersion: 'constructor/v1', kind: 'x' }, { apiVersion: '__proto__/v1', kind: 'x' }]) {
      expect(makesPodsByOperator(object)).toBe(false);
    }
  });
});

describe('an object as a whole', () => {
  test('is its own root', () => {
    expect(objectSubject({ kind: 'Service' })).toMatchObject({ root: { kind: 'Service' }, containers: [], problem: undefined });
  });

  test.each([null, undefined, 'x', 5, []])('that is %p can\'t be judged', (value) => {
    expect(objectSubject(value).problem).toEqual({ place: [], got: value, expected: 'an object' });
  });
});
