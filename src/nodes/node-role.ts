import { Construct, IConstruct } from 'constructs';
import { NodeRenderer } from './node-renderer';
import { OperatingSystem } from './operating-system';
import { isPlainLine } from './plain-text';
import { checkChoice } from '../core/choice';
import { Cloud } from '../core/cloud';
import { ClusterProfile } from '../core/cluster-profile';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';
import { INodeRole } from '../core/node-contributions';
import { NodeFile, NodeFileProps } from '../core/node-file';
import { NodeKind } from '../core/node-kind';
import { secretIn } from '../core/secret-text';
import { refuseTerraformToken } from '../core/terraform-token';
import { requireNodeFiles } from '../core/tree-outputs';
import { treeRegistry } from '../core/tree-registry';

/** A kind of machine in the cluster. */
export interface NodeRoleProps {
  /** What the machines are for. */
  readonly kind: NodeKind;
  /**
   * Name of the role's folder in `nodes.out/`, a DNS label, unique in the app.
   * @default - the construct's id
   */
  readonly roleName?: string;
  /**
   * What runs on the machines. Options that its programs don't know are left out, so it must be that of the image that boots.
   * @default OperatingSystem.DEBIAN_13
   */
  readonly operatingSystem?: OperatingSystem;
  /**
   * The forms in which the role is written.
   * @default - a plain folder with an install script, and cloud-init; for control-plane nodes on AWS the folder alone, as what they need is more
   * than the 16 KiB of user data that AWS takes
   */
  readonly renderers?: NodeRenderer[];
}

const PROPS: KnownProps<NodeRoleProps> = { kind: true, roleName: true, operatingSystem: true, renderers: true };

const REGISTRY_PREFIX = 'NodeRole/';

/**
 * A kind of machine, with the files, packages and commands that make it so. Other constructs contribute to it; renderers write it below
 * `nodes.out/<role>/`.
 *
 * Every renderer keeps one order: files that belong to root, so that no program of a package ever starts without its configuration;
 * then packages; then files of other owners, whom a package may have created; then commands, each a process of its own, in the order in
 * which they were added, until one fails.
 *
 * @throws under a plain `App`, which would lose the files; if another role of the app has the same name
 */
export class NodeRole extends Construct implements INodeRole {
  /** What the machines are for. */
  public readonly kind: NodeKind;
  /** Name of the role's folder. */
  public readonly roleName: string;
  /** What runs on the machines. */
  public readonly operatingSystem: OperatingSystem;
  private readonly rendererList: NodeRenderer[];
  private readonly fileByPath = new Map<string, () => NodeFile>();
  private readonly packageNames = new Set<string>();
  private readonly commandList: string[] = [];

  constructor(scope: Construct, id: string, props: NodeRoleProps) {
    super(scope, id);
    requireNodeFiles(scope, id, 'the files of a NodeRole');
    checkProps(props, PROPS, { at: this });
    this.kind = checkChoice(props.kind, NodeKind, 'NodeKind', 'kind', this);
    this.roleName = checkDnsLabel(props.roleName ?? id, 'roleName', this);
    this.operatingSystem = props.operatingSystem ?? OperatingSystem.DEBIAN_13;
    this.rendererList = this.checkRenderers(props.renderers ?? this.defaultRenderers());
    this.register();
  }

  /** The files, by path. */
  public get files(): NodeFile[] {
    return [...this.fileByPath.values()].map((file) => file()).sort((a, b) => (a.path < b.path ? -1 : 1));
  }

  /** Names of the packages to install, sorted. */
  public get packages(): string[] {
    return [...this.packageNames].sort();
  }

  /** Commands to run, in order, after everything else is in place. */
  public get commands(): string[] {
    return [...this.commandList];
  }

  /** The forms in which the role is written. */
  public get renderers(): NodeRenderer[] {
    return [...this.rendererList];
  }

  /**
   * Adds a file.
   * @throws if another file was added at the same path, or one of the two paths would be a folder of the other
   */
  public addFile(props: NodeFileProps): NodeFile {
    const file = new NodeFile(props);
    this.place(file, () => file);
    return file;
  }

