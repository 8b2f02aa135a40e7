import { ManifestLines } from './manifest-lines';
import { Painter, SEVERITY_STYLES } from './terminal';
import { plural } from '../../core/plural';
import { WORST_FIRST } from '../../core/severity';
import { ReportedFinding } from '../../evidence/check-results';
import { findingsTable } from '../../evidence/findings-table';
import { wrap } from '../../evidence/plain-text';
import { withoutSecrets } from '../../evidence/without-secrets';
import { CheckedDocuments, DocumentFinding, FindingTally } from '../checking/checked-documents';

export interface TableOptions {
  readonly width: number;
  /** How many findings are shown, the worst ones. */
  readonly most: number;
  readonly paint: Painter;
}

/** Findings for people: worst first, by object, each with its file and lines. Only what is shown is put into words. */
export function checkTable({ found, tally }: CheckedDocuments, lines: ManifestLines, { width, most, paint }: TableOptions): string[] {
  if (tally.open === 0) {
    return [];
  }
  const shown = found.filter(({ status }) => status === 'enforced' || status === 'warned').slice(0, most);
  const text = findingsTable(shown.map((each) => located(each, lines)), width);
  // Its last lines count what it shows: the summary counts all.
  const table = text.slice(0, text.lastIndexOf('\n\n') + 1).split('\n').map((line) => painted(line, paint));
  return [...table, ...(shown.length < tally.open ? [...byControl(tally, shown.length, width, paint), ''] : [])];
}

function located(each: DocumentFinding, lines: ManifestLines): ReportedFinding {
  // The guard against secrets looks at names in paths: it comes before lines are added to them.
  const finding = withoutSecrets(each.finding());
  const { document } = each;
  const line = lines.lineOf(document, each.place());
  return {
    ...finding,
    ...(finding.path !== undefined && line > document.line && { path: `${finding.path}, line ${line}` }),
    source: { file: document.file, line: document.line },
  };
}

/** How often each control found something, where there is too much to show it all. */
function byControl(tally: FindingTally, shown: number, width: number, paint: Painter): string[] {
  const rows = WORST_FIRST.flatMap((severity) => (
    tally.controls.filter((each) => each.severity === severity).sort((a, b) => (a.control < b.control ? -1 : 1))
  ));
  const longest = Math.max(...rows.map(({ count }) => String(count).length));
  return [
    ...wrap(`The ${shown} worst of ${tally.open} findings are above; --all shows the rest. All by control:`, width),
    '',
    ...rows.map(({ control, severity, count }) => (
      `  ${String(count).padStart(longest)}  ${paint(severity.toUpperCase().padEnd(8), ...SEVERITY_STYLES[severity])}  ${control}`
    )),
  ];
}

function painted(line: string, paint: Painter): string {
  const severity = WORST_FIRST.find((each) => each.toUpperCase() === line);
  if (severity !== undefined) {
    return paint(line, ...SEVERITY_STYLES[severity]);
  }
  const control = /^ {4}([a-z0-9-]+):(?= )/.exec(line);
  if (control) {
    return `    ${paint(control[1], 'bold')}${line.slice(4 + control[1].length)}`;
  }
  const label = /^ {6}(at|got|expected|fix) +/.exec(line);
  if (label) {
    return `${paint(label[0], 'dim')}${line.slice(label[0].length)}`;
  }
  return /^ {2}\S/.test(line) && !line.startsWith('  at ') ? `  ${paint(line.slice(2), 'cyan')}` : line;
}

/** For instance `12 findings in 3 objects: 2 critical, 10 low`. */
export function countedFindings(found: FindingTally): string {
  if (found.open === 0) {
    return 'No findings';
  }
  const counts = WORST_FIRST.flatMap((severity) => {
    const count = found.controls.filter((each) => each.severity === severity).reduce((sum, each) => sum + each.count, 0);
    return count === 0 ? [] : [`${count} ${severity}`];
  });
  return `${plural(found.open, 'finding')} in ${plural(found.objects, 'object')}: ${counts.join(', ')}`;
}
