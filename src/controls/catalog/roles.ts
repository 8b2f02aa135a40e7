import { Requirement } from '../requirement';

/** Kinds that hold rules of RBAC. */
export const ROLE_KINDS = ['Role', 'ClusterRole'];
export const BINDING_KINDS = ['RoleBinding', 'ClusterRoleBinding'];

/** Verbs that change objects that are there, or make new ones. */
export const WRITING_VERBS = ['create', 'update', 'patch'];

/** What a rule would have to name to give something away. */
export interface Permission {
  /** API group; empty for the core group. */
  readonly group: string;
  readonly resources: readonly string[];
  readonly verbs: readonly string[];
  /** Whether a rule that names the objects may give it. */
  readonly mayBeNamed?: boolean;
}

/**
 * No rule gives a permission by its name. A wildcard among groups or verbs counts as the name, and so does one before a subresource; a bare `*`
 * among resources gives all there is, which a control of its own says once.
 */
export function withoutPermissions(...permissions: Permission[]): Requirement {
  const withheld = permissions.map(withoutPermission);
  return Requirement.each('rules', withheld.length === 1 ? withheld[0] : Requirement.allOf(...withheld))
    .notFixable('Whether the program needs it, and what it needs instead, has to be decided.');
}

function withoutPermission({ group, resources, verbs, mayBeNamed }: Permission): Requirement {
  const allowed = `another resource, or none of the verbs ${verbs.join(', ')}${mayBeNamed ? ', or resourceNames' : ''}`;
  const anySubresources = resources.filter((name) => name.includes('/')).map((name) => `*/${name.slice(name.indexOf('/') + 1)}`);
  return Requirement.exemptWhen(
    Requirement.anyOf(
      Requirement.each('apiGroups', otherGroup(group)),
      Requirement.each('verbs', Requirement.noneOf('', ...verbs, '*')),
      ...(mayBeNamed ? [Requirement.present('resourceNames')] : []),
    ),
    Requirement.each('resources', Requirement.noneOf('', ...resources, ...new Set(anySubresources)).describedAs(allowed)),
  );
}

/** The empty text is the core group's name; to other operators it is no value. */
function otherGroup(group: string): Requirement {
  return group === '' ? Requirement.matches('', '^[^*]') : Requirement.noneOf('', group, '*');
}
