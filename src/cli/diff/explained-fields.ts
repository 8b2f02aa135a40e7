import { ToldChange } from './control-changes';
import { FieldChange } from './field-changes';

/** What containers take over from their pod. */
const OF_CONTAINER = /^(.*)\.(?:containers|initContainers|ephemeralContainers)\[[^\]]*\]\.securityContext\.(.+)$/;
const OF_POD = /^[^[]*\bsecurityContext\./;
/** What holds much that a finding about it as a whole says nothing of. */
const WHOLE = /^$|\]$|(?:^|\.)(?:spec|template|metadata|jobTemplate|securityContext)$/;

/** Changes with the fields that explain them, and the fields that nothing tells of. */
export interface Explained {
  readonly told: ToldChange[];
  readonly others: FieldChange[];
}

/**
 * Takes out the fields that a change of a control or a rule tells of already: at its place or below it. Where a control is met by what its
 * pod states, and no longer if it doesn't, that goes to the change itself.
 */
export function explainedFields(told: readonly ToldChange[], fields: readonly FieldChange[]): Explained {
  const directed = told.filter(({ change }) => change.verdict !== 'neutral');
  const places = new Set(told.map(({ pattern }) => placeOf(pattern)));
  const roots = new Set(directed.map(({ pattern }) => placeOf(pattern)).filter((each) => !WHOLE.test(each)));
  const ofPods = fields.filter(({ path }) => OF_POD.test(path));
  const inherited = new Map<ToldChange, FieldChange[]>();
  for (const each of directed) {
    const [, pod, field] = OF_CONTAINER.exec(each.pattern) ?? [];
    const place = `${pod}.securityContext.${field}`;
    const found = pod === undefined || isStated(each) ? [] : ofPods.filter(({ path }) => isWithin(path, place));
    if (found.length > 0) {
      inherited.set(each, found);
    }
  }
  const taken = new Set([...inherited.values()].flat());
  return {
    told: told.map((each) => {
      const found = inherited.get(each);
      return found ? { ...each, change: { ...each.change, details: found.map(({ text }) => text) } } : each;
    }),
    others: fields.filter((field) => !taken.has(field) && !places.has(field.path) && !isWithinAny(field.path, roots)),
  };
}

/** Whether something changed at the place itself. */
function isStated({ change }: ToldChange): boolean {
  return change.before !== undefined && change.after !== undefined;
}

/** `spec.limits[].max (Container).memory` is at `spec.limits[].max.memory`. */
function placeOf(pattern: string): string {
  return pattern.replace(/ \(\w+\)/, '');
}

function isWithin(path: string, root: string): boolean {
  return path === root || path.startsWith(`${root}.`) || path.startsWith(`${root}[`);
}

function isWithinAny(path: string, roots: ReadonlySet<string>): boolean {
  return roots.has(path) || [...path.matchAll(/[.[]/g)].some(({ index }) => roots.has(path.slice(0, index)));
}
