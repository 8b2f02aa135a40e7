import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from '../policy-server';
import { describeWith } from '../programs';
import { run, tlsRequest } from './machine';
import { ServingApprover } from './serving-approver';

const REQUESTS = '/apis/certificates.k8s.io/v1/certificatesigningrequests';
const SERVING = ['digital signature', 'server auth'];

interface Planted {
  /** Whose client certificate asks. @default worker */
  readonly as?: string;
  readonly organization?: string;
  /** The node that the request names. @default worker */
  readonly node?: string;
  readonly names?: string;
  readonly usages?: string[];
  readonly subject?: string;
  /** What becomes of the request in PEM. */
  readonly sent?: (request: string, other: string) => string;
}

/** Nodes with what they say of themselves: a node may write any address into its own object. */
const NODES: Record<string, { control?: true; addresses: [string, string][] }> = {
  'worker': { addresses: [['InternalIP', '10.0.1.5'], ['InternalIP', 'fd00:1::5'], ['Hostname', 'worker'], ['InternalDNS', 'worker.corp.example'], ['ExternalIP', '203.0.113.5'], ['ExternalDNS', 'worker.elsewhere.example']] },
  'cp': { control: true, addresses: [['InternalIP', '10.0.16.11'], ['Hostname', 'cp']] },
  'victim': { addresses: [['InternalIP', '10.0.1.7'], ['ExternalIP', '203.0.113.7'], ['Hostname', 'victim']] },
  'liar': {
    addresses: [
      ['InternalIP', '10.0.1.66'], ['InternalIP', '10.96.0.1'], ['InternalIP', '10.0.16.99'], ['InternalIP', '192.168.7.7'], ['ExternalIP', '203.0.113.7'], ['InternalIP', '10.0.16.98'], ['InternalIP', '10.0.9.9'], ['InternalIP', '10.0.1.7'],
      ['InternalIP', '10.244.3.3'], ['Hostname', 'kubernetes.default.svc'], ['InternalDNS', 'api.corp.example'], ['ExternalDNS', 'victim'],
    ],
  },
  'kubernetes.default.svc': { addresses: [['InternalIP', '10.0.1.67'], ['Hostname', 'kubernetes.default.svc']] },
};

const GOOD: Record<string, Planted> = {
  'its addresses and its name': { names: 'DNS:worker,IP:10.0.1.5,IP:fd00:1::5' },
  'a name in the domain of nodes': { names: 'DNS:worker.corp.example' },
  'a public address, as a cloud states it': { names: 'IP:10.0.1.5,IP:203.0.113.5' },
  'usages of an RSA key': { names: 'IP:10.0.1.5', usages: ['digital signature', 'key encipherment', 'server auth'] },
  'an address of the control plane for a node of it': { as: 'cp', node: 'cp', names: 'DNS:cp,IP:10.0.16.11' },
};

/** The extension for names, of any bytes. */
function extension(...names: [number, string][]): string {
  const body = names.flatMap(([tag, text]) => [tag, text.length, ...Buffer.from(text, 'latin1')]);
  return Buffer.from([0x30, body.length, ...body]).toString('hex');
}

