import { isOfEtcdMachine, trustedAuthorityPath } from './etcd-rows';
import { PkiCertificate, PkiMaker } from './pki-certificate';
import { PKI_CHECK_SCRIPT } from './pki-check-script';
import { NodeFileKind } from '../../core/node-file';
import { NodeRole } from '../../nodes/node-role';
import { sandboxLines } from '../component/service-sandbox';
import { CLUSTER_PKI } from '../paths';
import { WebhookCertificate } from '../webhook-certificates';

const KUBELET_SERVING = '/var/lib/kubelet/pki/kubelet-server-current.pem';

/**
 * Looks daily at every certificate that a machine of the role has.
 *
 * @param others certificates that the API server does not start without, whoever makes them
 */
export function addPkiCheck(nodes: NodeRole, rows: PkiCertificate[], others: readonly WebhookCertificate[] = []): void {
  const leaves = rows.filter((row) => row.issuer !== undefined);
  const lines = leaves.flatMap((row) => [
    `${row.issuer} certificate required ${trustedAuthorityPath(row)}`,
    ...linesOf(row),
  ]);
  const planned = new Set(rows.map(({ certificatePath }) => certificatePath));
  lines.push(...others.filter(({ path }) => !planned.has(path)).map(({ name, path }) => `${name} certificate required ${path}`));
  if (!leaves.every(isOfEtcdMachine)) {
    lines.push(`kubelet-serving certificate optional ${KUBELET_SERVING}`);
  }
  nodes.addFile({ path: CLUSTER_PKI.checked, content: `${[...new Set(lines)].sort().join('\n')}\n` });
  nodes.addFile({ path: CLUSTER_PKI.checkScript, content: PKI_CHECK_SCRIPT, kind: NodeFileKind.EXECUTABLE, mode: '0700' });
  nodes.addFile({ path: '/etc/systemd/system/pki-check.service', content: service(trustedAuthorityPath(leaves[0])) });
  nodes.addFile({ path: '/etc/systemd/system/pki-check.timer', content: TIMER });
  nodes.addPackage('openssl');
  nodes.addCommand('systemctl daemon-reload');
  nodes.addCommand('systemctl enable --now pki-check.timer');
}

function linesOf(row: PkiCertificate): string[] {
  if (row.name === 'kubelet' && row.maker === PkiMaker.CLUSTER_PKI) {
    // The kubelet's first certificate is of no use after it has a newer one.
    return [`kubelet kubelet required ${row.certificatePath}`];
  }
  return [`${row.name} ${row.certificatePath.endsWith('.conf') ? 'kubeconfig' : 'certificate'} ${needOf(row)} ${row.certificatePath}`];
}

/** kubeadm makes super-admin.conf on the first node alone. */
function needOf(row: PkiCertificate): string {
  return row.name === 'super-admin' ? 'optional' : 'required';
}

function service(authority: string): string {
  return `[Unit]
Description=Warn before certificates of the cluster expire
# Before the first certificates are made there is nothing to look at.
ConditionPathExists=${authority}

[Service]
Type=oneshot
ExecStart=${CLUSTER_PKI.checkScript}
${sandboxLines({ CapabilityBoundingSet: 'CAP_DAC_READ_SEARCH', PrivateNetwork: 'yes' })}
`;
}

const TIMER = `[Unit]
Description=Look daily whether certificates of the cluster are due

[Timer]
OnCalendar=daily
RandomizedDelaySec=1h
Persistent=true

[Install]
WantedBy=timers.target
`;
