import { FsGroupChangePolicy, PodSecurityContextProps } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkUnixId } from '../../core/unix-id';

/** High ids don't meet those of people and daemons on the node. */
const DEFAULT_USER = 10001;

/** Who a program runs as; undefined where the platform assigns ids. */
export interface PodIdentity {
  readonly user?: number;
  readonly group?: number;
}

/** Checks user and group, and fills in the default. */
export function podIdentity(props: PodIdentity, profile: ClusterProfile, at: IConstruct): PodIdentity {
  const user = checkUnixId('user', props.user ?? (profile.assignsUids ? undefined : DEFAULT_USER), at);
  return { user, group: checkUnixId('group', props.group ?? user, at) };
}

/** Who all containers of the pod run as, also those added later, and whose its volumes are. */
export function podSecurityContext({ user, group }: PodIdentity): PodSecurityContextProps {
  return { ensureNonRoot: true, user, group, fsGroup: group, fsGroupChangePolicy: FsGroupChangePolicy.ON_ROOT_MISMATCH };
}
