import { KindRule } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { amountOf, amountText } from '../amounts';
import { Fact, guard, level } from '../facts';

const PREFIX = 'pod-security.kubernetes.io/';
const LEVELS = ['privileged', 'baseline', 'restricted'];
const MODES = { enforce: Severity.HIGH, warn: Severity.LOW, audit: Severity.LOW };
const NEWEST = 1_000_000;

/** Pod Security of a namespace. */
export const NAMESPACE_RULE: KindRule = { id: 'pod-security-labels', facts: podSecurityFacts };

function podSecurityFacts({ metadata }: Json): Fact[] {
  const labels = isObject(metadata) && isObject(metadata.labels) ? metadata.labels : {};
  return Object.entries(MODES).flatMap(([mode, severity]) => {
    const stated = labels[PREFIX + mode];
    const pin = labels[`${PREFIX}${mode}-version`];
    const path = (label: string) => `metadata.labels["${PREFIX}${label}"]`;
    const rank = LEVELS.indexOf(String(stated ?? 'privileged'));
    return [
      level(`${mode}s a level of Pod Security`, rank, stated === undefined ? 'missing' : String(stated), severity, path(mode)),
      ...(rank > 0 ? [level(`${mode}s Pod Security of a version`, versionRank(pin), pin === undefined ? 'missing (latest)' : String(pin), Severity.LOW, path(`${mode}-version`))] : []),
    ];
  });
}

function versionRank(pin: unknown): number {
  const [, minor] = /^v1\.(\d+)$/.exec(String(pin)) ?? [];
  return minor === undefined ? NEWEST : Number(minor);
}

/** What a namespace may use in all. */
export const QUOTA_RULE: KindRule = {
  id: 'resource-quota',
  presence: { protects: true, severity: Severity.MEDIUM, text: 'a limit on what the namespace uses' },
  facts: ({ spec }) => amounts(isObject(spec) ? spec.hard : undefined, 'spec.hard', 'a quota of'),
};

/** What a pod or a container may use, and what it gets where it asks for nothing. */
export const LIMIT_RANGE_RULE: KindRule = {
  id: 'limit-range',
  presence: { protects: true, severity: Severity.MEDIUM, text: 'limits for what its pods use' },
  facts: ({ spec }) => (isObject(spec) && Array.isArray(spec.limits) ? spec.limits : []).filter(isObject).flatMap((item) => (
    amounts(item.default, `spec.limits[].default (${String(item.type)})`, `a default per ${String(item.type)} of`).concat(amounts(item.max, `spec.limits[].max (${String(item.type)})`, `a maximum per ${String(item.type)} of`))
      .concat(amounts(item.maxLimitRequestRatio, `spec.limits[].maxLimitRequestRatio (${String(item.type)})`, `a ratio per ${String(item.type)} of`))
  )),
};

/** The lower, the stronger; what isn't stated isn't limited. */
function amounts(map: unknown, at: string, what: string): Fact[] {
  return Object.entries(isObject(map) ? map : {}).flatMap(([name, quantity]) => {
    const amount = amountOf(quantity);
    const path = /^[A-Za-z_$][\w$-]*$/.test(name) ? `${at}.${name}` : `${at}["${name}"]`;
    return amount === undefined ? [] : [
      guard(path, `${what} ${name}`, Severity.MEDIUM, path),
      level(`${what} ${name}`, -amount, amountText(amount), Severity.MEDIUM, path),
    ];
  });
}

/** How many pods stay while nodes are drained. */
export const BUDGET_RULE: KindRule = {
  id: 'disruption-budget',
  presence: { protects: true, severity: Severity.LOW, text: 'a bound on pods that are evicted at a time' },
  facts: ({ spec }) => (isObject(spec) ? [...bound(spec), ...budget('minAvailable', spec.minAvailable, 1), ...budget('maxUnavailable', spec.maxUnavailable, -1)] : []),
};

/** Whether the budget keeps any pod. */
function bound({ minAvailable, maxUnavailable }: Json): Fact[] {
  const keeps = /^0%?$/.test(String(minAvailable)) || String(maxUnavailable) === '100%' ? [] : [minAvailable, maxUnavailable].filter((each) => each !== undefined);
  return keeps.length === 0 ? [] : [guard('bound', 'any bound on evictions', Severity.LOW, minAvailable === undefined ? 'spec.maxUnavailable' : 'spec.minAvailable')];
}

function budget(name: string, value: unknown, sign: number): Fact[] {
  const [, digits, percent] = /^(\d{1,9})(%?)$/.exec(String(value)) ?? [];
  const path = `spec.${name}`;
  return digits === undefined ? [] : [level(percent === '' ? name : `${name} in percent`, sign * Number(digits), String(value), Severity.LOW, path)];
}
