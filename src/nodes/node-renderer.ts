import { renderCloudInitFiles } from './cloud-init-renderer';
import { renderFolder } from './folder-renderer';
import type { NodeRole } from './node-role';
import { NodeOutputFile } from './output-file';
import { checkMaxBytes } from './user-data';

/** How cloud-init user data is written. */
export interface CloudInitRendererProps {
  /**
   * The most bytes of user data that the platform takes, before any base64.
   * @default - by the profile's cloud: 16384 on AWS, 32768 on Hetzner, else no limit
   */
  readonly maxBytes?: number;
}

/** A form in which a node role is written below `nodes.out/<role>/`. */
export class NodeRenderer {
  /**
   * A plain folder for machines that exist: `files/` with every file at its path, `install.sh` that applies the role, `manifest.json`
   * with every file's mode, owner and SHA-256.
   */
  public static folder(): NodeRenderer {
    return new NodeRenderer('folder', renderFolder);
  }

  /**
   * `cloud-init.yaml`, user data for machines that boot for the first time. Where the platform's limit is smaller, `cloud-init.yaml.gz`
   * is written beside it, which cloud-init takes as well.
   * @throws if `maxBytes` is no positive whole number; at synth, if not even the compressed form fits
   */
  public static cloudInit(props: CloudInitRendererProps = {}): NodeRenderer {
    checkMaxBytes(props.maxBytes);
    return new NodeRenderer('cloud-init', (role) => renderCloudInitFiles(role, props.maxBytes));
  }

  /** The form's name. */
  public readonly name: string;
  private readonly render: (role: NodeRole) => NodeOutputFile[];

  private constructor(name: string, render: (role: NodeRole) => NodeOutputFile[]) {
    this.name = name;
    this.render = render;
  }

  /**
   * The files of the role in this form, their paths relative to the role's folder.
   * @internal
   */
  public _render(role: NodeRole): NodeOutputFile[] {
    return this.render(role);
  }
}
