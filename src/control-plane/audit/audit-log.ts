import * as path from 'path';
import { IConstruct } from 'constructs';
import { AuditLogOptions } from './audit-log-options';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';

const OPTIONS: KnownProps<AuditLogOptions> = { directory: true, maxAgeDays: true, maxBackups: true, maxSizeMebibytes: true, compressed: true };

/** The options with their defaults, checked. */
export interface AuditLog {
  readonly directory: string;
  readonly file: string;
  readonly maxAgeDays: number;
  readonly maxBackups: number;
  readonly maxSizeMebibytes: number;
  readonly compressed: boolean;
}

export function auditLog(options: AuditLogOptions, at: IConstruct): AuditLog {
  checkProps(options, OPTIONS, { at, property: 'auditLog' });
  const directory = options.directory ?? '/var/log/kubernetes/audit';
  if (!/^\/var\/log\/[A-Za-z0-9._/-]+$/.test(directory) || path.posix.normalize(directory) !== directory || directory.endsWith('/')) {
    throw invalid({
      at,
      property: 'auditLog.directory',
      got: directory,
      allowed: 'a folder of its own below /var/log, as a normalized path of letters, digits and ._-/',
      fix: 'Choose for instance /var/log/kubernetes/audit: the API server gets the whole folder to write to.',
    });
  }
  return {
    directory,
    file: `${directory}/audit.log`,
    maxAgeDays: atLeast(30, options.maxAgeDays, 'maxAgeDays', '1.2.17', at),
    maxBackups: atLeast(10, options.maxBackups, 'maxBackups', '1.2.18', at),
    maxSizeMebibytes: atLeast(100, options.maxSizeMebibytes, 'maxSizeMebibytes', '1.2.19', at),
    compressed: checkFlag(options.compressed ?? false, at),
  };
}

function checkFlag(value: boolean, at: IConstruct): boolean {
  if (typeof value !== 'boolean') {
    throw invalid({ at, property: 'auditLog.compressed', got: value, allowed: 'true or false', fix: 'Leave it out for false.' });
  }
  return value;
}

function atLeast(least: number, value: number | undefined, property: string, cis: string, at: IConstruct): number {
  const chosen = value ?? least;
  if (!Number.isInteger(chosen) || chosen < least) {
    throw invalid({
      at,
      property: `auditLog.${property}`,
      got: chosen,
      allowed: `a whole number from ${least} on`,
      source: `CIS cis-1.12 ${cis}`,
      fix: `Leave it out for ${least}: an attack is often found weeks later.`,
    });
  }
  return chosen;
}
