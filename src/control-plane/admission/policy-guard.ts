import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { markAs } from '../../core/made-by';

const AT = 'PolicyGuard';

/** Who may touch the policies in the API. */
export interface PolicyGuardProps {
  /**
   * Users by the name that the API server knows them by, such as `system:serviceaccount:flux-system:kustomize-controller`.
   * @default - none
   */
  readonly users?: string[];
  /**
   * Groups by the name that the API server knows them by, such as `oidc:platform`. Administrators are `kubeadm:cluster-admins` with kubeadm, and
   * `cluster-pki:cluster-admins` with static pods.
   * @default - none
   */
  readonly groups?: string[];
}

const PROPS: KnownProps<PolicyGuardProps> = { users: true, groups: true };

/** Names that everybody has, or that no certificate which has them can lose. */
const EVERYBODY: Readonly<Record<string, string>> = {
  'system:anonymous': 'whoever has not signed in',
  'system:unauthenticated': 'whoever has not signed in',
  'system:authenticated': 'everybody who has signed in',
  'system:serviceaccounts': 'every program in the cluster',
  'system:nodes': 'every node',
};
const MASTERS = 'system:masters';

/**
 * Who may still create, change and delete the admission policies and bindings in the API whose names begin with `hardened-`, those of
 * `AdmissionPolicies`. A policy on the control-plane nodes refuses it to all others, administrators included. Whoever may impersonate one of these
 * users or groups, or get a token of the service account, passes as them.
 *
 * Updates that change nothing pass, and so do Kubernetes' own notes in the status.
 *
 * @throws if nobody is named, or a name stands for everybody
 */
export class PolicyGuard {
  /** @internal */
  public readonly _users: readonly string[];
  /** @internal */
  public readonly _groups: readonly string[];

  constructor(props: PolicyGuardProps) {
    checkProps(props, PROPS, { at: AT });
    this._users = checkNames(props.users ?? [], 'users');
    this._groups = checkNames(props.groups ?? [], 'groups');
    if (this._users.length + this._groups.length === 0) {
      throw invalid({
        at: AT, property: 'users', got: [], allowed: 'one or more users or groups',
        fix: 'Name who applies the policies, for instance the service account of the GitOps controller: nobody else could create or update them.',
      });
    }
    lock(this);
    markAs('PolicyGuard', this);
  }
}

function checkNames(names: readonly string[], property: string): readonly string[] {
  checkList(names, property, 'names', AT).forEach((name, i) => checkName(name, `${property}[${i}]`));
  return Object.freeze([...new Set(names)].sort());
}

function checkName(name: string, property: string): void {
  if (typeof name !== 'string' || !/^\S+( \S+)*$/.test(name) || name.length > 253 || /[\p{Cc}\p{Cf}*]/u.test(name)) {
    throw invalid({
      at: AT, property, got: name, allowed: 'a name without wildcards, as the API server sees it after authentication',
      fix: 'Give it with the prefix that authentication adds, for instance oidc:platform.',
    });
  }
  if (Object.hasOwn(EVERYBODY, name)) {
    throw invalid({ at: AT, property, got: name, allowed: `names that do not stand for ${EVERYBODY[name]}`, fix: 'Name the user, service account or group that applies the policies.' });
  }
  if (name === MASTERS) {
    throw invalid({
      at: AT, property, got: name, allowed: 'names of those who apply the policies',
      fix: 'Leave it out: the guard is there for the day that such a certificate is stolen. In an emergency, change the files on the control-plane nodes.',
    });
  }
}
