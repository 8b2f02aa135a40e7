import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { basename, join, resolve } from 'path';
import { NodeFileOutput, NodeFolder, nodeFolders } from './node-folder';
import { Json } from '../../controls/path';
import { invalid } from '../../core/errors';
import { DocumentProblem } from '../documents/document';
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
 */
export function readOutput(path: string, cwd: string, property: string): ComparedOutput {
  const place = resolve(cwd, path);
  const stat = statSync(place, { throwIfNoEntry: false });
  if (stat === undefined) {
    throw invalid({ at: 'diff', property, got: path, allowed: 'a folder or a file that exists', fix: 'Give the folder of an app\'s outputs, a folder of manifests, or one file.' });
  }
  const problems: DocumentProblem[] = [];
  const { manifests, nodes, terraform } = partsOf(path, place);
  const documents: Json[] = [];
  for (const reading of manifests === undefined ? [] : readDocuments([manifests], { cwd })) {
    if ('problem' in reading) {
      problems.push(reading.problem);
    } else {
      documents.push(reading.document.object);
    }
  }
  return {
    documents,
    nodes: nodes === undefined ? [] : nodeFolders(nodes, problems),
    stacks: terraform === undefined ? new Map() : stacks(terraform, problems),
    problems,
  };
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
  const files = [[basename(place), join(place, STACK)], ...subfolders(join(place, 'stacks')).map((name) => [name, join(place, 'stacks', name, STACK)])];
  for (const [name, file] of files) {
    const stat = statSync(file, { throwIfNoEntry: false });
    if (stat === undefined) {
      continue;
    }
    try {
      if (stat.size > LARGEST_STACK) {
        throw new RangeError();
      }
      found.set(name, JSON.parse(readFileSync(file, 'utf8')) as Json);
    } catch (error) {
      // The parser's own words quote the file.
      problems.push({ level: 'error', file, message: error instanceof RangeError ? 'the file is larger than 64 MiB' : 'this is no JSON, or cannot be read' });
    }
  }
  return found;
}

function subfolders(place: string): string[] {
  return isDirectory(place) ? readdirSync(place).filter((name) => isDirectory(join(place, name))).sort() : [];
}

function isDirectory(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}
