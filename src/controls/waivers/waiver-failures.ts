import { WaiverOutcome } from './waiver-book';

/** Waivers that fail the synth, one line each: what they say and why they are of no use. */
export function waiverFailures(waivers: readonly WaiverOutcome[]): string[] {
  return [
    ...waivers.filter(({ state }) => state === 'expired').map(({ waiver, declaredAt }) => (
      `waiver of ${waiver.control} for ${waiver.resource} (${declaredAt}) ended on ${waiver.expires}. Correct the object and remove it, or have it waived anew by ${waiver.owner}.`
    )),
    ...waivers.filter(({ state }) => state === 'unused').map(({ waiver, declaredAt, hint }) => (
      `waiver of ${waiver.control} for ${waiver.resource} (${declaredAt}) accepts nothing: ${hint}. Correct or remove it.`
    )),
  ];
}
