import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { basePodWith } from '../base-pod';
import { wordsWithoutSecrets } from '../secret-requirements';

export const control = new Control({
  id: 'secret-in-command',
  title: 'Command lines hold no secrets',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'A secret on a command line is in the manifest, and in the process list of the node besides.',
  remediation: 'Let the program read it from a file or a variable that comes from a Secret; then change it, since it was seen.',
  requirement: wordsWithoutSecrets('short'),
  references: [Reference.cis('5.4.1'), Reference.nsa('Secrets'), Reference.mitre('T1552')],
  concealsValues: true,
  example: {
    compliant: basePodWith({ 'spec.containers[0].args': ['--password-file=/run/secrets/db/password'] }),
    path: 'spec.containers[0].args[0]',
    value: '--password=correct-horse-7',
  },
});
