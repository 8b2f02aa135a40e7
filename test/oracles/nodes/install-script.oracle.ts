import { createHash } from 'crypto';
import { readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { join } from 'path';
import { Outcome, run, scratchFolder, writeRole } from './write-role';
import { NodeFileKind } from '../../../src/core/node-file';
import { NodeRole } from '../../../src/nodes/node-role';
import { shellQuote } from '../../../src/nodes/shell-quote';
import { SshHardening } from '../../../src/nodes/ssh-hardening';
import { workerRole } from '../../nodes/node-app';
import { describeWith } from '../programs';

function fullRole(): NodeRole {
  const role = workerRole();
  new SshHardening(role, 'ssh', { roles: [role], allowedCidrs: ['10.0.0.0/16'], groupMembers: ['debian'] });
  role.addFile({ path: '/etc/kubernetes/audit.yaml', content: 'no newline at the end', kind: NodeFileKind.RESTRICTED });
  role.addFile({ path: '/etc/kubernetes/run.sh', content: '#!/bin/sh\r\n', kind: NodeFileKind.EXECUTABLE });
  role.addFile({ path: '/etc/sudoers.d/admins', content: '', kind: NodeFileKind.SUDOERS });
  role.addFile({ path: '/etc/it\'s "é" *', content: '\0\u0085${x}\n', owner: 'nobody', group: 'adm' });
  role.addCommand('echo "$HOME" \'it\' > /dev/null; false');
  return role;
}

let folder: string;
beforeAll(() => {
  folder = scratchFolder('install');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeWith(['shellcheck'], 'a real shellcheck', ({ shellcheck }) => {
  function check(script: string): Outcome {
    const path = join(folder, 'install.sh');
    writeFileSync(path, script);
    return run(shellcheck, [path]);
  }
  const scriptOf = (role: NodeRole) => readFileSync(join(writeRole(role, folder), 'install.sh'), 'utf8');

  test('finds nothing in the install script of a full role', () => {
    expect(check(scriptOf(fullRole()))).toEqual({ status: 0, output: '' });
  });

  test('finds nothing in that of an empty role', () => {
    expect(check(scriptOf(workerRole()))).toEqual({ status: 0, output: '' });
  });

  test('finds a planted variable without quotes', () => {
    const twin = scriptOf(fullRole()).replace('mkdir -p -- "$folder"', 'mkdir -p -- $folder');
    expect(check(twin)).toMatchObject({ status: 1, output: expect.stringContaining('SC2086') });
  });
});

describe('the install script', () => {
  test('quotes every word for a real shell', () => {
    const words = ['', 'a b', '$(reboot)', 'it\'s', '"', '\\', '*', '~', '-n', 'é', '\t', '`x`', '!', '#', ';', '\'\''];
    const { output } = run('bash', ['-c', `printf '%s\\0' ${words.map(shellQuote).join(' ')}`]);
    expect(output.split('\0').slice(0, -1)).toEqual(words);
  });

  test('puts every byte and mode below another root, twice with one result, and does nothing else there', () => {
    const nodeRole = fullRole();
    nodeRole.addFile({ path: '/etc/$(touch x) `y`', content: 'x' });
    const role = writeRole(nodeRole, folder);
    const root = join(folder, 'root');
    const manifest = JSON.parse(readFileSync(join(role, 'manifest.json'), 'utf8'));
    const states = [1, 2].map(() => {
      expect(run(join(role, 'install.sh'), [], { ...process.env, DESTDIR: root })).toEqual({ status: 0, output: '' });
      return manifest.files.map(({ path }: { path: string }) => {
        const file = join(root, path);
        return { path, mode: `0${(statSync(file).mode % 0o10000).toString(8)}`, sha256: createHash('sha256').update(readFileSync(file)).digest('hex') };
      });
    });
    expect(states[0]).toEqual(manifest.files.map(({ path, mode, sha256 }: Record<string, string>) => ({ path, mode, sha256 })));
    expect(states[1]).toEqual(states[0]);
    const files = run('find', [root, '-type', 'f', '-printf', '.']).output;
    expect(files).toHaveLength(manifest.files.length);
  });

  test('repairs a file that was changed, widened or replaced by a link', () => {
    const role = writeRole(fullRole(), folder);
    const root = join(folder, 'repaired');
    const install = () => run(join(role, 'install.sh'), [], { ...process.env, DESTDIR: root }).status;
    const file = join(root, '/etc/kubernetes/audit.yaml');
    const elsewhere = join(folder, 'elsewhere');
    install();
    run('chmod', ['0666', file]);
    writeFileSync(file, 'weak');
    expect(install()).toBe(0);
    expect([readFileSync(file, 'utf8'), statSync(file).mode % 0o1000]).toEqual(['no newline at the end', 0o600]);

    writeFileSync(elsewhere, 'untouched');
    run('ln', ['-sf', elsewhere, file]);
    expect(install()).toBe(0);
    expect([readFileSync(file, 'utf8'), readFileSync(elsewhere, 'utf8')]).toEqual(['no newline at the end', 'untouched']);
  });

  test('stops where a file of the folder is missing', () => {
    const role = writeRole(fullRole(), folder);
    rmSync(join(role, 'files/etc/kubernetes/audit.yaml'));
    expect(run(join(role, 'install.sh'), [], { ...process.env, DESTDIR: join(folder, 'stopped') }).status).not.toBe(0);
  });
});
