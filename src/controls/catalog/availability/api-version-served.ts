import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { introducedIn, removedIn } from '../../api-fields/removed-api-versions';
import { Control, ControlLayer } from '../../control';

export const control = Control._ofModel({
  id: 'api-version-served',
  title: 'Objects use versions of the API that the cluster serves',
  severity: Severity.HIGH,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'An object in a version that the API server does not serve is refused whole: a policy among them protects nothing.',
  remediation: 'Write the object in the version that is named; fields may have moved.',
  references: [Reference.nsa('Upgrading and application security practices')],
  actsAtReason: 'The API server refuses such objects itself.',
  example: {
    compliant: [{
      apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'app', namespace: 'app' }, spec: { maxUnavailable: 1, selector: {} },
    }],
    path: '[0].apiVersion',
    value: 'policy/v1beta1',
  },
}, ({ objects, version: { effective: { minor } } }) => objects.flatMap((object) => {
  const apiVersion = String(object.json.apiVersion);
  const removed = removedIn(apiVersion, object.kind, minor);
  const introduced = introducedIn(apiVersion, object.kind);
  const fault = (expected: string) => [{ object, place: ['apiVersion'], got: apiVersion, expected }];
  if (removed && removed.minor <= minor) {
    return fault(`${removed.replacement ?? 'a version'} that 1.${minor} serves: this one went with 1.${removed.minor}`);
  }
  return introduced !== undefined && introduced > minor ? fault(`a version that 1.${minor} serves: this one came with 1.${introduced}`) : [];
}));
