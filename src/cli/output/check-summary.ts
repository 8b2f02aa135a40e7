import { countedFindings } from './check-table';
import { MOST_NAMED, notCoveredLines } from './named';
import { plural } from '../../core/plural';
import { CheckedDocuments } from '../checking/checked-documents';
import { CHOSEN, CheckSettings } from '../checking/settings';

/** Entries of no use that are told one by one. */
const MOST_FAILURES = 10;

/** What a person wants to know of the whole run. */
export function summaryLines(checked: CheckedDocuments, settings: CheckSettings): string[] {
  const { packs, version, failOn } = settings;
  const { tally } = checked;
  if (checked.objects === 0) {
    return ['Nothing was checked.', ...leftOutLines(checked, settings)];
  }
  const accepted = [
    ...(tally.count('baselined') > 0 ? [`${plural(tally.count('baselined'), 'finding')} in the baseline`] : []),
    ...(tally.count('waived') > 0 ? [`${plural(tally.count('waived'), 'finding')} waived`] : []),
  ];
  const below = tally.count('warned');
  const of = packs.map(({ name }) => name).filter((name) => name !== CHOSEN).join(', ');
  return [
    `${countedFindings(tally)}. ${plural(checked.objects, 'object')} held to ${plural(checked.judging, 'control')}${of === '' ? '' : ` of ${of}`} for Kubernetes ${version}.`,
    ...leftOutLines(checked, settings),
    ...(below > 0 ? [`${plural(below, 'finding')} below ${failOn} ${below === 1 ? 'is' : 'are'} reported only.`] : []),
    ...(accepted.length > 0 ? [`Accepted: ${accepted.join(', ')}.`] : []),
    ...(checked.failures.length + checked.waiverFailures.length > 0 ? ['What else fails is on standard error.'] : []),
    ...checked.waivers.filter(({ state }) => state === 'expiring').map(({ waiver }) => `The waiver of ${waiver.control} for ${waiver.resource} ends on ${waiver.expires}.`),
    ...notCoveredLines(checked.notCovered.map(({ resource }) => resource)),
    ...checked.baselineUpdates.map(({ path, findings }) => `${path}: written with ${plural(findings, 'finding')}.`),
  ];
}

/** What was counted only, or not looked at. */
export function leftOutLines({ tally: { leftOut }, excluded }: CheckedDocuments, { least, excludedNamespaces = [] }: CheckSettings): string[] {
  return [
    ...(leftOut > 0 ? [`${plural(leftOut, 'finding')} below ${least} ${leftOut === 1 ? 'is' : 'are'} left out.`] : []),
    ...(excluded > 0 ? [`${plural(excluded, 'object')} of ${excludedNamespaces.join(', ')} ${excluded === 1 ? 'is' : 'are'} left out.`] : []),
  ];
}

/** What fails besides findings. */
export function failureLines(failures: readonly string[]): string[] {
  const more = failures.length - MOST_FAILURES;
  return more <= 0 ? [...failures] : [
    ...failures.slice(0, MOST_FAILURES), `… and ${more} more such entries. Were the same files and packs given as when the baseline was written?`,
  ];
}

/** Objects that are there twice. */
export function repeatedLines({ repeated }: CheckedDocuments): string[] {
  const more = repeated.length - MOST_NAMED;
  return [
    ...repeated.slice(0, MOST_NAMED).map(({ resource, first, again }) => (
      `${resource} is in ${first.file}:${first.line} and again in ${again.file}:${again.line}: the one that is applied last wins`
    )),
    ...(more > 0 ? [`… and ${plural(more, 'more object')} are there twice`] : []),
  ];
}
