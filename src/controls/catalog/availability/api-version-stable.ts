import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { deprecatedIn, introducedIn, removedIn } from '../../api-fields/removed-api-versions';
import { Control, ControlLayer } from '../../control';
import { isBuiltInGroup } from '../../group';

export const control = Control._ofModel({
  id: 'api-version-stable',
  title: 'Objects use stable versions of the API',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'Alpha and beta versions, and those that are deprecated, go with a later upgrade, and the object then is refused.',
  remediation: 'Write the object in the version that is named; fields may have moved.',
  references: [Reference.nsa('Upgrading and application security practices')],
  actsAtReason: 'The API server warns of them itself, and refusing them would break what still works.',
  example: {
    compliant: [{ apiVersion: 'internal.apiserver.k8s.io/v1', kind: 'StorageVersion', metadata: { name: 'apps.deployments' }, spec: {} }],
    path: '[0].apiVersion',
    value: 'internal.apiserver.k8s.io/v1alpha1',
  },
}, ({ objects, version: { effective: { minor } } }) => objects.flatMap((object) => {
  const apiVersion = String(object.json.apiVersion);
  const removed = removedIn(apiVersion, object.kind, minor);
  const deprecated = deprecatedIn(apiVersion, object.kind, minor);
  const unstable = isBuiltInGroup(object.group) && /v\d+(alpha|beta)\d+$/.test(apiVersion);
  const goes = (removed && removed.minor > minor) || (deprecated && deprecated.minor <= minor);
  if (!(goes || unstable) || (removed && removed.minor <= minor) || (introducedIn(apiVersion, object.kind) ?? 0) > minor) {
    return [];
  }
  const end = removed?.minor ?? deprecated?.removal;
  const instead = removed?.replacement ?? deprecated?.replacement ?? 'a stable version';
  return [{ object, place: ['apiVersion'], got: apiVersion, expected: `${instead}${end === undefined ? '' : `: this one goes with 1.${end}`}` }];
}));
