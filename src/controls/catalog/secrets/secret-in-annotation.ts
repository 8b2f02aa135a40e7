import { Reference } from '../../../core/reference';
import { secretText } from '../../../core/secret-patterns';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { ModelObject } from '../../object-model';
import { isObject, Place, valueAt } from '../../path';
import { templateSubjects } from '../../subject';
import { ALL_TEMPLATES } from '../../template-kinds';

const PATH = ['metadata', 'annotations'];
const LAST_APPLIED = 'kubectl.kubernetes.io/last-applied-configuration';

interface Annotations {
  readonly place: Place;
  readonly value: unknown;
}

/** An object's own annotations, and those of the pods that it makes. */
function annotationsOf({ group, kind, json }: ModelObject): Annotations[] {
  const location = ALL_TEMPLATES.find((each) => each.group === group && each.kind === kind);
  const templates = location && kind !== 'Pod' ? templateSubjects(json, location) : [];
  return [
    { place: PATH, value: valueAt(json, PATH) },
    ...templates.map(({ root, placeOf }) => ({ place: placeOf(PATH), value: valueAt(root, PATH) })),
  ];
}

export const control = Control._ofModel({
  id: 'secret-in-annotation',
  title: 'Annotations hold no secrets',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'Everyone who may read an object reads its annotations, tools copy them on, and nothing encrypts them; what kubectl apply notes on a Secret is all of it.',
  remediation: 'Remove the annotation; then change the secret, since it was seen.',
  references: [Reference.nsa('Secrets'), Reference.mitre('T1552')],
  actsAtReason: 'An annotation may hold a quarter of a megabyte, and the API server allows an expression to read some thousand characters.',
  concealsValues: true,
  example: {
    compliant: [{
      apiVersion: 'v1', kind: 'Service', metadata: { name: 'app', namespace: 'app', annotations: { 'example.com/source': 'https://git.example.com/app' } },
    }],
    path: '[0].metadata.annotations["example.com/source"]',
    value: 'https://app:correct-horse-7@git.example.com/app',
  },
}, (model) => model.objects.flatMap((object) => annotationsOf(object).flatMap(({ place, value: annotations }) => (
  Object.entries(isObject(annotations) ? annotations : {})
    .filter(([key, value]) => typeof value === 'string' && ((object.kind === 'Secret' && key === LAST_APPLIED) || secretText(value)))
    .map(([key, value]) => ({ object, place: [...place, key], got: value, expected: 'text that is no secret' }))
))));
