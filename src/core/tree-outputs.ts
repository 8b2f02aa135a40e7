import { IConstruct } from 'constructs';
import { invalid } from './errors';

const CONTEXT = 'cdk8s-hardened:writes-node-files';
const TERRAFORM_STACK = Symbol.for('cdktf/TerraformStack');

/** Says, for everything below the scope, that node files will be written. `HardenedApp` calls it. */
export function writesNodeFiles(scope: IConstruct): void {
  scope.node.setContext(CONTEXT, true);
}

/**
 * Refuses a construct whose node files would be lost: below a plain `App` nobody writes them.
 * @param what what would be lost, for instance `the files of a NodeRole`
 */
export function requireNodeFiles(scope: IConstruct, id: string, what: string): void {
  if (scope.node.tryGetContext(CONTEXT) !== true) {
    throw invalid({
      at: [scope.node.path, id].filter((part) => part !== '').join('/'),
      property: 'scope',
      got: scope.node.root.constructor.name,
      allowed: 'a construct below a HardenedApp',
      fix: `Use HardenedApp in place of App: a plain App writes manifests only, and ${what} would be lost.`,
    });
  }
}

/** A Terraform stack as the app needs to know it, whoever made it: recognised without loading cdktf. */
export interface TerraformStackLike extends IConstruct {
  /** The stack's configuration, as Terraform's JSON syntax has it. */
  toTerraform(): Record<string, unknown>;
}

/** True for cdktf's stacks, also those of another copy of cdktf. */
export function isTerraformStack(construct: IConstruct): construct is TerraformStackLike {
  return TERRAFORM_STACK in construct && typeof (construct as Partial<TerraformStackLike>).toTerraform === 'function';
}
