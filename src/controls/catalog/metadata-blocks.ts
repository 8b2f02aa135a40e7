/**
 * Every block of IPv4 that an address is in, from the whole Internet down to two addresses, as it is written in a NetworkPolicy.
 * @param address for instance `169.254.169.254`
 */
export function blocksAround(address: string): string[] {
  const bits = address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('');
  return Array.from({ length: 32 }, (_, length) => {
    const network = bits.slice(0, length).padEnd(32, '0');
    return `${[0, 8, 16, 24].map((at) => parseInt(network.slice(at, at + 8), 2)).join('.')}/${length}`;
  });
}
