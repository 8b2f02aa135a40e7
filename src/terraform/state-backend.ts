import { LocalBackend, S3Backend, TerraformStack, Token } from 'cdktf';
import { ClusterProfile } from '../core/cluster-profile';
import { invalid } from '../core/errors';

/** Where Terraform keeps its state in Amazon S3. */
export interface S3StateProps {
  /** Name of the bucket. Make it beforehand, private and versioned: the state describes the whole network. */
  readonly bucket: string;
  /** Region of the bucket. */
  readonly region: string;
  /**
   * Object key of the state.
   * @default - `<name of the cluster profile>/<stack id>/terraform.tfstate`
   */
  readonly key?: string;
  /**
   * ARN of the KMS key that encrypts the state.
   * @default - the bucket's own default encryption
   */
  readonly kmsKeyArn?: string;
}

/**
 * Where Terraform keeps a stack's state. There is no default: cdktf's own is a plain file at an absolute path of the machine that synthesized.
 */
export class StateBackend {
  /**
   * An S3 bucket, encrypted, locked by a lock file beside the state (Terraform 1.10 or newer, OpenTofu 1.10 or newer).
   * @throws if the bucket's name is none, or a value is not known until apply
   */
  public static s3(props: S3StateProps): StateBackend {
    checkLiteral('bucket', props.bucket, /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/, 'the name of an S3 bucket');
    checkLiteral('region', props.region, /^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region such as eu-central-1');
    if (props.key !== undefined) {
      checkLiteral('key', props.key, /^[A-Za-z0-9][A-Za-z0-9!_.*'()/-]*$/, 'an object key that begins with a letter or digit');
    }
    if (props.kmsKeyArn !== undefined) {
      checkLiteral('kmsKeyArn', props.kmsKeyArn, /^arn:aws[a-z-]*:kms:[a-z0-9-]+:\d{12}:(key|alias)\/.+$/, 'the ARN of a KMS key');
    }
    return new StateBackend((stack) => {
      new S3Backend(stack, {
        bucket: props.bucket, region: props.region, key: props.key ?? `${ClusterProfile.of(stack).name}/${stack.node.id}/terraform.tfstate`, encrypt: true, kmsKeyId: props.kmsKeyArn,
      }).addOverride('use_lockfile', true);
    });
  }

  /**
   * A plain file on the machine that runs Terraform, neither encrypted nor shared nor locked: for trying things out.
   * @param path relative path, from the stack's folder. Default: `terraform.tfstate`
   * @throws if the path is absolute or leads out of the stack's folder
   */
  public static local(path: string = 'terraform.tfstate'): StateBackend {
    if (typeof path !== 'string' || Token.isUnresolved(path) || !/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/.test(path) || path.split('/').includes('..')) {
      throw invalid({
        property: 'path',
        got: path,
        allowed: 'a relative path inside the stack\'s folder',
        fix: 'Leave it out, or give a path such as state/terraform.tfstate: an absolute one would make the output depend on the machine.',
      });
    }
    return new StateBackend((stack) => new LocalBackend(stack, { path }));
  }

  private readonly apply: (stack: TerraformStack) => void;

  private constructor(apply: (stack: TerraformStack) => void) {
    this.apply = apply;
  }

  /**
   * Adds the backend to a stack.
   * @internal
   */
  public _addTo(stack: TerraformStack): void {
    this.apply(stack);
  }
}

function checkLiteral(property: string, value: string, pattern: RegExp, allowed: string): void {
  if (typeof value !== 'string' || Token.isUnresolved(value) || !pattern.test(value)) {
    throw invalid({
      property,
      got: typeof value === 'string' && Token.isUnresolved(value) ? '(a value that is not known until apply)' : value,
      allowed,
      fix: 'Give it literally: Terraform reads its backend before anything else.',
    });
  }
}
