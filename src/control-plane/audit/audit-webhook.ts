import { CheckedAuditWebhook, checkAuditWebhook } from './audit-webhook-check';
import { AuditWebhookProps } from './audit-webhook-props';
import { lock } from '../../core/immutable';
import { markAs } from '../../core/made-by';

/**
 * A collector that gets the audit log's records over mutual TLS: an immutable statement for `ControlPlane`. The file on the node stays; the
 * collector has a copy that an attacker on the node can't take back.
 *
 * Records are sent in batches, by the side of the requests. There is no mode in which requests wait for the collector: one that is down would
 * stop the whole API, and `blocking` gives records up in the end as well.
 *
 * @throws if the address is not https, a path is not below /etc/kubernetes/pki, a number can't be, or a property is misspelt
 */
export class AuditWebhook {
  /** @internal */
  public readonly _checked: CheckedAuditWebhook;

  constructor(props: AuditWebhookProps) {
    this._checked = checkAuditWebhook(props);
    lock(this);
    markAs('AuditWebhook', this);
  }
}
