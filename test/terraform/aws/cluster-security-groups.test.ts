import { TerraformStack } from 'cdktf';
import * as fc from 'fast-check';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { Cni } from '../../../src/core/cni';
import { Distribution } from '../../../src/core/distribution';
import { Port } from '../../../src/core/port';
import { PortMatrix, PortMatrixProps, PortSource } from '../../../src/core/port-matrix';
import { BastionHost } from '../../../src/terraform/aws/bastion-host';
import { ClusterSecurityGroups, ClusterSecurityGroupsProps } from '../../../src/terraform/aws/cluster-security-groups';
import { PrivateNetwork } from '../../../src/terraform/aws/private-network';
import { Block, configurationOf, newStack, resources } from '../configuration';

const NETWORK = PrivateNetwork.fromAttributes({
  vpcId: 'vpc-1', cidr: '10.0.0.0/16', region: 'eu-central-1', privateSubnetIds: ['subnet-1'], endpointSecurityGroupId: 'sg-endpoints', s3PrefixListId: 'pl-s3',
});

interface Setup { profile?: Partial<ClusterProfileProps>; ports?: PortMatrixProps; bastion?: boolean; more?: Partial<ClusterSecurityGroupsProps> }

function stackWith({ profile, ports, bastion = true, more }: Setup = {}): TerraformStack {
  const stack = newStack();
  const cluster = new ClusterProfile({ name: 'prod', ...profile });
  const host = bastion ? new BastionHost(stack, 'bastion', { network: NETWORK, hostName: 'bastion' }) : undefined;
  new ClusterSecurityGroups(stack, 'groups', { network: NETWORK, cluster, ports, bastion: host, ...more });
  return stack;
}

/** Rules as `source → target protocol ports`; sources and targets are kinds of machine, or what else stands in the rule. */
function rules(stack: TerraformStack, direction: 'ingress' | 'egress'): string[] {
  const names = new Map(Object.keys(configurationOf(stack).resource.aws_security_group)
    .map((name) => [`\${aws_security_group.${name}.id}`, /^(?:groups|bastion)_(.*)_/.exec(name)![1].replace('security-group', 'bastion')]));
  const show = (id: string): string => names.get(id) ?? id;
  return resources(stack, `aws_vpc_security_group_${direction}_rule`).map((rule) => {
    const own = show(rule.security_group_id);
    const peer = show(rule.referenced_security_group_id ?? rule.cidr_ipv4 ?? rule.prefix_list_id);
    const [from, to] = direction === 'ingress' ? [peer, own] : [own, peer];
    return `${from} → ${to} ${rule.ip_protocol}${rule.from_port === undefined ? '' : ` ${rule.from_port}-${rule.to_port}`}`;
  }).sort();
}

function ofMatrix(profile: Partial<ClusterProfileProps> = {}, ports?: PortMatrixProps): string[] {
  return new PortMatrix(new ClusterProfile({ name: 'prod', ...profile }), ports).rules
    .map((rule) => `${rule.source} → ${rule.to} ${rule.port.protocol.toLowerCase()} ${rule.port.first}-${rule.port.last}`);
}

function leaves(rule: string): boolean {
  return !/ → (sg-endpoints|pl-s3|0\.0\.0\.0\/0) /.test(rule);
}

const CLUSTERS = fc.record({
  distribution: fc.constantFrom(Distribution.KUBEADM, Distribution.TALOS, Distribution.RKE2, Distribution.K3S, Distribution.OPENSHIFT),
  cni: fc.constantFrom(Cni.CILIUM, Cni.CALICO_BGP, Cni.CILIUM_WIREGUARD),
  metricsServerOnWorkers: fc.boolean(),
  apiFromBastion: fc.boolean(),
});

