import { control, DIGEST, errorOf, HOST_NETWORK, LIMIT, PRIVILEGED } from './results/sample-app';
import { catalogControls } from '../../src/controls/catalog';
import { Control } from '../../src/controls/control';
import { ControlPack } from '../../src/controls/pack';
import { Requirement } from '../../src/controls/requirement';
import { Standard } from '../../src/core/reference';

const ids = (pack: ControlPack) => pack.controls.map(({ id }) => id);

describe('packs of the library', () => {
  const baseline = ControlPack.pssBaseline();
  const restricted = ControlPack.pssRestricted();

  test('are named as their folders, bindings and reports are', () => {
    expect([baseline, restricted, ControlPack.nsa(), ControlPack.cisWorkloads(), ControlPack.recommended()].map(({ name }) => name))
      .toEqual(['pss-baseline', 'pss-restricted', 'nsa', 'cis-workloads', 'recommended']);
  });

  test('restricted contains baseline, and recommended contains restricted', () => {
    expect(ids(restricted)).toEqual(expect.arrayContaining(ids(baseline)));
    expect(ids(ControlPack.recommended())).toEqual(expect.arrayContaining(ids(restricted)));
    expect(ids(restricted).length).toBeGreaterThan(ids(baseline).length);
  });

  test('baseline holds nothing that only restricted asks', () => {
    expect(ids(baseline)).toContain('privileged');
    expect(ids(baseline)).not.toContain('run-as-non-root');
  });

  test('follow from what controls cite', () => {
    const citing = (standard: Standard, prefix = '') => catalogControls()
      .filter(({ references }) => references.some((each) => each.standard === standard && each.id.startsWith(prefix))).map(({ id }) => id);
    expect(ids(restricted)).toEqual(citing(Standard.PSS));
    expect(ids(ControlPack.nsa())).toEqual(citing(Standard.NSA));
    expect(ids(ControlPack.cisWorkloads())).toEqual(citing(Standard.CIS, '5.'));
    expect(ids(ControlPack.cisWorkloads())).not.toEqual([]);
  });

  test('can\'t be changed through the list that they give', () => {
    restricted.controls.pop();
    expect(ids(ControlPack.pssRestricted())).toEqual(ids(restricted));
    expect(restricted.controls).toHaveLength(ControlPack.pssRestricted().controls.length);
  });
});

test('the catalog is loaded when a pack is first asked for its controls, and not with the library', () => {
  const loaded = jest.fn();
  jest.doMock('../../src/controls/catalog/pod-security/privileged', () => {
    loaded();
    return jest.requireActual('../../src/controls/catalog/pod-security/privileged');
  });
  jest.isolateModules(() => {
    const library = jest.requireActual<typeof import('../../src')>('../../src');
    const pack = library.ControlPack.pssBaseline();
    expect(loaded).not.toHaveBeenCalled();
    expect(pack.controls.map(({ id }) => id)).toContain('privileged');
    expect(loaded).toHaveBeenCalledTimes(1);
  });
  jest.dontMock('../../src/controls/catalog/pod-security/privileged');
});

