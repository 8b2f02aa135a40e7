/** Where the audit log goes besides its file, and in which portions. */
export interface AuditWebhookProps {
  /**
   * The collector's https URL. The API server asks the node's resolver, which knows no Services: a name that ends in `.svc` is refused.
   */
  readonly server: string;
  /** CA certificates, in PEM, that its certificate is checked by. No file is read: give the text. */
  readonly certificateAuthority: string;
  /** Path on the nodes of the certificate that the API server shows it, below /etc/kubernetes/pki. Make it there; no file of this library holds it. */
  readonly clientCertificatePath: string;
  /** Path on the nodes of that certificate's key, below /etc/kubernetes/pki. */
  readonly clientKeyPath: string;
  /**
   * Records that wait to be sent. Those that come while so many wait are not sent.
   * @default 10000
   */
  readonly bufferSize?: number;
  /**
   * Records in one request at most.
   * @default 400
   */
  readonly maxBatchSize?: number;
  /**
   * Seconds until a request is sent that has fewer records.
   * @default 30
   */
  readonly maxBatchWaitSeconds?: number;
  /**
   * Requests per second at most, on average.
   * @default 10
   */
  readonly throttleQps?: number;
  /**
   * Requests at once at most, after a pause.
   * @default 15
   */
  readonly throttleBurst?: number;
  /**
   * Seconds until a request that failed is sent for the second time. After the fifth failure, some 80 seconds later with the default, its
   * records are given up.
   * @default 10
   */
  readonly initialBackoffSeconds?: number;
  /**
   * Size in bytes from which on a record is sent without bodies, and dropped if it is still as large.
   * @default 102400
   */
  readonly maxEventBytes?: number;
  /**
   * Size in bytes from which on a request is split, at least `maxEventBytes`.
   * @default 10485760
   */
  readonly maxBatchBytes?: number;
}
