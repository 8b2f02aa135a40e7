/** What a certificate may be used for. */
export enum ExtendedKeyUsage {
  /** To serve TLS. */
  SERVER_AUTH = 'serverAuth',
  /** To authenticate as a client. */
  CLIENT_AUTH = 'clientAuth',
}

/** Who makes a key and its certificate. Keys are never part of any output of this library. */
export enum PkiMaker {
  /** kubeadm, on the node: `init` makes the CAs, `init` and `join` the rest. */
  KUBEADM = 'kubeadm',
  /** The script `cluster-pki` on the node, with openssl. */
  CLUSTER_PKI = 'cluster-pki',
  /** A CA whose key is on no machine of the cluster: only its certificate gets there. */
  EXTERNAL_AUTHORITY = 'external-authority',
}

/** Algorithm of private keys. */
export enum KeyAlgorithm {
  /** Elliptic curve P-256. */
  ECDSA_P256 = 'ECDSA-P256',
  /** Elliptic curve P-384. */
  ECDSA_P384 = 'ECDSA-P384',
}

/** One key with its certificate: a row of the plan. */
export interface PkiCertificate {
  /** Name of the certificate, for instance `etcd-server`. Together with `node` it is unique. */
  readonly name: string;
  /**
   * The machine that it is for.
   * @default - every machine of its kind, each with a certificate of its own but for CAs, which they share
   */
  readonly node?: string;
  /**
   * Name of the CA that signs it.
   * @default - itself: it is a CA
   */
  readonly issuer?: string;
  /** Common name (CN). For clients of the API server it is the user's name. */
  readonly commonName: string;
  /**
   * Organization (O). For clients of the API server it is a group.
   * @default - none
   */
  readonly organization?: string;
  /**
   * Extended key usages.
   * @default - none: it is a CA
   */
  readonly extendedKeyUsages?: ExtendedKeyUsage[];
  /**
   * Subject alternative names, as `DNS:name` or `IP:address`.
   * @default - none
   */
  readonly subjectAlternativeNames?: string[];
  /** Path of the certificate on the machine; for a kubeconfig that holds both the same as `keyPath`. */
  readonly certificatePath: string;
  /**
   * Path of the private key.
   * @default - none: it is a CA whose key is on no machine of the cluster
   */
  readonly keyPath?: string;
  /**
   * User who owns the key's file, whose mode is 0600.
   * @default root
   */
  readonly owner?: string;
  /**
   * Life in days: at most 365 for a leaf, 3650 for a CA.
   * @default - 365 for a leaf, 3650 for a CA
   */
  readonly validityDays?: number;
  /**
   * Who makes it.
   * @default PkiMaker.KUBEADM
   */
  readonly maker?: PkiMaker;
  /**
   * Whether it exists only where somebody asked for it by name, for instance to break the glass.
   * @default false
   */
  readonly onDemand?: boolean;
}

/** A key pair without a certificate. */
export interface PkiKeyPair {
  /** Name of the pair, for instance `service-accounts`. */
  readonly name: string;
  /** Path of the private key, 0600 and root's. */
  readonly keyPath: string;
  /** Path of the public key. */
  readonly publicKeyPath: string;
  /**
   * Who makes it.
   * @default PkiMaker.KUBEADM
   */
  readonly maker?: PkiMaker;
}
