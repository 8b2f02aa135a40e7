/** Where the nodes run; it decides which addresses serve instance metadata and credentials. */
export enum Cloud {
  /** Own hardware, or a cloud that is not listed here: the metadata addresses of all that are listed stay closed. */
  NONE = 'none',
  /** Amazon Web Services. */
  AWS = 'aws',
  /** Google Cloud. */
  GOOGLE = 'google',
  /** Microsoft Azure. */
  AZURE = 'azure',
  /** Hetzner Cloud. */
  HETZNER = 'hetzner',
  /** Alibaba Cloud. */
  ALIBABA = 'alibaba',
  /** OpenStack. */
  OPENSTACK = 'openstack',
}

const LINK_LOCAL = '169.254.169.254/32';
const AWS_V6 = 'fd00:ec2::254/128';

const METADATA: Record<Cloud, string[]> = {
  [Cloud.NONE]: [],
  [Cloud.AWS]: [LINK_LOCAL, AWS_V6],
  [Cloud.GOOGLE]: [LINK_LOCAL, 'fd20:ce::254/128'],
  [Cloud.AZURE]: [LINK_LOCAL, '168.63.129.16/32'],
  [Cloud.HETZNER]: [LINK_LOCAL],
  [Cloud.ALIBABA]: [LINK_LOCAL, '100.100.100.200/32'],
  [Cloud.OPENSTACK]: [LINK_LOCAL, 'fe80::a9fe:a9fe/128'],
};

/**
 * Addresses of the metadata and credential services, as CIDRs of one address each. Internal: other layers ask the profile.
 *
 * EKS Pod Identity's agent (169.254.170.23) is not among them: it hands out a workload's own credentials, not the node's.
 * 168.63.129.16 is Azure's wire server: it serves the machine's configuration, with its certificates and extension settings.
 * Without a cloud the union of all is returned: a blocked address that nobody serves costs nothing, an open one hands out credentials.
 */
export function metadataCidrs(cloud: Cloud): string[] {
  const all = [...new Set(Object.values(METADATA).flat())];
  return cloud === Cloud.NONE ? all : METADATA[cloud];
}
