const UNITS: Readonly<Record<string, number>> = {
  '': 0, 'n': -9, 'u': -6, 'm': -3, 'k': 3, 'M': 6, 'G': 9, 'T': 12, 'P': 15, 'E': 18,
};
const BINARY = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];

/** An amount as the API server reads it (apimachinery's `resource.Quantity`), in billionths; undefined for what is none. */
export function amountOf(quantity: unknown): bigint | undefined {
  const [, sign, whole = '', fraction = '', unit = ''] = /^([+-]?)(\d*)(?:\.(\d*))?([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d{1,2})?$/.exec(String(quantity)) ?? [];
  if (whole + fraction === '' || typeof quantity === 'boolean') {
    return undefined;
  }
  const exponent = /^[eE]./.test(unit) ? Number(unit.slice(1)) : UNITS[unit] ?? 0;
  const factor = BINARY.includes(unit) ? 1024n ** BigInt(BINARY.indexOf(unit) + 1) : 1n;
  const shift = exponent + 9 - fraction.length;
  const digits = BigInt(whole + fraction) * factor;
  const amount = shift >= 0 ? digits * 10n ** BigInt(shift) : digits / 10n ** BigInt(-shift);
  return sign === '-' ? -amount : amount;
}

const ONE = 10n ** 9n;

/** One text for an amount, however it was written: `1000m` and `1` are `1`. */
export function amountText(amount: bigint): string {
  if (amount < 0n) {
    return `-${amountText(-amount)}`;
  }
  if (amount % ONE !== 0n) {
    return amount % 10n ** 6n === 0n ? `${amount / 10n ** 6n}m` : `${amount}n`;
  }
  const whole = amount / ONE;
  for (let unit = BINARY.length; unit > 0; unit--) {
    const size = 1024n ** BigInt(unit);
    if (whole > 0n && whole % size === 0n) {
      return `${whole / size}${BINARY[unit - 1]}`;
    }
  }
  return String(whole);
}
