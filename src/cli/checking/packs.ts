import { catalogControls } from '../../controls/catalog';
import { Control } from '../../controls/control';
import { ControlPack } from '../../controls/pack';
import { invalid, InvalidInput } from '../../core/errors';
import { KubernetesVersion, SupportState } from '../../core/kubernetes-version';
import { nearChoice } from '../near-choice';

/** The packs that can be named, the usual one first. */
export function knownPacks(): readonly ControlPack[] {
  return [ControlPack.recommended(), ControlPack.pssRestricted(), ControlPack.pssBaseline(), ControlPack.nsa(), ControlPack.cisWorkloads()];
}

/** The catalog as a pack: it has controls that are for some workloads only, and in no other pack. */
const EVERYTHING = 'all';

/** @throws if there is no pack of that name */
export function packNamed(name: string): ControlPack {
  const packs = knownPacks();
  const choice = choiceAmong('--pack', name, [...packs.map((each) => each.name), EVERYTHING]);
  return packs[choice] ?? ControlPack.of(EVERYTHING, ...catalogControls());
}

/**
 * @param property what names it
 * @throws if the catalog has no control of that id
 */
export function controlNamed(id: string, property: string): Control {
  const controls = catalogControls();
  const found = controls.find((each) => each.id === id);
  if (!found) {
    const near = nearChoice(id, controls.map((each) => each.id));
    throw invalid({
      property, got: id, allowed: 'ids of controls', fix: near === undefined ? 'Look them up: cdk8s-hardened explain' : `Say ${near}.`,
    });
  }
  return found;
}

/** What is judged for where nobody names a version of the cluster. */
export const DEFAULT_VERSION = '1.35';

/** @throws if it is no version of Kubernetes that the library judges, in the words of what it was said with */
export function kubernetesVersion(text: string, said: Pick<InvalidInput, 'at' | 'property'> = { property: '--kubernetes-version' }): KubernetesVersion {
  try {
    return KubernetesVersion.of(text);
  } catch (error) {
    const { allowed, fix } = error as { readonly allowed: string; readonly fix: string };
    throw invalid({ ...said, got: text, allowed, fix });
  }
}

/** What to know of a version that was asked for: nothing of those that are known, and of what is none. */
export function versionNote(text: string): string | undefined {
  try {
    const version = KubernetesVersion.of(text);
    return version.supportState === SupportState.UNKNOWN ? `Kubernetes ${version} works as ${version.effective}, the newest that is known here` : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where a choice is among those that there are.
 * @throws if it isn't, with the nearest
 */
export function choiceAmong(option: string, choice: string, choices: readonly string[]): number {
  const index = choices.indexOf(choice);
  if (index === -1) {
    const near = nearChoice(choice, choices);
    throw invalid({ property: option, got: choice, allowed: choices.join(', '), fix: near === undefined ? 'Choose one of them.' : `Say ${option} ${near}.` });
  }
  return index;
}

/**
 * For an option that may be repeated, and takes several names with commas between them.
 * @returns what adds to the names that came before. It throws for an empty name: where a variable of a script is empty, nothing would be held to anything.
 */
export function collecting(option: string): (value: string, before?: readonly string[]) => readonly string[] {
  return (value, before = []) => {
    const names = value.split(',').map((each) => each.trim());
    if (names.includes('')) {
      throw invalid({ property: option, got: value, allowed: 'names, with commas between them', fix: `Leave out what is empty, or ${option} itself.` });
    }
    return [...before, ...names];
  };
}

/** Of `--pack`. */
export const collected = collecting('--pack');
