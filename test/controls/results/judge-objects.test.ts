import { ApiObject, App, Chart, JsonPatch } from 'cdk8s';
import { ALL, BAD_SPEC, container, control, found, GOOD_SPEC, HOST_NETWORK, outcomeOf, pack, sampleChart } from './sample-app';
import { AppliesTo } from '../../../src/controls/applies-to';
import { Control } from '../../../src/controls/control';
import { Controls } from '../../../src/controls/controls';
import { ModelFault } from '../../../src/controls/object-model';
import { ControlPack } from '../../../src/controls/pack';
import { Requirement } from '../../../src/controls/requirement';
import { checkObjects } from '../../../src/controls/results/check-objects';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

/** What is said of documents, whatever they are, under packs that are enforced. */
function said(documents: unknown[], ...packs: ControlPack[]): string[] {
  const root = new App();
  const chart = new Chart(root, 'chart');
  Controls.of(chart).enforce(...packs);
  const outcome = checkObjects(root, documents.map((json) => ({ json, construct: chart })), { version: KubernetesVersion.V1_36 });
  return outcome.findings.map(({ status, control: id, resource, path, got, expected }) => `${status} ${id}: ${resource}: ${path ?? 'the object'} is ${got}, not ${expected}`);
}

const pod = (spec: unknown, more: object = {}) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec, ...more });
const deployment = (spec: unknown) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec });

