import { readFileSync, statSync } from 'fs';
import { join } from 'path';
import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { auditLog } from '../../../src/control-plane/audit/audit-log';
import { AuditPolicy } from '../../../src/control-plane/audit/audit-policy';
import { addAudit } from '../../../src/control-plane/audit/audit-render';
import { AuditLevel, AuditStage } from '../../../src/control-plane/audit/audit-rule';
import { AuditWebhook } from '../../../src/control-plane/audit/audit-webhook';
import { Component } from '../../../src/control-plane/component/component';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { ruleOf } from '../../control-plane/audit/audit-simulator';
import { API_SERVER_PROGRAMS, ApiServer } from '../api-server';
import { describeWith, ProgramName } from '../programs';
import { AuditCollector } from './audit-collector';
import { attributesOf, AuditRun, formsOf } from './audit-run';
import { makeAuthority, makeClientCertificate, makeServerCertificate } from './certificates';
import { freePort, Machine, ready, tlsRequest } from './machine';

const LOG = '/var/log/kubernetes/audit/audit.log';
const CERTIFICATE = '/etc/kubernetes/pki/audit-client.crt';
const KEY = '/etc/kubernetes/pki/audit-client.key';

/** The rendered files at a node's root, and the rendered flags. Adapted: paths. */
function place(machine: Machine, policy: AuditPolicy, kubernetesVersion: KubernetesVersion, webhook?: AuditWebhook): Record<string, string> {
  const at = new Construct(new App(), 'kubernetes');
  const { flags, mounts } = new Component('kube-apiserver', 'kubernetes');
  const profile = new ClusterProfile({ name: 'prod', kubernetesVersion });
  addAudit({ policy, log: auditLog({}, at), webhook }, { at, profile, flags, mounts }).forEach(({ path, content }) => machine.write(path, content));
  return Object.fromEntries(flags.all.map(({ name, value }) => [name, machine.adapt(value)]));
}

function collectorCertificates(machine: Machine): void {
  makeAuthority(machine.root, 'collector-ca');
  makeAuthority(machine.root, 'other-ca');
  makeServerCertificate(machine.root, 'collector', 'collector-ca');
  makeClientCertificate(machine.root, 'audit-client', 'collector-ca');
  machine.write(CERTIFICATE, machine.read('/audit-client.crt'));
  machine.write(KEY, machine.read('/audit-client.key'));
}

const PRESETS = {
  recommended: { policy: AuditPolicy.recommended(), collector: 'alive' },
  minimal: { policy: AuditPolicy.minimal(), collector: 'dead' },
  forensic: { policy: AuditPolicy.forensic(), collector: 'of another CA' },
};
/** What the presets don't use: names, namespaces, every subresource of a kind, stages of single rules. */
const OWN = AuditPolicy.of({
  rules: [
    {
      level: AuditLevel.METADATA,
      resources: [
        { resources: ['secrets', 'configmaps', '*/token'] },
        { group: 'authentication.k8s.io', resources: ['*'] },
        { group: 'certificates.k8s.io', resources: ['certificatesigningrequests', '*/approval', '*/status'] },
        { resources: ['*/exec', '*/attach', '*/portforward', '*/proxy', '*/ephemeralcontainers'] },
      ],
    },
    { level: AuditLevel.REQUEST, namespaces: ['shop'], resources: [{ resources: ['pods'], resourceNames: ['one'] }] },
    {
      level: AuditLevel.METADATA, userGroups: ['system:masters'], verbs: ['list', 'watch'], namespaces: [''], resources: [{ resources: ['*'] }],
      omitStages: [AuditStage.RESPONSE_STARTED],
    },
    { level: AuditLevel.METADATA, users: ['oracle-admin'], verbs: ['watch'], omitStages: [AuditStage.RESPONSE_STARTED] },
    { level: AuditLevel.REQUEST_RESPONSE, resources: [{ group: 'apps', resources: ['*/scale', 'deployments'] }] },
    { level: AuditLevel.METADATA, userGroups: ['system:nodes', 'system:unauthenticated'], namespaces: ['', 'shop'] },
    { level: AuditLevel.NONE, resources: [{ resources: ['services/*', 'pods/log'] }] },
    { level: AuditLevel.NONE, verbs: ['get'], nonResourceUrls: ['/livez', '/api', '/apis/*'] },
  ],
});
const VERSIONS: [string, ProgramName, KubernetesVersion][] = [
  ['1.37', 'kube-apiserver', KubernetesVersion.V1_37], ['1.33', 'kube-apiserver@1.33', KubernetesVersion.V1_33],
];
const CASES = VERSIONS.flatMap(([name, program, version]) =>
  Object.entries(PRESETS).map(([preset, rest]) => ({ name, program, version, preset, ...rest })));
