import { bootstrapRbacYaml } from './bootstrap-rbac';
import { CLUSTER_PKI_SCRIPT } from './cluster-pki-script';
import { isOfEtcdMachine, trustedAuthorityPath } from './etcd-rows';
import { PkiCertificate, PkiMaker } from './pki-certificate';
import { addPkiCheck } from './pki-check';
import { hasKubeconfig, kubeconfigPath, kubeconfigYaml } from './pki-kubeconfig';
import { PkiPlan } from './pki-plan';
import { CURVES, requestConfig } from './request-config';
import { ClusterProfile } from '../../core/cluster-profile';
import { NodeFileKind } from '../../core/node-file';
import { NodeRole } from '../../nodes/node-role';
import { BOOTSTRAP_RBAC, CLUSTER_PKI, ETCD_PKI, PKI_PLAN } from '../paths';
import { WebhookCertificate } from '../webhook-certificates';

/** Which machines there are. */
export interface PkiPlace {
  readonly profile: ClusterProfile;
  readonly plan: PkiPlan;
  /** The control-plane nodes. */
  readonly nodes: NodeRole;
  /** Machines that run etcd alone. */
  readonly etcdNodes?: NodeRole;
  /**
   * Certificates on the control-plane nodes that are no part of the plan.
   * @default - none
   */
  readonly webhooks?: readonly WebhookCertificate[];
}

/**
 * Puts on every machine the plan, what makes its keys and certificates as far as the script does, kubeconfigs that name them by paths, and the daily
 * check of their lives.
 */
export function addPkiFiles({ profile, plan, nodes, etcdNodes, webhooks }: PkiPlace): void {
  const ofNodes = plan.rows.filter((row) => !isOfEtcdMachine(row));
  addPlan(nodes, PKI_PLAN, plan);
  // The CAs of a cluster whose certificates kubeadm makes are its own, but for those of etcd's machines.
  const keepsAuthorities = etcdNodes === undefined || isMadeByScript(plan.named('apiserver')[0]);
  addMaker(nodes, plan, ofNodes, keepsAuthorities);
  addPkiCheck(nodes, ofNodes, webhooks);
  if (isMadeByScript(plan.named('admin')[0])) {
    addAccess(nodes, plan, profile);
  }
  if (etcdNodes) {
    const ofEtcd = plan.rows.filter(isOfEtcdMachine);
    addPlan(etcdNodes, ETCD_PKI.plan, plan);
    addMaker(etcdNodes, plan, ofEtcd, !keepsAuthorities);
    addPkiCheck(etcdNodes, ofEtcd);
  }
}

function addPlan(nodes: NodeRole, path: string, plan: PkiPlan): void {
  nodes.addFile({ path, content: plan.toYaml(), kind: NodeFileKind.RESTRICTED });
}

/** The script, and what it reads: the plan of this role's certificates, or of all where CAs are kept. */
function addMaker(nodes: NodeRole, plan: PkiPlan, ofRole: PkiCertificate[], keepsAuthorities: boolean): void {
  const made = plan.rows.filter(isMadeByScript);
  const here = made.filter((row) => row.issuer !== undefined && ofRole.some((other) => other.name === row.name));
  if (here.length === 0) {
    return;
  }
  const names = new Set(here.map((row) => row.name));
  for (const row of keepsAuthorities ? made : made.filter((candidate) => names.has(candidate.name))) {
    addConfig(nodes, CLUSTER_PKI.requestConfigs, row, plan);
  }
  // For the machine that keeps an external CA's keys. The script looks elsewhere, so that no node of the cluster makes CAs by mistake.
  for (const row of keepsAuthorities ? plan.authorities.filter((candidate) => candidate.maker === PkiMaker.EXTERNAL_AUTHORITY) : []) {
    addConfig(nodes, CLUSTER_PKI.offlineConfigs, row, plan);
  }
  nodes.addFile({ path: CLUSTER_PKI.certificates, content: table(firstOfEachName(here).map(certificateLine)) });
  const shared = sharedKeys(plan, here);
  if (shared.length > 0) {
    nodes.addFile({ path: CLUSTER_PKI.sharedKeys, content: table(shared) });
  }
  nodes.addFile({ path: CLUSTER_PKI.script, content: CLUSTER_PKI_SCRIPT, kind: NodeFileKind.EXECUTABLE, mode: '0700' });
  nodes.addPackage('openssl');
}

function addConfig(nodes: NodeRole, folder: string, row: PkiCertificate, plan: PkiPlan): void {
  const name = row.node === undefined ? row.name : `${row.name}.${row.node}`;
  nodes.addFile({ path: `${folder}/${name}.cnf`, content: requestConfig(row, plan) });
}

function certificateLine(row: PkiCertificate): string[] {
  return [row.name, row.issuer!, row.certificatePath, row.keyPath!, trustedAuthorityPath(row), row.owner ?? 'root'];
}

/** What all control-plane nodes have in common: the key of service accounts, and the CA's that the controller manager signs kubelets' certificates with. */
function sharedKeys(plan: PkiPlan, here: PkiCertificate[]): string[][] {
  if (!here.some((row) => row.name === 'apiserver')) {
    return [];
  }
  const curve = CURVES[plan.keyAlgorithm];
  const [signer] = plan.named('kubernetes-ca');
  return [
    ...plan.keyPairs.map((pair) => [pair.name, curve, pair.keyPath, pair.publicKeyPath, 'root']),
    ...(signer.keyPath === undefined ? [] : [[signer.name, curve, signer.keyPath, '-', 'root']]),
  ];
}

function addAccess(nodes: NodeRole, plan: PkiPlan, profile: ClusterProfile): void {
  const [authority] = plan.named('kubernetes-ca');
  for (const row of firstOfEachName(plan.rows.filter(hasKubeconfig))) {
    nodes.addFile({ path: kubeconfigPath(row), content: kubeconfigYaml(row, authority, profile), kind: NodeFileKind.RESTRICTED });
  }
  nodes.addFile({ path: BOOTSTRAP_RBAC, content: bootstrapRbacYaml(plan), kind: NodeFileKind.RESTRICTED });
}

function isMadeByScript(row: PkiCertificate): boolean {
  return row.maker === PkiMaker.CLUSTER_PKI;
}

function firstOfEachName(rows: PkiCertificate[]): PkiCertificate[] {
  return rows.filter((row, i) => rows.findIndex((other) => other.name === row.name) === i);
}

function table(lines: string[][]): string {
  return lines.map((line) => `${line.join(' ')}\n`).join('');
}
