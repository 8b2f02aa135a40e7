import * as fc from 'fast-check';
import { messageOf } from './message-of';
import { ClusterProfile, ClusterProfileProps } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { Distribution } from '../../src/core/distribution';
import { NodeKind } from '../../src/core/node-kind';
import { Port, TransportProtocol } from '../../src/core/port';
import { PortMatrix, PortMatrixProps, PortRule, PortSource } from '../../src/core/port-matrix';

const matrix = (props: PortMatrixProps = {}, profile: Partial<ClusterProfileProps> = {}) => new PortMatrix(new ClusterProfile({ name: 'prod', ...profile }), props);
const covers = (rule: PortRule, port: number) => rule.port.protocol === TransportProtocol.TCP && rule.port.first <= port && port <= rule.port.last;
const sources = (of: PortMatrix, kind: NodeKind, port: number) => of.inbound(kind).filter((rule) => covers(rule, port)).map((rule) => rule.source);
const lines = (of: PortMatrix, kind: NodeKind) => of.inbound(kind).map((rule) => `${rule.port} from ${rule.source}: ${rule.purpose}`);
const SELF_MANAGED = [Distribution.KUBEADM, Distribution.TALOS, Distribution.RKE2, Distribution.K3S, Distribution.OPENSHIFT];
const MANAGED = [Distribution.EKS, Distribution.GKE, Distribution.AKS];

describe('a self-managed cluster', () => {
  test('opens exactly this on its control plane', () => {
    expect(lines(matrix(), NodeKind.CONTROL_PLANE)).toEqual([
      'TCP 6443 from load-balancer: API server',
      'TCP 6443 from control-plane: API server',
      'TCP 6443 from worker: API server',
      'TCP 6443 from bastion: API server',
      'TCP 10250 from control-plane: kubelet',
      'TCP 2379 from control-plane: etcd clients',
      'TCP 2380 from control-plane: etcd peers',
      'UDP 8472 from control-plane: pod network (cilium)',
      'UDP 8472 from worker: pod network (cilium)',
      'TCP 4240 from control-plane: pod network (cilium)',
      'TCP 4240 from worker: pod network (cilium)',
    ]);
  });

  test('opens exactly this on its workers', () => {
    expect(lines(matrix(), NodeKind.WORKER)).toEqual([
      'TCP 10250 from control-plane: kubelet',
      'UDP 8472 from control-plane: pod network (cilium)',
      'UDP 8472 from worker: pod network (cilium)',
      'TCP 4240 from control-plane: pod network (cilium)',
      'TCP 4240 from worker: pod network (cilium)',
    ]);
  });

  test('opens nothing on the bastion: it is reached without a port, or by an allow-list of its own', () => {
    expect(matrix({ sshFromBastion: true }).inbound(NodeKind.BASTION)).toEqual([]);
  });

  test('keeps the API server from the bastion where that is asked for', () => {
    const open = sources(matrix({ apiFromBastion: false }), NodeKind.CONTROL_PLANE, 6443);
    expect(open).toEqual([PortSource.LOAD_BALANCER, PortSource.CONTROL_PLANE, PortSource.WORKER]);
  });

  test('opens the port that the API servers listen on, whatever the load balancer offers', () => {
    const of = matrix({}, { apiServerPort: 8443, apiEndpoints: ['https://api.example.com'] });
    expect(sources(of, NodeKind.CONTROL_PLANE, 8443)).toHaveLength(4);
    expect(sources(of, NodeKind.CONTROL_PLANE, 6443)).toEqual([]);
    expect(sources(of, NodeKind.CONTROL_PLANE, 443)).toEqual([]);
  });
});

describe('etcd', () => {
  test('stacked: the control plane alone reaches it', () => {
    for (const distribution of SELF_MANAGED) {
      expect(sources(matrix({}, { distribution }), NodeKind.CONTROL_PLANE, 2379)).toEqual([PortSource.CONTROL_PLANE]);
      expect(sources(matrix({}, { distribution }), NodeKind.CONTROL_PLANE, 2380)).toEqual([PortSource.CONTROL_PLANE]);
    }
  });

  test('on machines of its own: clients are the control plane, peers are etcd, and the control plane has neither port', () => {
    const of = matrix({ externalEtcd: true });
    expect(lines(of, NodeKind.ETCD)).toEqual(['TCP 2379 from control-plane: etcd clients', 'TCP 2380 from etcd: etcd peers']);
    expect(sources(of, NodeKind.CONTROL_PLANE, 2379)).toEqual([]);
    expect(sources(of, NodeKind.CONTROL_PLANE, 2380)).toEqual([]);
  });

  test('stacked: nothing reaches an etcd machine, as there is none', () => {
    expect(matrix().inbound(NodeKind.ETCD)).toEqual([]);
  });

  test.each([...MANAGED, Distribution.TALOS, Distribution.OPENSHIFT])('cannot be moved where the distribution runs it: %s', (distribution) => {
    expect(messageOf(() => matrix({ externalEtcd: true }, { distribution })))
      .toBe(`[PortMatrix of prod] externalEtcd: got true; allowed: false on ${distribution}, which runs etcd itself. Leave externalEtcd out.`);
  });
});

