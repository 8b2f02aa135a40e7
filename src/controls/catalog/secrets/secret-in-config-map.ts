import { Reference } from '../../../core/reference';
import { secretLiteral } from '../../../core/secret-patterns';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { isObject } from '../../path';

export const control = Control._ofModel({
  id: 'secret-in-config-map',
  title: 'ConfigMaps hold no secrets',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'ConfigMaps are neither encrypted at rest as Secrets are, nor kept from those who may only look.',
  remediation: 'Move the entry to a Secret that is made elsewhere; then change the secret, since it was seen.',
  appliesTo: AppliesTo.kinds('ConfigMap'),
  references: [Reference.cis('5.4.2'), Reference.nsa('Secrets'), Reference.mitre('T1552')],
  actsAtReason: 'A ConfigMap may hold a megabyte, and the API server allows an expression to read some thousand characters.',
  concealsValues: true,
  example: {
    compliant: [{ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app', namespace: 'app' }, data: { 'app.yaml': 'db:\\n  user: app\\n' } }],
    path: '[0].data["app.yaml"]',
    value: 'db:\\n  user: app\\n  password: correct-horse-7\\n',
  },
}, (model) => model.ofKind('', 'ConfigMap').flatMap((object) => {
  const { data } = object.json;
  return Object.entries(isObject(data) ? data : {})
    .filter(([key, value]) => typeof value === 'string' && secretLiteral(key, value))
    .map(([key, value]) => ({ object, place: ['data', key], got: value, expected: 'a value that is no secret' }));
}));
