import { Change } from './change';
import { ToldChange } from './control-changes';
import { compareFacts, Directed, Fact } from './facts';
import { compareSelectors } from './label-selectors';
import { ObjectPair } from './output-objects';
import { KindRule } from './rules/rule';
import { Severity } from '../../core/severity';

/** What a rule tells of an object that is on both sides, or of what it allows by itself. */
export function ruleChanges(subject: string, rule: KindRule, { before, after }: ObjectPair): ToldChange[] {
  if (!rule.countsAlone && (!before || !after)) {
    return [];
  }
  const isLarge = [before, after].some((side) => side && rule.isLarge?.(side.json));
  const facts = (side: ObjectPair['before']): Fact[] => (side ? rule.facts(side.json, isLarge) : []);
  const directed = [...compareFacts(facts(before), facts(after)), ...before && after ? selectorChanges(rule, before.json, after.json) : []];
  return (rule.together?.(directed) ?? directed).map((each) => toldChange(subject, rule.id, each));
}

export function toldChange(subject: string, rule: string, { path, ...rest }: Directed): ToldChange {
  const change: Change = { kind: 'changed', subject, rule, ...rest, ...(path !== undefined && { path }) };
  return { change, pattern: path ?? '' };
}

function selectorChanges(rule: KindRule, before: Parameters<KindRule['facts']>[0], after: Parameters<KindRule['facts']>[0]): Directed[] {
  const old = new Map((rule.selectors?.(before) ?? []).map(({ path, selector }) => [path, selector]));
  return (rule.selectors?.(after) ?? []).filter(({ path }) => old.has(path)).flatMap(({ path, selector }) => {
    const comparison = compareSelectors(old.get(path), selector);
    return comparison === 'narrower' || comparison === 'wider'
      ? [{ verdict: comparison === 'narrower' ? 'weaker' as const : 'stronger' as const, severity: Severity.HIGH, message: `selects ${comparison === 'narrower' ? 'less' : 'more'} of what it is for`, path }]
      : [];
  });
}
