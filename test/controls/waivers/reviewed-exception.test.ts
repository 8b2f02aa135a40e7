import { ApiObject, App, Chart } from 'cdk8s';
import { catalogControls } from '../../../src/controls/catalog';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { acceptFindings, catalogFindings, checkException, ReviewedException } from '../../../src/controls/waivers/reviewed-exception';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { setToday } from '../../../src/core/today';
import { refusal } from '../../workloads/fixtures';

const VERSION = KubernetesVersion.V1_36;
const EXCEPTION: ReviewedException = { reason: 'People get shells from it.', owner: 'platform', expires: '2026-09-01' };

const role = (...rules: object[]) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'web', namespace: 'shop' }, rules });
const rule = (resource: string, ...verbs: string[]) => ({ apiGroups: [''], resources: [resource], verbs });
const CONTROL = catalogControls().find(({ id }) => id === 'role-pod-exec')!;
const EXEC = role(rule('pods/exec', 'create'));

function chart(): Chart {
  const app = new App();
  setToday(app, '2026-06-15');
  return new Chart(app, 'c');
}

test('findings are those of the whole catalog, recommended or not', () => {
  expect(catalogFindings(role(rule('pods', 'create'), rule('pods/exec', 'create')), VERSION).map(({ control, path, value }) => [control.id, path, value])).toEqual([
    ['role-pod-creation', 'rules[0].resources[0]', 'pods'], ['role-pod-exec', 'rules[1].resources[0]', 'pods/exec'],
  ]);
  expect(catalogFindings(role(rule('pods', 'get')), VERSION)).toEqual([]);
});

describe('an exception', () => {
  test('that is whole is copied', () => {
    const given = { ...EXCEPTION, ticket: 'SEC-1' };
    const checked = checkException(given, catalogFindings(EXEC, VERSION), 'exception', chart());
    expect(checked).toEqual(given);
    expect(checked).not.toBe(given);
  });

  test('that nothing needs is none', () => {
    expect(checkException(undefined, [], 'exception', chart())).toBeUndefined();
  });

  test('holds on its last day', () => {
    expect(() => checkException({ ...EXCEPTION, expires: '2026-06-15' }, catalogFindings(EXEC, VERSION), 'exception', chart())).not.toThrow();
  });

  test.each<[string, any, string]>([
    ['is missing', undefined, `[c] exception: got undefined; allowed: a reviewed exception from role-pod-exec ("${CONTROL.title}"). `
      + `${CONTROL.remediation} Where it has to be, state exception: { reason, owner, expires }.`],
    ['is no object', true, '[c] exception: got true; allowed: an object with reason, owner, expires, ticket, approver. Write it like { reason: … }.'],
    ['has a field that nobody reads', { ...EXCEPTION, until: 'x' }, '[c] exception.until: allowed: reason, owner, expires, ticket, approver. Correct or remove it: nobody reads it.'],
    ['has no owner', { ...EXCEPTION, owner: ' ' }, '[c, exception] owner: got " "; allowed: a team or a person. Name who answers for it.'],
    ['has no day', { ...EXCEPTION, expires: 'soon' }, '[c, exception] expires: got "soon"; allowed: a day as YYYY-MM-DD. Write it like 2027-01-31.'],
    ['has ended', { ...EXCEPTION, expires: '2026-06-14' }, '[c, exception] expires: got "2026-06-14"; allowed: a day from 2026-06-15 on. Do without it, or have it reviewed anew.'],
    ['runs for too long', { ...EXCEPTION, expires: '2027-06-14' }, '[c, exception] expires: got "2027-06-14"; allowed: a nearer day. As it stands, it runs to 2027-06-14, '
      + 'and a finding of severity high is waived for at most 180 days from now: choose a nearer day, and look at it again then.'],
  ])('is refused where it %s', (_what, exception, message) => {
    expect(refusal(() => checkException(exception, catalogFindings(EXEC, VERSION), 'exception', chart()))).toBe(message);
  });

  test('is refused where nothing needs it', () => {
    expect(refusal(() => checkException(EXCEPTION, [], 'exception', chart()))).toBe(
      '[c] exception: allowed: none: no control speaks against it. Leave it out, so that it accepts nothing later.');
  });
});

describe('findings that are accepted', () => {
  function accepted(): { scope: Chart; object: ApiObject } {
    const scope = chart();
    const object = new ApiObject(scope, 'role', EXEC);
    acceptFindings(object, EXEC, catalogFindings(EXEC, VERSION).map((finding) => ({ finding, exception: EXCEPTION })), 'c/web');
    return { scope, object };
  }

  test('fail no synth where their controls are enforced', () => {
    const { scope } = accepted();
    Controls.of(scope).enforce(ControlPack.recommended());
    expect(() => App.of(scope).synthYaml()).not.toThrow();
  });

  test('fail no synth where others are enforced, though nothing is found', () => {
    const { scope } = accepted();
    Controls.of(scope).enforce(ControlPack.pssRestricted());
    expect(() => App.of(scope).synthYaml()).not.toThrow();
  });

  test('no longer count once others were named in their place', () => {
    const { scope, object } = accepted();
    acceptFindings(object, EXEC, [], 'c/web');
    Controls.of(scope).enforce(ControlPack.recommended());
    expect(() => App.of(scope).synthYaml()).toThrow('role-pod-exec');
  });

  test('leave waivers that people declared at the object, which are still to be of use', () => {
    const { scope, object } = accepted();
    Controls.of(object).waive({ control: 'role-secrets', resource: 'Role/shop/web', ...EXCEPTION });
    acceptFindings(object, EXEC, [], 'c/web');
    Controls.of(scope).warn(ControlPack.recommended());
    expect(() => App.of(scope).synthYaml()).toThrow('waiver of role-secrets for Role/shop/web (c/role) accepts nothing');
  });

  test('end with their day, also where nobody asks', () => {
    const later = new App();
    setToday(later, '2027-01-01');
    const object = new ApiObject(new Chart(later, 'c'), 'role', EXEC);
    acceptFindings(object, EXEC, catalogFindings(EXEC, VERSION).map((finding) => ({ finding, exception: EXCEPTION })), 'c/web');
    Controls.of(later).warn(ControlPack.pssRestricted());
    expect(() => later.synthYaml()).toThrow('ended on 2026-09-01');
  });
});