  /**
   * Adds a file whose text depends on the whole tree: it is asked for each time that the files are read, last when they are rendered, after all
   * objects were judged.
   * @internal
   */
  public _addLateFile(props: Omit<NodeFileProps, 'content'>, content: () => string): void {
    this.place(new NodeFile({ ...props, content: '' }), () => new NodeFile({ ...props, content: content() }));
  }

  private place(file: NodeFile, read: () => NodeFile): void {
    if (!isPlainLine(file.path)) {
      throw invalid({ at: this, property: 'path', got: file.path, allowed: 'a path without control characters and line breaks', fix: 'Choose another name.' });
    }
    if (this.fileByPath.has(file.path)) {
      throw invalid({
        at: this, property: 'path', got: file.path, allowed: 'a path that no other file of the role has', fix: 'Merge the two files, or move one.',
      });
    }
    const other = [...this.fileByPath.keys()].find((path) => path.startsWith(`${file.path}/`) || file.path.startsWith(`${path}/`));
    if (other !== undefined) {
      throw invalid({
        at: this, property: 'path', got: file.path, allowed: `a path that is no folder of another file, nor below one (${other})`, fix: 'Move one of the two.',
      });
    }
    this.fileByPath.set(file.path, read);
  }

  /**
   * Adds a package of the operating system's own repositories. Adding it again changes nothing.
   * @throws if it isn't a package name (Debian Policy 5.6.1)
   */
  public addPackage(name: string): void {
    if (typeof name !== 'string' || !/^[a-z0-9][a-z0-9+.-]+$/.test(name)) {
      throw invalid({
        at: this, property: 'package', got: name, allowed: 'a package name: at least two of a-z, 0-9, +, - and . (Debian Policy 5.6.1)',
        fix: 'Give the name alone, without version or options.',
      });
    }
    this.packageNames.add(name);
  }

  /**
   * Adds a command, run by bash as root with `-euo pipefail` when everything else is in place. Make it safe to repeat: cloud-init runs
   * it once in an instance's life, `install.sh` each time that it is applied.
   * @param command one line; never with a secret in it
   * @throws if it is empty, has a line break or another control character in it, or holds a token, a key or credentials of a well-known form,
   * or a value that only Terraform knows
   */
  public addCommand(command: string): void {
    const secret = typeof command === 'string' ? secretIn(command) : undefined;
    if (secret !== undefined) {
      throw invalid({
        at: this, property: 'command', allowed: `text without ${secret}`,
        fix: 'Have the command read it on the node, from a file or a secret store: commands travel in readable user data.',
      });
    }
    if (typeof command !== 'string' || command.trim() === '' || !isPlainLine(command)) {
      throw invalid({
        at: this, property: 'command', got: command, allowed: 'one line of text without control characters',
        fix: 'Add one command for each line, or add a script with addFile and run that.',
      });
    }
    refuseTerraformToken(command, 'command', this, 'Give it literally, or have the command look it up: node files are written before Terraform runs.');
    this.commandList.push(command);
  }

  private defaultRenderers(): NodeRenderer[] {
    const tooSmall = this.kind === NodeKind.CONTROL_PLANE && ClusterProfile.of(this).cloud === Cloud.AWS;
    return [NodeRenderer.folder(), ...(tooSmall ? [] : [NodeRenderer.cloudInit()])];
  }

  private checkRenderers(renderers: NodeRenderer[]): NodeRenderer[] {
    const names = renderers.map((renderer) => renderer.name);
    if (names.length === 0 || new Set(names).size !== names.length) {
      throw invalid({
        at: this, property: 'renderers', got: names, allowed: 'at least one renderer, each at most once', fix: 'Leave it out for the default.',
      });
    }
    return [...renderers];
  }

  private register(): void {
    const registry = treeRegistry(this);
    const key = `${REGISTRY_PREFIX}${this.roleName}`;
    const other = registry.get(key);
    if (other) {
      throw invalid({
        at: this, property: 'roleName', got: this.roleName, allowed: `a name that no other role of the app has (${other.node.path} has this one)`,
        fix: 'Give one of the two another roleName: both would be written to the same folder.',
      });
    }
    registry.set(key, this);
  }
}

/**
 * All roles of the tree that a construct belongs to, by name.
 * @internal
 */
export function nodeRolesOf(scope: IConstruct): NodeRole[] {
  return treeRegistry(scope).startingWith(REGISTRY_PREFIX) as NodeRole[];
}
