import { Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { Directed, Fact } from '../facts';

/** What an object's being there means: without it something is open, or with it. */
export interface PresenceMeans {
  readonly protects: boolean;
  readonly severity: Severity;
  /** Completes the sentence after the object's name: what is lost where it is removed. */
  readonly text: string;
}

/** A selector of what an object protects. */
export interface ProtectedBy {
  readonly path: string;
  readonly selector: unknown;
}

/** How changes of one kind are told apart from others. */
export interface KindRule {
  readonly id: string;
  readonly presence?: PresenceMeans;
  /** Where all that changed is in the facts. */
  readonly told?: readonly string[];
  /** Whether an object that is there on one side only is compared with one that says nothing. */
  readonly countsAlone?: boolean;
  /** Whether there is more in an object than can be compared one by one. */
  isLarge?(object: Json): boolean;
  /**
   * What an object allows, prevents and sets. Compared where both sides have the object.
   * @param isLarge where one of the sides is: what belongs together stays together then
   */
  facts(object: Json, isLarge: boolean): Fact[];
  /** Says in one sentence what differs by one word. */
  together?(changes: readonly Directed[]): readonly Directed[];
  /** Selectors of what it protects: one that selects less is weaker. */
  selectors?(object: Json): ProtectedBy[];
}
