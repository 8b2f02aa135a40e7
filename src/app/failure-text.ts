import { plural } from '../core/plural';
import { ReportedFinding } from '../evidence/check-results';
import { findingsTable } from '../evidence/findings-table';
import { sortedFindings } from '../evidence/sorted-findings';
import { waiverDraft } from '../evidence/waiver-draft';
import { withoutSecrets } from '../evidence/without-secrets';

/** Worst findings that are shown; the evidence has them all. */
const MOST_SHOWN = 100;
const MOST_WAIVERS = 3;

/**
 * Why a synth failed and what to do about it.
 * @param folder of the evidence
 */
export function failureText(folder: string, enforced: ReportedFinding[], failures: readonly string[]): string {
  const parts = [
    ...(enforced.length === 0 ? [] : [findingsTable(enforced, 100, MOST_SHOWN), ...waivers(folder, enforced)]),
    ...failures,
  ];
  return `${enforced.length > 0 ? 'What is enforced isn\'t met' : 'What was accepted has to be looked at again'}. `
    + `Nothing was written but ${folder}: see report.md there.\n\n${parts.join('\n')}`;
}

/** Those of the worst findings, ready to be pasted. */
function waivers(folder: string, enforced: ReportedFinding[]): string[] {
  const drafts = [...new Set(sortedFindings(withoutSecrets(enforced)).flatMap(({ toWaive }) => (toWaive ? [waiverDraft(toWaive)] : [])))];
  const more = drafts.length - MOST_WAIVERS;
  return drafts.length === 0 ? ['Correct them.'] : [
    'Correct them, or accept single ones for a time: fill in reason, owner and expires.',
    ...drafts.slice(0, MOST_WAIVERS).map((draft) => `  ${draft}`),
    ...(more > 0 ? [`  … and ${plural(more, 'more waiver')} in ${folder}/report.md`] : []),
  ];
}
