import { chmodSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { MUTATING_POLICIES_SINCE, POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith, findProgram, programPath } from './programs';

const ADMISSION = 'admissionregistration.k8s.io/v1';
const PODS = { apiGroups: [''], apiVersions: ['v1'], operations: ['CREATE', 'UPDATE'], resources: ['pods'] };

const policy = (name: string, expression: string, rule: object = PODS) => ({
  apiVersion: ADMISSION,
  kind: 'ValidatingAdmissionPolicy',
  metadata: { name },
  spec: { matchConstraints: { resourceRules: [rule] }, validations: [{ expression, message: `${name} said no` }] },
});
/** Only namespaces with the label `bound` of this value are covered. */
const binding = (policyName: string, bound: string, ...validationActions: string[]) => ({
  apiVersion: ADMISSION,
  kind: 'ValidatingAdmissionPolicyBinding',
  metadata: { name: `${policyName}-${bound}` },
  spec: { policyName, validationActions, matchResources: { namespaceSelector: { matchLabels: { bound } } } },
});
const pod = (name: string, namespace: string, spec: object = {}, container: object = {}) => ({
  apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace }, spec: { containers: [{ name: 'web', image: 'web', ...container }], ...spec },
});

const NO_HOST_NETWORK = policy('no-host-network', '!has(object.spec.hostNetwork) || !object.spec.hostNetwork');
const NO_HOST_PID = policy('no-host-pid', '!has(object.spec.hostPID) || !object.spec.hostPID');
const MISSPELLED = policy('misspelled', '!has(object.spec.hostNetwrok)');

