// A VPC that nothing outside can open a connection to, and a bastion without public address: sessions go through AWS Systems Manager.
import { HardenedApp, terraform } from 'cdk8s-hardened';

const app = new HardenedApp();
const state = terraform.StateBackend.s3({ bucket: 'acme-terraform-state', region: 'eu-central-1' });

const { network } = new terraform.PrivateNetworkStack(app, 'network', {
  state,
  networkName: 'acme',
  cidr: '10.20.0.0/16',
  azs: ['eu-central-1a', 'eu-central-1b', 'eu-central-1c'],
});
new terraform.BastionStack(app, 'bastion', { state, network });

app.synth();
