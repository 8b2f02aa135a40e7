import { constants, createHmac, createPublicKey, generateKeyPairSync, KeyObject, sign } from 'crypto';
import { readFileSync, renameSync } from 'fs';
import { createServer, Server } from 'https';
import { join } from 'path';
import { parse, parseAllDocuments, stringify } from 'yaml';
import { Authentication } from '../../../src/control-plane/authentication/authentication';
import { TokenClaim } from '../../../src/control-plane/authentication/token-claim';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, contentOf } from '../../control-plane/cluster';
import { API_SERVER_PROGRAMS, ApiServer } from '../api-server';
import { describeWith, ProgramName } from '../programs';
import { makeAuthority, makeServerCertificate } from './certificates';
import { Answer, freePort, Machine, tlsRequest } from './machine';

const CONFIG = '/etc/kubernetes/authentication/config.yaml';
const CLUSTER_INFO = '/api/v1/namespaces/kube-public/configmaps/cluster-info';
const HEALTH = ['/livez', '/readyz', '/healthz'];

describeWith([...API_SERVER_PROGRAMS, 'kube-apiserver@1.33'], 'authentication by the rendered file', () => {
  const machine = new Machine();
  const key = rsaKey();
  const further: Record<string, KeyObject> = { 'P-256': ecKey('P-256'), 'P-384': ecKey('P-384'), 'P-521': ecKey('P-521'), 'Ed25519': generateKeyPairSync('ed25519').privateKey };
  const servers: ApiServer[] = [];
  let issuer: Issuer;
  beforeAll(async () => {
    issuer = await Issuer.start(machine, { one: key, ...further });
  });
  afterAll(async () => {
    for (const server of servers) {
      await server.stop();
    }
    await issuer?.stop();
    machine.remove();
  });

  const rendered = (kubernetesVersion: KubernetesVersion, tokenDiscovery = false) => contentOf(cluster({ kubernetesVersion, oidcIssuer: `${issuer.url}/people` }, {
    authentication: new Authentication({
      tokenDiscovery,
      issuers: [
        {
          audiences: ['kubernetes', 'kubernetes-admin'],
          certificateAuthority: issuer.authority,
          username: TokenClaim.expression('claims.email'),
          groups: TokenClaim.prefixed('groups', 'people:'),
          uid: TokenClaim.prefixed('sub', ''),
          extra: [{ key: 'example.com/tenant', valueExpression: 'claims.tenant' }],
          requiredClaims: { tenant: 'acme' },
        },
        { url: `${issuer.url}/machines`, audiences: ['kubernetes'], certificateAuthority: issuer.authority, groups: TokenClaim.prefixed('groups', '') },
      ],
    }),
  }).nodes, CONFIG);
  const start = async (program: ProgramName, name: string, yaml: string) => {
    const server = await ApiServer.start({ program, flags: { 'authentication-config': machine.write(`/${name}.yaml`, yaml) } });
    servers.push(server);
    return server;
  };
  const ask = (server: ApiServer, path: string, method = 'GET', token?: string): Promise<Answer> => tlsRequest(server.url + path, {
    method,
    ca: readFileSync(join(server.folder, 'ca.crt')),
    headers: { 'Content-Type': 'application/json', ...(token === undefined ? {} : { Authorization: `Bearer ${token}` }) },
    ...(method === 'POST' ? { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' } } : {}),
  });
  const whoAmI = (server: ApiServer, token: string) => ask(server, '/apis/authentication.k8s.io/v1/selfsubjectreviews', 'POST', token);
  const person = (claims: object = {}) => ({
    iss: `${issuer.url}/people`, sub: 'u-1', aud: 'kubernetes', exp: now() + 600, email: 'jane@example.com', email_verified: true, tenant: 'acme',
    groups: ['developers'], ...claims,
  });
  const robot = (claims: object = {}) => ({ iss: `${issuer.url}/machines`, sub: 'ci', aud: ['kubernetes'], exp: now() + 600, ...claims });
  /** The API server fetches an issuer's keys in the background. */
  const accepted = async (server: ApiServer, token: string) => {
    for (let tries = 0; tries < 200 && (await whoAmI(server, token)).status !== 201; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  };
  const fetched = async (server: ApiServer) => {
    await accepted(server, jwt(person(), key));
    await accepted(server, jwt(robot(), key));
  };

  describe.each([['1.37', 'kube-apiserver', KubernetesVersion.V1_37], ['1.33', 'kube-apiserver@1.33', KubernetesVersion.V1_33]] as const)('Kubernetes %s', (minor, program, version) => {
    let server: ApiServer;
    beforeAll(async () => {
      server = await start(program, `good-${minor}`, rendered(version));
      await fetched(server);
    });
    afterAll(() => server?.stop());

    test('anonymous requests get the three health paths and nothing else', async () => {
      for (const path of HEALTH) {
        expect([path, (await ask(server, path)).status]).toEqual([path, 200]);
      }
      for (const path of ['/', '/version', '/api', '/apis', '/openapi/v2', '/metrics', '/livez/ping', '/livez/', '/healthzz', CLUSTER_INFO, '/api/v1/nodes']) {
        expect([path, (await ask(server, path)).status]).toEqual([path, 401]);
      }
    });

    test('a token of the issuer is accepted, with the user, groups, uid and facts mapped', async () => {
      expect(await whoAmI(server, jwt(person(), key))).toMatchObject({
        status: 201,
        body: {
          status: {
            userInfo: {
              username: 'jane@example.com', uid: 'u-1', groups: ['people:developers', 'system:authenticated'],
              extra: { 'example.com/tenant': ['acme'] },
            },
          },
        },
      });
      expect((await whoAmI(server, jwt(person({ aud: ['other', 'kubernetes-admin'] }), key))).status).toBe(201);
      expect((await whoAmI(server, jwt(robot(), key))).body.status.userInfo).toMatchObject({ username: 'oidc:ci', groups: ['system:authenticated'] });
      expect((await whoAmI(server, jwt(robot({ groups: ['builders'] }), key))).body.status.userInfo.groups).toEqual(['builders', 'system:authenticated']);
    });

    // The file can't name algorithms: those whose keys the issuer publishes are as good as any. None of them lets the public key sign.
    test.each([
      ['RS256', 'one', 201], ['RS384', 'one', 201], ['RS512', 'one', 201], ['PS256', 'one', 201], ['PS384', 'one', 201], ['PS512', 'one', 201],
      ['ES256', 'P-256', 201], ['ES384', 'P-384', 201], ['ES512', 'P-521', 201], ['EdDSA', 'Ed25519', 401],
    ] as const)('a token signed by %s with the issuer\'s key %s is answered with %i, and never with another key', async (alg, kid, status) => {
      const own = kid === 'one' ? key : further[kid];
      const other = alg === 'EdDSA' ? generateKeyPairSync('ed25519').privateKey : alg.startsWith('ES') ? ecKey(kid) : rsaKey();

      expect((await whoAmI(server, jwt(person(), own, alg, kid))).status).toBe(status);
      expect((await whoAmI(server, jwt(person(), other, alg, kid))).status).toBe(401);
    });

    test.each([
      ['another audience', () => jwt(person({ aud: 'grafana' }), key)],
      ['an audience of the other issuer alone', () => jwt(robot({ aud: 'kubernetes-admin' }), key)],
      ['another issuer', () => jwt(person({ iss: `${issuer.url}/strangers` }), key)],
      ['another key\'s signature', () => jwt(person(), rsaKey())],
      ['no signature and the algorithm none', () => jwt(person(), key, 'none')],
      ['the public key misused as a shared one (HS256)', () => jwt(person(), key, 'HS256')],
      ['changed claims', () => swapped(jwt(person(), key), jwt(person({ email: 'root@example.com' }), key))],
      ['an expired token', () => jwt(person({ exp: now() - 60 }), key)],
      ['a token that is not valid yet', () => jwt(person({ nbf: now() + 600 }), key)],
      ['an email address that is not verified', () => jwt(person({ email_verified: false }), key)],
      ['an email address of which nothing says that it is verified', () => jwt(person({ email_verified: undefined }), key)],
      ['an email address that a text calls verified', () => jwt(person({ email_verified: 'true' }), key)],
      ['another tenant', () => jwt(person({ tenant: 'other' }), key)],
      ['no tenant', () => jwt(person({ tenant: undefined }), key)],
      ['a user of Kubernetes\' own', () => jwt(person({ email: 'system:kube-controller-manager' }), key)],
      ['a group of Kubernetes\' own', () => jwt(robot({ groups: ['builders', 'system:masters'] }), key)],
    ])('refuses %s', async (_, token) => {
      expect((await whoAmI(server, token())).status).toBe(401);
    });
  });

  test('where nodes join by bootstrap token, anonymous requests get cluster-info besides, and nothing else', async () => {
    const server = await start('kube-apiserver', 'discovery', rendered(KubernetesVersion.V1_37, true));

    // RBAC answers, which kubeadm opens for it, where authentication refused before.
    expect((await ask(server, CLUSTER_INFO)).status).toBe(403);
    expect((await ask(server, '/livez')).status).toBe(200);
    expect((await ask(server, '/api/v1/namespaces/kube-public/configmaps')).status).toBe(401);
    expect((await ask(server, '/version')).status).toBe(401);
  });

  test('an issuer that does not answer keeps the API server neither from starting nor from being ready: its tokens alone are refused', async () => {
    const url = `https://127.0.0.1:${await freePort()}/absent`;
    const { nodes } = cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, {
      authentication: new Authentication({
        issuers: [
          { url, audiences: ['kubernetes'], certificateAuthority: issuer.authority, username: TokenClaim.prefixed('sub', 'absent:') },
          { url: `${issuer.url}/machines`, audiences: ['kubernetes'], certificateAuthority: issuer.authority },
        ],
      }),
    });
    const server = await start('kube-apiserver', 'absent', contentOf(nodes, CONFIG));
    await accepted(server, jwt(robot(), key));

    expect((await ask(server, '/readyz')).status).toBe(200);
    expect((await whoAmI(server, jwt(robot(), key))).status).toBe(201);
    expect((await whoAmI(server, jwt(robot({ iss: url }), key))).status).toBe(401);
  });

  test('an issuer that is taken out of the file is no longer believed, without a restart', async () => {
    const yaml = rendered(KubernetesVersion.V1_37);
    const server = await start('kube-apiserver', 'reloaded', yaml);
    await fetched(server);
    const file = parse(yaml);
    const next = machine.write('/reloaded.next', stringify({ ...file, jwt: file.jwt.slice(1) }));
    renameSync(next, machine.path('/reloaded.yaml'));

    let refused = false;
    for (let tries = 0; tries < 500 && !refused; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 200));
      refused = (await whoAmI(server, jwt(person(), key))).status === 401;
    }
    expect(refused).toBe(true);
    expect((await whoAmI(server, jwt(robot(), key))).status).toBe(201);
  });

  test('the twin without our rules and without the limit of anonymous requests accepts what is refused above', async () => {
    const file = parse(rendered(KubernetesVersion.V1_37));
    delete file.anonymous;
    for (const authenticator of file.jwt) {
      delete authenticator.userValidationRules;
      delete authenticator.claimValidationRules;
    }
    file.jwt[0].claimMappings.username = { claim: 'email', prefix: '' };
    const server = await start('kube-apiserver', 'twin', stringify(file));
    await fetched(server);

    expect((await ask(server, '/version')).status).toBe(200);
    expect((await whoAmI(server, jwt(person({ email_verified: undefined }), key))).status).toBe(201);
    expect((await whoAmI(server, jwt(person({ tenant: 'other' }), key))).status).toBe(201);
    expect((await whoAmI(server, jwt(person({ email: 'system:kube-controller-manager' }), key))).body.status.userInfo.username).toBe('system:kube-controller-manager');
    expect((await whoAmI(server, jwt(robot({ groups: ['system:masters'] }), key))).body.status.userInfo.groups).toContain('system:masters');
    expect((await ask(server, '/api/v1/secrets', 'GET', jwt(robot({ groups: ['system:masters'] }), key))).status).toBe(200);
  });

  test('before 1.30 the flags say the same, as far as they can', async () => {
    const { nodes } = cluster({ kubernetesVersion: KubernetesVersion.V1_29, oidcIssuer: `${issuer.url}/people` }, {
      authentication: new Authentication({
        issuers: [{
          audiences: ['kubernetes'], certificateAuthority: issuer.authority, groups: TokenClaim.prefixed('groups', 'oidc:'), requiredClaims: { tenant: 'acme' },
        }],
      }),
    });
    const authority = machine.write('/oidc-ca.crt', contentOf(nodes, '/etc/kubernetes/authentication/oidc-ca.crt'));
    const [, { apiServer }] = parseAllDocuments(contentOf(nodes, '/etc/kubernetes/kubeadm/init.yaml')).map((document) => document.toJS());
    const oidc = Object.fromEntries(Object.entries<string>(apiServer.extraArgs).filter(([name]) => name.startsWith('oidc-')));
    const server = await ApiServer.start({ program: 'kube-apiserver@1.33', flags: { ...oidc, 'oidc-ca-file': authority } });
    servers.push(server);
    const groups = ['system:masters'];
    await accepted(server, jwt(person(), key));

    expect((await whoAmI(server, jwt(person({ sub: 'system:admin', groups }), key))).body.status.userInfo).toMatchObject({
      username: 'oidc:system:admin', groups: ['oidc:system:masters', 'system:authenticated'],
    });
    for (const claims of [{ aud: 'grafana' }, { tenant: 'other' }, { exp: now() - 60 }, { iss: `${issuer.url}/machines` }]) {
      expect((await whoAmI(server, jwt(person(claims), key))).status).toBe(401);
    }
    expect((await whoAmI(server, jwt(person(), rsaKey()))).status).toBe(401);
    expect((await whoAmI(server, jwt(person(), further['P-256'], 'ES256', 'P-256'))).status).toBe(401);

    // The twin, which no statement renders: the flag takes it for no prefix.
    const twin = await ApiServer.start({ program: 'kube-apiserver@1.33', flags: { ...oidc, 'oidc-ca-file': authority, 'oidc-username-prefix': '-' } });
    servers.push(twin);
    await accepted(twin, jwt(person(), key));
    expect((await whoAmI(twin, jwt(person({ sub: 'system:admin' }), key))).body.status.userInfo.username).toBe('system:admin');
  });

  test.each([
    ['an old server', 'kube-apiserver@1.33', KubernetesVersion.V1_37, {}, /no kind .*AuthenticationConfiguration.* is registered for version .*config.k8s.io\/v1\\/],
    ['anonymous-auth besides', 'kube-apiserver', KubernetesVersion.V1_37, { 'anonymous-auth': 'false' }, '--anonymous-auth flag cannot be set when anonymous field is configured'],
    ['oidc flags besides', 'kube-apiserver', KubernetesVersion.V1_37, { 'oidc-issuer-url': 'https://issuer.example', 'oidc-client-id': 'x' }, 'authentication-config file and oidc-* flags are mutually exclusive'],
  ] as const)('the API server does not start with the file for %s, so that it must never be rendered so', async (name, program, version, flags, message) => {
    const file = machine.write(`/${name.replaceAll(' ', '-')}.yaml`, rendered(version));

    await expect(ApiServer.start({ program, flags: { 'authentication-config': file, ...flags } })).rejects.toThrow(message);
  });
});

