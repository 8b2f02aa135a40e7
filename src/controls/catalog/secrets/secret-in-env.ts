import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';
import { basePodWith } from '../base-pod';
import { isSecretLiteral } from '../secret-requirements';

export const control = new Control({
  id: 'secret-in-env',
  title: 'Environment variables hold no secrets that are written out',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'A secret in a manifest is in Git, in every backup and in the output of kubectl describe, for everyone who may read pods.',
  remediation: 'Keep it in a Secret that is made elsewhere, and mount it as a file or name it by secretKeyRef; then change it, since it was seen.',
  requirement: Requirement.eachContainer(Requirement.each('env', Requirement.negation(isSecretLiteral('name', 'value'))))
    .describedAs('a value that is no secret')
    .notFixable('Where the secret is to be kept has to be decided, and it has to be changed.'),
  references: [Reference.cis('5.4.1'), Reference.nsa('Secrets'), Reference.mitre('T1552')],
  concealsValues: true,
  example: {
    compliant: basePodWith({ 'spec.containers[0].env': [{ name: 'DB_PASSWORD', value: '/run/secrets/db/password' }] }),
    path: 'spec.containers[0].env[0].value',
    value: 'correct-horse-7',
    finding: 'spec.containers[0].env[0]',
  },
});
