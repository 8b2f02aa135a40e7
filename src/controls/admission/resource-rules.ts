/** What an admission policy looks at, as the API writes it. */
export interface ResourceRule {
  readonly apiGroups: readonly string[];
  readonly apiVersions: readonly string[];
  readonly operations: readonly string[];
  readonly resources: readonly string[];
  readonly scope: '*';
}

/** Resources of one group, in versions that mean the same. */
export interface Resources {
  readonly group: string;
  readonly versions: readonly string[];
  readonly resources: readonly string[];
}

/** One rule for each group and its versions, with what the API server would fill in. */
export function resourceRules(all: readonly Resources[], operations: readonly string[]): ResourceRule[] {
  const byGroup = new Map<string, Resources>();
  for (const each of all) {
    const key = JSON.stringify([each.group, each.versions]);
    const known = byGroup.get(key)?.resources ?? [];
    byGroup.set(key, { ...each, resources: [...new Set([...known, ...each.resources])] });
  }
  return [...byGroup.values()].map(({ group, versions, resources }) => ({
    apiGroups: [group], apiVersions: [...versions], operations: [...operations], resources: [...resources], scope: '*',
  }));
}