describe('what can\'t be judged is a finding that names the object, never a crash, never a silent pass', () => {
  test.each<[string, unknown, string]>([
    ['null', null, '(no kind): the object is null, not an object of the Kubernetes API'],
    ['undefined', undefined, '(no kind): the object is missing, not an object of the Kubernetes API'],
    ['text', 'kind: Pod', '(no kind): the object is "kind: Pod", not an object of the Kubernetes API'],
    ['a list', [pod(GOOD_SPEC)], '(no kind): the object is'],
    ['a number', 5, '(no kind): the object is 5, not an object of the Kubernetes API'],
    ['nothing in it', {}, '(no kind): apiVersion is missing, not text'],
    ['no kind', { apiVersion: 'v1', metadata: { name: 'web' } }, 'web: kind is missing, not text'],
    ['no apiVersion', { kind: 'Pod', metadata: { name: 'web' } }, 'Pod/web: apiVersion is missing, not text'],
    ['a number for apiVersion', { ...pod(GOOD_SPEC), apiVersion: 1 }, 'Pod/web: apiVersion is 1, not text'],
    ['null for kind', { ...pod(GOOD_SPEC), kind: null }, 'web: kind is null, not text'],
    ['an empty kind', { ...pod(GOOD_SPEC), kind: '' }, 'web: kind is "", not text'],
    ['text for metadata', { ...pod(GOOD_SPEC), metadata: 'web' }, 'Pod: metadata is "web", not an object'],
    ['a kind that Kubernetes does not have', { ...deployment({}), kind: 'Deploymnet' }, 'Deploymnet/shop/web: kind is "Deploymnet", not a kind of apps/v1 (Deployment?)'],
    ['a group that nobody has', { ...deployment({}), apiVersion: 'app/v1' }, 'Deployment/shop/web: apiVersion is "app/v1", not a group of the Kubernetes API, or a domain (apps?)'],
    ['no spec', pod(undefined), 'Pod/web: spec is missing, not the spec of a pod'],
    ['null for spec', pod(null), 'Pod/web: spec is null, not the spec of a pod'],
    ['no containers', pod({}), 'Pod/web: spec.containers is missing, not a list of containers'],
    ['null for containers', pod({ containers: null }), 'Pod/web: spec.containers is missing, not a list of containers'],
    ['an empty list of containers', pod({ containers: [] }), 'Pod/web: spec.containers is [], not a list of containers'],
    ['null among containers', pod({ containers: [null] }), 'Pod/web: spec.containers[0] is null, not a container'],
    ['two containers of one name', pod({ containers: [container('app'), container('app')] }), 'Pod/web: spec.containers[1].name is "app", not a name that no other container of the pod has'],
    ['no template', deployment({}), 'Deployment/shop/web: spec.template is missing, not a pod template'],
    ['null for a template', deployment({ template: null }), 'Deployment/shop/web: spec.template is null, not a pod template'],
    ['a template without containers', deployment({ template: { spec: {} } }), 'Deployment/shop/web: spec.template.spec.containers is missing, not a list of containers'],
    ['text on the way to a field', pod({ containers: [container('app', { securityContext: 'strict' })] }), 'Pod/web: spec.containers[0].securityContext is "strict", not an object'],
  ])('%s', (_what, document, expected) => {
    const findings = said([document], ALL);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(`enforced malformed-object: ${expected}`);
  });

  test.each<[string, unknown, string]>([
    ['in a field that no control looks at', pod({ ...GOOD_SPEC, nodeName: 7 }), 'Pod/web: spec.nodeName is 7'],
    ['where a control asks for any value', pod({ containers: [container('app', { livenessProbe: 'wrong' })] }), 'Pod/web: spec.containers[0].livenessProbe is "wrong"'],
    ['in a kind that no control looks at', { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'web' }, data: { port: 8080 } }, 'ConfigMap/web: data.port is a value that is not shown'],
    ['in a pod template that a custom resource embeds', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web' }, spec: { template: { spec: { ...GOOD_SPEC, priority: 'high' } } } },
      'Rollout.argoproj.io/web: spec.template.spec.priority is "high"'],
  ])('a value of a wrong type %s', (_what, document, expected) => {
    const findings = said([document], ALL);
    expect(findings).toHaveLength(1);
    expect(findings[0]).toContain(`enforced malformed-object: ${expected}`);
  });

  test('a value of a wrong type that a control speaks of is left to it', () => {
    expect(said([pod({ ...GOOD_SPEC, hostNetwork: 'true' })], pack(HOST_NETWORK))).toEqual([expect.stringContaining('enforced host-network: Pod/web: spec.hostNetwork is "true"')]);
  });

  test('it is said once, whatever the number of controls', () => {
    expect(said([deployment({})], ALL, ControlPack.pssRestricted().without('others', 'host-network', 'privileged'))).toHaveLength(1);
  });

  test('its neighbours are judged all the same', () => {
    expect(said([null, pod(BAD_SPEC), deployment({})], pack(HOST_NETWORK))).toEqual([
      'enforced malformed-object: (no kind): the object is null, not an object of the Kubernetes API',
      'enforced host-network: Pod/web: spec.hostNetwork is true, not absent or false',
      'enforced malformed-object: Deployment/shop/web: spec.template is missing, not a pod template',
    ]);
  });

  test('where controls only warn it warns, and where none hold nothing is said', () => {
    const chart = sampleChart();
    new ApiObject(chart, 'web', { apiVersion: 'v1', kind: 'Pod' });
    expect(found(chart)).toEqual([]);
    Controls.of(chart).warn(ALL);
    expect(found(chart)).toEqual([`warned malformed-object Pod/${(chart.node.findChild('web') as ApiObject).name} spec`]);
    expect(outcomeOf(chart).controls.map(({ control: { id } }) => id)).toContain('malformed-object');
  });

  test('a patch that takes away what an object is', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(ALL);
    new ApiObject(chart, 'web', pod(GOOD_SPEC)).addJsonPatch(JsonPatch.remove('/kind'));
    expect(found(chart)).toEqual(['enforced malformed-object web kind']);
  });

  test('values of types that no schema allows are found, not taken for others', () => {
    for (const hostNetwork of ['true', 1, {}, []]) {
      expect(said([pod({ ...GOOD_SPEC, hostNetwork })], pack(HOST_NETWORK))).toHaveLength(1);
    }
  });

  test('ordinary objects that no control looks at pass', () => {
    expect(said([
      { apiVersion: 'v1', kind: 'ConfigMap', metadata: null, data: { a: 'b' } }, { apiVersion: 'example.com/v1', kind: 'Anything' }, { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'x' } },
    ], ALL)).toEqual([]);
  });
});