describe('a pack of one\'s own', () => {
  const own = ControlPack.of('team-shop', HOST_NETWORK, PRIVILEGED);

  test('has the controls that it was given', () => {
    expect([own.name, ...ids(own)]).toEqual(['team-shop', 'host-network', 'privileged']);
  });

  const other = control('privileged', Requirement.absent('spec.hostUsers'));

  test('grows by more controls, and has those that come again once', () => {
    const more = own.plus('team-more', DIGEST, PRIVILEGED);
    expect([more.name, ...ids(more)]).toEqual(['team-more', 'host-network', 'privileged', 'digest']);
    expect(ids(own)).toEqual(['host-network', 'privileged']);
  });

  test('has another control in the place of one where it is said to replace it', () => {
    const replaced = own.replacing('team-other', other);
    expect([replaced.name, ...ids(replaced)]).toEqual(['team-other', 'host-network', 'privileged']);
    expect(replaced.controls[1]).toBe(other);
    expect(own.controls[1]).toBe(PRIVILEGED);
    expect([own, replaced, replaced.plus('x', DIGEST), replaced.without('y', 'host-network')].map(({ _replaced }) => _replaced))
      .toEqual([[], ['privileged'], ['privileged'], ['privileged']]);
  });

  test('may supersede controls of the catalog, of the pack and of other packs', () => {
    const superseding = (...supersedes: string[]) => control('mine', Requirement.absent('spec.hostUsers'), { supersedes });
    expect(() => own.plus('x', superseding('digest', 'image-registry', 'something-of-another-pack'))).not.toThrow();
    expect(errorOf(() => own.plus('x', superseding('image-digets')))).toBe(
      '[Control mine] supersedes: got "image-digets"; allowed: ids of controls of the catalog and of x. Did you mean "image-digest"? One of your own has to be in the same pack.');
    expect(errorOf(() => ControlPack.of('x', superseding('previleged')))).toContain('Did you mean "privileged"?');
    expect(errorOf(() => ControlPack.of('x', control('cost-centre-2', Requirement.absent('spec.hostUsers')), superseding('cost-centre-1')))).toContain('Did you mean "cost-centre-2"?');
    expect(() => own.replacing('x', control('privileged', Requirement.absent('spec.hostUsers'), { supersedes: ['host-network'] }))).not.toThrow();
  });

  test('takes packs\' controls from another copy of the library', () => {
    jest.isolateModules(() => {
      const copy = require('../../src/controls/control') as typeof import('../../src/controls/control');
      const { Requirement: CopyOfRequirement } = require('../../src/controls/requirement') as typeof import('../../src/controls/requirement');
      expect(copy.Control).not.toBe(Control);
      const { id, title, severity, layer, rationale, remediation } = LIMIT;
      const theirs = new copy.Control({ id, title, severity, layer, rationale, remediation, requirement: CopyOfRequirement.absent('spec.hostUsers') });
      expect(ControlPack.of('mixed', theirs).controls).toEqual([theirs]);
    });
  });

  test('is left without some', () => {
    expect(ids(own.without('less', 'privileged'))).toEqual(['host-network']);
  });

  const NAME = 'allowed: a name in kebab case of at most 40 characters. Name it like team-shop.';
  test.each<[string, () => ControlPack, string]>([
    ['no controls', () => ControlPack.of('x'), '[ControlPack.of] controls: got []; allowed: one or more controls. Name the controls of the pack.'],
    ['null for a control', () => ControlPack.of('x', null as unknown as Control), '[ControlPack x] controls: got null; allowed: Controls. Make each by new Control({ … }).'],
    ['an object for a control', () => own.plus('x', { id: 'a' } as Control), '[ControlPack x] controls: got {"id":"a"}; allowed: Controls. Make each by new Control({ … }).'],
    ['one control twice', () => ControlPack.of('x', LIMIT, LIMIT), '[ControlPack x] controls: got "limit"; allowed: controls with ids of their own. Rename one of them.'],
    ['a name with spaces', () => ControlPack.of('my pack', LIMIT), `[ControlPack.of] name: got "my pack"; ${NAME}`],
    ['no name', () => own.plus('', LIMIT), `[ControlPack.of] name: got ""; ${NAME}`],
    ['a name that no binding can carry', () => ControlPack.of('a'.repeat(41), LIMIT), `[ControlPack.of] name: got "${'a'.repeat(41)}"; ${NAME}`],
    ['an unknown control to leave out', () => own.without('x', 'privilegde'),
      '[ControlPack team-shop] ids: got "privilegde"; allowed: host-network, privileged. Name controls of this pack. Did you mean "privileged"?'],
    ['a control with the id of another', () => own.plus('x', other),
      '[ControlPack x] controls: got "privileged"; allowed: ids that no other control of team-shop has. '
      + 'Rename it, or say replacing where it is meant to take the other one\'s place.'],
    ['a replacement of nothing', () => own.replacing('x', DIGEST), '[ControlPack team-shop] ids: got "digest"; allowed: host-network, privileged. Name controls of this pack.'],
    ['all controls to leave out', () => own.without('x', 'privileged', 'host-network'),
      '[ControlPack team-shop] ids: got ["privileged","host-network"]; allowed: some of its controls. Leave the pack out where none of them is wanted.'],
  ])('%s is refused', (_what, make, message) => {
    expect(errorOf(make)).toBe(message);
  });
});
