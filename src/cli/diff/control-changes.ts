import { Change } from './change';
import { FoundFault } from './found-faults';
import { ObjectPair } from './output-objects';
import { Order, renamed } from './renamed-elements';
import { sameValue } from './same-value';
import { Json } from '../../controls/path';
import { canonical } from '../../controls/results/canonical';
import { WORST_FIRST } from '../../core/severity';
import { groupBy } from '../../evidence/group-by';

/** An object on both sides; missing where it isn't. */
interface Compared {
  readonly subject: string;
  readonly before?: Json;
  readonly after?: Json;
}

/** A change with the place that it tells of, by names. */
export interface ToldChange {
  readonly change: Change;
  readonly pattern: string;
}

/** What changed in what an object doesn't meet. Findings that no name tells apart are matched by what is there, then in their order. */
export function controlChanges(
  { before: oldObject, after: newObject }: ObjectPair, before: readonly FoundFault[], after: readonly FoundFault[],
): ToldChange[] {
  const { subject } = (newObject ?? oldObject)!;
  const pair: Compared = { subject, before: oldObject?.json, after: newObject?.json };
  const old = grouped(before);
  const next = grouped(after);
  const keys = [...new Set([...old.keys(), ...next.keys()])];
  const compared = keys.map((key) => compareGroup(subject, old.get(key) ?? [], next.get(key) ?? []));
  const { changes, gone, come } = withoutRenamed(subject, compared.flatMap((each) => each.gone), compared.flatMap((each) => each.come));
  const all = [...compared.flatMap((each) => each.changes), ...changes];
  return folded(outweighed([...all, ...come.map((fault) => comeChange(pair, fault)), ...gone.map((fault) => goneChange(pair, fault))]));
}

/**
 * What takes the place of something worse is no weakening: a variable that names a Secret in the place of a password, a namespace with a level of
 * Pod Security that had none. It is told as changed.
 */
function outweighed(found: readonly ControlChange[]): ControlChange[] {
  const byPlace = groupBy(found, ({ fault }) => JSON.stringify([fault.container ?? '', variableOf(fault)]));
  return found.map((each) => {
    const { change, fault } = each;
    const rank = ({ control }: FoundFault) => WORST_FIRST.indexOf(control.severity);
    const opposite = change.verdict === 'weaker' ? 'stronger' : 'weaker';
    const beside = byPlace.get(JSON.stringify([fault.container ?? '', variableOf(fault)]))!;
    if (change.verdict === 'neutral' || fault.pattern === '' || !beside.some((other) => other.change.verdict === opposite && rank(other.fault) < rank(fault))) {
      return each;
    }
    const what = change.verdict === 'weaker' ? 'not met by what is there in place of something worse' : 'did not meet, and something worse is there in its place';
    return { fault, change: { ...change, verdict: 'neutral', message: `${what}: ${fault.control.title}` } };
  });
}

/** The field, or the variable whose value it is. */
function variableOf({ pattern }: FoundFault): string {
  return pattern.replace(/\.(?:value|valueFrom)(?:\..*)?$/, '');
}

interface ControlChange {
  readonly change: Change;
  readonly fault: FoundFault;
}

/** By what names say of a finding. */
function grouped(faults: readonly FoundFault[]): Map<string, FoundFault[]> {
  return groupBy(faults, ({ control, container, pattern }) => JSON.stringify([control.id, container ?? '', pattern]));
}

/** What findings say, and what is on one side only. */
interface Matched {
  readonly changes: readonly ControlChange[];
  readonly gone: readonly FoundFault[];
  readonly come: readonly FoundFault[];
}

function compareGroup(subject: string, had: readonly FoundFault[], has: readonly FoundFault[]): Matched {
  const [old, next] = unmatched(had, has);
  const pairs = Math.min(old.length, next.length);
  const changes = old.slice(0, pairs).map((fault, i) => valueChange(subject, fault, next[i])).filter(isWorthTelling);
  return { changes, gone: old.slice(pairs), come: next.slice(pairs) };
}

/** Findings of one control that are looked at for another name. */
const MOST_RENAMED = 10_000;

/** One finding for one: a container or volume that has another name only didn't meet the control before. */
function withoutRenamed(subject: string, gone: readonly FoundFault[], come: readonly FoundFault[]): Matched {
  const changes: ControlChange[] = [];
  const taken = new Set<FoundFault>();
  const byControl = groupBy(gone, ({ control }) => control.id);
  for (const [id, next] of groupBy(come, ({ control }) => control.id)) {
    const old = byControl.get(id) ?? [];
    for (const { was, fault, order } of old.length * next.length > MOST_RENAMED ? [] : renames(old, next)) {
      if (!taken.has(was) && !taken.has(fault)) {
        taken.add(was).add(fault);
        const message = `still not met: ${fault.control.title}`;
        const values = { before: was.shown, after: fault.shown };
        changes.push(...order === 'same' ? [] : [{ fault, change: told(subject, fault, order === 'less' ? 'stronger' : 'weaker', message, values) }]);
      }
    }
  }
  return { changes, gone: gone.filter((each) => !taken.has(each)), come: come.filter((each) => !taken.has(each)) };
}

interface Rename {
  readonly was: FoundFault;
  readonly fault: FoundFault;
  readonly order: Order;
}

const ORDERS: readonly Order[] = ['same', 'less', 'more'];

