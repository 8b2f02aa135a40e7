import { validatingPolicy, ValidatingPolicyOptions } from '../../../src/controls/admission/validating-policy';
import { Control, ControlLayer, ControlProps } from '../../../src/controls/control';
import { Requirement } from '../../../src/controls/requirement';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Severity } from '../../../src/core/severity';

/** A control of which only the requirement matters, and what it is about. */
export function sample(requirement: Requirement, others: Partial<ControlProps> = {}): Control {
  return new Control({
    id: 'sample', title: 'Pods are as they should be', severity: Severity.HIGH, layer: ControlLayer.POD_SECURITY, rationale: 'Because.', remediation: 'Change it.',
    requirement, ...others,
  });
}

interface Rule {
  readonly apiGroups: string[];
  readonly apiVersions: string[];
  readonly operations: string[];
  readonly resources: string[];
}

interface Named {
  readonly name: string;
  readonly expression: string;
}

interface Validation {
  readonly expression: string;
  readonly message: string;
  readonly messageExpression?: string;
  readonly reason: string;
}

/** What tests read of a policy. */
export interface PolicyJson {
  readonly metadata: { readonly name: string; readonly labels: Record<string, string>; readonly annotations: Record<string, string> };
  readonly spec: {
    readonly failurePolicy: string;
    readonly matchConditions?: readonly Named[];
    readonly matchConstraints: { readonly resourceRules: readonly Rule[] };
    readonly variables?: readonly Named[];
    readonly validations: readonly Validation[];
  };
}

export function policyOf(control: Control, options: Partial<ValidatingPolicyOptions> = {}): PolicyJson {
  return validatingPolicy(control, { version: KubernetesVersion.V1_37, ...options }) as unknown as PolicyJson;
}

/** What has to be true of an object that is new or changed. */
export function conditionOf(control: Control, options: Partial<ValidatingPolicyOptions> = {}): string {
  return policyOf(control, options).spec.validations[0].expression.replace(/^!variables\.changed \|\| /, '');
}

export function variableOf(name: string, control: Control, options: Partial<ValidatingPolicyOptions> = {}): string | undefined {
  return policyOf(control, options).spec.variables?.find((variable) => variable.name === name)?.expression;
}
