import { Dirent, readdirSync, readFileSync, statSync } from 'fs';
import { join, sep } from 'path';
import { isDirectory, tried } from './tried';
import { isObject, Json } from '../../controls/path';
import { DocumentProblem } from '../documents/document';

/** One file that a node gets. */
export interface NodeFileOutput {
  /** On the node. */
  readonly path: string;
  /** The text; undefined for what is none, or too large to compare by lines. */
  readonly text?: string;
  /** The bytes, to compare. */
  readonly bytes: Buffer;
  /** Permission bits. */
  readonly mode: number;
  readonly owner?: string;
}

/** What the nodes of one role get. */
export interface NodeFolder {
  readonly role: string;
  readonly files: ReadonlyMap<string, NodeFileOutput>;
  readonly packages: readonly string[];
  readonly commands: readonly string[];
}

/** Bytes. */
const LARGEST = 16 * 2 ** 20;
const DEEPEST = 40;

/** The roles below `nodes.out`. What is derived from their files (scripts, cloud-init) is left out: it would say everything once more. */
export function nodeFolders(place: string, problems: DocumentProblem[]): NodeFolder[] {
  return listed(place, problems).map(({ name }) => name).filter((name) => isDirectory(join(place, name))).flatMap((role) => {
    const before = problems.length;
    const entries = listed(join(place, role), problems).map(({ name }) => name);
    return problems.length > before ? [] : [roleFolder(join(place, role), role, entries, problems)];
  });
}

function roleFolder(place: string, role: string, entries: readonly string[], problems: DocumentProblem[]): NodeFolder {
  const manifest = entries.includes('manifest.json') ? readManifest(join(place, 'manifest.json'), problems) : {};
  const stated = new Map(list(manifest.files).filter(isObject).map((file) => [String(file.path), file]));
  const root = join(place, 'files');
  const files = new Map<string, NodeFileOutput>();
  for (const file of entries.includes('files') ? below(root, 0, problems) : []) {
    const path = file.slice(root.length).split(sep).join('/');
    const stat = tried(file, problems, undefined, () => statSync(file));
    if (stat !== undefined && stat.size > LARGEST) {
      problems.push({ level: 'error', file, message: `the file is larger than ${LARGEST / 2 ** 20} MiB` });
      continue;
    }
    const bytes = stat && tried(file, problems, undefined, () => readFileSync(file));
    if (!stat || bytes === undefined) {
      continue;
    }
    const facts = stated.get(path);
    files.set(path, {
      path, bytes,
      ...(!bytes.includes(0) && { text: bytes.toString('utf8') }),
      mode: typeof facts?.mode === 'string' && /^[0-7]{3,4}$/.test(facts.mode) ? parseInt(facts.mode, 8) : stat.mode % 0o10000,
      ...(typeof facts?.owner === 'string' && { owner: `${facts.owner}:${String(facts.group ?? facts.owner)}` }),
    });
  }
  return { role, files, packages: list(manifest.packages).map(String), commands: list(manifest.commands).map((each) => (typeof each === 'string' ? each : JSON.stringify(each))) };
}

function readManifest(file: string, problems: DocumentProblem[]): Json {
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(parsed) ? parsed : {};
  } catch {
    problems.push({ level: 'error', file, message: 'this is no JSON, or cannot be read' });
    return {};
  }
}

/** Regular files only: links lead elsewhere. */
function below(place: string, depth: number, problems: DocumentProblem[]): string[] {
  return depth > DEEPEST ? [] : listed(place, problems).flatMap((entry) => {
    const file = join(place, entry.name);
    return entry.isDirectory() ? below(file, depth + 1, problems) : entry.isFile() ? [file] : [];
  });
}

function listed(place: string, problems: DocumentProblem[]): Dirent[] {
  return tried(place, problems, [], () => readdirSync(place, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1)));
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
