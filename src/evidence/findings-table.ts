import { groupBy } from './group-by';
import { compare } from './inventory';
import { cut, printable, wrap } from './plain-text';
import { countsBySeverity, sortedFindings } from './sorted-findings';
import { withoutSecrets } from './without-secrets';
import { Finding } from '../core/finding';
import { plural } from '../core/plural';
import { Severity, WORST_FIRST } from '../core/severity';

const NARROWEST = 60;
const LABEL = 10;
const LONGEST_PROSE = 600;

/**
 * What a person needs to act on findings: worst first, object by object, and a last line that counts them. Plain text, the same for the same
 * findings in any order.
 *
 * @param width columns; only paths and names that are longer than a line go beyond. Default: 100
 * @param most how many findings are shown, the worst ones; the last line counts all. Default: all
 */
export function findingsTable(findings: Finding[], width: number = 100, most: number = Infinity): string {
  if (findings.length === 0) {
    return 'No findings.';
  }
  const columns = Math.max(width, NARROWEST);
  const sorted = sortedFindings(withoutSecrets(findings));
  const shown = sorted.slice(0, most);
  const blocks = WORST_FIRST.flatMap((severity) => severityBlock(severity, shown.filter((each) => each.severity === severity), columns));
  return [...blocks, ...wrap(summary(sorted, shown.length), columns)].join('\n');
}

function summary(findings: Finding[], shown: number): string {
  const objects = new Set(findings.map(({ resource, constructPath }) => resource ?? constructPath ?? '')).size;
  const rest = shown < findings.length ? `; shown: the worst ${shown}` : '';
  return `${plural(findings.length, 'finding')} in ${plural(objects, 'object')}: ${countsBySeverity(findings)}${rest}`;
}

function severityBlock(severity: Severity, findings: Finding[], width: number): string[] {
  const objects = grouped(findings, ({ resource, constructPath, source }) => JSON.stringify([resource ?? '', constructPath ?? '', source?.file ?? '', source?.line ?? 0]));
  return objects.length === 0 ? [] : [severity.toUpperCase(), '', ...objects.flatMap((each) => objectBlock(each, width))];
}

function objectBlock(findings: Finding[], width: number): string[] {
  const [{ resource, constructPath, source }] = findings;
  const made = [constructPath && `made by ${constructPath}`, source && `at ${source.file}:${source.line}`].filter(Boolean).join(' ');
  const name = resource ?? (constructPath === undefined ? 'the whole cluster' : constructPath);
  const alike = grouped(findings, ({ control, message, expected, fix }) => JSON.stringify([control, message, expected ?? '', fix]));
  return [
    `  ${printable(name)}`,
    ...(made !== '' && made !== `made by ${name}` ? [`  ${printable(made)}`] : []),
    '',
    ...alike.flatMap((each) => findingBlock(each, width)),
  ];
}

/** One control's finding, with every place where it is the same. */
function findingBlock(findings: Finding[], width: number): string[] {
  const [{ control, message, expected, fix }] = findings;
  const labelled = (label: string, text: string) => indented(`      ${label.padEnd(LABEL)}`, text, width);
  const valueWidth = width - 6 - LABEL;
  return [
    ...indented('    ', `${control}: ${message}`, width),
    ...findings.flatMap(({ path, got, container }) => [
      ...(path === undefined ? [] : labelled('at', container === undefined ? path : `${path} (container "${container}")`)),
      ...(got === undefined ? [] : labelled('got', cut(printable(got), valueWidth))),
    ]),
    ...(expected === undefined ? [] : labelled('expected', expected)),
    ...labelled('fix', fix),
    '',
  ];
}

function indented(first: string, text: string, width: number): string[] {
  const lines = wrap(cut(printable(text), LONGEST_PROSE), width - first.length);
  return lines.map((line, i) => `${i === 0 ? first : ' '.repeat(first.length)}${line}`);
}

/** Groups in the order of their keys, each in the order of the input. */
function grouped(findings: Finding[], keyOf: (finding: Finding) => string): Finding[][] {
  return [...groupBy(findings, keyOf)].sort(([a], [b]) => compare(a, b)).map(([, group]) => group);
}
