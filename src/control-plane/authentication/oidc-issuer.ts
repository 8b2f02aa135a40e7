import { TokenClaim } from './token-claim';

/** A condition in CEL that must hold for a token to be accepted. */
export interface TokenRule {
  /** The CEL expression, which yields a boolean: over `claims` for tokens, over `user` for what became of them. */
  readonly expression: string;
  /**
   * What the API server's log says where it does not hold.
   * @default - the expression
   */
  readonly message?: string;
}

/** A further fact about a user, for authorizers and the audit log. */
export interface TokenExtra {
  /** Its key: a domain of your own, a slash, a path, in lower case: `example.com/tenant`. */
  readonly key: string;
  /** CEL expression over `claims` that yields text or a list of texts. */
  readonly valueExpression: string;
}

/** An OIDC provider whose tokens the API server accepts. */
export interface OidcIssuer {
  /**
   * Its URL, exactly as tokens name it in `iss`. The API servers must reach it.
   * @default - the profile's `oidcIssuer`
   */
  readonly url?: string;
  /** Whom tokens must be made out to (`aud`): the client ids of this cluster at the issuer. One of them is enough. Before Kubernetes 1.30 only one. */
  readonly audiences: string[];
  /**
   * CA certificates, in PEM, that the issuer's own certificate is checked by. No file is read: give the text.
   * @default - those of the API server's image
   */
  readonly certificateAuthority?: string;
  /**
   * Where the issuer's discovery document lies, if not below its URL. Kubernetes 1.30 and newer.
   * @default - `/.well-known/openid-configuration` below the URL
   */
  readonly discoveryUrl?: string;
  /**
   * The user's name. Wherever it comes from the claim `email`, tokens without `email_verified: true` are refused; that needs Kubernetes 1.30.
   * @default TokenClaim.prefixed('sub', 'oidc:')
   */
  readonly username?: TokenClaim;
  /**
   * The user's groups.
   * @default - none
   */
  readonly groups?: TokenClaim;
  /**
   * An identifier of the user that is never given to another one: an expression, or a claim without a prefix. Kubernetes 1.30 and newer.
   * @default - none
   */
  readonly uid?: TokenClaim;
  /**
   * Further facts about the user. Kubernetes 1.30 and newer.
   * @default - none
   */
  readonly extra?: TokenExtra[];
  /**
   * Claims that must have a certain text, by name. Before Kubernetes 1.30 one at most.
   * @default - none
   */
  readonly requiredClaims?: { [claim: string]: string };
  /**
   * Conditions over `claims`. Kubernetes 1.30 and newer.
   * @default - none
   */
  readonly claimRules?: TokenRule[];
  /**
   * Conditions over `user`, besides those that no name of a user or group begins with `system:`. Kubernetes 1.30 and newer.
   * @default - none
   */
  readonly userRules?: TokenRule[];
}
