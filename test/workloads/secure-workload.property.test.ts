import { ApiObject, App, Chart } from 'cdk8s';
import * as fc from 'fast-check';
import { templateOf } from './fixtures';
import { violations } from './restricted';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { WorkloadKind } from '../../src/workloads/secure-workload-props';
import { anyProps } from '../support/workload-props';

/** Everything in the JSON that no manifest may hold, by path. */
function unwritable(value: unknown, at = '$'): string[] {
  if (value === undefined || value === null || (typeof value === 'number' && !Number.isFinite(value))) {
    return [`${at} is ${value}`];
  }
  return typeof value === 'object' ? Object.entries(value).flatMap(([key, each]) => unwritable(each, `${at}.${key}`)) : [];
}

function jsonOf(app: App): any[] {
  return app.node.findAll().filter((each) => ApiObject.isApiObject(each)).map((each) => (each as ApiObject).toJson());
}

test('whatever is given, a workload is refused and leaves nothing, or is admitted by PSS restricted', () => {
  let admitted = 0;
  const bare = new App();
  new HardenedNamespace(new Chart(bare, 'c'), 'shop');
  const empty = jsonOf(bare);
  fc.assert(fc.property(anyProps, (given) => {
    const app = new App();
    const namespace = new HardenedNamespace(new Chart(app, 'c'), 'shop');
    try {
      new SecureWorkload(namespace, 'web', given);
    } catch (error) {
      expect((error as Error).name).toBe('HardenedError');
      expect((error as Error).message).toMatch(/^\[c\/shop\/web\] /);
      expect(jsonOf(app)).toEqual(empty);
      return;
    }
    admitted++;
    const objects = jsonOf(app);
    expect(objects.flatMap((each) => unwritable(each))).toEqual([]);
    const object = objects.find(({ kind }) => Object.values(WorkloadKind).includes(kind));
    const template = templateOf(object);
    expect(violations(template)).toEqual([]);
    if (object.spec.selector) {
      expect(template.metadata.labels).toMatchObject(object.spec.selector.matchLabels);
      expect(Object.keys(object.spec.selector.matchLabels).length).toBeGreaterThan(0);
    }
  }), { numRuns: 400 });
  expect(admitted).toBeGreaterThan(40);
}, 60_000);
