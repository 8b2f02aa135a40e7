import { ApiObject, JsonPatch, Lazy } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { Granted, PolicyRule, policyRules } from './policy-rules';
import { Json } from '../controls/path';
import { AcceptedFinding, acceptFindings, CatalogFinding, catalogFindings, checkException, ReviewedException } from '../controls/waivers/reviewed-exception';
import { invalid } from '../core/errors';
import { KubernetesVersion } from '../core/kubernetes-version';

/** Whose role it is, and where it holds. */
export interface GrantedRoleProps {
  /** Name of the role and its binding. */
  readonly name: string;
  /** Namespace in which it holds; undefined: a ClusterRole, for the whole cluster. */
  readonly namespaceName?: string;
  readonly labels: Record<string, string>;
  /** Who has it. */
  readonly serviceAccount: { readonly name: string; readonly namespace: string };
  /** Where its objects are made, and under which ids. */
  readonly owner: Construct;
  readonly id: string;
  /** Who is named where an exception is asked for. */
  readonly at: IConstruct;
  readonly version: KubernetesVersion;
}

const API_VERSION = 'rbac.authorization.k8s.io/v1';

interface WrittenRole extends Json {
  readonly kind: string;
  readonly metadata: Record<string, unknown>;
  readonly rules: PolicyRule[];
}

interface Grant extends Granted {
  readonly findings: readonly CatalogFinding[];
  readonly exception?: ReviewedException;
}

/** The one role that a service account has in a namespace or in the cluster, and its binding. They are made with the first grant. */
export class GrantedRole {
  private readonly grants: Grant[] = [];
  private role?: ApiObject;

  constructor(private readonly props: GrantedRoleProps) {}

  /**
   * Checks a grant against the catalog, and changes nothing.
   * @throws if it needs an exception and none is given, or the other way round
   */
  public checked(granted: Granted, exception: ReviewedException | undefined): Grant {
    const { owner, id, at } = this.props;
    const taken = this.role ? undefined : [id, bindingId(id)].map((each) => owner.node.tryFindChild(each)).find((each) => each !== undefined);
    if (taken) {
      throw invalid({ at, property: 'grant', got: taken.node.path, allowed: 'no construct where the role or its binding is made', fix: 'Give that construct another id.' });
    }
    const findings = catalogFindings(this.written([granted]), this.props.version);
    const accepted = checkException(exception, findings, 'exception', this.props.at);
    return { ...granted, findings, ...(accepted && { exception: accepted }) };
  }

  /** Takes in what was checked. */
  public take(grant: Grant): void {
    this.grants.push(grant);
    this.role ??= this.makeObjects();
    const json = this.written(this.grants);
    acceptFindings(this.role, json, this.accepted(json), this.props.at.node.path);
  }

  private accepted(json: WrittenRole): AcceptedFinding[] {
    return catalogFindings(json, this.props.version).flatMap((finding): AcceptedFinding[] => {
      const rule = json.rules[Number(/^rules\[(\d+)\]/.exec(finding.path)?.[1])];
      const exceptions = this.grants.filter((grant) => covers(grant, rule, finding)).map(({ exception }) => exception!);
      const [first] = exceptions.sort((a, b) => (a.expires < b.expires ? -1 : a.expires > b.expires ? 1 : 0));
      return first === undefined ? [] : [{ finding, exception: first }];
    });
  }

  private makeObjects(): ApiObject {
    const { owner, id, name, serviceAccount } = this.props;
    const { kind, metadata } = this.written([]);
    const role = new ApiObject(owner, id, { apiVersion: API_VERSION, kind, metadata, rules: Lazy.any({ produce: () => policyRules(this.grants) }) });
    const binding = new ApiObject(owner, bindingId(id), {
      apiVersion: API_VERSION,
      kind: `${kind}Binding`,
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind, name },
      subjects: [{ kind: 'ServiceAccount', ...serviceAccount }],
    });
    binding.node.addDependency(role);
    if (this.props.namespaceName === undefined) {
      // cdk8s puts a chart's namespace into every object of it.
      [role, binding].filter((object) => object.metadata.namespace !== undefined).forEach((object) => object.addJsonPatch(JsonPatch.remove('/metadata/namespace')));
    }
    return role;
  }

  private written(granted: readonly Granted[]): WrittenRole {
    const { name, namespaceName, labels } = this.props;
    return {
      apiVersion: API_VERSION,
      kind: namespaceName === undefined ? 'ClusterRole' : 'Role',
      metadata: { name, ...(namespaceName !== undefined && { namespace: namespaceName }), labels },
      rules: policyRules(granted),
    };
  }
}

function bindingId(id: string): string {
  return id.replace('Role', 'RoleBinding');
}

/** Whether a finding of the whole role comes from a grant that has an exception for it. */
function covers({ group, resource, names, findings, exception }: Grant, rule: PolicyRule | undefined, finding: CatalogFinding): boolean {
  const sameObjects = rule?.resourceNames === undefined ? names.length === 0 : names.some((name) => rule.resourceNames!.includes(name));
  return exception !== undefined && rule?.apiGroups[0] === group && rule.resources[0] === resource && sameObjects
    && findings.some(({ control, value }) => control.id === finding.control.id && value === finding.value);
}
