import { statSync } from 'fs';
import { DocumentProblem } from '../documents/document';
import { whyUnreadable } from '../documents/manifest-files';

/** What the file system says, or a problem and something else in its place. */
export function tried<T>(file: string, problems: DocumentProblem[], otherwise: T, read: () => T): T {
  try {
    return read();
  } catch (error) {
    problems.push({ level: 'error', file, message: whyUnreadable(error) });
    return otherwise;
  }
}

/** False also where nobody can tell. */
export function isDirectory(place: string): boolean {
  try {
    return statSync(place).isDirectory();
  } catch {
    return false;
  }
}
