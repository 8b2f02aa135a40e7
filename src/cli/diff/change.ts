import { Severity, WORST_FIRST } from '../../core/severity';

/** What a change means for security. */
export type Verdict = 'weaker' | 'stronger' | 'neutral';

/** What happened to the thing that changed. `recreated`: applying it is refused until the object is deleted and made anew. */
export type Kind = 'new' | 'removed' | 'recreated' | 'changed';

/** One difference between two outputs. */
export interface Change {
  readonly verdict: Verdict;
  readonly kind: Kind;
  /** Of what got weaker or stronger. */
  readonly severity?: Severity;
  /** What it is about: an object as `Deployment/shop/web`, a file on a node, a Terraform resource. */
  readonly subject: string;
  /** The control's id, or what else the change was told by. */
  readonly rule: string;
  /** Other controls that say the same of the same place. */
  readonly also?: readonly string[];
  /** One sentence without a full stop. */
  readonly message: string;
  readonly container?: string;
  readonly path?: string;
  /** What was there and what is there now, as far as it may be shown. */
  readonly before?: string;
  readonly after?: string;
  /** Fields or lines that changed, one each. */
  readonly details?: readonly string[];
}

/** What a reader looks for first. */
export const SECTIONS = ['weaker', 'recreated', 'changed', 'removed', 'new', 'stronger'] as const;

export type Section = typeof SECTIONS[number];

/** Where a change is told: once, by what matters most about it. */
export function sectionOf({ verdict, kind }: Change): Section {
  return verdict === 'neutral' ? kind : verdict;
}

/** The worst first; what is equally bad in alphabetical order of what it is about. */
export function worstFirst(changes: readonly Change[]): Change[] {
  const keyed = changes.map((change) => ({ change, key: sortKey(change) }));
  keyed.sort((a, b) => compare(a.key, b.key));
  return keyed.map(({ change }) => change);
}

function sortKey(change: Change): readonly string[] {
  const severity = change.severity === undefined ? WORST_FIRST.length : WORST_FIRST.indexOf(change.severity);
  return [
    `${SECTIONS.indexOf(sectionOf(change))}${severity}`, change.subject, change.rule, change.container ?? '', change.path ?? '',
    change.message, change.before ?? '', change.after ?? '',
  ];
}

function compare(a: readonly string[], b: readonly string[]): number {
  const at = a.findIndex((each, i) => each !== b[i]);
  return at === -1 ? 0 : a[at] < b[at] ? -1 : 1;
}

/** How many changes of each section there are. What is new or removed counts as that, too, where it is told as weaker or stronger. */
export function countsOf(changes: readonly Change[]): Record<Section, number> {
  const counts: Record<Section, number> = { weaker: 0, recreated: 0, changed: 0, removed: 0, new: 0, stronger: 0 };
  for (const change of changes) {
    counts[sectionOf(change)]++;
    if (change.verdict !== 'neutral' && change.kind !== 'changed') {
      counts[change.kind]++;
    }
  }
  return counts;
}
