/** What is at a path of the node. */
export enum HostPathType {
  /** A directory that is there. */
  DIRECTORY = 'Directory',
  /** A directory; the kubelet makes it where there is none, as root's. */
  DIRECTORY_OR_CREATE = 'DirectoryOrCreate',
  /** A file that is there. */
  FILE = 'File',
  /** A file; the kubelet makes it where there is none, as root's. */
  FILE_OR_CREATE = 'FileOrCreate',
  /** A Unix socket that is there. */
  SOCKET = 'Socket',
  /** A character device that is there. */
  CHARACTER_DEVICE = 'CharDevice',
  /** A block device that is there. */
  BLOCK_DEVICE = 'BlockDevice',
}

/** Which of them make on the node what is missing. */
export const HOST_PATH_TYPES: Record<HostPathType, { readonly makes: boolean }> = {
  [HostPathType.DIRECTORY]: { makes: false },
  [HostPathType.DIRECTORY_OR_CREATE]: { makes: true },
  [HostPathType.FILE]: { makes: false },
  [HostPathType.FILE_OR_CREATE]: { makes: true },
  [HostPathType.SOCKET]: { makes: false },
  [HostPathType.CHARACTER_DEVICE]: { makes: false },
  [HostPathType.BLOCK_DEVICE]: { makes: false },
};

/** A file or directory of the node in a container. */
export interface HostPathMount {
  /** Absolute path on the node. */
  readonly path: string;
  /** Absolute path in the container. */
  readonly mountPath: string;
  /**
   * Whether the program only reads; from Kubernetes 1.33 on what is mounted below the path is read-only, too, where the node can do that.
   * @default true
   */
  readonly readOnly?: boolean;
  /**
   * What is at the path; pods wait where it is something else.
   * @default HostPathType.DIRECTORY
   */
  readonly type?: HostPathType;
}
