import { resolve } from 'path';
import type { Command } from 'commander';
import { writeBaselines } from '../../controls/results/baseline';
import { invalid } from '../../core/errors';
import { plural } from '../../core/plural';
import { WORST_FIRST } from '../../core/severity';
import { findingsJson } from '../../evidence/findings-json';
import { junit } from '../../evidence/junit';
import { printable, wrap } from '../../evidence/plain-text';
import { sarif } from '../../evidence/sarif';
import { updatesBaseline } from '../checking/baseline-files';
import { DocumentCheck } from '../checking/check-documents';
import { CheckedDocuments } from '../checking/checked-documents';
import { OwnFiles } from '../checking/own-files';
import { choiceAmong, collected, kubernetesVersion, packNamed } from '../checking/packs';
import { CheckSettings } from '../checking/settings';
import { CommandIo, ExitCode } from '../command';
import { problemText } from '../documents/document';
import { readDocuments } from '../documents/read-documents';
import { checkResults } from '../output/check-results';
import { checkTable, countedFindings } from '../output/check-table';
import { ManifestLines } from '../output/manifest-lines';
import { writeOutputFile } from '../output/output-file';
import { Progress } from '../output/progress';
import { note, painterFor, widthOf } from '../output/terminal';

const FORMATS = ['table', 'json', 'sarif', 'junit'] as const;
/** Worst findings that the table shows. */
const MOST_SHOWN = 100;
const MOST_NAMED = 3;
/** Findings that a format for programs holds: beyond it, memory and the longest text that JavaScript has come near. */
const MOST_WRITTEN = 100_000;

