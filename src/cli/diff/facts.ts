import { Verdict } from './change';
import { Severity, WORST_FIRST } from '../../core/severity';

interface FactBase {
  /** What the same fact of the other side is known by. */
  readonly key: string;
  readonly severity: Severity;
  /** Path in the object, by names in place of positions. */
  readonly path?: string;
}

/** What may be part of another one. */
interface Coverable<T> extends FactBase {
  readonly text: string;
  /** Under what this one is looked for by those that it may cover; left out: looked at by all that name no shelves. */
  readonly shelf?: string;
  /** Whether what another one allows or prevents is allowed or prevented by this one, too. */
  covers?(other: T): boolean;
  /** The shelves of all that may cover this one. */
  shelves?(): readonly string[];
}

/** Something that is allowed: more of it is weaker. The text completes "allows …". */
export interface Grant extends Coverable<Grant> {
  readonly sort: 'grant';
}

/** Something that is prevented: less of it is weaker. The text is a noun phrase. */
export interface Guard extends Coverable<Guard> {
  readonly sort: 'guard';
}

/** A setting whose values have an order: the higher, the stronger. Compared where both sides state it. */
export interface Level extends FactBase {
  readonly sort: 'level';
  readonly rank: number | bigint;
  /** What is set, for instance `validationActions`. */
  readonly text: string;
  /** The value, as shown. */
  readonly value: string;
}

/** What a rule knows of one side. Comparing facts mirrors: what is weaker one way is stronger the other way. */
export type Fact = Grant | Guard | Level;

/** A difference between the facts of two sides. */
export interface Directed {
  readonly verdict: Exclude<Verdict, 'neutral'>;
  readonly severity: Severity;
  readonly message: string;
  readonly path?: string;
  readonly before?: string;
  readonly after?: string;
}

export function compareFacts(before: readonly Fact[], after: readonly Fact[]): Directed[] {
  return [
    ...one(before, after, 'weaker'),
    ...one(after, before, 'stronger'),
    ...levels(before, after),
  ];
}

/** Grants that only `to` has, and guards that only `from` has. */
function one(from: readonly Fact[], to: readonly Fact[], verdict: 'weaker' | 'stronger'): Directed[] {
  const isWeaker = verdict === 'weaker';
  const grants = from.filter(isGrant);
  const isAllowed = coverage(grants);
  const grantKeys = new Set(grants.map(({ key }) => key));
  const guards = to.filter(isGuard);
  const guardKeys = new Set(guards.map(({ key }) => key));
  const isPrevented = coverage(guards);
  return [
    ...distinct(to.filter(isGrant)).filter((fact) => !grantKeys.has(fact.key) && !isAllowed(fact))
      .map((fact) => directed(fact, verdict, `${isWeaker ? 'allows' : 'no longer allows'} ${fact.text}`)),
    ...distinct(from.filter(isGuard)).filter((fact) => !guardKeys.has(fact.key) && !isPrevented(fact))
      .map((fact) => directed(fact, verdict, isWeaker ? `loses ${fact.text}` : `gains ${fact.text}`)),
  ];
}

/** Comparisons of grants or guards with each other, in one object. */
const MOST_COMPARED = 2_000_000;

/** Whether one of these covers another one. Where that takes too long to say, it doesn't: better told in vain than left out. */
function coverage<T extends Coverable<T>>(facts: readonly T[]): (fact: T) => boolean {
  const byShelf = new Map<string, T[]>();
  for (const each of facts) {
    if (each.covers) {
      const shelf = byShelf.get(each.shelf ?? '');
      if (shelf) {
        shelf.push(each);
      } else {
        byShelf.set(each.shelf ?? '', [each]);
      }
    }
  }
  let left = MOST_COMPARED;
  const covered = (fact: T, shelf: string) => (byShelf.get(shelf) ?? []).some((each) => left-- > 0 && each.covers!(fact));
  return (fact) => byShelf.size > 0 && (fact.shelves?.() ?? ['']).some((shelf) => covered(fact, shelf));
}

function levels(before: readonly Fact[], after: readonly Fact[]): Directed[] {
  const old = new Map(before.filter(isLevel).map((each) => [each.key, each]));
  return after.filter(isLevel).flatMap((now) => {
    const was = old.get(now.key);
    if (was === undefined || was.rank === now.rank) {
      return [];
    }
    const verdict = now.rank < was.rank ? 'weaker' : 'stronger';
    const severity = WORST_FIRST.find((each) => each === was.severity || each === now.severity)!;
    return [{ ...directed(now, verdict, now.text), severity, before: was.value, after: now.value }];
  });
}

function directed({ severity, path }: Fact, verdict: 'weaker' | 'stronger', message: string): Directed {
  return { verdict, severity, message, ...(path !== undefined && { path }) };
}

function distinct<T extends Fact>(facts: readonly T[]): T[] {
  return [...new Map(facts.map((fact) => [fact.key, fact])).values()];
}

function isGrant(fact: Fact): fact is Grant {
  return fact.sort === 'grant';
}

function isGuard(fact: Fact): fact is Guard {
  return fact.sort === 'guard';
}

function isLevel(fact: Fact): fact is Level {
  return fact.sort === 'level';
}

export function grant(key: string, text: string, severity: Severity, more: Partial<Grant> = {}): Grant {
  return { sort: 'grant', key, text, severity, ...more };
}

export function guard(key: string, text: string, severity: Severity, path?: string, more: Partial<Guard> = {}): Guard {
  return { sort: 'guard', key, text, severity, ...(path !== undefined && { path }), ...more };
}

export function level(key: string, rank: number | bigint, value: string, severity: Severity, path?: string): Level {
  return { sort: 'level', key, text: key, rank, value, severity, ...(path !== undefined && { path }) };
}
