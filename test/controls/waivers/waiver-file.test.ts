import * as fs from 'fs';
import * as path from 'path';
import { readWaiverFile } from '../../../src/controls/waivers/waiver-file';
import { useTempFolder } from '../../app/temp-folder';
import { errorOf } from '../results/sample-app';

const ENTRY = { control: 'host-network', resource: 'DaemonSet/infra/agent', reason: 'It measures the network.', owner: 'platform', expires: '2027-01-31' };
const YAML = `# Reviewed by security.
waivers:
  - control: host-network
    resource: DaemonSet/infra/agent
    reason: It measures the network.
    owner: platform
    expires: 2027-01-31
    value: true
    ticket: SEC-12
    approver: ciso
  - control: drop-all
    resource: DaemonSet/infra/agent
    container: agent
    path: spec.template.spec.containers[0].securityContext.capabilities.add
    value: [NET_RAW, NET_ADMIN]
    reason: >-
      It opens
      raw sockets.
    owner: platform
    expires: "2027-01-31"
`;

useTempFolder();

function file(text: string, name = 'waivers.yaml'): string {
  fs.writeFileSync(name, text);
  return name;
}

describe('a file of waivers', () => {
  test('is read from YAML, days with and without quotes', () => {
    expect(readWaiverFile(file(YAML))).toEqual([
      { declaredAt: 'waivers.yaml, entry 1', waiver: { ...ENTRY, value: true, ticket: 'SEC-12', approver: 'ciso' } },
      {
        declaredAt: 'waivers.yaml, entry 2',
        waiver: {
          ...ENTRY, control: 'drop-all', container: 'agent', path: 'spec.template.spec.containers[0].securityContext.capabilities.add', value: ['NET_RAW', 'NET_ADMIN'],
          reason: 'It opens raw sockets.',
        },
      },
    ]);
  });

  test('is read from JSON, however it is indented', () => {
    for (const indent of [0, 2, '\t']) {
      expect(readWaiverFile(file(JSON.stringify({ waivers: [ENTRY] }, null, indent), 'waivers.json'))).toEqual([{ declaredAt: 'waivers.json, entry 1', waiver: ENTRY }]);
    }
  });

  test('may be empty but for its key', () => {
    expect(readWaiverFile(file('waivers: []\n'))).toEqual([]);
  });

  test('is named as it is from the working directory, on any machine', () => {
    file('waivers: []\n');
    fs.mkdirSync('security');
    file(JSON.stringify({ waivers: [ENTRY] }), 'security/waivers.json');
    expect(readWaiverFile(path.resolve('security/waivers.json'))[0].declaredAt).toBe('security/waivers.json, entry 1');
  });

  test('takes values as JSON has them: yes is a word', () => {
    const [first, second] = readWaiverFile(file(JSON.stringify({ waivers: [ENTRY, ENTRY] }).replace(/"expires"/, '"value": yes, "expires"').replace(/}]/, ', "value": 010}]')));
    expect([first.waiver.value, second.waiver.value]).toEqual(['yes', 10]);
  });
});

describe('a file that can\'t be taken whole is refused', () => {
  test('one that is not there', () => {
    expect(errorOf(() => readWaiverFile('missing.yaml'))).toBe(
      '[missing.yaml] file: allowed: a file that can be read (ENOENT). Correct the path; it is resolved from the working directory.');
  });

  test('a folder', () => {
    fs.mkdirSync('waivers.yaml');
    expect(errorOf(() => readWaiverFile('waivers.yaml'))).toBe(
      '[waivers.yaml] file: allowed: a file that can be read (EISDIR). Correct the path; it is resolved from the working directory.');
  });

  test.each<[string, string, string]>([
    ['JSON that ends too early', '{"waivers": [', 'Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 14'],
    ['YAML with a broken list', 'waivers:\n- a: [1\n b', 'Flow sequence in block collection must be sufficiently indented and end with a ] at line 3, column 2'],
    ['a key twice, of which the last would win', 'waivers: []\nwaivers: []\n', 'Map keys must be unique at line 2, column 1'],
    ['a field twice', 'waivers:\n- control: a\n  control: b\n', 'Map keys must be unique at line 3, column 3'],
    ['a tag', 'waivers: !!js/function x', 'Unresolved tag: tag:yaml.org,2002:js/function at line 1, column 10'],
    ['an alias of nothing', 'waivers: *all', 'Unresolved alias (the anchor must be set before the alias): all'],
  ])('%s', (_what, text, reason) => {
    expect(errorOf(() => readWaiverFile(file(text)))).toBe(`[waivers.yaml] file: allowed: YAML or JSON (${reason}). Correct the file.`);
  });

  const SHAPE = 'allowed: one document with the list "waivers" and nothing else. Begin the file with "waivers:" and list them below it.';
  test.each<[string, string, string]>([
    ['an empty one', '', '"object"'], ['text', 'waivers', '"string"'], ['a list', '- control: a', '"object"'], ['another key beside', 'waivers: []\nversion: 1', '["waivers","version"]'],
    ['another key', 'waiver: []', '["waiver"]'], ['no list below the key', 'waivers: {}', '["waivers"]'], ['nothing below the key', 'waivers:', '["waivers"]'],
    ['two documents', 'waivers: []\n---\nwaivers: []', '"object"'],
  ])('%s', (_what, text, got) => {
    expect(errorOf(() => readWaiverFile(file(text)))).toBe(`[waivers.yaml] waivers: got ${got}; ${SHAPE}`);
  });

  test('it shows nothing of a file that was named by mistake', () => {
    expect(errorOf(() => readWaiverFile(file('apiVersion: v1\nkind: Secret\nstringData: {password: hunter2}')))).not.toContain('hunter2');
  });

  test.each<[string, object | null, string]>([
    ['an entry without a reason', { ...ENTRY, reason: undefined }, 'reason: got undefined'], ['without an owner', { ...ENTRY, owner: '' }, 'owner: got ""'],
    ['without an expiry', { ...ENTRY, expires: undefined }, 'expires: got undefined'], ['with a day that is none', { ...ENTRY, expires: '2027-02-30' }, 'expires: got "2027-02-30"'],
    ['with a field that nobody reads', { ...ENTRY, expiry: '2027-01-31' }, 'expiry: allowed:'], ['that is null', null, 'waiver: got null'],
  ])('%s names file and entry', (_what, entry, start) => {
    expect(errorOf(() => readWaiverFile(file(JSON.stringify({ waivers: [ENTRY, entry] }))))).toContain(`[waivers.yaml, entry 2] ${start}`);
  });

  test('a day without quotes that the calendar does not have', () => {
    expect(errorOf(() => readWaiverFile(file(YAML.replace('expires: 2027-01-31', 'expires: 2027-02-30'))))).toContain('[waivers.yaml, entry 1] expires: got "2027-02-30"; allowed: a day as YYYY-MM-DD.');
  });
});
