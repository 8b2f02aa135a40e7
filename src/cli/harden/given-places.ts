import { realpathSync, statSync } from 'fs';
import { relative, resolve, sep } from 'path';

/** What was given to change: files, links to files, and folders with what really lies in them. */
export class GivenPlaces {
  private readonly given: ReadonlySet<string>;
  /** As they are without links. */
  private readonly folders: readonly string[];

  constructor(private readonly cwd: string, paths: readonly string[]) {
    const places = paths.map((path) => resolve(cwd, path));
    this.given = new Set(places);
    this.folders = places.flatMap((place) => realFolder(place) ?? []);
  }

  /** Where the links on the way to a file lead, if that is in no given folder; undefined for all other files. */
  public outside(path: string): string | undefined {
    const place = resolve(this.cwd, path);
    if (this.given.has(place)) {
      return undefined;
    }
    const real = asked(() => realpathSync(place)) ?? place;
    return this.given.has(real) || this.folders.some((folder) => isBelow(real, folder)) ? undefined : real;
  }
}

function realFolder(place: string): string | undefined {
  return asked(() => (statSync(place).isDirectory() ? realpathSync(place) : undefined));
}

/** What the file system says, if it says anything: why it does not is said where the file is read. */
function asked<T>(ask: () => T): T | undefined {
  try {
    return ask();
  } catch {
    return undefined;
  }
}

function isBelow(place: string, folder: string): boolean {
  const way = relative(folder, place);
  return way !== '..' && !way.startsWith(`..${sep}`);
}
