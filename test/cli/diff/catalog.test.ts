import { compared, CONTROLS } from './comparing';
import { Change } from '../../../src/cli/diff/change';
import { catalogControls } from '../../../src/controls/catalog';
import { Control } from '../../../src/controls/control';
import { exampleTwins } from '../../../src/controls/example-twins';
import { Json } from '../../../src/controls/path';
import { effectiveControls } from '../../../src/controls/superseding';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { VERSIONS } from '../../support/twins';
import { TEMPLATE_KINDS, workloadOf } from '../../support/workloads';

describe.each(CONTROLS.map((control) => [control.id, control] as const))('%s', (id, control) => {
  const version = versionOf(control);
  const { compliant, violating } = exampleTwins(control);
  const [good, bad] = [compliant, violating].map((each) => (Array.isArray(each) ? each : [each]) as Json[]);

  test('is told as weaker where it is no longer met, and as stronger where it is met again', () => {
    expect(idsOf(compared(good, bad, version), 'weaker')).toContain(id);
    expect(idsOf(compared(bad, good, version), 'stronger')).toContain(id);
  });

  test('is told as neither where nothing of it changed', () => {
    expect(compared(bad, bad, version)).toEqual([]);
    expect(idsOf(compared(bad, good, version), 'weaker')).not.toContain(id);
    expect(idsOf(compared(good, bad, version), 'stronger')).not.toContain(id);
  });

  if (control.appliesTo.isPodTemplates && control._modelCheck === undefined) {
    const asksOfJobs = !['liveness-probe', 'readiness-probe'].includes(id);
    test.each(TEMPLATE_KINDS.filter((kind) => asksOfJobs || !kind.endsWith('Job')))('is told of a %s, too', (kind) => {
      const [old, next] = [compliant, violating].map((each) => workloadOf(kind, each as Json));
      expect(idsOf(compared([old], [next], version), 'weaker')).toContain(id);
    });
  }
});

test('an object that is new with what a control refuses is weaker, and stronger where it goes', () => {
  const { violating } = exampleTwins(CONTROLS.find(({ id }) => id === 'privileged')!);
  expect(idsOf(compared([], [violating], KubernetesVersion.V1_36), 'weaker')).toContain('privileged');
  expect(idsOf(compared([violating], [], KubernetesVersion.V1_36), 'stronger')).toContain('privileged');
});

/** The newest at which the control speaks; where a stronger one always takes its place, the newest at which it asks something. */
function versionOf(control: Control): KubernetesVersion {
  const active = [...VERSIONS].reverse().filter((each) => control._modelCheck !== undefined || control._nodeAt(each) !== undefined);
  return active.find((each) => effectiveControls(catalogControls(), each).some(({ id }) => id === control.id)) ?? active[0];
}

function idsOf(changes: readonly Change[], verdict: Change['verdict']): string[] {
  return changes.filter((change) => change.verdict === verdict).flatMap(({ rule, also = [] }) => [rule, ...also]);
}