describe('SSH', () => {
  test('is closed everywhere by default', () => {
    for (const distribution of Object.values(Distribution)) {
      expect(matrix({}, { distribution }).rules.filter((rule) => covers(rule, 22))).toEqual([]);
    }
  });

  test('comes from the bastion alone where it is asked for, to every kind of node', () => {
    const of = matrix({ sshFromBastion: true, externalEtcd: true });
    expect(of.rules.filter((rule) => covers(rule, 22)).map((rule) => [rule.to, rule.source])).toEqual([
      [NodeKind.CONTROL_PLANE, PortSource.BASTION], [NodeKind.ETCD, PortSource.BASTION], [NodeKind.WORKER, PortSource.BASTION],
    ]);
  });

  test('does not exist on Talos', () => {
    expect(messageOf(() => matrix({ sshFromBastion: true }, { distribution: Distribution.TALOS }))).toBe(
      '[PortMatrix of prod] sshFromBastion: got true; allowed: false on talos, which has no SSH server. '
      + 'Leave sshFromBastion out: the bastion reaches the nodes over the distribution\'s own API.');
  });
});

describe('the kubelet', () => {
  test('is reached from the control plane alone, on control-plane nodes too', () => {
    expect(sources(matrix(), NodeKind.CONTROL_PLANE, 10250)).toEqual([PortSource.CONTROL_PLANE]);
    expect(sources(matrix(), NodeKind.WORKER, 10250)).toEqual([PortSource.CONTROL_PLANE]);
  });

  test('is reached from workers where a metrics-server runs there', () => {
    const of = matrix({ metricsServerOnWorkers: true });
    expect(sources(of, NodeKind.CONTROL_PLANE, 10250)).toEqual([PortSource.CONTROL_PLANE, PortSource.WORKER]);
    expect(sources(of, NodeKind.WORKER, 10250)).toEqual([PortSource.CONTROL_PLANE, PortSource.WORKER]);
  });

  test('is reached from workers on GKE, AKS and OpenShift, whose own pods read it', () => {
    const open = Object.values(Distribution)
      .filter((distribution) => sources(matrix({}, { distribution }), NodeKind.WORKER, 10250).includes(PortSource.WORKER));
    expect(open).toEqual([Distribution.GKE, Distribution.AKS, Distribution.OPENSHIFT]);
  });
});

describe('the network plugin', () => {
  test('gets its ports between nodes only', () => {
    for (const cni of [Cni.CILIUM_WIREGUARD, Cni.CALICO, Cni.CALICO_BGP, Cni.FLANNEL, Cni.OVN_KUBERNETES]) {
      for (const kind of [NodeKind.CONTROL_PLANE, NodeKind.WORKER]) {
        const rules = matrix({}, { cni }).inbound(kind).filter((rule) => rule.purpose.startsWith('pod network'));
        expect(rules.map((rule) => `${rule.port} ${rule.source}`)).toEqual(cni.nodePorts.flatMap((port) => [`${port} control-plane`, `${port} worker`]));
      }
    }
  });

  test('has no port on etcd machines: no pods run there', () => {
    expect(matrix({ externalEtcd: true }).inbound(NodeKind.ETCD).filter((rule) => rule.purpose.startsWith('pod network'))).toEqual([]);
  });

  test('that puts pods into the network of the nodes opens no port', () => {
    expect(matrix({}, { cni: Cni.AWS_VPC }).rules.filter((rule) => rule.purpose.startsWith('pod network'))).toEqual([]);
  });
});

