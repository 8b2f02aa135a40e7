import { Reference } from '../../../core/reference';
import { secretAfterFlag, secretText } from '../../../core/secret-patterns';
import { Severity } from '../../../core/severity';
import { Control, ControlLayer } from '../../control';
import { ModelFault, ObjectModel } from '../../object-model';
import { parsePath, valueAt } from '../../path';
import { basePodWith } from '../base-pod';
import { COMMAND_LINES } from '../secret-requirements';
import { containers } from '../workload-model';

const PATHS = COMMAND_LINES.map(parsePath);

/** Where a word is the value of the flag before it, and a secret under its name. */
function* secretsAfterFlags(words: unknown): Iterable<number> {
  for (let i = 1; Array.isArray(words) && i < words.length; i++) {
    const [flag, word]: unknown[] = [words[i - 1], words[i]];
    if (typeof flag === 'string' && typeof word === 'string' && secretAfterFlag(flag, word) && !secretText(word)) {
      yield i;
    }
  }
}

function* faults(model: ObjectModel): Iterable<ModelFault> {
  for (const { object, place, name, value } of containers(model)) {
    for (const path of PATHS) {
      const words = valueAt(value, path) as unknown[];
      for (const i of secretsAfterFlags(words)) {
        yield { object, place: [...place, ...path, i], got: words[i], expected: 'an argument that is no secret', container: name };
      }
    }
  }
}

export const control = Control._ofModel({
  id: 'secret-after-flag',
  title: 'Flags are followed by no secrets',
  severity: Severity.HIGH,
  layer: ControlLayer.SECRETS,
  rationale: 'A secret on a command line is in the manifest, and in the process list of the node besides.',
  remediation: 'Let the program read it from a file or a variable that comes from a Secret; then change it, since it was seen.',
  actsAtReason: 'Only the flag before it tells that an argument is a secret, and a policy looks at one argument at a time.',
  references: [Reference.cis('5.4.1'), Reference.nsa('Secrets'), Reference.mitre('T1552')],
  concealsValues: true,
  example: {
    compliant: [basePodWith({ 'spec.containers[0].args': ['--password', '$(DB_PASSWORD)'] })],
    path: '[0].spec.containers[0].args[1]',
    value: 'correct-horse-7',
  },
}, (model) => [...faults(model)]);
