import * as path from 'path';
import { IConstruct } from 'constructs';
import { AuditLogOptions } from './audit-log-options';
import { checkBoolean } from '../../core/boolean';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkWholeNumber } from '../whole-number';

const OPTIONS: KnownProps<AuditLogOptions> = { directory: true, maxAgeDays: true, maxBackups: true, maxSizeMebibytes: true, compressed: true };

/** Folders of others: what they do with unknown files, and who has to read them, is theirs to say. */
const TAKEN = {
  apt: 'the package manager', audit: 'auditd', containers: 'the kubelet', journal: 'systemd-journald', pods: 'the kubelet', private: 'systemd',
};

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
  const directory = checkDirectory(options.directory ?? '/var/log/kubernetes/audit', at);
  return {
    directory,
    file: `${directory}/audit.log`,
    maxAgeDays: between(30, 36_500, options.maxAgeDays, 'maxAgeDays', '1.2.17', at),
    maxBackups: between(10, 100_000, options.maxBackups, 'maxBackups', '1.2.18', at),
    maxSizeMebibytes: between(100, 1_048_576, options.maxSizeMebibytes, 'maxSizeMebibytes', '1.2.19', at),
    compressed: checkBoolean(options.compressed ?? false, 'auditLog.compressed', false, at),
  };
}

function checkDirectory(directory: string, at: IConstruct): string {
  if (typeof directory !== 'string' || !/^\/var\/log\/[A-Za-z0-9._/-]+$/.test(directory) || path.posix.normalize(directory) !== directory || directory.endsWith('/')) {
    throw invalid({
      at,
      property: 'auditLog.directory',
      got: directory,
      allowed: 'a folder of its own below /var/log, as a normalized path of letters, digits and ._-/',
      fix: 'Choose for instance /var/log/kubernetes/audit: the API server gets the whole folder to write to.',
    });
  }
  const owner = Object.entries(TAKEN).find(([folder]) => `${directory}/`.startsWith(`/var/log/${folder}/`));
  if (owner) {
    throw invalid({
      at,
      property: 'auditLog.directory',
      got: directory,
      allowed: `no folder of ${owner[1]}, as /var/log/${owner[0]} is`,
      fix: 'Choose for instance /var/log/kubernetes/audit: the folder is closed to all but root, and the API server writes to all of it.',
    });
  }
  return directory;
}

function between(least: number, most: number, value: number | undefined, property: string, cis: string, at: IConstruct): number {
  return checkWholeNumber(value ?? least, least, most, {
    at, property: `auditLog.${property}`, source: `CIS cis-1.12 ${cis}`, fix: `Leave it out for ${least}: an attack is often found weeks later.`,
  });
}
