import { Construct, IConstruct } from 'constructs';
import { canonicalAddress, Cidr } from '../core/cidr';
import { ClusterProfile } from '../core/cluster-profile';
import { Distribution } from '../core/distribution';
import { invalid } from '../core/errors';
import { checkList } from '../core/list';
import { NodeKind } from '../core/node-kind';
import { treeRegistry } from '../core/tree-registry';
import { NodeRole } from '../nodes/node-role';
import { EtcdTlsConfig } from './etcd/etcd-tls-config';
import { hasExternalAuthority } from './pki/certificate-options';
import { PkiPlan } from './pki/pki-plan';

/** @throws where somebody else runs the control plane, or its files are others */
export function checkDistribution(profile: ClusterProfile, at: IConstruct): void {
  const got = profile.distribution;
  if (profile.hasManagedControlPlane) {
    throw invalid({
      at,
      property: 'distribution',
      got,
      allowed: 'a distribution whose control plane you run',
      fix: 'Leave ControlPlane out: the provider runs the API server and etcd, and reads none of these files. Set its audit log and encryption there.',
    });
  }
  if (got !== Distribution.KUBEADM) {
    throw invalid({
      at,
      property: 'distribution',
      got,
      allowed: `${Distribution.KUBEADM}: the files of ${got} are not supported yet`,
      fix: `Use Distribution.KUBEADM, or configure the control plane by ${got}'s own means: it would not read kubeadm's files.`,
    });
  }
}

/** @throws for the second one of an app: it would have the profile, the names and the certificates of the first */
export function checkOnlyOne(at: IConstruct): void {
  const registry = treeRegistry(at);
  const other = registry.get('ControlPlane');
  if (other) {
    throw invalid({
      at, property: 'scope', got: at.node.path, allowed: `one ControlPlane in an app, which is one cluster; there is ${other.node.path}`,
      fix: 'Remove one of the two, or make another app for the other cluster.',
    });
  }
  registry.set('ControlPlane', at);
}

/** @throws where `node-join` would tell machines that join to look for the API server at home, as the administrators' kubeconfig that it reads does */
export function checkJoining(pki: PkiPlan, profile: ClusterProfile, workers: readonly NodeRole[], at: IConstruct): void {
  if (workers.length > 0 && hasExternalAuthority(pki) && profile.apiEndpoints.length === 0) {
    throw invalid({
      at,
      property: 'workers',
      got: workers.map(({ roleName }) => roleName),
      allowed: 'none with certificates.externalAuthority where the profile states no apiEndpoints: admin.conf then names 127.0.0.1',
      fix: 'State apiEndpoints in the profile: the name or address that all API servers are reached by, such as that of a load balancer.',
    });
  }
}

/** @throws for a role of another kind or another app */
export function checkRole(property: string, role: NodeRole, kind: NodeKind, at: IConstruct): NodeRole {
  if (!Construct.isConstruct(role) || !('roleName' in role)) {
    throw invalid({ at, property, got: role, allowed: `a NodeRole of kind ${kind}`, fix: 'Give the role of those machines.' });
  }
  if (role.kind !== kind) {
    throw invalid({ at, property, got: `${role.roleName}, of kind ${role.kind}`, allowed: `a NodeRole of kind ${kind}`, fix: 'Give the role of those machines.' });
  }
  if (role.node.root !== at.node.root) {
    throw invalid({ at, property, got: `${role.roleName}, of another app`, allowed: 'a NodeRole of the same app', fix: 'One app is one cluster: make the role in it.' });
  }
  return role;
}

/** @throws unless every role is of kind WORKER, of this app, and there once */
export function checkWorkers(workers: NodeRole[], at: IConstruct): NodeRole[] {
  return checkList(workers, 'workers', 'roles', at).map((role, i) => {
    const property = `workers[${i}]`;
    if (workers.indexOf(role) !== i) {
      throw invalid({ at, property, got: role.roleName, allowed: 'a role that is not in the list yet', fix: 'Name it once.' });
    }
    return checkRole(property, role, NodeKind.WORKER, at);
  });
}

/** @throws where etcd's machines aren't listed, or a stacked member lies outside the control plane's network */
export function checkMembers(etcd: EtcdTlsConfig, profile: ClusterProfile, external: boolean, at: IConstruct): void {
  if (external && etcd.members.length === 0) {
    throw invalid({
      at,
      property: 'etcd.members',
      got: [],
      allowed: 'an EtcdTlsConfig with members where etcdNodes are given',
      fix: 'List name and address of every machine: certificates and the cluster are made from them.',
    });
  }
  const ranges = profile.controlPlaneCidrs;
  const stranger = etcd.members.find(({ address }) => !ranges.some((range) => holds(range, address)));
  if (stranger && !external && ranges.length > 0) {
    throw invalid({
      at,
      property: 'etcd',
      got: `${stranger.name} at ${stranger.address}`,
      allowed: `members in the profile's controlPlaneCidrs ${ranges.join(', ')}`,
      fix: 'Correct the address or the range, or give etcdNodes if etcd has machines of its own: firewalls are made from the ranges.',
    });
  }
}

/** The release as tools write it: `v1.36.4`; undefined for the newest patch. */
export function checkRelease(profile: ClusterProfile, release: string | undefined, at: IConstruct): string | undefined {
  if (release === undefined) {
    return undefined;
  }
  const minor = profile.kubernetesVersion.toString();
  const match = /^v?(1\.\d+)\.(?:0|[1-9]\d{0,2})$/.exec(release);
  if (typeof release !== 'string' || match?.[1] !== minor) {
    throw invalid({
      at,
      property: 'kubernetesRelease',
      got: release,
      allowed: `a patch release of ${minor}, the profile's version`,
      fix: `Give for instance ${minor}.1, or change the profile.`,
    });
  }
  return release.startsWith('v') ? release : `v${release}`;
}

function holds(range: Cidr, address: string): boolean {
  const canonical = canonicalAddress(address)!;
  return range.contains(Cidr.of(`${canonical}/${canonical.includes(':') ? 128 : 32}`));
}
