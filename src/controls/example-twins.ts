import { basePod, changedAt } from './catalog/base-pod';
import { Control } from './control';
import { parsePlace, showPath } from './path';
import { invalid } from '../core/errors';

/** An object that meets a control, and one that differs from it at one place and doesn't. */
interface Twins {
  readonly compliant: unknown;
  readonly violating: unknown;
  /** Path of the finding in the other one. */
  readonly finding: string;
}

/**
 * The twins of a control's example. Where the control looks at several objects together, each twin is a list of them.
 * @throws if the control has no example
 */
export function exampleTwins(control: Control): Twins {
  const { example } = control;
  if (!example) {
    throw invalid({ at: `Control ${control.id}`, property: 'example', got: example, allowed: 'an example', fix: 'State the one place that differs, and what is there.' });
  }
  const compliant: unknown = example.compliant ?? basePod();
  const place = parsePlace(example.path);
  return { compliant, violating: changedAt(compliant, place, example.value), finding: example.finding ?? showPath(place) };
}
