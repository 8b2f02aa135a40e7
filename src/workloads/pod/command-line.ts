import { IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { refuseTerraformToken } from '../../core/terraform-token';
import { refuseSecretArguments } from '../../secrets/literal-secret';

/** What a container starts. */
export interface CommandLineProps {
  readonly command?: string[];
  readonly args?: string[];
}

/**
 * Checks the words of a command line: texts that are no secrets, which everyone on the node reads in the process list.
 * @param within what the properties belong to, for instance `initContainers[0].`
 */
export function checkCommandLine(props: CommandLineProps, at: IConstruct, within = ''): void {
  for (const name of ['command', 'args'] as const) {
    const words = props[name] ?? [];
    const property = `${within}${name}`;
    const wrong = words.findIndex((word) => typeof word !== 'string');
    if (wrong >= 0) {
      throw invalid({ at, property: `${property}[${wrong}]`, got: words[wrong], allowed: 'text', fix: 'Give it as a string.' });
    }
    words.forEach((word, i) => refuseTerraformToken(
      word, `${property}[${i}]`, at, 'Give it literally, or let Terraform write it to a ConfigMap or Secret: manifests are written before Terraform runs.',
    ));
    refuseSecretArguments(words, property, at);
  }
}
