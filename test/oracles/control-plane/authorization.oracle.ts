import { readFileSync } from 'fs';
import { join } from 'path';
import { parse, stringify } from 'yaml';
import { Authorization } from '../../../src/control-plane/authorization/authorization';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../../control-plane/cluster';
import { API_SERVER_PROGRAMS, ApiServer } from '../api-server';
import { describeWith, ProgramName } from '../programs';
import { makeAuthority, makeClientCertificate, makeServerCertificate } from './certificates';
import { Answer, freePort, Machine, tlsRequest } from './machine';
import { MutualTlsServer } from './mutual-tls-server';

const AUTHENTICATION = '/etc/kubernetes/authentication/config.yaml';
const AUTHORIZATION = '/etc/kubernetes/authorization/config.yaml';
const CERTIFICATE = '/etc/kubernetes/pki/authorization-webhook-client.crt';
const KEY = '/etc/kubernetes/pki/authorization-webhook-client.key';
const OWN = 'system:serviceaccount:opa:opa';

describeWith([...API_SERVER_PROGRAMS, 'kube-apiserver@1.33'], 'authorization by the rendered file', () => {
  const servers: ApiServer[] = [];
  const machine = new Machine();
  let port: number;
  beforeAll(async () => {
    port = await freePort();
    makeAuthority(machine.root, 'webhook-ca');
    makeServerCertificate(machine.root, 'webhook', 'webhook-ca');
    makeClientCertificate(machine.root, 'webhook-client', 'webhook-ca');
    machine.write(CERTIFICATE, machine.read('/webhook-client.crt'));
    machine.write(KEY, machine.read('/webhook-client.key'));
  });
  afterAll(async () => {
    for (const server of servers) {
      await server.stop();
    }
    machine.remove();
  });

  const write = (kubernetesVersion: KubernetesVersion, webhook: boolean) => {
    const { nodes } = cluster({ kubernetesVersion }, {
      authorization: new Authorization({
        webhooks: !webhook ? [] : [{
          name: 'opa',
          server: `https://127.0.0.1:${port}/authorize`,
          certificateAuthority: machine.read('/webhook-ca.crt'),
          clientCertificatePath: CERTIFICATE,
          clientKeyPath: KEY,
          ownUsers: [OWN],
          timeoutSeconds: 1,
        }],
      }),
    });
    machine.add(nodes);
    return contentOf(nodes, AUTHORIZATION);
  };
  const start = async (program: ProgramName, authorization = AUTHORIZATION) => {
    const server = await ApiServer.start({
      program,
      flags: {
        'authorization-mode': undefined, 'authorization-config': machine.path(authorization), 'authentication-config': machine.path(AUTHENTICATION),
      },
    });
    servers.push(server);
    return server;
  };
  const pem = (server: ApiServer, name: string) => readFileSync(join(server.folder, name), 'utf8');
  const anonymous = (server: ApiServer, path: string): Promise<Answer> => tlsRequest(server.url + path, { ca: pem(server, 'ca.crt') });
  const as = (server: ApiServer, user: string, method: string, path: string, groups: string[] = []) => tlsRequest(server.url + path, {
    method,
    ca: pem(server, 'ca.crt'), cert: pem(server, 'admin.crt'), key: pem(server, 'admin.key'),
    headers: { 'Content-Type': 'application/json', 'Impersonate-User': user, ...(groups.length > 0 ? { 'Impersonate-Group': groups } : {}) },
    ...(method === 'POST' ? { body: {} } : {}),
  });
  /** Whatever RBAC lets everyone do who has a name. */
  const REVIEW = '/apis/authentication.k8s.io/v1/selfsubjectreviews';
  const grantSecrets = (server: ApiServer, user: string) => server.kubectl(['create', 'clusterrolebinding', user.replaceAll(':', '-'), '--clusterrole=cluster-admin', `--user=${user}`]);

  describe.each([['1.37', 'kube-apiserver', KubernetesVersion.V1_37], ['1.33', 'kube-apiserver@1.33', KubernetesVersion.V1_33]] as const)('Kubernetes %s', (_, program, version) => {
    let server: ApiServer;
    beforeAll(async () => {
      write(version, true);
      server = await start(program);
      await grantSecrets(server, 'jane');
      await grantSecrets(server, OWN);
    });
    afterAll(() => server?.stop());

    describe('with a webhook that is down', () => {
      test('the health paths answer those who have no name', async () => {
        for (const path of ['/livez', '/readyz', '/healthz']) {
          expect([path, (await anonymous(server, path)).status]).toEqual([path, 200]);
        }
      });

      // No answer is an error of the server's, 500, in place of 403.
      test('others are denied whatever RBAC says', async () => {
        for (const [method, path] of [['GET', '/api/v1/secrets'], ['POST', REVIEW]]) {
          expect(await as(server, 'jane', method, path)).toMatchObject({ status: 500, body: expect.stringContaining('connection refused') });
        }
      });

      test('RBAC still decides about what is not for resources, nodes, the controllers and the webhook itself', async () => {
        expect((await as(server, 'jane', 'GET', '/version')).status).toBe(200);
        expect((await as(server, 'system:node:n1', 'POST', REVIEW, ['system:nodes'])).status).toBe(201);
        expect((await as(server, 'system:node:n1', 'GET', '/api/v1/secrets', ['system:nodes'])).status).toBe(403);
        expect((await as(server, 'system:kube-scheduler', 'POST', REVIEW)).status).toBe(201);
        expect((await as(server, OWN, 'GET', '/api/v1/secrets')).status).toBe(200);
      });

      test('a node has its own objects from the Node authorizer, which comes first', async () => {
        expect((await as(server, 'system:node:n1', 'GET', '/api/v1/nodes/n1', ['system:nodes'])).status).toBe(404);
      });
    });

    test('a node reads the Secret of a pod on it once the pod is there, and neither that of a pod elsewhere nor one of none', async () => {
      const secret = (name: string) => server.request('POST', '/api/v1/namespaces/default/secrets', { body: { metadata: { name }, stringData: { a: 'b' } } });
      await server.request('POST', '/api/v1/namespaces/default/serviceaccounts', { body: { metadata: { name: 'default' } } });
      for (const name of ['here', 'there', 'nowhere']) {
        expect((await secret(name)).status).toBe(201);
      }
      const read = async (name: string, node = 'n1') => (await as(server, `system:node:${node}`, 'GET', `/api/v1/namespaces/default/secrets/${name}`, ['system:nodes'])).status;
      expect([await read('here'), await read('there')]).toEqual([403, 403]);
      for (const [secretName, nodeName] of [['here', 'n1'], ['there', 'n2']]) {
        const { status } = await server.request('POST', '/api/v1/namespaces/default/pods', {
          body: {
            metadata: { name: secretName },
            spec: { nodeName, containers: [{ name: 'app', image: 'registry.internal/app:1' }], volumes: [{ name: 'secret', secret: { secretName } }] },
          },
        });
        expect(status).toBe(201);
      }
      // The authorizer learns of pods by a watch.
      for (let tries = 0; tries < 100 && (await read('there', 'n2')) !== 200; tries++) {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }

      expect([await read('here'), await read('there'), await read('nowhere')]).toEqual([200, 403, 403]);
      expect([await read('here', 'n2'), await read('there', 'n2')]).toEqual([403, 200]);
      expect((await as(server, 'system:node:n1', 'GET', '/api/v1/namespaces/default/secrets', ['system:nodes'])).status).toBe(403);
    });

    describe('with a webhook that answers', () => {
      let webhook: Webhook;
      beforeAll(async () => {
        webhook = await new Webhook().start(machine, port);
      });
      afterAll(() => webhook.stop());

      test('what it denies is denied, what it leaves open RBAC decides', async () => {
        expect((await as(server, 'jane', 'GET', '/api/v1/namespaces/kube-system/secrets')).body.message).toContain('not on this day');
        expect((await as(server, 'jane', 'GET', '/api/v1/namespaces/default/configmaps')).status).toBe(200);
        expect((await as(server, 'jim', 'GET', '/api/v1/namespaces/default/configmaps')).status).toBe(403);
      });

      test('it sees the API server\'s certificate, and is asked about nobody who is exempt', async () => {
        await anonymous(server, '/livez');
        await as(server, 'system:node:n1', 'GET', '/api/v1/secrets', ['system:nodes']);
        await as(server, OWN, 'GET', '/api/v1/pods');

        expect(new Set(webhook.clients)).toEqual(new Set(['webhook-client']));
        expect(new Set(webhook.users)).toEqual(new Set(['jane', 'jim']));
      });
    });
  });

  test('without webhooks the file is what the two modes are: RBAC grants, and nothing else', async () => {
    write(KubernetesVersion.V1_37, false);
    const server = await start('kube-apiserver');
    await grantSecrets(server, 'jane');

    expect((await as(server, 'jane', 'GET', '/api/v1/secrets')).status).toBe(200);
    expect((await as(server, 'jim', 'GET', '/api/v1/secrets')).status).toBe(403);
    expect((await as(server, 'system:node:n1', 'GET', '/api/v1/nodes/n1', ['system:nodes'])).status).toBe(404);
    expect((await as(server, 'system:node:n1', 'GET', '/api/v1/nodes/n2', ['system:nodes'])).status).toBe(403);
  });

  test('the twin without our conditions takes the health checks and the nodes down with the webhook', async () => {
    const file = parse(machine.adapt(write(KubernetesVersion.V1_37, true)));
    delete file.authorizers[1].webhook.matchConditions;
    machine.write('/twin.yaml', stringify(file));
    const server = await start('kube-apiserver', '/twin.yaml');

    expect((await anonymous(server, '/livez')).status).toBe(500);
    expect((await as(server, 'system:node:n1', 'POST', REVIEW, ['system:nodes'])).status).toBe(500);
  });

  test('the API server does not start with the file and --authorization-mode, so that both must never be rendered', async () => {
    write(KubernetesVersion.V1_37, false);

    await expect(ApiServer.start({ flags: { 'authorization-config': machine.path(AUTHORIZATION) } }))
      .rejects.toThrow('--authorization-config can not be specified when --authorization-mode or --authorization-webhook-* flags are defined');
  });
});

/** Denies secrets and has no opinion on anything else. */
class Webhook extends MutualTlsServer {
  readonly users: string[] = [];

  constructor() {
    super('webhook', 'webhook-ca');
  }

  protected answer(review: any): object {
    this.users.push(review.spec.user);
    const denied = review.spec.resourceAttributes?.resource === 'secrets';
    return { ...review, status: { allowed: false, denied, reason: denied ? 'not on this day' : '' } };
  }
}
