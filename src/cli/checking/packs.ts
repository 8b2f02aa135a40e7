import { ControlPack } from '../../controls/pack';
import { invalid } from '../../core/errors';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { nearestName } from '../../core/nearest-name';

/** The packs that can be named, the usual one first. */
export function knownPacks(): readonly ControlPack[] {
  return [ControlPack.recommended(), ControlPack.pssRestricted(), ControlPack.pssBaseline(), ControlPack.nsa(), ControlPack.cisWorkloads()];
}

/** @throws if there is no pack of that name */
export function packNamed(name: string): ControlPack {
  const packs = knownPacks();
  return packs[choiceAmong('--pack', name, packs.map((each) => each.name))];
}

/** @throws if it is no version of Kubernetes that the library judges */
export function kubernetesVersion(text: string): KubernetesVersion {
  try {
    return KubernetesVersion.of(text);
  } catch (error) {
    const { allowed, fix } = error as { readonly allowed: string; readonly fix: string };
    throw invalid({ property: '--kubernetes-version', got: text, allowed, fix });
  }
}

/**
 * Where a choice is among those that there are.
 * @throws if it isn't, with the nearest
 */
export function choiceAmong(option: string, choice: string, choices: readonly string[]): number {
  const index = choices.indexOf(choice);
  if (index === -1) {
    const near = nearestName(choice, choices);
    throw invalid({ property: option, got: choice, allowed: choices.join(', '), fix: `Say ${option} ${near ?? choices[0]}.` });
  }
  return index;
}

/** For options that may be repeated, and take several names with commas between them. */
export function collected(value: string, before: readonly string[] = []): readonly string[] {
  return [...before, ...value.split(',').map((each) => each.trim()).filter((each) => each !== '')];
}
