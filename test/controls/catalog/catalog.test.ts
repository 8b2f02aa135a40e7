import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { indexOfControls, INDEX_FILE } from '../../../scripts/index-controls';
import { catalogControls } from '../../../src/controls/catalog';
import { basePod } from '../../../src/controls/catalog/base-pod';
import { ControlSet } from '../../../src/controls/control-set';
import { exampleTwins } from '../../../src/controls/example-twins';
import { modelObject, ObjectModel } from '../../../src/controls/object-model';
import { Json } from '../../../src/controls/path';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Standard } from '../../../src/core/reference';
import { describeTwins, findings, VERSIONS } from '../../support/twins';

const CATALOG = join(__dirname, '../../../src/controls/catalog');

describe('the catalog', () => {
  test('its index lists the files beside it: if this fails, run `npx projen index-controls`', () => {
    expect(readFileSync(INDEX_FILE, 'utf8')).toBe(indexOfControls());
  });

  test('every id is given once', () => {
    const ids = catalogControls().map(({ id }) => id);
    expect(ids).toEqual([...new Set(ids)]);
  });

  test('every call gives a list of its own', () => {
    catalogControls().pop();
    expect(catalogControls().length).toBeGreaterThan(1);
  });

  test('what a control supersedes is in the catalog, and supersedes it not', () => {
    const byId = new Map(catalogControls().map((control) => [control.id, control]));
    for (const control of catalogControls()) {
      for (const id of control.supersedes) {
        expect([id, byId.get(id)?.supersedes.includes(control.id)]).toEqual([id, false]);
      }
    }
  });

  test('a Pod of the examples meets everything that is recommended or a standard asks, at every version', () => {
    const asked = catalogControls().filter(({ recommended, references }) => (
      recommended || references.some(({ standard }) => standard !== Standard.MITRE)
    ));
    for (const version of VERSIONS) {
      expect(findings(asked, version, basePod())).toEqual([]);
    }
  });
});

describe('what every control of the catalog says of itself', () => {
  test.each(catalogControls())('$id', (control) => {
    expect(existsSync(join(CATALOG, control.layer, `${control.id}.ts`))).toBe(true);
    expect(control.example).toBeDefined();
    expect(control.title).toMatch(/^[A-Z].*[^.]$/);
    expect(control.rationale).toMatch(/^[A-Z`].{30,}\.$/s);
    expect(control.remediation).toMatch(/^[A-Z].{10,}\.$/s);
    expect(control.references.map(String)).toEqual([...new Set(control.references.map(String))]);
  });
});

test('what findings say of what is expected reads well: something, in one line, without gaps, and never just any value', () => {
  const version = KubernetesVersion.V1_36;
  const said = catalogControls().flatMap((control) => {
    const { violating } = exampleTwins(control);
    const objects = [violating].flat() as Json[];
    const faults = [
      ...objects.flatMap((object) => new ControlSet([control], version).violations(object).flatMap((violation) => violation.faults)),
      ...control._modelCheck?.(new ObjectModel(objects.map(modelObject), version)) ?? [],
    ];
    return faults.map(({ expected }) => `${control.id}: ${expected}`);
  });
  expect(said.length).toBeGreaterThan(100);
  expect(said.filter((each) => !/^[a-z-]+: \S+( \S+)*$/.test(each) || / a value$/.test(each))).toEqual([]);
});

catalogControls().forEach(describeTwins);
