import { BastionAccess } from './bastion-access';
import { BastionImage } from './bastion-image';
import { IPrivateNetwork } from './private-network-attributes';
import { NodeRole } from '../../nodes/node-role';

/** The way in for administrators. */
export interface BastionHostProps {
  /** Where the host stands: a `PrivateNetwork`, or `PrivateNetwork.fromAttributes(…)`. */
  readonly network: IPrivateNetwork;
  /**
   * How administrators get in.
   * @default BastionAccess.ssm()
   */
  readonly access?: BastionAccess;
  /**
   * Prefix of every name, a DNS label.
   * @default - the name of the cluster profile and `-bastion`
   */
  readonly hostName?: string;
  /**
   * The image. With a role it has to be stated: one of the operating system that the role is for.
   * @default - BastionImage.amazonLinux2023()
   */
  readonly image?: BastionImage;
  /**
   * Instance type, of the image's architecture.
   * @default t4g.micro
   */
  readonly instanceType?: string;
  /**
   * What the host does at its first start: a script or cloud-config, without secrets, at most 16 KB gzipped.
   * @default - nothing
   */
  readonly userData?: string;
  /**
   * What makes the host, as a role of kind bastion: it becomes cloud-init user data, in place of `userData`. Its files are for Debian or Ubuntu,
   * so that `image` has to be one of these.
   * @default - nothing
   */
  readonly role?: NodeRole;
  /**
   * Size of the root disk in GiB, at least that of the image.
   * @default 16
   */
  readonly rootVolumeGib?: number;
  /**
   * KMS key for the disk; its policy must let the service-linked role of EC2 Auto Scaling use it and create grants.
   * @default - a key of its own
   */
  readonly kmsKeyArn?: string;
  /**
   * Permissions boundary of the host's role.
   * @default - none
   */
  readonly permissionsBoundaryArn?: string;
  /**
   * Tags of every resource, the host and its disk included.
   * @default - only names
   */
  readonly tags?: Record<string, string>;
}
