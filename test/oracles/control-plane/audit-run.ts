import { randomBytes, randomUUID } from 'crypto';
import { AuditRequest } from '../../../src/control-plane/audit/audit-request';
import { ApiServer } from '../api-server';
import { Answer, Credentials, run, tlsRequest } from './machine';

/** A request that was made, and what a policy is told about it. */
export interface Made {
  readonly id: string;
  readonly method: string;
  readonly url: string;
  readonly answer: Answer;
  readonly request: AuditRequest;
}

interface Caller {
  readonly user?: string;
  readonly groups?: string[];
  readonly credentials?: Pick<Credentials, 'cert' | 'key'>;
  readonly token?: string;
}

const MERGE = 'application/merge-patch+json';
const HTTP_VERBS: Record<string, string> = { POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' };

/** What a URL says, read as the API server reads it, but written apart from everything that is tested. */
export function attributesOf(method: string, url: string): Omit<AuditRequest, 'user' | 'groups'> {
  const { pathname, searchParams } = new URL(url, 'https://server');
  const [prefix, ...rest] = pathname.replace(/^\/+|\/+$/g, '').split('/');
  if (!(prefix === 'api' && rest.length >= 2) && !(prefix === 'apis' && rest.length >= 3)) {
    return { verb: method.toLowerCase(), path: pathname };
  }
  const group = prefix === 'api' ? '' : rest[0];
  let parts = rest.slice(prefix === 'api' ? 1 : 2);
  let verb = ['watch', 'proxy'].includes(parts[0]) ? parts.shift()! : HTTP_VERBS[method] ?? '';
  const namespace = parts[0] === 'namespaces' ? parts[1] : undefined;
  if (namespace !== undefined && parts.length > 2 && !['status', 'finalize'].includes(parts[2])) {
    parts = parts.slice(2);
  }
  const [resource, inPath, subresource] = parts;
  let name: string | undefined = inPath;
  if (name === undefined && verb === 'get') {
    verb = searchParams.has('watch') ? 'watch' : 'list';
    name = /^metadata\.name=([^,]+)$/.exec(searchParams.get('fieldSelector') ?? '')?.[1];
  } else if (name === undefined && verb === 'delete') {
    verb = 'deletecollection';
  }
  return { verb, group, resource, subresource: verb === 'proxy' ? undefined : subresource, name, namespace };
}

/** Requests of every verb for many kinds, their subresources, and paths, by many users, with values that no log may hold. */
export class AuditRun {
  static async of(server: ApiServer, pem: (name: string) => string): Promise<AuditRun> {
    const made = new AuditRun(server, pem);
    await made.prepare();
    await Promise.all(made.kinds().map(({ collection, name, body }) => made.everyVerb(collection, name, body)));
    await made.confidentialOnes();
    await made.subresources();
    await made.paths();
    await made.others();
    return made;
  }

  readonly made: Made[] = [];
  /** Values by what they are. */
  readonly values: Record<string, string> = {
    secret: randomBytes(24).toString('hex'), setting: randomBytes(24).toString('hex'), wrong: randomBytes(24).toString('hex'), csr: signingRequest(),
  };
  /** A value that is no secret. */
  readonly marker = randomBytes(24).toString('hex');
  /** A value that the server quotes in messages. */
  readonly quoted = randomBytes(24).toString('hex');
  private readonly admin: Caller;

  private constructor(private readonly server: ApiServer, private readonly pem: (name: string) => string) {
    this.admin = { user: 'oracle-admin', groups: ['system:masters', 'system:authenticated'], credentials: { cert: pem('admin.crt'), key: pem('admin.key') } };
  }

  async send(method: string, url: string, body?: unknown, caller = this.admin, type?: string): Promise<Answer> {
    const id = randomUUID();
    const answer = await tlsRequest(this.server.url + url, {
      method,
      body,
      ca: this.pem('ca.crt'),
      ...caller.credentials,
      headers: {
        'Content-Type': type ?? (method !== 'PATCH' ? 'application/json' : Array.isArray(body) ? 'application/json-patch+json' : MERGE),
        'Audit-ID': id,
        ...(caller.token === undefined ? {} : { Authorization: `Bearer ${caller.token}` }),
      },
    });
    this.made.push({ id, method, url, answer, request: { user: caller.user, groups: caller.groups, ...attributesOf(method, url) } });
    return answer;
  }

  private async create(collection: string, body: object): Promise<any> {
    const answer = await this.send('POST', collection, body);
    if (answer.status !== 201) {
      throw new Error(`${collection}: ${answer.status} ${JSON.stringify(answer.body)}`);
    }
    return answer.body;
  }

  private async prepare(): Promise<void> {
    await this.create('/api/v1/namespaces', { metadata: { name: 'shop' } });
    await this.create('/api/v1/namespaces/shop/serviceaccounts', { metadata: { name: 'default' } });
    await this.create('/apis/apiextensions.k8s.io/v1/customresourcedefinitions', widgets());
    while ((await this.send('GET', '/apis/example.com/v1/namespaces/shop/widgets')).status !== 200) {
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  private kinds(): { collection: string; name: string; body: any }[] {
    const of = (collection: string, body: object = {}, name = 'one') => ({ collection, name, body: { ...body, metadata: { name, annotations: { marker: this.marker } } } });
    const template = { metadata: { labels: { app: 'web' } }, spec: { restartPolicy: 'Never', containers: [{ name: 'web', image: 'registry.example/web:1' }] } };
    const always = { ...template, spec: { ...template.spec, restartPolicy: 'Always' } };
    const rules = [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }];
    const request = { request: this.values.csr, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] };
    return [
      of('/api/v1/namespaces/shop/secrets', { stringData: { password: this.values.secret } }),
      of('/api/v1/namespaces/shop/configmaps', { data: { password: this.values.setting } }),
      of('/api/v1/namespaces/shop/serviceaccounts'),
      of('/api/v1/namespaces/shop/pods', { spec: template.spec }),
      of('/api/v1/namespaces/shop/services', { spec: { ports: [{ port: 80 }] } }),
      of('/api/v1/namespaces/shop/events', { involvedObject: { namespace: 'shop' }, reason: 'x' }),
      of('/api/v1/nodes'),
      of('/api/v1/namespaces', {}, 'other'),
      of('/apis/coordination.k8s.io/v1/namespaces/shop/leases'),
      of('/apis/apps/v1/namespaces/shop/deployments', { spec: { selector: { matchLabels: { app: 'web' } }, template: always } }),
      of('/apis/batch/v1/namespaces/shop/jobs', { spec: { template } }),
      of('/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies', { spec: { podSelector: {} } }),
      of('/apis/policy/v1/namespaces/shop/poddisruptionbudgets', { spec: { minAvailable: 1 } }),
      of('/apis/rbac.authorization.k8s.io/v1/clusterroles', { rules }),
      of('/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles', { rules }),
      of('/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', { webhooks: [] }),
      of('/apis/certificates.k8s.io/v1/certificatesigningrequests', { spec: request }),
      of('/apis/example.com/v1/namespaces/shop/widgets', { apiVersion: 'example.com/v1', kind: 'Widget', spec: { size: 1 } }),
    ];
  }

  private async everyVerb(collection: string, name: string, body: any): Promise<void> {
    const one = `${collection}/${name}`;
    const stored = await this.create(collection, body);
    await this.send('GET', one);
    await this.send('HEAD', one);
    await this.send('GET', collection);
    await this.send('GET', `${collection}?fieldSelector=metadata.name=${name}`);
    await this.send('GET', `${collection}?watch=true&timeoutSeconds=1`);
    await this.send('PUT', one, stored);
    await this.send('PATCH', one, { metadata: { labels: { changed: 'yes' } } });
    await this.send('DELETE', `${collection}?labelSelector=none=none`);
    if (!collection.endsWith('/pods') && !collection.endsWith('/certificatesigningrequests') && !collection.endsWith('/deployments')) {
      await this.send('DELETE', one);
    }
  }

  /** Ways in which a body may come back in a message, too. */
  private async confidentialOnes(): Promise<void> {
    const { secret, setting, wrong } = this.values;
    const inShop = '/api/v1/namespaces/shop';
    await this.create(`${inShop}/secrets`, { metadata: { name: 'db' }, immutable: true, stringData: { password: secret } });
    await this.send('PATCH', `${inShop}/secrets/db`, { stringData: { password: wrong } });
    await this.send('PATCH', `${inShop}/secrets/db`, [{ op: 'test', path: '/data/password', value: wrong }]);
    await this.send('POST', `${inShop}/secrets`, { metadata: { name: 'bad' }, data: { password: `-${wrong}` } });
    await this.send('POST', `${inShop}/secrets?fieldValidation=Strict`, { metadata: { name: 'bad' }, stringData: [wrong], nobodyKnows: wrong });
    await this.send('POST', `${inShop}/secrets`, { metadata: { name: 'docker' }, type: 'kubernetes.io/dockerconfigjson', stringData: { '.dockerconfigjson': wrong } });
    for (const body of [[wrong], wrong, { kind: 'Nobody', data: { password: wrong } }, { apiVersion: 'v9', kind: 'Secret', stringData: { password: wrong } },
      { kind: 1, stringData: { password: wrong } }]) {
      await this.send('POST', `${inShop}/secrets`, body);
    }
    const apply = (body: unknown) => this.send('PATCH', `${inShop}/secrets/db?fieldManager=run`, body, this.admin, 'application/apply-patch+yaml');
    await apply({ apiVersion: 'v1', kind: 'Secret', stringData: [this.quoted] });
    await this.send('POST', '/apis/example.com/v1/namespaces/shop/widgets', { spec: { password: this.quoted } });
    for (const body of [{ stringData: { password: wrong } }, { apiVersion: 'v9', kind: 'Secret', stringData: { password: wrong } }, [wrong], wrong]) {
      await apply(body);
      await this.send('POST', `${inShop}/secrets`, body, this.admin, 'application/yaml');
    }
    await this.create(`${inShop}/configmaps`, { metadata: { name: 'flags' }, data: { password: setting } });
    await this.send('GET', '/api/v1/secrets');
    await this.create(`${inShop}/serviceaccounts`, { metadata: { name: 'web' } });
    const review = await this.create(`${inShop}/serviceaccounts/web/token`, { spec: { expirationSeconds: 3600 } });
    this.values.token = review.status.token;
    await this.create('/apis/authentication.k8s.io/v1/tokenreviews', { spec: { token: this.values.token } });
    await this.send('GET', `${inShop}/pods`, undefined, {
      user: 'system:serviceaccount:shop:web', groups: ['system:serviceaccounts', 'system:serviceaccounts:shop', 'system:authenticated'], token: this.values.token,
    });
  }

  private async subresources(): Promise<void> {
    const pod = '/api/v1/namespaces/shop/pods/one';
    for (const sub of ['exec?command=id', 'attach', 'portforward', 'proxy/', 'log', 'status']) {
      await this.send('GET', `${pod}/${sub}`);
    }
    for (const sub of ['exec?command=id', 'attach', 'portforward', 'proxy/x']) {
      await this.send('POST', `${pod}/${sub}`);
    }
    await this.send('PATCH', `${pod}/status`, { status: { message: 'x' } });
    await this.send('PATCH', `${pod}/ephemeralcontainers`, { spec: {} });
    await this.send('POST', `${pod}/eviction`, { metadata: { name: 'one' }, dryRun: ['All'] });
    await this.send('GET', '/api/v1/namespaces/shop/services/one/proxy/');
    await this.send('GET', '/api/v1/nodes/one/proxy/logs');
    await this.send('PUT', '/api/v1/namespaces/shop/finalize', { metadata: { name: 'shop' }, spec: { finalizers: ['kubernetes'] } });
    await this.send('GET', '/api/v1/namespaces/shop/status');
    await this.send('GET', '/apis/apps/v1/namespaces/shop/deployments/one/scale');
    await this.send('PATCH', '/apis/apps/v1/namespaces/shop/deployments/one/scale', { spec: { replicas: 2 } });
    await this.send('PATCH', '/apis/apps/v1/namespaces/shop/deployments/one/status', { status: {} });
    const csr = '/apis/certificates.k8s.io/v1/certificatesigningrequests/one';
    await this.send('PATCH', `${csr}/approval`, { status: { conditions: [{ type: 'Approved', status: 'True' }] } });
    await this.send('PATCH', `${csr}/status`, { metadata: { labels: { a: 'b' } } });
    for (const url of ['/api/v1/watch/namespaces/shop/pods?timeoutSeconds=1', '/api/v1/proxy/namespaces/shop/pods/one', '/apis/nobody.example/v1/things/x/y']) {
      await this.send('GET', url);
    }
    await this.send('OPTIONS', '/api/v1/namespaces/shop/secrets');
  }

  private async paths(): Promise<void> {
    for (const url of ['/', '/livez', '/livez/ping', '/readyz?verbose', '/healthz', '/version', '/version/', '/api', '/api/v1', '/apis', '/apis/apps', '/apis/apps/v1',
      '/openapi/v2', '/openapi/v3', '/metrics', '/logs/', '/debug/pprof/', '/nobody']) {
      await this.send('GET', url);
    }
    await this.send('HEAD', '/livez');
    await this.send('POST', '/apis');
  }

  private async others(): Promise<void> {
    const anonymous: Caller = { user: 'system:anonymous', groups: ['system:unauthenticated'] };
    const refused: Caller = { token: 'x'.repeat(32) };
    const named = (user: string, ...organizations: string[]) => ({ user, groups: [...organizations, 'system:authenticated'], credentials: this.certificate(user, organizations) });
    const callers = [anonymous, refused, named('jane'), named('system:kube-proxy'), named('system:node:one', 'system:nodes')];
    const urls = ['/livez', '/version', '/api', '/api/v1/pods', '/api/v1/namespaces/shop/secrets/db', '/apis/coordination.k8s.io/v1/leases', '/api/v1/namespaces/shop/events'];
    for (const caller of callers) {
      for (const url of urls) {
        await this.send('GET', url, undefined, caller);
      }
      await this.send('GET', '/api/v1/services?watch=true&timeoutSeconds=1', undefined, caller);
      await this.send('POST', '/api/v1/namespaces/shop/pods/one/exec?command=id', undefined, caller);
      await this.send('POST', '/apis/apps/v1/namespaces/shop/deployments', {}, caller);
    }
  }

  private certificate(user: string, organizations: string[]): Pick<Credentials, 'cert' | 'key'> {
    const file = (name: string) => `${this.server.folder}/${name}`;
    run('openssl', [
      'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', `${organizations.map((name) => `/O=${name}`).join('')}/CN=${user}`,
      '-keyout', file('user.key'), '-out', file('user.crt'), '-CA', file('ca.crt'), '-CAkey', file('ca.key'), '-addext', 'basicConstraints=critical,CA:FALSE',
      '-addext', 'extendedKeyUsage=clientAuth',
    ]);
    return { cert: this.pem('user.crt'), key: this.pem('user.key') };
  }
}

/** A text as it is, and in base64 wherever in a longer text it stands. */
export function formsOf(value: string): string[] {
  const shifted = [0, 1, 2].map((offset) => {
    const text = Buffer.from('x'.repeat(offset) + value).toString('base64').replace(/=+$/, '');
    return text.slice(offset === 0 ? 0 : 4, -4);
  });
  return [value, ...shifted];
}

function signingRequest(): string {
  const text = run('openssl', ['req', '-new', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-keyout', '/dev/null', '-subj', '/CN=jane']);
  return Buffer.from(text.slice(text.indexOf('-----BEGIN CERTIFICATE REQUEST'))).toString('base64');
}

function widgets(): object {
  const schema = { openAPIV3Schema: { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true } };
  return {
    metadata: { name: 'widgets.example.com' },
    spec: {
      group: 'example.com', scope: 'Namespaced', names: { plural: 'widgets', singular: 'widget', kind: 'Widget' },
      versions: [{ name: 'v1', served: true, storage: true, schema }],
    },
  };
}
