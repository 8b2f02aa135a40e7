import { Change, countsOf, Section, SECTIONS, sectionOf } from './change';
import { Severity } from '../../core/severity';
import { printable, wrap } from '../../evidence/plain-text';
import { Painter, Style } from '../output/terminal';

/** What a comparison is of, as the command line named it. */
export interface Compared {
  readonly before: string;
  readonly after: string;
  readonly kubernetesVersion: string;
}

/** Lines of one change's details. */
const MOST_DETAILS = 15;

const STYLES: Readonly<Record<Section, Style>> = { weaker: 'red', recreated: 'yellow', changed: 'cyan', removed: 'yellow', new: 'blue', stronger: 'green' };

/** The comparison for a terminal or a log. */
export function renderedText(changes: readonly Change[], { before, after }: Compared, width: number, paint: Painter): string {
  const title = `${printable(before)} → ${printable(after)}: ${summary(changes)}`;
  const sections = SECTIONS.flatMap((section) => {
    const all = changes.filter((change) => sectionOf(change) === section);
    return all.length === 0 ? [] : ['', paint(`${section.toUpperCase()} (${all.length})`, 'bold', STYLES[section]), ...sectionLines(all, width, paint)];
  });
  return `${[...wrap(title, width), ...sections].join('\n')}\n`;
}

/** `1 weaker, 3 changed`; how many of what is new or removed are told as weaker or stronger, too. */
export function summary(changes: readonly Change[]): string {
  const counts = countsOf(changes);
  const told = SECTIONS.filter((section) => counts[section] > 0).map((section) => `${counts[section]} ${section}`);
  return told.length === 0 ? 'nothing changed' : told.join(', ');
}

function sectionLines(changes: readonly Change[], width: number, paint: Painter): string[] {
  let last = '';
  return changes.flatMap((change) => {
    const heading = change.subject === last ? [] : [paint(printable(change.subject), 'bold')];
    last = change.subject;
    return [...heading, ...changeLines(change, width, paint)];
  });
}

function changeLines(change: Change, width: number, paint: Painter): string[] {
  const severity = change.severity?.toUpperCase() ?? '';
  const rule = [change.rule, ...change.also ?? []].join(', ');
  const [first, ...rest] = wrap(printable(`${severity}${severity === '' ? '' : ' '}${rule}: ${change.message}`), width - 4);
  const isBad = change.verdict === 'weaker' && (change.severity === Severity.CRITICAL || change.severity === Severity.HIGH);
  const styled = severity !== '' && first.startsWith(severity) ? `${paint(severity, ...isBad ? ['red' as const] : ['yellow' as const])}${first.slice(severity.length)}` : first;
  return [`  ${styled}`, ...[...rest, ...placeLines(change, width - 4)].map((line) => `    ${line}`), ...detailLines(change, width)];
}

function placeLines(change: Change, width: number): string[] {
  const place = placeOf(change);
  const values = valuesOf(change);
  return place === '' && values === '' ? [] : wrap([place, values].filter((each) => each !== '').join(': '), width);
}

/** `container app, spec.containers[0].image` */
export function placeOf({ container, path }: Change): string {
  return [container === undefined ? '' : `container ${container}`, path ?? ''].filter((each) => each !== '').map(printable).join(', ');
}

/** `1 → 2`, or the one that is known: `was 1`, or what is there. */
export function valuesOf({ before, after }: Change): string {
  if (before !== undefined && after === undefined) {
    return `was ${printable(before)}`;
  }
  return [before, after].filter((each) => each !== undefined).map(printable).join(' → ');
}

function detailLines({ details = [] }: Change, width: number): string[] {
  const shown = details.slice(0, MOST_DETAILS).flatMap((detail) => wrap(printable(detail), width - 6).map((line, i) => `    ${i === 0 ? '' : '  '}${line}`));
  return details.length > MOST_DETAILS ? [...shown, `    … and ${details.length - MOST_DETAILS} more`] : shown;
}
