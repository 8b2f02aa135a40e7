import { statSync } from 'fs';
import { resolve } from 'path';
import type { Command } from 'commander';
import { ObjectChange } from '../../controls/results/checked-object';
import { invalid } from '../../core/errors';
import { plural } from '../../core/plural';
import { printable, wrap } from '../../evidence/plain-text';
import { choiceAmong, collected, DEFAULT_VERSION, kubernetesVersion, packNamed } from '../checking/packs';
import { CommandIo, ExitCode } from '../command';
import { DocumentProblem, LIMITS } from '../documents/document';
import { InputFile, inputFiles } from '../documents/manifest-files';
import { HOLDS_NONE } from '../documents/no-objects';
import { AliasBudget } from '../documents/node-values';
import { append } from '../harden/append';
import { changeFile } from '../harden/changed-file';
import { DocumentStream } from '../harden/document-stream';
import { GivenPlaces } from '../harden/given-places';
import { frozenLines, LeftAt, leftLines, needLines } from '../harden/harden-report';
import { DocumentHardening } from '../harden/hardened-document';
import { HardenedFile, hardenedContent, hardenedText, hardenFile } from '../harden/hardened-file';
import { shownLine } from '../harden/shown-line';
import { unifiedDiff } from '../harden/unified-diff';
import { notCoveredLines } from '../output/named';
import { Progress } from '../output/progress';
import { noteProblem, Painter, painterFor, widthOf } from '../output/terminal';

const STDIN = '<stdin>';
const FAILS = ['left', 'never'];

interface HardenOptions {
  readonly pack: readonly string[];
  readonly kubernetesVersion: string;
  readonly diff?: boolean;
  readonly write?: boolean;
  readonly failOn: string;
}

export function configure(command: Command): void {
  command
    .description(
      'Fix in manifests what a program can fix, and say what is left. Comments, order and everything else stay as they are. ' +
      'The result goes to standard output, unless you ask for --diff or --write.',
    )
    .usage('[options] FILES…')
    .argument('[FILES...]', 'files, folders (with all .yaml, .yml and .json below), - for standard input')
    .option('-d, --diff', 'show what would change, and change nothing')
    .option('-w, --write', 'change the files in place')
    .option('-p, --pack <names>', 'packs of controls: pss-restricted, recommended, pss-baseline, nsa, cis-workloads, all; repeat it, or put commas between (default: pss-restricted)', collected)
    .option('-k, --kubernetes-version <1.NN>', 'version of the cluster', DEFAULT_VERSION)
    .option('-f, --fail-on <what>', `exit with 1 if something is left (with --diff: if something would change), or never: ${FAILS.join(', ')}`, 'left')
    .addHelpText('after', `
Examples:
  cdk8s-hardened harden k8s/ --diff
  cdk8s-hardened harden k8s/ --write
  helm template shop | cdk8s-hardened harden - -f never | kubectl apply -f -

Exit codes: 0 nothing is left, 1 something is left to you, 2 unusable input or usage.
With --diff: 0 nothing would change, 1 something would, 2 unusable input or usage.
With --fail-on never: 0 in place of 1.`);
}

export function run(io: CommandIo, files: readonly string[], given: Readonly<Record<string, unknown>>): ExitCode {
  const options = { pack: ['pss-restricted'], ...given } as unknown as HardenOptions;
  const packs = options.pack.map(packNamed);
  const version = kubernetesVersion(options.kubernetesVersion);
  choiceAmong('--fail-on', options.failOn, FAILS);
  if (options.diff && options.write) {
    throw invalid({ property: '--diff', allowed: 'without --write', fix: 'Look with --diff first, then change the files with --write.' });
  }
  if (files.length === 0) {
    throw invalid({ property: 'FILES', allowed: 'files, folders, or - for standard input', fix: 'Say what to harden, for instance: cdk8s-hardened harden k8s/ --diff' });
  }
  if (options.write && files.includes('-')) {
    throw invalid({ property: '--write', got: '-', allowed: 'with files and folders', fix: 'Leave out --write: what standard input holds is hardened to standard output.' });
  }
  const hardened = new Run(io, new DocumentHardening(packs, version), options);
  hardened.files(files);
  return hardened.finish(files, packs.map(({ name }) => name));
}

