import { App, Chart } from 'cdk8s';
import { treeRegistry } from '../../src/core/tree-registry';

test('all constructs of one tree share one registry', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  treeRegistry(chart).set('shop', chart);
  expect(treeRegistry(app).get('shop')).toBe(chart);
  expect(treeRegistry(new Chart(app, 'other')).get('shop')).toBe(chart);
});

test('two trees in one process share nothing', () => {
  const [dev, prod] = [new App(), new App()];
  treeRegistry(dev).set('shop', dev);
  expect(treeRegistry(prod).size).toBe(0);
});

test('the registry does not show on the root', () => {
  const app = new App();
  const before = Object.keys(app);
  treeRegistry(app);
  expect(Object.keys(app)).toEqual(before);
});
