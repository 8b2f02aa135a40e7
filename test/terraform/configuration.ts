import { tmpdir } from 'os';
import { join } from 'path';
import { App, TerraformStack } from 'cdktf';

export type Block = Record<string, any>;

/** cdktf's App makes its folder at once; nothing is written there. */
const SCRATCH = join(tmpdir(), 'cdktf-app-of-tests');

/** A stack to put constructs in, in an app of its own. */
export function newStack(id: string = 'stack'): TerraformStack {
  return new TerraformStack(new App({ outdir: SCRATCH }), id);
}

/** The stack's configuration, plain data. */
export function configurationOf(stack: TerraformStack): Block {
  return JSON.parse(JSON.stringify(stack.toTerraform()));
}

/** All resources of a type, in the order of their names. */
export function resources(stack: TerraformStack, type: string): Block[] {
  const ofType: Block = configurationOf(stack).resource?.[type] ?? {};
  return Object.keys(ofType).sort().map((name) => ofType[name]);
}

/** The only resource of a type. */
export function resource(stack: TerraformStack, type: string): Block {
  const all = resources(stack, type);
  expect(all).toHaveLength(1);
  return all[0];
}

/** The resource of a type whose tag Name ends so. */
export function named(stack: TerraformStack, type: string, suffix: string): Block {
  const matching = resources(stack, type).filter((block) => block.tags?.Name?.endsWith(suffix));
  expect(matching).toHaveLength(1);
  return matching[0];
}
