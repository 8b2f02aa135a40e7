import * as net from 'net';
import * as ipaddr from 'ipaddr.js';
import { invalid, InvalidInput } from './errors';
import { lock } from './immutable';

/** IP version of an address range. */
export enum IpFamily {
  /** IPv4. */
  IPV4 = 'IPv4',
  /** IPv6. */
  IPV6 = 'IPv6',
}

type Address = ipaddr.IPv4 | ipaddr.IPv6;

/**
 * An IP range in canonical form (RFC 4632 for IPv4, RFC 5952 for IPv6): no host bits, four decimal parts or shortest IPv6.
 *
 * Stricter than most parsers: octal, hexadecimal and shortened IPv4 forms, IPv4-mapped IPv6 and zones are refused, because programs
 * disagree on what they mean.
 */
export class Cidr {
  /**
   * Parses a range such as `10.0.0.0/16` or `fd00:10::/56`.
   * @throws if it isn't a range in CIDR notation, or has bits set beyond the prefix
   */
  public static of(cidr: string): Cidr {
    return Cidr._parse(cidr, 'cidr');
  }

  /**
   * Parses a range and names the property that it came from in errors.
   * @internal
   */
  public static _parse(cidr: string, property: string, at?: InvalidInput['at']): Cidr {
    const fail = (fix: string) => invalid({
      at, property, got: cidr, allowed: 'an address range in CIDR notation, such as 10.0.0.0/16 or fd00:10::/56', fix,
    });
    if (typeof cidr !== 'string') {
      throw fail('Give it as a string.');
    }
    const match = /^([^/\s]+)\/(0|[1-9]\d{0,2})$/.exec(cidr);
    if (!match) {
      throw fail(notationFix(cidr));
    }
    const address = parseAddress(match[1]);
    if (!address) {
      throw fail(match[1].includes('%')
        ? 'Leave out the zone (from % on): it has a meaning on one machine only.'
        : 'Correct the address: four decimal numbers from 0 to 255 without leading zeros, or IPv6.');
    }
    const prefix = Number(match[2]);
    const bits = bitsOf(address);
    if (prefix > bits) {
      throw fail(`The prefix is at most ${bits} here.`);
    }
    if (isMapped(address)) {
      throw fail(`Write IPv4 as such. Did you mean "${suggest(unmapped(address), Math.max(prefix - 96, 0))}"?`);
    }
    const network = networkOf(address, prefix);
    if (toBigInt(network) !== toBigInt(address)) {
      throw fail(`It has bits set beyond the prefix. Did you mean "${text(network)}/${prefix}"?`);
    }
    return new Cidr(network, prefix);
  }

  /** Number of leading bits that the range fixes. */
  public readonly prefixLength: number;
  /** IP version. */
  public readonly family: IpFamily;
  private readonly network: Address;
  private readonly first: bigint;
  private readonly size: bigint;

  private constructor(network: Address, prefixLength: number) {
    this.network = network;
    this.first = toBigInt(network);
    this.size = sizeOf(bitsOf(network) - prefixLength);
    this.prefixLength = prefixLength;
    this.family = network.kind() === 'ipv4' ? IpFamily.IPV4 : IpFamily.IPV6;
    lock(this);
  }

  /** The first address of the range, without prefix. */
  public get networkAddress(): string {
    return text(this.network);
  }

  /** True if every address of the other range lies in this one. */
  public contains(other: Cidr): boolean {
    const offset = other.first - this.first;
    return this.family === other.family && this.prefixLength <= other.prefixLength && offset >= 0n && offset < this.size;
  }

  /** True if at least one address lies in both. Ranges of different IP versions never overlap. */
  public overlaps(other: Cidr): boolean {
    return this.contains(other) || other.contains(this);
  }

  /** True for `0.0.0.0/0` and `::/0`. */
  public get isEverything(): boolean {
    return this.prefixLength === 0;
  }

