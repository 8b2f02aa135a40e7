/** How much a finding matters. */
export enum Severity {
  /** Worth knowing; nothing is wrong. */
  INFO = 'info',
  /** Hardening that is missing, with little to gain for an attacker. */
  LOW = 'low',
  /** A weakness that needs another one to be used. */
  MEDIUM = 'medium',
  /** A weakness that can be used on its own. */
  HIGH = 'high',
  /** Control of a node, of the cluster or of its secrets is one step away. */
  CRITICAL = 'critical',
}

/** Severities, worst first. */
export const WORST_FIRST: readonly Severity[] = [Severity.CRITICAL, Severity.HIGH, Severity.MEDIUM, Severity.LOW, Severity.INFO];
