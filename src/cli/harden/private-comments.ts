import { HIDDEN } from './private-values';
import { TextEdit } from './text-edits';
import { TextNode } from './text-node';
import { mayBeSecret } from '../../controls/results/concealed';
import { secretLiteral } from '../../core/secret-patterns';

/** Characters of a comment that somebody wrote to be read; it also bounds what is searched. */
const LONGEST = 1000;
/** Between the name of a setting and its value, in YAML and in shells. */
const IS = /\S[ \t]*(?::(?=[ \t"'[{]|$)|=)[>=]?[ \t]*/g;
/** A name whose value comes below, and one whose value is text of several lines. */
const KEY = /^(?:-[ \t]+)?["']?[\w.\/-]+["']?[ \t]*:$/;
const TEXT_KEY = /:[ \t]+[|>][-+0-9]*$/;
/** An element of a list, an argument, what is in quotes or in brackets. Several words after a dash are prose. */
const ELEMENT = /^(?:-[ \t]+(?:\S+$|["'[{-])|["'[{])/;
/** What begins a remark, and is no setting. */
const REMARK = /^(?:TODO|FIXME|NOTE|XXX|HACK|WARNING|Note|See)(?:\([\w.@-]+\))?:[ \t]/;
/** A user with a password before a host, whatever characters they have. */
const LOGIN = /:\S*@(?!sha256:)/;
/** Switches, small numbers, files. */
const HARMLESS = /^["']?(?:|true|false|yes|no|on|off|null|none|~|-?[0-9]{1,3}|(?:https:\/\/)?[\w.\/-]+\.(?:json|md|tpl|ya?ml))["']?$/i;

/** A part of a text. */
interface Span {
  readonly start: number;
  readonly end: number;
}

interface Comment extends Span {
  /** What it says to its end, also where it was taken out twice. */
  readonly content: string;
  /** Where its line begins. */
  readonly line: number;
}

/**
 * Edits that hide what comments say where it may be secret: where a word is the name of secrets, where something looks like one, and where values are
 * out of use that are more than switches, small numbers and names of files; and on the line of a value that is hidden or missing. Comments that follow
 * one another are hidden together: a name and its value, or the lines of a key.
 * @param values those that are hidden, in order
 */
export function privateComments(text: string, root: TextNode, values: readonly TextEdit[]): TextEdit[] {
  const comments = commentsOf(text, root);
  const beside = besideValues(comments, values);
  const isHidden = (each: Comment) => beside.has(each) || isInPlaceOfSecret(text.slice(each.line, each.start));
  return runsOf(comments, text).filter((run) => run.some(isHidden) || isPrivate(run.map(({ content }) => content))).flat()
    .flatMap(({ content, end }) => (content === '' ? [] : [{ start: end - content.length, end, text: HIDDEN }]));
}

/** Comments on the lines on which values end. */
function besideValues(comments: readonly Comment[], values: readonly TextEdit[]): ReadonlySet<Comment> {
  let next = 0;
  return new Set(comments.filter(({ line, start }) => {
    while (next < values.length && values[next].end <= start) {
      next++;
    }
    return next > 0 && values[next - 1].end > line;
  }));
}

/** Whether the name of a secret is before a comment, and no value. */
function isInPlaceOfSecret(before: string): boolean {
  return before.trimEnd().endsWith(':') && namesSecret(before);
}

function isPrivate(contents: readonly string[]): boolean {
  return contents.some((each) => each.length > LONGEST)
    || contents.some((each, i) => LOGIN.test(each) || namesSecret(each) || holdsSetting(each.replace(REMARK, ''), contents[i + 1]))
    || mayBeSecret(contents.join('\n'));
}

function namesSecret(content: string): boolean {
  let before = '';
  return (content.match(/[\w.-]+/g) ?? []).some((word) => {
    const isName = isSecretName(word) || isSecretName(`${before}_${word}`);
    before = word;
    return isName;
  });
}

/** Whether something that is a secret under no other name is one under this. */
function isSecretName(name: string): boolean {
  return secretLiteral(name, 'anything');
}

function holdsSetting(content: string, below: string | undefined): boolean {
  const values = [...content.matchAll(IS)].map((found) => content.slice(found.index + found[0].length));
  const isNamed = below !== undefined && (TEXT_KEY.test(content) || (KEY.test(content) && below.search(IS) === -1));
  return isNamed || ELEMENT.test(content) || values.some((value) => !HARMLESS.test(value));
}

/** Comments with nothing in between. One after a value goes on in those that are right below it. */
function runsOf(comments: readonly Comment[], text: string): Comment[][] {
  const runs: Comment[][] = [];
  for (const comment of comments) {
    const previous = runs.at(-1)?.at(-1);
    if (previous && text.slice(previous.end, comment.start).trim() === '' && (isOwnLine(previous, text) || columnOf(comment) === columnOf(previous))) {
      runs[runs.length - 1].push(comment);
    } else {
      runs.push([comment]);
    }
  }
  return runs;
}

function isOwnLine({ line, start }: Comment, text: string): boolean {
  return text.slice(line, start).trim() === '';
}

function columnOf({ line, start }: Comment): number {
  return start - line;
}

/** The comments of a document: where a `#` is in no key and no value. */
function commentsOf(text: string, root: TextNode): Comment[] {
  const comments: Comment[] = [];
  let hash = text.indexOf('#');
  const lookBefore = (limit: number) => {
    while (hash !== -1 && hash < limit) {
      const line = text.indexOf('\n', hash);
      const end = Math.min(line === -1 ? text.length : line, limit);
      comments.push({ start: hash, end, content: text.slice(hash, end).replace(/^[#\s]+/, ''), line: text.lastIndexOf('\n', hash) + 1 });
      hash = text.indexOf('#', end);
    }
  };
  for (const { start, end } of hash === -1 ? [] : solidParts(text, root)) {
    lookBefore(start);
    if (hash !== -1 && hash < end) {
      hash = text.indexOf('#', end);
    }
  }
  lookBefore(text.length);
  return comments;
}

/** Keys and values, in the order of the text. */
function* solidParts(text: string, node: TextNode): Generator<Span> {
  if (node.kind === 'map') {
    for (const { start, valueFrom, value } of node.entries) {
      // Comments may stand between a key and its colon on another line.
      if (!text.slice(start, valueFrom).includes('\n')) {
        yield { start, end: valueFrom };
      }
      yield* solidParts(text, value);
    }
  } else if (node.kind === 'list') {
    for (const { value } of node.items) {
      yield* solidParts(text, value);
    }
  } else {
    // The line with the `|` may have a comment.
    const isBlock = node.kind === 'scalar' && node.style === 'block';
    yield { start: isBlock ? Math.min(text.indexOf('\n', node.start), node.end) : node.start, end: node.end };
  }
}
