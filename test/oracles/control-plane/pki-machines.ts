import { Machine, run } from './machine';

const SCRIPT = '/usr/local/sbin/cluster-pki';

/** Brings requests from a node to where they are signed, and certificates back. */
export function issue(authority: Machine, node: Machine, host: string, name?: string): void {
  const folder = run('mktemp', ['-d', `${authority.root}/XXXXXX`]).trim();
  node.run(SCRIPT, 'request', host, ...(name ? [name] : []));
  run('sh', ['-c', `cp ${node.path('/etc/cluster-pki/requests')}/*.csr ${folder}`]);
  authority.run(SCRIPT, 'sign', folder, ...(name ? [name] : []));
  node.run(SCRIPT, 'install', folder, host);
}

/** Makes a machine with the files of a node the one outside the cluster that keeps the CAs' keys, as the documentation says. */
export function keepExternalAuthority(machine: Machine): void {
  run('sh', ['-c', `cp ${machine.path('/etc/cluster-pki/openssl-authorities')}/* ${machine.path('/etc/cluster-pki/openssl')}`]);
  machine.run(SCRIPT, 'ca');
}
