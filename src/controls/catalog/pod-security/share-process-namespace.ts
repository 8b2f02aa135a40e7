import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'share-process-namespace',
  title: 'Containers of a pod don\'t see each other\'s processes',
  severity: Severity.MEDIUM,
  layer: ControlLayer.POD_SECURITY,
  rationale: 'With shared processes one container that was broken into reads the others\' environments and files, secrets included, and signals them.',
  remediation: 'Remove shareProcessNamespace; debug with an ephemeral container that targets one container.',
  requirement: Requirement.absentOrOneOf('spec.shareProcessNamespace', false),
  example: { path: 'spec.shareProcessNamespace', value: true },
});
