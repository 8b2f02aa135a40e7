import * as path from 'path';
import { fileURLToPath } from 'url';
import { IConstruct, Node } from 'constructs';
import { SourceLine } from '../core/finding';

const CREATED = Symbol.for('cdk8s-hardened.created-at');
/** The folder of this package: its own frames are nobody's program. */
const PACKAGE = path.resolve(__dirname, '../..');
const OWN_FOLDERS = ['src', 'lib'].map((folder) => path.join(PACKAGE, folder) + path.sep);
const MOST_FRAMES = 200;

/** Where a construct was made: an error that nobody throws, whose text is put together when somebody asks. */
interface Created {
  readonly at: Error;
  readonly from: string;
}

interface TracedConstruct extends IConstruct {
  [CREATED]?: Created;
}

/** What a node does with a child; the library's own business, but all that a new construct calls of its parent. */
interface Adopting {
  addChild(child: TracedConstruct, name: string): void;
}

/**
 * Has every construct that is made below this one from now on remember where. Nodes of other trees are left as they are.
 *
 * It works for programs in JavaScript and TypeScript; other languages' frames are not in the stack. Each construct costs a stack trace.
 */
export function traceConstructs(root: IConstruct): void {
  traceChildren(root.node);
}

/**
 * The line of the program that made the construct at a path: the first outside of this library and of `node_modules`, of the construct itself or
 * of the nearest one above it that has one. Undefined where nothing was remembered.
 */
export function sourceLineAt(root: IConstruct, constructPath: string): SourceLine | undefined {
  const ids = constructPath.split(Node.PATH_SEP).filter((id) => id !== '');
  let construct: TracedConstruct | undefined = root;
  let line: SourceLine | undefined;
  for (const id of ids) {
    construct = construct?.node.tryFindChild(id);
    line = (construct && sourceLine(construct)) ?? line;
  }
  return line;
}

function traceChildren(node: Node): void {
  const adopting = node as unknown as Adopting;
  const original = adopting.addChild;
  if (typeof original !== 'function') {
    return;
  }
  const addChild = function (this: Adopting, child: TracedConstruct, name: string): void {
    original.call(this, child, name);
    Object.defineProperty(child, CREATED, { value: { at: stack(addChild), from: process.cwd() }, enumerable: false, configurable: true });
    whenNodeIsThere(child);
  };
  Object.defineProperty(node, 'addChild', { value: addChild, enumerable: false, configurable: true, writable: true });
}

/** A construct gets its node after its parent has heard of it. */
function whenNodeIsThere(child: IConstruct): void {
  Object.defineProperty(child, 'node', {
    configurable: true,
    enumerable: true,
    get: () => undefined,
    set: (node: Node) => {
      Object.defineProperty(child, 'node', { value: node, configurable: true, enumerable: true, writable: true });
      traceChildren(node);
    },
  });
}

function stack(above: object): Error {
  const limit = Error.stackTraceLimit;
  Error.stackTraceLimit = MOST_FRAMES;
  const trace = new Error('made here');
  Error.captureStackTrace(trace, above as () => void);
  Error.stackTraceLimit = limit;
  return trace;
}

function sourceLine(construct: TracedConstruct): SourceLine | undefined {
  const created = construct[CREATED];
  // The text is already that of the sources, where the program runs with source maps: by tsx, ts-node, jest or node --enable-source-maps.
  for (const frame of created?.at.stack?.split('\n') ?? []) {
    const place = placeOf(frame);
    if (created && place && isProgram(place.file)) {
      return { file: path.relative(created.from, place.file).split(path.sep).join('/'), line: place.line };
    }
  }
  return undefined;
}

/** `at name (file:line:column)` or `at file:line:column`. */
function placeOf(frame: string): { file: string; line: number } | undefined {
  const match = /^\s*at .*?\((.+):(\d+):\d+\)$/.exec(frame) ?? /^\s*at (?:async )?([^()].*):(\d+):\d+$/.exec(frame);
  if (!match) {
    return undefined;
  }
  const [, file, line] = match;
  return { file: file.startsWith('file://') ? fileURLToPath(file) : file, line: Number(line) };
}

function isProgram(file: string): boolean {
  return path.isAbsolute(file) && !file.split(path.sep).includes('node_modules') && !OWN_FOLDERS.some((folder) => file.startsWith(folder));
}
