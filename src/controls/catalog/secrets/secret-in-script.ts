import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { ActsAt, Control, ControlLayer } from '../../control';
import { basePodWith } from '../base-pod';
import { wordsWithoutSecrets } from '../secret-requirements';

const LINES = 'echo "waiting for the database"\n'.repeat(20);

export const control = new Control({
  id: 'secret-in-script',
  title: 'Scripts on command lines hold no secrets',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'A script within a manifest is read by everyone who may read pods, and so is the password in it.',
  remediation: 'Let the script read it from a file or a variable that comes from a Secret; then change it, since it was seen.',
  requirement: wordsWithoutSecrets('long'),
  references: [Reference.cis('5.4.1'), Reference.nsa('Secrets'), Reference.mitre('T1552')],
  actsAt: ActsAt.SYNTH,
  actsAtReason: 'A script may be of any length, and the API server allows an expression to read some thousand characters.',
  concealsValues: true,
  example: {
    compliant: basePodWith({ 'spec.containers[0].command': ['sh', '-c', `${LINES}export PGPASSWORD="$(cat /run/secrets/db)"\npsql -h db`] }),
    path: 'spec.containers[0].command[2]',
    value: `${LINES}export PGPASSWORD=correct-horse-7\npsql -h db`,
  },
});
