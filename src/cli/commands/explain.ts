import type { Command } from 'commander';
import { catalogControls } from '../../controls/catalog';
import { controlNamed, knownPacks } from '../checking/packs';
import { CommandIo, ExitCode } from '../command';
import { controlList } from '../output/control-list';
import { explainedControl } from '../output/explained-control';
import { painterFor, widthOf } from '../output/terminal';

export function configure(command: Command): void {
  command
    .description('Say what controls ask, why, and what to do where they aren\'t met; without an id, list all of them.')
    .usage('[IDS…]')
    .argument('[IDS...]', 'ids of controls, as findings name them')
    .addHelpText('after', `
Examples:
  cdk8s-hardened explain
  cdk8s-hardened explain host-pid secret-in-env

Exit codes: 0, or 2 where there is no such control.`);
}

export function run({ stdout, env }: CommandIo, ids: readonly string[]): ExitCode {
  const width = widthOf(stdout);
  const paint = painterFor(stdout, { env });
  const packs = knownPacks();
  const lines = ids.length === 0
    ? controlList(catalogControls(), width, paint)
    : ids.map((id) => controlNamed(id, 'IDS')).flatMap((control, i) => [...(i === 0 ? [] : ['']), ...explainedControl(control, packs, width, paint)]);
  stdout.write(lines.map((line) => `${line}\n`).join(''));
  return ExitCode.OK;
}
