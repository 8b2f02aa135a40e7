import { existsSync, readFileSync, statSync } from 'fs';
import { resolve } from 'path';
import { replaceFile } from './replaced-file';
import { statedPath } from './stated-path';
import { invalid } from '../../core/errors';
import { Finding } from '../../core/finding';

/** One finding that was there before checks began, as the baseline file has it. */
export interface BaselineEntry {
  readonly fingerprint: string;
  readonly control: string;
  readonly resource?: string;
  readonly path?: string;
}

/** An entry that nobody found, with its file as it was stated. */
export interface StaleEntry extends BaselineEntry {
  readonly file: string;
}

/** A finding as baselines know it. */
type KnownFinding = Finding & { readonly fingerprint: string };

/** A baseline file as this run is to write it. */
export interface BaselineUpdate {
  readonly path: string;
  readonly findings: number;
  readonly content: string;
}

interface BaselineFile {
  readonly path: string;
  readonly entries: ReadonlyMap<string, BaselineEntry>;
  /** What the file had that is to be written anew. */
  readonly replaced: readonly BaselineEntry[];
  readonly seen: Set<string>;
  readonly present: BaselineEntry[];
}

const UPDATE = 'CDK8S_HARDENED_UPDATE_BASELINE';
const REWRITE = `Restore it from version control, or delete it and write it anew with ${UPDATE}=1 in the environment of the synth.`;

/** Fingerprints of what else may be said of a finding's place. */
export interface RelatedPrints {
  /** By controls that ask for more: where that is accepted, so is this. */
  readonly stronger: readonly string[];
  /** By controls that ask for less: where this is found, that is not fixed. */
  readonly weaker: readonly string[];
}

/** The baseline files of a run. Each is read once, also where nothing is found: what it lists then has to leave it. */
export class Baselines {
  private readonly files = new Map<string, BaselineFile>();
  private readonly updates = process.env[UPDATE] === '1';

  /**
   * @param paths as they were stated
   * @throws if one can't be read or isn't a baseline, also where it is to be written anew: a wrong path would cost another file
   */
  constructor(paths: readonly string[]) {
    for (const path of paths) {
      if (!this.files.has(resolve(path))) {
        const entries = this.updates ? replaceable(path) : readBaseline(path);
        const [held, replaced] = this.updates ? [new Map<string, BaselineEntry>(), [...entries.values()]] : [entries, []];
        this.files.set(resolve(path), { path, entries: held, replaced, seen: new Set(), present: [] });
      }
    }
  }

  /**
   * Whether a file accepts a finding.
   * @param fails whether it would fail the synth: only such findings are written to a file
   * @param related asked where there is a file alone
   */
  public covers(path: string | undefined, finding: KnownFinding, fails: boolean, related: () => RelatedPrints): boolean {
    const file = path === undefined ? undefined : this.files.get(resolve(path));
    if (!file) {
      return false;
    }
    if (this.updates) {
      file.present.push(...(fails ? [entryOf(finding)] : []));
      return fails;
    }
    const { stronger, weaker } = related();
    [finding.fingerprint, ...stronger, ...weaker].forEach((each) => file.seen.add(each));
    return [finding.fingerprint, ...stronger].some((each) => file.entries.has(each));
  }

  /** What the files list and nobody found. */
  public stale(): StaleEntry[] {
    return [...this.files.values()].flatMap(({ path, entries, seen }) => (
      [...entries.values()].filter(({ fingerprint }) => !seen.has(fingerprint)).map((entry) => ({ ...entry, file: statedPath(path) }))
    ));
  }

  /** The files as this run is to write them once nothing can fail any more; none where it is to hold findings against them. */
  public get pending(): BaselineUpdate[] {
    return this.updatesWith(() => false);
  }

  /** The same, with the entries kept that the run can say nothing of. */
  public updatesWith(keeps: (entry: BaselineEntry) => boolean): BaselineUpdate[] {
    return !this.updates ? [] : [...this.files.values()].map(({ path, present, replaced }) => {
      const found = new Set(present.map(({ fingerprint }) => fingerprint));
      const entries = [...present, ...replaced.filter((entry) => keeps(entry) && !found.has(entry.fingerprint)).map(entryOf)];
      return { path: statedPath(path), findings: entries.length, content: contentOf(entries) };
    });
  }
}

/**
 * Writes baseline files, each whole or not at all; one that holds the same already isn't touched.
 * @throws if one can't be written
 */
export function writeBaselines(updates: readonly BaselineUpdate[]): void {
  for (const { path, content } of updates) {
    try {
      if (!existsSync(path) || readFileSync(path, 'utf8') !== content) {
        replaceFile(path, content);
      }
    } catch (error) {
      throw invalid({ at: path, property: 'baseline', allowed: `a file that can be written (${(error as NodeJS.ErrnoException).code})`, fix: 'Make its folder, or correct the path.' });
    }
  }
}

/** What is to be written anew holds nothing against findings, but it has to be a baseline, or nothing yet. */
function replaceable(path: string): Map<string, BaselineEntry> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isFile()) {
    throw invalid({ at: path, property: 'baseline', allowed: 'a regular file', fix: 'Name the file that the baseline is to be written to.' });
  }
  return stat !== undefined && stat.size > 0 ? readBaseline(path) : new Map<string, BaselineEntry>();
}

function readBaseline(path: string): Map<string, BaselineEntry> {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch {
    throw invalid({ at: path, property: 'baseline', allowed: 'a file that can be read', fix: `Write it once with ${UPDATE}=1 in the environment of the synth, and commit it.` });
  }
  let content: { formatVersion?: unknown; findings?: unknown } | null;
  try {
    content = JSON.parse(text);
  } catch {
    throw invalid({ at: path, property: 'baseline', allowed: 'JSON', fix: REWRITE });
  }
  const findings: unknown[] = content?.formatVersion === 1 && Array.isArray(content.findings) ? content.findings : [undefined];
  if (!findings.every(isEntry)) {
    throw invalid({ at: path, property: 'baseline', allowed: 'formatVersion 1 and a list of findings, each with fingerprint and control', fix: REWRITE });
  }
  return new Map(findings.map((entry) => [entry.fingerprint, entry]));
}

/** Same findings, same bytes. */
function contentOf(entries: readonly BaselineEntry[]): string {
  const texts = new Map(entries.map((entry) => [entry, JSON.stringify(entry)]));
  const findings = [...entries].sort((a, b) => (texts.get(a)! < texts.get(b)! ? -1 : 1));
  return `${JSON.stringify({ formatVersion: 1, findings }, null, 2)}\n`;
}

/** Its keys in the order of the file. */
function entryOf({ fingerprint, control, resource, path }: BaselineEntry): BaselineEntry {
  return { control, resource, path, fingerprint };
}

function isEntry(entry: unknown): entry is BaselineEntry {
  const { fingerprint, control } = (entry ?? {}) as Partial<BaselineEntry>;
  return typeof fingerprint === 'string' && typeof control === 'string';
}
