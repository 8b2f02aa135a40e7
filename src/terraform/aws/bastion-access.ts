import { Token } from 'cdktf';
import { requireLiteral } from './literal';
import { Cidr, IpFamily } from '../../core/cidr';
import { invalid } from '../../core/errors';
import { checkPublicKey } from '../../nodes/ssh-public-key';

/** SSH from the internet, for those who can't have it otherwise. */
export interface PublicSshProps {
  /** Ranges that may connect, at most a /16 (IPv4) or /32 (IPv6) each. Literal. */
  readonly allowedCidrs: string[];
  /** Why nothing less will do. It becomes a tag of the host. */
  readonly reason: string;
  /** Who answers for it. It becomes a tag of the host. */
  readonly owner: string;
  /**
   * OpenSSH public key of the administrator, ed25519 or RSA with at least 3072 bits.
   * @default - none: EC2 Instance Connect hands in a key for each connection, by IAM
   */
  readonly publicKey?: string;
}

/** The ways into a bastion. */
export enum BastionAccessMethod {
  /** Session Manager: nothing listens. */
  SSM = 'ssm',
  /** SSH through an EC2 Instance Connect Endpoint. */
  INSTANCE_CONNECT_ENDPOINT = 'instance-connect-endpoint',
  /** SSH from the internet. */
  PUBLIC_SSH = 'public-ssh',
}

const WIDEST: Record<IpFamily, number> = { [IpFamily.IPV4]: 16, [IpFamily.IPV6]: 32 };
const RANGES = 'one or more ranges, at most a /16 (IPv4) or /32 (IPv6) each';
/** What AWS allows in tags and descriptions alike. */
const TAG_TEXT = /^[A-Za-z0-9 _.:/=+@-]{3,100}$/;

/** How administrators get into a bastion. */
export class BastionAccess {
  /** Session Manager: the host opens a connection to AWS, nothing can open one to the host. Who may connect is a matter of IAM, every session is logged there. */
  public static ssm(): BastionAccess {
    return new BastionAccess(BastionAccessMethod.SSM);
  }

  /**
   * SSH through an EC2 Instance Connect Endpoint in the VPC: a private address, port 22 open to that endpoint alone, keys for one
   * minute by IAM. The image must have EC2 Instance Connect (Amazon Linux 2023 and Ubuntu do).
   */
  public static instanceConnectEndpoint(): BastionAccess {
    return new BastionAccess(BastionAccessMethod.INSTANCE_CONNECT_ENDPOINT);
  }

  /**
   * SSH from named ranges of the internet to a public address. The last resort: it can be scanned and attacked.
   * @throws if a range is the whole internet, wider than /16 (IPv4) or /32 (IPv6), or not literal; or if reason or owner are missing
   */
  public static publicSsh(props: PublicSshProps): BastionAccess {
    requireLiteral(props.allowedCidrs, 'allowedCidrs', RANGES);
    if (!Array.isArray(props.allowedCidrs) || props.allowedCidrs.length === 0) {
      throw invalid({ property: 'allowedCidrs', got: props.allowedCidrs, allowed: RANGES, fix: 'Name the addresses that administrators come from.' });
    }
    const cidrs = props.allowedCidrs.map((cidr, i) => checkSshCidr(cidr, `allowedCidrs[${i}]`));
    checkText(props.reason, 'reason');
    checkText(props.owner, 'owner');
    const publicKey = props.publicKey === undefined ? undefined : checkKey(props.publicKey);
    return new BastionAccess(BastionAccessMethod.PUBLIC_SSH, { ...props, publicKey, allowedCidrs: [...new Set(cidrs.map(String))] });
  }

  private constructor(
    /** The way in. */
    public readonly method: BastionAccessMethod,
    private readonly ssh?: PublicSshProps,
  ) {}

  /** Ranges of the internet that may connect; empty but for SSH from the internet. */
  public get allowedCidrs(): string[] {
    return [...(this.ssh?.allowedCidrs ?? [])];
  }

  /**
   * The administrator's key.
   * @internal
   */
  public get _publicKey(): string | undefined {
    return this.ssh?.publicKey;
  }

  /**
   * Tags that tell who opened the host to the internet and why.
   * @internal
   */
  public get _tags(): Record<string, string> {
    return this.ssh ? { 'public-ssh-reason': this.ssh.reason, 'public-ssh-owner': this.ssh.owner } : {};
  }
}

function checkSshCidr(text: string, property: string): Cidr {
  requireLiteral(text, property, 'a literal range, at most a /16 (IPv4) or /32 (IPv6)');
  const cidr = Cidr._parse(text, property);
  if (cidr.isEverything) {
    throw invalid({
      property,
      got: text,
      allowed: 'a range that is not the whole internet',
      fix: 'Use BastionAccess.ssm(), or name the addresses that administrators come from.',
      source: 'CIS-AWS 5.2',
    });
  }
  if (cidr.prefixLength < WIDEST[cidr.family]) {
    throw invalid({
      property,
      got: text,
      allowed: `a range of at most a /${WIDEST[cidr.family]} (${cidr.family})`,
      fix: 'Use BastionAccess.ssm(), or name the addresses that administrators come from.',
      source: 'CIS-AWS 5.2',
    });
  }
  return cidr;
}

function checkText(text: string, property: string): void {
  if (typeof text !== 'string' || Token.isUnresolved(text) || !TAG_TEXT.test(text)) {
    throw invalid({
      property, got: text, allowed: '3 to 100 letters, digits, spaces and _ . : / = + @ -', fix: 'Say it in a few words: it becomes a tag of the host.',
    });
  }
}

/** EC2 takes neither ECDSA keys nor those of security tokens. */
function checkKey(key: string): string {
  requireLiteral(key, 'publicKey', 'one line of an OpenSSH public key');
  const line = checkPublicKey(key, 'publicKey', undefined);
  if (line.startsWith('sk-')) {
    throw invalid({
      property: 'publicKey', got: line, allowed: 'a key of type ssh-ed25519 or ssh-rsa', fix: 'Leave it out: EC2 Instance Connect takes a key for each connection, by IAM.',
    });
  }
  return line;
}
