import { Yaml } from 'cdk8s';
import { PkiPlan } from './pki-plan';

/** What RBAC has to know of certificates: applied once, with the break-glass kubeconfig. */
export function bootstrapRbacYaml(plan: PkiPlan): string {
  const [admin] = plan.named('admin');
  const [kubeletClient] = plan.named('apiserver-kubelet-client');
  return Yaml.stringify(
    binding(admin.organization!, 'cluster-admin', 'Group', admin.organization!),
    binding('cluster-pki:apiserver-kubelet-client', 'system:kubelet-api-admin', 'User', kubeletClient.commonName),
    // A kubelet asks for its own next certificate, long before the one of the script ends.
    binding('cluster-pki:kubelet-rotation', 'system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', 'Group', 'system:nodes'),
  );
}

function binding(name: string, role: string, kind: string, subject: string): Record<string, unknown> {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup, kind: 'ClusterRole', name: role },
    subjects: [{ apiGroup, kind, name: subject }],
  };
}
