import { Change, countsOf, sectionOf } from './change';
import { Compared } from './rendered-text';

/** The comparison for programs. Version 1: fields may come, none goes or changes its meaning. */
export function renderedJson(changes: readonly Change[], { before, after, kubernetesVersion }: Compared): string {
  return `${JSON.stringify({
    schemaVersion: 1,
    old: before,
    new: after,
    kubernetesVersion,
    counts: countsOf(changes),
    changes: changes.map((change) => ({ section: sectionOf(change), ...change })),
  }, undefined, 2)}\n`;
}
