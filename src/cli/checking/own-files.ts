import { realpathSync, statSync } from 'fs';
import { resolve } from 'path';
import { invalid } from '../../core/errors';
import { readDocuments } from '../documents/read-documents';

/** The files of a run that are no manifests, as they were given. */
export interface OwnFilesOptions {
  readonly baseline?: string;
  readonly waivers?: string;
  readonly outputFile?: string;
}

/** Keeps what a run writes and what it is told by from what it checks: these files may be in the folders that are given. */
export class OwnFiles {
  private readonly accepting: readonly string[];
  private readonly output?: string;

  /** @throws if a path is empty, or the output would take the place of another of these files */
  constructor(private readonly options: OwnFilesOptions, cwd: string) {
    const { baseline, waivers, outputFile } = options;
    for (const [property, path] of [['--baseline', baseline], ['--waivers', waivers], ['--output-file', outputFile]] as const) {
      if (path === '') {
        throw invalid({ property, got: '', allowed: 'the path of a file', fix: `Name the file, or leave out ${property}.` });
      }
    }
    this.accepting = [baseline, waivers].flatMap((path) => (path === undefined ? [] : [realPath(resolve(cwd, path))]));
    this.output = outputFile === undefined ? undefined : realPath(resolve(cwd, outputFile));
    if (this.output !== undefined && this.accepting.includes(this.output)) {
      throw this.refusal('a file of its own: this one is the baseline, or has the waivers');
    }
  }

  /**
   * Whether a file isn't meant by those that are to be checked.
   * @param place its real path
   * @param isFound whether a folder was given, and not the file itself
   * @throws if the output would take the place of a manifest
   */
  public leavesOut(place: string, isFound: boolean): boolean {
    if (place !== this.output || !statSync(place).isFile()) {
      return this.accepting.includes(place);
    }
    if (!isFound || holdsObjects(place)) {
      throw this.refusal('a file that is not among those to check: it would be overwritten');
    }
    return true;
  }

  private refusal(allowed: string): Error {
    return invalid({ property: '--output-file', got: this.options.outputFile, allowed, fix: 'Name another file.' });
  }
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** Whether it may be a manifest, of which something may be broken. */
function holdsObjects(place: string): boolean {
  for (const reading of readDocuments([place])) {
    if ('document' in reading ? reading.document.object.apiVersion !== undefined || reading.document.object.kind !== undefined : reading.problem.level === 'error') {
      return true;
    }
  }
  return false;
}