/** Also where a link leads to one. */
function isRegular(place: string): boolean {
  return statSync(place, { throwIfNoEntry: false })?.isFile() ?? true;
}

class Run {
  private readonly progress: Progress;
  private readonly paint: Painter;
  private readonly paintNotes: Painter;
  private readonly budget: AliasBudget = { left: LIMITS.aliasedValuesTotal };
  private readonly changes: ObjectChange[] = [];
  private readonly left: LeftAt[] = [];
  private errors = 0;
  private documents = 0;
  private changedObjects = 0;
  private changedFiles = 0;
  private isMasked = false;
  private isEscaped = false;
  private skipped = 0;
  private readonly frozen: string[] = [];
  private readonly notCovered: string[] = [];
  private readonly stream = new DocumentStream();

  constructor(private readonly io: CommandIo, private readonly hardening: DocumentHardening, private readonly options: HardenOptions) {
    this.progress = new Progress(io.stderr, 'documents');
    this.paint = painterFor(io.stdout, io);
    this.paintNotes = painterFor(io.stderr, io);
  }

  public files(paths: readonly string[]): void {
    const { cwd, stdin } = this.io;
    const places = this.options.write || this.options.diff ? new GivenPlaces(cwd, paths.filter((path) => path !== '-')) : undefined;
    for (const found of inputFiles(paths, { cwd, ...(stdin && { stdin }) })) {
      if ('problem' in found) {
        this.say(found.problem);
        continue;
      }
      const outside = found.isFound ? places?.outside(found.path) : undefined;
      if (outside !== undefined) {
        this.skip(found.path, outside);
        continue;
      }
      if (this.options.write && !isRegular(resolve(cwd, found.path))) {
        // A pipe may never end.
        this.say({ level: 'error', file: found.path, message: 'not written: it is not a regular file' });
        continue;
      }
      const content = found.content();
      if (!Buffer.isBuffer(content)) {
        this.say({ level: 'error', file: found.path, message: content.message });
      } else {
        this.file(found, content);
      }
    }
    this.progress.clear();
    this.io.stdout.write(this.stream.end());
  }

  public finish(files: readonly string[], packs: readonly string[]): ExitCode {
    const { stderr } = this.io;
    if (this.documents === 0 && this.errors === 0 && this.skipped === 0) {
      throw invalid({ property: 'FILES', got: files.length === 1 ? files[0] : files, allowed: 'files that hold objects', fix: 'There was nothing to harden: correct the path.' });
    }
    append(this.left, this.hardening.leftTogether());
    const width = widthOf(stderr);
    const lines = [
      ...needLines(this.changes, !this.options.diff, width, this.paintNotes),
      ...frozenLines(this.frozen, width),
      ...leftLines(this.left, width, this.paintNotes),
      ...notCoveredLines(this.notCovered).flatMap((line) => wrap(line, width)),
      ...this.isMasked ? wrap('What may be secret is not shown, so that the diff can\'t be applied as a patch: use --write.', width) : [],
      ...this.isEscaped ? wrap('What can\'t be seen is shown as escapes, so that the diff can\'t be applied as a patch: use --write.', width) : [],
      ...wrap(this.summary(packs), width),
    ];
    stderr.write(lines.map((line) => `${line}\n`).join(''));
    if (this.errors > 0) {
      return ExitCode.UNUSABLE;
    }
    const found = this.options.diff ? this.changes.length : this.left.length;
    return found > 0 && this.options.failOn !== 'never' ? ExitCode.FOUND : ExitCode.OK;
  }

