import { Capability, ContainerSecurityContextProps, FsGroupChangePolicy, PodSecurityContextProps, SeccompProfileType } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';

/** High ids don't meet those of people and daemons on the node. */
const DEFAULT_USER = 10001;
const HIGHEST_ID = 2 ** 31 - 1;

/** Who a program runs as; undefined where the platform assigns ids. */
export interface PodIdentity {
  readonly user?: number;
  readonly group?: number;
}

/** Checks user and group, and fills in the default. */
export function podIdentity(props: PodIdentity, profile: ClusterProfile, at: IConstruct): PodIdentity {
  const user = checkId('user', props.user ?? (profile.assignsUids ? undefined : DEFAULT_USER), at);
  return { user, group: checkId('group', props.group ?? user, at) };
}

/** What holds for every container of the pod, also those added later. cdk8s-plus knows no seccomp profile here: see `podTemplatePatches`. */
export function podSecurityContext({ user, group }: PodIdentity): PodSecurityContextProps {
  return { ensureNonRoot: true, user, group, fsGroup: group, fsGroupChangePolicy: FsGroupChangePolicy.ON_ROOT_MISMATCH };
}

/** PSS restricted, and a read-only root filesystem (CIS 5.6.3, NSA 1.2). */
export function containerSecurityContext({ user, group }: PodIdentity): ContainerSecurityContextProps {
  return {
    ensureNonRoot: true,
    user,
    group,
    privileged: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: [Capability.ALL] },
    seccompProfile: { type: SeccompProfileType.RUNTIME_DEFAULT },
  };
}

function checkId(property: string, id: number | undefined, at: IConstruct): number | undefined {
  if (id !== undefined && (!Number.isInteger(id) || id < 1 || id > HIGHEST_ID)) {
    throw invalid({
      at, property, got: id, allowed: `a whole number from 1 to ${HIGHEST_ID}`, fix: 'Give an id other than root\'s.', source: 'PSS restricted, CIS 5.2.7',
    });
  }
  return id;
}
