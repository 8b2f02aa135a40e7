import { OperatingSystem } from '../../src/nodes/operating-system';

test.each([
  [OperatingSystem.DEBIAN_12, 'Debian 12', '9.2'],
  [OperatingSystem.DEBIAN_13, 'Debian 13', '10.0'],
  [OperatingSystem.UBUNTU_22_04, 'Ubuntu 22.04', '8.9'],
  [OperatingSystem.UBUNTU_24_04, 'Ubuntu 24.04', '9.6'],
])('%s ships OpenSSH %s', (system, name, openSsh) => {
  expect(system.toString()).toBe(name);
  expect(system.openSshVersion).toBe(openSsh);
});

test('OpenSSH versions are compared as numbers: 10.0 is newer than 9.9, 9.2 is older than 9.10', () => {
  expect(OperatingSystem.DEBIAN_13._openSshAtLeast(9, 9)).toBe(true);
  expect(OperatingSystem.DEBIAN_12._openSshAtLeast(9, 10)).toBe(false);
  expect(OperatingSystem.DEBIAN_12._openSshAtLeast(9, 2)).toBe(true);
  expect(OperatingSystem.UBUNTU_22_04._openSshAtLeast(9, 1)).toBe(false);
});
