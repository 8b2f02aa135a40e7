import { Construct } from 'constructs';
import type { NodeRole } from './node-role';
import { canonicalAddress, Cidr } from '../core/cidr';
import { ClusterProfile } from '../core/cluster-profile';
import { checkDnsDomain } from '../core/dns-name';
import { invalid } from '../core/errors';
import { NodeKind } from '../core/node-kind';
import { checkPort } from '../core/port';

/** The targets that connections may be forwarded to, checked and in the form of sshd_config(5). */
export function checkPermitOpen(construct: Construct, roles: NodeRole[], targets: string[]): string[] {
  const other = roles.find((role) => role.kind !== NodeKind.BASTION);
  if (targets.length > 0 && other) {
    throw invalid({
      at: construct, property: 'permitOpen', got: targets, allowed: `forwarding on roles of kind bastion only (${other.roleName} is ${other.kind})`,
      fix: 'Harden the bastion with an SshHardening of its own.',
    });
  }
  return [...new Set(targets.map((target, i) => checkTarget(construct, target, `permitOpen[${i}]`)))];
}

function checkTarget(construct: Construct, target: string, property: string): string {
  const match = /^(?:\[([0-9a-fA-F:.]+)\]|([^[\]:*?\s]+)):(\d{1,5})$/.exec(target);
  if (!match) {
    throw invalid({
      at: construct, property, got: target, allowed: 'host:port or [IPv6]:port, without wildcards', fix: 'Name each machine and port that may be reached through the bastion.',
    });
  }
  const [, ipv6, host] = match;
  const port = checkPort(Number(match[3]), property, construct);
  const address = canonicalAddress(ipv6 ?? host);
  if (ipv6 !== undefined && !address?.includes(':')) {
    throw invalid({ at: construct, property, got: target, allowed: 'an IPv6 address in brackets', fix: 'Correct the address.' });
  }
  if (address === undefined) {
    if (/^[\d.]+$/.test(host)) {
      throw invalid({ at: construct, property, got: target, allowed: 'a DNS name or an IP address', fix: 'Correct the address.' });
    }
    return `${checkDnsDomain(host, property, construct)}:${port}`;
  }
  const range = Cidr.of(`${address}/${ipv6 === undefined ? 32 : 128}`);
  if (ClusterProfile.of(construct).metadataCidrs.some((metadata) => metadata.contains(range))) {
    throw invalid({
      at: construct, property, got: target, allowed: 'a target that is no metadata service: it hands out the bastion\'s credentials', fix: 'Take it out.',
    });
  }
  return ipv6 === undefined ? `${address}:${port}` : `[${address}]:${port}`;
}