describe.each(POLICY_SERVER_VERSIONS)('Kubernetes %s', version => {
  describeWith(policyServerPrograms(version), 'a policy server', () => {
    let server: PolicyServer;
    beforeAll(async () => {
      server = await PolicyServer.start({ version });
      await server.namespace('denying', { bound: 'deny' });
      await server.namespace('warning', { bound: 'warn' });
      await server.namespace('unbound');
      await server.apply([
        NO_HOST_NETWORK, binding('no-host-network', 'deny', 'Deny'), binding('no-host-network', 'warn', 'Warn'),
        NO_HOST_PID, binding('no-host-pid', 'deny', 'Deny'), binding('no-host-pid', 'warn', 'Warn'),
      ]);
      await server.settle();
    });
    afterAll(async () => server?.stop());

    test('runs that version, unless somebody brings another', () => {
      const brought = version === POLICY_SERVER_VERSIONS[0] && process.env.KUBEBUILDER_ASSETS !== undefined;
      expect(server.minor).toBe(brought ? server.minor : Number(version.split('.')[1]));
    });

    test('type-checks policies: a path that Pod does not have is a warning, a right one is none', async () => {
      await server.apply([MISSPELLED]);

      expect(await server.typeWarnings('misspelled')).toEqual([
        expect.stringMatching(/^spec\.validations\[0\]\.expression: \/v1, Kind=Pod: ERROR: [^]*undefined field 'hostNetwrok'/),
      ]);
      expect(await server.typeWarnings('no-host-network')).toEqual([]);
    });

    test('type-checks a policy anew after each change', async () => {
      const changing = (expression: string) => server.apply([policy('changing', expression)]);
      await changing('has(object.spec.hostNetwrok)');
      expect(await server.typeWarnings('changing')).toHaveLength(1);
      await changing('has(object.spec.hostNetwork)');
      expect(await server.typeWarnings('changing')).toEqual([]);
      await changing('has(object.spec.hostNetwrok)');
      expect(await server.typeWarnings('changing')).toHaveLength(1);
    });

    test('gives the type warnings of all policies by name, its own sentinels left out', async () => {
      await server.apply([MISSPELLED, policy('fine', 'object.spec.containers.size() > 0')]);

      expect(await server.allTypeWarnings()).toMatchObject({
        'misspelled': [expect.stringContaining('hostNetwrok')], 'fine': [], 'no-host-network': [], 'no-host-pid': [],
      });
      expect(Object.keys(await server.allTypeWarnings()).filter(name => name.startsWith('sentinel'))).toEqual([]);
    });

    test('a policy that does not exist is an error, not a policy without warnings', async () => {
      await expect(server.typeWarnings('nobody')).rejects.toThrow('"nobody" not found');
    });

    test('a policy whose expression does not compile is refused', async () => {
      await expect(server.apply([policy('broken', 'object.spec.')])).rejects.toThrow(/^ValidatingAdmissionPolicy broken was refused: 422 [^]*Syntax error/);
    });

    test('a Deny binding refuses, and says which policy it was', async () => {
      const refused = await server.dryRun(pod('web', 'denying', { hostNetwork: true }));

      expect(refused).toMatchObject({ status: 422, allowed: false, unjudged: false, warnings: [], podSecurity: [] });
      expect(refused.policies).toEqual([
        { policy: 'no-host-network', binding: 'no-host-network-deny', action: 'deny', message: 'no-host-network said no' },
      ]);
      expect(refused.message).toContain("ValidatingAdmissionPolicy 'no-host-network' with binding 'no-host-network-deny' denied request");
    });

    test('the compliant twin, and the bad one where nothing is bound, are allowed', async () => {
      expect(await server.dryRun(pod('web', 'denying'))).toMatchObject({ status: 201, allowed: true, message: '', warnings: [], policies: [] });
      expect(await server.dryRun(pod('web', 'unbound', { hostNetwork: true }))).toMatchObject({ status: 201, allowed: true, warnings: [], policies: [] });
    });

    test('Warn bindings give every policy\'s verdict in one dry run', async () => {
      const warned = await server.dryRun(pod('web', 'warning', { hostNetwork: true, hostPID: true }));

      expect(warned).toMatchObject({ status: 201, allowed: true, unjudged: false, message: '' });
      expect(warned.policies.sort((a, b) => a.policy < b.policy ? -1 : 1)).toEqual([
        { policy: 'no-host-network', binding: 'no-host-network-warn', action: 'warn', message: 'no-host-network said no' },
        { policy: 'no-host-pid', binding: 'no-host-pid-warn', action: 'warn', message: 'no-host-pid said no' },
      ]);
      expect(warned.warnings).toContain("Validation failed for ValidatingAdmissionPolicy 'no-host-pid' with binding 'no-host-pid-warn': no-host-pid said no");
    });

    test('nothing of a dry run is kept', async () => {
      await server.dryRun(pod('kept', 'unbound'));

      expect((await server.request('GET', '/api/v1/namespaces/unbound/pods/kept')).status).toBe(404);
    });

    test('an invalid object is unjudged, as it reaches no policy', async () => {
      const invalid = await server.dryRun(pod('web', 'denying', { hostNetwork: true }, { name: 'No Name' }));

      expect(invalid).toMatchObject({ allowed: false, unjudged: true, policies: [], podSecurity: [] });
      expect(invalid.message).toContain('spec.containers[0].name: Invalid value');
    });

    test('an object with an unknown field is unjudged, and one of an unknown kind or namespace an error', async () => {
      expect(await server.dryRun(pod('web', 'denying', { hostNetwrok: true }))).toMatchObject({ status: 400, unjudged: true, message: expect.stringContaining('unknown field "spec.hostNetwrok"') });
      await expect(server.dryRun({ apiVersion: 'v1', kind: 'Pot', metadata: { name: 'web' } })).rejects.toThrow('the API server has no kind Pot in v1');
      await expect(server.dryRun(pod('web', 'nowhere'))).rejects.toThrow('namespaces "nowhere" not found');
    });

    test('Pod Security\'s verdicts, refusing and warning, are told from those of policies', async () => {
      await server.namespace('secure', { 'pod-security.kubernetes.io/enforce': 'baseline', 'pod-security.kubernetes.io/warn': 'restricted' });

      expect((await server.dryRun(pod('web', 'secure', { hostNetwork: true })))).toMatchObject({
        status: 403, allowed: false, unjudged: false, policies: [], podSecurity: expect.arrayContaining([
          { level: 'baseline:latest', action: 'deny', message: 'host namespaces (hostNetwork=true)' },
        ]),
      });
      expect((await server.dryRun(pod('web', 'secure'))).podSecurity).toEqual([
        { level: 'restricted:latest', action: 'warn', message: expect.stringContaining('allowPrivilegeEscalation != false') },
      ]);
    });

    test('an update, a patch and subresources are dry runs too', async () => {
      const [live] = await server.apply([pod('live', 'unbound', {}, { resources: { requests: { cpu: '100m' }, limits: { cpu: '100m' } } })]);
      const changes = (name: string, resource: string, condition: string) => [
        policy(name, `!(${condition})`, { ...PODS, resources: [resource] }),
        { ...binding(name, 'x', 'Deny'), spec: { policyName: name, validationActions: ['Deny'] } },
      ];
      const policies = [
        ...changes('no-label', 'pods', 'object.metadata.?labels.tier.orValue("") == "web"'),
        ...changes('no-resize', 'pods/resize', 'object.spec.containers.exists(c, string(c.resources.limits.cpu) == "2")'),
        ...changes('no-debug', 'pods/ephemeralcontainers', 'object.spec.?ephemeralContainers.orValue([]).exists(c, c.name == "debug")'),
      ];
      await server.apply(policies);
      await server.settle();
      const withCpu = (cpu: string) => {
        const copy = structuredClone(live);
        copy.spec.containers[0].resources = { requests: { cpu: '100m' }, limits: { cpu } };
        return copy;
      };
      const withDebugger = (name: string) => ({ ...live, spec: { ...live.spec, ephemeralContainers: [{ name, image: 'debug' }] } });
      const labelled = (tier: string) => ({ ...live, metadata: { ...live.metadata, labels: { tier } } });

      expect(await server.dryRunUpdate(labelled('db'))).toMatchObject({ allowed: true });
      expect(await server.dryRunUpdate(labelled('web'))).toMatchObject({ policies: [{ policy: 'no-label', action: 'deny' }] });
      expect(await server.dryRunPatch(live, { metadata: { labels: { tier: 'db' } } })).toMatchObject({ allowed: true });
      expect(await server.dryRunPatch(live, { metadata: { labels: { tier: 'web' } } })).toMatchObject({ policies: [{ policy: 'no-label' }] });
      expect(await server.dryRunUpdate(withCpu('1'), 'resize')).toMatchObject({ allowed: true });
      expect(await server.dryRunUpdate(withCpu('2'), 'resize')).toMatchObject({ policies: [{ policy: 'no-resize' }] });
      expect(await server.dryRunUpdate(withDebugger('other'), 'ephemeralcontainers')).toMatchObject({ allowed: true });
      expect(await server.dryRunUpdate(withDebugger('debug'), 'ephemeralcontainers')).toMatchObject({ policies: [{ policy: 'no-debug' }] });
      await expect(server.dryRunUpdate(pod('absent', 'unbound'))).rejects.toThrow('"absent" not found');
    });

    test('settle waits until many policies act at once, and until they no longer do', async () => {
      const policies = Array.from({ length: 30 }, (_, i) => policy(`many-${i}`, 'false'));
      const bindings = policies.map(({ metadata }) => binding(metadata.name, 'many', 'Warn'));
      await server.namespace('crowded', { bound: 'many' });
      await server.apply([...bindings, ...policies]);
      await server.settle();
      expect((await server.dryRun(pod('web', 'crowded'))).policies.map(each => each.policy).sort()).toEqual(policies.map(({ metadata }) => metadata.name).sort());

      await server.remove([...bindings, ...policies]);
      await server.settle();
      expect((await server.dryRun(pod('web', 'crowded'))).policies).toEqual([]);
    });

    test('a refusal can be waited for', async () => {
      const late = pod('web', 'unbound', { hostIPC: true });
      await server.apply([
        policy('no-host-ipc', '!has(object.spec.hostIPC)'),
        { ...binding('no-host-ipc', 'x', 'Deny'), spec: { policyName: 'no-host-ipc', validationActions: ['Deny'] } },
      ]);

      expect((await server.waitUntilDenied(late)).policies).toMatchObject([{ policy: 'no-host-ipc' }]);
    });

    test('warnings that the server has cut are an error, not verdicts', async () => {
      const policies = Array.from({ length: 20 }, (_, i) => policy(`wordy-${i}`, 'false'));
      policies.forEach(({ spec }) => spec.validations[0].message = 'x'.repeat(300));
      await server.namespace('wordy', { bound: 'wordy' });
      await server.apply([...policies, ...policies.map(({ metadata }) => binding(metadata.name, 'wordy', 'Warn'))]);
      await server.settle();

      await expect(server.dryRun(pod('web', 'wordy'))).rejects.toThrow('Pod wordy/web: the server may have cut its warnings; bind fewer policies at a time');
    });

    test('warnings keep their quotes, backslashes and letters, but one with a control character gets lost', async () => {
      const [odd, tabbed] = [policy('odd', 'false'), policy('tabbed', 'false')];
      odd.spec.validations[0].message = 'say "no" to C:\\ – für 容器, twice';
      tabbed.spec.validations[0].message = 'a\ttab';
      await server.namespace('odd', { bound: 'odd' });
      await server.apply([odd, tabbed, binding('odd', 'odd', 'Warn'), binding('tabbed', 'odd', 'Warn')]);
      await server.settle();

      expect((await server.dryRun(pod('web', 'odd'))).policies).toEqual([
        { policy: 'odd', binding: 'odd-odd', action: 'warn', message: 'say "no" to C:\\ – für 容器, twice' },
      ]);
    });

    test('kinds of a new definition can be applied and judged at once', async () => {
      const definition = {
        apiVersion: 'apiextensions.k8s.io/v1',
        kind: 'CustomResourceDefinition',
        metadata: { name: 'rollouts.oracle.example' },
        spec: {
          group: 'oracle.example',
          scope: 'Namespaced',
          names: { plural: 'rollouts', singular: 'rollout', kind: 'Rollout' },
          versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { 'type': 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
        },
      };
      const rollout = { apiVersion: 'oracle.example/v1', kind: 'Rollout', metadata: { name: 'web', namespace: 'unbound' }, spec: { replicas: 2 } };

      expect((await server.apply([rollout, definition])).map(({ kind }) => kind)).toEqual(['Rollout', 'CustomResourceDefinition']);
      expect(await server.dryRun({ ...rollout, metadata: { name: 'other', namespace: 'unbound' } })).toMatchObject({ status: 201, allowed: true });
    });

    test('hundreds of dry runs at once all get their answers', async () => {
      const objects = Array.from({ length: 400 }, (_, i) => pod(`web-${i}`, 'warning', { hostNetwork: i % 2 === 0, hostPID: i % 3 === 0 }));

      const answers = await Promise.all(objects.map(object => server.dryRun(object)));

      expect(answers.map(({ policies }) => policies.map(each => each.policy).sort())).toEqual(objects.map((_, i) => [
        ...(i % 2 === 0 ? ['no-host-network'] : []), ...(i % 3 === 0 ? ['no-host-pid'] : []),
      ]));
    });

    test('a new namespace that somebody else makes gets its service account too', async () => {
      await server.apply([{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'foreign' } }]);

      expect(await server.apply([pod('web', 'foreign')])).toHaveLength(1);
    });

    test('MutatingAdmissionPolicy v1 acts from 1.36 on, and does not exist before', async () => {
      const mutating = [
        {
          apiVersion: ADMISSION,
          kind: 'MutatingAdmissionPolicy',
          metadata: { name: 'no-token' },
          spec: {
            reinvocationPolicy: 'Never',
            matchConstraints: { resourceRules: [PODS] },
            mutations: [{ patchType: 'ApplyConfiguration', applyConfiguration: { expression: 'Object{spec: Object.spec{automountServiceAccountToken: false}}' } }],
          },
        },
        {
          apiVersion: ADMISSION,
          kind: 'MutatingAdmissionPolicyBinding',
          metadata: { name: 'no-token' },
          spec: { policyName: 'no-token', matchResources: { namespaceSelector: { matchLabels: { bound: 'mutate' } } } },
        },
      ];
      if (server.minor < MUTATING_POLICIES_SINCE) {
        await expect(server.apply(mutating)).rejects.toThrow('the API server has no kind MutatingAdmissionPolicy in admissionregistration.k8s.io/v1');
        return;
      }
      await server.namespace('mutated', { bound: 'mutate' });
      await server.apply(mutating);
      await server.settle();

      expect((await server.dryRun(pod('web', 'mutated'))).body.spec.automountServiceAccountToken).toBe(false);
      expect((await server.dryRun(pod('web', 'unbound'))).body.spec).not.toHaveProperty('automountServiceAccountToken');
    });
  });
});

