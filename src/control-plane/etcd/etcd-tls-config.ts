import { TlsVersion } from './tls-version';
import { checkChoice } from '../../core/choice';
import { canonicalAddress } from '../../core/cidr';
import { checkDnsDomain, checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { lock } from '../../core/immutable';
import { checkProps, KnownProps } from '../../core/known-props';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkList } from '../../core/list';
import { markAs } from '../../core/made-by';
import { has } from '../availability';

/** One machine of etcd's cluster. */
export interface EtcdMember {
  /** The machine's short host name, a DNS label. On a stacked control plane it is also the node's name. */
  readonly name: string;
  /** The machine's address in the private network, IPv4 or IPv6. On a stacked control plane the API server advertises it. */
  readonly address: string;
  /**
   * Further names that clients or peers use for the machine.
   * @default - none
   */
  readonly dnsNames?: string[];
}

/** What there is to say about etcd. */
export interface EtcdTlsConfigProps {
  /**
   * The machines that run etcd.
   * @default - the control-plane nodes, whose names and addresses kubeadm knows; machines of etcd's own must be listed
   */
  readonly members?: EtcdMember[];
  /**
   * Oldest TLS version that clients and peers can use. With TLS 1.2 the suites are fixed: ECDHE with AES-GCM or ChaCha20-Poly1305. It is a finding.
   * @default TlsVersion.TLS_1_3
   */
  readonly minimumTlsVersion?: TlsVersion;
}

const MEMBER_PROPS: KnownProps<EtcdMember> = { name: true, address: true, dnsNames: true };
const PROPS: KnownProps<EtcdTlsConfigProps> = { members: true, minimumTlsVersion: true };

/**
 * Mutual TLS between etcd, its peers and its clients, TLS 1.3 and newer by default: an immutable statement that `ControlPlane` turns into flags,
 * certificates' names and node files (CIS 2.1 to 2.7).
 *
 * Nobody reaches a key of the cluster without a certificate, and a client's certificate opens no peer port. There is no plain listener but
 * the health and metrics port on loopback, no self-made (`auto-tls`) certificate, and no list of cipher suites to choose: TLS 1.3 has safe ones only.
 *
 * @throws if a name, an address or a DNS name has the wrong form or appears twice
 */
export class EtcdTlsConfig {
  /**
   * Minor version of etcd that goes with a version of Kubernetes: kubeadm runs it, and machines of etcd's own should have it.
   * Each of them knows the flags used here; a 3.4 refuses to start with them.
   */
  public static etcdVersion(kubernetesVersion: KubernetesVersion): string {
    if (has(kubernetesVersion, 'etcd 3.7')) {
      return '3.7';
    }
    return has(kubernetesVersion, 'etcd 3.6') ? '3.6' : '3.5';
  }

  /** Oldest TLS version that clients and peers can use. */
  public readonly minimumTlsVersion: TlsVersion;
  private readonly memberList: readonly EtcdMember[];

  constructor(props: EtcdTlsConfigProps = {}) {
    checkProps(props, PROPS, { at: 'EtcdTlsConfig' });
    this.minimumTlsVersion = checkChoice(props.minimumTlsVersion ?? TlsVersion.TLS_1_3, TlsVersion, 'TlsVersion', 'minimumTlsVersion', 'EtcdTlsConfig');
    this.memberList = Object.freeze(checkList(props.members ?? [], 'members', 'machines', 'EtcdTlsConfig').map((member, i) => checkMember(member, `members[${i}]`)));
    checkUnique(this.memberList.map((member) => member.name), 'name');
    checkUnique(this.memberList.map((member) => member.address), 'address');
    markAs('EtcdTlsConfig', this);
    lock(this);
  }

  /** The machines that run etcd, as far as they are listed, in their order. */
  public get members(): EtcdMember[] {
    return this.memberList.map((member) => ({ ...member, dnsNames: [...member.dnsNames ?? []] }));
  }
}

function checkMember(member: EtcdMember, property: string): EtcdMember {
  checkProps(member, MEMBER_PROPS, { at: 'EtcdTlsConfig', property });
  const address = canonicalAddress(member.address);
  if (address === undefined || ['0.0.0.0', '::'].includes(address)) {
    throw refused(`${property}.address`, member.address, 'one IP address of the machine, without port', 'Give its address in the private network.');
  }
  return Object.freeze({
    name: checkDnsLabel(member.name, `${property}.name`, 'EtcdTlsConfig'),
    address,
    dnsNames: Object.freeze(checkList(member.dnsNames ?? [], `${property}.dnsNames`, 'names', 'EtcdTlsConfig')
      .map((name, i) => checkDnsDomain(name, `${property}.dnsNames[${i}]`, 'EtcdTlsConfig'))) as string[],
  });
}

function checkUnique(values: string[], what: 'name' | 'address'): void {
  const index = values.findIndex((value, i) => values.indexOf(value) !== i);
  if (index >= 0) {
    throw refused(`members[${index}].${what}`, values[index], `${what === 'name' ? 'a name' : 'an address'} that no other member has`, 'Correct one of the two.');
  }
}

function refused(property: string, got: unknown, allowed: string, fix: string): Error {
  return invalid({ at: 'EtcdTlsConfig', property, got, allowed, fix });
}
