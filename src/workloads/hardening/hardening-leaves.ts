import { containersOf, mountsNode } from './hardening-paths';
import { at, templatePlaces } from './hardening-tree';
import { Control } from '../../controls/control';
import { Fault } from '../../controls/faults';
import { isObject, Place, valueAt } from '../../controls/path';
import { StepObject } from '../../controls/results/hardening-step';

/** What pods of the node state for a purpose: none of it is taken away while they mount the node's files. */
const OF_THE_NODE: readonly string[] = [
  'allow-privilege-escalation', 'app-armor-profile', 'capabilities-baseline', 'host-ipc', 'host-network', 'host-pid', 'host-ports', 'privileged', 'proc-mount-baseline',
  'proc-mount-restricted', 'run-as-user', 'seccomp-profile-baseline', 'seccomp-profile-restricted', 'selinux-options', 'share-process-namespace', 'sysctls', 'system-priority',
];
/** What such programs do without saying so: read the node's files as root. */
const UNSAID: readonly string[] = ['capabilities-restricted', 'run-as-non-root'];
const ROOT: readonly string[] = ['run-as-user', 'run-as-non-root'];

/** Why a fault is left to a person, though there is a fix: what a program can't do without would go. */
export function reasonToLeave({ json, location }: StepObject, { id }: Control, fault: Fault): string | undefined {
  if (fault.malformed || !(OF_THE_NODE.includes(id) || UNSAID.includes(id))) {
    return undefined;
  }
  const place = templatePlaces(json, location).find((each) => each.every((step, i) => fault.place[i] === step));
  if (!place) {
    return undefined;
  }
  const spec = [...place, 'spec'];
  if (mountsNode(at(json, spec)) && (UNSAID.includes(id) || fault.got !== undefined)) {
    return 'Its pods mount paths of the node, so that what they state may be what they need: take the volumes away, or waive what is needed.';
  }
  // What root does in a container, it does by what else is stated and by capabilities.
  const isOfRoot = ROOT.includes(id) || (fault.container !== undefined && (UNSAID.includes(id) || fault.got !== undefined));
  return isOfRoot && statesRoot(json, spec, fault)
    ? 'It states user 0: which other user it can run as has to be known. Name the image in imageProfiles, state the user, or waive it.' : undefined;
}

/** Whether the container of a fault, or the pod, is told to run as root. */
function statesRoot(json: unknown, spec: Place, { container: name }: Fault): boolean {
  const ofPod = at(json, [...spec, 'securityContext', 'runAsUser']);
  const containers = containersOf(json, spec).filter(({ container }) => isObject(container) && (name === undefined || container.name === name));
  return containers.some(({ container }) => (valueAt(container, ['securityContext', 'runAsUser']) ?? ofPod) === 0);
}