const BAD: [string, Planted, string][] = [
  ['another node\'s name', { node: 'cp', names: 'IP:10.0.1.5' }, 'has another subject=CN=system:node:cp,O=system:nodes'],
  ['an organization besides', { subject: '/O=system:nodes/O=system:masters/CN=system:node:worker', names: 'IP:10.0.1.5' }, 'has another subject'],
  ['a requester outside of system:nodes', { organization: 'people', names: 'IP:10.0.1.5' }, '"system:node:worker" is not in system:nodes'],
  ['a requester that is no node', { as: 'joe', names: 'IP:10.0.1.5' }, 'is no node'],
  ['an address that the node does not have', { names: 'IP:10.0.1.77' }, '10.0.1.77 is no address of the Node object'],
  ['a good address and a bad one', { names: 'IP:10.0.1.5,IP:10.0.1.77' }, '10.0.1.77 is no address of the Node object'],
  ['an IPv6 address that the node does not have', { names: 'IP:fd00:1::6' }, 'is no address of the Node object'],
  ['a name that the node does not have', { names: 'DNS:other' }, 'other is no address of the Node object'],
  ['a name outside of the domains of nodes', { names: 'DNS:worker.elsewhere.example' }, 'is neither the name of the node nor in its domains'],
  ['usages of a client', { names: 'IP:10.0.1.5', usages: [...SERVING, 'client auth'] }, 'usages are ["digital signature" "server auth" "client auth"]'],
  ['no names', { names: '' }, 'does not say Extension Request once'],
  ['an email address', { names: 'IP:10.0.1.5,email:a@b.example' }, 'is neither a name nor an address'],
  ['a URI', { names: 'IP:10.0.1.5,URI:spiffe://worker' }, 'is neither a name nor an address'],
  ['a wildcard', { names: 'DNS:*' }, '* is no name of a node'],
  ['the API server\'s service', { as: 'liar', node: 'liar', names: 'IP:10.96.0.1' }, '10.96.0.1 is no address of a node'],
  ['an endpoint of the API server', { as: 'liar', node: 'liar', names: 'IP:10.0.9.9' }, '10.0.9.9 is an address of the API server'],
  ['the API server\'s name', { as: 'liar', node: 'liar', names: 'DNS:kubernetes.default.svc' }, 'is a name of the API server or of services'],
  ['the API server\'s name by a node of that name', { as: 'kubernetes.default.svc', node: 'kubernetes.default.svc', names: 'DNS:kubernetes.default.svc' }, 'is a name of the API server'],
  ['the API server\'s name in the domain of nodes', { as: 'liar', node: 'liar', names: 'DNS:api.corp.example' }, 'is a name of the API server or of services'],
  ['an address of the control plane for a worker', { as: 'liar', node: 'liar', names: 'IP:10.0.16.99' }, '10.0.16.99 is an address of the control plane'],
  ['an address of the control plane that lies in an external range as well', { as: 'liar', node: 'liar', names: 'IP:10.0.16.98' }, '10.0.16.98 is an address of the control plane'],
  ['a public address that the node does not have', { names: 'IP:203.0.113.6' }, '203.0.113.6 is no address of the Node object'],
  ['a public address that another node has', { as: 'liar', node: 'liar', names: 'IP:203.0.113.7' }, '203.0.113.7 is an address of another node too'],
  ['an address outside of the ranges', { as: 'liar', node: 'liar', names: 'IP:192.168.7.7' }, '192.168.7.7 is outside of 10.0.0.0/20 fd00:1::/64'],
  ['an address of a pod', { as: 'liar', node: 'liar', names: 'IP:10.244.3.3' }, '10.244.3.3 is no address of a node'],
  ['an address that another node has', { as: 'liar', node: 'liar', names: 'IP:10.0.1.7' }, '10.0.1.7 is an address of another node too'],
  ['a name that another node has', { as: 'liar', node: 'liar', names: 'DNS:victim' }, 'victim is a name of another node too'],
  ['a name with a line break, behind which another hides', { names: `DER:${extension([0x82, 'worker\nx'], [0x87, '\x0a\x60\x00\x01'])}` }, 'its names are not what they seem'],
  ['a name in which others seem to be', { names: `DER:${extension([0x82, 'worker, IP Address:10.0.1.5'])}` }, 'its names are not what they seem'],
  ['a name with a zero byte', { names: `DER:${extension([0x82, 'worker\0.evil.example'])}` }, 'of worker'],
  ['a second request', { names: 'IP:10.0.1.5', sent: (request, other) => request + other }, 'it is not one request and nothing else'],
  ['text before the request', { names: 'IP:10.0.1.5', sent: (request) => `text\n${request}` }, 'it is not one request and nothing else'],
  ['two names in one', { names: 'DNS:worker\\, DNS:other' }, 'is no address of the Node object'],
];