/** An OIDC provider on loopback with two issuers, whose certificate a CA of its own signed. */
class Issuer {
  static async start(machine: Machine, keys: Record<string, KeyObject>): Promise<Issuer> {
    makeAuthority(machine.root, 'issuer-ca');
    makeServerCertificate(machine.root, 'issuer', 'issuer-ca');
    const url = `https://127.0.0.1:${await freePort()}`;
    const jwks = Object.entries(keys).map(([kid, key]) => ({ ...createPublicKey(key).export({ format: 'jwk' }), kid, use: 'sig' }));
    const server = createServer({ cert: machine.read('/issuer.crt'), key: machine.read('/issuer.key') }, (request, response) => {
      const [, issuer] = /^(\/\w+)\/\.well-known\/openid-configuration$/.exec(request.url!) ?? [];
      response.setHeader('Content-Type', 'application/json');
      response.end(JSON.stringify(issuer === undefined ? { keys: jwks } : { issuer: url + issuer, jwks_uri: `${url}/keys`, id_token_signing_alg_values_supported: ['RS256'] }));
    });
    await new Promise<void>((resolve) => server.listen(Number(new URL(url).port), '127.0.0.1', resolve));
    return new Issuer(url, machine.read('/issuer-ca.crt'), server);
  }

  private constructor(readonly url: string, readonly authority: string, private readonly server: Server) {}

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }
}