interface CheckOptions {
  readonly pack: readonly string[];
  readonly kubernetesVersion: string;
  readonly failOn: string;
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
    .option('-p, --pack <names>', 'packs of controls: recommended, pss-restricted, pss-baseline, nsa, cis-workloads; repeat it, or put commas between (default: recommended)', collected)
    .option('-k, --kubernetes-version <1.NN>', 'version of the cluster', '1.35')
    .option('-f, --fail-on <severity>', `exit with 1 for findings of it and above: ${[...WORST_FIRST].reverse().join(', ')}`, 'info')
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
  cdk8s-hardened check k8s/ --baseline accepted.json --update-baseline
  cdk8s-hardened check k8s/ --output sarif --output-file findings.sarif

Exit codes: 0 nothing found, 1 findings, 2 unusable input or usage.`);
}

export function run(io: CommandIo, files: readonly string[], given: Readonly<Record<string, unknown>>): ExitCode {
  const options = { pack: ['recommended'], ...given } as unknown as CheckOptions;
  const settings = settingsFrom(options, io);
  if (files.length === 0) {
    throw invalid({ property: 'FILES', allowed: 'files, folders, or - for standard input', fix: 'Say what to check, for instance: cdk8s-hardened check k8s/' });
  }
  const own = new OwnFiles(options, io.cwd);
  const check = new DocumentCheck(settings);
  const unread = readAll(files, check, own, io);
  const checked = check.finish();
  if (checked.objects === 0 && unread === 0) {
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
  io.stdout.write(`${options.outputFile === undefined ? text : ''}${isSummed ? summaryText(summaryLines({ ...checked, baselineUpdates: written }, settings), io) : ''}`);
  if (!isSummed) {
    notCoveredLines(checked).forEach((line) => note(io.stderr, line));
  }
  repeatedLines(checked).forEach((line) => note(io.stderr, `warning: ${line}`));
  checked.failures.forEach((failure) => note(io.stderr, `cdk8s-hardened check: ${failure}`));
  if (unread > 0 && settings.updatesBaseline) {
    note(io.stderr, 'cdk8s-hardened check: the baseline was not written, because something could not be read.');
  }
  const fails = checked.failures.length > 0 || checked.tally.count('enforced') > 0;
  return unread > 0 ? ExitCode.UNUSABLE : fails ? ExitCode.FOUND : ExitCode.OK;
}

/** @throws if an option can't be used: before anything is read */
function settingsFrom(options: CheckOptions, { cwd, env }: CommandIo): CheckSettings {
  const { baseline, waivers, updateBaseline = false, output, pack, all = false } = options;
  choiceAmong('--output', output, FORMATS);
  const severities = [...WORST_FIRST].reverse();
  if (updateBaseline && baseline === undefined) {
    throw invalid({ property: '--update-baseline', allowed: 'together with --baseline', fix: 'Name the file: --baseline accepted.json --update-baseline' });
  }
  return {
    packs: pack.map(packNamed),
    version: kubernetesVersion(options.kubernetesVersion),
    failOn: severities[choiceAmong('--fail-on', options.failOn, severities)],
    updatesBaseline: updateBaseline || updatesBaseline(env),
    fingerprints: output === 'json' || output === 'sarif',
    most: output !== 'table' || all ? Infinity : MOST_SHOWN,
    ...(baseline !== undefined && { baseline: resolve(cwd, baseline) }),
    ...(waivers !== undefined && { waivers: resolve(cwd, waivers) }),
  };
}

/** @returns how much could not be read */
function readAll(files: readonly string[], check: DocumentCheck, own: OwnFiles, { cwd, stdin, stderr }: CommandIo): number {
  const progress = new Progress(stderr, 'documents');
  let unread = 0;
  const leavesOut = (place: string, isFound: boolean) => own.leavesOut(place, isFound);
  for (const reading of readDocuments(files, { cwd, objectsOnly: true, leavesOut, ...(stdin && { stdin }) })) {
    if ('document' in reading) {
      check.add(reading.document);
      progress.step();
    } else {
      progress.clear();
      unread += reading.problem.level === 'error' ? 1 : 0;
      note(stderr, `${reading.problem.level === 'error' ? '' : 'warning: '}${problemText(reading.problem)}`);
    }
  }
  progress.clear();
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
  if (checked.found.length > MOST_WRITTEN) {
    throw invalid({
      property: '--output', got: output, allowed: `table: there are ${checked.found.length} findings, and this format takes at most ${MOST_WRITTEN}`,
      fix: 'Check fewer files at a time.',
    });
  }
  const results = checkResults(checked, lines);
  return output === 'sarif' ? sarif(results, 'check', 'stdin') : output === 'junit' ? junit(results) : findingsJson(results, 'check');
}

/** What a person wants to know of the whole run. */
function summaryLines(checked: CheckedDocuments, { packs, version, failOn }: CheckSettings): string[] {
  const { tally } = checked;
  const accepted = [
    ...(tally.count('baselined') > 0 ? [`${plural(tally.count('baselined'), 'finding')} in the baseline`] : []),
    ...(tally.count('waived') > 0 ? [`${plural(tally.count('waived'), 'finding')} waived`] : []),
  ];
  const below = tally.count('warned');
  return [
    `${countedFindings(tally)}. ${plural(checked.objects, 'object')} held to ${plural(checked.controls.length, 'control')} of ${packs.map(({ name }) => name).join(', ')} for Kubernetes ${version}.`,
    ...(below > 0 ? [`${plural(below, 'finding')} below ${failOn} ${below === 1 ? 'is' : 'are'} reported only.`] : []),
    ...(accepted.length > 0 ? [`Accepted: ${accepted.join(', ')}.`] : []),
    ...checked.waivers.filter(({ state }) => state === 'expiring').map(({ waiver }) => `The waiver of ${waiver.control} for ${waiver.resource} ends on ${waiver.expires}.`),
    ...notCoveredLines(checked),
    ...checked.baselineUpdates.map(({ path, findings }) => `${path}: written with ${plural(findings, 'finding')}.`),
  ];
}

function notCoveredLines({ notCovered }: CheckedDocuments): string[] {
  const named = [...new Set(notCovered.map(({ resource }) => resource))].sort();
  return named.length === 0 ? [] : [`Pods of ${plural(notCovered.length, 'object')} can't be judged before they exist: ${listed(named)}.`];
}

function repeatedLines({ repeated }: CheckedDocuments): string[] {
  const more = repeated.length - MOST_NAMED;
  return [
    ...repeated.slice(0, MOST_NAMED).map(({ resource, first, again }) => (
      `${resource} is in ${first.file}:${first.line} and again in ${again.file}:${again.line}: the one that is applied last wins`
    )),
    ...(more > 0 ? [`… and ${plural(more, 'more object')} are there twice`] : []),
  ];
}

function listed(names: readonly string[]): string {
  const more = names.length - MOST_NAMED;
  return `${names.slice(0, MOST_NAMED).join(', ')}${more > 0 ? ` and ${more} more` : ''}`;
}
