import { readFileSync, rmSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Yaml } from 'cdk8s';
import * as fc from 'fast-check';
import { Outcome, run, scratchFolder } from './write-role';
import { NodeFileKind } from '../../../src/core/node-file';
import { renderCloudInit } from '../../../src/nodes/cloud-init-renderer';
import { NodeRole } from '../../../src/nodes/node-role';
import { SshHardening } from '../../../src/nodes/ssh-hardening';
import { workerRole } from '../../nodes/node-app';
import { describeWith } from '../programs';

/** Reads user data as cloud-init does: its YAML parser, its decoding of contents, its shell script of commands. */
const READER = `
import base64, json, sys
from cloudinit import util
from cloudinit.config import cc_write_files
documents = json.load(open(sys.argv[1]))
result = []
for text in documents:
    config = util.load_yaml(text, default=None)
    if config is None:
        raise SystemExit('cloud-init cannot read: ' + repr(text))
    contents = []
    for entry in config.get('write_files', []):
        extractions = cc_write_files.canonicalize_extraction(entry.get('encoding'))
        content = util.encode_text(cc_write_files.extract_contents(entry['content'], extractions))
        contents.append({'path': entry['path'], 'base64': base64.b64encode(content).decode()})
    result.append({'files': contents, 'script': util.shellify(config.get('runcmd', []))})
json.dump(result, sys.stdout)
`;

interface Read {
  readonly files: { path: string; base64: string }[];
  readonly script: string;
}

function fullRole(): NodeRole {
  const role = workerRole();
  new SshHardening(role, 'ssh', { roles: [role], allowedCidrs: ['10.0.0.0/16'] });
  role.addFile({ path: '/etc/kubernetes/audit.yaml', content: 'a: "0600"\n', kind: NodeFileKind.RESTRICTED });
  role.addFile({ path: '/etc/it\'s a file', content: '\u0085\n', group: 'adm' });
  return role;
}

describeWith(['cloud-init'], 'a real cloud-init', ({ 'cloud-init': cloudInit }) => {
  let folder: string;
  let python: string;
  beforeAll(() => {
    folder = scratchFolder('cloud-init');
    python = /^#!(\S+)/.exec(readFileSync(cloudInit, 'utf8'))![1];
    writeFileSync(join(folder, 'reader.py'), READER);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  function schema(text: string): Outcome {
    writeFileSync(join(folder, 'user-data'), text);
    return run(cloudInit, ['schema', '-c', join(folder, 'user-data')]);
  }

  function read(documents: string[]): Read[] {
    writeFileSync(join(folder, 'documents.json'), JSON.stringify(documents));
    const { status, output } = run(python, [join(folder, 'reader.py'), join(folder, 'documents.json')]);
    expect({ status, output: status === 0 ? '' : output }).toEqual({ status: 0, output: '' });
    return JSON.parse(output);
  }

  test('accepts a role\'s user data', () => {
    expect(schema(renderCloudInit(fullRole()))).toMatchObject({ status: 0, output: expect.stringContaining('Valid') });
  });

  test('accepts an empty role\'s user data', () => {
    expect(schema(renderCloudInit(workerRole())).status).toBe(0);
  });

  test.each([
    ['with an integer for permissions', (text: string) => text.replace('permissions: "0600"', 'permissions: 0600')],
    ['with an unknown encoding', (text: string) => text.replace('encoding: b64', 'encoding: rot13')],
    ['without its first line', (text: string) => text.replace('#cloud-config\n', '')],
  ])('refuses a twin %s', (_, spoil) => {
    const good = renderCloudInit(fullRole());
    expect(spoil(good)).not.toBe(good);
    expect(schema(spoil(good)).status).not.toBe(0);
  });

  test('reads every file\'s bytes as they were given', () => {
    const pieces = ['\n', '\r\n', '\r', ' ', '\t', '\t', 'word', ': ', '- ', '#', '"', '\'', '\\', '|', '${x}', '---', '\0', '\u0085', '\u2028', '\ufeff', '\u009b', '\ufffe', 'é', '💩'];
    const text = fc.array(fc.oneof(fc.constantFrom(...pieces), fc.string({ unit: 'binary', maxLength: 3 }))).map((parts) => parts.join(''));
    const others = ['tab\tin one line', '<<', '=', '~', 'yes', '2026-01-01', '2001-12-14 21:59:43.10 -5', '12:30:45', '1_000', '0x1F', '1e3', '.5', '.inf', '017'];
    const contents = [...pieces, ...others, ...fc.sample(text, { numRuns: 3_000, seed: 1 })];
    const documents = contents.map((content) => {
      const role = workerRole();
      role.addFile({ path: '/etc/a', content });
      return renderCloudInit(role);
    });
    const arrived = read(documents).map(({ files }) => Buffer.from(files[0].base64, 'base64').toString('utf8'));
    expect(arrived).toEqual(contents);
  });

  test('would read other bytes where the YAML writer sends such text as it is: the base64 is needed', () => {
    const naive = `#cloud-config\n${Yaml.stringify({ write_files: [{ path: '/etc/a', content: 'a\u0085\nb\n' }] })}`;
    expect(Buffer.from(read([naive])[0].files[0].base64, 'base64').toString('utf8')).not.toBe('a\u0085\nb\n');
  });

  test('runs commands as they were given, in order, until one fails', () => {
    const role = workerRole();
    const marker = join(folder, 'marker');
    role.addCommand(`printf '%s\\n' "it's \${PWD:+set}" '$HOME' > '${marker}'`);
    role.addCommand(`diff <(echo a) <(echo a) && echo "second" | cat >> '${marker}'`);
    role.addCommand(`false | true; echo 'behind a failed pipe' >> '${marker}'`);
    role.addCommand(`echo 'behind a failed command' >> '${marker}'`);
    const script = join(folder, 'runcmd');
    writeFileSync(script, read([renderCloudInit(role)])[0].script);
    expect(run('sh', [script]).status).not.toBe(0);
    expect(readFileSync(marker, 'utf8')).toBe('it\'s set\n$HOME\nsecond\n');
  });
});
