import { AuditLevel } from './audit-rule';

/** Moments of a request that can leave a record in the log. Where the API server panics, a record of that replaces the last. */
export enum AuditRecordStage {
  /** The request was received and nothing done yet. */
  REQUEST_RECEIVED = 'RequestReceived',
  /** The response's headers were sent: of requests that last, such as watches and `kubectl exec`, and of those whose credentials were refused. */
  RESPONSE_STARTED = 'ResponseStarted',
  /** The response was sent. */
  RESPONSE_COMPLETE = 'ResponseComplete',
}

/** What an audit policy makes of a request. */
export interface AuditDecision {
  /** Index in `AuditPolicy.rules` of the rule that decides: the first that matches. There is one, as the last rule matches everything. */
  readonly ruleIndex: number;
  /** How much of the request is kept. */
  readonly level: AuditLevel;
  /** The records that it leaves, in their order. */
  readonly stages: AuditRecordStage[];
}
