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
/** Objects that are named beside what they may need: whoever rolls them out goes by that list. */
const MOST_IN_NEED = 30;

/**
 * What may not work any more, by what to check, with the objects it is about.
 * @param isDone whether it was changed, or would be
 */
export function needLines(changes: readonly ObjectChange[], isDone: boolean, width: number, paint: Painter): string[] {
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
    paint(`${isDone ? 'Changed' : 'Would change'}, though programs may need it:`, 'bold'),
    ...[...needs.values()].flatMap(({ control, mayNeed, resources }) => [
      ...indented(`${control}: ${mayNeed}.`, 2, width), ...indented(named([...resources], MOST_IN_NEED), 6, width).map((line) => paint(line, 'dim')),
    ]),
  ];
}

/** Which objects that are in a cluster can't become what was made of them. */
export function frozenLines(resources: readonly string[], width: number): string[] {
  const names = [...new Set(resources)];
  const those = names.length === 1 ? 'it' : 'them';
  return names.length === 0 ? [] : wrap(`${named(names, 1)} can't be changed in place: where the cluster has ${those}, delete ${those} before you apply.`, width);
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
