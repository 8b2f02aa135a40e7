import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { nodeApp, workerRole } from './node-app';
import { Cloud } from '../../src/core/cloud';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { NodeFileKind } from '../../src/core/node-file';
import { NodeKind } from '../../src/core/node-kind';
import { NodeRenderer } from '../../src/nodes/node-renderer';
import { NodeRole, nodeRolesOf } from '../../src/nodes/node-role';
import { OperatingSystem } from '../../src/nodes/operating-system';

describe('a node role', () => {
  test('is named by its id, runs Debian 13 and is written as a folder and as cloud-init, unless told otherwise', () => {
    const role = workerRole();
    expect(role.roleName).toBe('worker');
    expect(role.operatingSystem).toBe(OperatingSystem.DEBIAN_13);
    expect(role.renderers.map((renderer) => renderer.name)).toEqual(['folder', 'cloud-init']);
  });

  test('for control-plane nodes on AWS is written as a folder alone: they need more than its user data holds', () => {
    const renderersOn = (cloud: Cloud, kind: NodeKind) => {
      const app = nodeApp();
      new ClusterProfile({ name: 'prod', cloud }).attachTo(app);
      return new NodeRole(app, 'role', { kind }).renderers.map(({ name }) => name);
    };

    expect(renderersOn(Cloud.AWS, NodeKind.CONTROL_PLANE)).toEqual(['folder']);
    expect(renderersOn(Cloud.AWS, NodeKind.WORKER)).toEqual(['folder', 'cloud-init']);
    expect(renderersOn(Cloud.HETZNER, NodeKind.CONTROL_PLANE)).toEqual(['folder', 'cloud-init']);
  });

  test('keeps its name when the tree is wrapped in one more construct', () => {
    const wrapped = new NodeRole(new Construct(nodeApp(), 'wrapper'), 'worker', { kind: NodeKind.WORKER });
    expect(wrapped.roleName).toBe('worker');
  });

  test('sorts files by path and packages by name, each package once, and keeps the order of commands', () => {
    const role = workerRole();
    role.addFile({ path: '/etc/b', content: '' });
    role.addFile({ path: '/etc/a', content: '' });
    ['openssh-server', 'auditd', 'openssh-server'].forEach((name) => role.addPackage(name));
    ['second', 'first', 'second'].forEach((command) => role.addCommand(command));
    expect(role.files.map((file) => file.path)).toEqual(['/etc/a', '/etc/b']);
    expect(role.packages).toEqual(['auditd', 'openssh-server']);
    expect(role.commands).toEqual(['second', 'first', 'second']);
  });

  test('reads a late file\'s text each time that its files are asked for, and checks it then', () => {
    const role = workerRole();
    let text = 'early';
    role._addLateFile({ path: '/etc/late', kind: NodeFileKind.RESTRICTED }, () => text);
    expect(role.files.map((file) => [file.path, file.mode, file.content])).toEqual([['/etc/late', '0600', 'early']]);
    text = 'late';
    expect(role.files[0].content).toBe('late');
    expect(() => role.addFile({ path: '/etc/late', content: '' })).toThrow('a path that no other file of the role has');
    text = '-----BEGIN PRIVATE KEY-----';
    expect(() => role.files).toThrow('text without a private key');
  });

  test('takes a command that reads its secret on the node', () => {
    const role = workerRole();
    const command = 'kubeadm join --token "$(cat /run/join-token)" --discovery-token-ca-cert-hash sha256:' + '0a'.repeat(32);
    role.addCommand(command);
    expect(role.commands).toEqual([command]);
  });

  test('hands out copies: nobody changes a role behind its back', () => {
    const role = workerRole();
    role.files.push({} as never);
    role.packages.push('netcat');
    role.commands.push('rm -rf /');
    role.renderers.pop();
    expect([role.files, role.packages, role.commands]).toEqual([[], [], []]);
    expect(role.renderers).toHaveLength(2);
  });

  test('is found with all others of its tree, by name', () => {
    const app = nodeApp();
    const worker = new NodeRole(app, 'worker', { kind: NodeKind.WORKER });
    const bastion = new NodeRole(app, 'bastion', { kind: NodeKind.BASTION });
    workerRole();
    expect(nodeRolesOf(worker)).toEqual([bastion, worker]);
  });
});

