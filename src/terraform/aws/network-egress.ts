/** How hosts in private subnets reach what lies outside the VPC. The control plane's subnets never do, but for AWS's own APIs. */
export enum NetworkEgress {
  /** Not at all: AWS's APIs through VPC endpoints, nothing else. No internet gateway exists. */
  ENDPOINTS = 'endpoints',
  /** VPC endpoints, and a NAT gateway in each availability zone. */
  NAT_PER_AZ = 'nat-per-az',
  /** VPC endpoints, and one NAT gateway for all: cheaper, and one zone's failure takes the way out from all. */
  NAT_SINGLE = 'nat-single',
}
