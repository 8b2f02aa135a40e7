import { Construct } from 'constructs';
import { AdmissionPolicies } from '../controls/admission-policies';
import { ClusterProfile } from '../core/cluster-profile';
import { addFindings } from '../core/construct-findings';
import { checkProps, KnownProps } from '../core/known-props';
import { checkMadeBy } from '../core/made-by';
import { NodeKind } from '../core/node-kind';
import { requireNodeFiles } from '../core/tree-outputs';
import { NodeRole } from '../nodes/node-role';
import { Admission } from './admission/admission';
import { addAdmission } from './admission/admission-render';
import { addStaticPolicies } from './admission/static-policies-render';
import { auditLog } from './audit/audit-log';
import { AuditLogOptions } from './audit/audit-log-options';
import { AuditPolicy } from './audit/audit-policy';
import { addAudit } from './audit/audit-render';
import { AuditWebhook } from './audit/audit-webhook';
import { Authentication } from './authentication/authentication';
import { addAuthentication } from './authentication/authentication-render';
import { Authorization } from './authorization/authorization';
import { addAuthorization } from './authorization/authorization-render';
import { ApiServerParts } from './component/api-server-parts';
import { Component } from './component/component';
import { hardenApiServer, hardenControllerManager, hardenScheduler } from './component/hardening-flags';
import { checkDistribution, checkJoining, checkMembers, checkOnlyOne, checkRelease, checkRole, checkWorkers } from './control-plane-check';
import { controlPlaneFindings } from './control-plane-findings';
import { ExternalEtcd, LocalEtcd } from './control-plane-model';
import { SecretsEncryption } from './encryption/encryption';
import { addEncryption } from './encryption/encryption-nodes';
import { addEtcdTlsFlags, hostPort, PEER_NAME } from './etcd/etcd-flags';
import { addEtcdNodeFiles } from './etcd/etcd-nodes';
import { EtcdTlsConfig } from './etcd/etcd-tls-config';
import { addKubeadmFiles } from './kubeadm/kubeadm-nodes';
import { checkEventRates } from './kubelet/event-rates';
import { KubeProxyConfig } from './kubelet/kube-proxy-config';
import { KubeletConfig } from './kubelet/kubelet-config';
import { kubeletFindings } from './kubelet/kubelet-findings';
import { addKubeletNodes } from './kubelet/kubelet-nodes';
import { CertificateOptions } from './pki/certificate-options';
import { controlPlanePki } from './pki/cluster-pki';
import { trustedAuthorityPath } from './pki/etcd-rows';
import { addPkiFiles } from './pki/pki-files';
import { PkiPlan } from './pki/pki-plan';
import { ControlPlaneImages } from './static-pods/control-plane-images';
import { ControlPlaneInstaller } from './static-pods/control-plane-installer';
import { addStaticPods } from './static-pods/static-pods';
import { checkInstaller } from './static-pods/static-pods-check';
import { webhookCertificates } from './webhook-certificates';

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
   * A collector that gets the audit log too, out of reach of whoever takes over a node.
   * @default - the log stays on the nodes
   */
  readonly auditWebhook?: AuditWebhook;
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
   * What the API server refuses or changes before it stores it.
   * @default - "restricted" where a namespace says nothing, limits on events, no external addresses of Services, nodes keep to themselves
   */
  readonly admission?: Admission;
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
   * Who makes keys and certificates, and how.
   * @default - kubeadm, on the nodes; for etcd on machines of its own the script `cluster-pki`
   */
  readonly certificates?: CertificateOptions;
  /**
   * Patch release of Kubernetes, such as `1.36.4`, of the minor version that the cluster's profile states.
   * @default - the newest patch of that minor: kubeadm asks dl.k8s.io for it on the node
   */
  readonly kubernetesRelease?: string;
  /**
   * What makes a running control plane of the files.
   * @default ControlPlaneInstaller.KUBEADM
   */
  readonly installer?: ControlPlaneInstaller;
  /**
   * The control plane's images by digest, with `ControlPlaneInstaller.STATIC_PODS`.
   * @default - the Kubernetes project's, by the tag of `kubernetesRelease`
   */
  readonly images?: ControlPlaneImages;
  /**
   * How the kubelets of all nodes are configured.
   * @default new KubeletConfig()
   */
  readonly kubelet?: KubeletConfig;
  /**
   * How kube-proxy runs, or `KubeProxyConfig.replacedByCni()`.
   * @default new KubeProxyConfig()
   */
  readonly kubeProxy?: KubeProxyConfig;
  /**
   * Machines that join to run workloads: roles of kind `NodeKind.WORKER`. They get what `kubeadm join` reads.
   * @default - none: their files are made elsewhere
   */
  readonly workers?: NodeRole[];
}

