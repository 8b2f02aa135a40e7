import { ObjectChange } from '../../controls/results/checked-object';
import { plural } from '../../core/plural';
import { printable, wrap } from '../../evidence/plain-text';
import { withoutSecrets } from '../../evidence/without-secrets';
import { named } from '../output/named';
import { Painter } from '../output/terminal';

/** What is left, with where: `k8s/web.yaml:12`. */
export interface LeftAt {
  readonly origin: string;
  readonly resource: string;
  readonly control: string;
  readonly path: string;
  readonly reason: string;
}

/** Findings that are listed one by one. */
const MOST_LISTED = 100;

/** What may not work any more, by what to check, with the objects it is about. */
export function needLines(changes: readonly ObjectChange[], width: number, paint: Painter): string[] {
  const needs = new Map<string, { control: string; mayNeed: string; resources: Set<string> }>();
  for (const { control, mayNeed, resource } of changes) {
    if (mayNeed !== undefined) {
      const key = `${control} ${mayNeed}`;
      const need = needs.get(key) ?? { control, mayNeed, resources: new Set() };
      needs.set(key, need);
      need.resources.add(resource);
    }
  }
  return needs.size === 0 ? [] : [
    paint('Changed, though programs may need it:', 'bold'),
    ...[...needs.values()].flatMap(({ control, mayNeed, resources }) => [
      ...indented(`${control}: ${mayNeed}.`, 2, width), ...indented(named([...resources]), 6, width).map((line) => paint(line, 'dim')),
    ]),
  ];
}

/** What a person has to see to, object by object. */
export function leftLines(left: readonly LeftAt[], width: number, paint: Painter): string[] {
  if (left.length === 0) {
    return [];
  }
  const lines = [paint('Left to you:', 'bold')];
  let [object, why] = ['', ''];
  for (const { origin, resource, control, path, reason } of withoutSecrets(left.slice(0, MOST_LISTED) as LeftAt[])) {
    const next = printable(`${origin} ${resource}`);
    if (next !== object) {
      lines.push(`  ${next}`);
      [object, why] = [next, ''];
    }
    if (reason !== why) {
      lines.push(...indented(printable(reason), 4, width));
      why = reason;
    }
    lines.push(paint(`      ${printable(`${control}${path === '' ? '' : ` at ${path}`}`)}`, 'dim'));
  }
  const more = left.length - MOST_LISTED;
  return more > 0 ? [...lines, `  … and ${plural(more, 'finding')} more: cdk8s-hardened check shows all of them.`] : lines;
}

function indented(text: string, column: number, width: number): string[] {
  const indent = ' '.repeat(column);
  return wrap(text, Math.max(width - column, 40)).map((line) => indent + line);
}
