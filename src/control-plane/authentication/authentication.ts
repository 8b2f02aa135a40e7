import { OidcIssuer } from './oidc-issuer';
import { CheckedIssuer, checkIssuer } from './oidc-issuer-check';
import { checkBoolean } from '../../core/boolean';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkList } from '../../core/list';
import { markAs } from '../../core/made-by';

const AT = 'Authentication';

/** How requests to the API server are told apart by who makes them. */
export interface AuthenticationProps {
  /**
   * OIDC providers whose tokens are accepted. Before Kubernetes 1.30 one at most.
   * @default - none: certificates and service accounts only
   */
  readonly issuers?: OidcIssuer[];
  /**
   * Whether nodes may join by a bootstrap token alone: they then read the ConfigMap `cluster-info` before they have any identity. Leave it
   * false and join with a discovery file, or switch it off again after the last join, with a restart of the API servers. It makes a difference
   * from Kubernetes 1.32 on: before, anonymous requests can't be limited to paths.
   * @default false
   */
  readonly tokenDiscovery?: boolean;
}

const PROPS: KnownProps<AuthenticationProps> = { issuers: true, tokenDiscovery: true };
const MOST_ISSUERS = 64;

/**
 * Who a request to the API server comes from: an immutable statement that `ControlPlane` turns into an AuthenticationConfiguration, or into
 * flags before Kubernetes 1.30 (CIS 1.2.1, 1.2.2, 3.1.1 to 3.1.3).
 *
 * Client certificates and tokens of service accounts are always understood, static files of tokens and passwords never. Nobody may ask
 * anonymously for more than `/livez`, `/readyz` and `/healthz`, from Kubernetes 1.32 on; older API servers know only all paths or none, and
 * with none the kubelet's probes fail, so that there RBAC alone limits it. No token makes a user or group whose name begins with `system:`.
 *
 * @throws if an issuer is not what it seems to be, two issuers are the same or make the same names, or a property is misspelt
 */
export class Authentication {
  /** Whether nodes may join by a bootstrap token alone. */
  public readonly tokenDiscovery: boolean;
  /** @internal */
  public readonly _issuers: readonly CheckedIssuer[];

  constructor(props: AuthenticationProps = {}) {
    checkProps(props, PROPS, { at: AT });
    this.tokenDiscovery = checkBoolean(props.tokenDiscovery ?? false, 'tokenDiscovery', false, AT);
    this._issuers = Object.freeze(checkList(props.issuers ?? [], 'issuers', 'issuers', AT).map((issuer, i) => checkIssuer(issuer, `issuers[${i}]`)));
    if (this._issuers.length > MOST_ISSUERS) {
      throw invalid({ at: AT, property: 'issuers', got: this._issuers.length, allowed: `at most ${MOST_ISSUERS} issuers`, fix: 'Federate them behind one issuer.' });
    }
    this.checkNames();
    lock(this);
    markAs('Authentication', this);
  }

  /** Two issuers with one prefix would let a user of the one take the name of a user of the other. */
  private checkNames(): void {
    for (const kind of ['username', 'groups'] as const) {
      const prefixes = this._issuers.map((issuer) => issuer[kind]?.prefix);
      const second = prefixes.findIndex((prefix, i) => prefix !== undefined && prefixes.indexOf(prefix) !== i);
      if (second >= 0) {
        throw invalid({
          at: AT, property: `issuers[${second}].${kind}`, got: prefixes[second], allowed: 'a prefix that no other issuer has',
          fix: 'Give each issuer its own prefix: otherwise one can make the names of the other.',
        });
      }
    }
  }
}
