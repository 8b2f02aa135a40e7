import { AwsProvider } from '@cdktf/provider-aws/lib/provider';
import { TerraformOutput, TerraformStack } from 'cdktf';
import { invalid } from '../../core/errors';
import { requireTerraform } from '../../core/tree-outputs';
import { StateBackend } from '../state-backend';
import { AwsStackProps } from './aws-stack-props';

/**
 * Gives a stack its provider and its state.
 * @throws if nobody would write the stack, or a property is wrong
 */
export function prepareStack(stack: TerraformStack, region: string, props: AwsStackProps): void {
  requireTerraform(stack, 'this stack');
  if (!(props.state instanceof StateBackend)) {
    throw invalid({
      at: stack, property: 'state', got: props.state, allowed: 'a StateBackend', fix: 'Use StateBackend.s3({ … }), or StateBackend.local() for trying things out.',
    });
  }
  if (props.accountId !== undefined && !/^\d{12}$/.test(props.accountId)) {
    throw invalid({ at: stack, property: 'accountId', got: props.accountId, allowed: 'twelve digits, literal', fix: 'Give the number of the AWS account as a string.' });
  }
  props.state._addTo(stack);
  new AwsProvider(stack, 'aws', {
    region,
    allowedAccountIds: props.accountId === undefined ? undefined : [props.accountId],
    defaultTags: props.defaultTags ? [{ tags: props.defaultTags }] : undefined,
  });
  // cdktf writes "aws" alone, which OpenTofu looks up in a registry of its own.
  stack.addOverride('terraform.required_providers.aws.source', 'hashicorp/aws');
}

/** Adds an output under exactly this name. */
export function addOutput(stack: TerraformStack, name: string, description: string, value: unknown): void {
  new TerraformOutput(stack, `output-${name}`, { description, value }).overrideLogicalId(name);
}
