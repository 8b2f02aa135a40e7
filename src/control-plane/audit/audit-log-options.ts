/** Where the audit log lies and how long it is kept. The values may be raised, not lowered below the benchmark's. */
export interface AuditLogOptions {
  /**
   * Folder of the log on every control-plane node, below `/var/log`. It is mounted as a whole, as rotation renames files in it.
   * @default /var/log/kubernetes/audit
   */
  readonly directory?: string;
  /**
   * Days that a rotated file is kept, at least 30 (CIS 1.2.17).
   * @default 30
   */
  readonly maxAgeDays?: number;
  /**
   * Number of rotated files that are kept, at least 10 (CIS 1.2.18).
   * @default 10
   */
  readonly maxBackups?: number;
  /**
   * Size in mebibytes at which the file is rotated, at least 100 (CIS 1.2.19).
   * @default 100
   */
  readonly maxSizeMebibytes?: number;
  /**
   * Whether rotated files are compressed by gzip.
   * @default false
   */
  readonly compressed?: boolean;
}
