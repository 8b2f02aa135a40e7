import { execFileSync, spawnSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse } from 'yaml';
import { Authentication } from '../../../src/control-plane/authentication/authentication';
import { cluster, contentOf } from '../cluster';

const SCRIPT = '/usr/local/sbin/node-join';
const DISCOVERY = '/etc/kubernetes/kubeadm/discovery.conf';
const TOKEN = ['abcdef', '0123456789abcdef'].join('.');

/** The script with stand-ins for kubectl and kubeadm that note how they are called, in a folder that stands for the node. */
class Node {
  readonly root = mkdtempSync(join(tmpdir(), 'node-join-'));

  constructor(options: { mayJoin?: boolean; tokenDiscovery?: boolean; token?: string; server?: string } = {}) {
    const { server = 'https://10.0.0.1:6443', mayJoin = true, tokenDiscovery = false, token = TOKEN } = options;
    const { nodes } = cluster({}, { authentication: new Authentication({ tokenDiscovery }) });
    this.write('/node-join', contentOf(nodes, SCRIPT).replaceAll('/etc/kubernetes', `${this.root}/etc/kubernetes`).replace('sleep 1', 'sleep 0'));
    const logged = `printf '%s\\n' "\${0##*/} $*" >>"${this.root}/calls"`;
    this.write('/kubectl', `#!/bin/sh
${logged}
case "$*" in
  'auth can-i'*) ${mayJoin ? 'echo yes' : 'echo no; exit 1'} ;;
  *.cluster.server*) printf '${server}' ;;
  *certificate-authority-data*) printf Q0E= ;;
esac
`);
    this.write('/kubeadm', `#!/bin/sh\n${logged}\necho '${token}'\n`);
  }

  run(...args: string[]): { status: number | null; stdout: string; stderr: string } {
    return spawnSync('/bin/sh', [join(this.root, 'node-join'), ...args], { encoding: 'utf8', env: { PATH: `${this.root}:${process.env.PATH}` } });
  }

  get calls(): string[] {
    try {
      return this.read('/calls').trim().split('\n');
    } catch {
      return [];
    }
  }

  read(path: string): string {
    return readFileSync(join(this.root, path), 'utf8');
  }

  mode(path: string): string {
    return (statSync(join(this.root, path)).mode & 0o777).toString(8);
  }

  write(path: string, content: string): void {
    mkdirSync(join(this.root, path, '..'), { recursive: true });
    writeFileSync(join(this.root, path), content, { mode: 0o700 });
  }

  remove(): void {
    rmSync(this.root, { recursive: true, force: true });
  }
}

