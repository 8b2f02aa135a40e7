import * as path from 'path';
import { checkChoice } from './choice';
import { invalid } from './errors';
import { lock } from './immutable';
import { secretIn } from './secret-text';
import { refuseTerraformToken } from './terraform-token';

/** What a node file holds; it sets the widest mode that the file may have. */
export enum NodeFileKind {
  /** Configuration that any user of the node may read: at most 0644. */
  CONFIGURATION = 'configuration',
  /** Control-plane and kubelet configuration, manifests, kubeconfigs, what an attacker would read first: at most 0600 (CIS 1.1, 4.1). */
  RESTRICTED = 'restricted',
  /** A program or script: at most 0755. */
  EXECUTABLE = 'executable',
  /** A drop-in of sudoers: at most 0440 (sudoers(5)). */
  SUDOERS = 'sudoers',
}

const WIDEST: Record<NodeFileKind, number> = {
  [NodeFileKind.CONFIGURATION]: 0o644,
  [NodeFileKind.RESTRICTED]: 0o600,
  [NodeFileKind.EXECUTABLE]: 0o755,
  [NodeFileKind.SUDOERS]: 0o440,
};

/** A file on a node. */
export interface NodeFileProps {
  /** Absolute, normalized path on the node. */
  readonly path: string;
  /** The file's whole text, UTF-8. Never a secret: node files end up in user data, which any process of the node can read. */
  readonly content: string;
  /**
   * What it holds, which limits the mode.
   * @default NodeFileKind.CONFIGURATION
   */
  readonly kind?: NodeFileKind;
  /**
   * Permission bits as four octal digits, for instance `0600`.
   * @default - the widest that the kind allows
   */
  readonly mode?: string;
  /**
   * Owning user.
   * @default root
   */
  readonly owner?: string;
  /**
   * Owning group.
   * @default root
   */
  readonly group?: string;
}

/**
 * A file on a node: where, what, who may read it. Renderers turn it into cloud-init, a plain folder and other forms.
 *
 * @throws if the path isn't absolute and normalized, the mode is wider than the kind allows, an account name is malformed, or the content
 * looks like a secret (a key, a token, credentials of a well-known form), has a value that only Terraform knows, or isn't text
 */
export class NodeFile {
  /** Absolute path on the node. */
  public readonly path: string;
  /** The file's whole text. */
  public readonly content: string;
  /** What it holds. */
  public readonly kind: NodeFileKind;
  /** Permission bits as four octal digits. */
  public readonly mode: string;
  /** Owning user. */
  public readonly owner: string;
  /** Owning group. */
  public readonly group: string;

  constructor(props: NodeFileProps) {
    this.path = checkPath(props.path);
    this.kind = checkChoice(props.kind ?? NodeFileKind.CONFIGURATION, NodeFileKind, 'NodeFileKind', 'kind', this.at);
    this.mode = this.checkMode(props.mode ?? `0${WIDEST[this.kind].toString(8)}`);
    this.owner = this.checkAccount('owner', props.owner ?? 'root');
    this.group = this.checkAccount('group', props.group ?? 'root');
    this.content = this.checkContent(props.content);
    lock(this);
  }

  private get at(): string {
    return `NodeFile ${this.path}`;
  }

  private checkMode(mode: string): string {
    const widest = WIDEST[this.kind];
    if (typeof mode !== 'string' || !/^0[0-7]{3}$/.test(mode) || !isWithin(parseInt(mode, 8), widest)) {
      throw invalid({
        at: this.at,
        property: 'mode',
        got: mode,
        allowed: `four octal digits, at most 0${widest.toString(8)} for a file of kind ${this.kind}`,
        fix: 'Drop the bits that are too wide, or choose the kind that fits what the file holds.',
      });
    }
    return mode;
  }

  private checkAccount(property: string, name: string): string {
    if (!/^[a-z_][a-z0-9_-]{0,31}$/.test(name)) {
      throw invalid({ at: this.at, property, got: name, allowed: 'a user or group name (useradd(8))', fix: 'Name an account that exists on the node.' });
    }
    return name;
  }

  private checkContent(content: string): string {
    if (typeof content !== 'string' || Buffer.from(content, 'utf8').toString('utf8') !== content) {
      throw invalid({
        at: this.at,
        property: 'content',
        allowed: 'text that UTF-8 can express',
        fix: 'Give the text as a string; install binary files with a package of the operating system.',
      });
    }
    refuseTerraformToken(content, 'content', this.at, 'Give it literally, or read it on the node, for instance from a parameter store: node files are written before Terraform runs.');
    const secret = secretIn(content);
    if (secret !== undefined) {
      throw invalid({
        at: this.at,
        property: 'content',
        allowed: `text without ${secret}`,
        fix: 'Generate keys on the node, or take secrets there from a KMS or a secret store: node files travel in readable user data.',
      });
    }
    return content;
  }
}

/** True if the mode has no permission bit that the widest one lacks. */
function isWithin(mode: number, widest: number): boolean {
  const bits = (value: number) => value.toString(2).padStart(9, '0');
  return [...bits(mode)].every((bit, i) => bit === '0' || bits(widest)[i] === '1');
}

function checkPath(value: string): string {
  const clean = typeof value === 'string' && path.posix.isAbsolute(value) && path.posix.normalize(value) === value && !hasControlCharacter(value);
  if (!clean || value.endsWith('/')) {
    throw invalid({
      at: 'NodeFile',
      property: 'path',
      got: value,
      allowed: 'an absolute path of a file, normalized (no "..", no double or trailing slash)',
      fix: 'Give the path on the node, for instance /etc/ssh/sshd_config.d/00-hardening.conf.',
    });
  }
  return value;
}

function hasControlCharacter(value: string): boolean {
  return [...value].some((character) => character < ' ' || character === '\u007f');
}
