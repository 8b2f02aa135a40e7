import { Cloud } from './cloud';
import { Cni } from './cni';
import { invalid, InvalidInput } from './errors';

/** How the cluster's Kubernetes is built and run. */
export enum Distribution {
  /** Nodes joined by kubeadm. */
  KUBEADM = 'kubeadm',
  /** Talos Linux. */
  TALOS = 'talos',
  /** RKE2. */
  RKE2 = 'rke2',
  /** k3s. */
  K3S = 'k3s',
  /** Amazon Elastic Kubernetes Service. */
  EKS = 'eks',
  /** Google Kubernetes Engine. */
  GKE = 'gke',
  /** Azure Kubernetes Service. */
  AKS = 'aks',
  /** OpenShift, on machines of the user's. */
  OPENSHIFT = 'openshift',
}

/** What differs between distributions, in one table. */
interface DistributionFacts {
  /** The provider runs the control plane: there are no control-plane nodes of the user's. */
  readonly managedControlPlane: boolean;
  /** Namespaces that the distribution itself runs in. */
  readonly systemNamespaces: string[];
  /** What the names of its further namespaces begin with. */
  readonly systemNamespacePrefixes: string[];
  /** The platform gives each namespace its own UID range and refuses others. */
  readonly assignsUids: boolean;
  /** Where nodes of this distribution run, as far as its name says. */
  readonly cloud: Cloud;
  /** The network plugin that it comes with, or else the one that this library assumes. */
  readonly cni: Cni;
  /** Pod range unless stated: the installer's default, or else the usual choice. */
  readonly podCidr: string;
  /** Service range unless stated, likewise. */
  readonly serviceCidr: string;
  /** Pod and service ranges are chosen when a cluster is made, so that no default can be relied on. */
  readonly rangesChosenPerCluster: boolean;
  /** Nodes are reached and run over an API of their own: there is no SSH server. */
  readonly withoutSsh: boolean;
  /** etcd always runs on the control plane. */
  readonly etcdAlwaysStacked: boolean;
  /** Pods of the platform on workers read all kubelets: monitoring, or the agents through which the control plane reaches the nodes. */
  readonly platformReadsKubelets: boolean;
}

/** Namespaces that every cluster has for itself. */
export const SYSTEM_NAMESPACES: readonly string[] = ['kube-system', 'kube-public', 'kube-node-lease'];

const SELF_MANAGED: DistributionFacts = {
  managedControlPlane: false,
  systemNamespaces: [...SYSTEM_NAMESPACES],
  systemNamespacePrefixes: ['kube-'],
  assignsUids: false,
  cloud: Cloud.NONE,
  cni: Cni.CILIUM,
  podCidr: '10.244.0.0/16',
  serviceCidr: '10.96.0.0/12',
  rangesChosenPerCluster: false,
  withoutSsh: false,
  etcdAlwaysStacked: false,
  platformReadsKubelets: false,
};

const MANAGED: DistributionFacts = { ...SELF_MANAGED, managedControlPlane: true, rangesChosenPerCluster: true };

const RANCHER = { podCidr: '10.42.0.0/16', serviceCidr: '10.43.0.0/16' };

const FACTS: Record<Distribution, DistributionFacts> = {
  [Distribution.KUBEADM]: SELF_MANAGED,
  [Distribution.TALOS]: { ...SELF_MANAGED, withoutSsh: true, etcdAlwaysStacked: true },
  [Distribution.RKE2]: { ...SELF_MANAGED, ...RANCHER, cni: Cni.CANAL },
  [Distribution.K3S]: { ...SELF_MANAGED, ...RANCHER, cni: Cni.K3S_FLANNEL },
  [Distribution.EKS]: { ...MANAGED, cloud: Cloud.AWS, cni: Cni.AWS_VPC },
  [Distribution.GKE]: {
    ...MANAGED, cloud: Cloud.GOOGLE, systemNamespaces: [...SYSTEM_NAMESPACES, 'gke-managed-system', 'gmp-system'], platformReadsKubelets: true,
  },
  [Distribution.AKS]: { ...MANAGED, cloud: Cloud.AZURE, systemNamespaces: [...SYSTEM_NAMESPACES, 'gatekeeper-system'], platformReadsKubelets: true },
  [Distribution.OPENSHIFT]: {
    ...SELF_MANAGED,
    cni: Cni.OVN_KUBERNETES,
    podCidr: '10.128.0.0/14',
    serviceCidr: '172.30.0.0/16',
    systemNamespaces: [...SYSTEM_NAMESPACES, 'openshift', 'openshift-infra', 'openshift-node'],
    systemNamespacePrefixes: ['kube-', 'openshift-'],
    assignsUids: true,
    etcdAlwaysStacked: true,
    platformReadsKubelets: true,
  },
};

/** Facts of a distribution. Internal: other layers ask the profile. */
export function distributionFacts(distribution: Distribution, at?: InvalidInput['at']): DistributionFacts {
  if (!Object.hasOwn(FACTS, distribution)) {
    throw invalid({
      at, property: 'distribution', got: distribution, allowed: Object.keys(FACTS).join(', '), fix: 'Take the distribution that is nearest: KUBEADM fits most that run upstream Kubernetes.',
    });
  }
  return FACTS[distribution];
}
