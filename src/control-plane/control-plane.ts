import { Construct } from 'constructs';
import { ClusterProfile } from '../core/cluster-profile';
import { checkProps, KnownProps } from '../core/known-props';
import { checkMadeBy } from '../core/made-by';
import { NodeFileKind } from '../core/node-file';
import { NodeKind } from '../core/node-kind';
import { requireNodeFiles } from '../core/tree-outputs';
import { NodeRole } from '../nodes/node-role';
import { AuditLog, auditLog } from './audit/audit-log';
import { AuditLogOptions } from './audit/audit-log-options';
import { AuditPolicy } from './audit/audit-policy';
import { Authentication } from './authentication/authentication';
import { addAuthentication } from './authentication/authentication-render';
import { Authorization } from './authorization/authorization';
import { addAuthorization } from './authorization/authorization-render';
import { ApiServerParts } from './component/api-server-parts';
import { Component } from './component/component';
import { hardenApiServer, hardenControllerManager, hardenScheduler } from './component/hardening-flags';
import { checkDistribution, checkMembers, checkRelease, checkRole } from './control-plane-check';
import { ExternalEtcd, LocalEtcd } from './control-plane-model';
import { SecretsEncryption } from './encryption/encryption';
import { addEncryption } from './encryption/encryption-nodes';
import { addEtcdTlsFlags, hostPort, PEER_NAME } from './etcd/etcd-flags';
import { addEtcdClientFiles, addEtcdNodeFiles } from './etcd/etcd-nodes';
import { EtcdTlsConfig } from './etcd/etcd-tls-config';
import { kubeadmInitYaml } from './kubeadm/kubeadm-config';
import { AUDIT_POLICY, KUBEADM_INIT, PKI_PLAN } from './paths';
import { clusterPki, externalEtcdPki } from './pki/cluster-pki';
import { trustedAuthorityPath } from './pki/etcd-pki-script';
import { PkiPlan } from './pki/pki-plan';

/** What a control plane is made of. */
export interface ControlPlaneProps {
  /** The control-plane nodes: a role of kind `NodeKind.CONTROL_PLANE`. */
  readonly nodes: NodeRole;
  /**
   * What is logged of requests to the API server.
   * @default AuditPolicy.recommended()
   */
  readonly audit?: AuditPolicy;
  /**
   * Where the audit log lies and how long it is kept.
   * @default - /var/log/kubernetes/audit, rotated at 100 MiB, 10 files, 30 days
   */
  readonly auditLog?: AuditLogOptions;
  /**
   * Who a request to the API server comes from.
   * @default - certificates and service accounts; anonymous requests for health checks alone, from Kubernetes 1.32 on
   */
  readonly authentication?: Authentication;
  /**
   * Who decides what a user may do.
   * @default - the Node authorizer, then RBAC
   */
  readonly authorization?: Authorization;
  /**
   * How Secrets are encrypted in etcd. With keys on the nodes, run `secrets-encryption` there before `kubeadm init`.
   * @default - they lie in etcd in plain text, and so in its backups
   */
  readonly encryption?: SecretsEncryption;
  /**
   * TLS of etcd, and its members.
   * @default - mutual TLS on the control-plane nodes that kubeadm joins
   */
  readonly etcd?: EtcdTlsConfig;
  /**
   * Machines that run etcd alone: a role of kind `NodeKind.ETCD`. Their etcd has a CA for clients and one for peers.
   * @default - etcd is stacked: every control-plane node runs a member, made by kubeadm
   */
  readonly etcdNodes?: NodeRole;
  /**
   * Patch release of Kubernetes, such as `1.36.4`, of the minor version that the cluster's profile states.
   * @default - the newest patch of that minor: kubeadm asks dl.k8s.io for it on the node
   */
  readonly kubernetesRelease?: string;
}

const PROPS: KnownProps<ControlPlaneProps> = {
  nodes: true, audit: true, auditLog: true, authentication: true, authorization: true, encryption: true, etcd: true,
  etcdNodes: true, kubernetesRelease: true,
};

/**
 * The control plane's files, flags, mounts and modes on its nodes, from one statement: audit policy and log, TLS of etcd, the plan of all
 * certificates, and the configuration for `kubeadm init` (CIS 1.1 to 1.4, 2, 3.2).
 *
 * The nodes of the role hold the files; nothing of it becomes a manifest. No file holds a key: they are made on the nodes.
 *
 * @throws under a plain `App`, where the provider runs the control plane, for a distribution other than kubeadm, for roles of the wrong kind,
 * and if addresses and profile disagree
 */
