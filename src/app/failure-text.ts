import { ReportedFinding } from '../evidence/check-results';
import { findingsTable } from '../evidence/findings-table';

/** Worst findings that are shown; the evidence has them all. */
const MOST_SHOWN = 100;

/**
 * Why a synth failed and what to do about it.
 * @param folder of the evidence
 */
export function failureText(folder: string, enforced: ReportedFinding[], failures: readonly string[]): string {
  const parts = [
    ...(enforced.length === 0 ? [] : [
      findingsTable(enforced, 100, MOST_SHOWN),
      'Correct them, or accept single ones for a time: Controls.of(scope).waive({ control, resource, reason, owner, expires, … }).',
    ]),
    ...failures,
  ];
  return `${enforced.length > 0 ? 'What is enforced isn\'t met' : 'What was accepted has to be looked at again'}. `
    + `Nothing was written but ${folder}: see report.md there.\n\n${parts.join('\n')}`;
}
