import { and, Cel, celString, relation, tight } from './cel-text';
import { Patch, patchEach, patchEachContainer, remedyPatches, Spot, spotBelow } from './mutating-spot';
import { Remedy } from '../fix/remedy';
import { Path, showPath } from '../path';

/** Where the API server mounts a pod's token, and how it names the volume. */
const TOKEN_PATH = '/var/run/secrets/kubernetes.io/serviceaccount';
const TOKEN_VOLUME = 'kube-api-access-';

/**
 * Patches that take back what the API server has made of a field before any policy sees the pod, and that would outlive the field's remedy. It
 * does it anew for the pod as it then is.
 */
export function derivedPatches(remedy: Remedy, root: Spot): Cel[] {
  switch ('path' in remedy ? showPath(remedy.path) : '') {
    case 'spec.automountServiceAccountToken':
      return remedy.op === 'set' && remedy.value === false ? tokenPatches(root) : [];
    case 'spec.priorityClassName':
      return ['priority', 'preemptionPolicy'].map((field) => removal(root, ['spec', field]));
    default:
      return [];
  }
}

function tokenPatches(root: Spot): Cel[] {
  const volumeName = (element: Spot): Cel => tight(`${element.item.chain}.name.startsWith(${celString(TOKEN_VOLUME)})`);
  const mounts = ['initContainers', 'containers'].map((list) => patchEachContainer(spotBelow(root, ['spec', list]), (container) => ({
    when: tight(`has(${container.item.chain}.volumeMounts)`),
    patches: patchEach(spotBelow(container, ['volumeMounts']), (mount): Patch => ({
      when: and(relation(`${mount.item.chain}.mountPath == ${celString(TOKEN_PATH)}`), volumeName(mount)), patches: removal(mount, []),
    }), true),
  }), false));
  return [...mounts, patchEach(spotBelow(root, ['spec', 'volumes']), (volume): Patch => ({ when: volumeName(volume), patches: removal(volume, []) }), true)];
}

function removal(spot: Spot, path: Path): Cel {
  return remedyPatches({ op: 'remove', path }, spot, false);
}
