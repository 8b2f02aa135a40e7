import { needs, outline } from '../../../src/cli/checking/outlines';
import { catalogControls } from '../../../src/controls/catalog';
import { Control } from '../../../src/controls/control';
import { exampleTwins } from '../../../src/controls/example-twins';
import { modelObject, ObjectModel } from '../../../src/controls/object-model';
import { Json } from '../../../src/controls/path';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const models = catalogControls().filter(({ _modelCheck }) => _modelCheck !== undefined);
/** What complies and what doesn't, of every such control: each a run of its own. */
const RUNS = models.flatMap((control) => {
  const { compliant, violating } = exampleTwins(control);
  return [compliant, violating].map((objects) => [objects].flat() as Json[]);
});

function faults(control: Control, objects: readonly Json[]): string[] {
  const known = new Map(objects.map((json, i) => [modelObject(json), i]));
  return control._modelCheck!(new ObjectModel([...known.keys()], KubernetesVersion.V1_35))
    .map(({ object, place, got }) => JSON.stringify([object.kind, object.name, place, got])).sort();
}

test('the need of every control over several objects is known', () => {
  expect(models.filter((control) => needs(control) === 'all objects').map(({ id }) => id)).toEqual([]);
  expect(needs({ id: 'one-of-your-own' })).toBe('all objects');
});

test.each(models.map((control) => [control.id, control] as const))('%s finds the same in what is kept for it as in whole objects', (_id, control) => {
  const whole = RUNS.map((objects) => faults(control, objects));
  expect(whole.flat()).not.toEqual([]);
  const kept = RUNS.map((objects) => (needs(control) === 'one object'
    ? objects.flatMap((object) => faults(control, [object])).sort()
    : faults(control, objects.map(outline))));
  expect(kept).toEqual(whole);
});

test('outlines keep malformed parts malformed', () => {
  expect(outline({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: 'x', spec: [1] } as unknown as Json)).toEqual({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: 'x', spec: [],
  });
});

test('outlines leave out what takes memory', () => {
  const pod = { metadata: { labels: { app: 'web' }, annotations: { long: 'text' } }, spec: { containers: [{ name: 'app' }] } };
  expect(outline({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', annotations: { long: 'text' } }, spec: { replicas: 2, template: pod } })).toEqual({
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web' }, spec: { replicas: 2, template: { metadata: { labels: { app: 'web' } } } },
  });
});
