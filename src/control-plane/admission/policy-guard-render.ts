import { PolicyGuard } from './policy-guard';
import { celString } from '../../controls/admission/cel-text';

/** What the names of all policies and bindings of the library begin with. */
const PREFIX = 'hardened-';

export const GUARD_NAME = 'hardened-guard.static.k8s.io';

/** What of an object's metadata anybody could use to have it changed or removed. */
const METADATA = ['annotations', 'finalizers', 'labels', 'ownerReferences'];

/**
 * The guard as a policy and its binding, plain JSON. Policies from the API are never asked about policies: only one from a file can refuse this.
 * A request to delete many comes as one for each, named by the object that is there.
 */
export function guardPolicy(guard: PolicyGuard): Record<string, unknown>[] {
  const list = (names: readonly string[]) => `[${names.map(celString).join(', ')}]`;
  const labels = { 'app.kubernetes.io/managed-by': 'cdk8s-hardened' };
  const isExempt = [
    ...(guard._users.length > 0 ? [`request.userInfo.?username.orValue('') in ${list(guard._users)}`] : []),
    ...(guard._groups.length > 0 ? [`request.userInfo.?groups.orValue([]).exists(g, g in ${list(guard._groups)})`] : []),
  ].join(' || ');
  return [
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicy',
      metadata: { name: GUARD_NAME, labels, annotations: { 'cdk8s-hardened/title': 'The policies in the API stay as they were applied' } },
      spec: {
        failurePolicy: 'Fail',
        matchConstraints: {
          matchPolicy: 'Equivalent',
          namespaceSelector: {},
          objectSelector: {},
          resourceRules: [{
            apiGroups: ['admissionregistration.k8s.io'],
            apiVersions: ['*'],
            operations: ['CREATE', 'UPDATE', 'DELETE'],
            resources: [
              'mutatingadmissionpolicies', 'mutatingadmissionpolicybindings', 'validatingadmissionpolicies', 'validatingadmissionpolicybindings',
            ],
            scope: '*',
          }],
        },
        variables: [
          { name: 'name', expression: '(request.operation == \'CREATE\' ? object : oldObject).metadata.name' },
          { name: 'isExempt', expression: isExempt },
          {
            name: 'isUnchanged',
            expression: 'request.operation == \'UPDATE\' && dyn(object).spec == dyn(oldObject).spec && '
              + `${list(METADATA)}.all(f, dyn(object).metadata[?f] == dyn(oldObject).metadata[?f])`,
          },
        ],
        validations: [{
          expression: `!variables.name.startsWith(${celString(PREFIX)}) || variables.isExempt || variables.isUnchanged`,
          message: 'Admission policies and bindings that are named hardened-… are guarded from the control-plane nodes. '
            + 'Have them changed by one of the identities that the guard names.',
          reason: 'Forbidden',
        }],
      },
    },
    {
      apiVersion: 'admissionregistration.k8s.io/v1',
      kind: 'ValidatingAdmissionPolicyBinding',
      metadata: { name: GUARD_NAME, labels },
      spec: { policyName: GUARD_NAME, validationActions: ['Deny', 'Audit'] },
    },
  ];
}
