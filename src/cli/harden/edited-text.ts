import { jsonText } from './json-text';
import { likelyReason, NotEditable, plannedEdits } from './planned-edits';
import { privateValues } from './private-values';
import { edited, TextEdit } from './text-edits';
import { TextNode } from './text-node';
import { yamlText } from './yaml-text';
import { sameValue } from '../diff/same-value';
import { TextProblem } from '../documents/document';
import { readEditable } from '../documents/editable-document';
import { AliasBudget } from '../documents/node-values';
import { yamlChunks } from '../documents/yaml-chunks';
import { readYaml } from '../documents/yaml-document';

/** How a document's text is changed. */
export interface EditedText {
  readonly edits: readonly TextEdit[];
  /** Edits that take out of the text, before it is shown, what may be secret. */
  readonly masks: readonly TextEdit[];
}

/** Characters of a document that is changed in place; the API server takes no object above 3 MiB, and Lists hold several. */
const LARGEST = 16 * 2 ** 20;
const END_MARK = /^\.\.\.(?=[ \t\n])/m;

/** Makes YAML say another value, or says why it can't be: what is returned has been read again and gives that value exactly. */
export function editedYaml(text: string, before: unknown, after: unknown, budget: AliasBudget): EditedText | { readonly problem: TextProblem } {
  if (text.length > LARGEST) {
    return { problem: { level: 'error', offset: 0, message: `documents of up to ${LARGEST / 2 ** 20} MiB can be changed in place: divide it` } };
  }
  const read = readEditable(text.slice(0, END_MARK.exec(text)?.index), budget);
  if ('problem' in read) {
    return read;
  }
  return editedBy(text, yamlText(read.tree, text), before, after, (changed) => {
    const bytes = Buffer.from(changed);
    const isOne = [...yamlChunks(bytes, 1)].length === 1;
    const { value, problems } = readYaml(changed, false, budget);
    return isOne && problems.every(({ level }) => level !== 'error') ? value : undefined;
  });
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
    return { edits, masks: privateValues(text, root, before) };
  } catch (error) {
    if (error instanceof NotEditable) {
      return { problem: { level: 'error', offset: error.offset, message: `left as it is: ${error.reason}` } };
    }
    throw error;
  }
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
