import { AppliesTo } from '../../../src/controls/applies-to';
import { catalogControls } from '../../../src/controls/catalog/index.generated';
import { Control } from '../../../src/controls/control';
import { ControlSet } from '../../../src/controls/control-set';
import { exampleTwins } from '../../../src/controls/example-twins';
import { fixObject } from '../../../src/controls/fix/fix';
import { mayNeedOf } from '../../../src/controls/fix/may-need';
import { parsePlace, showPath } from '../../../src/controls/path';
import { Requirement } from '../../../src/controls/requirement';
import { ALL_TEMPLATES } from '../../../src/controls/template-kinds';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { control } from '../results/sample-app';

/** Newer versions of Kubernetes allow what one of the examples has. */
const VERSIONS = [KubernetesVersion.V1_37, KubernetesVersion.V1_30];

function fixed(object: unknown, ...controls: Control[]) {
  return VERSIONS.map((version) => fixObject(object, new ControlSet(controls, version, ALL_TEMPLATES)).changes).find((each) => each.length > 0) ?? [];
}

/** What is said of changes, by the path. */
function needs(object: unknown, ...controls: Control[]): Record<string, string | undefined> {
  return Object.fromEntries(fixed(object, ...controls).map(({ place, mayNeed }) => [showPath(place), mayNeed]));
}

const ofCatalog = (id: string) => catalogControls().find((each) => each.id === id)!;
const pod = (spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec });
const NON_ROOT = ofCatalog('run-as-non-root');

describe('a change that a program may not survive says what to check', () => {
  const fixable = catalogControls().filter((each) => each.example && !each._modelCheck && fixed(exampleTwins(each).violating, each).length > 0);

  test('the catalog has such changes', () => {
    expect(fixable.map(({ id }) => id)).toEqual(expect.arrayContaining(['read-only-root-filesystem', 'run-as-non-root', 'capabilities-restricted', 'app-armor-profile', 'sysctls', 'host-probes']));
  });

  // The user of its example is stated.
  test.each(fixable.filter((each) => each !== NON_ROOT).map((each): [string, Control] => [each.id, each]))('%s', (_id, each) => {
    for (const { mayNeed } of fixed(exampleTwins(each).violating, each)) {
      expect(mayNeed).toMatch(/^[^:]+: check that [^:]+$/);
    }
  });

  test('in the words of the field', () => {
    expect(needs(pod({ containers: [{ name: 'a' }] }), ofCatalog('read-only-root-filesystem'))).toEqual({
      'spec.containers[0].securityContext.readOnlyRootFilesystem': 'to write to its own file system: check that it writes to mounted volumes only',
    });
  });
});

describe('a user other than root', () => {
  const containers = [{ name: 'a' }];

  test('that is not stated may be missing in the image', () => {
    expect(needs(pod({ containers }), NON_ROOT)).toEqual({ 'spec.securityContext.runAsNonRoot': expect.stringContaining('the image states a user other than root') });
    expect(needs(pod({ containers, securityContext: { runAsUser: 0 } }), NON_ROOT)['spec.securityContext.runAsNonRoot']).toBeDefined();
  });

  test('that is stated is known, for the pod and at the container', () => {
    expect(needs(pod({ containers, securityContext: { runAsUser: 10001 } }), NON_ROOT)).toEqual({ 'spec.securityContext.runAsNonRoot': undefined });
    const at = (container: object, spec: object = {}) => needs(pod({ ...spec, containers: [{ name: 'a', ...container }] }), NON_ROOT);
    const place = 'spec.containers[0].securityContext.runAsNonRoot';
    expect(at({ securityContext: { runAsNonRoot: false, runAsUser: 10001 } })).toHaveProperty([place], undefined);
    expect(at({ securityContext: { runAsNonRoot: false } }, { securityContext: { runAsUser: 10001 } })).toHaveProperty([place], undefined);
    expect(at({ securityContext: { runAsNonRoot: false, runAsUser: 0 } }, { securityContext: { runAsUser: 10001 } })[place]).toBeDefined();
    expect(at({ securityContext: { runAsNonRoot: false } })[place]).toBeDefined();
  });
});

test('a change of a field that no program is known to need says nothing', () => {
  const label = control('label', Requirement.oneOf('metadata.labels.team', 'a'), { appliesTo: AppliesTo.podTemplates() });
  expect(needs(pod({ containers: [{ name: 'a' }] }), label)).toEqual({ 'metadata.labels.team': undefined });
  for (const path of ['metadata.labels.host', 'spec.constructor', 'spec.rules[0].host', '']) {
    expect(mayNeedOf(parsePlace(path), () => undefined)).toBeUndefined();
  }
});
