import { IConstruct } from 'constructs';
import { NodeFile, NodeFileProps } from './node-file';
import { NodeKind } from './node-kind';

/** A kind of machine in the cluster to which constructs add the files and commands that they need there. A `NodeRole` is one. */
export interface INodeRole extends IConstruct {
  /** What the machines are for. */
  readonly kind: NodeKind;
  /** Name of the role. */
  readonly roleName: string;
  /**
   * Adds a file.
   * @throws if another file was added at the same path
   */
  addFile(props: NodeFileProps): NodeFile;
  /**
   * Adds a command that is run as root when everything else is in place; it has to be safe to repeat.
   * @throws if it isn't one line of text
   */
  addCommand(command: string): void;
}
