import { Severity } from '../../core/severity';
import { printable, wrap } from '../../evidence/plain-text';
import { CommandIo, Output } from '../command';
import { DocumentProblem, problemText } from '../documents/document';

/** Columns where nobody says how many there are: in a pipe or a file. */
const USUAL_WIDTH = 80;

export function widthOf({ isTTY, columns }: Output): number {
  return isTTY && columns !== undefined && columns > 0 ? columns : USUAL_WIDTH;
}

/** A message for people, whatever the manifests put into it: in lines on a terminal, in one elsewhere, where programs look for lines. */
export function note(output: Output, text: string): void {
  const line = printable(text);
  output.write((output.isTTY ? wrap(line, widthOf(output)) : [line]).map((each) => `${each}\n`).join(''));
}

/** What can't be read, or is read in a way that its author may not expect. */
export function noteProblem(output: Output, problem: DocumentProblem): void {
  note(output, `${problem.level === 'error' ? '' : 'warning: '}${problemText(problem)}`);
}

/** Whether what is written there may be coloured: NO_COLOR (https://no-color.org), FORCE_COLOR and TERM=dumb are honoured. */
export function isColoured({ isTTY }: Output, { NO_COLOR, FORCE_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  if (NO_COLOR !== undefined && NO_COLOR !== '') {
    return false;
  }
  if (FORCE_COLOR !== undefined && FORCE_COLOR !== '') {
    return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  }
  return isTTY === true && TERM !== 'dumb';
}

const CODES = { bold: [1, 22], dim: [2, 22], red: [31, 39], yellow: [33, 39], blue: [34, 39], green: [32, 39], cyan: [36, 39] } as const;

export type Style = keyof typeof CODES;

export const SEVERITY_STYLES: Record<Severity, readonly Style[]> = {
  [Severity.CRITICAL]: ['bold', 'red'],
  [Severity.HIGH]: ['red'],
  [Severity.MEDIUM]: ['yellow'],
  [Severity.LOW]: ['blue'],
  [Severity.INFO]: ['dim'],
};

/** Puts text into colours, or leaves it as it is. */
export type Painter = (text: string, ...styles: Style[]) => string;

export function painterFor(output: Output, io: Pick<CommandIo, 'env'>): Painter {
  return isColoured(output, io.env)
    ? (text, ...styles) => styles.reduce((inner, style) => `\x1b[${CODES[style][0]}m${inner}\x1b[${CODES[style][1]}m`, text)
    : (text) => text;
}
