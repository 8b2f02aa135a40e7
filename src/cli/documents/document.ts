import { printable } from '../../evidence/plain-text';

/** One object of a manifest, as kubectl reads it. */
export interface ManifestDocument {
  /** The file's path as it was given or found, or `<stdin>`. */
  readonly file: string;
  /** Counts the documents of the file that aren't empty, from 0. */
  readonly index: number;
  /** The line on which the document's text starts, from 1. */
  readonly line: number;
  /** Plain JSON: objects, arrays, strings, finite numbers, booleans and null, no value twice in memory. */
  readonly object: Record<string, unknown>;
}

/** What can't be read, or is read in a way that its author may not expect. It never quotes what the file says. */
export interface DocumentProblem {
  /** A problem of level `error` leaves something unchecked; a warning comes beside the document, which is read as kubectl reads it. */
  readonly level: 'error' | 'warning';
  readonly file: string;
  /** The document's index, where the problem is one document's. */
  readonly document?: number;
  /** From 1; left out where the problem is the whole file's. */
  readonly line?: number;
  readonly column?: number;
  readonly message: string;
}

/** What reading yields: the documents and the problems in the order of the files. */
export type Reading = { readonly document: ManifestDocument } | { readonly problem: DocumentProblem };

/** A problem at an offset of some text. */
export interface TextProblem {
  readonly level: 'error' | 'warning';
  readonly offset: number;
  readonly message: string;
}

/** The one line that people see: `deploy.yaml, document 3, line 12, column 5: …`. Documents count from 1 here. Names of files move no cursor. */
export function problemText(problem: DocumentProblem): string {
  const { file, document, line, column, message } = problem;
  const place = [
    file,
    ...document === undefined ? [] : [`document ${document + 1}`],
    ...line === undefined ? [] : [`line ${line}`],
    ...column === undefined ? [] : [`column ${column}`],
  ];
  return printable(`${place.join(', ')}: ${message}`);
}

/** Limits that are stated to users and refused by name. */
export const LIMITS = {
  /** Bytes of one file. */
  file: 128 * 2 ** 20,
  /** Bytes of all files of one run. */
  total: 512 * 2 ** 20,
  /** Characters of one document that uses anchors, tags or other rare forms. The API server takes no object above 3 MiB. */
  rareDocument: 3 * 2 ** 20,
  /** Maps and lists inside each other. */
  depth: 200,
  /** Values that the aliases of one document may stand for. */
  aliasedValues: 100_000,
  /** The same for all documents of a run. */
  aliasedValuesTotal: 2_000_000,
  /** Warnings of one kind that are told of one document, before the others are counted. */
  alikeWarnings: 20,
  /** Files below the folders of one run. */
  files: 100_000,
};