describe('a distribution', () => {
  test.each(MANAGED)('with a managed control plane has no rule for control-plane nodes or etcd: %s', (distribution) => {
    const of = matrix({ sshFromBastion: true }, { distribution });
    expect([...new Set(of.rules.map((rule) => rule.to))]).toEqual([NodeKind.WORKER]);
    expect(sources(of, NodeKind.WORKER, 22)).toEqual([PortSource.BASTION]);
  });

  test('RKE2 lets nodes join over the supervisor\'s port, directly or by the load balancer', () => {
    const of = matrix({}, { distribution: Distribution.RKE2 });
    expect(sources(of, NodeKind.CONTROL_PLANE, 9345)).toEqual([PortSource.LOAD_BALANCER, PortSource.CONTROL_PLANE, PortSource.WORKER]);
    expect(sources(of, NodeKind.WORKER, 9345)).toEqual([]);
  });

  test('Talos is administered over its own API, passed on by the control plane, and issues certificates to workers', () => {
    const of = matrix({}, { distribution: Distribution.TALOS });
    expect(sources(of, NodeKind.CONTROL_PLANE, 50000)).toEqual([PortSource.BASTION, PortSource.CONTROL_PLANE]);
    expect(sources(of, NodeKind.WORKER, 50000)).toEqual([PortSource.CONTROL_PLANE]);
    expect(sources(of, NodeKind.CONTROL_PLANE, 50001)).toEqual([PortSource.WORKER]);
    expect(sources(of, NodeKind.WORKER, 50001)).toEqual([]);
  });

  test('OpenShift hands machines their configuration from the control plane', () => {
    const of = matrix({}, { distribution: Distribution.OPENSHIFT });
    expect(sources(of, NodeKind.CONTROL_PLANE, 22623)).toEqual([PortSource.LOAD_BALANCER, PortSource.CONTROL_PLANE, PortSource.WORKER]);
    expect(sources(of, NodeKind.WORKER, 22623)).toEqual([]);
  });

  test('k3s joins over the API server\'s port: nothing more is open', () => {
    const tcp = matrix({}, { distribution: Distribution.K3S }).inbound(NodeKind.CONTROL_PLANE)
      .filter((rule) => rule.port.protocol === TransportProtocol.TCP);
    expect([...new Set(tcp.map((rule) => rule.port.first))]).toEqual([6443, 10250, 2379, 2380]);
  });
});

describe('whatever the cluster and the choices', () => {
  const choices = fc.record({
    externalEtcd: fc.boolean(), sshFromBastion: fc.boolean(), apiFromBastion: fc.boolean(), metricsServerOnWorkers: fc.boolean(),
  });
  const cnis = fc.constantFrom(...Object.values(Cni).filter((value): value is Cni => value instanceof Cni));
  const possible = fc.tuple(choices, cnis, fc.constantFrom(...Object.values(Distribution)))
    .filter(([props, , distribution]) => !(props.sshFromBastion && distribution === Distribution.TALOS)
      && !(props.externalEtcd && [...MANAGED, Distribution.TALOS, Distribution.OPENSHIFT].includes(distribution)));
  const each = (check: (rules: PortRule[], props: PortMatrixProps) => void) => fc.assert(fc.property(possible, ([props, cni, distribution]) =>
    check(matrix(props, { cni, distribution }).rules, props)), { numRuns: 300 });

  test('scheduler, controller manager, read-only kubelet, kube-proxy, etcd metrics and NodePorts are closed', () => {
    each((rules) => {
      for (const port of [10257, 10259, 10255, 10248, 10249, 10256, 2381, 2382, 4001, 8080, 30000, 32767]) {
        expect(rules.filter((rule) => covers(rule, port))).toEqual([]);
      }
    });
  });

  test('every source is one of the known machines: none is "anywhere"', () => {
    each((rules) => expect(rules.filter((rule) => !Object.values(PortSource).includes(rule.source))).toEqual([]));
    expect(Object.values(PortSource)).toEqual(['control-plane', 'etcd', 'worker', 'bastion', 'load-balancer']);
  });

  test('no worker reaches etcd, and the load balancer reaches the control plane alone', () => {
    each((rules) => {
      const toEtcd = rules.filter((rule) => covers(rule, 2379) || covers(rule, 2380));
      expect(toEtcd.filter((rule) => ![PortSource.CONTROL_PLANE, PortSource.ETCD].includes(rule.source))).toEqual([]);
      expect(rules.filter((rule) => rule.source === PortSource.LOAD_BALANCER && rule.to !== NodeKind.CONTROL_PLANE)).toEqual([]);
    });
  });

  test('the bastion reaches SSH where asked for, the API server and the API of Talos, nothing else', () => {
    each((rules, props) => {
      const ports = rules.filter((rule) => rule.source === PortSource.BASTION).map((rule) => rule.port.toString());
      const allowed = [...(props.sshFromBastion ? ['TCP 22'] : []), ...(props.apiFromBastion ? ['TCP 6443'] : []), 'TCP 50000'];
      expect(ports.filter((port) => !allowed.includes(port))).toEqual([]);
    });
  });

  test('no connection is stated twice, and the order is the same every time', () => {
    fc.assert(fc.property(possible, ([props, cni, distribution]) => {
      const texts = () => matrix(props, { cni, distribution }).rules.map((rule) => `${rule.to} ${rule.source} ${rule.port}`);
      expect(new Set(texts()).size).toBe(texts().length);
      expect(texts()).toEqual(texts());
    }), { numRuns: 100 });
  });
});

test('changing what was returned changes nothing', () => {
  const of = matrix();
  const before = lines(of, NodeKind.WORKER);
  of.rules.pop();
  Object.assign(of.rules[0], { source: PortSource.BASTION });
  Object.assign(of.inbound(NodeKind.WORKER)[0], { port: Port.tcpRange(1, 65535) });
  of.inbound(NodeKind.WORKER).pop();
  expect(lines(of, NodeKind.WORKER)).toEqual(before);
  expect(of.rules[0].source).toBe(PortSource.LOAD_BALANCER);
});
