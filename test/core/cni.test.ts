import { messageOf } from './message-of';
import { Cni, CniProps } from '../../src/core/cni';
import { Port } from '../../src/core/port';

const KNOWN = Object.entries(Cni).filter((entry): entry is [string, Cni] => entry[1] instanceof Cni);

test.each<[Cni, string[]]>([
  [Cni.CILIUM, ['UDP 8472', 'TCP 4240']],
  [Cni.CILIUM_WIREGUARD, ['UDP 8472', 'TCP 4240', 'UDP 51871']],
  [Cni.CALICO, ['UDP 4789', 'TCP 5473']],
  [Cni.CALICO_WIREGUARD, ['UDP 4789', 'TCP 5473', 'UDP 51820-51821']],
  [Cni.CALICO_BGP, ['TCP 179', 'TCP 5473']],
  [Cni.CANAL, ['UDP 8472']],
  [Cni.OVN_KUBERNETES, ['UDP 6081']],
  [Cni.AWS_VPC, []],
  [Cni.FLANNEL, ['UDP 8472']],
  [Cni.K3S_FLANNEL, ['UDP 8472']],
])('$name needs its documented ports between nodes (%#)', (cni, ports) => {
  expect(cni.nodePorts.map(String)).toEqual(ports);
});

test('of the known plugins Flannel alone enforces no NetworkPolicies', () => {
  expect(KNOWN.filter(([, cni]) => !cni.enforcesNetworkPolicies).map(([name]) => name)).toEqual(['FLANNEL']);
});

test('of the known plugins the VPC CNI alone puts pods into the network of the nodes', () => {
  expect(KNOWN.filter(([, cni]) => cni.podsShareNodeNetwork).map(([name]) => name)).toEqual(['AWS_VPC']);
});

test('another plugin is described by its facts', () => {
  const antrea = Cni.of({ name: 'antrea', enforcesNetworkPolicies: true, nodePorts: [Port.udp(6081)] });
  expect([antrea.name, antrea.enforcesNetworkPolicies, antrea.podsShareNodeNetwork, antrea.nodePorts.map(String)]).toEqual(['antrea', true, false, ['UDP 6081']]);
});

test('a plugin without a name is refused', () => {
  expect(messageOf(() => Cni.of({ name: ' ', enforcesNetworkPolicies: true })))
    .toBe('[Cni] name: got " "; allowed: the name of a network plugin. Give its name, for errors and reports.');
});

test('later changes to what was given or returned change nothing', () => {
  const nodePorts = [Port.udp(6081)];
  const props: CniProps = { name: 'antrea', enforcesNetworkPolicies: false, nodePorts };
  const cni = Cni.of(props);
  nodePorts.push(Port.tcp(22));
  cni.nodePorts.push(Port.tcp(22));
  Object.assign(props, { enforcesNetworkPolicies: true });
  expect(cni.nodePorts.map(String)).toEqual(['UDP 6081']);
  expect(cni.enforcesNetworkPolicies).toBe(false);
  expect(() => Object.assign(cni, { enforcesNetworkPolicies: true })).toThrow(TypeError);
});
