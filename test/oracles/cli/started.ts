import { spawnSync } from 'child_process';
import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

export interface Started {
  readonly stdin?: string | Buffer;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
}

export interface Terminal {
  readonly env?: NodeJS.ProcessEnv;
  readonly columns?: number;
}

export interface Ended {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Programs see the environment of the tests but for what colours their output. */
function environment(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  const { NO_COLOR: _noColor, FORCE_COLOR: _forceColor, ...rest } = process.env;
  return { ...rest, ...env };
}

/** A program, started as users start it, in a folder. */
export class Program {
  constructor(public readonly path: string, private readonly cwd: string) {}

  public start(argv: readonly string[], { stdin = '', env = {}, uid }: Started = {}): Ended {
    const { status, stdout, stderr, signal } = spawnSync(this.path, argv, {
      cwd: this.cwd, input: stdin, encoding: 'utf8', maxBuffer: 2 ** 28, env: environment(env), ...(uid !== undefined && { uid, gid: uid }),
    });
    expect(signal).toBe(null);
    return { code: status, stdout, stderr };
  }

  /** What a shell says of a command line; `$PROGRAM` is the program. */
  public shell(command: string): Ended {
    const { status, stdout, stderr } = spawnSync('bash', ['-c', command], {
      cwd: this.cwd, encoding: 'utf8', maxBuffer: 2 ** 28, env: environment({ PROGRAM: this.path }),
    });
    return { code: status, stdout, stderr };
  }

  /** The same on a terminal: what is written to standard error is in `stdout`, too. */
  public terminal(script: string, command: string, { env = {}, columns = 80 }: Terminal = {}): Ended {
    const { status, stdout, stderr } = spawnSync(script, ['-qec', `stty cols ${columns}; ${command}`, '/dev/null'], {
      cwd: this.cwd, encoding: 'utf8', maxBuffer: 2 ** 28, env: environment({ TERM: 'xterm-256color', ...env, PROGRAM: this.path }),
    });
    return { code: status, stdout, stderr };
  }
}

export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'program-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

export const lines = (text: string) => text.split(/\r?\n/);
// eslint-disable-next-line no-control-regex
export const plain = (text: string) => text.replace(/\x1b\[[0-9;]*[A-Za-z]/g, '');
/** Lines of more than 80 columns but for paths of fields, which stay whole, so that they can be copied. */
export const tooLong = (text: string) => lines(plain(text)).filter((line) => [...line].length > 80 && !/^ +at |^ +\S+ at \S+$|^ +\S+:$/.test(line));
