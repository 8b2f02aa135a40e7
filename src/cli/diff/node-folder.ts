import { existsSync, readdirSync, readFileSync, statSync } from 'fs';
import { join, sep } from 'path';
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
  return readdirSync(place).sort().filter((name) => isFolder(join(place, name))).map((role) => roleFolder(join(place, role), role, problems));
}

function roleFolder(place: string, role: string, problems: DocumentProblem[]): NodeFolder {
  const manifest = readManifest(join(place, 'manifest.json'), problems);
  const stated = new Map(list(manifest.files).filter(isObject).map((file) => [String(file.path), file]));
  const root = join(place, 'files');
  const files = new Map<string, NodeFileOutput>();
  for (const file of existsSync(root) ? below(root, 0) : []) {
    const path = file.slice(root.length).split(sep).join('/');
    const size = statSync(file).size;
    if (size > LARGEST) {
      problems.push({ level: 'error', file, message: `the file is larger than ${LARGEST / 2 ** 20} MiB` });
      continue;
    }
    const bytes = readFileSync(file);
    const facts = stated.get(path);
    files.set(path, {
      path, bytes,
      ...(!bytes.includes(0) && { text: bytes.toString('utf8') }),
      mode: typeof facts?.mode === 'string' && /^[0-7]{3,4}$/.test(facts.mode) ? parseInt(facts.mode, 8) : statSync(file).mode % 0o10000,
      ...(typeof facts?.owner === 'string' && { owner: `${facts.owner}:${String(facts.group ?? facts.owner)}` }),
    });
  }
  return { role, files, packages: list(manifest.packages).map(String), commands: list(manifest.commands).map((each) => (typeof each === 'string' ? each : JSON.stringify(each))) };
}

function readManifest(file: string, problems: DocumentProblem[]): Json {
  if (!existsSync(file)) {
    return {};
  }
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return isObject(parsed) ? parsed : {};
  } catch {
    problems.push({ level: 'error', file, message: 'this is no JSON, or cannot be read' });
    return {};
  }
}

/** Regular files only: links lead elsewhere. */
function below(place: string, depth: number): string[] {
  return depth > DEEPEST ? [] : readdirSync(place, { withFileTypes: true })
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => (entry.isDirectory() ? below(join(place, entry.name), depth + 1) : entry.isFile() ? [join(place, entry.name)] : []));
}

function isFolder(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isDirectory() ?? false;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}
