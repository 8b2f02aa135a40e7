// jsii resolves the names of a submodule only where they are exported by `export *`: what these files export is public.
export * from './aws/aws-stack-props';
export * from './aws/bastion-access';
export * from './aws/bastion-host';
export * from './aws/bastion-host-props';
export * from './aws/bastion-image';
export * from './aws/bastion-stack';
export * from './aws/cluster-security-groups';
export * from './aws/network-egress';
export * from './aws/private-network';
export * from './aws/private-network-attributes';
export * from './aws/private-network-stack';
export * from './state-backend';
