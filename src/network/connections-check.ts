import { IConstruct } from 'constructs';
import type { ConnectionsProps } from './connections';
import { Cidr } from '../core/cidr';
import { checkDnsLabel } from '../core/dns-name';
import { invalid } from '../core/errors';
import { checkPodLabels } from '../core/labels';
import { Port } from '../core/port';

/** Checks what connections are declared for, and copies it: a rule without peers, or a policy without labels, would mean everything. */
export function checkConnections(props: ConnectionsProps): ConnectionsProps {
  const { name, owner, pods, cidrs = [], exceptCidrs = [] } = props;
  const at = owner ?? `Connections ${name}`;
  if (pods ? cidrs.length > 0 : cidrs.length === 0) {
    throw invalid({
      at, property: pods ? 'cidrs' : 'pods', got: pods ? cidrs : undefined, allowed: 'either pods or address ranges',
      fix: pods ? 'Make one Connections for the pods and one for the addresses.' : 'Give pods, or at least one range in cidrs: a rule without peers is open to everyone.',
    });
  }
  if (owner) {
    checkDnsLabel(name, 'name', at);
  }
  if (owner && !pods?.podLabels) {
    throw invalid({
      at, property: 'pods.podLabels', got: pods?.podLabels, allowed: 'the labels of the owner\'s pods',
      fix: 'Give them: a policy without labels is one for every pod of the namespace.',
    });
  }
  cidrs.forEach((cidr, i) => Cidr._parse(cidr, `cidrs[${i}]`, at));
  exceptCidrs.forEach((cidr, i) => Cidr._parse(cidr, `exceptCidrs[${i}]`, at));
  return {
    ...props,
    pods: pods && checkedPods(pods, at),
    cidrs: [...cidrs],
    exceptCidrs: [...exceptCidrs],
    defaultPorts: [...props.defaultPorts ?? []],
  };
}

function checkedPods(pods: NonNullable<ConnectionsProps['pods']>, at: Parameters<typeof checkDnsLabel>[2]): ConnectionsProps['pods'] {
  checkDnsLabel(pods.namespaceName, 'namespaceName', at);
  return { namespaceName: pods.namespaceName, podLabels: pods.podLabels && checkPodLabels(pods.podLabels, 'podLabels', at) };
}

/**
 * Refuses a connection to a port that no container has, which would open nothing that anybody listens on.
 * @param listening ports that the workload states; where it states none, it may listen on any
 */
export function checkReached(ports: readonly Port[], listening: readonly Port[], target: string, method: string, at: IConstruct): void {
  const wrong = listening.length === 0 ? undefined : ports.find((port) => !listening.some((each) => (
    each.protocol === port.protocol && each.first >= port.first && each.last <= port.last
  )));
  if (wrong) {
    throw invalid({
      at, property: method, got: String(wrong), allowed: `ports that ${target} has: ${listening.join(', ')}`, fix: 'Correct the port, or name it in furtherPorts of the workload that listens on it.',
    });
  }
}
