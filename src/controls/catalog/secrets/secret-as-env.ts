import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';

export const control = new Control({
  id: 'secret-as-env',
  title: 'Programs read secrets from files',
  severity: Severity.LOW,
  layer: ControlLayer.SECRETS,
  rationale: 'Environment variables end up in crash reports, in logs and in child processes, and keep their value until the pod ends; a file follows the Secret.',
  remediation: 'Mount the Secret as a volume, and let the program read the file.',
  requirement: Requirement.eachContainer(Requirement.allOf(
    Requirement.each('env', Requirement.absent('valueFrom.secretKeyRef')),
    Requirement.each('envFrom', Requirement.absent('secretRef')),
  )).notFixable('The program has to be told to read a file.'),
  references: [Reference.cis('5.4.1'), Reference.mitre('T1552')],
  recommended: false,
  example: {
    compliant: basePodWith({ 'spec.containers[0].env': [{ name: 'DB_USER', valueFrom: { configMapKeyRef: { name: 'db', key: 'user' } } }] }),
    path: 'spec.containers[0].env[0].valueFrom',
    value: { secretKeyRef: { name: 'db', key: 'user' } },
    finding: 'spec.containers[0].env[0].valueFrom.secretKeyRef',
  },
});