/** All that one may be another one by another name, the most alike first. */
function renames(gone: readonly FoundFault[], come: readonly FoundFault[]): Rename[] {
  const elements = gone.flatMap((was) => (was.element ? [{ was, old: was.element }] : []));
  const found = come.flatMap((fault) => {
    const { element } = fault;
    return element === undefined ? [] : elements.flatMap(({ was, old }) => {
      const order = renamed(old, element, was.matter, fault.matter);
      return order ? [{ was, fault, order }] : [];
    });
  });
  return found.sort((a, b) => ORDERS.indexOf(a.order) - ORDERS.indexOf(b.order));
}

function comeChange({ subject, before }: Compared, fault: FoundFault): ControlChange {
  const message = `${before ? 'no longer met' : 'not met by the new object'}: ${fault.control.title}`;
  return { fault, change: told(subject, fault, 'weaker', message, { ...stated('before', before && fault.counterpart(before)), after: fault.shown }) };
}

function goneChange({ subject, after }: Compared, fault: FoundFault): ControlChange {
  const message = `${after ? 'met now' : 'gone with the object, which did not meet'}: ${fault.control.title}`;
  return { fault, change: told(subject, fault, 'stronger', message, { before: fault.shown, ...stated('after', after && fault.counterpart(after)) }) };
}

function stated(name: 'before' | 'after', shown: string | undefined): Pick<Change, 'before' | 'after'> {
  return shown === undefined ? {} : { [name]: shown };
}

/** Without what is the same on both sides, however often. */
function unmatched(before: readonly FoundFault[], after: readonly FoundFault[]): [FoundFault[], FoundFault[]] {
  if (before.length === 1 && after.length === 1) {
    return sameValue(before[0].matter, after[0].matter) ? [[], []] : [[...before], [...after]];
  }
  const counts = new Map<string, number>();
  const keyOf = ({ matter }: FoundFault) => canonical(matter) ?? '';
  after.forEach((fault) => counts.set(keyOf(fault), (counts.get(keyOf(fault)) ?? 0) + 1));
  const take = (fault: FoundFault) => {
    const count = counts.get(keyOf(fault)) ?? 0;
    counts.set(keyOf(fault), count - 1);
    return count > 0;
  };
  const old = before.filter((fault) => !take(fault));
  return [old, after.filter(take)];
}

/** One violating value in the place of another: a list that grew or shrank has a direction. */
function valueChange(subject: string, old: FoundFault, next: FoundFault): ControlChange {
  const [gained, lost] = [surplus(next.matter, old.matter), surplus(old.matter, next.matter)];
  const verdict = gained === undefined || lost === undefined || (gained > 0) === (lost > 0) ? 'neutral' : gained > 0 ? 'weaker' : 'stronger';
  const message = `still not met: ${next.control.title}`;
  return { fault: next, change: told(subject, next, verdict, message, { before: old.shown, after: next.shown }) };
}

/** Another image, or another number of something, is told as that. */
function isWorthTelling({ change, fault }: ControlChange): boolean {
  return change.verdict !== 'neutral' || (fault.control._modelCheck === undefined && !fault.pattern.endsWith('.image'));
}

function surplus(list: unknown, other: unknown): number | undefined {
  return Array.isArray(list) && Array.isArray(other) ? list.filter((each) => !other.some((known) => sameValue(each, known))).length : undefined;
}

function told(subject: string, fault: FoundFault, verdict: Change['verdict'], message: string, values: Pick<Change, 'before' | 'after'>): Change {
  const { control, container, path } = fault;
  return {
    verdict, kind: 'changed', severity: control.severity, subject, rule: control.id, message,
    ...(container !== undefined && { container }), ...(path !== '' && { path }), ...values,
  };
}

/** Where controls say the same of the same place, one asking for less than the other, the more severe speaks and names the other. */
function folded(found: readonly ControlChange[]): ToldChange[] {
  const gone = new Map<ControlChange, ControlChange>();
  const byControl = groupBy(found.map((each, at) => ({ each, at })), ({ each: { fault } }) => controlKey(fault.control.id, fault.container));
  for (const each of found) {
    const { supersedes } = each.fault.control;
    const candidates = supersedes.flatMap((id) => byControl.get(controlKey(id, each.fault.container)) ?? []);
    const [same] = candidates.filter(({ each: other }) => other !== each && !gone.has(other) && isSame(each, other)).sort((a, b) => a.at - b.at);
    if (same && !gone.has(each)) {
      const eachIsWorse = WORST_FIRST.indexOf(each.fault.control.severity) < WORST_FIRST.indexOf(same.each.fault.control.severity);
      gone.set(eachIsWorse ? same.each : each, eachIsWorse ? each : same.each);
    }
  }
  const also = new Map<ControlChange, string[]>();
  gone.forEach((by, other) => also.set(by, [...also.get(by) ?? [], other.fault.control.id]));
  return found.filter((each) => !gone.has(each)).map((each) => {
    const others = (also.get(each) ?? []).sort();
    return { pattern: each.fault.pattern, change: others.length === 0 ? each.change : { ...each.change, also: others } };
  });
}

function controlKey(control: string, container: string | undefined): string {
  return JSON.stringify([control, container ?? '']);
}

function isSame(a: ControlChange, b: ControlChange): boolean {
  return a.change.verdict === b.change.verdict && a.fault.container === b.fault.container
    && (a.fault.pattern === b.fault.pattern || a.fault.pattern.startsWith(`${b.fault.pattern}.`) || b.fault.pattern.startsWith(`${a.fault.pattern}.`));
}
