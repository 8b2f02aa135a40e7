import { FsGroupChangePolicy, PodSecurityContextProps } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { PodParts } from './pod-parts';
import { ClusterProfile } from '../../core/cluster-profile';
import { checkUnixId } from '../../core/unix-id';

/** High ids don't meet those of people and daemons on the node. */
const DEFAULT_USER = 10001;

/** Ports below are root's, where neither the node's runtime nor the pod says otherwise. */
export const FIRST_ORDINARY_PORT = 1024;

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

/** What a pod needs to listen on its lowest port without being root: a sysctl of its own network, which Pod Security Standards count as safe. */
export function lowPortParts(port: number | undefined): PodParts[] {
  return port === undefined || port >= FIRST_ORDINARY_PORT ? [] : [{
    podSpec: { securityContext: { sysctls: [{ name: 'net.ipv4.ip_unprivileged_port_start', value: String(port) }] } },
  }];
}