export class ControlPlane extends Construct {
  /** The control-plane nodes. */
  public readonly nodes: NodeRole;
  /** What is logged of requests to the API server. */
  public readonly audit: AuditPolicy;
  /** Who a request to the API server comes from. */
  public readonly authentication: Authentication;
  /** Who decides what a user may do. */
  public readonly authorization: Authorization;
  /** How Secrets are encrypted in etcd. */
  public readonly encryption?: SecretsEncryption;
  /** TLS of etcd, and its members. */
  public readonly etcd: EtcdTlsConfig;
  /** Every certificate: who signs it, what for, where it lies, when it is due. */
  public readonly pki: PkiPlan;

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    requireNodeFiles(scope, id, 'the files of its AuditPolicy and EtcdTlsConfig');
    checkProps(props, PROPS, { at: this });
    const profile = ClusterProfile.of(this);
    checkDistribution(profile, this);
    this.nodes = checkRole('nodes', props.nodes, NodeKind.CONTROL_PLANE, this);
    const etcdNodes = props.etcdNodes && checkRole('etcdNodes', props.etcdNodes, NodeKind.ETCD, this);
    this.audit = props.audit ?? AuditPolicy.recommended();
    this.authentication = checkMadeBy('Authentication', props.authentication ?? new Authentication(), {
      at: this, property: 'authentication', fix: 'Make it by new Authentication({ … }).',
    });
    this.authorization = checkMadeBy('Authorization', props.authorization ?? new Authorization(), {
      at: this, property: 'authorization', fix: 'Make it by new Authorization({ … }).',
    });
    this.encryption = props.encryption;
    this.etcd = props.etcd ?? new EtcdTlsConfig();
    checkMembers(this.etcd, profile, etcdNodes !== undefined, this);
    const release = checkRelease(profile, props.kubernetesRelease, this);
    this.pki = clusterPki(profile, this.etcd, etcdNodes !== undefined);

    const apiServer = this.apiServer(profile, props);
    const controllerManager = new Component('kube-controller-manager', this.node.path);
    hardenControllerManager(controllerManager);
    const scheduler = new Component('kube-scheduler', this.node.path);
    hardenScheduler(scheduler);
    const etcd = etcdNodes ? this.externalEtcd() : this.localEtcd();
    this.addFile(PKI_PLAN, this.pki.toYaml());
    this.addFile(KUBEADM_INIT, kubeadmInitYaml({ at: this, profile, nodes: this.nodes, release, apiServer, controllerManager, scheduler, etcd, pki: this.pki }));
    if (etcdNodes) {
      const plan = externalEtcdPki(this.etcd);
      addEtcdNodeFiles(etcdNodes, this.etcd, plan, profile.name, EtcdTlsConfig.etcdVersion(profile.kubernetesVersion));
      addEtcdClientFiles(this.nodes, plan);
    }
  }

  /** The API server's flags and mounts; its files go to the nodes. */
  private apiServer(profile: ClusterProfile, props: ControlPlaneProps): Component {
    const component = new Component('kube-apiserver', this.node.path);
    const { flags, mounts } = component;
    const parts: ApiServerParts = { at: this, profile, flags, mounts };
    hardenApiServer(component, profile.kubernetesVersion);
    // kubeadm's own default, which a list of the user's would replace: whoever enables more has to keep it.
    flags.set('enable-admission-plugins', 'NodeRestriction', 'ControlPlane');
    this.addAudit(auditLog(props.auditLog ?? {}, this), component);
    const files = [...addAuthentication(this.authentication, parts), ...addAuthorization(this.authorization, parts)];
    files.forEach((file) => this.nodes.addFile(file));
    if (props.encryption) {
      addEncryption(props.encryption, { ...parts, nodes: this.nodes });
    }
    return component;
  }

  private addAudit(log: AuditLog, { flags, mounts }: Component): void {
    mounts
      .add({ name: 'audit-log', path: log.directory, readOnly: false, pathType: 'DirectoryOrCreate' })
      .add({ name: 'audit-policy', path: AUDIT_POLICY, readOnly: true, pathType: 'File' });
    flags
      .set('audit-log-maxage', String(log.maxAgeDays), 'AuditPolicy')
      .set('audit-log-maxbackup', String(log.maxBackups), 'AuditPolicy')
      .set('audit-log-maxsize', String(log.maxSizeMebibytes), 'AuditPolicy')
      .set('audit-log-path', log.file, 'AuditPolicy')
      .set('audit-policy-file', AUDIT_POLICY, 'AuditPolicy');
    this.addFile(AUDIT_POLICY, this.audit.toYaml());
    this.nodes.addCommand(`install -d -m 0700 -o root -g root ${log.directory}`);
  }

  private addFile(path: string, content: string): void {
    this.nodes.addFile({ path, content, kind: NodeFileKind.RESTRICTED });
  }

  private localEtcd(): LocalEtcd {
    const etcd = new Component('etcd', this.node.path);
    addEtcdTlsFlags(etcd.flags);
    const names = [...new Set(this.etcd.members.flatMap((member) => member.dnsNames ?? []))];
    return { kind: 'local', etcd, serverCertSANs: names, peerCertSANs: [...names, PEER_NAME] };
  }

  private externalEtcd(): ExternalEtcd {
    const [client] = this.pki.named('apiserver-etcd-client');
    return {
      kind: 'external',
      endpoints: this.etcd.members.map((member) => `https://${hostPort(member.address, 2379)}`),
      caFile: trustedAuthorityPath(client),
      certFile: client.certificatePath,
      keyFile: client.keyPath,
    };
  }
}
