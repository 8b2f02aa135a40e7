import { Severity } from '../../core/severity';
import { Control, ControlLayer } from '../control';
import { Requirement } from '../requirement';

/** What is said where an object can't be judged: it never passes for that. */
export const MALFORMED_OBJECT = new Control({
  id: 'malformed-object',
  title: 'Objects have the shape of their kind',
  severity: Severity.HIGH,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'What has another shape can\'t be judged, and the API server refuses it or drops the part.',
  remediation: 'Correct the object: the place, what is there and what has to be there are named.',
  requirement: Requirement._nothing(),
  recommended: false,
});
