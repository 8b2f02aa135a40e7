import { resolve } from 'path';
import type { Command } from 'commander';
import { ControlPack } from '../../controls/pack';
import { writeBaselines } from '../../controls/results/baseline';
import { invalid } from '../../core/errors';
import { WORST_FIRST } from '../../core/severity';
import { findingsJson } from '../../evidence/findings-json';
import { junit } from '../../evidence/junit';
import { printable, wrap } from '../../evidence/plain-text';
import { sarif } from '../../evidence/sarif';
import { updatesBaseline } from '../checking/baseline-files';
import { DocumentCheck } from '../checking/check-documents';
import { CheckedDocuments } from '../checking/checked-documents';
import { OwnFiles } from '../checking/own-files';
import { choiceAmong, collected, collecting, controlNamed, DEFAULT_VERSION, kubernetesVersion, packNamed } from '../checking/packs';
import { CHOSEN, CheckSettings } from '../checking/settings';
import { CommandIo, ExitCode } from '../command';
import { readDocuments } from '../documents/read-documents';
import { checkResults } from '../output/check-results';
import { failureLines, leftOutLines, repeatedLines, summaryLines } from '../output/check-summary';
import { checkTable } from '../output/check-table';
import { ManifestLines } from '../output/manifest-lines';
import { notCoveredLines } from '../output/named';
import { writeOutputFile } from '../output/output-file';
import { Progress } from '../output/progress';
import { note, noteProblem, painterFor, widthOf } from '../output/terminal';

const FORMATS = ['table', 'json', 'sarif', 'junit'] as const;
/** Worst findings that the table shows. */
const MOST_SHOWN = 100;
/** Findings that one output holds: beyond it, memory and the longest text that JavaScript has come near. */
const MOST_WRITTEN = 100_000;

interface CheckOptions {
  readonly pack?: readonly string[];
  readonly control?: readonly string[];
  readonly severity: string;
  readonly excludeNamespaces?: readonly string[];
  readonly kubernetesVersion: string;
  readonly failOn?: string;
  readonly output: string;
  readonly outputFile?: string;
  readonly baseline?: string;
  readonly updateBaseline?: boolean;
  readonly waivers?: string;
  readonly all?: boolean;
}

export function configure(command: Command): void {
  command
    .description('Say where manifests are weaker than the controls ask, worst first. Nothing is changed.')
    .usage('[options] FILES…')
    .argument('[FILES...]', 'files, folders (with all .yaml, .yml and .json below), - for standard input')
    .option('-p, --pack <names>', 'packs of controls: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all; repeat it, or put commas between (default: recommended)', collected)
    .option('-c, --control <ids>', 'these controls alone, in place of packs; repeat it, or put commas between', collecting('--control'))
    .option('-k, --kubernetes-version <1.NN>', 'version of the cluster', DEFAULT_VERSION)
    .option('-s, --severity <severity>', 'leave out what is less than that: it is counted, and fails nothing', 'info')
    .option('-f, --fail-on <severity>', `exit with 1 for findings of it and above: ${[...WORST_FIRST].reverse().join(', ')} (default: all that is shown)`)
    .option('-x, --exclude-namespaces <names>', 'leave out these and what is in them; repeat it, or put commas between', collecting('--exclude-namespaces'))
    .option('-b, --baseline <file>', 'accept the findings that this file lists')
    .option('--update-baseline', 'write that file anew, with what is found now')
    .option('-w, --waivers <file>', 'accept what this reviewed file waives')
    .option('-o, --output <format>', `${FORMATS.join(', ')}`, 'table')
    .option('--output-file <file>', 'write it there, and a summary to standard output')
    .option('--all', `show every finding in the table, not the ${MOST_SHOWN} worst`)
    .addHelpText('after', `
Examples:
  cdk8s-hardened check k8s/
  helm template shop | cdk8s-hardened check - --fail-on high
  kustomize build prod | cdk8s-hardened check - --pack pss-restricted
  cdk8s-hardened check k8s/ --severity critical
  cdk8s-hardened check k8s/ --control privileged,secret-in-env
  cdk8s-hardened check k8s/ --baseline accepted.json --update-baseline
  cdk8s-hardened check k8s/ --output sarif --output-file findings.sarif

Exit codes: 0 nothing found, 1 findings, 2 unusable input or usage.`);
}

export function run(io: CommandIo, files: readonly string[], given: Readonly<Record<string, unknown>>): ExitCode {
  const options = given as unknown as CheckOptions;
  const settings = settingsFrom(options, io);
  if (files.length === 0) {
    throw invalid({ property: 'FILES', allowed: 'files, folders, or - for standard input', fix: 'Say what to check, for instance: cdk8s-hardened check k8s/' });
  }
  const own = new OwnFiles(options, io.cwd);
  const check = new DocumentCheck(settings);
  const unread = readAll(files, check, own, io);
  const checked = check.finish();
  if (checked.objects + unread === 0 && checked.excluded > 0) {
    throw invalid({
      property: '--exclude-namespaces', got: options.excludeNamespaces, allowed: 'namespaces besides which there are objects', fix: 'There was nothing left to check: correct them, or the path.',
    });
  }
  if (checked.objects + unread === 0) {
    throw invalid({ property: 'FILES', got: files.length === 1 ? files[0] : files, allowed: 'files that hold objects', fix: 'There was nothing to check: correct the path.' });
  }
  // What is said of standard input can't be found again there.
  const lines = new ManifestLines(io.cwd);
  const text = reportText(checked, lines, options, io);
  if (options.outputFile !== undefined) {
    writeOutputFile(options.outputFile, text, io);
  }
  // Nothing is claimed that may fail yet.
  if (unread === 0) {
    writeBaselines(checked.baselineUpdates);
  }
  const isSummed = options.output === 'table' || options.outputFile !== undefined;
  const written = unread === 0 ? checked.baselineUpdates : [];
  const summary = isSummed ? summaryText(summaryLines({ ...checked, baselineUpdates: written }, settings), io) : '';
  io.stdout.write(`${options.outputFile === undefined ? text : ''}${summary}`);
  if (!isSummed) {
    const uncovered = notCoveredLines(checked.notCovered.map(({ resource }) => resource));
    [...leftOutLines(checked, settings), ...uncovered].forEach((line) => note(io.stderr, line));
  }
  repeatedLines(checked).forEach((line) => note(io.stderr, `warning: ${line}`));
  const failures = [...checked.waiverFailures, ...checked.failures];
  failureLines(failures).forEach((line) => note(io.stderr, `cdk8s-hardened check: ${line}`));
  if (unread > 0 && settings.updatesBaseline) {
    note(io.stderr, 'cdk8s-hardened check: the baseline was not written, because something could not be read.');
  }
  const fails = failures.length > 0 || checked.tally.count('enforced') > 0;
  return unread > 0 ? ExitCode.UNUSABLE : fails ? ExitCode.FOUND : ExitCode.OK;
}

