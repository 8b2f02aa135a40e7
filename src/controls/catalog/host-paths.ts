/** What stands between two steps of a path, and before the first one: the kernel takes `/var//run` and `/var/./run` for `/var/run`. */
const SLASH = String.raw`/(\.?/)*`;

/** A pattern for a hostPath that is one of these folders itself; the empty one is the root. */
export function hostPathIs(...folders: string[]): string {
  return `^(${folders.map(steps).join('|')})(${SLASH}\\.?)?$`;
}

/** A pattern for a hostPath that is one of these folders or anything below one. */
export function hostPathBelow(...folders: string[]): string {
  return `^(${folders.map(steps).join('|')})(/|$)`;
}

function steps(folder: string): string {
  return folder.split('/').filter((name) => name !== '').map((name) => SLASH + name).join('');
}
