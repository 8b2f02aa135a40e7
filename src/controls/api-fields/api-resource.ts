import { ServedKind, apiFields } from './table';

/** What rules and admission policies call a kind. */
interface ApiResource {
  /** Empty for the core group. */
  readonly group: string;
  readonly version: string;
  readonly plural: string;
  readonly namespaced: boolean;
  /** The minor that first serves the version, where that is after 1.28. */
  readonly since?: number;
}

/** A built-in kind in its newest stable version, of the core group where two groups have the name; undefined for other kinds. */
export function apiResource(kind: string): ApiResource | undefined {
  const best = [...apiFields().served.values()].filter((row) => row.kind === kind && row.gone === undefined).sort(preferred)[0];
  if (best === undefined) {
    return undefined;
  }
  const { group, version } = parseApiVersion(best.apiVersion);
  const { plural, namespaced, since } = best;
  return { group, version, plural, namespaced, ...(since === undefined ? {} : { since }) };
}

/** Splits `apps/v1`; the core group is empty. */
export function parseApiVersion(apiVersion: string): { readonly group: string; readonly version: string } {
  const slash = apiVersion.indexOf('/');
  return { group: apiVersion.slice(0, Math.max(slash, 0)), version: apiVersion.slice(slash + 1) };
}

/** Stable before beta before alpha, newer before older, the core group first. */
export function preferred(a: Pick<ServedKind, 'apiVersion'>, b: Pick<ServedKind, 'apiVersion'>): number {
  const [left, right] = [parseApiVersion(a.apiVersion), parseApiVersion(b.apiVersion)];
  return rank(right.version) - rank(left.version) || (left.group < right.group ? -1 : 1);
}

function rank(version: string): number {
  const [, major, level, minor] = /^v(\d+)(?:(alpha|beta)(\d+))?$/.exec(version)!;
  return (level === undefined ? 2e6 : level === 'beta' ? 1e6 : 0) + Number(major) * 1e3 + Number(minor ?? 0);
}