describe('node-join', () => {
  const nodes: Node[] = [];
  const node = (options: ConstructorParameters<typeof Node>[0] = {}) => {
    nodes.push(new Node(options));
    return nodes[nodes.length - 1];
  };
  afterAll(() => nodes.forEach((each) => each.remove()));

  test('is root\'s alone, on the control-plane nodes alone', () => {
    const { nodes: controlPlane, etcdNodes } = cluster({}, {}, true);

    expect(controlPlane.files.find((file) => file.path === SCRIPT)).toMatchObject({ mode: '0700', owner: 'root' });
    expect(etcdNodes.files.map((file) => file.path)).not.toContain(SCRIPT);
  });

  test('makes a token that ends, for joining alone, and a file that only root can read', () => {
    const machine = node();
    const { status, stdout, stderr } = machine.run('make');

    expect([status, stderr]).toEqual([0, '']);
    expect(machine.calls.filter((call) => call.startsWith('kubeadm'))).toEqual([
      `kubeadm token create --kubeconfig ${machine.root}/etc/kubernetes/admin.conf --ttl 1h --usages authentication`
      + ' --groups system:bootstrappers:kubeadm:default-node-token --description Made by node-join.',
    ]);
    expect(machine.mode(DISCOVERY)).toBe('600');
    expect(parse(machine.read(DISCOVERY))).toMatchObject({
      'clusters': [{ cluster: { 'server': 'https://10.0.0.1:6443', 'certificate-authority-data': 'Q0E=' } }],
      'users': [{ user: { token: TOKEN } }],
      'current-context': 'join',
    });
    expect(stdout).not.toContain(TOKEN);
    expect(machine.calls.join('\n')).not.toContain(TOKEN);
  });

  test('lets a token sign what anonymous requests learn, where they may ask', () => {
    const machine = node({ tokenDiscovery: true });
    machine.run('make', '30m');

    expect(machine.calls.find((call) => call.startsWith('kubeadm'))).toContain('--ttl 30m --usages authentication,signing ');
  });

  test.each(['1m', '90m', '1440m', '1h', '24h'])('takes %s as the life of a token', (ttl) => {
    expect(node().run('make', ttl).status).toBe(0);
  });

  test.each(['0', '0h', '0m', '0s', '-1h', '25h', '1441m', '99999m', '1', 'h', 'm', '1d', '24h0m', '1.5h', '010h', ' 1h', '1h;id', ''])('refuses %p as the life of a token, and makes none', (ttl) => {
    const machine = node();

    expect(machine.run('make', ttl)).toMatchObject({
      status: 1, stderr: `node-join: ${ttl} is no life for a token: say a number of minutes or hours, such as 30m or 2h, at most 24h\n`,
    });
    expect(machine.calls).toEqual([]);
  });

  test('makes no token after the end of joining', () => {
    const machine = node({ mayJoin: false });

    expect(machine.run('make')).toMatchObject({ status: 1, stderr: 'node-join: joining has ended: first run node-join begin\n' });
    expect(machine.calls.filter((call) => call.startsWith('kubeadm'))).toEqual([]);
  });

  test.each(['https://127.0.0.1:6443', 'https://localhost:6443', 'https://localhost', 'https://[::1]:6443'])(
    'makes no token where administrators call the API server by %s, which is another machine everywhere', (server) => {
      const machine = node({ server });

      expect(machine.run('make')).toMatchObject({
        status: 1,
        stderr: `node-join: ${machine.root}/etc/kubernetes/admin.conf names ${server}, which on a machine that joins is that machine: `
          + 'state apiEndpoints in the cluster\'s profile and apply the role again\n',
      });
      expect(machine.calls.filter((call) => call.startsWith('kubeadm'))).toEqual([]);
      expect(() => machine.read(DISCOVERY)).toThrow('ENOENT');
    });

  test('writes no file where kubeadm made no token', () => {
    const machine = node({ token: 'unexpected' });

    expect(machine.run('make')).toMatchObject({ status: 1, stderr: 'node-join: kubeadm made no token\n' });
    expect(() => machine.read(DISCOVERY)).toThrow('ENOENT');
  });

  test('ends joining: tokens, the rights of tokens, and the file here', () => {
    const machine = node({ mayJoin: false });
    machine.write(DISCOVERY, 'token');
    const { status, stderr } = machine.run('end');

    expect([status, stderr]).toEqual([0, '']);
    expect(machine.calls).toEqual(expect.arrayContaining([
      'kubectl --namespace=kube-system delete secrets --field-selector=type=bootstrap.kubernetes.io/token',
      'kubectl delete clusterrolebinding kubeadm:kubelet-bootstrap kubeadm:node-autoapprove-bootstrap --ignore-not-found',
    ]));
    expect(machine.calls.join('\n')).not.toContain('rotation');
    expect(() => machine.read(DISCOVERY)).toThrow('ENOENT');
  });

  test('says so where something else still lets tokens ask for certificates', () => {
    expect(node().run('end')).toMatchObject({
      status: 1, stderr: 'node-join: tokens may still ask for certificates of nodes by another binding: see kubectl get clusterrolebindings -o wide\n',
    });
  });

  test('begins again with the two bindings that kubeadm makes', () => {
    const machine = node();

    expect(machine.run('begin').status).toBe(0);
    expect(machine.calls.filter((call) => call.includes(' create clusterrolebinding'))).toEqual([
      'kubectl create clusterrolebinding kubeadm:kubelet-bootstrap --clusterrole=system:node-bootstrapper --group=system:bootstrappers:kubeadm:default-node-token',
      'kubectl create clusterrolebinding kubeadm:node-autoapprove-bootstrap --clusterrole=system:certificates.k8s.io:certificatesigningrequests:nodeclient'
      + ' --group=system:bootstrappers:kubeadm:default-node-token',
    ]);
  });

  test.each([[], ['help'], ['END']])('does nothing when told %p', (...args) => {
    const machine = node();

    expect(machine.run(...args)).toMatchObject({ status: 1, stderr: 'node-join: say what: begin, make, list or end\n' });
    expect(machine.calls).toEqual([]);
  });

  test('is a script that shells agree about', () => {
    expect(() => execFileSync('/bin/sh', ['-n'], { input: contentOf(cluster().nodes, SCRIPT) })).not.toThrow();
  });
});
