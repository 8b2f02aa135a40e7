import { workerRole } from './node-app';
import { installScript } from '../../src/nodes/install-script';
import { OperatingSystem } from '../../src/nodes/operating-system';

test('root\'s files come first, then packages, then files of other owners, then commands', () => {
  const role = workerRole();
  role.addCommand('systemctl restart etcd');
  role.addFile({ path: '/etc/etcd/a.conf', content: '', owner: 'etcd', group: 'etcd' });
  role.addPackage('etcd-server');
  role.addFile({ path: '/etc/z.conf', content: '' });
  const script = installScript(role);
  const steps = ['put /etc/z.conf 0644 root root\n', 'packages=(etcd-server)\n', 'put /etc/etcd/a.conf 0644 etcd etcd\n', '\'systemctl restart etcd\'\n'];
  const positions = steps.map((step) => script.indexOf(step));
  expect(positions).not.toContain(-1);
  expect(positions).toEqual([...positions].sort((a, b) => a - b));
});

test('it stops at the first failure', () => {
  expect(installScript(workerRole())).toMatch(/^#!\/usr\/bin\/env bash\n(#.*\n)*set -euo pipefail\n/);
});

test('paths and commands reach the shell as they are', () => {
  const role = workerRole();
  role.addFile({ path: '/etc/$(reboot) it\'s', content: '' });
  role.addCommand('echo "$HOME" \'quoted\'');
  const script = installScript(role);
  expect(script).toContain('put \'/etc/$(reboot) it\'\\\'\'s\' 0644 root root\n');
  expect(script).toContain('bash -euo pipefail -c \'echo "$HOME" \'\\\'\'quoted\'\\\'\'\'\n');
});

test('it refuses a machine of another release, whose programs may not know an option', () => {
  const script = installScript(workerRole({ operatingSystem: OperatingSystem.UBUNTU_22_04 }));
  expect(script).toContain('grep -Eqx \'ID="?ubuntu"?\' /etc/os-release && grep -Eqx \'VERSION_ID="?22\\.04"?\' /etc/os-release');
  expect(script).toContain('these files are for Ubuntu 22.04');
});
