import { Document, parseDocument } from 'yaml';
import { blankLines } from './blank-lines';
import { LIMITS, TextProblem } from './document';
import { tooDeep } from './nesting';
import { AliasBudget, NodeValues, Refusal } from './node-values';
import { syntaxMessage } from './syntax-messages';

/** One YAML document with everything that is needed to change it in place. */
export interface EditableDocument {
  /**
   * The tree of the package `yaml`. Its scalars are text, as written; `range` and `srcToken` of each node say where in the text it stands.
   * Change the text at these places rather than printing the tree, so that everything else stays as it is.
   */
  readonly tree: Document;
  /** The same that `readDocuments` gives for the text. */
  readonly value: unknown;
  readonly warnings: readonly TextProblem[];
}

/** What `readEditable` gives where the text can't be read. */
export interface Unreadable {
  readonly problem: TextProblem;
}

/** What is said of text that would make a parser run out of stack. */
export const TOO_DEEP = 'this is nested too deeply to be read';

/**
 * Reads the text of one YAML document, without its `---`, with comments and positions kept.
 *
 * It takes every form of YAML and some ten times as long as what `check` uses for common text.
 */
export function readEditable(text: string, budget: AliasBudget = { left: LIMITS.aliasedValuesTotal }): EditableDocument | Unreadable {
  const { end: first } = blankLines(text);
  if (text[first] === '%') {
    return unreadable(first, 'kubectl takes no directives (%): remove the line');
  }
  const deep = tooDeep(text);
  if (deep !== -1) {
    return unreadable(deep, TOO_DEEP);
  }
  let tree: Document;
  try {
    tree = parseDocument(text, {
      schema: 'failsafe', uniqueKeys: false, merge: false, keepSourceTokens: true, prettyErrors: false, logLevel: 'silent',
    });
  } catch (error) {
    return unreadable(0, failure(error));
  }
  const [error] = [...tree.errors].sort((a, b) => a.pos[0] - b.pos[0]);
  if (error) {
    return unreadable(error.pos[0], syntaxMessage(error.code));
  }
  try {
    const values = new NodeValues(tree, text, budget);
    return { tree, value: values.value(), warnings: values.warnings };
  } catch (refusal) {
    if (refusal instanceof Refusal) {
      return unreadable(refusal.offset, refusal.reason);
    }
    return unreadable(0, failure(refusal));
  }
}

/** The parser's own recursion ends in a RangeError. */
function failure(error: unknown): string {
  return (error as Partial<Error>).name === 'RangeError' ? TOO_DEEP : 'this cannot be read as YAML';
}

function unreadable(offset: number, message: string): Unreadable {
  return { problem: { level: 'error', offset, message } };
}
