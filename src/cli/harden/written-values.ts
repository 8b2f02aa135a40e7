import { isObject } from '../../controls/path';
import { plainValue } from '../documents/plain-scalars';

/** How a document indents. */
export interface BlockStyle {
  /** Spaces for each level of maps. */
  readonly step: number;
  /** Spaces before the dashes of a list, from the key that holds it. */
  readonly dash: number;
  /** Whether keys are in quotes. */
  readonly isQuoted?: boolean;
}

/** How what stands in brackets is written. */
export interface FlowStyle {
  /** As JSON. */
  readonly isQuoted: boolean;
  /** A space after commas and colons. */
  readonly isSpaced: boolean;
  /** A space inside braces. */
  readonly isPadded: boolean;
  /** One member a line: the indentation of each level. */
  readonly indent?: string;
}

const PLAIN = /^[A-Za-z_/][A-Za-z0-9_./-]*$/;

/** Whether a value is written on the line of its key, also outside brackets. */
export function isInline(value: unknown): boolean {
  return typeof value !== 'object' || value === null || Object.keys(value).length === 0;
}

/** A value as lines of YAML that begin at a column. */
export function blockLines(value: unknown, column: number, style: BlockStyle): string[] {
  const indent = ' '.repeat(column);
  if (Array.isArray(value)) {
    return value.flatMap((each) => {
      const [first, ...rest] = isInline(each) || Array.isArray(each) ? [flowText(each, FLOW)] : blockLines(each, column + 2, style);
      return [`${indent}- ${first.trimStart()}`, ...rest];
    });
  }
  return isObject(value) ? Object.entries(value).flatMap(([key, each]) => entryLines(key, each, column, style)) : [`${indent}${scalarText(value, false)}`];
}

/** A key with its value as lines of YAML. */
export function entryLines(key: string, value: unknown, column: number, style: BlockStyle): string[] {
  const name = `${' '.repeat(column)}${scalarText(key, style.isQuoted === true)}:`;
  return isInline(value)
    ? [`${name} ${flowText(value, FLOW)}`]
    : [name, ...blockLines(value, column + (Array.isArray(value) ? style.dash : style.step), style)];
}

const FLOW: FlowStyle = { isQuoted: false, isSpaced: true, isPadded: false };

/** A value as it stands in brackets, on a line that begins with some space. */
export function flowText(value: unknown, style: FlowStyle, lineIndent = ''): string {
  if (isInline(value)) {
    return Array.isArray(value) ? '[]' : isObject(value) ? '{}' : scalarText(value, style.isQuoted);
  }
  const inner = `${lineIndent}${style.indent}`;
  const members = Array.isArray(value)
    ? value.map((each) => flowText(each, style, inner))
    : Object.entries(value as object).map(([key, each]) => flowEntry(key, each, style, inner));
  const [open, close] = Array.isArray(value) ? '[]' : '{}';
  if (style.indent !== undefined) {
    return `${open}\n${members.map((each) => inner + each).join(',\n')}\n${lineIndent}${close}`;
  }
  const padding = style.isPadded && !Array.isArray(value) ? ' ' : '';
  return `${open}${padding}${members.join(style.isSpaced ? ', ' : ',')}${padding}${close}`;
}

/** A key with its value as it stands in brackets. */
export function flowEntry(key: string, value: unknown, style: FlowStyle, lineIndent = ''): string {
  return `${scalarText(key, style.isQuoted)}:${style.isSpaced || !style.isQuoted ? ' ' : ''}${flowText(value, style, lineIndent)}`;
}

/** Text is quoted where it has to be, so that it stays text. */
export function scalarText(value: unknown, isQuoted: boolean): string {
  return typeof value === 'string' && !isQuoted && PLAIN.test(value) && plainValue(value) === value ? value : JSON.stringify(value);
}
