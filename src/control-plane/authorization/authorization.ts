import { AuthorizationWebhook } from './authorization-webhook';
import { CheckedWebhook, checkWebhook } from './authorization-webhook-check';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { markAs } from '../../core/made-by';

const AT = 'Authorization';

/** Who decides what a user may do. */
export interface AuthorizationProps {
  /**
   * Services that are asked after the Node authorizer and before RBAC. Kubernetes 1.30 and newer.
   * @default - none
   */
  readonly webhooks?: AuthorizationWebhook[];
}

const PROPS: KnownProps<AuthorizationProps> = { webhooks: true };

/**
 * Who decides what a user may do: the Node authorizer, then webhooks, then RBAC. An immutable statement that `ControlPlane` turns into an
 * AuthorizationConfiguration, or into `--authorization-mode` before Kubernetes 1.30 (CIS 1.2.6 to 1.2.8).
 *
 * Nothing that allows everything can be said, nor another order. What a webhook does not answer is denied, but for what it is not asked about.
 *
 * @throws if a webhook is not what it seems to be, two have the same name, or a property is misspelt
 */
export class Authorization {
  /** @internal */
  public readonly _webhooks: readonly CheckedWebhook[];

  constructor(props: AuthorizationProps = {}) {
    checkProps(props, PROPS, { at: AT });
    this._webhooks = Object.freeze(checkList(props.webhooks ?? [], 'webhooks', 'webhooks', AT).map((webhook, i) => checkWebhook(webhook, `webhooks[${i}]`)));
    const names = this._webhooks.map(({ name }) => name);
    const second = names.findIndex((name, i) => names.indexOf(name) !== i);
    if (second >= 0) {
      throw invalid({ at: AT, property: `webhooks[${second}].name`, got: names[second], allowed: 'a name that no other webhook has', fix: 'Rename one of the two.' });
    }
    lock(this);
    markAs('Authorization', this);
  }
}
