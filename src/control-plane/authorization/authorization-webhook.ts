/**
 * A service that is asked about requests before RBAC is. It decides nothing about nodes, health paths and other requests that are not for
 * resources, about members of `system:masters`, and about itself.
 */
export interface AuthorizationWebhook {
  /** Its name in logs and metrics, a DNS label. */
  readonly name: string;
  /**
   * Its https URL. The API server asks the node's resolver, which knows no Services: a name that ends in `.svc` is refused.
   */
  readonly server: string;
  /** CA certificates, in PEM, that its certificate is checked by. No file is read: give the text. */
  readonly certificateAuthority: string;
  /** Path on the nodes of the certificate that the API server shows it, below /etc/kubernetes/pki. Make it there; no file of this library holds it. */
  readonly clientCertificatePath: string;
  /** Path on the nodes of that certificate's key, below /etc/kubernetes/pki. */
  readonly clientKeyPath: string;
  /**
   * The users that the webhook itself makes requests as, for instance `system:serviceaccount:opa:opa`. It is never asked about them: otherwise
   * it would have to allow its own start. Empty if it makes none.
   */
  readonly ownUsers: string[];
  /**
   * Groups that it is not asked about, besides `system:nodes`. Where the webhook runs in the cluster itself, name
   * `system:serviceaccounts:kube-system`, or nothing could start it again once it is down.
   * @default - none
   */
  readonly exemptGroups?: string[];
  /**
   * Users that it is not asked about, besides its own.
   * @default - the scheduler and the controller manager
   */
  readonly exemptUsers?: string[];
  /**
   * Further conditions in CEL over `request`, a SubjectAccessReview's spec with resource attributes, under which it is asked. All must hold;
   * one that fails denies the request.
   * @default - none
   */
  readonly matchConditions?: string[];
  /**
   * Seconds until an answer counts as none, and the request is denied: 1 to 30.
   * @default 3
   */
  readonly timeoutSeconds?: number;
}