describe.each(POLICY_SERVER_VERSIONS)('the approver of serving certificates on %s', (version) => {
  describeWith([...policyServerPrograms(version), 'shellcheck'], 'with a real API server', ({ shellcheck }) => {
    let server: PolicyServer;
    let approver: ServingApprover;
    const profile = new ClusterProfile({
      name: 'prod', kubernetesVersion: KubernetesVersion.of(version), nodeCidrs: ['10.0.0.0/20', 'fd00:1::/64'], controlPlaneCidrs: ['10.0.16.0/24'],
      apiEndpoints: ['https://api.corp.example:6443', 'https://10.0.9.9:6443'],
    });
    beforeAll(async () => {
      // Without NodeRestriction, which refuses other nodes' names too: the approver must not depend on it.
      server = await PolicyServer.start({ version });
      approver = new ServingApprover(server, profile, { nodeDomains: ['corp.example'], externalCidrs: ['203.0.113.0/24', '10.0.16.0/25'] });
      await server.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'kube-system' } }]);
      for (const [name, { control, addresses }] of Object.entries(NODES)) {
        await server.apply([{ apiVersion: 'v1', kind: 'Node', metadata: { name, labels: control ? { 'node-role.kubernetes.io/control-plane': '' } : {} } }]);
        const status = { addresses: addresses.map(([type, address]) => ({ type, address })) };
        const { status: code } = await server.request('PATCH', `/api/v1/nodes/${name}/status`, { body: { status }, contentType: 'application/merge-patch+json' });
        expect(code).toBe(200);
      }
    });
    afterAll(async () => {
      approver?.remove();
      await server?.stop();
    });

    const plant = async ({ as = 'worker', organization = 'system:nodes', node = 'worker', names = '', usages = SERVING, subject, sent }: Planted, prefix: string) => {
      const user = as === 'joe' ? as : `system:node:${as}`;
      const made = approver.request(subject ?? `/O=system:nodes/CN=system:node:${node}`, names);
      const request = sent?.(made, approver.request('/O=system:nodes/CN=system:node:cp', 'IP:10.96.0.1')) ?? made;
      // For one without rights of a node, the administrator asks in his name.
      const asNode = organization === 'system:nodes' && as !== 'joe';
      const object = {
        apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { generateName: `${prefix}-` },
        spec: { signerName: 'kubernetes.io/kubelet-serving', request: Buffer.from(request).toString('base64'), usages },
      };
      if (asNode) {
        const { status, body } = await tlsRequest(server.url + REQUESTS, { method: 'POST', body: object, ...approver.client(`/O=system:nodes/CN=${user}`) });
        expect([status, body.message]).toEqual([201, undefined]);
        return body.metadata.name as string;
      }
      const groups = [organization, 'system:masters'].flatMap((group) => ['--as-group', group]);
      const { stdout } = await server.kubectl(['create', '--as', user, ...groups, '-o', 'name', '-f', '-'], { input: JSON.stringify(object) });
      return stdout.trim().split('/')[1];
    };
    const conditions = async (name: string) => ((await server.request('GET', `${REQUESTS}/${name}`)).body.status.conditions ?? []).map(({ type }: any) => type);

    test('the script passes shellcheck', () => {
      expect(run(shellcheck, ['--severity=style', `${approver.folder}/kubelet-serving-approver`])).toBe('');
    });

    test('approves what a node may have', async () => {
      const names: string[] = [];
      for (const planted of Object.values(GOOD)) {
        names.push(await plant(planted, 'good'));
      }

      const { stdout, stderr } = approver.run();

      expect(stderr).toBe('');
      expect(stdout.trim().split('\n').sort()).toEqual(names.map((name, i) => `approved ${name} of "system:node:${Object.values(GOOD)[i].as ?? 'worker'}"`).sort());
      expect(await Promise.all(names.map(conditions))).toEqual(names.map(() => ['Approved']));
      expect(approver.run()).toEqual({ stdout: '', stderr: '' });
    });

    test('leaves everything else alone, and says why', async () => {
      const names: string[] = [];
      for (const [, planted] of BAD) {
        names.push(await plant(planted, 'bad'));
      }

      const { stdout, stderr } = approver.run();
      const lines = stderr.trim().split('\n');

      expect(stdout).toBe('');
      expect(BAD.map(([what], i) => [what, lines.find((line) => line.startsWith(`left ${names[i]}: `))?.slice(`left ${names[i]}: `.length)]))
        .toEqual(BAD.map(([what, , reason]) => [what, expect.stringContaining(reason)]));
      expect(lines).toHaveLength(BAD.length);
      expect(await Promise.all(names.map(conditions))).toEqual(names.map(() => []));
      await server.kubectl(['delete', 'csr', ...names]);
    });

    test('one request that can\'t be read keeps no other from being approved', async () => {
      const good = await plant(GOOD['its addresses and its name'], 'good');
      const broken = await plant({ names: '', subject: '/CN=x' }, 'broken');

      const { stdout, stderr } = approver.run();

      expect(stdout).toContain(`approved ${good} `);
      expect(stderr).toContain(`left ${broken}: `);
      await server.kubectl(['delete', 'csr', good, broken]);
    });

    test('requests for other signers are not its business', async () => {
      const request = Buffer.from(approver.request('/O=system:nodes/CN=system:node:worker', '')).toString('base64');
      const name = 'client';
      await server.apply([{
        apiVersion: 'certificates.k8s.io/v1', kind: 'CertificateSigningRequest', metadata: { name },
        spec: { signerName: 'kubernetes.io/kube-apiserver-client-kubelet', request, usages: ['digital signature', 'client auth'] },
      }]);

      expect(approver.run()).toEqual({ stdout: '', stderr: '' });
      expect(await conditions(name)).toEqual([]);
      expect(approver.kubectl('certificate', 'approve', name)).toMatch(/user not permitted to approve requests with signerName "kubernetes.io\/kube-apiserver-client-kubelet"/);
    });

    test('its token may do nothing else', () => {
      approver.run();
      for (const args of [['get', 'secrets', '-A'], ['get', 'pods', '-A'], ['create', 'token', 'default'], ['delete', 'csr', '--all'], ['get', 'node', 'worker']]) {
        expect(approver.kubectl(...args)).toMatch(/forbidden/i);
      }
    });

    test('what newer files let it do gets there, once, and what was changed besides is put right with it', async () => {
      const role = '/apis/rbac.authorization.k8s.io/v1/clusterroles/kubelet-serving-approver';
      const rules = async () => JSON.stringify((await server.request('GET', role)).body.rules);
      const written = async () => (await server.request('GET', role)).body.metadata.resourceVersion;
      approver.run();
      const before = await written();
      approver.run();
      expect(await written()).toBe(before);
      approver.replaceObjects((text) => text.replaceAll(/made-from: v-.*/g, 'made-from: v-newer').replace('- nodes', '- nodes\n      - leases'));
      expect(await rules()).not.toContain('leases');
      await server.kubectl(['patch', 'clusterrole', 'kubelet-serving-approver', '--type=json', '-p', '[{"op":"replace","path":"/rules","value":[]}]']);
      approver.run();

      expect(await rules()).toContain('leases');
    });

    test('an object that was put in the place of the judged one is not approved', async () => {
      const name = await plant(GOOD['its addresses and its name'], 'swapped');
      approver.replaceKubectl('case $* in *"get certificatesigningrequest "*) "$real" "$@" | sed "s/\\"uid\\": \\".*\\"/\\"uid\\": \\"another\\"/" ;; *) "$real" "$@" ;; esac');

      const swapped = approver.run();
      approver.replaceKubectl('"$real" "$@"');

      expect(swapped.stderr).toContain(`could not approve ${name} `);
      expect(await conditions(name)).toEqual([]);
      expect(approver.run().stdout).toContain(`approved ${name} `);
    });
  });
});
