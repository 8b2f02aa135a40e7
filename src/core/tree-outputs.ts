import { IConstruct } from 'constructs';
import { invalid } from './errors';

const CONTEXT = 'cdk8s-hardened:writes-node-files';
const TERRAFORM_APP = Symbol.for('cdktf/App');
const TERRAFORM_STACK = Symbol.for('cdktf/TerraformStack');

/** Says, for everything below the scope, that node files and Terraform will be written. `HardenedApp` calls it. */
export function writesNodeFiles(scope: IConstruct): void {
  scope.node.setContext(CONTEXT, true);
}

/** Whether all outputs of a tree are evaluated before the first is written: that of a `HardenedApp`. */
export function writesAllOrNothing(scope: IConstruct): boolean {
  return scope.node.tryGetContext(CONTEXT) === true;
}

/**
 * Refuses a construct whose node files would be lost: below a plain `App` nobody writes them.
 * @param what what would be lost, for instance `the files of a NodeRole`
 */
export function requireNodeFiles(scope: IConstruct, id: string, what: string): void {
  if (scope.node.tryGetContext(CONTEXT) !== true) {
    throw lost([scope.node.path, id].filter((part) => part !== '').join('/'), scope, 'a construct below a HardenedApp', what);
  }
}

/**
 * Refuses a construct whose Terraform would be lost: below a plain `App` nobody writes it.
 * @param what what would be lost, for instance `this stack`
 */
export function requireTerraform(construct: IConstruct, what: string): void {
  if (construct.node.tryGetContext(CONTEXT) !== true && !construct.node.scopes.some((scope) => TERRAFORM_APP in scope)) {
    throw lost(construct.node.path, construct, 'a construct below a HardenedApp, or below cdktf\'s own App', what);
  }
}

function lost(at: string, scope: IConstruct, allowed: string, what: string): Error {
  return invalid({
    at,
    property: 'scope',
    got: scope.node.root.constructor.name,
    allowed,
    fix: `Use HardenedApp in place of App: a plain App writes manifests only, and ${what} would be lost.`,
  });
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
