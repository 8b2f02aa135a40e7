import type { Command } from 'commander';
import { ActsAt, Control } from '../../controls/control';
import { choiceAmong, collected, DEFAULT_VERSION, kubernetesVersion, packNamed } from '../checking/packs';
import { CommandIo, ExitCode } from '../command';
import { Change } from '../diff/change';
import { compareOutputs } from '../diff/compare-outputs';
import { ComparedOutput, readOutput } from '../diff/output-folder';
import { renderedJson } from '../diff/rendered-json';
import { renderedMarkdown } from '../diff/rendered-markdown';
import { Compared, renderedText } from '../diff/rendered-text';
import { Progress } from '../output/progress';
import { note, noteProblem, painterFor, widthOf } from '../output/terminal';

const OUTPUTS = ['text', 'json', 'markdown'];
const FAILS = ['weaker', 'changed', 'never'];

interface DiffOptions {
  readonly output: string;
  readonly failOn: string;
  readonly kubernetesVersion: string;
  readonly pack?: readonly string[];
}

/** Says what the command takes. */
export function configure(command: Command): void {
  command
    .argument('<old>', 'what there was: the folder of an app\'s outputs, a folder of manifests, or one file')
    .argument('<new>', 'what there is now')
    .description('Compares two outputs and says what became weaker, stronger, new, removed, or has to be recreated. Never shows a secret\'s value.')
    .option('-o, --output <format>', `${OUTPUTS.join(', ')}; markdown is for a comment on a pull request`, 'text')
    .option('-p, --pack <names>', 'packs of controls to judge by: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all; repeat it, or put commas between (default: recommended)', collected)
    .option('-k, --kubernetes-version <1.NN>', 'version of the cluster', DEFAULT_VERSION)
    .option('-f, --fail-on <what>', `exit with 1 if something is weaker, if anything changed, or never: ${FAILS.join(', ')}`, 'weaker')
    .addHelpText('after', `
Examples:
  cdk8s-hardened diff before/ after/
  cdk8s-hardened diff base/dist head/dist --output markdown > comment.md
  cdk8s-hardened diff old.yaml new.yaml --fail-on changed

Exit codes: 0 nothing weaker, 1 something is, 2 unusable input or usage.`);
}

/** Runs the command. */
export function run(io: CommandIo, [before, after]: readonly string[], options: Readonly<Record<string, unknown>>): ExitCode {
  const { output, failOn, kubernetesVersion: stated, pack } = options as unknown as DiffOptions;
  choiceAmong('--output', output, OUTPUTS);
  choiceAmong('--fail-on', failOn, FAILS);
  const version = kubernetesVersion(stated);
  const controls = controlsOf(pack);
  const [old, next] = withProgress(io, 'documents', (step) => [readOutput(before, io.cwd, 'OLD', step), readOutput(after, io.cwd, 'NEW', step)]);
  const isUnusable = tellProblems(io, [[before, old], [after, next]]);
  const changes = withProgress(io, 'objects compared', (step) => compareOutputs(old, next, { controls, version }, step));
  io.stdout.write(rendered(output, changes, { before, after, kubernetesVersion: version.toString() }, io));
  return isUnusable ? ExitCode.UNUSABLE : fails(changes, failOn) ? ExitCode.FOUND : ExitCode.OK;
}

function withProgress<T>({ stderr }: CommandIo, noun: string, work: (step: () => void) => T): T {
  const progress = new Progress(stderr, noun);
  try {
    return work(() => progress.step());
  } finally {
    progress.clear();
  }
}

function rendered(output: string, changes: readonly Change[], compared: Compared, io: CommandIo): string {
  switch (output) {
    case 'json': return renderedJson(changes, compared);
    case 'markdown': return renderedMarkdown(changes, compared);
    default: return renderedText(changes, compared, widthOf(io.stdout), painterFor(io.stdout, io));
  }
}

function fails(changes: readonly Change[], failOn: string): boolean {
  return failOn === 'changed' ? changes.length > 0 : failOn === 'weaker' && changes.some(({ verdict }) => verdict === 'weaker');
}

/** @returns whether something could not be compared */
function tellProblems({ stderr }: CommandIo, sides: readonly (readonly [string, ComparedOutput])[]): boolean {
  for (const [path, { problems, documents, nodes, stacks }] of sides) {
    problems.forEach((problem) => noteProblem(stderr, problem));
    if (problems.length === 0 && documents.length === 0 && nodes.length === 0 && stacks.size === 0) {
      note(stderr, `warning: ${path} holds no manifests, no node files and no Terraform`);
    }
  }
  return sides.some(([, { problems }]) => problems.some(({ level }) => level === 'error'));
}

/** What both sides are held to: each control once, none that acts in the API server only. */
function controlsOf(packs: readonly string[] = ['recommended']): Control[] {
  const all = packs.flatMap((name) => packNamed(name).controls);
  return [...new Map(all.map((control) => [control.id, control])).values()].filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION);
}
