import { AdmissionPlugin } from './admission-plugin';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkWholeNumber } from '../whole-number';

/** How many events an API server takes: a bucket of `burst` events that fills again by `qps` a second. */
export interface EventLimit {
  /** Events a second that are taken for as long as one likes. */
  readonly qps: number;
  /** Events that are taken at once, at least `qps`. */
  readonly burst: number;
  /**
   * How many namespaces, users or objects are counted at the same time; of more, those longest silent begin anew. Not for the limit of a
   * whole server.
   * @default 4096
   */
  readonly cacheSize?: number;
}

/**
 * How many events each API server takes before it answers 429, so that nobody fills etcd by them (CIS 1.2.9). Limits that are left out have
 * their default. What is refused is lost: the clients of Kubernetes send an event once.
 */
export interface EventRateLimits {
  /**
   * All events together.
   * @default - 1000 a second, 5000 at once
   */
  readonly server?: EventLimit;
  /**
   * The events of one namespace.
   * @default - 100 a second, 500 at once
   */
  readonly namespace?: EventLimit;
  /**
   * The events that one user sends. A kubelet is one, and sends 50 a second and 100 at once by its own default.
   * @default - 50 a second, 200 at once
   */
  readonly user?: EventLimit;
  /**
   * The events that one source sends about one object.
   * @default - no limit but the others
   */
  readonly sourceAndObject?: EventLimit;
}

interface TypedLimit extends EventLimit {
  readonly type: string;
}

/** Checked, with the defaults. */
export type CheckedLimits = readonly TypedLimit[];

const LIMITS: KnownProps<EventRateLimits> = { server: true, namespace: true, user: true, sourceAndObject: true };
const LIMIT: KnownProps<EventLimit> = { qps: true, burst: true, cacheSize: true };
const PROPERTY = 'eventRateLimit';
const DEFAULTS: EventRateLimits = { server: { qps: 1000, burst: 5000 }, namespace: { qps: 100, burst: 500 }, user: { qps: 50, burst: 200 } };
const TYPES = [['server', 'Server'], ['namespace', 'Namespace'], ['user', 'User'], ['sourceAndObject', 'SourceAndObject']] as const;
const MOST = 2 ** 31 - 1;

export function checkEventRateLimits(given: EventRateLimits, at: string): CheckedLimits {
  checkProps(given, LIMITS, { at, property: PROPERTY });
  return Object.freeze(TYPES.flatMap(([property, type]) => {
    const limit = given[property] ?? DEFAULTS[property];
    return limit === undefined ? [] : [Object.freeze({ type, ...checkLimit(limit, `${PROPERTY}.${property}`, at, type !== 'Server') })];
  }));
}

export function eventRateLimitPlugin(limits: CheckedLimits): AdmissionPlugin {
  return {
    name: 'EventRateLimit',
    configuration: { apiVersion: 'eventratelimit.admission.k8s.io/v1alpha1', kind: 'Configuration', limits: limits.map((limit) => ({ ...limit })) },
  };
}

function checkLimit(limit: EventLimit, property: string, at: string, cached: boolean): EventLimit {
  checkProps(limit, LIMIT, { at, property });
  const { qps, burst, cacheSize } = limit;
  checkNumber(qps, `${property}.qps`, 1, at);
  checkNumber(burst, `${property}.burst`, qps, at);
  if (cacheSize === undefined) {
    return { qps, burst };
  }
  if (!cached) {
    throw invalid({ at, property: `${property}.cacheSize`, got: cacheSize, allowed: 'no such size', fix: 'Leave it out: the limit of a whole server counts one thing.' });
  }
  return { qps, burst, cacheSize: checkNumber(cacheSize, `${property}.cacheSize`, 1, at) };
}

function checkNumber(value: number, property: string, least: number, at: string): number {
  return checkWholeNumber(value, least, MOST, { at, property, fix: 'Correct the number: the API server does not start with a limit of nothing.' });
}
