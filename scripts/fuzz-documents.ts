import { Script, createContext } from 'vm';
import { DocumentCheck } from '../src/cli/checking/check-documents';
import { compareOutputs } from '../src/cli/diff/compare-outputs';
import { DocumentProblem, LIMITS } from '../src/cli/documents/document';
import { readBytes } from '../src/cli/documents/read-documents';
import { DocumentHardening } from '../src/cli/harden/hardened-document';
import { hardenedContent, HardenedFile, hardenFile } from '../src/cli/harden/hardened-file';
import { catalogControls } from '../src/controls/catalog';
import { ActsAt } from '../src/controls/control';
import { ControlPack } from '../src/controls/pack';
import { Json } from '../src/controls/path';
import { KubernetesVersion } from '../src/core/kubernetes-version';
import { Severity } from '../src/core/severity';
import { mutated, numbersFrom, samples } from '../test/cli/documents/mutations';

const USAGE = 'usage: tsx scripts/fuzz-documents.ts [COUNT] [FIRST SEED]';
/** Milliseconds that no batch may take. */
const LIMIT = 20_000;
const BATCH = 200;
/** Of so many files one is hardened, and compared with what it was before it was mangled. */
const EVERY = 10;
const VERSION = KubernetesVersion.V1_35;
const PACKS = [ControlPack.recommended(), ControlPack.pssRestricted()];
const MEASURE = { controls: catalogControls().filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION), version: VERSION };

const SAMPLES = samples();

/** Files one after the other, with one check for all of a batch: what concerns several objects is judged at its end. */
class Fuzz {
  public readonly counts = { documents: 0, problems: 0, findings: 0, hardened: 0, left: 0, changes: 0 };
  public slowest = { seed: 0, milliseconds: 0 };
  public first: number;

  constructor(public current: number, private readonly end: number) {
    this.first = current;
  }

  public get isDone(): boolean {
    return this.current >= this.end;
  }

  public batch(): void {
    this.first = this.current;
    const check = new DocumentCheck({ packs: PACKS, version: VERSION, failOn: Severity.INFO, updatesBaseline: false, fingerprints: true });
    const hardening = new DocumentHardening(PACKS, VERSION);
    for (const end = Math.min(this.current + BATCH, this.end); this.current < end; this.current++) {
      const start = performance.now();
      this.file(this.current, check, hardening);
      const milliseconds = performance.now() - start;
      this.slowest = milliseconds > this.slowest.milliseconds ? { seed: this.current, milliseconds } : this.slowest;
    }
    for (const found of check.finish().found) {
      const { control, resource, expected, fix } = found.finding();
      requireWords({ control, resource, expected, fix }, 'a finding');
      this.counts.findings++;
    }
    hardening.leftTogether().forEach(({ control, resource, reason }) => requireWords({ control, resource, reason }, 'what is left'));
  }

  private file(seed: number, check: DocumentCheck, hardening: DocumentHardening): void {
    const bytes = Buffer.from(mutated(SAMPLES, numbersFrom(seed)));
    const documents: Json[] = [];
    for (const reading of readBytes(`${seed}.yaml`, bytes)) {
      if ('problem' in reading) {
        requireProblem(reading.problem);
        this.counts.problems++;
      } else {
        JSON.stringify(reading.document.object);
        check.add(reading.document);
        documents.push(reading.document.object);
        this.counts.documents++;
      }
    }
    if (seed % EVERY === 0) {
      this.harden(seed, bytes, hardening);
      this.compare(sampleOf(seed), documents);
    }
  }

  private harden(seed: number, bytes: Buffer, hardening: DocumentHardening): void {
    const once = hardened(seed, bytes, hardening);
    once.problems.forEach(requireProblem);
    once.left.forEach(({ control, resource, reason }) => requireWords({ control, resource, reason }, 'what is left'));
    this.counts.hardened += once.edits.length > 0 ? 1 : 0;
    this.counts.left += once.left.length;
    if (once.edits.length === 0) {
      return;
    }
    const twice = hardened(seed, Buffer.from(hardenedContent(once)), hardening);
    if (twice.edits.length > 0 || twice.isWhole !== once.isWhole || twice.documents !== once.documents) {
      throw new Error(`what is hardened is no fixed point: ${JSON.stringify({ edits: twice.edits, problems: twice.problems })}`);
    }
  }

  private compare(before: readonly Json[], after: readonly Json[]): void {
    const output = (documents: readonly Json[]) => ({ documents, nodes: [], stacks: new Map<string, Json>(), problems: [] });
    for (const { subject, rule, message } of compareOutputs(output(before), output(after), MEASURE)) {
      requireWords({ subject, rule, message }, 'a change');
      this.counts.changes++;
    }
  }
}

function hardened(seed: number, bytes: Buffer, hardening: DocumentHardening): HardenedFile {
  return hardenFile(`${seed}.yaml`, bytes, hardening, { left: LIMITS.aliasedValuesTotal });
}

/** What the seed's file was before it was mangled. */
function sampleOf(seed: number): Json[] {
  const text = SAMPLES[numbersFrom(seed)(SAMPLES.length)];
  return [...readBytes('sample.yaml', Buffer.from(text))].flatMap((reading) => ('document' in reading ? [reading.document.object] : []));
}

function requireProblem(problem: DocumentProblem): void {
  if (problem.message === '' || (problem.line ?? 1) < 1) {
    throw new Error(`a problem without words or line: ${JSON.stringify(problem)}`);
  }
}

function requireWords(words: Readonly<Record<string, unknown>>, what: string): void {
  if (Object.values(words).some((each) => typeof each !== 'string' || each === '')) {
    throw new Error(`${what} without words: ${JSON.stringify(words)}`);
  }
}

/**
 * Changes sample manifests at random, reads and judges them; every tenth is hardened and compared, too. Each must give documents or problems with a line,
 * findings, changes and what is left in words, in time; hardened again, nothing changes.
 *
 * Every file has a seed of its own, which the report names, so that one can be repeated with a count of 1.
 */
function main(count: number, first: number): void {
  const fuzz = new Fuzz(first, first + count);
  const context = createContext({ run: () => fuzz.batch() });
  const script = new Script('run()');
  try {
    while (!fuzz.isDone) {
      script.runInContext(context, { timeout: LIMIT });
    }
  } catch (error) {
    throw new Error(`seed ${fuzz.current}, of the batch from ${fuzz.first}: ${error instanceof Error ? error.stack : String(error)}`);
  }
  const { counts, slowest: { seed, milliseconds } } = fuzz;
  process.stdout.write(`${count} files: ${counts.documents} documents, ${counts.problems} problems, ${counts.findings} findings; of every ${EVERY}th: ` +
    `${counts.hardened} hardened, ${counts.left} findings left, ${counts.changes} changes; the slowest took ${milliseconds.toFixed(0)} ms (seed ${seed})\n`);
}

const [count, first] = [process.argv[2] ?? '20000', process.argv[3] ?? '1'].map(Number);
if (Number.isInteger(count) && Number.isInteger(first) && count > 0) {
  main(count, first);
} else {
  process.stderr.write(`${USAGE}\n`);
  process.exitCode = 2;
}
