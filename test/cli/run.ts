import { mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { main } from '../../src/cli/main';

export interface Result {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

export interface RunOptions {
  readonly stdin?: string;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Whether the outputs are terminals. */
  readonly isTTY?: boolean;
  readonly columns?: number;
}

/** Runs the program in this process. */
export async function run(argv: readonly string[], options: RunOptions = {}): Promise<Result> {
  const { stdin, cwd = process.cwd(), env = {}, isTTY = false, columns } = options;
  const written = { stdout: '', stderr: '' };
  const output = (name: keyof typeof written) => ({ write: (text: string) => { written[name] += text; }, isTTY, columns });
  const outputs = { stdout: output('stdout'), stderr: output('stderr') };
  const code = await main(argv, { ...outputs, cwd, env, ...(stdin !== undefined && { stdin: Buffer.from(stdin) }) });
  return { code, ...written };
}

/** A folder that is removed after the tests of a file. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'command-line-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}