const PROPS: KnownProps<ControlPlaneProps> = {
  nodes: true, audit: true, auditLog: true, auditWebhook: true, authentication: true, authorization: true, admission: true, encryption: true,
  etcd: true, etcdNodes: true, certificates: true, kubernetesRelease: true, installer: true, images: true, workers: true, kubelet: true,
  kubeProxy: true,
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
  /** What the API server refuses or changes before it stores it. */
  public readonly admission: Admission;
  /** How Secrets are encrypted in etcd. */
  public readonly encryption?: SecretsEncryption;
  /** TLS of etcd, and its members. */
  public readonly etcd: EtcdTlsConfig;
  /** Every certificate: who signs it, what for, where it lies, when it is due. */
  public readonly pki: PkiPlan;
  /** How the kubelets of all nodes are configured. */
  public readonly kubelet: KubeletConfig;
  /** How kube-proxy runs. */
  public readonly kubeProxy: KubeProxyConfig;
  private readonly workerRoles: NodeRole[];

  constructor(scope: Construct, id: string, props: ControlPlaneProps) {
    super(scope, id);
    requireNodeFiles(scope, id, 'the files of its AuditPolicy and EtcdTlsConfig');
    checkProps(props, PROPS, { at: this });
    const profile = ClusterProfile.of(this);
    checkDistribution(profile, this);
    this.nodes = checkRole('nodes', props.nodes, NodeKind.CONTROL_PLANE, this);
    const etcdNodes = props.etcdNodes === undefined ? undefined : checkRole('etcdNodes', props.etcdNodes, NodeKind.ETCD, this);
    this.workerRoles = checkWorkers(props.workers ?? [], this);
    checkOnlyOne(this);
    this.audit = checkMadeBy('AuditPolicy', props.audit ?? AuditPolicy.recommended(), {
      at: this, property: 'audit', fix: 'Take one such as AuditPolicy.recommended(), or make it by AuditPolicy.of({ … }).',
    });
    this.authentication = checkMadeBy('Authentication', props.authentication ?? new Authentication(), {
      at: this, property: 'authentication', fix: 'Make it by new Authentication({ … }).',
    });
    this.authorization = checkMadeBy('Authorization', props.authorization ?? new Authorization(), {
      at: this, property: 'authorization', fix: 'Make it by new Authorization({ … }).',
    });
    this.admission = checkMadeBy('Admission', props.admission ?? new Admission(), {
      at: this, property: 'admission', fix: 'Make it by new Admission({ … }).',
    });
    this.kubelet = checkMadeBy('KubeletConfig', props.kubelet ?? new KubeletConfig(), {
      at: this, property: 'kubelet', fix: 'Make it by new KubeletConfig({ … }).',
    });
    this.kubeProxy = checkMadeBy('KubeProxyConfig', props.kubeProxy ?? new KubeProxyConfig(), {
      at: this, property: 'kubeProxy', fix: 'Make it by new KubeProxyConfig({ … }), or KubeProxyConfig.replacedByCni().',
    });
    this.encryption = props.encryption;
    this.etcd = checkMadeBy('EtcdTlsConfig', props.etcd ?? new EtcdTlsConfig(), {
      at: this, property: 'etcd', fix: 'Make it by new EtcdTlsConfig({ … }).',
    });
    checkMembers(this.etcd, profile, etcdNodes !== undefined, this);
    const release = checkRelease(profile, props.kubernetesRelease, this);
    const installer = checkInstaller(props, this);
    const kubeadm = installer === ControlPlaneInstaller.KUBEADM;
    const { certificates } = props;
    this.pki = controlPlanePki({ at: this, profile, etcd: this.etcd, externalEtcd: etcdNodes !== undefined, kubeadm, certificates });
    checkJoining(this.pki, profile, this.workerRoles, this);

    const apiServer = this.apiServer(profile, props);
    checkEventRates(this.kubelet, this.admission, profile, this);
    addKubeletNodes(this.kubelet, { profile, nodes: this.nodes, workers: this.workerRoles, flags: apiServer.flags });
    const controllerManager = new Component('kube-controller-manager', this.node.path);
    hardenControllerManager(controllerManager);
    const scheduler = new Component('kube-scheduler', this.node.path);
    hardenScheduler(scheduler);
    const etcd = etcdNodes ? this.externalEtcd() : this.localEtcd();
    const webhooks = webhookCertificates({ auditWebhook: props.auditWebhook, authorization: this.authorization, admission: this.admission });
    addPkiFiles({ profile, plan: this.pki, nodes: this.nodes, etcdNodes, webhooks });
    const { nodes, pki, kubelet, kubeProxy, authentication: { tokenDiscovery } } = this;
    const programs = { apiServer, controllerManager, scheduler, etcd, kubelet, kubeProxy };
    const model = { at: this, profile, nodes, workers: this.workerRoles, release, pki, tokenDiscovery, ...programs };
    const machines = etcdNodes ? certificates?.nodes ?? [] : this.etcd.members;
    if (kubeadm) {
      addKubeadmFiles(model, machines);
    } else {
      addStaticPods(model, { machines, images: props.images });
    }
    if (etcdNodes) {
      addEtcdNodeFiles(etcdNodes, this.etcd, this.pki, profile.name, EtcdTlsConfig.etcdVersion(profile.kubernetesVersion));
    }
    addFindings(this, () => [...this.admission._findings, ...kubeletFindings(kubelet, profile), ...controlPlaneFindings({
      version: profile.kubernetesVersion,
      encrypted: props.encryption !== undefined,
      auditLeavesNode: props.auditWebhook !== undefined,
      etcdMinimumTls: this.etcd.minimumTlsVersion,
      etcdMembers: this.etcd.members.length,
      policiesInApiAlone: this.admission._staticPolicies === undefined
        && AdmissionPolicies._all(this.node.root).some(({ _denied }) => _denied !== undefined),
    })]);
  }

  /** The roles of machines that join to run workloads. */
  public get workers(): NodeRole[] {
    return [...this.workerRoles];
  }

  /** The API server's flags and mounts; its files go to the nodes. */
  private apiServer(profile: ClusterProfile, props: ControlPlaneProps): Component {
    const component = new Component('kube-apiserver', this.node.path);
    const { flags, mounts } = component;
    const parts: ApiServerParts = { at: this, profile, flags, mounts };
    hardenApiServer(component, profile.kubernetesVersion);
    const log = auditLog(props.auditLog ?? {}, this);
    this.nodes.addCommand(`install -d -m 0700 -o root -g root ${log.directory}`);
    const webhook = props.auditWebhook && checkMadeBy('AuditWebhook', props.auditWebhook, {
      at: this, property: 'auditWebhook', fix: 'Make it by new AuditWebhook({ … }).',
    });
    const [{ organization: administrators }] = this.pki.named('admin');
    const files = [
      ...addAudit({ policy: this.audit, log, webhook }, parts),
      ...addAuthentication(this.authentication, parts),
      ...addAuthorization(this.authorization, parts),
      ...addAdmission(this.admission, parts, addStaticPolicies(this.admission._staticPolicies, { ...parts, nodes: this.nodes, administrators })),
    ];
    files.forEach((file) => this.nodes.addFile(file));
    component.files.push(...files);
    if (props.encryption) {
      addEncryption(props.encryption, { ...parts, nodes: this.nodes });
    }
    return component;
  }

  private localEtcd(): LocalEtcd {
    const etcd = new Component('etcd', this.node.path);
    addEtcdTlsFlags(etcd.flags, this.etcd.minimumTlsVersion);
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
      keyFile: client.keyPath!,
    };
  }
}
