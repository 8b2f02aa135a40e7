import { IConstruct } from 'constructs';
import { ClusterProfile } from '../core/cluster-profile';
import { NodeRole } from '../nodes/node-role';
import { Component } from './component/component';
import { KubeProxyConfig } from './kubelet/kube-proxy-config';
import { KubeletConfig } from './kubelet/kubelet-config';
import { PkiPlan } from './pki/pki-plan';

/** Everything that an installer makes files of: kubeadm's configuration, or static pods. */
export interface ControlPlaneModel {
  readonly at: IConstruct;
  readonly profile: ClusterProfile;
  /** The control-plane nodes. */
  readonly nodes: NodeRole;
  /** Roles of the nodes that run workloads. */
  readonly workers: NodeRole[];
  /** `v1.36.4`; undefined for the newest patch of the profile's minor version. */
  readonly release?: string;
  readonly apiServer: Component;
  readonly controllerManager: Component;
  readonly scheduler: Component;
  readonly etcd: LocalEtcd | ExternalEtcd;
  readonly pki: PkiPlan;
  /** Whether nodes may learn from anonymous requests where the cluster is. */
  readonly tokenDiscovery: boolean;
  readonly kubelet: KubeletConfig;
  readonly kubeProxy: KubeProxyConfig;
}

/** etcd on the control-plane nodes. */
export interface LocalEtcd {
  readonly kind: 'local';
  /** What holds wherever etcd runs: the installer adds paths and addresses. */
  readonly etcd: Component;
  /** Further names of the certificates that members serve clients with. */
  readonly serverCertSANs: string[];
  /** Further names of the certificates that members show each other. */
  readonly peerCertSANs: string[];
}

/** etcd on machines of its own. */
export interface ExternalEtcd {
  readonly kind: 'external';
  readonly endpoints: string[];
  readonly caFile: string;
  readonly certFile: string;
  readonly keyFile: string;
}
