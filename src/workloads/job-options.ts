import { Cron, Duration } from 'cdk8s';
import { ConcurrencyPolicy } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { Json } from '../controls/path';
import { checkChoice } from '../core/choice';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';

/** How the pods of a Job, or of each Job of a CronJob, are run. */
export interface JobOptions {
  /**
   * Pods that have to succeed, at least 1.
   * @default 1
   */
  readonly completions?: number;
  /**
   * Pods that may run at once, at least 1.
   * @default 1
   */
  readonly parallelism?: number;
  /**
   * Failed pods after which the Job counts as failed.
   * @default 3
   */
  readonly backoffLimit?: number;
  /**
   * Time after which a Job is ended though it has not succeeded, in whole seconds.
   * @default Duration.hours(1)
   */
  readonly activeDeadline?: Duration;
  /**
   * Time after which a finished Job is deleted with its pods, in whole seconds. Where a GitOps tool applies a Job, it makes a deleted one anew,
   * which runs again.
   * @default - never; a CronJob keeps the last ones
   */
  readonly ttlAfterFinished?: Duration;
}

/** When a CronJob runs. */
export interface JobSchedule {
  /** The times. Five fields; no `TZ=`. */
  readonly cron: Cron;
  /**
   * Time zone of the times, as the IANA database names it, for instance `Europe/Berlin`.
   * @default Etc/UTC
   */
  readonly timeZone?: string;
  /**
   * What happens when the last run has not ended.
   * @default ConcurrencyPolicy.FORBID: the new run is left out
   */
  readonly concurrency?: ConcurrencyPolicy;
  /**
   * How late a run may start, at least ten seconds: the controller looks every ten.
   * @default Duration.minutes(5)
   */
  readonly startingDeadline?: Duration;
  /**
   * Whether no run is started for now.
   * @default false
   */
  readonly suspended?: boolean;
}

/** A field of a schedule: steps, ranges and lists of numbers or names within its bounds. */
interface CronField {
  readonly name: string;
  readonly least: number;
  readonly most: number;
  readonly names?: readonly string[];
}

const FIELDS: readonly CronField[] = [
  { name: 'minute', least: 0, most: 59 },
  { name: 'hour', least: 0, most: 23 },
  { name: 'day', least: 1, most: 31 },
  { name: 'month', least: 1, most: 12, names: ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'] },
  { name: 'weekDay', least: 0, most: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

const JOB: KnownProps<JobOptions> = { completions: true, parallelism: true, backoffLimit: true, activeDeadline: true, ttlAfterFinished: true };
const SCHEDULE: KnownProps<JobSchedule> = { cron: true, timeZone: true, concurrency: true, startingDeadline: true, suspended: true };

/** How a Job is run, in the manifest's own terms. @throws if a number or a time is out of bounds */
export function jobSpec(options: JobOptions = {}, at: IConstruct): Json {
  const { completions = 1, parallelism = 1, backoffLimit = 3, activeDeadline = Duration.hours(1), ttlAfterFinished } = checkProps(options, JOB, { at, property: 'job' });
  return {
    completions: checkNumber(completions, 'job.completions', 1, at),
    parallelism: checkNumber(parallelism, 'job.parallelism', 1, at),
    backoffLimit: checkNumber(backoffLimit, 'job.backoffLimit', 0, at),
    activeDeadlineSeconds: checkSeconds(activeDeadline, 'job.activeDeadline', 1, at),
    ...(ttlAfterFinished !== undefined && { ttlSecondsAfterFinished: checkSeconds(ttlAfterFinished, 'job.ttlAfterFinished', 0, at) }),
  };
}

/** When a CronJob runs, in the manifest's own terms. @throws if a field of the times, or the time zone, is none */
export function scheduleSpec(given: JobSchedule, at: IConstruct): Json {
  const { cron, timeZone = 'Etc/UTC', concurrency, startingDeadline, suspended } = checkProps(given, SCHEDULE, { at, property: 'schedule' });
  return {
    schedule: checkCron(cron, at),
    timeZone: checkTimeZone(timeZone, at),
    concurrencyPolicy: checkChoice(concurrency ?? ConcurrencyPolicy.FORBID, ConcurrencyPolicy, 'ConcurrencyPolicy', 'schedule.concurrency', at),
    startingDeadlineSeconds: checkSeconds(startingDeadline ?? Duration.minutes(5), 'schedule.startingDeadline', 10, at),
    suspend: suspended ?? false,
  };
}

function checkNumber(value: number, property: string, least: number, at: IConstruct): number {
  if (!Number.isInteger(value) || value < least || value > 2 ** 31 - 1) {
    throw invalid({ at, property, got: value, allowed: `a whole number from ${least} on`, fix: 'Correct the number.' });
  }
  return value;
}

/** Whole seconds of a time. */
export function checkSeconds(time: Duration, property: string, least: number, at: IConstruct): number {
  const seconds = time?.toSeconds?.({ integral: false });
  if (!Number.isInteger(seconds) || seconds < least || seconds > 2 ** 31 - 1) {
    throw invalid({
      at, property, got: seconds === undefined ? time : `${seconds} seconds`, allowed: `a Duration of whole seconds, ${least} or more`, fix: 'Give it as Duration.minutes(5), for instance.',
    });
  }
  return seconds;
}

function checkCron(cron: Cron, at: IConstruct): string {
  const text: unknown = cron?.expressionString;
  if (text === undefined) {
    throw invalid({ at, property: 'schedule.cron', got: cron, allowed: 'a Cron of cdk8s', fix: 'Make it by Cron.schedule({ minute: \'15\', hour: \'3\' }) or Cron.daily().' });
  }
  const fields = typeof text === 'string' ? text.split(' ') : [];
  const wrong = fields.length === FIELDS.length ? FIELDS.find((field, i) => !isCronField(fields[i], field)) : FIELDS[0];
  if (wrong) {
    throw invalid({
      at, property: `schedule.cron.${wrong.name}`, got: text, allowed: `*, numbers from ${wrong.least} to ${wrong.most}, ranges, lists and steps of them`,
      fix: 'Make it by Cron.schedule({ minute: \'15\', hour: \'3\' }) or Cron.daily().',
    });
  }
  return text as string;
}

function isCronField(text: string, { least, most, names }: CronField): boolean {
  const valueOf = (value: string) => (names?.includes(value.toLowerCase()) ? least + names.indexOf(value.toLowerCase()) : /^\d+$/.test(value) ? Number(value) : NaN);
  return text.split(',').every((part) => {
    const [range, step, more] = part.split('/');
    const [from, to, further] = range.split('-');
    const bounds = range === '*' || range === '?' ? [least, most] : [valueOf(from), to === undefined ? valueOf(from) : valueOf(to)];
    const isStep = step === undefined || (/^\d+$/.test(step) && Number(step) > 0);
    return more === undefined && further === undefined && isStep && bounds[0] >= least && bounds[1] <= most && bounds[0] <= bounds[1];
  });
}

/** The server reads names in the case of the database, and takes no offsets. */
function checkTimeZone(name: string, at: IConstruct): string {
  const isName = typeof name === 'string' && /^(UTC|[A-Z][A-Za-z_]+(\/[A-Z][\w+-]*)+)$/.test(name);
  if (!isName || !isKnownZone(name)) {
    throw invalid({ at, property: 'schedule.timeZone', got: name, allowed: 'a time zone of the IANA database', fix: 'Name it like Europe/Berlin or Etc/UTC.' });
  }
  return name;
}

function isKnownZone(timeZone: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone });
    return true;
  } catch {
    return false;
  }
}
