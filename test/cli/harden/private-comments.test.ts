import * as fc from 'fast-check';
import { hardened, text } from './editing';
import { edited } from '../../../src/cli/harden/text-edits';
import { unifiedDiff } from '../../../src/cli/harden/unified-diff';
import { run } from '../run';

/** All that `harden --diff` may show, were every line near a change. */
function shownOf(content: string): string {
  const { text: source, edits, masks } = hardened(content);
  expect(edits.length).toBeGreaterThan(0);
  return edited(source, masks);
}

/** A Pod with comments where `#` stands. */
function podWith(...comments: string[]): string {
  return `apiVersion: v1\nkind: Pod\nmetadata: {name: p}\nspec:\n${comments.map((line) => `  ${line}\n`).join('')}  hostPID: true\n  containers: [{name: c, image: x}]\n`;
}

describe('a comment is hidden', () => {
  test.each([
    ['the name of a secret with its value', ['# password: swordfish']],
    ['the same in the way of a shell', ['# DB_PASSWORD=swordfish']],
    ['a token by its form', ['# ghp_0123456789abcdefghijABCDEFGHIJ012345', '# and swordfish']],
    ['an address with credentials', ['# postgres://shop:swordfish@db/shop']],
    ['a name and its value on two lines', ['# - name: API_KEY', '#   value: swordfish']],
    ['the value of any variable', ['# - name: GREETING', '#   value: "swordfish"']],
    ['a variable in brackets', ['# {name: GREETING, value: swordfish}']],
    ['text of several lines', ['# greeting: |', '#   swordfish']],
    ['a value below its key', ['# greeting:', '#   swordfish']],
    ['arguments', ['# args:', '# - --pin', '# - swordfish']],
    ['arguments in brackets', ['# ["--pin", "swordfish"]']],
    ['an argument with its value', ['# - -p swordfish']],
    ['a private key', ['# -----BEGIN RSA PRIVATE KEY-----', '# swordfish', '#', '# -----END RSA PRIVATE KEY-----']],
    ['what was taken out twice', ['## # token=swordfish']],
    ['a sentence with the name of a secret', ['# the API key is swordfish']],
    ['a command', ['# curl -u admin:swordfish https://x']],
    ['a remark about a secret', ['# TODO: password is swordfish']],
    ['more than a reference', ['# value: ${USER}:swordfish']],
    ['data of a Secret', ['# data:', '#   greeting: swordfish']],
  ])('with %s', (_, lines) => {
    const shown = shownOf(podWith(...lines));
    expect(shown).not.toContain('swordfish');
    expect(shown).toContain('  # (not shown)\n  hostPID: true\n'.replace('# ', lines[lines.length - 1].replace(/^([#\s]+).*/, '$1')));
  });

  test.each([
    ['at the end of a line', 'hostPID: true', 'hostPID: true # password: swordfish'],
    ['before the document', 'apiVersion: v1', '# password: swordfish\napiVersion: v1'],
    ['after its end', '$', '...\n# password: swordfish\n'],
    ['in brackets', '{name: p}', '{name: p, # password: swordfish\n  }'],
    ['beside the mark of text over several lines', '{name: p}', '\n  name: p\n  annotations:\n    a: | # password: swordfish\n      b'],
    ['after such text', '{name: p}', '\n  name: p\n  annotations:\n    a: |\n      b\n  # password: swordfish'],
    ['beside an anchor', 'hostPID: true', 'hostPID: true\n  hostname: &h # password: swordfish\n    a'],
    ['in a map that comes by a merge key', 'hostPID: true', 'hostPID: true\n  <<: { # password: swordfish\n    hostname: a }'],
    ['after a key with a question mark', 'hostPID: true', 'hostPID: true\n  ? hostname # password: swordfish\n  : a'],
    ['beside a value that is hidden', 'name: c, image: x', 'name: c, image: x, env: [{name: A, value: b}] # was swordfish\n  '],
    ['in place of a secret', 'hostPID: true', 'hostPID: true\n  password: # swordfish'],
    ['under a name in other letters', 'hostPID: true', 'hostPID: true # слово: swordfish'],
    ['on the line after the comment with its name', 'hostPID: true', 'hostPID: true # password:\n                # swordfish'],
  ])('%s', (_, place, replacement) => {
    const shown = shownOf(place === '$' ? podWith() + replacement : podWith().replace(place, () => replacement));
    expect(shown).toContain('(not shown)');
    expect(shown).not.toContain('swordfish');
  });

  test('on lines that go, too, and then the diff is no patch', async () => {
    const { stdout, stderr } = await run(['harden', '-', '--diff'], { stdin: podWith('# pin=swordfish').replace('true', 'true # password: swordfish') });
    expect(stdout).toContain('-  # (not shown)\n-  hostPID: true # (not shown)\n');
    expect(stdout).not.toContain('swordfish');
    expect(stderr.replace(/\n/g, ' ')).toContain('What may be secret is not shown, so that the diff can\'t be applied as a patch');
  });
});

test.each([
  '# nobody knows why', '#', '# hostPID: true', '# replicas: 3', '# Source: shop/templates/web.yaml', '# TODO: remove it after the move to the new cluster',
  '# - the proxy needs it', '# was ghcr.io/acme/web:1.4@sha256:0123', '# see https://kubernetes.io/docs/concepts/security/pod-security-standards/', '# securityContext:', '# yamllint disable-line',
])('%s is shown', (comment) => {
  const content = podWith(comment);
  expect(shownOf(content)).toBe(content);
});

test('a comment below one that is hidden at the end of a line is shown, but for one right below it', () => {
  const shown = shownOf(podWith('hostname: a # pin=swordfish', '# nobody knows why'));
  expect(shown).toContain('  hostname: a # (not shown)\n  # nobody knows why\n');
});

test('a `#` in a key or in a value begins no comment', () => {
  const content = text`
    apiVersion: v1
    kind: Pod
    metadata: {name: p, labels: {"a# b: c": 'd # e: f', g#h: i#j}}
    spec:
      hostPID: true
      containers: [{name: c, image: x, workingDir: "/x # y: z"}]
  `;
  expect(shownOf(content)).toBe(content);
});

const secrets = fc.stringMatching(/^[A-Za-z0-9+/_-]{4,20}$/).map((random) => `Zq9${random}`);
const names = fc.constantFrom('password', 'DB_PASSWORD', 'api-key', 'token', 'greeting', 'GREETING', 'client_secret');
/** On one line. */
const single = fc.tuple(fc.constantFrom(
  (name: string, secret: string) => `${name}: ${secret}`, (name: string, secret: string) => `${name}=${secret}`, (name: string, secret: string) => `"${name}": "${secret}",`,
  (name: string, secret: string) => `{name: ${name}, value: ${secret}}`, (name: string, secret: string) => `export ${name}='${secret}' # why`,
  (_: string, secret: string) => `the password is ${secret}`, (_: string, secret: string) => `https://shop:${secret}@example.com`,
), names, secrets).map(([form, name, secret]) => [form(name, secret)]);
/** On several lines. */
const several = fc.tuple(fc.constantFrom(
  (name: string, secret: string) => [`- name: ${name}`, `  value: ${secret}`], (name: string, secret: string) => [`${name}: |`, `  ${secret}`, `  ${secret}`],
  (name: string, secret: string) => [`${name}:`, `  ${secret}`], (_: string, secret: string) => ['args:', '- --pin', `- ${secret}`],
  (_: string, secret: string) => ['-----BEGIN PRIVATE KEY-----', secret, '', secret, '-----END PRIVATE KEY-----'],
), names, secrets).map(([form, name, secret]) => form(name, secret));
const comment = (lines: readonly string[], indent: number) => lines.map((line) => `${' '.repeat(indent)}# ${line}\n`).join('');
const own = (indent: number) => fc.oneof(fc.constant(''), fc.oneof(single, several).map((lines) => comment(lines, indent)));
const trailing = fc.oneof(fc.constant(''), single.map(([line]) => ` # ${line}`));
const pods = fc.tuple(
  own(0), trailing, own(2), trailing, own(2), trailing, own(4), trailing, own(6), trailing, own(0), fc.boolean(),
).map(([a, b, c, d, e, f, g, h, i, j, k, isCrlf]) => {
  const spec = `${e}  hostPID: true${f}\n  containers:\n  - name: c\n${g}    image: x${h}\n    ports: [\n${i}      {containerPort: 80},${j}\n    ]\n${k}`;
  const content = `${a}apiVersion: v1${b}\nkind: Pod\nmetadata:\n  name: p\n${c}spec:${d}\n${spec}`;
  return isCrlf ? content.replace(/\n/g, '\r\n') : content;
});

test('no secret that stands in comments in such forms is ever shown', () => {
  let seen = 0;
  fc.assert(fc.property(pods, (content) => {
    const { text: source, edits, masks, ranges } = hardened(content);
    expect(edits.length).toBeGreaterThan(0);
    expect(edited(source, masks)).not.toContain('Zq9');
    expect(unifiedDiff(source, edits, masks, ranges).lines.join('\n')).not.toContain('Zq9');
    seen += unifiedDiff(source, edits, [], ranges).lines.some((line) => line.includes('Zq9')) ? 1 : 0;
    // Nothing but comments is hidden.
    expect(edited(source, masks).replace(/# .*$/gm, '')).toBe(source.replace(/# .*$/gm, ''));
  }), { numRuns: 300 });
  // It would be seen without that.
  expect(seen).toBeGreaterThan(100);
});
