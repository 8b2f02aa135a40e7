import { TextNode } from './text-node';
import { BlockStyle } from './written-values';

/** How the text indents, by the first map and the first list inside another. */
export function blockStyle(text: string, root: TextNode): BlockStyle {
  let step: number | undefined;
  let dash: number | undefined;
  const columnOf = (at: number) => at - (text.lastIndexOf('\n', at - 1) + 1);
  const look = (node: TextNode): void => {
    if (node.kind === 'map' && !node.isFlow) {
      for (const { start, value } of node.entries) {
        if (value.kind === 'map' && !value.isFlow && value.entries.length > 0) {
          step ??= columnOf(value.entries[0].start) - columnOf(start);
        } else if (value.kind === 'list' && !value.isFlow && value.items.length > 0) {
          dash ??= columnOf(value.items[0].start) - columnOf(start);
        }
        look(value);
      }
    } else if (node.kind === 'list' && !node.isFlow) {
      node.items.forEach(({ value }) => look(value));
    }
  };
  look(root);
  return { step: Math.max(step ?? 2, 1), dash: Math.max(dash ?? 0, 0) };
}
