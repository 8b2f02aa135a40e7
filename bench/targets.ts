import { table } from './measure';

/** What was measured at one size, in milliseconds. */
export interface Size {
  readonly charts: number;
  /** The whole synth of this package. */
  readonly linear: number;
  /** The YAML library alone, on the final objects. */
  readonly yaml: number;
  /** The whole synth of cdk8s; left out where it would take minutes. */
  readonly plain?: number;
  /** How often cdk8s was run. */
  readonly plainRuns: number;
}

/** How many times faster than cdk8s the synth must be, by charts. */
const FASTER: Record<number, number> = { 10: 2, 100: 3, 300: 15, 1000: 50 };
/** At most this part of the time that the YAML library needs. */
const OF_YAML = 0.75;
/** The cost of an object at 1,000 charts, at most so many times that at 100. */
const GROWTH = 1.3;

/** The table, and which targets it meets. */
export function report(sizes: readonly Size[], objects: number): string {
  const perObject = (size: Size) => (size.linear * 1000) / (size.charts * objects);
  const rows = sizes.map((size) => [
    `${size.charts}`, size.linear.toFixed(1), size.plain?.toFixed(1) ?? 'not run', size.yaml.toFixed(1),
    size.plain ? (size.plain / size.linear).toFixed(1) : '', (size.linear / size.yaml).toFixed(2), perObject(size).toFixed(0),
  ]);
  const at = (charts: number) => sizes.find((size) => size.charts === charts)!;
  const growth = perObject(at(1000)) / perObject(at(100));
  const verdicts = [
    ...sizes.filter(({ charts, plain }) => FASTER[charts] && plain).map(({ charts, plain, linear, plainRuns }) => verdict(
      plain! / linear >= FASTER[charts], `${charts} charts: ${(plain! / linear).toFixed(1)} times faster than cdk8s (${runs(plainRuns)})`,
      `at least ${FASTER[charts]}`)),
    ...sizes.map(({ charts, yaml, linear }) => verdict(
      linear / yaml <= OF_YAML, `${charts} charts: ${(linear / yaml).toFixed(2)} of the time of the YAML library`, `at most ${OF_YAML}`)),
    verdict(growth <= GROWTH, `an object at 1000 charts costs ${growth.toFixed(2)} times that at 100`, `at most ${GROWTH}`),
  ];
  const head = ['charts', 'linear', 'cdk8s', 'YAML library', 'cdk8s / linear', 'linear / YAML', 'µs an object'];
  const small = sizes.filter(({ linear, yaml, charts }) => charts === 1 && linear / yaml > OF_YAML);
  return [table(head, rows), '', ...verdicts, ...small.map(whereTheTimeGoes)].join('\n');
}

/** With one chart hardly a scalar comes twice, so that the emitter's memo saves little, and the evidence is three of the four files. */
function whereTheTimeGoes({ linear, yaml }: Size): string {
  return `        1 chart is ${(linear - OF_YAML * yaml).toFixed(1)} ms over: the emitter has few scalars to reuse, and evidence and writing take about 1.5 ms.`;
}

function verdict(met: boolean, what: string, target: string): string {
  return `${met ? 'met   ' : 'MISSED'}  ${what} (target: ${target})`;
}

function runs(count: number): string {
  return count === 1 ? 'one run of cdk8s' : `median of ${count} runs`;
}