CASES.push({ name: '1.37', program: 'kube-apiserver', version: KubernetesVersion.V1_37, preset: 'own', policy: OWN, collector: 'dead' });

describeWith([...API_SERVER_PROGRAMS, 'kube-apiserver@1.33'], 'the audit log of a real API server', () => {
  describe.each(CASES)('$name, policy $preset, a collector that is $collector', ({ program, version, preset, policy, collector: state }) => {
    let machine: Machine;
    let server: ApiServer;
    let collector: AuditCollector | undefined;
    let done: AuditRun;
    const large = 'x'.repeat(20_000);
    const log = () => readFileSync(machine.path(LOG), 'utf8');
    const events = (): any[] => log().trim().split('\n').map((line) => JSON.parse(line));
    const recordsById = () => events()
      .reduce((byId, event) => byId.set(event.auditID, [...byId.get(event.auditID) ?? [], event]), new Map<string, any[]>());

    beforeAll(async () => {
      machine = new Machine();
      collectorCertificates(machine);
      const port = await freePort();
      collector = state === 'dead' ? undefined : await new AuditCollector().start(machine, port);
      const webhook = new AuditWebhook({
        server: `https://127.0.0.1:${port}/events`,
        certificateAuthority: machine.read(state === 'of another CA' ? '/other-ca.crt' : '/collector-ca.crt'),
        clientCertificatePath: CERTIFICATE,
        clientKeyPath: KEY,
        maxBatchWaitSeconds: 1,
        maxBatchSize: 50,
        initialBackoffSeconds: 1,
        throttleQps: 100,
        maxEventBytes: 16_384,
      });
      server = await ApiServer.start({ program, flags: place(machine, policy, version, webhook) });
      done = await AuditRun.of(server, (name) => readFileSync(join(server.folder, name), 'utf8'));
      await done.send('POST', '/apis/rbac.authorization.k8s.io/v1/clusterroles', { metadata: { name: 'large', annotations: { large } }, rules: [] });
    });
    afterAll(async () => {
      await server?.stop();
      await collector?.stop();
      machine?.remove();
    });

    test('the run of requests does what it is meant to do, and every rule decides about some of it', () => {
      const status = (method: string, url: string) => done.made.find((made) => made.method === method && made.url === url)?.answer.status;

      expect(done.made.length).toBeGreaterThan(250);
      expect(new Set(done.made.map(({ request }) => request.verb))).toEqual(new Set([
        'get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection', 'proxy', '', 'post', 'head',
      ]));
      expect([status('GET', '/api/v1/namespaces/shop/secrets/one'), status('GET', '/api/v1/namespaces/shop/secrets')]).toEqual([200, 200]);
      expect(status('PATCH', '/apis/certificates.k8s.io/v1/certificatesigningrequests/one/approval')).toBe(200);
      expect(done.made.filter(({ answer }) => answer.status === 401)).toHaveLength(10);
      expect(new Set(done.made.map(({ request }) => policy.decide(request).ruleIndex))).toEqual(new Set(policy.rules.map((_, i) => i)));
    });

    test('each request has the records that the simulator says, and is missing exactly where it says that nothing is kept', () => {
      const records = recordsById();
      const found = done.made.map(({ id, method, url }) => [method, url, (records.get(id) ?? []).map(({ level, stage }: any) => `${level} ${stage}`)]);
      const expected = done.made.map(({ method, url, request }) => {
        const { level, stages } = policy.decide(request);
        return [method, url, stages.map((stage) => `${level} ${stage}`)];
      });

      expect(found).toEqual(expected);
      expect(done.made.some(({ request }) => policy.decide(request).level === AuditLevel.NONE)).toBe(true);
    });

    test('so has each request of the API server\'s own, and both simulators agree on all', () => {
      const attributes = (event: any) => {
        const { verb: _, ...rest } = attributesOf('GET', event.requestURI);
        return { user: event.user.username, groups: event.user.groups, ...rest, verb: event.verb };
      };
      const different = events().filter((event) => policy.decide(attributes(event)).level !== event.level);
      const requests = [...done.made.map(({ request }) => request), ...events().map(attributes)].filter(({ user }) => user !== undefined);

      expect(different.map(({ level, verb, requestURI }) => `${level} ${verb} ${requestURI}`)).toEqual([]);
      for (const asked of requests) {
        const { namespace = '', group = '', resource = '', groups = [] } = asked;
        const second = ruleOf(policy.rules, { ...asked, user: asked.user!, namespace, group, resource, groups });
        expect([asked, second]).toEqual([asked, policy.decide(asked).ruleIndex]);
      }
    });

    test('a URL is what the API server says it is', () => {
      const records = recordsById();
      const seen = done.made.filter(({ id }) => records.has(id)).map(({ id, request }) => {
        const { verb, user, objectRef } = records.get(id)![0];
        return [[verb, user.username, objectRef?.apiGroup ?? '', objectRef?.resource, objectRef?.subresource],
          [request.verb, request.user, request.group ?? '', request.resource, request.subresource]];
      });

      expect(seen.length).toBeGreaterThan(100);
      for (const [said, meant] of seen) {
        expect(meant).toEqual(said);
      }
    });

    test('no secret, setting, token or signing request is in it, as it is or in base64', () => {
      const text = log();

      expect(Object.keys(done.values).sort()).toEqual(['csr', 'secret', 'setting', 'token', 'wrong']);
      for (const [what, value] of Object.entries(done.values)) {
        expect([what, formsOf(value).filter((form) => text.includes(form))]).toEqual([what, []]);
      }
    });

    test('a value in the wrong place comes back in the message of the refusal, which the log holds: no policy can keep it out', () => {
      const quoting = events().filter((event) => JSON.stringify(event).includes(done.quoted));

      const widgets = policy.decide({ user: 'oracle-admin', groups: ['system:masters'], verb: 'create', group: 'example.com', resource: 'widgets', namespace: 'shop' });

      expect(quoting.filter(({ stage }) => stage === 'ResponseComplete').map(({ level, verb, objectRef }) => [level, verb, objectRef.resource])).toEqual([
        [AuditLevel.METADATA, 'patch', 'secrets'], [widgets.level, 'create', 'widgets'],
      ]);
      for (const event of quoting) {
        expect(event.responseStatus).toMatchObject({ status: 'Failure', message: expect.stringContaining(done.quoted) });
        expect(JSON.stringify({ ...event, responseStatus: undefined, responseObject: undefined })).not.toContain(done.quoted);
      }
    });

    test('bodies are where the level promises them, and nowhere else', () => {
      const ended = events().filter(({ stage }) => stage === 'ResponseComplete');
      const bodies = (level: string) => ended.filter((event) => event.level === level && event.verb === 'create' && event.responseStatus.code === 201)
        .map(({ requestObject, responseObject }) => [requestObject !== undefined, responseObject !== undefined]);

      expect(events().filter((event) => event.level === 'Metadata' && (event.requestObject ?? event.responseObject) !== undefined)).toEqual([]);
      expect(new Set(bodies('Request').map(String))).toEqual(new Set(preset === 'recommended' ? ['true,false'] : []));
      expect(new Set(bodies('RequestResponse').map(String))).toEqual(new Set(preset === 'minimal' ? [] : ['true,true']));
      expect(log().includes(done.marker)).toBe(preset !== 'minimal');
    });

    test('it is closed to other users', () => {
      expect((statSync(machine.path(LOG)).mode & 0o777).toString(8)).toBe('600');
    });

    test(`a collector that is ${state} ${state === 'alive' ? 'has the same records' : 'has none, and the API server answers as ever'}`, async () => {
      if (state === 'alive') {
        const key = ({ auditID, stage }: any) => `${auditID} ${stage}`;
        const ids = new Set(done.made.map(({ id }) => id));
        const wanted = events().filter(({ auditID }) => ids.has(auditID)).map(key);
        await ready([], async () => {
          const received = new Set(collector!.events.map(key));
          return wanted.every((each) => received.has(each));
        });
        const truncated = collector!.events.find((event) => event.objectRef?.name === 'large');

        expect(new Set(collector!.clients)).toEqual(new Set(['audit-client']));
        expect(Math.max(...collector!.batches.map((batch) => batch.length))).toBeGreaterThan(1);
        expect(truncated).toMatchObject({ level: 'RequestResponse', annotations: { 'audit.k8s.io/truncated': 'true' } });
        expect(truncated.requestObject).toBeUndefined();
        expect(log()).toContain(large);
        await expect(tlsRequest(`${collectorUrl()}/events`, { method: 'POST', body: {}, ca: machine.read('/collector-ca.crt') })).rejects.toThrow();
      } else if (collector) {
        await ready([], async () => collector!.refusals > 0);
        expect(collector.events).toEqual([]);
      }
      expect((await server.request('GET', '/readyz')).status).toBe(200);
      expect((await server.request('GET', '/api/v1/namespaces/shop')).status).toBe(200);
    });

    function collectorUrl(): string {
      return /server: (https:\/\/[^/]+)/.exec(machine.read('/etc/kubernetes/audit-webhook/collector.kubeconfig'))![1];
    }
  });

  describe('bad twins', () => {
    const machine = new Machine();
    afterAll(() => machine.remove());
    const twin = (name: string, text: string, program: ProgramName = 'kube-apiserver') => {
      const flags = place(machine, AuditPolicy.recommended(), KubernetesVersion.V1_37);
      return ApiServer.start({ program, flags: { ...flags, 'audit-policy-file': machine.write(`/${name}.yaml`, `apiVersion: audit.k8s.io/v1\nkind: Policy\n${text}`) } });
    };

    test('what ours refuses or can\'t say, the API server loads, understands otherwise, and logs secrets and tokens by', async () => {
      const server = await twin('lenient', [
        'rules: [{ level: None }]',
        'rules:',
        // Meant: bodies of pods. The typo makes it all of the core group.
        '- { level: RequestResponse, resources: [{ group: "", resource: [pods] }] }',
        // Meant: none of reviews. Group and resource in one word match nothing.
        '- { level: Metadata, resources: [{ group: "", resources: [authentication.k8s.io/tokenreviews] }] }',
        '- { level: RequestResponse }',
        '---',
        'apiVersion: audit.k8s.io/v1\nkind: Policy\nrules: [{ level: None }]',
      ].join('\n'));
      try {
        const done = await AuditRun.of(server, (name) => readFileSync(join(server.folder, name), 'utf8'));
        const text = machine.read(LOG);

        for (const [what, value] of Object.entries(done.values)) {
          expect([what, formsOf(value).some((form) => text.includes(form))]).toEqual([what, true]);
        }
        expect(readFileSync(join(server.folder, 'kube-apiserver.log'), 'utf8')).toMatch(
          /falling back to lenient decoding: [^]*key "rules" already set in map, unknown field "rules\[0\]\.resources\[0\]\.resource"/);
      } finally {
        await server.stop();
      }
    });

    test('the API server does not start without rules, nor 1.33 with every group', async () => {
      await expect(twin('empty', 'rules: []\n')).rejects.toThrow('loaded illegal policy with 0 rules');
      await expect(twin('star', 'rules: [{ level: Metadata, resources: [{ group: "*" }] }]\n', 'kube-apiserver@1.33')).rejects.toThrow(/a lowercase RFC 1123 subdomain/);
    });
  });
});
