/** A file that the app writes below `nodes.out/`. Internal: renderers make it, the app writes it. */
export interface NodeOutputFile {
  /** Path relative to `nodes.out/`, with forward slashes and without `..`. */
  readonly path: string;
  /** Text is written as UTF-8. */
  readonly content: string | Uint8Array;
  /** Permission bits of the written file. Left out: those of the file that it replaces, else what the umask leaves of 0666. */
  readonly mode?: number;
}
