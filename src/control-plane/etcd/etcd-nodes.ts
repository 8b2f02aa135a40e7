import { addEtcdTlsFlags, hostPort } from './etcd-flags';
import { EtcdMember, EtcdTlsConfig } from './etcd-tls-config';
import { NodeRole } from '../../nodes/node-role';
import { ComponentFlags } from '../component/component-flags';
import { NETWORKED, sandboxLines } from '../component/service-sandbox';
import { trustedAuthorityPath } from '../pki/etcd-rows';
import { PkiPlan } from '../pki/pki-plan';

/** What etcd on machines of its own needs there besides its certificates: one environment file a member, and a service. */
export function addEtcdNodeFiles(nodes: NodeRole, etcd: EtcdTlsConfig, plan: PkiPlan, clusterName: string, etcdVersion: string): void {
  nodes.addFile({ path: '/etc/sysusers.d/etcd.conf', content: 'u etcd - "etcd" /var/lib/etcd\n' });
  for (const member of etcd.members) {
    nodes.addFile({ path: `/etc/etcd/members/${member.name}.env`, content: environment(member, etcd, clusterName) });
  }
  nodes.addFile({ path: '/etc/systemd/system/etcd.service', content: service(etcd, plan, etcdVersion, nodes.node.path) });
  nodes.addCommand('systemd-sysusers /etc/sysusers.d/etcd.conf');
  nodes.addCommand('systemctl daemon-reload');
  nodes.addCommand('systemctl enable etcd.service');
}

/** What differs from member to member, and the list of all. */
function environment(member: EtcdMember, etcd: EtcdTlsConfig, clusterName: string): string {
  const client = `https://${hostPort(member.address, 2379)}`;
  const peer = `https://${hostPort(member.address, 2380)}`;
  return [
    `ETCD_NAME=${member.name}`,
    `ETCD_LISTEN_CLIENT_URLS=${client},https://127.0.0.1:2379`,
    `ETCD_ADVERTISE_CLIENT_URLS=${client}`,
    `ETCD_LISTEN_PEER_URLS=${peer}`,
    `ETCD_INITIAL_ADVERTISE_PEER_URLS=${peer}`,
    `ETCD_INITIAL_CLUSTER=${etcd.members.map((other) => `${other.name}=https://${hostPort(other.address, 2380)}`).join(',')}`,
    'ETCD_INITIAL_CLUSTER_STATE=new',
    `ETCD_INITIAL_CLUSTER_TOKEN=${clusterName}-etcd`,
    '',
  ].join('\n');
}

/** Security is said by flags: etcd ignores keys of a configuration file, and variables, that it does not know, but no flag. */
function service(etcd: EtcdTlsConfig, plan: PkiPlan, etcdVersion: string, at: string): string {
  const flags = new ComponentFlags('etcd', at);
  addEtcdTlsFlags(flags, etcd.minimumTlsVersion);
  const [server] = plan.named('etcd-server');
  const [peer] = plan.named('etcd-peer');
  const setBy = 'EtcdTlsConfig';
  flags
    .set('cert-file', server.certificatePath, setBy)
    .set('data-dir', '/var/lib/etcd', setBy)
    .set('key-file', server.keyPath!, setBy)
    .set('listen-metrics-urls', 'http://127.0.0.1:2381', setBy)
    .set('peer-cert-file', peer.certificatePath, setBy)
    .set('peer-key-file', peer.keyPath!, setBy)
    .set('peer-trusted-ca-file', trustedAuthorityPath(peer), setBy)
    .set('trusted-ca-file', trustedAuthorityPath(server), setBy);
  return `[Unit]
Description=etcd ${etcdVersion} with mutual TLS
After=network-online.target
Wants=network-online.target

[Service]
Type=notify
User=etcd
Group=etcd
# The machine's host name says which member it is; on another machine the service does not start.
EnvironmentFile=/etc/etcd/members/%l.env
ExecStart=/usr/local/bin/etcd \\
${flags.all.map(({ name, value }) => `  --${name}=${value}`).join(' \\\n')}
Restart=on-failure
RestartSec=5
LimitNOFILE=65536
StateDirectory=etcd
StateDirectoryMode=0700
UMask=0077
${sandboxLines(NETWORKED)}

[Install]
WantedBy=multi-user.target
`;
}
