import { Requirement } from '../requirement';

/** What Pod Security admission does about Pods that a level does not allow. */
export type PodSecurityMode = 'enforce' | 'audit' | 'warn';

/** The label of a namespace that names the level of a mode. */
export function levelLabel(mode: PodSecurityMode): string {
  return `metadata.labels["pod-security.kubernetes.io/${mode}"]`;
}

/**
 * A namespace has a mode's level as of a version that asks for what the level is known for: before 1.22 restricted asks for less, and v1.0 for next to
 * nothing. 1.28 is the oldest that this library knows; from there on versions differ by what has been found since. Newer ones than the cluster's count
 * as its own.
 */
export function currentVersion(mode: PodSecurityMode): Requirement {
  return Requirement.matches(`metadata.labels["pod-security.kubernetes.io/${mode}-version"]`, '^(latest|v1\\.(2[89]|[3-9][0-9]|[1-9][0-9]{2}))$', { orAbsent: true })
    .describedAs('absent, latest, or v1.28 or newer');
}
