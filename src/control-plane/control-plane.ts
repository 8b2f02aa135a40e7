import { Construct } from 'constructs';
import { AuditLog, auditLog } from './audit/audit-log';
import { AuditLogOptions } from './audit/audit-log-options';
import { AuditPolicy } from './audit/audit-policy';
import { Authentication } from './authentication/authentication';
import { addAuthentication } from './authentication/authentication-render';
import { Authorization } from './authorization/authorization';
import { addAuthorization } from './authorization/authorization-render';
import { ComponentFlags } from './component/component-flags';
import { StaticPodMounts } from './component/static-pod-mounts';
import { SecretsEncryption } from './encryption/encryption';
import { addEncryption } from './encryption/encryption-nodes';
import { addEtcdTlsFlags, hostPort, PEER_NAME } from './etcd/etcd-flags';
import { addEtcdClientFiles, addEtcdNodeFiles } from './etcd/etcd-nodes';
import { EtcdTlsConfig } from './etcd/etcd-tls-config';
import { ExternalEtcd, kubeadmInitYaml, LocalEtcd } from './kubeadm/kubeadm-config';
import { AUDIT_POLICY, KUBEADM_INIT, PKI, PKI_PLAN } from './paths';
import { clusterPki, externalEtcdPki } from './pki/cluster-pki';
import { trustedAuthorityPath } from './pki/etcd-pki-script';
import { PkiPlan } from './pki/pki-plan';
import { canonicalAddress, Cidr } from '../core/cidr';
import { ClusterProfile } from '../core/cluster-profile';
import { Distribution } from '../core/distribution';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';
import { checkMadeBy } from '../core/made-by';
import { NodeFileKind } from '../core/node-file';
import { NodeKind } from '../core/node-kind';
import { requireNodeFiles } from '../core/tree-outputs';
import { NodeRole } from '../nodes/node-role';

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
    this.checkDistribution(profile);
    this.checkKind('nodes', props.nodes, NodeKind.CONTROL_PLANE);
    if (props.etcdNodes) {
      this.checkKind('etcdNodes', props.etcdNodes, NodeKind.ETCD);
    }
    this.nodes = props.nodes;
    this.audit = props.audit ?? AuditPolicy.recommended();
    this.authentication = checkMadeBy('Authentication', props.authentication ?? new Authentication(), {
      at: this, property: 'authentication', fix: 'Make it by new Authentication({ … }).',
    });
    this.authorization = checkMadeBy('Authorization', props.authorization ?? new Authorization(), {
      at: this, property: 'authorization', fix: 'Make it by new Authorization({ … }).',
    });
    this.encryption = props.encryption;
    this.etcd = props.etcd ?? new EtcdTlsConfig();
    this.checkMembers(profile, props.etcdNodes);
    const log = auditLog(props.auditLog ?? {}, this);
    const kubernetesVersion = this.release(profile, props.kubernetesRelease);
    this.pki = clusterPki(profile, this.etcd, props.etcdNodes !== undefined);

    const apiServerMounts = new StaticPodMounts('kube-apiserver', this.node.path)
      .add({ name: 'audit-log', path: log.directory, readOnly: false, pathType: 'DirectoryOrCreate' })
      .add({ name: 'audit-policy', path: AUDIT_POLICY, readOnly: true, pathType: 'File' });
    const apiServer = this.apiServerFlags(log);
    const parts = { at: this, profile, flags: apiServer, mounts: apiServerMounts };
    const accessFiles = [...addAuthentication(this.authentication, parts), ...addAuthorization(this.authorization, parts)];
    if (props.encryption) {
      addEncryption(props.encryption, { ...parts, nodes: this.nodes });
    }
    const init = kubeadmInitYaml({
      profile,
      kubernetesVersion,
      certificatesDir: PKI,
      apiServer,
      apiServerMounts,
      controllerManager: this.loopbackFlags('kube-controller-manager'),
      scheduler: this.loopbackFlags('kube-scheduler'),
      etcd: props.etcdNodes ? this.externalEtcd() : this.localEtcd(),
    });
    this.addFiles(log, init);
    accessFiles.forEach((file) => this.nodes.addFile(file));
    if (props.etcdNodes) {
      const plan = externalEtcdPki(this.etcd);
      addEtcdNodeFiles(props.etcdNodes, this.etcd, plan, profile.name, EtcdTlsConfig.etcdVersion(profile.kubernetesVersion));
      addEtcdClientFiles(this.nodes, plan);
    }
  }

  private addFiles(log: AuditLog, init: string): void {
    const kind = NodeFileKind.RESTRICTED;
    this.nodes.addFile({ path: AUDIT_POLICY, content: this.audit.toYaml(), kind });
    this.nodes.addFile({ path: KUBEADM_INIT, content: init, kind });
    this.nodes.addFile({ path: PKI_PLAN, content: this.pki.toYaml(), kind });
    this.nodes.addCommand(`install -d -m 0700 -o root -g root ${log.directory}`);
  }

  private apiServerFlags(log: AuditLog): ComponentFlags {
    return new ComponentFlags('kube-apiserver', this.node.path)
      .set('audit-log-maxage', String(log.maxAgeDays), 'AuditPolicy')
      .set('audit-log-maxbackup', String(log.maxBackups), 'AuditPolicy')
      .set('audit-log-maxsize', String(log.maxSizeMebibytes), 'AuditPolicy')
      .set('audit-log-path', log.file, 'AuditPolicy')
      .set('audit-policy-file', AUDIT_POLICY, 'AuditPolicy')
      // kubeadm's own default, which a list of the user's would replace: whoever enables more has to keep it.
      .set('enable-admission-plugins', 'NodeRestriction', 'ControlPlane')
      .set('profiling', 'false', 'ControlPlane')
      .set('tls-min-version', 'VersionTLS13', 'ControlPlane');
  }

  private loopbackFlags(program: string): ComponentFlags {
    return new ComponentFlags(program, this.node.path)
      .set('bind-address', '127.0.0.1', 'ControlPlane')
      .set('profiling', 'false', 'ControlPlane');
  }

  private localEtcd(): LocalEtcd {
    const flags = new ComponentFlags('etcd', this.node.path);
    addEtcdTlsFlags(flags);
    const names = [...new Set(this.etcd.members.flatMap((member) => member.dnsNames ?? []))];
    return { kind: 'local', flags, serverCertSANs: names, peerCertSANs: [...names, PEER_NAME] };
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

  private checkDistribution(profile: ClusterProfile): void {
    const got = profile.distribution;
    if (profile.hasManagedControlPlane) {
      throw invalid({
        at: this,
        property: 'distribution',
        got,
        allowed: 'a distribution whose control plane you run',
        fix: 'Leave ControlPlane out: the provider runs the API server and etcd, and reads none of these files. Set its audit log and encryption there.',
      });
    }
    if (got !== Distribution.KUBEADM) {
      throw invalid({
        at: this,
        property: 'distribution',
        got,
        allowed: `${Distribution.KUBEADM}: the files of ${got} are not supported yet`,
        fix: `Use Distribution.KUBEADM, or configure the control plane by ${got}'s own means: it would not read kubeadm's files.`,
      });
    }
  }

  private checkKind(property: string, role: NodeRole, kind: NodeKind): void {
    if (role.kind !== kind) {
      throw invalid({ at: this, property, got: `${role.roleName}, of kind ${role.kind}`, allowed: `a NodeRole of kind ${kind}`, fix: 'Give the role of those machines.' });
    }
    if (role.node.root !== this.node.root) {
      throw invalid({ at: this, property, got: `${role.roleName}, of another app`, allowed: 'a NodeRole of the same app', fix: 'One app is one cluster: make the role in it.' });
    }
  }

  private checkMembers(profile: ClusterProfile, etcdNodes: NodeRole | undefined): void {
    if (etcdNodes && this.etcd.members.length === 0) {
      throw invalid({
        at: this,
        property: 'etcd',
        got: [],
        allowed: 'an EtcdTlsConfig with members where etcdNodes are given',
        fix: 'List name and address of every machine: certificates and the cluster are made from them.',
      });
    }
    const ranges = profile.controlPlaneCidrs;
    const stranger = this.etcd.members.find(({ address }) => !ranges.some((range) => holds(range, address)));
    if (stranger && !etcdNodes && ranges.length > 0) {
      throw invalid({
        at: this,
        property: 'etcd',
        got: `${stranger.name} at ${stranger.address}`,
        allowed: `members in the profile's controlPlaneCidrs ${ranges.join(', ')}`,
        fix: 'Correct the address or the range, or give etcdNodes if etcd has machines of its own: firewalls are made from the ranges.',
      });
    }
  }

  private release(profile: ClusterProfile, release: string | undefined): string {
    const minor = profile.kubernetesVersion.toString();
    if (release === undefined) {
      return `stable-${minor}`;
    }
    const match = /^v?(1\.\d+)\.\d+$/.exec(release);
    if (match?.[1] !== minor) {
      throw invalid({
        at: this,
        property: 'kubernetesRelease',
        got: release,
        allowed: `a patch release of ${minor}, the profile's version`,
        fix: `Give for instance ${minor}.1, or change the profile.`,
      });
    }
    return release.startsWith('v') ? release : `v${release}`;
  }
}

function holds(range: Cidr, address: string): boolean {
  const canonical = canonicalAddress(address)!;
  return range.contains(Cidr.of(`${canonical}/${canonical.includes(':') ? 128 : 32}`));
}
