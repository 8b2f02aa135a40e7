import { POLICY_BINDING_RULE, POLICY_RULE, WEBHOOK_RULE } from './admission';
import { INGRESS_RULE, SERVICE_ACCOUNT_RULE, SERVICE_RULE, STORAGE_CLASS_RULE } from './exposure';
import { BUDGET_RULE, LIMIT_RANGE_RULE, NAMESPACE_RULE, QUOTA_RULE } from './namespaces';
import { BINDING_RULE, ROLE_RULE } from './rbac';
import { KindRule } from './rule';

const RBAC = 'rbac.authorization.k8s.io';
const ADMISSION = 'admissionregistration.k8s.io';

const RULES: Readonly<Record<string, KindRule>> = {
  [`${RBAC}/Role`]: ROLE_RULE,
  [`${RBAC}/ClusterRole`]: ROLE_RULE,
  [`${RBAC}/RoleBinding`]: BINDING_RULE,
  [`${RBAC}/ClusterRoleBinding`]: BINDING_RULE,
  '/Namespace': NAMESPACE_RULE,
  '/ResourceQuota': QUOTA_RULE,
  '/LimitRange': LIMIT_RANGE_RULE,
  'policy/PodDisruptionBudget': BUDGET_RULE,
  [`${ADMISSION}/ValidatingAdmissionPolicy`]: POLICY_RULE,
  [`${ADMISSION}/ValidatingAdmissionPolicyBinding`]: POLICY_BINDING_RULE,
  [`${ADMISSION}/MutatingAdmissionPolicy`]: POLICY_RULE,
  [`${ADMISSION}/MutatingAdmissionPolicyBinding`]: POLICY_BINDING_RULE,
  [`${ADMISSION}/ValidatingWebhookConfiguration`]: WEBHOOK_RULE,
  [`${ADMISSION}/MutatingWebhookConfiguration`]: WEBHOOK_RULE,
  '/Service': SERVICE_RULE,
  'networking.k8s.io/Ingress': INGRESS_RULE,
  'storage.k8s.io/StorageClass': STORAGE_CLASS_RULE,
  '/ServiceAccount': SERVICE_ACCOUNT_RULE,
};

export function ruleOf(group: string, kind: string): KindRule | undefined {
  const key = `${group}/${kind}`;
  return Object.hasOwn(RULES, key) ? RULES[key] : undefined;
}
