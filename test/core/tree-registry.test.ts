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
  expect(treeRegistry(prod).get('shop')).toBeUndefined();
});

test('the registry does not show on the root', () => {
  const app = new App();
  const before = Object.keys(app);
  treeRegistry(app);
  expect(Object.keys(app)).toEqual(before);
});

test('what was taken out of the tree, or lies below it, is no longer found', () => {
  const app = new App();
  const chart = new Chart(app, 'shop');
  const inner = new Chart(chart, 'inner');
  treeRegistry(app).set('chart/shop', chart);
  treeRegistry(app).set('chart/inner', inner);
  expect(treeRegistry(app).startingWith('chart/')).toEqual([inner, chart]);
  app.node.tryRemoveChild('shop');
  expect(treeRegistry(app).get('chart/shop')).toBeUndefined();
  expect(treeRegistry(app).startingWith('chart/')).toEqual([]);
  const again = new Chart(app, 'shop');
  treeRegistry(app).set('chart/shop', again);
  expect(treeRegistry(app).get('chart/shop')).toBe(again);
});
