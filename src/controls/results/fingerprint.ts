import { createHash } from 'crypto';
import { canonical } from './canonical';
import { isPrivatePlace, mayBeSecret } from './concealed';
import { groupOf } from '../group';
import { isObject, Place } from '../path';
import { CONTAINER_LISTS } from '../requirement-node';

/** What a finding is known by. */
export interface Identity {
  readonly control: string;
  readonly resource: string;
  readonly constructPath: string;
  readonly object: unknown;
  readonly place: Place;
  /** What is there; left out where it must not be known, not even by its hash. */
  readonly got?: unknown;
  /** Whether what is there must not be known, not even by its hash. */
  readonly isConcealed?: boolean;
}

/**
 * What findings are recognised by in later runs: the control, the object, and the place by names instead of positions, so that a container that
 * is added in front of another doesn't make old findings new. Neither construct paths nor files count, so that a program can be taken apart and
 * put together again. No two findings share one: those that nothing else tells apart are numbered, in an order that files have no part in.
 */
export function fingerprints(findings: readonly Identity[]): string[] {
  const running = new RunningFingerprints();
  const result = new Array<string>(findings.length);
  const path = (index: number) => findings[index].constructPath;
  [...findings.keys()].sort((a, b) => (path(a) < path(b) ? -1 : Number(path(a) > path(b)))).forEach((index) => {
    result[index] = running.next(findings[index]);
  });
  return result;
}

/** The same for findings that come one after the other, those that nothing tells apart in the order of their construct paths. */
export class RunningFingerprints {
  private readonly counts = new Map<string, number>();

  public next(finding: Identity): string {
    const first = fingerprintOf(finding);
    const number = this.counts.get(first) ?? 0;
    this.counts.set(first, number + 1);
    return number === 0 ? first : digest(`${keyOf(finding)} ${number}`);
  }
}

/** That of the first finding of such an identity. */
export function fingerprintOf(finding: Identity): string {
  return digest(keyOf(finding));
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function keyOf({ control, resource, object, place, got, isConcealed: hides = false }: Identity): string {
  const group = isObject(object) ? groupOf(object.apiVersion) : '';
  const steps: unknown[] = [];
  let value = object;
  for (const [depth, step] of place.entries()) {
    const below = typeof value === 'object' && value !== null ? (value as Record<string | number, unknown>)[step] : undefined;
    const isPrivate = () => isPrivatePlace(place.slice(0, depth)) || mayBeSecret(below);
    steps.push(typeof step === 'number' ? elementIdentity(below, Array.isArray(value) ? value : [], step, () => hides || isPrivate()) : step);
    value = below;
  }
  if (typeof place[place.length - 1] === 'number' && !isObject(value)) {
    // In a list of plain values, positions say nothing: the value does.
    steps[steps.length - 1] = { value: got };
  }
  return canonical([control, group, resource, steps, ...matter(place, got, hides)])!;
}

/**
 * What of the value makes a finding another one than the one that was accepted: a list that grows, a volume of another path, and that something is
 * stated at all. Another text or number is the same finding, as are images that are updated; so is a container, or what holds it.
 */
function matter(place: Place, got: unknown, hides: boolean): unknown[] {
  if (got === undefined) {
    return hides ? [] : ['missing'];
  }
  const [list, last] = [undefined, undefined, ...place].slice(-2);
  const holdsImage = last === undefined || last === 'spec' || last === 'template' || CONTAINER_LISTS.some((each) => each === list);
  return Array.isArray(got) || (isObject(got) && !holdsImage) ? [{ value: got }] : [];
}

/** What sets an element of a list apart: its name, else what it says where that is short, else its position. */
function elementIdentity(element: unknown, list: readonly unknown[], position: number, isPrivate: () => boolean): unknown {
  if (!isObject(element)) {
    return position;
  }
  const { name } = element;
  if (typeof name === 'string' && list.filter((each) => isObject(each) && each.name === name).length === 1) {
    return name;
  }
  const isShort = Object.values(element).every((each) => isPlain(each) || (Array.isArray(each) && each.every(isPlain)));
  return isShort && !isPrivate() ? element : position;
}

function isPlain(value: unknown): boolean {
  return typeof value !== 'object' || value === null;
}
