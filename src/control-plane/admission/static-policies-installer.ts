import { celString } from '../../controls/admission/cel-text';
import { Control } from '../../controls/control';
import { ControlSet } from '../../controls/control-set';
import { KubernetesVersion } from '../../core/kubernetes-version';

/** A policy or a binding, plain JSON. */
export interface PolicyObject {
  readonly metadata: { readonly name: string };
  readonly spec: { readonly policyName?: string; readonly matchConditions?: readonly object[] };
}

const RBAC = 'rbac.authorization.k8s.io';

/** What an installer makes outside the system's namespaces and no control may refuse: the administrators' permissions. It has the name of their group. */
function administratorsBinding(group: string) {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: group },
    roleRef: { apiGroup: RBAC, kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ apiGroup: RBAC, kind: 'Group', name: group }],
  };
}

/**
 * Lets one object of the installer's pass where the control would find it: policies from files act before `kubeadm init`, or whoever installs static
 * pods, makes it. It is that object to the letter; any other subject or role is judged.
 *
 * @param administrators their group, for instance `kubeadm:cluster-admins`
 */
export function letInstallerPass(control: Control, version: KubernetesVersion, policy: PolicyObject, administrators: string): PolicyObject {
  const binding = administratorsBinding(administrators);
  if (new ControlSet([control], version).violations(binding).length === 0) {
    return policy;
  }
  const { kind, metadata, roleRef, subjects } = binding;
  const expression = `!(object.kind == ${celString(kind)} && object.metadata.name == ${celString(metadata.name)} && `
    + `dyn(object).roleRef == ${celMap(roleRef)} && dyn(object).?subjects.orValue([]) == [${subjects.map(celMap).join(', ')}])`;
  const matchConditions = [...policy.spec.matchConditions ?? [], { name: `not-the-administrators-of-${administrators.split(':')[0]}`, expression }];
  return { ...policy, spec: { ...policy.spec, matchConditions } };
}

function celMap(fields: Record<string, string>): string {
  return `{${Object.entries(fields).map(([name, value]) => `${celString(name)}: ${celString(value)}`).join(', ')}}`;
}
