/**
 * A request as an audit policy sees it: `path` for one that is for no resource, else `resource` with what belongs to it. Only what the URL says
 * counts: an object that is being created has no name yet.
 */
export interface AuditRequest {
  /**
   * Who made it. Impersonation comes later: a policy sees whoever impersonates.
   * @default - nobody: its credentials were refused
   */
  readonly user?: string;
  /**
   * All groups of the user, `system:authenticated` too.
   * @default - none
   */
  readonly groups?: string[];
  /** Verb of the Kubernetes API (`get`, `list`, `watch`, `create`, …); for a path the HTTP method in lower case. */
  readonly verb: string;
  /**
   * Path of a request for no resource, without its query, for instance `/livez`.
   * @default - it is for a resource
   */
  readonly path?: string;
  /**
   * API group of the resource, without a version.
   * @default - the core group
   */
  readonly group?: string;
  /**
   * The resource in lower-case plural, for instance `pods`.
   * @default - it is for a path
   */
  readonly resource?: string;
  /**
   * Its subresource, for instance `exec`.
   * @default - none
   */
  readonly subresource?: string;
  /**
   * Name of the object, also where a list asks for one by `fieldSelector=metadata.name=…`.
   * @default - none
   */
  readonly name?: string;
  /**
   * Its namespace. A namespace is in itself.
   * @default - none
   */
  readonly namespace?: string;
}