describe('bad input for a node role', () => {
  test('under a plain App its files would be lost: refused at once', () => {
    expect(() => new NodeRole(new App(), 'worker', { kind: NodeKind.WORKER })).toThrow(new Error(
      '[worker] scope: got "App"; allowed: a construct below a HardenedApp. '
      + 'Use HardenedApp in place of App: a plain App writes manifests only, and the files of a NodeRole would be lost.'));
  });

  test('a second role of one name names both', () => {
    const app = nodeApp();
    new NodeRole(app, 'worker', { kind: NodeKind.WORKER });
    const other = () => new NodeRole(new Construct(app, 'more'), 'gpu', { kind: NodeKind.WORKER, roleName: 'worker' });
    expect(other).toThrow(new Error(
      '[more/gpu] roleName: got "worker"; allowed: a name that no other role of the app has (worker has this one). '
      + 'Give one of the two another roleName: both would be written to the same folder.'));
  });

  test('two apps in one process may each have a role of one name', () => {
    expect([workerRole().roleName, workerRole().roleName]).toEqual(['worker', 'worker']);
  });

  test('an unknown kind', () => {
    expect(() => workerRole({ kind: 'agent' as NodeKind })).toThrow(new Error(
      '[worker] kind: got "agent"; allowed: control-plane, etcd, worker, bastion. Take a value of NodeKind.'));
  });

  test('a name that would leave nodes.out', () => {
    expect(() => workerRole({ roleName: '../../etc' })).toThrow(new Error(
      '[worker] roleName: got "../../etc"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123). '
      + 'Did you mean "etc"?'));
  });

  test.each([
    ['relative', 'etc/motd'],
    ['leading out of its folder', '/etc/../root/.ssh/authorized_keys'],
  ])('a file whose path is %s', (_, path) => {
    expect(() => workerRole().addFile({ path, content: '' })).toThrow(new Error(
      `[NodeFile] path: got "${path}"; allowed: an absolute path of a file, normalized (no "..", no double or trailing slash). `
      + 'Give the path on the node, for instance /etc/ssh/sshd_config.d/00-hardening.conf.'));
  });

  test('a file whose mode is wider than its kind allows', () => {
    expect(() => workerRole().addFile({ path: '/etc/kubernetes/audit.yaml', content: '', kind: NodeFileKind.RESTRICTED, mode: '0644' })).toThrow(new Error(
      '[NodeFile /etc/kubernetes/audit.yaml] mode: got "0644"; allowed: four octal digits, at most 0600 for a file of kind restricted. '
      + 'Drop the bits that are too wide, or choose the kind that fits what the file holds.'));
  });

  test('two files at one path', () => {
    const role = workerRole();
    role.addFile({ path: '/etc/motd', content: 'a' });
    expect(() => role.addFile({ path: '/etc/motd', content: 'a' })).toThrow(new Error(
      '[worker] path: got "/etc/motd"; allowed: a path that no other file of the role has. Merge the two files, or move one.'));
  });

  test.each([['/etc/app', '/etc/app/config'], ['/etc/app/config', '/etc/app']])('a file at %s beside one at %s', (first, second) => {
    const role = workerRole();
    role.addFile({ path: first, content: '' });
    expect(() => role.addFile({ path: second, content: '' })).toThrow(new Error(
      `[worker] path: got "${second}"; allowed: a path that is no folder of another file, nor below one (${first}). Move one of the two.`));
  });

  test('a file beside another whose name only begins alike is fine', () => {
    const role = workerRole();
    role.addFile({ path: '/etc/app', content: '' });
    role.addFile({ path: '/etc/app.d/config', content: '' });
    expect(role.files).toHaveLength(2);
  });

  test('a path that a parser of YAML would take for two lines', () => {
    expect(() => workerRole().addFile({ path: '/etc/a\u2028b', content: '' })).toThrow(new Error(
      '[worker] path: got "/etc/a\u2028b"; allowed: a path without control characters and line breaks. Choose another name.'));
  });

  test.each([
    ['with a second line', 'true\nrm -rf /'],
    ['with a carriage return', 'true\rrm -rf /'],
    ['with a tab', 'echo\ta'],
    ['with a NUL', 'true\0'],
    ['with an escape sequence', 'echo \u001b[2J'],
    ['with a Unicode line separator', 'true\u2028rm -rf /'],
    ['that is empty', '  '],
  ])('a command %s', (_, command) => {
    expect(() => workerRole().addCommand(command)).toThrow(new Error(
      `[worker] command: got ${JSON.stringify(command)}; allowed: one line of text without control characters. `
      + 'Add one command for each line, or add a script with addFile and run that.'));
  });

  test.each([
    ['a bootstrap token', 'kubeadm join --token abcdef.0123456789abcdef 10.0.0.1:6443'],
    ['an access token', `git clone https://ghp_${'a1B2'.repeat(9)}@github.com/acme/fleet`],
    ['a bootstrap token', 'kubeadm join \\\n--token abcdef.0123456789abcdef'],
  ])('a command with %s, which is not shown', (what, command) => {
    expect(() => workerRole().addCommand(command)).toThrow(new Error(
      `[worker] command: allowed: text without ${what}. `
      + 'Have the command read it on the node, from a file or a secret store: commands travel in readable user data.'));
  });

  test('a command with a value that only Terraform knows', () => {
    expect(() => workerRole().addCommand('echo ${TfToken[TOKEN.0]}')).toThrow(new Error(
      '[worker] command: got "(a value that is not known until Terraform applies it)"; allowed: literal text. '
      + 'Give it literally, or have the command look it up: node files are written before Terraform runs.'));
  });

  test.each(['--force-yes', 'nginx; rm -rf /', 'Nginx', 'x', 'nginx=1.0', ''])('a package named %j', (name) => {
    expect(() => workerRole().addPackage(name)).toThrow(new Error(
      `[worker] package: got ${JSON.stringify(name)}; allowed: a package name: at least two of a-z, 0-9, +, - and . (Debian Policy 5.6.1). `
      + 'Give the name alone, without version or options.'));
  });

  test.each([
    ['no renderer', [], '[]'],
    ['the same renderer twice', [NodeRenderer.cloudInit(), NodeRenderer.cloudInit({ maxBytes: 1000 })], '["cloud-init","cloud-init"]'],
  ])('%s', (_, renderers, shown) => {
    expect(() => workerRole({ renderers })).toThrow(new Error(
      `[worker] renderers: got ${shown}; allowed: at least one renderer, each at most once. Leave it out for the default.`));
  });

  test('a limit of user data that is no number of bytes', () => {
    expect(() => NodeRenderer.cloudInit({ maxBytes: 0 })).toThrow(new Error(
      'maxBytes: got 0; allowed: a whole number of bytes from 1 on. Give the platform\'s limit for user data, before base64.'));
  });
});
