import { App, Chart } from 'cdk8s';
import { TerraformStack, App as TerraformApp } from 'cdktf';
import { Construct } from 'constructs';
import { messageOf } from './message-of';
import { isTerraformStack, requireNodeFiles, requireTerraform, writesNodeFiles } from '../../src/core/tree-outputs';

test('below a plain App a construct with node files is refused: they would be lost', () => {
  const message = (path: string) => `[${path}] scope: got "App"; allowed: a construct below a HardenedApp. `
    + 'Use HardenedApp in place of App: a plain App writes manifests only, and the files of a NodeRole would be lost.';
  const app = new App();
  expect(messageOf(() => requireNodeFiles(app, 'worker', 'the files of a NodeRole'))).toBe(message('worker'));
  expect(messageOf(() => requireNodeFiles(new Chart(app, 'shop'), 'worker', 'the files of a NodeRole'))).toBe(message('shop/worker'));
});

test('below an app that writes node files it is taken, however deep', () => {
  const app = new App();
  writesNodeFiles(app);
  expect(() => requireNodeFiles(new Construct(new Chart(app, 'shop'), 'deep'), 'worker', 'files')).not.toThrow();
});

test('below a plain App a construct with Terraform is refused: it would be lost', () => {
  const chart = new Chart(new App(), 'shop');
  expect(messageOf(() => requireTerraform(new Construct(chart, 'network'), 'this network'))).toBe(
    '[shop/network] scope: got "App"; allowed: a construct below a HardenedApp, or below cdktf\'s own App. '
    + 'Use HardenedApp in place of App: a plain App writes manifests only, and this network would be lost.');
});

test('below an app that writes Terraform it is taken, and below cdktf\'s own', () => {
  const app = new App();
  writesNodeFiles(app);
  expect(() => requireTerraform(new Construct(app, 'network'), 'this network')).not.toThrow();
  expect(() => requireTerraform(new TerraformStack(new TerraformApp(), 'network'), 'this network')).not.toThrow();
});

test('stacks of cdktf are recognised, other constructs are not', () => {
  expect(isTerraformStack(new TerraformStack(new TerraformApp(), 'network'))).toBe(true);
  expect(isTerraformStack(new TerraformStack(new App(), 'network'))).toBe(true);
  expect(isTerraformStack(new Chart(new App(), 'shop'))).toBe(false);
});

test('a stack of another copy of cdktf is recognised by its symbol and its method', () => {
  const other = new Construct(new App(), 'network');
  Object.defineProperty(other, Symbol.for('cdktf/TerraformStack'), { value: true });
  expect(isTerraformStack(other)).toBe(false);
  Object.assign(other, { toTerraform: () => ({}) });
  expect(isTerraformStack(other)).toBe(true);
});
