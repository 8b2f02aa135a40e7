import { parse } from 'ipaddr.js';
import { Cidr } from '../../core/cidr';

const known = new Map<string, Cidr | undefined>();

/** Whether one block of addresses is part of another; false where either is none. */
export function within(inner: string, outer: string): boolean {
  const [small, large] = [block(inner), block(outer)];
  return inner === outer || (small !== undefined && large !== undefined && small.family === large.family && large.contains(small));
}

function block(text: string): Cidr | undefined {
  if (!known.has(text)) {
    known.set(text, parsed(text));
  }
  return known.get(text);
}

function parsed(text: string): Cidr | undefined {
  try {
    return Cidr.of(text);
  } catch {
    return undefined;
  }
}

/** Names of a block and of all that it is part of, the widest last; for what is no block, its text. */
export function blocksAround(text: string): string[] {
  const cidr = block(text);
  if (!cidr) {
    return [text];
  }
  const bytes = parse(cidr.networkAddress).toByteArray();
  let bits = bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n) / 2n ** BigInt(bytes.length * 8 - cidr.prefixLength);
  const names: string[] = [];
  for (let prefix = cidr.prefixLength; prefix >= 0; prefix--, bits /= 2n) {
    names.push(`${cidr.family} ${bits.toString(16)}/${prefix}`);
  }
  return names;
}

/** The name of the block itself among those. */
export function blockName(text: string): string {
  return blocksAround(text)[0];
}