describe('lists', () => {
  test('are opened, one in another too, and the path tells where', () => {
    const list = (...items: unknown[]) => ({ apiVersion: 'v1', kind: 'List', items });
    expect(said([list(pod(GOOD_SPEC), pod(BAD_SPEC), list(pod(BAD_SPEC)))], pack(HOST_NETWORK))).toEqual([
      'enforced host-network: Pod/web: items[1].spec.hostNetwork is true, not absent or false',
      'enforced host-network: Pod/web: items[2].items[0].spec.hostNetwork is true, not absent or false',
    ]);
  });

  test('whatever they are called, as kubectl applies their items', () => {
    expect(said([{ apiVersion: 'example.com/v1', kind: 'Bundle', items: [pod(BAD_SPEC)] }], pack(HOST_NETWORK))).toHaveLength(1);
    expect(said([{ apiVersion: 'v1', kind: 'PodList', items: [{ metadata: { name: 'web' }, spec: BAD_SPEC }] }], pack(HOST_NETWORK))).toHaveLength(1);
  });

  test('are what is called so: what has items besides is judged itself, and so are its items, since clients differ in which of them they make', () => {
    const stray = (items: unknown[]) => pod(BAD_SPEC, { items });
    expect(said([stray([{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'x' } }])], pack(HOST_NETWORK))).toEqual([
      'enforced host-network: Pod/web: spec.hostNetwork is true, not absent or false',
    ]);
    expect(said([stray([{ metadata: { name: 'inner' }, spec: BAD_SPEC }])], pack(HOST_NETWORK))).toEqual([
      'enforced host-network: Pod/web: spec.hostNetwork is true, not absent or false',
      'enforced host-network: Pod/inner: items[0].spec.hostNetwork is true, not absent or false',
    ]);
    expect(said([stray([])], pack(HOST_NETWORK))).toHaveLength(1);
  });

  test('with something else among their items are malformed there', () => {
    expect(said([{ apiVersion: 'v1', kind: 'List', items: [null] }], ALL)).toEqual(['enforced malformed-object: (no kind): items[0] is null, not an object of the Kubernetes API']);
  });

  test('without a list of items are a kind that nobody has', () => {
    expect(said([{ apiVersion: 'v1', kind: 'List' }], ALL)).toEqual(['enforced malformed-object: List: kind is "List", not a kind of v1']);
  });
});

describe('a control over all objects together', () => {
  const alone = Control._ofModel({ ...propsOf('alone'), appliesTo: AppliesTo.kinds('Namespace') }, (model) => (
    model.ofKind('', 'Namespace').filter(({ name }) => !model.ofKind('', 'ResourceQuota').some(({ namespace }) => namespace === name))
      .map((object): ModelFault => ({ object, place: ['metadata', 'name'], got: object.name, expected: 'a namespace with a ResourceQuota' }))
  ));
  const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });

  test('is asked once, of all of them, and told of what no object is', () => {
    expect(said([namespace('a'), namespace('b'), { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'b' } }, null], pack(alone)).filter((each) => !each.includes('malformed'))).toEqual([
      'enforced alone: Namespace/a: metadata.name is "a", not a namespace with a ResourceQuota',
    ]);
  });

  test('speaks of objects below its scope alone, and sees the others', () => {
    const root = new App();
    const [one, other] = ['one', 'other'].map((id) => new Chart(root, id));
    Controls.of(one).enforce(pack(alone));
    new ApiObject(one, 'a', namespace('a'));
    new ApiObject(one, 'b', namespace('b'));
    new ApiObject(other, 'c', namespace('c'));
    new ApiObject(other, 'quota', { apiVersion: 'v1', kind: 'ResourceQuota', metadata: { name: 'q', namespace: 'b' } });
    expect(found(one)).toEqual(['enforced alone Namespace/a metadata.name']);
  });
});

function propsOf(id: string) {
  const { title, severity, layer, rationale, remediation } = control(id, Requirement._nothing());
  return { id, title, severity, layer, rationale, remediation };
}