describeWith(policyServerPrograms('1.37'), 'KUBEBUILDER_ASSETS', () => {
  const before = process.env.KUBEBUILDER_ASSETS;
  let assets: string;
  const reset = () => {
    if (before === undefined) {
      delete process.env.KUBEBUILDER_ASSETS;
    } else {
      process.env.KUBEBUILDER_ASSETS = before;
    }
  };
  beforeEach(() => assets = mkdtempSync(join(tmpdir(), 'assets-')));
  afterEach(() => {
    reset();
    rmSync(assets, { recursive: true });
  });
  /** Stands for the program and says so in a file. */
  const bring = (name: 'etcd' | 'kube-apiserver' | 'kubectl') => {
    writeFileSync(join(assets, name), `#!/bin/sh\ntouch '${assets}/${name}.used'\nexec '${programPath(name)}' "$@"\n`);
    chmodSync(join(assets, name), 0o755);
  };

  test('its etcd, kube-apiserver and kubectl are used, and type checking works beside them', async () => {
    bring('etcd');
    bring('kube-apiserver');
    bring('kubectl');
    process.env.KUBEBUILDER_ASSETS = assets;

    const server = await PolicyServer.start();
    try {
      await server.kubectl(['get', 'namespaces']);
      await server.apply([MISSPELLED]);
      expect(await server.typeWarnings('misspelled')).toHaveLength(1);
    } finally {
      await server.stop();
    }

    expect(['etcd', 'kube-apiserver', 'kubectl'].filter(name => existsSync(join(assets, `${name}.used`)))).toEqual(['etcd', 'kube-apiserver', 'kubectl']);
  });

  test('names programs of the default version only, absolutely wherever it points from', () => {
    const other = findProgram('kube-apiserver@1.33');
    bring('kube-apiserver');
    process.env.KUBEBUILDER_ASSETS = assets.replace(/^\//, '../'.repeat(process.cwd().split('/').length - 1));

    expect(findProgram('kube-apiserver')).toBe(join(assets, 'kube-apiserver'));
    expect(findProgram('kube-apiserver@1.33')).toBe(other);
  });

  test('a controller manager that somebody put there is used', () => {
    bring('kube-apiserver');
    symlinkSync(programPath('kube-controller-manager'), join(assets, 'kube-controller-manager'));
    process.env.KUBEBUILDER_ASSETS = assets;

    expect(findProgram('kube-controller-manager')).toBe(join(assets, 'kube-controller-manager'));
  });

  test('a folder without any of the programs is an error, not a reason to take others', () => {
    mkdirSync(join(assets, 'empty'));
    process.env.KUBEBUILDER_ASSETS = join(assets, 'empty');

    expect(() => findProgram('etcd')).toThrow(`etcd is missing; KUBEBUILDER_ASSETS is ${assets}/empty, which holds none of kube-apiserver, etcd, kubectl`);
  });
});
