import type { Command } from 'commander';

/** Where a program writes: a terminal, a pipe or a file. */
export interface Output {
  /** Whether it is a terminal. */
  readonly isTTY?: boolean;
  /** Columns of the terminal. */
  readonly columns?: number;
  write(text: string): unknown;
}

/** What a run of the program sees of the outside world. */
export interface CommandIo {
  /** What standard input holds; read from the process where left out. */
  readonly stdin?: Buffer;
  readonly stdout: Output;
  readonly stderr: Output;
  /** Where relative paths start. */
  readonly cwd: string;
  readonly env: NodeJS.ProcessEnv;
}

/** What a run says to the shell. */
export enum ExitCode {
  /** Nothing was found. */
  OK = 0,
  /** Something was found. */
  FOUND = 1,
  /** The command line or an input can't be used. */
  UNUSABLE = 2,
}

/** One command. Its module is loaded when it is called. */
export interface CommandModule {
  /** Says what it takes: arguments, options, examples. */
  configure(command: Command): void;
  /**
   * Runs it. For what a user can correct, throw `invalid(…)`: its message alone is shown, and the exit code is `ExitCode.UNUSABLE`.
   * @param operands what isn't an option, in the order given
   * @param options by commander's names: `failOn` for `--fail-on`
   */
  run(io: CommandIo, operands: readonly string[], options: Readonly<Record<string, unknown>>): ExitCode | Promise<ExitCode>;
}

/** A row of the table of commands. */
export interface CommandRow {
  readonly name: string;
  /** What it does, in a few words, for the list of commands. */
  readonly summary: string;
  load(): CommandModule;
}
