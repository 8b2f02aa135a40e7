import { Script, createContext } from 'vm';
import { readBytes } from '../src/cli/documents/read-documents';
import { mutated, numbersFrom, samples } from '../test/cli/documents/mutations';

const USAGE = 'usage: tsx scripts/fuzz-documents.ts [COUNT] [FIRST SEED]';
/** Milliseconds that no document may take. */
const LIMIT = 5000;
const BATCH = 200;

/**
 * Changes sample manifests at random and reads them: each must give documents or problems with a line, in time.
 * Every document has a seed of its own, which the report names, so that one can be repeated with a count of 1.
 */
function main(count: number, first: number): void {
  const all = samples();
  const counts = { documents: 0, problems: 0 };
  let current = first;
  let slowest = { seed: first, milliseconds: 0 };
  const run = (): void => {
    for (const end = Math.min(current + BATCH, first + count); current < end; current++) {
      const start = performance.now();
      for (const reading of readBytes('fuzz.yaml', Buffer.from(mutated(all, numbersFrom(current))))) {
        if ('document' in reading) {
          JSON.stringify(reading.document.object);
          counts.documents++;
        } else if (reading.problem.message === '' || (reading.problem.line ?? 1) < 1) {
          throw new Error(`a problem without words or line: ${JSON.stringify(reading.problem)}`);
        } else {
          counts.problems++;
        }
      }
      const milliseconds = performance.now() - start;
      slowest = milliseconds > slowest.milliseconds ? { seed: current, milliseconds } : slowest;
    }
  };
  const context = createContext({ run });
  const script = new Script('run()');
  try {
    while (current < first + count) {
      script.runInContext(context, { timeout: LIMIT });
    }
  } catch (error) {
    throw new Error(`seed ${current}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const { seed, milliseconds } = slowest;
  process.stdout.write(`${count} files: ${counts.documents} documents, ${counts.problems} problems; the slowest took ${milliseconds.toFixed(0)} ms (seed ${seed})\n`);
}

const [count, first] = [process.argv[2] ?? '20000', process.argv[3] ?? '1'].map(Number);
if (Number.isInteger(count) && Number.isInteger(first) && count > 0) {
  main(count, first);
} else {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
}
