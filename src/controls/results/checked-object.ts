import { IConstruct } from 'constructs';

/** One object as it will be written. */
export interface CheckedObject {
  readonly json: unknown;
  /** The construct that made it. */
  readonly construct: IConstruct;
  /** The file that it will be in. */
  readonly manifest?: string;
}

/** One change that hardening made to an object. */
export interface ObjectChange {
  readonly resource: string;
  readonly constructPath: string;
  readonly control: string;
  /** For instance `spec.hostNetwork: true → removed`. */
  readonly change: string;
  /** What the program may need of what was there, and what to check. */
  readonly mayNeed?: string;
}

/** What hardening had to leave as it is. */
export interface UnfixedFault {
  readonly resource: string;
  readonly constructPath: string;
  readonly control: string;
  /** In what is written. */
  readonly path: string;
  /** Why, in one sentence. */
  readonly reason: string;
}

/** An object whose pods nobody judges before they exist. */
export interface NotCovered {
  readonly resource: string;
  readonly constructPath: string;
  /** Why, in one sentence. */
  readonly reason: string;
}
