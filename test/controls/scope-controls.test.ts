import { App, Chart } from 'cdk8s';
import { pack, HOST_NETWORK } from './results/sample-app';
import { ScopeControls } from '../../src/controls/scope-controls';

test('a construct has one set of settings, and only where something was said', () => {
  const chart = new Chart(new App(), 'chart');
  expect(ScopeControls.find(chart)).toBeUndefined();
  const settings = ScopeControls.at(chart);
  expect(ScopeControls.at(chart)).toBe(settings);
  expect(ScopeControls.find(chart)).toBe(settings);
  expect(ScopeControls.find(chart.node.root)).toBeUndefined();
});

test('it does not show in what programs and reports see of the construct', () => {
  const chart = new Chart(new App(), 'chart');
  const before = Object.keys(chart);
  ScopeControls.at(chart);
  expect(Object.keys(chart)).toEqual(before);
});

test('it says whether packs were named, in whatever mode', () => {
  const settings = () => ScopeControls.at(new Chart(new App(), 'chart'));
  expect(settings().hasPacks).toBe(false);
  for (const list of ['enforced', 'warned', 'hardened'] as const) {
    const named = settings();
    named[list].push(pack(HOST_NETWORK));
    expect(named.hasPacks).toBe(true);
  }
});
