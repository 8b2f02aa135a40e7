import { checkWaiver, dateState, durationProblem, Waiver } from '../../../src/controls/waivers/waiver';
import { Severity } from '../../../src/core/severity';
import { errorOf, waiver } from '../results/sample-app';

const WHOLE: Waiver = { ...waiver({ control: 'host-network' }), container: 'app', path: 'spec.hostNetwork', value: true, ticket: 'SEC-12', approver: 'ciso' };

function refused(more: Partial<Record<keyof Waiver | 'reasons', unknown>>): string {
  return errorOf(() => checkWaiver({ ...WHOLE, ...more } as Waiver, 'chart'));
}

describe('a waiver', () => {
  test('is taken as it was declared', () => {
    expect(checkWaiver(WHOLE, 'chart')).toEqual(WHOLE);
    const least = waiver({ control: 'x' });
    expect(checkWaiver(least, 'chart')).toEqual(least);
  });

  test('is a copy: what is changed later doesn\'t count', () => {
    const declared = { ...WHOLE };
    const taken = checkWaiver(declared, 'chart');
    declared.resource = 'Deployment/shop/other';
    expect(taken.resource).toBe('Deployment/shop/web');
  });

  test('may write its path in another way than the report', () => {
    expect(checkWaiver({ ...WHOLE, path: 'metadata["annotations"]["example.com/a"]' }, 'chart').path).toBe('metadata.annotations["example.com/a"]');
  });

  const DATE = 'allowed: a day as YYYY-MM-DD. ';
  const PATH = 'allowed: the path of one place as reports show it, with positions from 0; no wildcards. '
    + 'Copy it from the report, for instance spec.template.spec.containers[0].image or metadata.annotations["example.com/owner"].';
  const RESOURCE = 'allowed: one object as reports name it, Kind/namespace/name or Kind/name, for custom resources Kind.group/namespace/name; no wildcards. Copy it from the report, for instance DaemonSet/monitoring/node-exporter.';
  test.each<[string, Parameters<typeof refused>[0], string]>([
    ['a reason', { reason: undefined }, '[chart] reason: got undefined; allowed: a sentence. Say why it has to be so: the evidence shows it to whoever reviews the cluster.'],
    ['more than blanks for a reason', { reason: '  ' }, '[chart] reason: got "  "; allowed: a sentence. Say why it has to be so: the evidence shows it to whoever reviews the cluster.'],
    ['an owner', { owner: undefined }, '[chart] owner: got undefined; allowed: a team or a person. Name who answers for it.'],
    ['an expiry', { expires: undefined }, `[chart] expires: got undefined; ${DATE}Say when it has to be looked at again, for instance 2027-01-31.`],
    ['an expiry that is a day', { expires: 'never' }, `[chart] expires: got "never"; ${DATE}Write it like 2027-01-31.`],
    ['an expiry that the calendar has', { expires: '2027-02-30' }, `[chart] expires: got "2027-02-30"; ${DATE}Write it like 2027-01-31.`],
    ['a control', { control: '' }, '[chart] control: got ""; allowed: the id of a control. Copy it from the report.'],
    ['a resource', { resource: undefined }, `[chart] resource: got undefined; ${RESOURCE}`],
    ['a whole resource', { resource: 'web' }, `[chart] resource: got "web"; ${RESOURCE}`],
    ['one resource', { resource: 'Deployment/shop/*' }, `[chart] resource: got "Deployment/shop/*"; ${RESOURCE}`],
    ['one namespace', { resource: 'Deployment/*/web' }, `[chart] resource: got "Deployment/*/web"; ${RESOURCE}`],
    ['one group', { resource: 'DaemonSet.*/shop/web' }, `[chart] resource: got "DaemonSet.*/shop/web"; ${RESOURCE}`],
    ['a kind', { resource: '*/shop/web' }, `[chart] resource: got "*/shop/web"; ${RESOURCE}`],
    ['a container with a name', { container: '' }, '[chart] container: got ""; allowed: text. Fill it in or leave it out.'],
    ['a path that can be read', { path: 'spec..hostNetwork' }, `[chart] path: got "spec..hostNetwork"; ${PATH}`],
    ['one place', { path: 'spec.containers[*].image' }, `[chart] path: got "spec.containers[*].image"; ${PATH}`],
    ['positions in brackets', { path: 'spec.containers.0.image' }, `[chart] path: got "spec.containers.0.image"; ${PATH}`],
    ['a ticket that is text', { ticket: 12 }, '[chart] ticket: got 12; allowed: text. Fill it in or leave it out.'],
    ['an approver that is text', { approver: null }, '[chart] approver: got null; allowed: text. Fill it in or leave it out.'],
    ['no field that nobody reads', { reasons: 'x' }, '[chart] reasons: allowed: control, resource, reason, owner, expires, container, path, value, ticket, approver. '
      + 'Correct or remove it: a field that nobody reads makes a waiver wider than it looks. Did you mean "reason"?'],
  ])('needs %s', (_what, more, message) => {
    expect(refused(more)).toBe(message);
  });

  test.each(['reason', 'owner', 'ticket', 'approver'] as const)('holds no secret in its %s, and the error does not show it', (property) => {
    const message = refused({ [property]: `see ghp_${'a1B2'.repeat(9)}` });
    expect(message).toMatch(new RegExp(`^\\[chart\\] ${property}: got "\\(a.*\\)"; allowed: text that holds no secret: the evidence shows it\\. Take it out, and change the secret: it stands in the waiver\\.$`));
    expect(message).not.toContain('ghp_');
  });

  test('may name the group of a custom resource', () => {
    const resource = 'DaemonSet.apps.kruise.io/shop/web';
    expect(checkWaiver({ ...WHOLE, resource }, 'chart').resource).toBe(resource);
  });

  test.each<[string, Partial<Waiver>]>([
    ['at a place that is never shown', { path: 'spec.containers[0].env[1].value', value: 'hunter2' }],
    ['with the form of a secret', { path: undefined, value: `ghp_${'aB3'.repeat(12)}` }],
    ['with a secret under its name', { path: 'spec.settings', value: { DB_PASSWORD: 98765432 } }],
    ['with a private field', { path: 'spec.containers[0]', value: { name: 'app', env: [{ name: 'A', value: 'hunter2' }] } }],
  ])('states no value %s: reports show what it states', (_what, more) => {
    expect(refused(more)).toBe('[chart] value: allowed: nothing where reports conceal it, for it may be a secret. '
      + 'Leave it out and name the path. If it is a secret, change it: it stands in the waiver.');
  });

  test.each([null, undefined, 'host-network', 5, [WHOLE]])('is an object, not %p', (wrong) => {
    expect(errorOf(() => checkWaiver(wrong as unknown as Waiver, 'chart'))).toMatch(
      /^\[chart\] waiver: got .*; allowed: an object with control, resource, reason, owner and expires\. Copy control and resource from the report\.$/);
  });
});

