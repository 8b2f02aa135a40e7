import { AuditLog } from './audit-log';
import { AuditPolicy } from './audit-policy';
import { AuditWebhook } from './audit-webhook';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { ApiServerParts } from '../component/api-server-parts';
import { connectionFiles, kubeconfigPath } from '../component/webhook-kubeconfig';
import { AUDIT_POLICY, AUDIT_WEBHOOK } from '../paths';

/** What is logged, and where to. */
export interface Audit {
  readonly policy: AuditPolicy;
  readonly log: AuditLog;
  readonly webhook?: AuditWebhook;
}

const PLACE = { folder: AUDIT_WEBHOOK, name: 'collector' };

/**
 * Adds the flags and mounts, and returns the files. All that limits the log is said: from Kubernetes 1.36 on the defaults are others. The log's
 * folder is mounted as a whole, as rotation renames files in it.
 */
export function addAudit({ policy, log, webhook }: Audit, parts: ApiServerParts): NodeFileProps[] {
  const { flags, mounts } = parts;
  mounts
    .add({ name: 'audit-log', path: log.directory, readOnly: false, pathType: 'DirectoryOrCreate' })
    .add({ name: 'audit-policy', path: AUDIT_POLICY, readOnly: true, pathType: 'File' });
  flags
    .set('audit-log-maxage', String(log.maxAgeDays), 'AuditPolicy')
    .set('audit-log-maxbackup', String(log.maxBackups), 'AuditPolicy')
    .set('audit-log-maxsize', String(log.maxSizeMebibytes), 'AuditPolicy')
    .set('audit-log-path', log.file, 'AuditPolicy')
    .set('audit-policy-file', AUDIT_POLICY, 'AuditPolicy');
  if (log.compressed) {
    flags.set('audit-log-compress', 'true', 'AuditPolicy');
  }
  const files = [{ path: AUDIT_POLICY, content: policy.toYaml(), kind: NodeFileKind.RESTRICTED }];
  return webhook === undefined ? files : [...files, ...addWebhook(webhook, parts)];
}

function addWebhook({ _checked: webhook }: AuditWebhook, { flags, mounts }: ApiServerParts): NodeFileProps[] {
  mounts.add({ name: 'audit-webhook', path: AUDIT_WEBHOOK, readOnly: true, pathType: 'Directory' });
  const values: Record<string, string> = {
    'batch-buffer-size': String(webhook.bufferSize),
    'batch-max-size': String(webhook.maxBatchSize),
    'batch-max-wait': `${webhook.maxBatchWaitSeconds}s`,
    'batch-throttle-burst': String(webhook.throttleBurst),
    'batch-throttle-enable': 'true',
    'batch-throttle-qps': String(webhook.throttleQps),
    'config-file': kubeconfigPath(PLACE),
    'initial-backoff': `${webhook.initialBackoffSeconds}s`,
    'mode': 'batch',
    'truncate-enabled': 'true',
    'truncate-max-batch-size': String(webhook.maxBatchBytes),
    'truncate-max-event-size': String(webhook.maxEventBytes),
  };
  Object.entries(values).forEach(([name, value]) => flags.set(`audit-webhook-${name}`, value, 'AuditWebhook'));
  return connectionFiles(webhook, PLACE);
}
