import { Change, worstFirst } from './change';
import { nodeChanges } from './node-changes';
import { Measure, objectChanges } from './object-changes';
import { ComparedOutput } from './output-folder';
import { outputObjects } from './output-objects';
import { terraformChanges } from './terraform-changes';
import { withoutSecrets } from '../../evidence/without-secrets';

/**
 * Everything that changed between two outputs, the worst first.
 * @param step called for each object
 */
export function compareOutputs(before: ComparedOutput, after: ComparedOutput, measure: Measure, step: () => void = () => undefined): Change[] {
  return withoutSecrets(worstFirst([
    ...objectChanges(outputObjects(before.documents), outputObjects(after.documents), measure, step),
    ...nodeChanges(before.nodes, after.nodes),
    ...terraformChanges(before.stacks, after.stacks),
  ]));
}
