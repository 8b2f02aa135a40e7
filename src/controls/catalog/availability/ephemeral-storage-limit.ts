import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { basePodWith } from '../base-pod';
import { statedResource } from '../resources';

export const control = new Control({
  id: 'ephemeral-storage-limit',
  title: 'Containers have a limit for local storage',
  severity: Severity.LOW,
  layer: ControlLayer.AVAILABILITY,
  rationale: 'A program that writes without end fills the disk of its node, and every pod of the node is evicted.',
  remediation: 'Set resources.limits["ephemeral-storage"] to the most that logs, writable layers and emptyDirs may take.',
  requirement: statedResource('resources.limits["ephemeral-storage"]'),
  references: [Reference.mitre('T1499')],
  recommended: false,
  example: {
    compliant: basePodWith({ 'spec.containers[0].resources.limits["ephemeral-storage"]': '1Gi' }),
    path: 'spec.containers[0].resources.limits["ephemeral-storage"]',
  },
});
