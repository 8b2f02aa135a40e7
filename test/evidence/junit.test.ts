import { DOMParser } from '@xmldom/xmldom';
import * as fc from 'fast-check';
import { ACCESS_TOKEN, control, finding, reversed, sampleChecks, waiver } from './sample-checks';
import { CheckResults } from '../../src/evidence/check-results';
import { junit } from '../../src/evidence/junit';

interface Case {
  readonly name: string;
  readonly className: string;
  readonly outcome?: string;
  readonly type?: string;
  readonly message?: string;
  readonly text: string;
}

/** Refuses what isn't well-formed, warnings too. The parser lets two things pass: characters that XML 1.0 doesn't have and bare ampersands. */
function parsed(xml: string) {
  if (!/^[\t\n\r\u0020-\ud7ff\ue000-\ufffd\u{10000}-\u{10ffff}]*$/u.test(xml)) {
    throw new Error('a character that XML does not have');
  }
  if (/&(?!(amp|lt|gt|quot);)/.test(xml)) {
    throw new Error('a bare ampersand');
  }
  const root = new DOMParser({ onError: (level, message) => { throw new Error(`${level}: ${message}`); } }).parseFromString(xml, 'text/xml').documentElement!;
  const suites = Array.from(root.getElementsByTagName('testsuite'));
  return {
    root,
    suites: Object.fromEntries(suites.map((suite) => [suite.getAttribute('name')!, {
      counts: ['tests', 'failures', 'errors', 'skipped'].map((name) => Number(suite.getAttribute(name))),
      cases: Array.from(suite.getElementsByTagName('testcase')).map((each): Case => {
        const child = Array.from(each.childNodes).find((node) => node.nodeType === 1) as unknown as typeof each | undefined;
        return {
          name: each.getAttribute('name')!, className: each.getAttribute('classname')!, outcome: child?.tagName, type: child?.getAttribute('type') ?? undefined,
          message: child?.getAttribute('message') ?? undefined, text: child?.textContent ?? '',
        };
      }),
    }])),
  };
}

function read(checks: CheckResults = sampleChecks()) {
  return parsed(junit(checks));
}

test('an enforced finding fails, with all that is needed to act on it', () => {
  expect(read().suites.privileged).toEqual({
    counts: [1, 1, 0, 0],
    cases: [{
      name: 'Deployment/shop/web spec.template.spec.containers[0].securityContext.privileged',
      className: 'pod-security.privileged',
      outcome: 'failure',
      type: 'critical',
      message: 'critical: The container is privileged.',
      text: [
        'object: Deployment/shop/web', 'path: spec.template.spec.containers[0].securityContext.privileged', 'construct: app/shop/web/Resource',
        'manifest: dist/shop.k8s.yaml', 'got: true', 'expected: absent or false', 'fix: Remove privileged.',
      ].join('\n'),
    }],
  });
});

test('a waived finding is skipped and says why and by whom', () => {
  expect(read().suites['host-network'].cases).toMatchObject([{
    outcome: 'skipped', type: 'waived',
    message: 'waived: The container is privileged. It measures the host\'s network (owner: platform, approved by: ciso, ticket: SEC-12, expires: 2027-01-31)',
  }]);
});

test('what is warned of or baselined is skipped, not hidden', () => {
  expect(read().suites['image-digest'].cases).toMatchObject([{ outcome: 'skipped', message: 'warned: The image has no digest.' }]);
  expect(read().suites['service-links'].cases).toMatchObject([{ outcome: 'skipped', message: 'baselined: The container is privileged.' }]);
});

test('a control that found nothing is a test that passes', () => {
  expect(read().suites['read-only-root']).toEqual({ counts: [1, 0, 0, 0], cases: [{ name: 'read-only-root holds', className: 'pod-security.read-only-root', text: '' }] });
});

test('unused and expired waivers fail, expiring ones are skipped, used ones pass', () => {
  const { counts, cases } = read().suites.waivers;
  expect(counts).toEqual([4, 2, 0, 1]);
  expect(cases.map(({ name, outcome, type }) => [name, outcome, type])).toEqual([
    ['host-network: DaemonSet/infra/agent', undefined, undefined],
    ['host-network: Deployment/shop/gone', 'failure', 'unused'],
    ['host-network: Deployment/shop/late', 'failure', 'expired'],
    ['host-network: Deployment/shop/old', 'skipped', 'expiring'],
  ]);
  expect(cases[2].text).toBe('declared at: waivers.yaml\nalso admits: Pods of ServiceAccount shop/late');
});

test('without waivers there is no suite of them', () => {
  expect(Object.keys(read({ ...sampleChecks(), waivers: [] }).suites)).not.toContain('waivers');
});

test('the numbers of all suites add up', () => {
  const { root, suites } = read();
  const sum = (i: number) => Object.values(suites).reduce((total, { counts }) => total + counts[i], 0);
  expect(Number(root.getAttribute('tests'))).toBe(sum(0));
  expect(Number(root.getAttribute('failures'))).toBe(sum(1));
  expect(Object.values(suites).every(({ counts, cases }) => counts[0] === cases.length)).toBe(true);
});

test('two findings at one place are two tests with names of their own, as readers drop the second of a name', () => {
  const names = read({ ...sampleChecks(), findings: [finding({ got: '1' }), finding({ got: '2' })] }).suites.privileged.cases.map(({ name }) => name);
  expect(names[1]).toBe(`${names[0]} (2)`);
});

test('markup in a value stays a value', () => {
  const got = '"</failure><testcase name=\'x\'/>&amp;]]>"';
  expect(read({ ...sampleChecks(), findings: [finding({ got })] }).suites.privileged.cases[0].text).toContain(`got: ${got}`);
});

test('whatever the texts are, it is well-formed and they can be read from it', () => {
  const text = fc.string({ unit: 'binary', maxLength: 30 });
  fc.assert(fc.property(text, text, text, text, (message, got, path, title) => {
    const { suites } = read({ ...sampleChecks(), controls: [control('other', { title })], findings: [finding({ message, got, path })] });
    expect(suites.privileged.cases).toHaveLength(1);
  }));
});

test.each([
  ['an open element', '<testsuites>'], ['a bare ampersand', '<testsuites name="a & b"/>'], ['a bracket in an attribute', '<testsuites name="a < b"/>'], ['an unquoted attribute', '<testsuites name=a/>'],
  ['a NUL', '<testsuites name="\u0000"/>'], ['half a surrogate pair', '<testsuites name="\ud800"/>'], ['a character that is none', '<testsuites name="\uffff"/>'],
])('the parser of these tests refuses %s', (_, xml) => {
  expect(() => parsed(xml)).toThrow();
});

test('control characters are shown as escapes', () => {
  expect(read({ ...sampleChecks(), findings: [finding({ got: '\u0000\u001b[2J' })] }).suites.privileged.cases[0].text).toContain('got: \\u0000\\u001b[2J');
});

test('the same results give the same bytes in any order, without a time or a host', () => {
  const xml = junit(sampleChecks());
  expect(junit(reversed(sampleChecks()))).toBe(xml);
  expect(xml).not.toMatch(/ (time|timestamp|hostname)=/);
});

test('no field holds a secret', () => {
  const xml = junit({ ...sampleChecks(), controls: [control('a', { title: ACCESS_TOKEN })], findings: [finding({ got: ACCESS_TOKEN })], waivers: [waiver({ state: 'unused', reason: ACCESS_TOKEN })] });
  expect(xml).not.toContain(ACCESS_TOKEN);
  expect(xml.match(/left out: it holds an access token/g)).toHaveLength(3);
});
