/** A network that hosts can be placed in: one of this library, or one that exists. */
export interface IPrivateNetwork {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** The VPC's address range. */
  readonly cidr: string;
  /** The region, for instance `eu-central-1`. */
  readonly region: string;
  /** Subnets for nodes that run workloads. */
  readonly privateSubnetIds: string[];
  /** Subnets for the control plane, without a route out of the VPC. */
  readonly controlPlaneSubnetIds: string[];
  /** Subnets with a route to the internet gateway; empty where there are none. */
  readonly publicSubnetIds: string[];
  /** Security group of the interface endpoints: what AWS's APIs are reached through. */
  readonly endpointSecurityGroupId?: string;
  /** Prefix list of Amazon S3's gateway endpoint. */
  readonly s3PrefixListId?: string;
}

/** What has to be known of a network that exists. */
export interface PrivateNetworkAttributes {
  /** Id of the VPC. */
  readonly vpcId: string;
  /** The VPC's address range. */
  readonly cidr: string;
  /** The region, for instance `eu-central-1`. */
  readonly region: string;
  /** Subnets for nodes that run workloads, at least one. */
  readonly privateSubnetIds: string[];
  /**
   * Subnets for the control plane.
   * @default - the private subnets
   */
  readonly controlPlaneSubnetIds?: string[];
  /**
   * Subnets with a route to an internet gateway.
   * @default - none
   */
  readonly publicSubnetIds?: string[];
  /**
   * Security group of the VPC's interface endpoints.
   * @default - unknown: hosts may reach port 443 of any address in the VPC
   */
  readonly endpointSecurityGroupId?: string;
  /**
   * Prefix list of Amazon S3's gateway endpoint.
   * @default - unknown: hosts get no way to Amazon S3
   */
  readonly s3PrefixListId?: string;
}
