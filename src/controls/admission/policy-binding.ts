import { policyName } from './validating-policy';
import { SYSTEM_NAMESPACES } from '../../core/distribution';
import { invalid } from '../../core/errors';
import { Control } from '../control';

/** What the API server does about an object that a policy refuses. */
export enum PolicyPhase {
  /** Notes it in the audit log; nobody else sees it. Begin here. */
  AUDIT = 'audit',
  /** Tells whoever applies it, and notes it in the audit log. */
  WARN = 'warn',
  /** Refuses it. */
  DENY = 'deny',
}

const ACTIONS: Record<PolicyPhase, readonly string[]> = { audit: ['Audit'], warn: ['Warn', 'Audit'], deny: ['Deny', 'Audit'] };

/** The label of a namespace that the API server itself sets, to its name. */
const NAME_LABEL = 'kubernetes.io/metadata.name';

/** Namespaces by their labels, as the API writes it. */
interface NamespaceSelector {
  readonly matchLabels?: Record<string, string>;
  readonly matchExpressions?: readonly { readonly key: string; readonly operator: string; readonly values?: readonly string[] }[];
}

/** Where a policy holds, and what it does there. */
export interface PolicyBindingOptions {
  readonly phase: PolicyPhase;
  /** Sets bindings of one policy apart: the pack's name. */
  readonly suffix: string;
  /** @default SYSTEM_NAMESPACES */
  readonly excludedNamespaces?: readonly string[];
  /**
   * The only namespaces.
   * @default - all but the excluded ones
   */
  readonly namespaces?: readonly string[];
  /**
   * What else namespaces have to be like.
   * @default - nothing
   */
  readonly namespaceSelector?: NamespaceSelector;
}

/**
 * A binding of a control's policy, plain JSON. Objects that belong to no namespace are always looked at, namespaces by their own names.
 */
export function policyBinding(control: Control, options: PolicyBindingOptions): Record<string, unknown> {
  const { phase, suffix, excludedNamespaces = SYSTEM_NAMESPACES, namespaces, namespaceSelector = {} } = options;
  if (!Object.hasOwn(ACTIONS, phase)) {
    throw invalid({ at: `Control ${control.id}`, property: 'phase', got: phase, allowed: 'audit, warn or deny', fix: 'Begin with audit.' });
  }
  const byName = (operator: string, names: readonly string[]) => ({ key: NAME_LABEL, operator, values: [...names].sort() });
  const matchExpressions = [
    ...(excludedNamespaces.length > 0 ? [byName('NotIn', excludedNamespaces)] : []),
    ...(namespaces ? [byName('In', namespaces)] : []),
    ...(namespaceSelector.matchExpressions ?? []),
  ];
  return {
    apiVersion: 'admissionregistration.k8s.io/v1',
    kind: 'ValidatingAdmissionPolicyBinding',
    metadata: {
      name: `${policyName(control)}.${suffix}`,
      labels: { 'app.kubernetes.io/managed-by': 'cdk8s-hardened', 'cdk8s-hardened/control': control.id },
    },
    spec: {
      policyName: policyName(control),
      matchResources: {
        matchPolicy: 'Equivalent',
        namespaceSelector: {
          ...(namespaceSelector.matchLabels && { matchLabels: { ...namespaceSelector.matchLabels } }),
          ...(matchExpressions.length > 0 && { matchExpressions }),
        },
        objectSelector: {},
      },
      validationActions: [...ACTIONS[phase]],
    },
  };
}
