import { blankLines } from './blank-lines';
import { readCommon } from './common-reader';
import { LIMITS, TextProblem } from './document';
import { readEditable, TOO_DEEP } from './editable-document';
import { tooDeep } from './nesting';
import { AliasBudget } from './node-values';
import { plural } from '../../core/plural';
import { groupBy } from '../../evidence/group-by';

/** What a chunk of YAML gave: at most one value, and what there is to say of it. */
export interface YamlReading {
  readonly value?: unknown;
  readonly problems: readonly TextProblem[];
}

/** What YAML 1.1, and so kubectl, reads in its own way or not at all, wherever it stands. */
const UNUSUAL = /[\x00-\x08\x0b-\x1f\x7f-\x9f\ufeff\u2028\u2029\ufffe\uffff]/;
const TEMPLATE = /^[^#\n"']*?\{\{/m;
const END_MARK = /^\.\.\.(?=[ \t\n])/m;

/** Reads the text between two separators as kubectl does; `ascii` says that it's known to be printable. */
export function readYaml(text: string, ascii: boolean, budget: AliasBudget): YamlReading {
  const unusual = ascii ? null : UNUSUAL.exec(text);
  if (unusual) {
    return failed({ level: 'error', offset: unusual.index, message: unusualMessage(unusual[0]) });
  }
  const end = text.includes('\n...') || text.startsWith('...') ? END_MARK.exec(text) : null;
  return end ? readUntil(text, end.index, budget) : readWhole(text, budget);
}

function readUntil(text: string, end: number, budget: AliasBudget): YamlReading {
  const { value, problems } = readWhole(text.slice(0, end), budget);
  const next = text.indexOf('\n', end) + 1;
  if (blankLines(text, next).end === text.length) {
    return { value, problems };
  }
  const message = 'kubectl does not read what follows a line "...": begin the next document with a line ---';
  return { value, problems: [...problems, { level: 'error', offset: next, message }] };
}

function readWhole(text: string, budget: AliasBudget): YamlReading {
  const common = readCommon(text);
  if ('value' in common) {
    return { value: common.value, problems: [] };
  }
  if (text.length > LIMITS.rareDocument) {
    const deep = tooDeep(text);
    if (deep !== -1) {
      return failed({ level: 'error', offset: deep, message: TOO_DEEP });
    }
    const limit = `${LIMITS.rareDocument / 2 ** 20} MiB`;
    const message = `this is malformed or, like anchors and tags, taken in documents of up to ${limit} only: divide the document`;
    return failed({ level: 'error', offset: common.rareAt, message });
  }
  const whole = readEditable(text, budget);
  if ('problem' in whole) {
    return failed(TEMPLATE.test(text) ? unrendered(text, whole.problem) : whole.problem);
  }
  return { value: whole.value, problems: firstOfEachKind(whole.warnings) };
}

/** A generated document may say the same of thousands of places. */
function firstOfEachKind(warnings: readonly TextProblem[]): readonly TextProblem[] {
  if (warnings.length <= LIMITS.alikeWarnings) {
    return warnings;
  }
  return [...groupBy(warnings, ({ message }) => message).values()].flatMap((alike) => {
    const more = alike.slice(LIMITS.alikeWarnings);
    const rest = { ...more[0], message: `and ${plural(more.length, 'more warning')} of this kind in this document, from here on` };
    return more.length > 1 ? [...alike.slice(0, LIMITS.alikeWarnings), rest] : alike;
  });
}

function unrendered(text: string, problem: TextProblem): TextProblem {
  const offset = TEMPLATE.exec(text)![0].length + TEMPLATE.exec(text)!.index - 2;
  return { ...problem, offset, message: 'this looks like a Helm template that is not rendered ({{ }}): give the output of "helm template" instead' };
}

function failed(problem: TextProblem): YamlReading {
  return { problems: [problem] };
}

function unusualMessage(char: string): string {
  switch (char) {
    case '\r':
      return 'a carriage return without a line feed ends a line for kubectl only: use line feeds';
    case '\ufeff':
      return 'a byte order mark stands inside the file: remove it';
    case '\x85':
    case '\u2028':
    case '\u2029':
      return 'a Unicode line separator ends a line for kubectl only: use a line feed, or an escape in double quotes';
    default:
      return 'a control character, which YAML forbids: use an escape in double quotes';
  }
}
