import * as fc from 'fast-check';
import { ACCESS_TOKEN, finding, sampleChecks } from './sample-checks';
import { Finding } from '../../src/core/finding';
import { Severity } from '../../src/core/severity';
import { findingsTable } from '../../src/evidence/findings-table';

const { findings } = sampleChecks();

test('a person sees the object, the construct, the place, the value, what would comply and the fix', () => {
  expect(findingsTable([findings[0], findings[2]])).toBe(`CRITICAL

  Deployment/shop/web
  made by app/shop/web/Resource

    privileged: The container is privileged.
      at        spec.template.spec.containers[0].securityContext.privileged
      got       true
      expected  absent or false
      fix       Remove privileged.

MEDIUM

  Deployment/shop/web
  made by app/shop/web/Resource at src/my shop.ts:41

    image-digest: The image has no digest.
      at        spec.template.spec.containers[0].image
      got       "nginx:latest"
      fix       Remove privileged.

2 findings in 1 object: 1 critical, 1 medium`);
});

test('the worst come first, then objects in the order of their names', () => {
  const one = (severity: Severity, resource: string) => finding({ severity, resource });
  const text = findingsTable([one(Severity.LOW, 'Pod/a/a'), one(Severity.CRITICAL, 'Pod/z/z'), one(Severity.LOW, 'Pod/a/b'), one(Severity.CRITICAL, 'Pod/b/b')]);
  expect(text.split('\n').filter((line) => /^(CRIT|LOW|  Pod)/.test(line))).toEqual(['CRITICAL', '  Pod/b/b', '  Pod/z/z', 'LOW', '  Pod/a/a', '  Pod/a/b']);
});

test('the same findings give the same text in any order', () => {
  const many = [...findings, finding({ got: '1' }), finding({ got: '2' }), finding({ resource: undefined, constructPath: undefined })];
  fc.assert(fc.property(fc.shuffledSubarray(many, { minLength: many.length }), (shuffled) => {
    expect(findingsTable(shuffled)).toBe(findingsTable(many));
  }));
});

test('what is the same in several places is told once, with every place', () => {
  const text = findingsTable([0, 1].map((i) => finding({ path: `spec.containers[${i}].securityContext.privileged`, got: i === 0 ? 'true' : '"yes"' })));
  expect(text.match(/Remove privileged/g)).toHaveLength(1);
  expect(text).toMatch(/at +spec\.containers\[0\]\S+\n +got +true\n +at +spec\.containers\[1\]\S+\n +got +"yes"\n/);
  expect(text).toMatch(/2 findings in 1 object: 2 critical$/);
});

test('a finding about no object is one of the whole cluster', () => {
  expect(findingsTable([{ control: 'c', severity: Severity.LOW, message: 'm', fix: 'f' }])).toContain('\n  the whole cluster\n');
});

test('a finding about a construct alone names it once', () => {
  const text = findingsTable([{ control: 'c', severity: Severity.LOW, message: 'm', fix: 'f', constructPath: 'app/x' }]);
  expect(text.match(/app\/x/g)).toHaveLength(1);
});

test('without findings it says so', () => {
  expect(findingsTable([])).toBe('No findings.');
});

test('a long value is cut to one line, a long path is not', () => {
  const path = `metadata.annotations['${'x'.repeat(150)}']`;
  const lines = findingsTable([finding({ got: 'y'.repeat(500), path })], 80).split('\n');
  expect(lines.find((line) => line.includes('got'))).toBe(`      got       ${'y'.repeat(63)}…`);
  expect(lines).toContainEqual(`      at        ${path}`);
});

test('a long fix is wrapped below itself', () => {
  const lines = findingsTable([finding({ fix: 'Remove this and that. '.repeat(6).trim() })], 80).split('\n');
  const first = lines.findIndex((line) => line.startsWith('      fix'));
  expect(lines[first].length).toBeLessThanOrEqual(80);
  expect(lines[first + 1]).toMatch(/^ {16}\S/);
});

test('no line is wider than asked, but for words that are themselves', () => {
  const words = fc.array(fc.string({ minLength: 1, maxLength: 12 }), { minLength: 1, maxLength: 60 }).map((all) => all.join(' '));
  fc.assert(fc.property(fc.integer({ min: 80, max: 120 }), words, words, words, (width, message, fix, got) => {
    const lines = findingsTable([finding({ message, fix, got })], width).split('\n');
    for (const line of lines) {
      const [, rest] = line.match(/^ *(?:(?:at|got|expected|fix|\w+:) +)?(.*)$/)!;
      expect([...line].length <= width || !rest.includes(' ')).toBe(true);
    }
  }));
});

test('a value can neither move the cursor nor hide: escapes, line breaks and reordering are shown', () => {
  const text = findingsTable([finding({ got: '"\u001b[2J\u202eok\nNo findings."', message: 'a\u0000b', resource: 'Pod/a/\u200bb' })]);
  expect(text).toContain('got       "\\u001b[2J\\u202eok No findings."');
  expect(text).toContain('a\\u0000b');
  expect(text).toContain('Pod/a/\\u200bb');
  expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u200b\u202e]/);
});

test('a value of emoji is not cut inside a character', () => {
  expect(findingsTable([finding({ got: '🔒'.repeat(200) })], 80)).toContain(`${'🔒'.repeat(63)}…`);
});

test('a secret never appears, wherever it is', () => {
  const fields: (keyof Finding)[] = ['message', 'fix', 'got', 'expected', 'resource', 'constructPath', 'path'];
  for (const field of fields) {
    const text = findingsTable([finding({ [field]: `so ${ACCESS_TOKEN}` })]);
    expect(text).not.toContain(ACCESS_TOKEN);
    expect(text).toContain('(left out: it holds an access token)');
  }
  expect(findingsTable([finding({ got: 'so gh_token' })])).toContain('so gh_token');
});

test('where there are too many, the worst are shown and all are counted', () => {
  const text = findingsTable([finding({ severity: Severity.LOW, resource: 'Pod/a/low' }), finding({ resource: 'Pod/a/worst' })], 100, 1);
  expect(text).toContain('Pod/a/worst');
  expect(text).not.toContain('Pod/a/low');
  expect(text).toMatch(/\n2 findings in 2 objects: 1 critical, 1 low; shown: the worst 1$/);
});

test('a terminal that is too narrow gets lines of 60 columns', () => {
  expect(findingsTable(findings, 5)).toBe(findingsTable(findings, 60));
});
