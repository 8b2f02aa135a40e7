import { invalid } from '../../core/errors';

/** Who runs a cluster. At least one group or user. */
export interface PlatformIdentities {
  /**
   * Groups, as the API server knows them: those of certificates and identity providers, and of service accounts
   * (`system:serviceaccounts:argocd`).
   * @default - none
   */
  readonly groups?: string[];
  /**
   * Users by name, service accounts too (`system:serviceaccount:argocd:argocd-application-controller`).
   * @default - none
   */
  readonly users?: string[];
}

/** Refuses identities that nobody is: what nobody may change would stay so for good. */
export function checkIdentities({ groups = [], users = [] }: PlatformIdentities, at: string): PlatformIdentities {
  const wrong = [...groups, ...users].find((name) => typeof name !== 'string' || name === '');
  if (groups.length + users.length === 0 || wrong !== undefined) {
    throw invalid({
      at, property: 'identities', got: wrong === undefined ? { groups, users } : wrong, allowed: 'at least one group or user, by name',
      fix: 'Name who runs the cluster, for instance groups: ["system:masters"].',
    });
  }
  return { groups, users };
}
