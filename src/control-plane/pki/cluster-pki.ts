import { CertificateOptions, checkCertificateOptions } from './certificate-options';
import { controlPlaneRows, endpointHosts, serviceAccountKeys } from './control-plane-rows';
import { etcdRows, kubeadmEtcdRows } from './etcd-rows';
import { PkiPlan } from './pki-plan';
import { RowMaker } from './row-maker';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid, InvalidInput } from '../../core/errors';
import { has } from '../availability';
import { EtcdTlsConfig } from '../etcd/etcd-tls-config';

export { endpointHosts };

/** Administrators of a control plane that kubeadm does not make; bound to cluster-admin by a file on the nodes (pki-files.ts). */
export const ADMIN_GROUP = 'cluster-pki:cluster-admins';
/** Administrators of one that kubeadm makes, and binds. */
export const KUBEADM_ADMIN_GROUP = 'kubeadm:cluster-admins';

/** What decides which certificates there are, and who makes them. */
export interface PkiChoice {
  readonly at: InvalidInput['at'];
  readonly profile: ClusterProfile;
  readonly etcd: EtcdTlsConfig;
  /** Whether etcd has machines of its own. */
  readonly externalEtcd: boolean;
  /** Whether kubeadm installs the control plane; otherwise its static pods are rendered. */
  readonly kubeadm: boolean;
  readonly certificates?: CertificateOptions;
}

/**
 * Every certificate of the cluster's control plane: the one way from a statement to a plan. Who makes a row stands in its `maker`.
 *
 * What a renderer of static pods takes from the plan, all below /etc/kubernetes/pki:
 *
 * - `plan.named('apiserver')[0].certificatePath`, `.keyPath!`: the same paths on every node; so for `apiserver-kubelet-client`, `front-proxy-client`,
 *   `apiserver-etcd-client`, `etcd-server`, `etcd-peer`, `etcd-healthcheck-client` (apiserver.crt, …, etcd/server.crt, etcd/peer.crt)
 * - `plan.named('kubernetes-ca')[0].certificatePath`: ca.crt; `front-proxy-ca`: front-proxy-ca.crt; `etcd-ca`: etcd/ca.crt; `etcd-peer-ca`: etcd/peer-ca.crt
 * - `plan.keyPairs[0].keyPath`, `.publicKeyPath`: sa.key, sa.pub
 * - `addSigningFlags(controllerManager, plan)` (signing-flags.ts): --cluster-signing-*, or nothing where the CA is external
 * - kubeconfigs by path, placed by `addPkiFiles` (pki-files.ts): /etc/kubernetes/{controller-manager,scheduler,kubelet,admin,super-admin}.conf, which
 *   name certificates and keys below /etc/kubernetes/pki, and the API server of the same node as https://127.0.0.1:<port>
 *
 * @throws where options contradict each other, or the script lacks names and addresses of the machines
 */
export function controlPlanePki(choice: PkiChoice): PkiPlan {
  const { profile, etcd, externalEtcd, kubeadm } = choice;
  const version = profile.kubernetesVersion;
  const options = checkCertificateOptions(choice.certificates ?? {}, { at: choice.at, version, kubeadm, externalEtcd });
  const rows = new RowMaker(kubeadm, options.externalAuthority ?? false);
  const nodes = externalEtcd ? options.nodes ?? [] : etcd.members;
  if (rows.byScript && nodes.length === 0) {
    throw unknownNodes(choice);
  }
  const kubeadmGroup = has(version, 'admin without system:masters') ? KUBEADM_ADMIN_GROUP : 'system:masters';
  // With etcd on machines of its own, the script makes its certificates whoever makes the others.
  const ofEtcd = kubeadm && !externalEtcd
    ? kubeadmEtcdRows(etcd, rows)
    : etcdRows(etcd, new RowMaker(false, options.externalAuthority ?? false), !externalEtcd);
  return new PkiPlan({
    certificates: [...controlPlaneRows({ profile, nodes, adminGroup: kubeadm ? kubeadmGroup : ADMIN_GROUP, rows }), ...ofEtcd],
    keyPairs: [serviceAccountKeys(rows)],
    keyAlgorithm: options.keyAlgorithm,
    kubeletSigner: options.kubeletSigner,
  });
}

function unknownNodes({ at, externalEtcd }: PkiChoice): Error {
  return invalid({
    at,
    property: externalEtcd ? 'certificates.nodes' : 'etcd.members',
    got: [],
    allowed: 'name and address of every control-plane node, where kubeadm does not make the certificates',
    fix: externalEtcd ? 'List them: certificates carry them.' : 'List them as members of EtcdTlsConfig: certificates carry them.',
  });
}
