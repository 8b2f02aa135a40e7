import { requireLiteral } from './literal';
import { invalid } from '../../core/errors';

/** An image by its id. */
export interface PinnedImageProps {
  /** For instance `ami-0123456789abcdef0`. Ids differ by region and architecture. */
  readonly amiId: string;
  /**
   * The image's root device, for instance `/dev/xvda` (Amazon Linux, Debian) or `/dev/sda1` (Ubuntu). With a wrong name the host would
   * get a second disk that is encrypted, and a root disk that is not.
   */
  readonly rootDeviceName: string;
}

/** Which image a bastion starts from. */
export class BastionImage {
  /**
   * The newest Amazon Linux 2023 for Arm, looked up by EC2 at each start of the host: since the host is replaced every week, patches
   * arrive by themselves.
   */
  public static amazonLinux2023(): BastionImage {
    return new BastionImage('resolve:ssm:/aws/service/ami-amazon-linux-latest/al2023-ami-kernel-default-arm64', '/dev/xvda', 'Amazon Linux 2023');
  }

  /** One image, the same at each start until you name another: reproducible, and yours to patch. It must hold the SSM agent. */
  public static pinned(props: PinnedImageProps): BastionImage {
    requireLiteral(props.amiId, 'amiId', 'the id of an image');
    if (!/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/.test(props.amiId)) {
      throw invalid({ property: 'amiId', got: props.amiId, allowed: 'the id of an image such as ami-0123456789abcdef0', fix: 'Take the id from your image pipeline.' });
    }
    return new BastionImage(props.amiId, checkDevice(props.rootDeviceName));
  }

  private constructor(
    /** What the launch template names: an id, or `resolve:ssm:` and a parameter. */
    public readonly imageId: string,
    /** Name of the root device. */
    public readonly rootDeviceName: string,
    /**
     * What the image is known to run. Of a pinned one its owner knows.
     * @internal
     */
    public readonly _operatingSystem?: string,
  ) {}
}

function checkDevice(name: string): string {
  if (!/^\/dev\/(xvd|sd)[a-z][0-9]?$/.test(name)) {
    throw invalid({ property: 'rootDeviceName', got: name, allowed: 'a device such as /dev/xvda or /dev/sda1', fix: 'Ask AWS: aws ec2 describe-images, field RootDeviceName.' });
  }
  return name;
}
