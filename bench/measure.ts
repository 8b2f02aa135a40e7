/** Something to measure. */
export interface Way {
  /**
   * How often at most.
   * @default - in every round
   */
  readonly atMost?: number;
  /** Runs once and returns its milliseconds. */
  run(): number;
}

/** The median milliseconds of several ways, taken in turns so that a slow time of the machine hits all of them; undefined if not run. */
export function inTurns(rounds: number, ways: readonly Way[]): (number | undefined)[] {
  const times: number[][] = ways.map(() => []);
  for (let round = 0; round < rounds; round++) {
    ways.forEach((way, i) => {
      if (times[i].length < (way.atMost ?? rounds)) {
        times[i].push(way.run());
      }
    });
  }
  return times.map((each) => (each.length > 0 ? median(each) : undefined));
}

/** Runs something once and returns its milliseconds. */
export function time(run: () => void): number {
  const start = process.hrtime.bigint();
  run();
  return Number(process.hrtime.bigint() - start) / 1e6;
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length >> 1;
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** A table with right-aligned columns. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, i) => Math.max(title.length, ...rows.map((row) => row[i].length)));
  const line = (cells: readonly string[]) => cells.map((cell, i) => cell.padStart(widths[i])).join('  ');
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...rows.map(line)].join('\n');
}
