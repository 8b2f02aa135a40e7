import { NETWORKED, sandboxLines } from '../../../src/control-plane/component/service-sandbox';

const linesOf = (own?: Record<string, string>) => sandboxLines(own).split('\n');

test('a service that says nothing has no capability and no network, and writes nowhere', () => {
  expect(linesOf()).toEqual([
    'CapabilityBoundingSet=',
    'LockPersonality=yes',
    'MemoryDenyWriteExecute=yes',
    'NoNewPrivileges=yes',
    'PrivateDevices=yes',
    'PrivateTmp=yes',
    'ProtectClock=yes',
    'ProtectControlGroups=yes',
    'ProtectHome=yes',
    'ProtectHostname=yes',
    'ProtectKernelLogs=yes',
    'ProtectKernelModules=yes',
    'ProtectKernelTunables=yes',
    'ProtectSystem=strict',
    'RestrictAddressFamilies=AF_UNIX',
    'RestrictNamespaces=yes',
    'RestrictRealtime=yes',
    'RestrictSUIDSGID=yes',
    'SystemCallArchitectures=native',
  ]);
});

test('what a service says itself takes the place of what all say, once', () => {
  const lines = linesOf({ CapabilityBoundingSet: 'CAP_DAC_READ_SEARCH', ...NETWORKED });

  expect(lines.filter((line) => /^(Cap|RestrictAddress)/.test(line))).toEqual([
    'CapabilityBoundingSet=CAP_DAC_READ_SEARCH', 'RestrictAddressFamilies=AF_INET AF_INET6 AF_UNIX',
  ]);
  expect(lines).toHaveLength(linesOf().length);
});

test('what it says besides stands among the others by name, and takes nothing away', () => {
  const lines = linesOf({ PrivateNetwork: 'yes', InaccessiblePaths: '-/etc/kubernetes' });

  expect(lines).toEqual([...linesOf(), 'InaccessiblePaths=-/etc/kubernetes', 'PrivateNetwork=yes'].sort());
});
