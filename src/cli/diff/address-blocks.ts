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
