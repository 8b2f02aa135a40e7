import { templatePrefix, TEMPLATE_KINDS, workloadOf } from './workloads';
import { catalogControls } from '../../src/controls/catalog';
import { changedAt } from '../../src/controls/catalog/base-pod';
import { ActsAt, Control } from '../../src/controls/control';
import { ControlSet } from '../../src/controls/control-set';
import { exampleTwins } from '../../src/controls/example-twins';
import { modelObject, ObjectModel } from '../../src/controls/object-model';
import { Json, parsePlace, showPath } from '../../src/controls/path';
import { effectiveControls } from '../../src/controls/superseding';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

export const VERSIONS: readonly KubernetesVersion[] = [28, 29, 30, 31, 32, 33, 34, 35, 36, 37].map((minor) => KubernetesVersion.of(`1.${minor}`));

/** Holds a control to its example: it speaks of the one place at which the twins differ, and nothing else does. */
export function describeTwins(control: Control): void {
  describe(`${control.layer}/${control.id}`, () => {
    const versions = testedVersions(control);

    test('asks something at some version, unless a stronger control takes its place at all of them', () => {
      expect(versions).not.toEqual([]);
    });

    test('is met by its compliant twin', () => {
      const { compliant } = exampleTwins(control);
      for (const version of versions) {
        expect(findings([control], version, compliant)).toEqual([]);
      }
    });

    if (control.actsAt === ActsAt.ADMISSION) {
      test('is met by the other twin, too, before the API server sees it', () => {
        const { violating } = exampleTwins(control);
        expect(versions.flatMap((version) => findings([control], version, violating))).toEqual([]);
      });
    } else {
      describeFindings(control, versions);
    }
  });
}

function describeFindings(control: Control, versions: readonly KubernetesVersion[]): void {
  test('finds exactly the place at which the other twin differs', () => {
    const { violating, finding } = exampleTwins(control);
    for (const version of versions) {
      expect(findings([control], version, violating)).toEqual([`${control.id}: ${finding}`]);
    }
  });

  test('is the only one of the whole catalog that the difference adds', () => {
    const { compliant, violating, finding } = exampleTwins(control);
    for (const version of versions) {
      const controls = besides(control, version);
      const before = findings(controls, version, compliant);
      expect(findings(controls, version, violating).filter((each) => !before.includes(each))).toEqual([`${control.id}: ${finding}`]);
    }
  });

  test('does not pass for met where something on the way to the place has another type', () => {
    const { violating, finding } = exampleTwins(control);
    const place = control._modelCheck ? [] : parsePlace(finding);
    for (let depth = 1; depth < place.length; depth++) {
      for (const wrong of ['wrong', 7, true]) {
        const object = changedAt(violating, place.slice(0, depth), wrong);
        expect({ object, found: findings([control], versions[0], object).length > 0 }).toEqual({ object, found: true });
      }
    }
  });

  if (control.appliesTo.isPodTemplates && !control._modelCheck) {
    test.each(TEMPLATE_KINDS)('finds it in a %s as in a Pod that is restarted alike', (kind) => {
      const { compliant, violating } = exampleTwins(control);
      const version = versions[versions.length - 1];
      const found = findings([control], version, restartedAs(kind, violating)).map((each) => each.replace(': ', `: ${templatePrefix(kind)}`));
      expect(findings([control], version, workloadOf(kind, compliant as Json))).toEqual([]);
      expect(findings([control], version, workloadOf(kind, violating as Json))).toEqual(found);
    });
  }
}

/** What a Job runs need not be ready or alive for long: controls may ask less of it. */
function restartedAs(kind: string, pod: unknown): unknown {
  return kind.endsWith('Job') ? changedAt(pod, ['spec', 'restartPolicy'], 'Never') : pod;
}

/** The versions at which it acts; where a stronger one takes its place only at some of them, the others. */
function testedVersions(control: Control): KubernetesVersion[] {
  const active = VERSIONS.filter((version) => asks(control, version));
  const effective = active.filter((version) => effectiveControls(catalogControls(), version).some(({ id }) => id === control.id));
  return effective.length > 0 ? effective : active;
}

function asks(control: Control, version: KubernetesVersion): boolean {
  return control._modelCheck !== undefined || control._nodeAt(version) !== undefined;
}

/** The catalog as it speaks at a version, without the controls that would take this one's place. */
function besides(control: Control, version: KubernetesVersion): Control[] {
  return effectiveControls(catalogControls().filter(({ supersedes }) => !supersedes.includes(control.id)), version);
}

/** What controls say of an object, or of several that they see together: `control: path`, `malformed: path` where it isn't what every control needs. */
export function findings(controls: readonly Control[], version: KubernetesVersion, example: unknown): string[] {
  const objects = (Array.isArray(example) ? example : [example]) as Json[];
  const prefixes = objects.map((_, i) => (Array.isArray(example) ? `[${i}].` : ''));
  const set = new ControlSet(controls, version);
  const single = objects.flatMap((object, i) => set.violations(object).flatMap((violation) => violation.faults.map((fault) => (
    `${fault.malformed ? 'malformed' : violation.control.id}: ${prefixes[i]}${showPath(fault.place)}`
  ))));
  const model = objects.map(modelObject);
  const together = controls.flatMap((control) => (control._modelCheck?.(new ObjectModel(model, version)) ?? []).map((fault) => (
    `${control.id}: ${prefixes[model.indexOf(fault.object)]}${showPath(fault.place)}`
  )));
  return [...single, ...together];
}
