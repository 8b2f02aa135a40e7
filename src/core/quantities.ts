import { Size, SizeRoundingBehavior } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { invalid, InvalidInput } from './errors';

/** The API server counts bytes in 63 bits. */
const MAX_MEBIBYTES = 2 ** 43 - 1;
const MAX_MILLIS = Number.MAX_SAFE_INTEGER;

/** Checks an amount of CPU time and returns it in thousandths of a CPU. */
export function millisOf(cpu: Cpu, property: string, at: InvalidInput['at']): number {
  const amount = cpu?.amount;
  const [, digits, unit] = /^(\d+(?:\.\d+)?)(m?)$/.exec(String(amount)) ?? [];
  const millis = Number((Number(digits) * (unit === 'm' ? 1 : 1000)).toFixed(6));
  if (!Number.isInteger(millis) || millis < 1 || millis > MAX_MILLIS) {
    throw invalid({
      at, property, got: amount ?? cpu, allowed: 'CPU time of at least one thousandth of a CPU, in whole thousandths', fix: 'Give it as Cpu.millis(250) or Cpu.units(2).',
    });
  }
  return millis;
}

/** Checks a size and returns it in mebibytes. */
export function mebibytesOf(size: Size, property: string, at: InvalidInput['at']): number {
  const mebibytes = size?.toMebibytes?.({ rounding: SizeRoundingBehavior.NONE });
  if (!Number.isInteger(mebibytes) || mebibytes < 1 || mebibytes > MAX_MEBIBYTES) {
    throw invalid({
      at, property, got: size?.asString?.() ?? size, allowed: 'a size of at least one mebibyte, in whole mebibytes', fix: 'Give it as Size.mebibytes(256) or Size.gibibytes(1).',
    });
  }
  return mebibytes;
}

/** CPU time in the form that the API server stores, so that what it returns is what was applied. */
export function cpuText(millis: number): string {
  return millis % 1000 === 0 ? String(millis / 1000) : `${millis}m`;
}

/** A size in the form that the API server stores. */
export function sizeText(mebibytes: number): string {
  const units = ['Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
  let [amount, unit] = [mebibytes, 0];
  while (amount % 1024 === 0 && unit < units.length - 1) {
    [amount, unit] = [amount / 1024, unit + 1];
  }
  return `${amount}${units[unit]}`;
}

/** A quantity in the form in which the API server keeps it: the largest unit that leaves a whole number. Others than these stay as they are. */
export function keptQuantity(text: unknown): unknown {
  const [, digits, unit] = /^(\d+)(m|Ki|Mi|Gi|Ti|Pi)$/.exec(String(text)) ?? [];
  if (digits === undefined) {
    return text;
  }
  const amount = Number(digits);
  const units = ['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'];
  const larger = unit === 'm' ? '' : units[units.indexOf(unit) + 1];
  const ratio = unit === 'm' ? 1000 : 1024;
  return amount > 0 && amount % ratio === 0 ? keptQuantity(`${amount / ratio}${larger}`) : text;
}
