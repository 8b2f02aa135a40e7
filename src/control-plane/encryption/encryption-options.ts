/** What every kind of encryption takes. */
export interface SecretsEncryptionOptions {
  /**
   * Resources to encrypt, each as `<plural>` or `<plural>.<group>`; `*.<group>` for a whole group, `*.` for the core group, `*.*` for everything.
   * Secrets must be among them. Add none to a running cluster without `plaintextReadable`, and take none away: what is stored could not be read.
   * @default - configmaps and secrets
   */
  readonly resources?: string[];
  /**
   * Whether objects that were stored before without encryption can be read. New ones are never stored so. Needed while a running cluster
   * takes up encryption, or of further resources; afterwards it lets who can write to etcd replace an encrypted object by a plain one.
   * @default false
   */
  readonly plaintextReadable?: boolean;
}

/** Encryption by keys that lie on the control-plane nodes. */
export interface LocalKeyOptions extends SecretsEncryptionOptions {
  /**
   * Number of the key in use, 1 to 9999, as in `k1`. One more after each rotation.
   * @default 1
   */
  readonly keyNumber?: number;
}

/** Encryption by a key that stays in a key-management service, reached through a plugin on each control-plane node. */
export interface KmsV2Options extends SecretsEncryptionOptions {
  /** Name of the provider, a DNS label. It becomes part of what is stored: never change it. */
  readonly name: string;
  /**
   * Socket of the plugin: `unix://` and a path in a folder of its own below `/run` or `/var/run`, whose name has `kms` in it, for instance
   * `unix:///run/kms-plugin/plugin.sock`. The API server sees the whole folder.
   */
  readonly endpoint: string;
  /**
   * How long a call of the plugin may take, 1 to 30 seconds.
   * @default 3
   */
  readonly timeoutSeconds?: number;
  /**
   * The plugin, run as a static pod on each control-plane node.
   * @default - the plugin is started by other means, before the API server
   */
  readonly plugin?: KmsPlugin;
}

/**
 * The plugin of a key-management service, as a static pod: root without any capability (the socket's folder is root's), read-only file system,
 * no service-account token.
 */
export interface KmsPlugin {
  /** Image by digest, for instance `registry.example/kms-plugin@sha256:…`. Nodes must be able to pull it before the cluster runs. */
  readonly image: string;
  /** Arguments of the image's entry point. Never a secret. */
  readonly args: string[];
  /**
   * Absolute path of a folder on the nodes with the plugin's configuration and credentials, seen read-only at the same path.
   * @default - none: it identifies itself as the machine, at the cloud's metadata service
   */
  readonly configFolder?: string;
  /**
   * Memory that it may use, in MiB.
   * @default 256
   */
  readonly memoryMebibytes?: number;
}

/** A step in the replacement of a key. Each has to reach every API server before the next begins. */
export enum KeyRotation {
  /** The new key can be read with; the old one still writes. */
  ADD_NEW = 'add-new',
  /** The new key writes; the old one can still be read with. Rewrite all objects after it. */
  USE_NEW = 'use-new',
  /** The new key alone. */
  REMOVE_OLD = 'remove-old',
}
