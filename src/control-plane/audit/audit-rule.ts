/** How much of a request the audit log keeps. */
export enum AuditLevel {
  /** Nothing. */
  NONE = 'None',
  /** Who, what, when, from where and with what result; no bodies. */
  METADATA = 'Metadata',
  /** Metadata and the request's body. */
  REQUEST = 'Request',
  /** Metadata and the bodies of request and response. */
  REQUEST_RESPONSE = 'RequestResponse',
}

/** Moments of a request that may go unlogged. The end of a request and a panic always leave their record. */
export enum AuditStage {
  /** The request was received and nothing done yet: the later record holds the same and the result. */
  REQUEST_RECEIVED = 'RequestReceived',
  /**
   * The response's headers were sent, for requests that last, such as watches and `kubectl exec`. A request whose credentials are refused leaves
   * no other record: only rules with `users` or `userGroups` may leave it out, which such a request does not match.
   */
  RESPONSE_STARTED = 'ResponseStarted',
}

/** Resources of one API group that an audit rule speaks of. Group and resource stand apart. */
export interface AuditResources {
  /**
   * API group without its version, for instance `rbac.authorization.k8s.io`.
   * @default - the core group, which has no name
   */
  readonly group?: string;
  /**
   * Resources in lower-case plural: `pods`, a subresource `pods/exec`, the resource and all its subresources `pods/*`, or a star in place of
   * the resource, for one subresource of all. `pods` alone does not include `pods/exec`.
   * @default - every resource and subresource of the group
   */
  readonly resources?: string[];
  /**
   * Names of single objects, as the URL says them. The making of an object has no name and doesn't match; nor have lists and watches, but for
   * those with `fieldSelector=metadata.name=…`.
   * @default - all
   */
  readonly resourceNames?: string[];
}

/**
 * One rule of an audit policy. It matches a request for which every property given here matches, and the first rule that matches decides.
 * Lists are matched word for word, without wildcards: an empty or misspelt one would match everything or nothing, and is refused.
 */
export interface AuditRule {
  /** What is kept of a request that matches. */
  readonly level: AuditLevel;
  /**
   * Names of users, for instance `system:kube-proxy`.
   * @default - everyone
   */
  readonly users?: string[];
  /**
   * Groups of users; one of them is enough.
   * @default - everyone
   */
  readonly userGroups?: string[];
  /**
   * Verbs of the Kubernetes API (`get`, `list`, `watch`, `create`, `update`, `patch`, `delete`, `deletecollection`); for non-resource URLs the
   * HTTP methods in lower case.
   * @default - all
   */
  readonly verbs?: string[];
  /**
   * What is asked for. Not together with `nonResourceUrls`.
   * @default - every resource, and non-resource requests too unless `namespaces` are given
   */
  readonly resources?: AuditResources[];
  /**
   * Namespaces; the empty string stands for what has no namespace.
   * @default - all
   */
  readonly namespaces?: string[];
  /**
   * Paths that are no resource, for instance `/healthz` or, with a wildcard at the end, `/livez*`. Not together with `resources` or `namespaces`.
   * @default - none in particular
   */
  readonly nonResourceUrls?: string[];
  /**
   * Stages that leave no record, besides those of the policy.
   * @default - none besides
   */
  readonly omitStages?: AuditStage[];
  /**
   * Whether `metadata.managedFields` is left out of logged bodies.
   * @default - as the policy says
   */
  readonly omitManagedFields?: boolean;
}
