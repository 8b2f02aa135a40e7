import { ApiDocument, draw, readDeprecations, render, Schema } from '../../../scripts/draw-api-fields';

const TEXT: Schema = { type: 'string' };
const to = (name: string): Schema => ({ $ref: `#/definitions/${name}` });

function kind(name: string, properties: Record<string, Schema>, group = '', version = 'v1'): Schema {
  return { 'type': 'object', properties, 'x-kubernetes-group-version-kind': [{ group, version, kind: name }] };
}

function served(group: string, version: string, name: string, plural: string, namespaced = true): ApiDocument['paths'] {
  const base = group === '' ? `/api/${version}` : `/apis/${group}/${version}`;
  const of = (action: string) => ({ 'x-kubernetes-action': action, 'x-kubernetes-group-version-kind': { group, version, kind: name } });
  return {
    [`${base}/${namespaced ? 'namespaces/{namespace}/' : ''}${plural}`]: { post: of('post') },
    [`${base}/${plural}`]: { get: of('list') },
    [`${base}/${plural}/{name}/scale`]: { get: { ...of('get'), 'x-kubernetes-group-version-kind': { group: 'autoscaling', version: 'v1', kind: 'Scale' } } },
  };
}

const OLD: ApiDocument = {
  minor: 28,
  definitions: {
    'a.core.v1.Pod': kind('Pod', { spec: to('a.core.v1.PodSpec'), status: to('a.core.v1.PodStatus') }),
    'a.core.v1.PodSpec': { type: 'object', properties: { hostname: TEXT, dropped: TEXT, claim: to('a.core.v1.OldName') } },
    'a.core.v1.OldName': { type: 'object', properties: { size: TEXT } },
  },
  paths: { ...served('', 'v1', 'Pod', 'pods'), ...served('x.io', 'v1beta1', 'Old', 'olds', false) },
};
const MIDDLE: ApiDocument = { ...OLD, minor: 29, paths: { ...OLD.paths, ...served('x.io', 'v1beta2', 'Old', 'olds', false) } };
const NEW: ApiDocument = {
  minor: 30,
  definitions: {
    'a.core.v1.Pod': kind('Pod', { spec: to('a.core.v1.PodSpec'), status: to('a.core.v1.PodStatus') }),
    'a.core.v1.PodStatus': { type: 'object', properties: { phase: TEXT } },
    'a.core.v1.PodSpec': {
      type: 'object',
      properties: {
        hostname: TEXT, claim: to('a.core.v1.NewName'), added: { type: 'array', items: to('a.core.v1.Added') },
        ports: { type: 'object', additionalProperties: to('io.k8s.apimachinery.pkg.util.intstr.IntOrString') },
      },
    },
    'a.core.v1.NewName': { type: 'object', properties: { size: to('io.k8s.apimachinery.pkg.api.resource.Quantity'), mode: { type: 'integer' } } },
    'a.core.v1.Added': { type: 'object', properties: { on: { type: 'boolean' }, status: TEXT, free: {} } },
    'io.k8s.apimachinery.pkg.util.intstr.IntOrString': { type: 'string' },
    'io.k8s.apimachinery.pkg.api.resource.Quantity': { type: 'string' },
  },
  paths: { ...served('', 'v1', 'Pod', 'pods'), ...served('x.io', 'v1beta2', 'Old', 'olds', false) },
};

describe('drawing the table from OpenAPI documents', () => {
  const drawing = draw([OLD, MIDDLE, NEW], ['Pod'], { 'x.io/v1beta2 Old': { deprecated: 30, removal: 33 } });

  test('tells types, new fields by their minor, and no status of a kind', () => {
    expect(drawing.types).toEqual([
      'Added free:a on:b status',
      'NewName mode:i^30 size:q',
      'Pod@v1 spec:PodSpec',
      'PodSpec added:[Added^30 claim:NewName hostname ports:{x^30',
    ]);
  });

  test('names what the newest document lacks', () => {
    expect(drawing.vanished).toEqual(['a.core.v1.PodSpec dropped']);
  });

  test('tells what is served, from when and until when, and what is deprecated', () => {
    expect(drawing.resources).toEqual([
      'v1 Pod pods namespaced',
      'x.io/v1beta1 Old olds cluster -30',
      'x.io/v1beta2 Old olds cluster 29- !30-33',
    ]);
  });

  test('does not depend on the order of keys in the documents', () => {
    const reversed = <T>(record: Record<string, T>) => Object.fromEntries(Object.entries(record).reverse());
    const shuffled = [OLD, MIDDLE, NEW]
      .map(({ minor, definitions, paths }) => ({ minor, definitions: reversed(definitions), paths: reversed(paths) }));
    const again = draw(shuffled, ['Pod'], { 'x.io/v1beta2 Old': { deprecated: 30, removal: 33 } });
    expect(render(again, ['v1.30.0'])).toBe(render(drawing, ['v1.30.0']));
  });

  test('tells types of one name apart by their group', () => {
    const definitions = {
      'a.core.v1.Pod': kind('Pod', { one: to('a.x.v1.Ref'), two: to('a.y.v1.Ref') }),
      'a.x.v1.Ref': { type: 'object', properties: { a: TEXT } },
      'a.y.v1.Ref': { type: 'object', properties: { b: TEXT } },
    };
    expect(draw([{ ...NEW, definitions }], ['Pod']).types).toEqual(['Pod@v1 one:x.Ref two:y.Ref', 'x.Ref a', 'y.Ref b']);
  });

  test('a kind that the newest document does not serve is an error', () => {
    expect(() => draw([NEW], ['Pood'])).toThrow('1.30 serves no Pood.');
  });

  test('a version that comes and goes and comes again is an error', () => {
    const gap = { ...MIDDLE, paths: served('', 'v1', 'Pod', 'pods') };
    const back = { ...NEW, paths: { ...NEW.paths, ...served('x.io', 'v1beta1', 'Old', 'olds', false) } };
    expect(() => draw([OLD, gap, back], ['Pod'])).toThrow('x.io/v1beta1 Old is served in 28, 30: a document is missing or odd.');
  });
});

test('deprecations are read from the sources that the API server warns from', () => {
  const source = [
    '// SERVED AS x.io/v1beta1',
    'func (in *Old) APILifecycleIntroduced() (major, minor int) {', '\treturn 1, 30', '}',
    'func (in *Old) APILifecycleDeprecated() (major, minor int) {', '\treturn 1, 33', '}',
    'func (in *Old) APILifecycleRemoved() (major, minor int) {', '\treturn 1, 36', '}',
    'func (in *Stable) APILifecycleIntroduced() (major, minor int) {', '\treturn 1, 30', '}', '',
  ].join('\n');
  expect(readDeprecations([source])).toEqual({ 'x.io/v1beta1 Old': { deprecated: 33, removal: 36 } });
});
