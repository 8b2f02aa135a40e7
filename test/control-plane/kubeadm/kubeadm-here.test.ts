import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse, parseAllDocuments } from 'yaml';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { Cluster, cluster, contentOf, MEMBERS } from '../cluster';

const HERE = '/usr/local/sbin/kubeadm-here';

/** A machine of the cluster on which `kubeadm` keeps what it is given. */
class Here {
  readonly folder = mkdtempSync(join(tmpdir(), 'here-'));

  constructor({ nodes }: Cluster, host: string, addresses: string[]) {
    for (const { path, content } of nodes.files) {
      const real = join(this.folder, path);
      mkdirSync(join(real, '..'), { recursive: true });
      writeFileSync(real, content.replace(/(?<=[="])\/etc\//g, `${this.folder}/etc/`), { mode: 0o700 });
    }
    this.program('hostname', `[ "$*" = -s ] && echo ${host}`);
    this.program('ip', `case "$*" in ${addresses.map((address) => `*' to ${address}'`).join(' | ')}) echo found ;; esac`);
    this.program('kubeadm', `echo "$@" >${this.folder}/said; for file in "$@"; do :; done; stat -c %a "$file" >${this.folder}/mode; cat "$file" >${this.folder}/config`);
    mkdirSync(join(this.folder, 'tmp'));
  }

  run(...args: string[]): { said: string; documents: any[]; mode: string } {
    execFileSync(join(this.folder, HERE), args, {
      encoding: 'utf8', stdio: 'pipe', env: { PATH: `${this.folder}/bin:${process.env.PATH}`, TMPDIR: join(this.folder, 'tmp') },
    });
    const text = (name: string) => readFileSync(join(this.folder, name), 'utf8');
    return { said: text('said').trim(), documents: parseAllDocuments(text('config')).map((document) => document.toJS()), mode: text('mode').trim() };
  }

  get leftOver(): string[] {
    return readdirSync(join(this.folder, 'tmp'));
  }

  remove(): void {
    rmSync(this.folder, { recursive: true });
  }

  private program(name: string, script: string): void {
    mkdirSync(join(this.folder, 'bin'), { recursive: true });
    writeFileSync(join(this.folder, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o700 });
  }
}

describe('kubeadm gets the name and address of the machine that it runs on, as the certificates are planned', () => {
  const made: Here[] = [];
  const machine = (...args: ConstructorParameters<typeof Here>) => {
    made.push(new Here(...args));
    return made[made.length - 1];
  };
  afterEach(() => made.splice(0).forEach((each) => each.remove()));

  test.each([
    ['1.30', { 'node-ip': '10.0.16.12' }],
    ['1.31', [{ name: 'node-ip', value: '10.0.16.12' }]],
    ['1.37', [{ name: 'node-ip', value: '10.0.16.12' }]],
  ])('on Kubernetes %s', (minor, kubeletExtraArgs) => {
    const here = machine(cluster({ kubernetesVersion: KubernetesVersion.of(minor) }), 'cp-2', ['10.0.2.15', '10.0.16.12']);

    const init = here.run('init', '--dry-run');
    expect(init.said).toMatch(/^init --dry-run --config \S+$/);
    expect(init.mode).toBe('600');
    expect(init.documents[0]).toMatchObject({
      kind: 'InitConfiguration',
      localAPIEndpoint: { advertiseAddress: '10.0.16.12', bindPort: 6443 },
      nodeRegistration: { name: 'cp-2', kubeletExtraArgs, imagePullPolicy: 'IfNotPresent' },
    });
    expect(here.run('join').documents[0]).toMatchObject({
      kind: 'JoinConfiguration',
      controlPlane: { localAPIEndpoint: { advertiseAddress: '10.0.16.12', bindPort: 6443 } },
      nodeRegistration: { name: 'cp-2', kubeletExtraArgs },
    });
    expect(here.leftOver).toEqual([]);
  });

  test('and everything else is as in the file', () => {
    const all = cluster();
    const [, ...others] = machine(all, 'cp-1', ['10.0.16.11']).run('init').documents;

    expect(others).toEqual(parseAllDocuments(contentOf(all.nodes, '/etc/kubernetes/kubeadm/init.yaml')).slice(1).map((document) => document.toJS()));
  });

  test('an IPv6 address', () => {
    const etcd = new EtcdTlsConfig({ members: [{ name: 'six', address: 'fd00:0:0::11' }] });

    expect(machine(cluster({}, { etcd }), 'six', ['fd00::11']).run('init').documents[0].localAPIEndpoint.advertiseAddress).toBe('fd00::11');
  });

  test('control-plane nodes beside machines of etcd\'s own', () => {
    const all = cluster({}, { certificates: { nodes: [{ name: 'cp-a', address: '10.0.17.1' }] } }, true);

    expect(machine(all, 'cp-a', ['10.0.17.1']).run('init').documents[0].localAPIEndpoint.advertiseAddress).toBe('10.0.17.1');
    expect(() => machine(all, 'cp-1', ['10.0.16.11']).run('init')).toThrow('no machine of the control plane is called cp-1');
  });

  test('not on a machine that nobody planned', () => {
    expect(() => machine(cluster(), 'other', ['10.0.16.11']).run('init')).toThrow('no machine of the control plane is called other: set its host name, or list it as such');
  });

  test('not on a machine that lacks the address', () => {
    expect(() => machine(cluster(), 'cp-1', ['10.0.16.12', '10.0.16.111']).run('join')).toThrow('this machine does not have the address of cp-1, 10.0.16.11');
  });

  test('not where the file says something of it already', () => {
    const here = machine(cluster(), 'cp-1', ['10.0.16.11']);
    const path = join(here.folder, '/etc/kubernetes/kubeadm/init.yaml');
    writeFileSync(path, readFileSync(path, 'utf8').replace('nodeRegistration:', 'nodeRegistration: # ours'));

    expect(() => here.run('init')).toThrow(/init\.yaml is not as it was installed/);
  });

  test('for nothing but init and join', () => {
    expect(() => machine(cluster(), 'cp-1', ['10.0.16.11']).run('reset')).toThrow('say what: init or join');
  });
});

test('the script, and each machine\'s address, are for root alone, and not on workers', () => {
  let workers: NodeRole[] = [];
  const { nodes } = cluster({}, {}, false, (app) => ({ workers: workers = [new NodeRole(app, 'worker', { kind: NodeKind.WORKER })] }));
  const modes = (role: NodeRole) => role.files.filter(({ path }) => /kubeadm-here|machines/.test(path)).map(({ path, mode }) => `${mode} ${path}`);

  expect(modes(nodes).sort()).toEqual(['0600 /etc/kubernetes/machines/cp-1.env', '0600 /etc/kubernetes/machines/cp-2.env', '0600 /etc/kubernetes/machines/cp-3.env', `0700 ${HERE}`]);
  expect(modes(workers[0])).toEqual([]);
});

test('where no machine is listed there is none, and kubeadm takes what it finds', () => {
  const { nodes } = cluster({}, { etcd: new EtcdTlsConfig() });

  expect(nodes.files.filter(({ path }) => /kubeadm-here|machines/.test(path))).toEqual([]);
});

describe('several control-plane nodes without an address that all are reached by, which kubeadm lets none join', () => {
  const FIX = 'allowed: one control-plane node where the profile states no apiEndpoints: kubeadm lets none join a cluster without a common address. '
    + 'State apiEndpoints in the profile: the name or address that all API servers are reached by, such as that of a load balancer. It can\'t be changed easily later.';

  test('are refused where etcd is stacked', () => {
    expect(() => cluster({ apiEndpoints: [] })).toThrow(new Error(`[kubernetes] etcd: got ["cp-1","cp-2","cp-3"]; ${FIX}`));
  });

  test('are refused where etcd has machines of its own', () => {
    const nodes = MEMBERS.map(({ name, address }) => ({ name: `x${name}`, address: address.replace('16', '17') })).slice(1);

    expect(() => cluster({ apiEndpoints: [] }, { certificates: { nodes } }, true)).toThrow(new Error(`[kubernetes] certificates.nodes: got ["xcp-2","xcp-3"]; ${FIX}`));
  });

  test('are let through with one, or as a single node, or with three machines of etcd\'s own', () => {
    expect(parse(contentOf(cluster({ apiEndpoints: ['https://10.0.9.9'] }).nodes, '/etc/kubernetes/kubeadm/init.yaml').split('---\n')[1]).controlPlaneEndpoint).toBe('10.0.9.9:443');
    expect(() => cluster({ apiEndpoints: [] }, { etcd: new EtcdTlsConfig({ members: [MEMBERS[0]] }) })).not.toThrow();
    expect(() => cluster({ apiEndpoints: [] }, {}, true)).not.toThrow();
  });
});
