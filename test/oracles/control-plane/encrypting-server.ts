import { rmSync } from 'fs';
import { join } from 'path';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster } from '../../control-plane/cluster';
import { Daemon } from '../api-server';
import { programPath } from '../programs';
import { makeAuthority, makeClientCertificate, makeServerCertificate } from './certificates';
import { Credentials, freePort, Machine, ready, run, tlsRequest, workFolder } from './machine';

export const ENCRYPTION_SCRIPT = '/usr/local/sbin/secrets-encryption';
export const ENCRYPTION_CONFIG = '/etc/kubernetes/encryption/config.yaml';

/** The control plane's files for a statement, at a node's root. Adapted in them: paths, and sockets' paths, which may not be long. */
export function placeEncryption(machine: Machine, encryption: SecretsEncryption): void {
  const { nodes } = cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, { encryption });
  for (const { path, content, mode } of nodes.files.filter((file) => /encryption/.test(file.path))) {
    machine.write(path, content.replaceAll('unix:///run/', `unix://${machine.root}/run/`), mode);
  }
}

/** An API server at a machine's encryption file, on an etcd that outlives it. */
export class EncryptingServer {
  private readonly daemons: Daemon[] = [];
  private apiServer?: Daemon;
  private port = 0;
  private etcdPort = 0;
  private boots = 0;

  constructor(readonly machine: Machine) {}

  async boot(program: 'kube-apiserver' | 'kube-apiserver@1.33' = 'kube-apiserver', config = this.machine.path(ENCRYPTION_CONFIG), isReady = '/readyz'): Promise<void> {
    await this.apiServer?.stop();
    if (this.etcdPort === 0) {
      await this.startEtcd();
    }
    this.port = await freePort();
    const file = (name: string) => join(this.machine.root, name);
    this.apiServer = new Daemon(program, [
      `--encryption-provider-config=${config}`, '--encryption-provider-config-automatic-reload=true',
      `--etcd-servers=http://127.0.0.1:${this.etcdPort}`, '--bind-address=127.0.0.1', `--secure-port=${this.port}`, '--advertise-address=127.0.0.1',
      '--endpoint-reconciler-type=none', `--cert-dir=${file('certs')}`, `--tls-cert-file=${file('server.crt')}`, `--tls-private-key-file=${file('server.key')}`,
      `--client-ca-file=${file('ca.crt')}`, '--authorization-mode=Node,RBAC', '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${file('server.crt')}`, `--service-account-signing-key-file=${file('server.key')}`, '--service-cluster-ip-range=10.96.0.0/16',
    ], workFolder(this.machine, `apiserver-${this.boots += 1}`));
    await ready([this.apiServer], async () => (await this.api('GET', isReady)).status === 200 && (await this.api('GET', '/api/v1/namespaces/default')).status === 200);
  }

  async api(method: string, path: string, body?: unknown) {
    const pem = (name: string) => this.machine.read(`/${name}`);
    const admin: Credentials = { ca: pem('ca.crt'), cert: pem('admin.crt'), key: pem('admin.key') };
    return tlsRequest(`https://127.0.0.1:${this.port}${path}`, { method, body, ...admin });
  }

  async create(name: string, value: string): Promise<void> {
    const answer = await this.api('POST', '/api/v1/namespaces/default/secrets', { metadata: { name }, stringData: { password: value } });
    expect([name, answer.status]).toEqual([name, 201]);
  }

  /** As `kubectl get -A -o json secrets,configmaps | kubectl replace -f -` does. */
  async rewriteAll(): Promise<void> {
    for (const resource of ['secrets', 'configmaps']) {
      const { body } = await this.api('GET', `/api/v1/${resource}`);
      for (const item of body.items) {
        const { namespace, name } = item.metadata;
        expect((await this.api('PUT', `/api/v1/namespaces/${namespace}/${resource}/${name}`, item)).status).toBe(200);
      }
    }
  }

  /** What `secrets-encryption verify` says with the flags of this API server, as a manifest says them. */
  verify(...resources: string[]): string {
    const { machine } = this;
    const flags = [`etcd-servers=http://127.0.0.1:${this.etcdPort}`, ...['cafile=ca.crt', 'certfile=admin.crt', 'keyfile=admin.key'].map((flag) => `etcd-${flag.replace('=', `=${machine.root}/`)}`)];
    machine.write('/etc/kubernetes/manifests/kube-apiserver.yaml', flags.map((flag) => `    - --${flag}\n`).join(''));
    machine.write('/bin/etcdctl', `#!/bin/sh\nexec ${programPath('etcdctl')} "$@"\n`, '0700');
    try {
      return run('env', [`PATH=${machine.path('/bin')}:${process.env.PATH}`, machine.path(ENCRYPTION_SCRIPT), 'verify', ...resources]);
    } finally {
      rmSync(machine.path('/etc/kubernetes/manifests'), { recursive: true });
    }
  }

  async value(name: string): Promise<string> {
    const { status, body } = await this.api('GET', `/api/v1/namespaces/default/secrets/${name}`);
    return status === 200 ? Buffer.from(body.data.password, 'base64').toString() : `${status}`;
  }

  /** What etcd holds, byte for byte. */
  async stored(name: string, resource = 'secrets'): Promise<string> {
    const key = Buffer.from(`/registry/${resource}/default/${name}`).toString('base64');
    const answer = await fetch(`http://127.0.0.1:${this.etcdPort}/v3/kv/range`, { method: 'POST', body: JSON.stringify({ key }) });
    const { kvs } = await answer.json() as { kvs: { value: string }[] };
    return Buffer.from(kvs[0].value, 'base64').toString('latin1');
  }

  async stop(): Promise<void> {
    await this.apiServer?.stop();
    for (const daemon of this.daemons.reverse()) {
      await daemon.stop();
    }
    this.machine.remove();
  }

  /** As where it is down. */
  async stopEtcd(): Promise<void> {
    await this.apiServer?.stop();
    await this.daemons.pop()?.stop();
  }

  keep(daemon: Daemon): Daemon {
    this.daemons.push(daemon);
    return daemon;
  }

  private async startEtcd(): Promise<void> {
    this.makeCertificates();
    this.etcdPort = await freePort();
    const [client, peer] = [`http://127.0.0.1:${this.etcdPort}`, `http://127.0.0.1:${await freePort()}`];
    const etcd = this.keep(new Daemon('etcd', [
      '--name=oracle', `--data-dir=${this.machine.path('/data')}`, `--listen-client-urls=${client}`, `--advertise-client-urls=${client}`,
      `--listen-peer-urls=${peer}`, `--initial-advertise-peer-urls=${peer}`, `--initial-cluster=oracle=${peer}`, '--unsafe-no-fsync=true', '--log-level=warn',
    ], workFolder(this.machine, 'etcd')));
    await ready([etcd], async () => (await fetch(`${client}/readyz`)).status === 200);
  }

  private makeCertificates(): void {
    makeAuthority(this.machine.root, 'ca', '/CN=oracle-ca');
    makeServerCertificate(this.machine.root, 'server', 'ca', '/CN=kube-apiserver');
    makeClientCertificate(this.machine.root, 'admin', 'ca', '/O=system:masters/CN=oracle-admin');
  }
}
