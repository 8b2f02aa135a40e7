import { Machine, run } from './machine';

const SCRIPT = '/usr/local/sbin/cluster-pki';

/** What a command prints last: a digest or a fingerprint. */
export function lastWord(output: string): string {
  return output.trim().split(/\s/).pop()!;
}

/** The digest of a host's requests in a folder, taken there. */
export function digestOf(folder: string, host: string): string {
  return run('sh', ['-c', `cd ${folder} && sha256sum *.${host}.csr | sha256sum | cut -d ' ' -f 1`]).trim();
}

/** Brings requests from a node to where they are signed, and certificates back. Returns the folder that was brought. */
export function issue(authority: Machine, node: Machine, host: string, name?: string): string {
  const folder = run('mktemp', ['-d', `${authority.root}/XXXXXX`]).trim();
  const requests = lastWord(node.run(SCRIPT, 'request', host, ...(name ? [name] : [])));
  run('sh', ['-c', `cp ${node.path('/etc/cluster-pki/requests')}/*.csr ${folder}`]);
  const authorities = lastWord(authority.run(SCRIPT, 'sign', folder, host, requests, ...(name ? [name] : [])));
  node.run(SCRIPT, 'install', folder, authorities, host);
  return folder;
}

/** Makes a machine with the files of a node the one outside the cluster that keeps the CAs' keys, as the documentation says. */
export function keepExternalAuthority(machine: Machine): void {
  run('sh', ['-c', `cp ${machine.path('/etc/cluster-pki/openssl-authorities')}/* ${machine.path('/etc/cluster-pki/openssl')}`]);
  machine.run(SCRIPT, 'ca', 'first');
}
