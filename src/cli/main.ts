import { Command, CommanderError } from 'commander';
import { CommandIo, CommandRow, ExitCode } from './command';
import { COMMANDS } from './commands';
import { note, widthOf } from './output/terminal';
import { usageMessage } from './usage';

const NAME = 'cdk8s-hardened';

const EXAMPLES = `
Examples:
  ${NAME} check k8s/                     what is weak, worst first
  helm template shop | ${NAME} check -   the same for what Helm renders
  ${NAME} explain secret-in-env          what a control asks, and why
  ${NAME} policies | kubectl apply -f -  the API server audits it

Exit codes: 0 nothing found, 1 findings, 2 unusable input or usage.`;

/**
 * Runs the program.
 * @param argv what follows the program's name
 * @returns the exit code
 */
export async function main(argv: readonly string[], io: CommandIo): Promise<number> {
  if (argv.length === 0) {
    // In a script it's a variable that is empty.
    await main(['--help'], { ...io, stdout: io.stderr });
    return ExitCode.UNUSABLE;
  }
  const program = base(new Command(NAME), io);
  let current = program;
  try {
    program.usage('<command> [options]')
      .description('Checks and hardens Kubernetes manifests by the controls of cdk8s-hardened.')
      .version(version(), '-V, --version', 'print the version')
      .helpCommand('help [command]', 'show what a command takes')
      .addHelpText('after', EXAMPLES);
    let code: number = ExitCode.OK;
    const called = calledCommand(argv);
    for (const row of COMMANDS) {
      const command = base(program.command(row.name), io).summary(row.summary);
      if (row === called) {
        const module = row.load();
        current = command;
        module.configure(command);
        command.action(async () => {
          noteVersion(io, command.opts());
          code = await module.run(io, command.args, command.opts());
        });
      }
    }
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    return failed(error as Error, io, current);
  }
}

/** Runs the program as a process of its own. */
export function run(): void {
  const { stdout, stderr, env } = process;
  let isCutOff = false;
  for (const stream of [stdout, stderr]) {
    stream.on('error', ({ code }: NodeJS.ErrnoException) => {
      // Whoever read may have had enough, as `head` has.
      if (code !== 'EPIPE' && !isCutOff) {
        isCutOff = true;
        process.exitCode = ExitCode.UNUSABLE;
        stderr.write(`${NAME}: the output can't be written (${code}).\n`);
      }
    });
  }
  void main(process.argv.slice(2), { stdout, stderr, cwd: process.cwd(), env }).then((code) => {
    process.exitCode = isCutOff ? ExitCode.UNUSABLE : code;
  });
}

function base(command: Command, io: CommandIo): Command {
  return command.exitOverride().configureOutput({
    writeOut: (text) => io.stdout.write(text),
    // What is wrong is said once, by `failed`.
    writeErr: () => undefined,
    getOutHelpWidth: () => Math.min(widthOf(io.stdout), 100),
    getErrHelpWidth: () => Math.min(widthOf(io.stderr), 100),
  }).helpOption('-h, --help', 'show this');
}

/** `help check` needs what check takes, too. */
function calledCommand(argv: readonly string[]): CommandRow | undefined {
  const operands = argv.filter((each) => !each.startsWith('-'));
  const name = operands[0] === 'help' ? operands[1] : operands[0];
  return COMMANDS.find((row) => row.name === name);
}

/** Said once for all commands: what is judged by the rules of another version may be wrong. */
function noteVersion({ stderr }: CommandIo, { kubernetesVersion }: { readonly kubernetesVersion?: string }): void {
  if (kubernetesVersion !== undefined) {
    const { versionNote } = require('./checking/packs') as typeof import('./checking/packs');
    const text = versionNote(kubernetesVersion);
    if (text !== undefined) {
      note(stderr, `warning: ${text}`);
    }
  }
}

function version(): string {
  return (require('../../package.json') as { version: string }).version;
}

function failed(error: Error, io: CommandIo, command: Command): number {
  if (error instanceof CommanderError) {
    if (error.exitCode === 0) {
      return ExitCode.OK;
    }
    note(io.stderr, usageMessage(error, command, COMMANDS.map(({ name }) => name)));
    return ExitCode.UNUSABLE;
  }
  const unexpected = () => (io.env.CDK8S_HARDENED_DEBUG === '1' ? error.stack : `${error.message} (CDK8S_HARDENED_DEBUG=1 shows where)`);
  const lines = error.name === 'HardenedError' ? [error.message] : `this should not happen: ${unexpected()}`.split('\n');
  lines.forEach((line, i) => note(io.stderr, i === 0 ? `${NAME}: ${line}` : line));
  return ExitCode.UNUSABLE;
}