function rsaKey(): KeyObject {
  return generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey;
}

function ecKey(namedCurve: string): KeyObject {
  return generateKeyPairSync('ec', { namedCurve }).privateKey;
}

function now(): number {
  return Math.floor(Date.now() / 1000);
}

function jwt(claims: object, key: KeyObject, alg = 'RS256', kid = 'one'): string {
  const text = [{ alg, kid, typ: 'JWT' }, claims].map((part) => Buffer.from(JSON.stringify(part)).toString('base64url')).join('.');
  return `${text}.${signature(Buffer.from(text), key, alg).toString('base64url')}`;
}

/** As RFC 7518 says. */
function signature(text: Buffer, key: KeyObject, alg: string): Buffer {
  const hash = `sha${alg.slice(2)}`;
  switch (alg.slice(0, 2)) {
    case 'RS':
      return sign(hash, text, key);
    case 'PS':
      return sign(hash, text, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: constants.RSA_PSS_SALTLEN_DIGEST });
    case 'ES':
      return sign(hash, text, { key, dsaEncoding: 'ieee-p1363' });
    case 'Ed':
      return sign(null, text, key);
    case 'HS':
      return createHmac(hash, createPublicKey(key).export({ format: 'pem', type: 'spki' })).update(text).digest();
    default:
      return Buffer.alloc(0);
  }
}

/** The first token's signature over the second's claims. */
function swapped(signed: string, wanted: string): string {
  const [header, , proof] = signed.split('.');
  return [header, wanted.split('.')[1], proof].join('.');
}
