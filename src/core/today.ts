import { IConstruct } from 'constructs';
import { invalid } from './errors';

const CONTEXT = 'cdk8s-hardened:date';

/**
 * Sets the date that expiry is measured against, for everything below a scope.
 * @param date as `YYYY-MM-DD`
 */
export function setToday(scope: IConstruct, date: string): void {
  scope.node.setContext(CONTEXT, checkDate(date, 'date', scope));
}

/** The date that expiry is measured against: the one that was set, else SOURCE_DATE_EPOCH, else the clock, in UTC. Never written to an output. */
export function today(scope: IConstruct): string {
  const set: unknown = scope.node.tryGetContext(CONTEXT);
  if (set !== undefined) {
    return checkDate(set, `context ${CONTEXT}`, scope);
  }
  const epoch = process.env.SOURCE_DATE_EPOCH;
  if (epoch === undefined || epoch === '') {
    return new Date().toISOString().slice(0, 10);
  }
  const seconds = /^\d{1,11}$/.test(epoch) ? Number(epoch) : NaN;
  if (Number.isNaN(seconds)) {
    throw invalid({ at: scope, property: 'SOURCE_DATE_EPOCH', got: epoch, allowed: 'seconds since 1970, as digits', fix: 'Set it as reproducible-builds.org says, or unset it.' });
  }
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}

/** Refuses what is no day of the calendar. Returns it as `YYYY-MM-DD`. */
export function checkDate(date: unknown, property: string, at?: IConstruct | string): string {
  const day = typeof date === 'string' && /^\d{4}-\d{2}-\d{2}$/.test(date) ? new Date(`${date}T00:00:00Z`) : undefined;
  if (day === undefined || Number.isNaN(day.getTime()) || day.toISOString().slice(0, 10) !== date) {
    throw invalid({ at, property, got: date, allowed: 'a day as YYYY-MM-DD', fix: 'Write it like 2027-01-31.' });
  }
  return date;
}

/** Days from one date to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}
