import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { App, Chart, Duration } from 'cdk8s';
import { ApiResource, ConfigMap } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { admissionFaults, podTemplatesOf, settleQuotas } from './admission';
import { API_SERVER_PROGRAMS, ApiServer } from './api-server';
import { applyAll, generations } from './kubectl';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { HardenedApp } from '../../src/app/hardened-app';
import { PolicyPhase } from '../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../src/controls/admission-policies';
import { Controls } from '../../src/controls/controls';
import { ControlPack } from '../../src/controls/pack';
import { catalogFindings } from '../../src/controls/waivers/reviewed-exception';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { setToday } from '../../src/core/today';
import { GrantOptions } from '../../src/workloads/access/workload-grants';
import { WorkloadIdentity } from '../../src/workloads/access/workload-identity';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';

const IMAGE = `registry.example/web:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;
const EXCEPTION = { reason: 'What is dangerous has to work, too.', owner: 'platform', expires: '2026-09-01' };
const VERSION = KubernetesVersion.V1_37;

/** One request that an authorizer is asked about. */
interface Question {
  readonly as: { readonly namespace: string; readonly workload: string };
  readonly verb: string;
  readonly group: string;
  readonly resource: string;
  readonly subresource?: string;
  /** None: the whole cluster. */
  readonly namespace?: string;
  readonly name?: string;
}

const SHOP = { namespace: 'shop', workload: 'web' };
const ask = (verb: string, resource: string, more: Partial<Question> = {}): Question => ({ as: SHOP, verb, group: '', resource, namespace: 'shop', ...more });

/** What was granted, and for each grant what it must allow and what is right beside it. */
const CASES: [grant: string, allowed: Question[], denied: Question[]][] = [
  ['reading named ConfigMaps',
    ['get', 'list', 'watch'].map((verb) => ask(verb, 'configmaps', { name: 'flags' })),
    [ask('get', 'configmaps', { name: 'other' }), ask('list', 'configmaps'), ask('watch', 'configmaps'), ask('update', 'configmaps', { name: 'flags' }), ask('get', 'configmaps', { name: 'flags', namespace: 'data' }),
      ask('get', 'secrets', { name: 'flags' }), ask('get', 'configmaps', { name: 'flags', namespace: undefined }), ask('get', 'configmaps', { name: 'flags', as: { ...SHOP, workload: 'default' } }),
      ask('get', 'configmaps', { name: 'flags', as: { namespace: 'data', workload: 'web' } })]],
  ['writing Leases',
    ['create', 'update', 'patch', 'delete'].map((verb) => ask(verb, 'leases', { group: 'coordination.k8s.io', name: verb === 'create' ? undefined : 'x' })),
    ['get', 'list', 'watch', 'deletecollection'].map((verb) => ask(verb, 'leases', { group: 'coordination.k8s.io' })).concat(ask('update', 'leases', { group: '', name: 'x' }))],
  ['writing a named Deployment\'s scale',
    ['update', 'patch'].map((verb) => ask(verb, 'deployments', { group: 'apps', subresource: 'scale', name: 'worker' })),
    [ask('update', 'deployments', { group: 'apps', name: 'worker' }), ask('update', 'deployments', { group: 'apps', subresource: 'scale', name: 'other' }),
      ask('update', 'deployments', { group: 'apps', subresource: 'status', name: 'worker' }), ask('create', 'deployments', { group: 'apps', subresource: 'scale' })]],
  ['reading an object of another namespace',
    [ask('get', 'configmaps', { namespace: 'data', name: 'settings' })],
    [ask('get', 'configmaps', { namespace: 'data', name: 'other' }), ask('delete', 'configmaps', { namespace: 'data', name: 'settings' }), ask('get', 'configmaps', { namespace: 'shop', name: 'settings' })]],
  ['reading EndpointSlices of the whole cluster',
    [ask('list', 'endpointslices', { group: 'discovery.k8s.io', namespace: undefined }), ask('watch', 'endpointslices', { group: 'discovery.k8s.io', namespace: 'kube-system' })],
    [ask('list', 'endpoints', { namespace: undefined }), ask('patch', 'endpointslices', { group: 'discovery.k8s.io', namespace: 'kube-system' })]],
  ['reading Nodes',
    [ask('get', 'nodes', { namespace: undefined, name: 'n1' }), ask('list', 'nodes', { namespace: undefined })],
    [ask('get', 'nodes', { namespace: undefined, name: 'n1', subresource: 'proxy' }), ask('update', 'nodes', { namespace: undefined, name: 'n1' })]],
  ['programs in pods, by exception',
    [ask('create', 'pods', { subresource: 'exec', name: 'x' })],
    [ask('create', 'pods', { subresource: 'attach', name: 'x' }), ask('create', 'pods'), ask('get', 'pods', { subresource: 'exec', name: 'x' }), ask('create', 'pods', { subresource: 'exec', name: 'x', namespace: 'data' })]],
  ['a custom resource that nobody has defined',
    [ask('list', 'releases', { group: 'example.com' })],
    [ask('list', 'releases', { group: 'example.org' }), ask('list', 'release', { group: 'example.com' })]],
];

function everything(app: App): void {
  setToday(app, '2026-06-15');
  new ClusterProfile({ name: 'prod', kubernetesVersion: VERSION, controlPlaneCidrs: ['10.0.16.0/28', 'fd00:1::/120'], distribution: Distribution.EKS, podCidrs: ['10.244.0.0/16'], serviceCidrs: ['10.96.0.0/16'] })
    .attachTo(app);
  const shop = new HardenedNamespace(new Chart(app, 'shop'), 'shop');
  const data = new HardenedNamespace(new Chart(app, 'data'), 'data');
  const web = new SecureWorkload(shop, 'web', { image: IMAGE, port: 8080, workloadIdentity: WorkloadIdentity.awsPodIdentity() });
  new SecureWorkload(data, 'web', { image: IMAGE, workloadIdentity: WorkloadIdentity.awsIrsa('arn:aws:iam::111122223333:role/web') });
  web.grantRead(ApiResource.CONFIG_MAPS, { names: ['flags', 'more-flags'] });
  web.grantWrite(ApiResource.LEASES);
  web.grant(['update', 'patch'], ApiResource.custom({ apiGroup: 'apps', resourceType: 'deployments/scale' }), { names: ['worker'] });
  web.grantRead(new ConfigMap(data, 'settings', { metadata: { name: 'settings' } }), { inNamespace: data });
  web.grantRead(ApiResource.ENDPOINT_SLICES, { wholeCluster: true });
  web.grantRead(ApiResource.NODES, { wholeCluster: true });
  web.grant(['create'], ApiResource.custom({ apiGroup: '', resourceType: 'pods/exec' }), { exception: EXCEPTION });
  web.grantRead(ApiResource.custom({ apiGroup: 'example.com', resourceType: 'releases' }));
  web.addToken({ audience: 'vault', path: '/var/run/secrets/tokens/vault', expiry: Duration.minutes(10) });
  web.addToken({ audience: 'sts.example.com', path: '/var/run/secrets/tokens/sts' });
}

/** What the server's authorizers say. */
async function isAllowed(server: ApiServer, { as, verb, group, resource, subresource, namespace, name }: Question): Promise<boolean> {
  const { status, body } = await server.request('POST', '/apis/authorization.k8s.io/v1/subjectaccessreviews', {
    body: {
      apiVersion: 'authorization.k8s.io/v1',
      kind: 'SubjectAccessReview',
      spec: {
        user: `system:serviceaccount:${as.namespace}:${as.workload}`,
        groups: ['system:serviceaccounts', `system:serviceaccounts:${as.namespace}`, 'system:authenticated'],
        resourceAttributes: { verb, group, resource, subresource, namespace, name },
      },
    },
  });
  expect(status).toBe(201);
  expect(body.status.evaluationError).toBeUndefined();
  return body.status.allowed;
}

/** The authorizer learns of roles and bindings some time after they were made. */
async function untilAllowed(server: ApiServer, question: Question): Promise<void> {
  for (let attempt = 0; !await isAllowed(server, question); attempt++) {
    if (attempt === 200) {
      throw new Error(`still denied: ${JSON.stringify(question)}`);
    }
    await sleep(50);
  }
}

function objectsOf(folder: string): any[] {
  return readdirSync(folder).sort().flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS())).filter((object) => object);
}

describeWith(API_SERVER_PROGRAMS, 'grants on a real API server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'grants-'));
  let server: ApiServer;

  beforeAll(async () => {
    const app = new App({ outdir: folder });
    everything(app);
    app.synth();
    server = await ApiServer.start();
    await applyAll(server, folder);
    await settleQuotas(server);
    for (const [, allowed] of CASES) {
      await untilAllowed(server, allowed[0]);
    }
  });
  afterAll(async () => {
    rmSync(folder, { recursive: true, force: true });
    await server?.stop();
  });

  test.each(CASES)('%s is allowed, and nothing beside it', async (_grant, allowed, denied) => {
    const verdicts = async (questions: Question[]) => (
      Promise.all(questions.map(async (question) => ({ question, allowed: await isAllowed(server, question) })))
    );
    expect((await verdicts(allowed)).filter((each) => !each.allowed)).toEqual([]);
    expect((await verdicts(denied)).filter((each) => each.allowed)).toEqual([]);
  });

  test('kubectl says the same of the service account', async () => {
    const can = async (...args: string[]) => (
      (await server.kubectl(['auth', 'can-i', ...args, '--as=system:serviceaccount:shop:web', '--namespace=shop'], { allowFailure: true })).stdout.trim()
    );
    expect(await can('get', 'configmaps/flags')).toBe('yes');
    expect(await can('get', 'configmaps/other')).toBe('no');
    expect(await can('create', 'pods', '--subresource=exec')).toBe('yes');
    expect(await can('create', 'pods')).toBe('no');
  });

  test('list and watch of one object pass with its name as field selector, and are refused without', async () => {
    const list = (selector: string) => server.kubectl([
      'get', 'configmaps', ...selector ? [`--field-selector=${selector}`] : [], '--as=system:serviceaccount:shop:web', '--namespace=shop',
    ], { allowFailure: true });
    expect((await list('metadata.name=flags')).code).toBe(0);
    expect((await list('metadata.name=secret')).stderr).toContain('cannot list resource "configmaps"');
    expect((await list('')).stderr).toContain('cannot list resource "configmaps"');
  });

  test('a second apply changes nothing, and the server keeps every value', async () => {
    const before = await generations(server, folder);
    expect(Object.keys(before).filter((key) => /Role/.test(key)).sort()).toEqual([
      'ClusterRole.rbac.authorization.k8s.io/v1 shop:web', 'ClusterRoleBinding.rbac.authorization.k8s.io/v1 shop:web', 'Role.rbac.authorization.k8s.io/v1 data/shop:web',
      'Role.rbac.authorization.k8s.io/v1 shop/web', 'RoleBinding.rbac.authorization.k8s.io/v1 data/shop:web', 'RoleBinding.rbac.authorization.k8s.io/v1 shop/web',
    ]);
    await applyAll(server, folder);
    expect(await generations(server, folder)).toEqual(before);

    const applied = objectsOf(folder).find(({ kind, metadata }) => kind === 'Deployment' && metadata.namespace === 'shop').spec.template.spec;
    const { body } = await server.request('GET', '/apis/apps/v1/namespaces/shop/deployments/web');
    expect(body.spec.template.spec.volumes).toEqual(applied.volumes);
    expect(body.spec.template.spec.containers[0].volumeMounts).toEqual(applied.containers[0].volumeMounts);
  });

  test('pods with tokens are admitted by Pod Security restricted, and refused for each field of it', async () => {
    expect(await admissionFaults(server, podTemplatesOf(folder), VERSION.minor)).toEqual([]);
  });

  test('the API server issues a token as the pod asks for it, for that audience, bound to the pod, and no shorter one', async () => {
    const [{ pod }] = podTemplatesOf(folder).filter(({ owner }) => owner === 'Deployment shop/web');
    const { body: { metadata } } = await server.request('POST', '/api/v1/namespaces/shop/pods', { body: { ...pod, metadata: { ...pod.metadata, name: 'web-0' } } });
    const sources = pod.spec.volumes.flatMap((volume: any) => volume.projected?.sources ?? [])
      .flatMap(({ serviceAccountToken }: any) => serviceAccountToken ?? []);
    expect(sources.map(({ audience }: any) => audience)).toEqual([undefined, 'vault', 'sts.example.com']);
    const request = (audience: string | undefined, expirationSeconds: number) => server.request('POST', '/api/v1/namespaces/shop/serviceaccounts/web/token', {
      body: {
        apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest',
        spec: { audiences: audience === undefined ? [] : [audience], expirationSeconds, boundObjectRef: { apiVersion: 'v1', kind: 'Pod', name: 'web-0', uid: metadata.uid } },
      },
    });
    for (const { audience, expirationSeconds } of sources) {
      const { status, body } = await request(audience, expirationSeconds);
      expect(status).toBe(201);
      const claims = JSON.parse(Buffer.from(body.status.token.split('.')[1], 'base64url').toString());
      expect(claims).toMatchObject({ 'aud': [audience ?? 'https://kubernetes.default.svc'], 'kubernetes.io': { namespace: 'shop', pod: { name: 'web-0' }, serviceaccount: { name: 'web' } } });
      expect(claims.exp - claims.iat).toBe(expirationSeconds);
    }
    expect((await request('vault', 599)).body.message).toContain('may not specify a duration less than 10 minutes');
  });

  test('whatever is granted at random, exactly that is allowed', async () => {
    const random = randomGrants();
    const home = mkdtempSync(join(tmpdir(), 'random-grants-'));
    try {
      const app = new App({ outdir: home });
      setToday(app, '2026-06-15');
      new ClusterProfile({ name: 'prod', kubernetesVersion: VERSION, controlPlaneCidrs: ['10.0.16.0/28'] }).attachTo(app);
      const namespaces = NAMESPACES.map((name) => new HardenedNamespace(new Chart(app, name), name));
      random.forEach((grants, i) => {
        const workload = new SecureWorkload(namespaces[0], `w${i}`, { image: IMAGE, replicas: 0 });
        grants.forEach((grant) => {
          const options = { ...(grant.names.length > 0 && { names: grant.names }), ...placeOf(grant.place, namespaces) };
          const resource = ApiResource.custom({ apiGroup: grant.group, resourceType: grant.resource });
          const needed = catalogFindings(roleOf(grant), VERSION).length > 0;
          workload.grant(grant.verbs, resource, { ...options, ...(needed && { exception: EXCEPTION }) });
        });
      });
      app.synth();
      await applyAll(server, home);
      const questions = random.flatMap((_, i) => questionsOf(`w${i}`));
      const expected = new Map(questions.map((question) => [question, isGranted(random[Number(question.as.workload.slice(1))], question)]));
      const wrongAmong = async (some: Question[]) => {
        const verdicts = await Promise.all(some.map((question) => isAllowed(server, question)));
        return some.filter((question, n) => verdicts[n] !== expected.get(question));
      };
      let wrong = questions;
      for (let attempt = 0; wrong.length > 0 && attempt < 100; attempt++) {
        wrong = await wrongAmong(wrong);
        await sleep(attempt === 0 ? 0 : 50);
      }
      const allowed = [...expected.values()].filter((each) => each).length;
      expect(wrong).toEqual([]);
      expect(questions.length).toBeGreaterThan(5000);
      expect(allowed).toBeGreaterThan(200);
      expect(allowed).toBeLessThan(questions.length / 2);
    } finally {
      rmSync(home, { recursive: true, force: true });
    }
  });
});

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s, with every recommended policy on deny', (version) => {
  describeWith(policyServerPrograms(version), 'grants', () => {
    const folder = mkdtempSync(join(tmpdir(), 'granted-'));
    const outdir = { k8s: join(folder, 'dist'), evidence: join(folder, 'evidence.out') };
    let server: PolicyServer;

    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      const app = new HardenedApp({
        cluster: new ClusterProfile({
          name: 'prod', kubernetesVersion: KubernetesVersion.of(`1.${version.split('.')[1]}`), controlPlaneCidrs: ['10.0.16.0/28'],
          distribution: Distribution.GKE, podCidrs: ['10.244.0.0/16'], serviceCidrs: ['10.96.0.0/16'],
        }),
        date: '2026-06-15', quiet: true, outdir: outdir.k8s, evidenceOutdir: outdir.evidence,
      });
      Controls.of(app).enforce(ControlPack.recommended());
      new AdmissionPolicies(new Chart(app, 'a-policies'), 'policies', { pack: ControlPack.recommended(), phase: PolicyPhase.DENY });
      const shop = new HardenedNamespace(new Chart(app, 'shop'), 'shop');
      const web = new SecureWorkload(shop, 'web', { image: IMAGE, workloadIdentity: WorkloadIdentity.gke({ exception: EXCEPTION }) });
      web.grantRead(ApiResource.CONFIG_MAPS);
      web.grantRead(ApiResource.SECRETS, { exception: EXCEPTION });
      web.grant(['create'], ApiResource.custom({ apiGroup: '', resourceType: 'pods/exec' }), { exception: EXCEPTION });
      web.grant(['*'], ApiResource.EVENTS, { wholeCluster: true, exception: EXCEPTION });
      app.synth();
      const objects = objectsOf(outdir.k8s);
      const isPolicy = ({ apiVersion }: any) => apiVersion.startsWith('admissionregistration.k8s.io/');
      await server.apply(objects.filter(isPolicy));
      await server.settle();
      await server.apply(objects.filter((object) => !isPolicy(object)));
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await server?.stop();
    });

    const written = (kind: string, name: string) => objectsOf(outdir.k8s).find((object) => object.kind === kind && object.metadata.name === name);
    const refusedBy = async (object: any) => (await server.dryRun(object)).policies.filter(({ action }) => action === 'deny').map(({ policy }) => policy);

    test('what is excepted was admitted', async () => {
      const { body } = await server.request('GET', '/apis/rbac.authorization.k8s.io/v1/namespaces/shop/roles/web');
      expect(body.rules).toEqual(written('Role', 'web').rules);
      expect((await server.request('GET', '/apis/networking.k8s.io/v1/namespaces/shop/networkpolicies/web.identity')).status).toBe(200);
    });

    test('the same under another name is refused', async () => {
      const renamed = (kind: string, name: string) => {
        const object = written(kind, name);
        return { ...object, metadata: { ...object.metadata, name: 'other' } };
      };
      expect((await refusedBy(renamed('Role', 'web')))[0]).toMatch(/role-(pod-exec|secrets)/);
      expect((await refusedBy(renamed('ClusterRole', 'shop:web')))[0]).toMatch(/role-wildcard-verbs/);
      expect((await refusedBy(renamed('NetworkPolicy', 'web.identity')))[0]).toMatch(/network-policy-metadata-service/);
    });

    test('a role of the same name that gives more of what is dangerous is refused', async () => {
      const role = written('Role', 'web');
      const update = (rule: object) => server.dryRunUpdate({ ...role, rules: [...role.rules, rule] });
      expect((await update({ apiGroups: [''], resources: ['pods'], verbs: ['get'] })).allowed).toBe(true);
      expect((await update({ apiGroups: [''], resources: ['pods/attach'], verbs: ['create'] })).policies[0].policy).toMatch(/role-pod-exec/);
      expect((await update({ apiGroups: [''], resources: ['pods'], verbs: ['*'] })).policies[0].policy).toMatch(/role-wildcard-verbs/);
    });
  });
});

const NAMESPACES = ['random-a', 'random-b'];
const RESOURCES: [group: string, resource: string][] = [['', 'configmaps'], ['', 'secrets'], ['', 'pods'], ['', 'pods/log'], ['apps', 'deployments'], ['apps', 'deployments/scale'], ['example.com', 'releases']];
const VERBS = ['get', 'list', 'watch', 'update', 'patch', 'delete', '*'];
const NAMES = ['a', 'b'];

interface RandomGrant {
  readonly group: string;
  readonly resource: string;
  readonly verbs: string[];
  readonly names: string[];
  readonly place: 'own' | 'other' | 'cluster';
}

/** The same ones in each run. */
function randomGrants(): RandomGrant[][] {
  const grant = fc.tuple(fc.constantFrom(...RESOURCES), fc.subarray(VERBS, { minLength: 1, maxLength: 3 }), fc.subarray(NAMES), fc.constantFrom<RandomGrant['place']>('own', 'other', 'cluster'))
    .map(([[group, resource], verbs, names, place]) => ({ group, resource, verbs, names, place }));
  return fc.sample(fc.array(grant, { minLength: 1, maxLength: 5 }), { numRuns: 25, seed: 5 });
}

function placeOf(place: RandomGrant['place'], namespaces: HardenedNamespace[]): GrantOptions {
  return place === 'own' ? {} : place === 'other' ? { inNamespace: namespaces[1] } : { wholeCluster: true };
}

function roleOf({ group, resource, verbs, names, place }: RandomGrant): Record<string, unknown> {
  const rule = { apiGroups: [group], resources: [resource], verbs: verbs.includes('*') ? ['*'] : verbs, ...(names.length > 0 && { resourceNames: names }) };
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: place === 'cluster' ? 'ClusterRole' : 'Role', metadata: { name: 'x' }, rules: [rule] };
}

/** Every resource, verb, name and place that grants speak of, and one of each that none does. */
function questionsOf(workload: string): Question[] {
  return [...RESOURCES, ['', 'services'] as [string, string]].flatMap(([group, path]) => {
    const [resource, subresource] = path.split('/');
    return [...VERBS.slice(0, -1).filter((verb) => verb !== 'patch'), 'deletecollection'].flatMap((verb) => [...NAMESPACES, undefined].flatMap((namespace) => ['a', 'other'].map((name) => (
      { as: { namespace: NAMESPACES[0], workload }, verb, group, resource, subresource, namespace, name }
    ))));
  });
}

/** What was declared, read literally. */
function isGranted(grants: readonly RandomGrant[], { verb, group, resource, subresource, namespace, name }: Question): boolean {
  const path = subresource === undefined ? resource : `${resource}/${subresource}`;
  return grants.some((grant) => grant.group === group && grant.resource === path && (grant.verbs.includes(verb) || grant.verbs.includes('*'))
    && (grant.names.length === 0 || grant.names.includes(name!))
    && (grant.place === 'cluster' || namespace === (grant.place === 'own' ? NAMESPACES[0] : NAMESPACES[1])));
}