  private summary(packs: readonly string[]): string {
    if (this.documents === 0) {
      return 'Nothing was hardened.';
    }
    const changes = this.changes.length === 0
      ? 'Nothing to change'
      : `${plural(this.changes.length, 'change')} in ${plural(this.changedObjects, 'object')} of ${plural(this.changedFiles, 'file')}`;
    const left = this.left.length === 0 ? 'nothing is left' : `${plural(this.left.length, 'finding')} left`;
    const failed = this.errors === 0 ? '' : ` ${plural(this.errors, 'problem')}: see above.`;
    return `${changes}${this.options.diff && this.changes.length > 0 ? ' to make' : ''}; ${left}. Held to ${packs.join(', ')}.${failed}`;
  }

  private file({ path, isFound }: Pick<InputFile, 'path' | 'isFound'>, content: Buffer): void {
    const options = { step: () => this.progress.step(), neverShown: !this.options.diff, objectsOnly: isFound };
    const file = hardenFile(path, content, this.hardening, this.budget, options);
    file.problems.forEach((problem) => this.say(problem));
    if (file.isLeftOut) {
      return;
    }
    if (!isFound && file.documents + file.problems.length === 0) {
      this.say({ level: 'error', file: path, message: HOLDS_NONE });
      return;
    }
    this.documents += file.documents;
    if (!file.isWhole) {
      this.say({ level: 'warning', file: path, message: this.options.diff || this.options.write ? 'left as it is' : 'left out of the output' });
      return;
    }
    this.progress.clear();
    if (this.options.write ? this.write(path, file, content) : this.print(path, file)) {
      this.changedFiles += file.edits.length > 0 ? 1 : 0;
      this.changedObjects += new Set(file.changes.map(({ resource }) => resource)).size;
      append(this.changes, file.changes);
      append(this.frozen, file.frozen);
    }
    append(this.notCovered, file.notCovered);
    append(this.left, file.left.map(({ line, ...each }) => ({ ...each, origin: `${path}:${line}` })));
  }

  private skip(file: string, target: string): void {
    this.skipped++;
    const message = `left as it is: a link leads out of the given folder, to ${target}; give that path to change it, too`;
    this.say({ level: 'warning', file, message });
  }

  private write(path: string, file: HardenedFile, read: Buffer): boolean {
    if (file.edits.length === 0) {
      return true;
    }
    const problem = changeFile(resolve(this.io.cwd, path), hardenedContent(file), read);
    if (problem !== undefined) {
      this.say({ level: 'error', file: path, message: `not written: ${problem}` });
      return false;
    }
    this.io.stdout.write(`${printable(path)}: ${plural(file.changes.length, 'change')}\n`);
    return true;
  }

  private print(path: string, file: HardenedFile): true {
    if (!this.options.diff) {
      this.io.stdout.write(this.stream.add(hardenedText(file), file.isJson));
    } else if (file.edits.length > 0) {
      const { lines, isMasked } = unifiedDiff(file.text, file.edits, file.masks, file.ranges);
      const name = path === STDIN ? 'stdin' : printable(path);
      const shown = lines.map(shownLine);
      this.isMasked ||= isMasked;
      this.isEscaped ||= shown.some((line, i) => line !== lines[i]);
      const head = [`diff --git a/${name} b/${name}`, `--- a/${name}`, `+++ b/${name}`].map((line) => this.paint(line, 'bold'));
      this.io.stdout.write([...head, ...shown.map((line) => this.coloured(line))].map((line) => `${line}\n`).join(''));
    }
    return true;
  }

  private coloured(line: string): string {
    switch (line[0]) {
      case '-':
        return this.paint(line, 'red');
      case '+':
        return this.paint(line, 'green');
      case '@':
        return this.paint(line, 'cyan');
      default:
        return line;
    }
  }

  private say(problem: DocumentProblem): void {
    this.progress.clear();
    this.errors += problem.level === 'error' ? 1 : 0;
    noteProblem(this.io.stderr, problem);
  }
}