/** @throws if an option can't be used: before anything is read */
function settingsFrom(options: CheckOptions, { cwd, env }: CommandIo): CheckSettings {
  const { baseline, waivers, updateBaseline = false, output, all = false } = options;
  choiceAmong('--output', output, FORMATS);
  const severities = [...WORST_FIRST].reverse();
  const least = choiceAmong('--severity', options.severity, severities);
  const failing = options.failOn === undefined ? least : choiceAmong('--fail-on', options.failOn, severities);
  if (failing < least) {
    throw invalid({
      property: '--fail-on', got: options.failOn, allowed: severities.slice(least).join(', '), fix: `--severity ${options.severity} leaves out what is less: leave one of the two out.`,
    });
  }
  if (updateBaseline && baseline === undefined) {
    throw invalid({ property: '--update-baseline', allowed: 'together with --baseline', fix: 'Name the file: --baseline accepted.json --update-baseline' });
  }
  return {
    packs: packsFrom(options),
    version: kubernetesVersion(options.kubernetesVersion),
    failOn: severities[failing],
    least: severities[least],
    excludedNamespaces: options.excludeNamespaces ?? [],
    updatesBaseline: updateBaseline || updatesBaseline(env),
    fingerprints: output === 'json' || output === 'sarif',
    ...(output !== 'table' || all ? { limit: { findings: MOST_WRITTEN, error: () => tooMany(output) } } : { most: MOST_SHOWN }),
    ...(baseline !== undefined && { baseline: resolve(cwd, baseline) }),
    ...(waivers !== undefined && { waivers: resolve(cwd, waivers) }),
  };
}

function packsFrom({ pack, control }: CheckOptions): ControlPack[] {
  if (control === undefined) {
    return (pack ?? ['recommended']).map(packNamed);
  }
  if (pack !== undefined) {
    throw invalid({ property: '--control', got: control, allowed: 'without --pack', fix: 'Leave one of the two out.' });
  }
  return [ControlPack.of(CHOSEN, ...[...new Set(control)].map((id) => controlNamed(id, '--control')))];
}

function tooMany(output: string): Error {
  const used = output === 'table' ? { property: '--all' } : { property: '--output', got: output };
  const instead = output === 'table' ? 'a table of the worst' : 'table';
  return invalid({ ...used, allowed: `${instead}: there are more than ${MOST_WRITTEN} findings`, fix: 'Check fewer files at a time.' });
}

/** @returns how much could not be read */
function readAll(files: readonly string[], check: DocumentCheck, own: OwnFiles, { cwd, stdin, stderr }: CommandIo): number {
  const progress = new Progress(stderr, 'documents');
  let unread = 0;
  const leavesOut = (place: string, isFound: boolean) => own.leavesOut(place, isFound);
  try {
    for (const reading of readDocuments(files, { cwd, objectsOnly: true, leavesOut, ...(stdin && { stdin }) })) {
      if ('document' in reading) {
        check.add(reading.document);
        progress.step();
      } else {
        progress.clear();
        unread += reading.problem.level === 'error' ? 1 : 0;
        noteProblem(stderr, reading.problem);
      }
    }
  } finally {
    progress.clear();
  }
  return unread;
}

/** The findings, without the summary. */
function reportText(checked: CheckedDocuments, lines: ManifestLines, { outputFile, output, all = false }: CheckOptions, io: CommandIo): string {
  return output === 'table'
    ? tableLines(checked, lines, all, outputFile === undefined ? io : undefined).map((line) => `${line}\n`).join('')
    : machineText(checked, lines, output);
}

function summaryText(lines: readonly string[], { stdout }: CommandIo): string {
  return lines.flatMap((line) => wrap(printable(line), widthOf(stdout))).map((line) => `${line}\n`).join('');
}

function tableLines(checked: CheckedDocuments, lines: ManifestLines, all: boolean, io: CommandIo | undefined): string[] {
  const paint = io ? painterFor(io.stdout, io) : (text: string) => text;
  return checkTable(checked, lines, { width: io ? widthOf(io.stdout) : 100, most: all ? Infinity : MOST_SHOWN, paint });
}

function machineText(checked: CheckedDocuments, lines: ManifestLines, output: string): string {
  const results = checkResults(checked, lines);
  return output === 'sarif' ? sarif(results, 'check', 'stdin') : output === 'junit' ? junit(results) : findingsJson(results);
}
