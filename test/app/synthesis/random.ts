/** A stream of pseudo-random numbers (mulberry32): the same seed gives the same stream on every machine. */
export class Random {
  private state: number;

  constructor(seed: number) {
    this.state = seed >>> 0;
  }

  /** At least 0, below 1. */
  public fraction(): number {
    this.state = (this.state + 0x6d2b79f5) >>> 0;
    let t = this.state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }

  /** An integer, both ends included. */
  public integer(from: number, to: number): number {
    return from + Math.floor(this.fraction() * (to - from + 1));
  }

  public chance(probability: number): boolean {
    return this.fraction() < probability;
  }

  public pick<T>(values: readonly T[]): T {
    return values[this.integer(0, values.length - 1)];
  }

  public shuffle<T>(values: readonly T[]): T[] {
    const result = [...values];
    for (let i = result.length - 1; i > 0; i--) {
      const j = this.integer(0, i);
      [result[i], result[j]] = [result[j], result[i]];
    }
    return result;
  }
}
