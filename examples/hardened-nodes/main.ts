// Machines whose sshd takes keys only, from the bastion's network only; short-lived certificates on the bastion itself.
import { HardenedApp, NodeKind, NodeRenderer, NodeRole, OperatingSystem, SshHardening } from 'cdk8s-hardened';

const app = new HardenedApp();

const workers = new NodeRole(app, 'worker', { kind: NodeKind.WORKER, operatingSystem: OperatingSystem.UBUNTU_24_04 });
new SshHardening(workers, 'ssh', { roles: [workers], allowedCidrs: ['10.0.40.0/24'] });
workers.addPackage('chrony');

const bastion = new NodeRole(app, 'bastion', { kind: NodeKind.BASTION, renderers: [NodeRenderer.cloudInit()] });
new SshHardening(bastion, 'ssh', {
  roles: [bastion],
  allowedCidrs: ['198.51.100.0/24'],
  permitOpen: ['10.0.224.10:6443'],
});

app.synth();
