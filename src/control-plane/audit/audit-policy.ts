import { Yaml } from 'cdk8s';
import { decide } from './audit-decide';
import { AuditDecision } from './audit-decision';
import { forensicRules } from './audit-forensic';
import { checkNoConfidentialBodies, checkNoHiddenAccess, matchesEverything } from './audit-guard';
import { minimalRules } from './audit-minimal';
import { recommendedRules } from './audit-recommended';
import { AuditRequest } from './audit-request';
import { AuditLevel, AuditRule, AuditStage } from './audit-rule';
import { checkAuditRule, checkStages } from './audit-rule-check';
import { checkBoolean } from '../../core/boolean';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { markAs } from '../../core/made-by';

/** What an audit policy says. */
export interface AuditPolicyProps {
  /** The rules; the first that matches a request decides. At least one. */
  readonly rules: AuditRule[];
  /**
   * Stages that leave no record, whichever rule decides: a rule can add some, but bring none back.
   * @default - AuditStage.REQUEST_RECEIVED, whose facts the later record repeats
   */
  readonly omitStages?: AuditStage[];
  /**
   * Whether `metadata.managedFields` is left out of logged bodies: it is bulk without information.
   * @default true
   */
  readonly omitManagedFields?: boolean;
}

const PROPS: KnownProps<AuditPolicyProps> = { rules: true, omitStages: true, omitManagedFields: true };

/**
 * Which requests to the API server leave which record: an immutable statement that `ControlPlane` puts on the control-plane nodes
 * (`audit.k8s.io/v1`; CIS 1.2.16, 3.2.1, 3.2.2).
 *
 * No order of rules is accepted in which the body of a Secret, ConfigMap, service-account token, token review or certificate signing request
 * can reach the log, nor one in which reading Secrets, getting tokens and certificates, `exec` and the like, or changes of RBAC and admission
 * leave no record. What no rule matches is logged at Metadata: a last rule says so unless the policy's own last rule matches everything.
 */
export class AuditPolicy {
  /**
   * A policy for production. Silence for kube-proxy's watches, health and version paths, and, of users who have a name, leases and the making of
   * events; metadata alone for whatever carries credentials, and for `exec`, `attach`, `port-forward` and proxying; whole bodies for changes of
   * RBAC and admission; request bodies for changes of workloads; metadata for everything else.
   */
  public static recommended(): AuditPolicy {
    return new AuditPolicy({ rules: recommendedRules() });
  }

  /**
   * Little volume, and metadata alone: who changes what, and whoever comes near credentials or runs commands. Users who have a name leave no
   * record of discovery and of reading anything else that Kubernetes itself defines, even where they are not allowed to.
   */
  public static minimal(): AuditPolicy {
    return new AuditPolicy({ rules: minimalRules() });
  }

  /**
   * As much as can be kept: request and response of every change, custom resources included, metadata of everything else, of each request its
   * beginning too. Silence for health paths alone; metadata alone for what carries credentials, and for `exec`, `attach`, `port-forward` and
   * proxying. Where a custom resource carries credentials, write a policy with a rule for it before these rules.
   */
  public static forensic(): AuditPolicy {
    return new AuditPolicy({ rules: forensicRules(), omitStages: [] });
  }

  /**
   * A policy of your own.
   * @throws if there is no rule, a rule is not what it seems to be, one is never reached, the log would hold confidential bodies, or somebody
   * could get credentials, commands or rights without a record
   */
  public static of(props: AuditPolicyProps): AuditPolicy {
    return new AuditPolicy(props);
  }

  private readonly ruleList: readonly AuditRule[];
  private readonly stages: readonly AuditStage[];
  private readonly withoutManagedFields: boolean;

  private constructor(props: AuditPolicyProps) {
    checkProps(props, PROPS, { at: 'AuditPolicy' });
    if (checkList(props.rules, 'rules', 'rules', 'AuditPolicy').length === 0) {
      throw invalid({
        at: 'AuditPolicy', property: 'rules', got: props.rules, allowed: 'at least one rule', fix: 'Add a rule, or use AuditPolicy.recommended(): the API server does not start without rules.',
      });
    }
    props.rules.forEach(checkAuditRule);
    const rules = props.rules.map(copyOf);
    checkStages(props.omitStages, 'omitStages', false);
    const last = rules.findIndex(matchesEverything);
    if (last >= 0 && last < rules.length - 1) {
      throw invalid({
        at: 'AuditPolicy',
        property: `rules[${last + 1}]`,
        got: rules[last + 1],
        allowed: `no rule after rules[${last}], which matches every request`,
        fix: 'Move the rule that matches everything to the end: the first match decides.',
      });
    }
    checkNoConfidentialBodies(rules);
    checkNoHiddenAccess(rules);
    this.ruleList = Object.freeze(last < 0 ? [...rules, { level: AuditLevel.METADATA }] : rules);
    this.stages = Object.freeze([...(props.omitStages ?? [AuditStage.REQUEST_RECEIVED])]);
    this.withoutManagedFields = checkBoolean(props.omitManagedFields ?? true, 'omitManagedFields', true, 'AuditPolicy');
    lock(this);
    markAs('AuditPolicy', this);
  }

  /**
   * What the log gets to hold of a request: which rule decides, how much is kept, and in which records.
   * @throws if the request is neither for a path nor for a resource, or a property is misspelt
   */
  public decide(request: AuditRequest): AuditDecision {
    return decide(this.ruleList, this.stages, request);
  }

  /** The rules in their order, with the last one that matches everything. */
  public get rules(): AuditRule[] {
    return this.ruleList.map(copyOf);
  }

  /** The file that `--audit-policy-file` names. */
  public toYaml(): string {
    return Yaml.stringify({
      apiVersion: 'audit.k8s.io/v1',
      kind: 'Policy',
      ...(this.stages.length > 0 ? { omitStages: [...this.stages] } : {}),
      omitManagedFields: this.withoutManagedFields,
      rules: this.ruleList.map(render),
    });
  }
}

function render(rule: AuditRule): Record<string, unknown> {
  return withoutUndefined({
    level: rule.level,
    users: rule.users,
    userGroups: rule.userGroups,
    verbs: rule.verbs,
    resources: rule.resources?.map((entry) => withoutUndefined({
      group: entry.group ?? '', resources: entry.resources, resourceNames: entry.resourceNames,
    })),
    namespaces: rule.namespaces,
    nonResourceURLs: rule.nonResourceUrls,
    omitStages: rule.omitStages,
    omitManagedFields: rule.omitManagedFields,
  });
}

function withoutUndefined(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).filter(([, value]) => value !== undefined));
}

function copyOf(rule: AuditRule): AuditRule {
  return structuredClone(rule);
}
