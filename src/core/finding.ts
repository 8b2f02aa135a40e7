import { Reference } from './reference';
import { Severity } from './severity';

/** A line of a file that a person wrote. */
export interface SourceLine {
  /** The file, from the working directory, with forward slashes, for instance `src/main.ts`. */
  readonly file: string;
  /** The line, from 1. */
  readonly line: number;
}

/** One thing that a check found, in the form that reports, SARIF and tests share. */
export interface Finding {
  /** Id of the control or check, for instance `kubernetes-end-of-life`. */
  readonly control: string;
  /** How much it matters. */
  readonly severity: Severity;
  /** What is the matter, in one sentence. */
  readonly message: string;
  /** What to do about it, in one sentence. */
  readonly fix: string;
  /**
   * Path of the construct it is about.
   * @default - the whole app
   */
  readonly constructPath?: string;
  /**
   * The object it is about, as `kind/namespace/name`.
   * @default - no single object
   */
  readonly resource?: string;
  /**
   * The container that it is in.
   * @default - none
   */
  readonly container?: string;
  /**
   * Path inside the object, for instance `spec.template.spec.containers[0].image`.
   * @default - the whole object
   */
  readonly path?: string;
  /**
   * What is there, shown as in errors; never a secret's value.
   * @default - not shown
   */
  readonly got?: string;
  /**
   * What would comply, as a noun phrase.
   * @default - see `fix`
   */
  readonly expected?: string;
  /**
   * Where the user's program makes the construct.
   * @default - not captured
   */
  readonly source?: SourceLine;
  /**
   * Rules of published standards that ask for it.
   * @default - none
   */
  readonly references?: Reference[];
}
