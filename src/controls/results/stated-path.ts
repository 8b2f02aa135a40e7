import { isAbsolute, relative, sep } from 'path';

/** How reports name a file: from the working directory, with forward slashes, so that they are the same on every machine. */
export function statedPath(file: string): string {
  return (isAbsolute(file) ? relative(process.cwd(), file) : file).split(sep).join('/');
}
