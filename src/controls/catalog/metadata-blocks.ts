/**
 * A pattern for every block of IPv4 that an address is in, from the whole Internet down to two addresses, with whatever host bits it is written.
 * @param address for instance `169.254.169.254`
 */
export function blocksAround(address: string): string {
  return blocksOf(address.split('.').map(Number), { from: 0, to: 31 });
}

/**
 * A pattern for the small blocks of IPv4 around an address, whose rules are about it and not about the network that it is in.
 * @param address for instance `169.254.169.254`
 */
export function smallBlocksAround(address: string): string {
  return blocksOf(address.split('.').map(Number), { from: 25, to: 32 });
}

function blocksOf(octets: readonly number[], { from, to }: { readonly from: number; readonly to: number }): string {
  const blocks = Array.from({ length: to - from + 1 }, (_, i) => {
    const length = from + i;
    const whole = Math.floor(length / 8);
    const size = 2 ** (8 - length % 8);
    const first = whole < 4 ? octets[whole] - octets[whole] % size : 0;
    const part = length % 8 === 0 ? [] : [`(${numbersBetween(first, first + size - 1)})`];
    const any = Array.from({ length: 4 - whole - part.length }, () => '[0-9]+');
    return `${[...octets.slice(0, whole), ...part, ...any].join('[.]')}/${length}`;
  });
  return `^(${blocks.join('|')})$`;
}

/** A pattern for the numbers from one to another: those of each ten together. */
function numbersBetween(first: number, last: number): string {
  const byDigits = new Map<string, string[]>();
  for (let ten = Math.floor(first / 10); ten <= Math.floor(last / 10); ten++) {
    const digits = `[${Math.max(first - ten * 10, 0)}-${Math.min(last - ten * 10, 9)}]`;
    byDigits.set(digits, [...(byDigits.get(digits) ?? []), ten === 0 ? '' : String(ten)]);
  }
  return [...byDigits].map(([digits, tens]) => `(${tens.join('|')})${digits}`).join('|');
}
