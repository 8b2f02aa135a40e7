import { commonNodes } from './common-nodes';
import { jsonText } from './json-text';
import { likelyReason, NotEditable, plannedEdits } from './planned-edits';
import { privateComments } from './private-comments';
import { privateValues } from './private-values';
import { edited, outside, TextEdit } from './text-edits';
import { TextNode } from './text-node';
import { yamlText } from './yaml-text';
import { sameValue } from '../diff/same-value';
import { TextProblem } from '../documents/document';
import { readEditable, Unreadable } from '../documents/editable-document';
import { AliasBudget } from '../documents/node-values';
import { readYaml } from '../documents/yaml-document';

/** How a document's text is changed. */
export interface EditedText {
  readonly edits: readonly TextEdit[];
  /** Edits that take out of the text, before it is shown, what may be secret. */
  masks(): readonly TextEdit[];
}

/** Characters of a document that is changed in place; the API server takes no object above 3 MiB, and Lists hold several. */
const LARGEST = 16 * 2 ** 20;
const END_MARK = /^\.\.\.(?=[ \t\n])/m;

/** Makes YAML say another value, or says why it can't be: what is returned has been read again and gives that value exactly. */
export function editedYaml(text: string, before: unknown, after: unknown, budget: AliasBudget): EditedText | { readonly problem: TextProblem } {
  if (text.length > LARGEST) {
    return { problem: { level: 'error', offset: 0, message: `documents of up to ${LARGEST / 2 ** 20} MiB can be changed in place: divide it` } };
  }
  const root = rootOf(text.slice(0, END_MARK.exec(text)?.index), budget);
  if ('problem' in root) {
    return root;
  }
  return editedBy(text, root, before, after, (changed) => {
    const isOne = !/^---/m.test(changed);
    const { value, problems } = readYaml(changed, false, budget);
    // Not even a warning may be new: of a key that stands twice, readers take different ones.
    return isOne && (problems.length === 0 || hasAll(readYaml(text, false, { ...budget }).problems, problems)) ? value : undefined;
  });
}

/** Whether there was nothing to be said but what is said now; where it stands may have moved. */
function hasAll(before: readonly TextProblem[], after: readonly TextProblem[]): boolean {
  const known = new Set(before.map(({ message }) => message));
  return after.length <= before.length && after.every(({ level, message }) => level !== 'error' && known.has(message));
}

/** By the quick reader where it takes the text: what it gives is the same, in a fraction of the time. */
function rootOf(text: string, budget: AliasBudget): TextNode | Unreadable {
  const common = commonNodes(text);
  if (common) {
    return common;
  }
  const read = readEditable(text, budget);
  return 'problem' in read ? read : yamlText(read.tree, text);
}

/** The same for JSON that begins at the text's start. */
export function editedJson(text: string, before: unknown, after: unknown): EditedText | { readonly problem: TextProblem } {
  return editedBy(text, jsonText(text, 0), before, after, (changed) => JSON.parse(changed) as unknown);
}

function editedBy(
  text: string, root: TextNode, before: unknown, after: unknown, readAgain: (text: string) => unknown,
): EditedText | { readonly problem: TextProblem } {
  try {
    const edits = plannedEdits(text, root, before, after);
    if (!sameValue(valueOf(() => readAgain(edited(text, edits))), after)) {
      throw likelyReason(text, root, before, after);
    }
    return { edits, masks: () => privateParts(text, root, before) };
  } catch (error) {
    if (error instanceof NotEditable) {
      return { problem: { level: 'error', offset: error.offset, message: `left as it is: ${error.reason}` } };
    }
    throw error;
  }
}

/** JSON has no comments: a `#` is in a text there. */
function privateParts(text: string, root: TextNode, value: unknown): TextEdit[] {
  const values = privateValues(text, root, value);
  const comments = outside(privateComments(text, root, values), values);
  return comments.length === 0 ? values : [...values, ...comments].sort((a, b) => a.start - b.start);
}

/** JSON that became none is as wrong as another value. */
function valueOf(read: () => unknown): unknown {
  try {
    return read();
  } catch (error) {
    if (error instanceof SyntaxError) {
      return undefined;
    }
    throw error;
  }
}
