import { workerRole } from './node-app';
import { NodeFileKind } from '../../src/core/node-file';
import { renderFolder } from '../../src/nodes/folder-renderer';

test('every file is at its path with its mode, so that a restricted one is restricted in the folder too', () => {
  const role = workerRole();
  role.addFile({ path: '/etc/kubernetes/audit.yaml', content: 'a: 1\n', kind: NodeFileKind.RESTRICTED });
  role.addFile({ path: '/etc/sudoers.d/admins', content: '%admins ALL=(root) /usr/bin/true\n', kind: NodeFileKind.SUDOERS });
  const files = renderFolder(role);
  expect(files.slice(0, 2)).toEqual([
    { path: 'files/etc/kubernetes/audit.yaml', content: 'a: 1\n', mode: 0o600 },
    { path: 'files/etc/sudoers.d/admins', content: '%admins ALL=(root) /usr/bin/true\n', mode: 0o440 },
  ]);
  expect(files.map(({ path, mode }) => [path, mode]).slice(2)).toEqual([['install.sh', 0o755], ['manifest.json', undefined]]);
});

test('the manifest tells mode, owner and digest of every file', () => {
  const role = workerRole();
  role.addFile({ path: '/etc/motd', content: 'hello\n', owner: 'root', group: 'adm', mode: '0640' });
  role.addPackage('auditd');
  role.addCommand('true');
  const manifest = renderFolder(role).find((file) => file.path === 'manifest.json')!;
  expect(JSON.parse(manifest.content.toString())).toEqual({
    role: 'worker',
    kind: 'worker',
    operatingSystem: 'Debian 13',
    // sha256sum of the six bytes
    files: [{
      path: '/etc/motd', mode: '0640', owner: 'root', group: 'adm', sha256: '5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03',
    }],
    packages: ['auditd'],
    commands: ['true'],
  });
});
