import type { Command, CommanderError } from 'commander';
import { nearChoice } from './near-choice';

/** What is wrong with the command line, in one line, with what was probably meant. */
export function usageMessage(error: CommanderError, command: Command, commands: readonly string[]): string {
  const at = command.parent ? `${command.parent.name()} ${command.name()}` : command.name();
  return `${at}: ${problem(error, command, commands)} See: ${at} --help`;
}

function problem(error: CommanderError, command: Command, commands: readonly string[]): string {
  const [, quoted = ''] = /'([^']*)'/.exec(error.message) ?? [];
  switch (error.code) {
    case 'commander.unknownOption':
      return `there is no option ${quoted}${meant(quoted.replace(/=.*/s, ''), optionNames(command))}.`;
    case 'commander.unknownCommand':
      return `there is no command ${quoted}${meant(quoted, commands)}.`;
    case 'commander.optionMissingArgument':
      return `the option ${/--[\w-]+/.exec(quoted)?.[0] ?? quoted} needs a value.`;
    case 'commander.missingArgument':
      return `${quoted} is missing.`;
    case 'commander.excessArguments':
      return 'there are too many arguments.';
    case 'commander.help':
      return `there is no command ${command.args[1] ?? ''}${meant(command.args[1] ?? '', commands)}.`;
    default:
      return `${error.message.replace(/^error: /, '').replace(/\.?$/, '.')}`;
  }
}

function optionNames(command: Command): string[] {
  return command.createHelp().visibleOptions(command).flatMap(({ long }) => (long === undefined ? [] : [long]));
}

function meant(typo: string, names: readonly string[]): string {
  const near = nearChoice(typo, names);
  return near === undefined ? '' : ` (${near}?)`;
}
