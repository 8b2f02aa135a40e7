/** Denied to every service's process, unless the service says otherwise: no capability, no network, the file system read-only, nothing of the kernel. */
const CLOSED: Readonly<Record<string, string>> = {
  CapabilityBoundingSet: '',
  LockPersonality: 'yes',
  MemoryDenyWriteExecute: 'yes',
  NoNewPrivileges: 'yes',
  PrivateDevices: 'yes',
  PrivateTmp: 'yes',
  ProtectClock: 'yes',
  ProtectControlGroups: 'yes',
  ProtectHome: 'yes',
  ProtectHostname: 'yes',
  ProtectKernelLogs: 'yes',
  ProtectKernelModules: 'yes',
  ProtectKernelTunables: 'yes',
  ProtectSystem: 'strict',
  RestrictAddressFamilies: 'AF_UNIX',
  RestrictNamespaces: 'yes',
  RestrictRealtime: 'yes',
  RestrictSUIDSGID: 'yes',
  SystemCallArchitectures: 'native',
};

/** Address families of a service that talks to other machines. */
export const NETWORKED = { RestrictAddressFamilies: 'AF_INET AF_INET6 AF_UNIX' } as const;

/**
 * The lines of a systemd service that limit what its process can do (systemd.exec(5)), by name, without a line end behind the last.
 *
 * @param own what the service says besides, or in place of what all say
 */
export function sandboxLines(own: Readonly<Record<string, string>> = {}): string {
  const directives = { ...CLOSED, ...own };
  return Object.keys(directives).sort().map((name) => `${name}=${directives[name]}`).join('\n');
}
