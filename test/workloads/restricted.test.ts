import { find, shop } from './fixtures';
import { violations } from './restricted';
import { loosened } from '../oracles/admission';

const { app, workload } = shop();
workload('web');
const { metadata, spec } = find(app, 'Deployment').spec.template;

test.each(loosened({ metadata, spec }).map(({ what, pod }) => [what, pod]))('the checker finds %s', (_, pod) => {
  expect(violations(pod)).not.toEqual([]);
});

test('the checker finds an unmasked /proc', () => {
  expect(violations({ metadata, spec: { ...spec, containers: [{ ...spec.containers[0], securityContext: { ...spec.containers[0].securityContext, procMount: 'Unmasked' } }] } }))
    .toEqual(['unmasks /proc']);
});

test('the checker finds a pod without containers', () => {
  expect(violations({ metadata, spec: {} })).toEqual(['has no container']);
});

test('the checker finds nothing in the pod itself', () => {
  expect(violations({ metadata, spec })).toEqual([]);
});