describe('its time', () => {
  const until = (expires: string) => ({ waiver: waiver({ control: 'x', expires }), declaredAt: 'chart' });
  const TODAY = '2026-06-15';

  test.each([
    ['2026-06-14', 'expired'], ['2026-06-15', 'expiring'], ['2026-07-15', 'expiring'], ['2026-07-16', 'valid'], ['1999-01-01', 'expired'],
  ])('to %s is, on 2026-06-15, %s: it holds on its last day', (expires, state) => {
    expect(dateState(until(expires).waiver, TODAY)).toBe(state);
  });

  test.each<[Severity, string, string]>([
    [Severity.CRITICAL, '2026-09-13', '2026-09-14'], [Severity.HIGH, '2026-12-12', '2026-12-13'], [Severity.MEDIUM, '2027-06-15', '2027-06-16'],
    [Severity.LOW, '2027-06-15', '2027-06-16'], [Severity.INFO, '2027-06-15', '2027-06-16'],
  ])('for a finding of severity %s ends by %s, not on %s', (severity, longest, tooLong) => {
    expect(durationProblem(until(longest).waiver, severity, TODAY)).toBeUndefined();
    const days = { critical: 90, high: 180, medium: 365, low: 365, info: 365 }[severity];
    expect(durationProblem(until(tooLong).waiver, severity, TODAY)).toBe(
      `it runs to ${tooLong}, and a finding of severity ${severity} is waived for at most ${days} days from now: choose a nearer day, and look at it again then`);
  });
});