  /**
   * A part of the range, as Terraform's `cidrsubnet` counts.
   * @param prefixLength prefix of the part, at least this range's own
   * @param index which part, from 0
   * @throws if there is no such part
   */
  public subnet(prefixLength: number, index: number): Cidr {
    const bits = bitsOf(this.network);
    const room = prefixLength - this.prefixLength;
    if (!Number.isInteger(prefixLength) || room < 0 || prefixLength > bits) {
      throw invalid({
        property: 'prefixLength',
        got: prefixLength,
        allowed: `a whole number from ${this.prefixLength} to ${bits} in ${this.toString()}`,
        fix: 'Choose a prefix that fits the range.',
      });
    }
    const parts = sizeOf(room);
    if (!isIndexBelow(index, parts)) {
      throw invalid({
        property: 'index',
        got: index,
        allowed: `a whole number below ${parts}: parts of /${prefixLength} in ${this.toString()}`,
        fix: 'Take a wider range or smaller parts.',
      });
    }
    return new Cidr(fromBigInt(this.first + BigInt(index) * sizeOf(bits - prefixLength), bits), prefixLength);
  }

  /**
   * One address of the range, as Terraform's `cidrhost` counts: 0 is the network address, 1 the first after it.
   * @throws if the range is too small
   */
  public host(index: number): string {
    if (!isIndexBelow(index, this.size)) {
      throw invalid({
        property: 'index', got: index, allowed: `a whole number below ${this.size}: addresses in ${this.toString()}`, fix: 'Take a wider range.',
      });
    }
    return text(fromBigInt(this.first + BigInt(index), bitsOf(this.network)));
  }

  /** Canonical notation. */
  public toString(): string {
    return `${text(this.network)}/${this.prefixLength}`;
  }
}

/**
 * Canonical form of a single address, or undefined if it is none. IPv4-mapped IPv6 and addresses with a zone are none.
 * @internal
 */
export function canonicalAddress(address: string): string | undefined {
  const parsed = typeof address === 'string' ? parseAddress(address) : undefined;
  return parsed && !isMapped(parsed) ? text(parsed) : undefined;
}

function notationFix(cidr: string): string {
  const trimmed = cidr.trim();
  const single = parseAddress(trimmed);
  if (single) {
    const plain = isMapped(single) ? unmapped(single) : single;
    return `The prefix is missing. Did you mean "${text(plain)}/${bitsOf(plain)}"?`;
  }
  return trimmed !== cidr && trimmed !== '' ? 'Leave out the white space around it.' : 'Correct the notation.';
}

function suggest(address: Address, prefix: number): string {
  return `${text(networkOf(address, prefix))}/${prefix}`;
}

// net decides what an address is: ipaddr.js takes octal parts in the dotted tail of IPv6.
function parseAddress(address: string): Address | undefined {
  if (net.isIPv4(address)) {
    return ipaddr.IPv4.parse(address);
  }
  return net.isIPv6(address) && !address.includes('%') ? ipaddr.IPv6.parse(address) : undefined;
}

function isMapped(address: Address): address is ipaddr.IPv6 {
  return address.kind() === 'ipv6' && (address as ipaddr.IPv6).isIPv4MappedAddress();
}

function unmapped(address: ipaddr.IPv6): Address {
  return address.toIPv4Address();
}

function bitsOf(address: Address): number {
  return address.kind() === 'ipv4' ? 32 : 128;
}

function text(address: Address): string {
  return address.kind() === 'ipv4' ? address.toString() : (address as ipaddr.IPv6).toRFC5952String();
}

function sizeOf(bits: number): bigint {
  return 2n ** BigInt(bits);
}

function toBigInt(address: Address): bigint {
  return address.toByteArray().reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function fromBigInt(value: bigint, bits: number): Address {
  const bytes = Array.from({ length: bits / 8 }, (_, i) => Number((value / sizeOf(bits - 8 * (i + 1))) % 256n));
  return ipaddr.fromByteArray(bytes);
}

function networkOf(address: Address, prefix: number): Address {
  const value = toBigInt(address);
  return fromBigInt(value - value % sizeOf(bitsOf(address) - prefix), bitsOf(address));
}

function isIndexBelow(index: number, end: bigint): boolean {
  return Number.isSafeInteger(index) && index >= 0 && BigInt(index) < end;
}
