import { IConstruct } from 'constructs';

/**
 * Runs every validation of a tree once.
 * @throws if one of them failed, with all errors, in the words of cdk8s
 */
export function validateTree(root: IConstruct): void {
  const errors = root.node.findAll().flatMap(({ node }) => node.validate().map((error) => `[${node.path}] ${error}`));
  if (errors.length > 0) {
    throw new Error(`Validation failed with the following errors:\n  ${errors.join('\n  ')}`);
  }
}
