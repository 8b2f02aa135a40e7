import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { CertificateOptions } from '../../../src/control-plane/pki/certificate-options';
import { controlPlanePki } from '../../../src/control-plane/pki/cluster-pki';
import { PkiPlan } from '../../../src/control-plane/pki/pki-plan';
import { ClusterProfile } from '../../../src/core/cluster-profile';

/** The plan of a control plane whose static pods are rendered: the script `cluster-pki` makes everything. */
export function staticPodsPki(profile: ClusterProfile, etcd: EtcdTlsConfig, externalEtcd: boolean, certificates?: CertificateOptions): PkiPlan {
  return controlPlanePki({ at: 'ControlPlane', profile, etcd, externalEtcd, kubeadm: false, certificates });
}

/** The plan of a control plane that kubeadm makes. */
export function clusterPki(profile: ClusterProfile, etcd: EtcdTlsConfig, externalEtcd: boolean, certificates?: CertificateOptions): PkiPlan {
  return controlPlanePki({ at: 'ControlPlane', profile, etcd, externalEtcd, kubeadm: true, certificates });
}
