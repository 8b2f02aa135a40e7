import { AuditWebhookProps } from './audit-webhook-props';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkConnection, WebhookConnection } from '../component/webhook-kubeconfig';
import { checkWholeNumber } from '../whole-number';

const AT = 'AuditWebhook';
const PROPS: KnownProps<AuditWebhookProps> = {
  server: true, certificateAuthority: true, clientCertificatePath: true, clientKeyPath: true, bufferSize: true, maxBatchSize: true,
  maxBatchWaitSeconds: true, throttleQps: true, throttleBurst: true, initialBackoffSeconds: true, maxEventBytes: true, maxBatchBytes: true,
};

/** The properties with their defaults, checked. */
export interface CheckedAuditWebhook extends WebhookConnection {
  readonly bufferSize: number;
  readonly maxBatchSize: number;
  readonly maxBatchWaitSeconds: number;
  readonly throttleQps: number;
  readonly throttleBurst: number;
  readonly initialBackoffSeconds: number;
  readonly maxEventBytes: number;
  readonly maxBatchBytes: number;
}

/** Refuses what the API server would stop at, and portions of which nothing would arrive. */
export function checkAuditWebhook(props: AuditWebhookProps): CheckedAuditWebhook {
  checkProps(props, PROPS, { at: AT });
  const bufferSize = whole('bufferSize', props.bufferSize ?? 10_000, 1, 1_000_000);
  const maxEventBytes = whole('maxEventBytes', props.maxEventBytes ?? 102_400, 4_096, 10_485_760);
  return Object.freeze({
    ...checkConnection(props, '', { at: AT, unanswered: 'what can\'t be sent is lost to the collector' }),
    bufferSize,
    maxBatchSize: whole('maxBatchSize', props.maxBatchSize ?? Math.min(400, bufferSize), 1, bufferSize),
    maxBatchWaitSeconds: whole('maxBatchWaitSeconds', props.maxBatchWaitSeconds ?? 30, 1, 300),
    throttleQps: whole('throttleQps', props.throttleQps ?? 10, 1, 1_000),
    throttleBurst: whole('throttleBurst', props.throttleBurst ?? 15, 1, 1_000),
    initialBackoffSeconds: whole('initialBackoffSeconds', props.initialBackoffSeconds ?? 10, 1, 300),
    maxEventBytes,
    maxBatchBytes: whole('maxBatchBytes', props.maxBatchBytes ?? 10_485_760, maxEventBytes, 104_857_600),
  });
}

function whole(property: string, value: number, least: number, most: number): number {
  return checkWholeNumber(value, least, most, { at: AT, property, fix: 'Correct it, or leave it out for the default.' });
}
