import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { basename, join, resolve } from 'path';
import { NodeFileOutput, NodeFolder, nodeFolders } from './node-folder';
import { isDirectory, tried } from './tried';
import { isObject, Json } from '../../controls/path';
import { invalid } from '../../core/errors';
import { DocumentProblem } from '../documents/document';
import { whyUnreadable } from '../documents/manifest-files';
import { readDocuments } from '../documents/read-documents';

export type { NodeFileOutput };

/** What one side holds. */
export interface ComparedOutput {
  readonly documents: readonly Json[];
  readonly nodes: readonly NodeFolder[];
  /** Terraform stacks by name, as parsed. */
  readonly stacks: ReadonlyMap<string, Json>;
  /** What can't be read. */
  readonly problems: readonly DocumentProblem[];
}

const MANIFESTS = 'dist';
const NODES = 'nodes.out';
const TERRAFORM = 'cdktf.out';
const EVIDENCE = 'evidence.out';
const STACK = 'cdk.tf.json';
/** Bytes. */
const LARGEST_STACK = 64 * 2 ** 20;

/**
 * Reads what is to be compared: the folder of an app's outputs, one of those outputs, any folder of manifests, or one file.
 * @param property names it in errors
 * @param step called for each document
 */
export function readOutput(path: string, cwd: string, property: string, step: () => void = () => undefined): ComparedOutput {
  const place = requireEntry(path, cwd, property);
  const problems: DocumentProblem[] = [];
  const { manifests, nodes, terraform } = partsOf(path, place);
  const documents: Json[] = [];
  for (const reading of manifests === undefined ? [] : readDocuments([manifests], { cwd })) {
    if ('problem' in reading) {
      problems.push(reading.problem);
    } else {
      documents.push(reading.document.object);
      step();
    }
  }
  return {
    documents,
    nodes: nodes === undefined ? [] : nodeFolders(nodes, problems),
    stacks: terraform === undefined ? new Map() : stacks(terraform, problems),
    problems,
  };
}

/** An empty path is mostly a variable that isn't set: nobody means the working directory by it. */
function requireEntry(path: string, cwd: string, property: string): string {
  const place = resolve(cwd, path);
  try {
    if (path !== '' && statSync(place, { throwIfNoEntry: false }) !== undefined) {
      return place;
    }
  } catch (error) {
    throw invalid({ property, got: path, allowed: `a folder or a file that can be read (${whyUnreadable(error)})`, fix: 'Correct the path, or the permissions.' });
  }
  const fix = `Give the folder of an app's outputs, a folder of manifests, or one file${path === '' ? '; for the working directory, "."' : ''}.`;
  throw invalid({ property, got: path, allowed: 'a folder or a file that exists', fix });
}

interface Parts {
  /** As it was given, for messages. */
  readonly manifests?: string;
  readonly nodes?: string;
  readonly terraform?: string;
}

/** What is where: evidence is derived from all the rest. */
function partsOf(path: string, place: string): Parts {
  if (!isDirectory(place)) {
    return { manifests: path };
  }
  const has = (name: string) => isDirectory(join(place, name));
  if ([MANIFESTS, NODES, TERRAFORM, EVIDENCE].some(has)) {
    return {
      ...(has(MANIFESTS) && { manifests: join(path, MANIFESTS) }),
      ...(has(NODES) && { nodes: join(place, NODES) }),
      ...(has(TERRAFORM) && { terraform: join(place, TERRAFORM) }),
    };
  }
  const name = basename(place);
  if (name === EVIDENCE) {
    return {};
  }
  if (name === NODES || subfolders(place).some((each) => existsSync(join(place, each, 'manifest.json')) && has(join(each, 'files')))) {
    return { nodes: place };
  }
  return name === TERRAFORM || existsSync(join(place, STACK)) || isStacks(join(place, 'stacks')) ? { terraform: place } : { manifests: path };
}

function isStacks(place: string): boolean {
  return subfolders(place).some((name) => existsSync(join(place, name, STACK)));
}

function stacks(place: string, problems: DocumentProblem[]): Map<string, Json> {
  const found = new Map<string, Json>();
  const files = [[basename(place), join(place, STACK)], ...subfolders(join(place, 'stacks'), problems).map((name) => [name, join(place, 'stacks', name, STACK)])];
  for (const [name, file] of files) {
    try {
      const stat = statSync(file, { throwIfNoEntry: false });
      if (stat === undefined) {
        continue;
      }
      if (stat.size > LARGEST_STACK) {
        throw new RangeError();
      }
      const stack: unknown = JSON.parse(readFileSync(file, 'utf8'));
      if (!isObject(stack)) {
        throw new TypeError();
      }
      found.set(name, stack);
    } catch (error) {
      // The parser's own words quote the file.
      problems.push({ level: 'error', file, message: whyNoStack(error) });
    }
  }
  return found;
}

function whyNoStack(error: unknown): string {
  return error instanceof RangeError ? 'the file is larger than 64 MiB' : error instanceof TypeError ? 'this is no JSON object' : 'this is no JSON, or cannot be read';
}

/** @param problems gets why a folder can't be listed, where nobody else says it */
function subfolders(place: string, problems: DocumentProblem[] = []): string[] {
  return isDirectory(place) ? tried(place, problems, [], () => readdirSync(place).filter((name) => isDirectory(join(place, name))).sort()) : [];
}