describe('the security groups of a cluster', () => {
  test('nodes admit exactly what the port matrix names', () => {
    fc.assert(fc.property(CLUSTERS, ({ distribution, cni, ...ports }) => {
      const admitted = rules(stackWith({ profile: { distribution, cni }, ports }), 'ingress').filter((rule) => !rule.includes('→ load-balancer'));
      expect(admitted).toEqual([...new Set(ofMatrix({ distribution, cni }, ports))].sort());
    }), { numRuns: 20 });
  });

  test('every connection is allowed on both ends, or on none', () => {
    fc.assert(fc.property(CLUSTERS, fc.boolean(), ({ distribution, cni, ...ports }, bastion) => {
      const stack = stackWith({ profile: { distribution, cni }, ports, bastion });
      expect(rules(stack, 'egress').filter(leaves)).toEqual(rules(stack, 'ingress'));
    }), { numRuns: 20 });
  });

  test('no rule admits an address: only groups', () => {
    for (const rule of resources(stackWith(), 'aws_vpc_security_group_ingress_rule')) {
      expect(Object.keys(rule).filter((key) => /^(cidr|prefix)/.test(key))).toEqual([]);
      expect(rule.description).not.toBe('');
    }
  });

  test('etcd on machines of its own is reached by the control plane and by itself alone', () => {
    const toEtcd = rules(stackWith({ ports: { externalEtcd: true } }), 'ingress').filter((rule) => rule.includes('→ etcd '));
    expect(toEtcd).toEqual(['control-plane → etcd tcp 2379-2379', 'etcd → etcd tcp 2380-2380']);
  });

  test('stacked etcd is not reached by workers', () => {
    expect(rules(stackWith(), 'ingress').filter((rule) => / 23(79|80)-/.test(rule))).toEqual([
      'control-plane → control-plane tcp 2379-2379', 'control-plane → control-plane tcp 2380-2380',
    ]);
  });

  test('nodes admit no SSH unless asked to, and then from the bastion alone', () => {
    expect(rules(stackWith(), 'ingress').filter((rule) => rule.endsWith(' 22-22'))).toEqual([]);
    expect(rules(stackWith({ ports: { sshFromBastion: true } }), 'ingress').filter((rule) => rule.endsWith(' 22-22'))).toEqual([
      'bastion → control-plane tcp 22-22', 'bastion → worker tcp 22-22',
    ]);
  });

  test('the load balancer takes the API server\'s clients on the port of its endpoint, and passes them to the port that it listens on', () => {
    const stack = stackWith({ profile: { apiEndpoints: ['https://api.prod.internal:8443'] } });
    expect(rules(stack, 'ingress').filter((rule) => rule.includes('load-balancer'))).toEqual([
      'bastion → load-balancer tcp 8443-8443',
      'control-plane → load-balancer tcp 8443-8443',
      'load-balancer → control-plane tcp 6443-6443',
      'worker → load-balancer tcp 8443-8443',
    ]);
  });

  test('without a bastion no rule names one', () => {
    const stack = stackWith({ bastion: false, ports: { sshFromBastion: true } });
    expect([...rules(stack, 'ingress'), ...rules(stack, 'egress')].filter((rule) => rule.includes('bastion'))).toEqual([]);
  });

  test('nodes leave the cluster for AWS\'s endpoints and Amazon S3 alone', () => {
    expect(rules(stackWith({ bastion: false }), 'egress').filter((rule) => !leaves(rule))).toEqual([
      'control-plane → pl-s3 tcp 443-443', 'control-plane → sg-endpoints tcp 443-443', 'worker → pl-s3 tcp 443-443', 'worker → sg-endpoints tcp 443-443',
    ]);
  });

  test('ports of the internet are opened for nodes, never for etcd', () => {
    const stack = stackWith({ bastion: false, ports: { externalEtcd: true }, more: { internetPorts: [Port.tcp(443)] } });
    expect(rules(stack, 'egress').filter((rule) => rule.includes('0.0.0.0/0'))).toEqual(['control-plane → 0.0.0.0/0 tcp 443-443', 'worker → 0.0.0.0/0 tcp 443-443']);
  });

  test('where pods have addresses of the VPC, nodes admit pods from nodes', () => {
    const stack = stackWith({ bastion: false, profile: { cni: Cni.AWS_VPC } });
    expect(rules(stack, 'ingress').filter((rule) => rule.endsWith(' -1'))).toEqual([
      'control-plane → control-plane -1', 'control-plane → worker -1', 'worker → control-plane -1', 'worker → worker -1',
    ]);
  });

  test('groups are replaced before they are removed, and carry no rules of their own', () => {
    for (const group of resources(stackWith(), 'aws_security_group')) {
      expect(group.lifecycle).toEqual({ create_before_destroy: true });
      expect(group).not.toHaveProperty('name');
      expect(group).not.toHaveProperty('ingress');
      expect(group).not.toHaveProperty('egress');
    }
  });

  test('the profile of the app is taken where none is given', () => {
    const stack = newStack();
    new ClusterProfile({ name: 'staging' }).attachTo(stack);
    new ClusterSecurityGroups(stack, 'groups', { network: NETWORK });
    expect(resources(stack, 'aws_security_group').map((group: Block) => group.tags.Name)).toEqual(['staging-control-plane', 'staging-api', 'staging-worker']);
  });

  test('every source of the matrix is known', () => {
    expect(Object.values(PortSource).sort()).toEqual(['bastion', 'control-plane', 'etcd', 'load-balancer', 'worker']);
  });

  test('a cluster whose control plane the provider runs is refused', () => {
    expect(() => stackWith({ profile: { distribution: Distribution.EKS } })).toThrow(
      '[stack/groups] cluster: got "eks"; allowed: a distribution whose control plane you run. Use the security group that the provider makes for the cluster.');
  });
});
