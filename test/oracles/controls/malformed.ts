import { changedAt } from '../../../src/controls/catalog/base-pod';
import { Control } from '../../../src/controls/control';
import { exampleTwins } from '../../../src/controls/example-twins';
import { parsePlace, showPath } from '../../../src/controls/path';
import { GeneratedObject } from '../../support/generated-objects/options';

const WRONG: readonly unknown[] = ['wrong', 7, true, [7], {}];

export interface MalformedTwin {
  readonly control: Control;
  /** What is where: `spec.hostNetwork = "wrong"`. */
  readonly what: string;
  /** The twin that it was made from, by which the API server is told where it belongs. */
  readonly twin: GeneratedObject;
  readonly object: GeneratedObject;
}

/** The violating twin of a control with values of every type at the place of the finding, and at each step on the way to it. Some are right there. */
export function malformedTwins(control: Control): MalformedTwin[] {
  const { violating, finding } = exampleTwins(control);
  const place = parsePlace(finding);
  return place.flatMap((_, i) => WRONG.map((value) => ({
    control,
    what: `${showPath(place.slice(0, i + 1))} = ${JSON.stringify(value)}`,
    twin: violating as GeneratedObject,
    object: changedAt(violating, place.slice(0, i + 1), value) as GeneratedObject,
  })));
}
