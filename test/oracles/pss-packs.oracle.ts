import { describeWith } from './programs';
import { PsaFixture, psaFixtures } from './psa-fixtures';
import { Control } from '../../src/controls/control';
import { ControlSet } from '../../src/controls/control-set';
import { ControlPack } from '../../src/controls/pack';
import { effectiveControls } from '../../src/controls/superseding';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Standard } from '../../src/core/reference';

const PACKS = { baseline: ControlPack.pssBaseline(), restricted: ControlPack.pssRestricted() };

/** The controls of the fixture's level that it does not meet. */
function violated({ level, minor, pod }: PsaFixture, choose: (controls: Control[], version: KubernetesVersion) => Control[]): Control[] {
  const version = KubernetesVersion.of(`1.${minor}`);
  return new ControlSet(choose(PACKS[level].controls, version), version).violations(pod).map(({ control }) => control);
}

/** Checks of Pod Security admission as its fixtures write them: `hostports` for `baseline/hostPorts`. */
function checksOf(control: Control): string[] {
  return control.references.filter(({ standard }) => standard === Standard.PSS).map(({ id }) => id.split('/')[1].toLowerCase());
}

describeWith(['psa-fixtures'], 'the pods that define the Pod Security Standards', () => {
  let fixtures: PsaFixture[];
  beforeAll(() => {
    fixtures = psaFixtures();
  });

  test('are 1,354 from 1.28 to 1.37, and enough of them fail', () => {
    expect(fixtures.length).toBe(1354);
    expect([...new Set(fixtures.map(({ minor }) => minor))]).toEqual([28, 29, 30, 31, 32, 33, 34, 35, 36, 37]);
    expect(fixtures.filter(({ verdict }) => verdict === 'fail').length).toBeGreaterThan(500);
  });

  test('have the verdict of our pack of the same level at the same version', () => {
    const wrong = fixtures.filter((fixture) => (violated(fixture, effectiveControls).length === 0) !== (fixture.verdict === 'pass'));
    expect(wrong.map(({ name }) => name)).toEqual([]);
  });

  test('are refused by a control that cites the very check that they are made to fail', () => {
    for (const fixture of fixtures.filter(({ verdict }) => verdict === 'fail')) {
      const check = /([a-z_]+)\d+$/.exec(fixture.name)![1];
      const cited = violated(fixture, (controls) => controls).flatMap(checksOf);
      expect({ fixture: fixture.name, cited }).toEqual({ fixture: fixture.name, cited: expect.arrayContaining([check]) });
    }
  });

  // The API server wants a Windows host process on the host's network, so that host-network refuses its fixtures, too.
  test.each(PACKS.restricted.controls.filter(({ id }) => id !== 'windows-host-process'))('have other verdicts without $id: the agreement is no accident', ({ id }) => {
    const without = (controls: Control[], version: KubernetesVersion) => effectiveControls(controls, version).filter((control) => control.id !== id);
    const passing = fixtures.filter((fixture) => fixture.verdict === 'fail' && violated(fixture, without).length === 0);
    expect(passing).not.toEqual([]);
  });
});
