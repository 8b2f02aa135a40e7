import { execFileSync } from 'child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { setTimeout as sleep } from 'timers/promises';
import { Chart } from 'cdk8s';
import { parse, stringify } from 'yaml';
import { PolicyPhase } from '../../../src/controls/admission/policy-binding';
import { policyName, policyObstacle } from '../../../src/controls/admission/validating-policy';
import { AdmissionPolicies } from '../../../src/controls/admission-policies';
import { catalogControls } from '../../../src/controls/catalog';
import { ActsAt, Control } from '../../../src/controls/control';
import { ControlSet } from '../../../src/controls/control-set';
import { exampleTwins } from '../../../src/controls/example-twins';
import { ControlPack } from '../../../src/controls/pack';
import { ALL_TEMPLATES } from '../../../src/controls/template-kinds';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { DEPLOYER, staticPolicyApp, StaticPolicyApp } from '../../control-plane/admission/static-policy-app';
import { TEMPLATE_KINDS, workloadOf } from '../../support/workloads';
import { API_SERVER_PROGRAMS, ApiServer, freePort, RequestOptions, Response } from '../api-server';
import { DryRun, verdictOf } from '../dry-run';
import { collectionPath } from '../kubectl';
import { describeWith, programPath, ProgramName } from '../programs';

const FOLDER = '/etc/kubernetes/admission/';
const VERSION = KubernetesVersion.V1_37;
const POLICIES = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies';
const BINDINGS = '/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings';
const DRY_RUN = 'dryRun=All&fieldValidation=Strict';

/** What needs no namespace of its own and no service account, so that it can be sent to a server that has just begun. */
const PRIVILEGED = {
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata: { name: 'privileged', namespace: 'default' },
  spec: {
    selector: { matchLabels: { app: 'privileged' } },
    template: {
      metadata: { labels: { app: 'privileged' } },
      spec: { containers: [{ name: 'app', image: 'ghcr.io/acme/app:1', securityContext: { privileged: true } }] },
    },
  },
};

describeWith([...API_SERVER_PROGRAMS, 'kubeadm'], 'policies from the rendered files', () => {
  const cleanUps: (() => unknown)[] = [];
  afterAll(async () => {
    for (const cleanUp of cleanUps.reverse()) {
      await cleanUp();
    }
  });
  const start = async (files: string | undefined, program?: ProgramName) => {
    const server = await EarlyServer.boot(program, files && join(files, FOLDER, 'config.yaml'));
    cleanUps.push(() => server.stop());
    return server;
  };
  /**
   * The files of a role below a folder that stands for the node's root. Adapted are the paths of the two folders in the configuration, and the
   * configuration of other plugins is left out: it is policies that are to refuse, not Pod Security.
   */
  const written = ({ nodes }: StaticPolicyApp, adapt = (text: string, _path: string) => text) => {
    const root = mkdtempSync(join(tmpdir(), 'static-policies-'));
    cleanUps.push(() => rmSync(root, { recursive: true }));
    for (const { path, content, mode } of nodes.files) {
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), adapt(path.endsWith('/config.yaml') ? policiesOnly(content, root) : content, path), { mode: parseInt(mode, 8) });
    }
    return root;
  };

  describe('with the policy of every control, each in a namespace of its own', () => {
    const controls = catalogControls().filter((control) => policyObstacle(control, VERSION) === undefined && control.appliesTo.custom.length === 0);
    let server: EarlyServer;
    beforeAll(async () => {
      const clusterWide = controls.filter(isClusterWide);
      server = await start(written(staticPolicyApp({}, {
        content: (app) => {
          const chart = new Chart(app, 'policies');
          const own = [...new Set(controls.map(namespaceOf))];
          controls.forEach((control) => new AdmissionPolicies(chart, control.id, {
            pack: ControlPack.of(`of-${control.id}`.slice(0, 40), control),
            phase: PolicyPhase.DENY,
            ...(clusterWide.includes(control) ? { excludedNamespaces: own } : { namespaces: namespacesOf(control) }),
          }));
        },
      })));
      await Promise.all(controls.map((control) => server.inhabit(namespaceOf(control))));
      await server.inhabit('default');
    });

    test('the bad twin of every control is refused by it, and the good one is admitted, in every kind', async () => {
      const examples = controls.filter(({ actsAt }) => actsAt !== ActsAt.ADMISSION).flatMap(examplesOf);
      const answers = await Promise.all(examples.map(async (example) => ({ ...example, answer: await server.dryRun(example.object) })));
      expect(answers.filter(({ answer }) => answer.unjudged).map(({ name, answer }) => `${name}: ${answer.message}`)).toEqual([]);

      const refused = new Set<string>();
      const wrong = answers.filter(({ control, object, answer }) => {
        const asked = isClusterWide(control) ? controls.filter(isClusterWide) : [control];
        const judged = answer.allowed ? answer.body : object;
        const broken = asked.filter((each) => new ControlSet([each], VERSION, ALL_TEMPLATES).violations(judged).length > 0);
        const said = answer.policies.map(({ policy }) => policy);
        if (!answer.allowed && broken.includes(control)) {
          refused.add(control.id);
        }
        return answer.allowed ? broken.length > 0 : !broken.some((each) => said.includes(`${policyName(each)}.static.k8s.io`));
      });
      expect(wrong.map(({ name, answer }) => `${name}: ${answer.message || 'admitted'}`)).toEqual([]);
      // What this one refuses is invalid to the API server from 1.35 on.
      expect(controls.filter(({ id, actsAt }) => actsAt !== ActsAt.ADMISSION && !refused.has(id)).map(({ id }) => id)).toEqual(['proc-mount-baseline']);
      expect(controls.length).toBeGreaterThan(80);
      expect(answers.filter(({ answer }) => !answer.allowed).length).toBeGreaterThan(200);
      expect(answers.filter(({ answer }) => answer.allowed).length).toBeGreaterThan(200);
    });

    test('they hold whole packs, PSS restricted and the largest one among them', () => {
      const ids = controls.map(({ id }) => id);
      for (const pack of [ControlPack.pssRestricted(), ControlPack.recommended()]) {
        const withPolicy = pack.controls.filter((control) => policyObstacle(control, VERSION) === undefined);
        expect(withPolicy.filter(({ id }) => !ids.includes(id)).map(({ id }) => id)).toEqual([]);
      }
    });
  });

  describe('with the largest packs everywhere', () => {
    let server: EarlyServer;
    beforeAll(async () => {
      const packs = [ControlPack.recommended(), ControlPack.nsa(), ControlPack.cisWorkloads()];
      server = await start(written(staticPolicyApp({ packs, mutate: true })));
    });
    const kubectl = async (args: string[], as?: string, input?: object) => {
      const who = as === undefined ? [] : [`--as=${as}`, '--as-group=system:masters'];
      const { code, stdout, stderr } = await server.kubectl([...args, ...who], { allowFailure: true, input: input && JSON.stringify(input) });
      return code === 0 ? stdout : stderr;
    };

    test('not one request passed them since the server began to answer', () => {
      const refused = server.early.filter(({ status, body }) => status === 403 && /ValidatingAdmissionPolicy 'hardened-[\w-]+\.static\.k8s\.io'/.test(body.message));
      expect(server.early.filter(({ status }) => status < 300)).toEqual([]);
      expect(refused.length).toBeGreaterThanOrEqual(1);
    });

    test('the API server lays out its own objects, and kubeadm the permissions of administrators, but nobody anything like them', async () => {
      expect(await kubectl(['get', 'namespaces,clusterrolebindings', '-o', 'name'])).toMatch(/namespace\/kube-system[^]*clusterrolebinding.*\/cluster-admin/);
      const binding = (changes: object) => ({
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'kubeadm:cluster-admins' },
        roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
        subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'kubeadm:cluster-admins' }],
        ...changes,
      });
      const create = (changes: object) => kubectl(['create', '-f', '-'], undefined, binding(changes));
      const eve = { apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'eve' };

      expect(await create({ subjects: [eve] })).toContain('Nobody is given the role cluster-admin');
      expect(await create({ subjects: [...binding({}).subjects, eve] })).toContain('Nobody is given the role cluster-admin');
      expect(await create({ metadata: { name: 'others' } })).toContain('Nobody is given the role cluster-admin');
      expect(await create({})).toContain('kubeadm:cluster-admins created');
      expect(await kubectl(['patch', 'clusterrolebinding', 'kubeadm:cluster-admins', '--type=merge', '-p', JSON.stringify({ subjects: [...binding({}).subjects, eve] })]))
        .toContain('Nobody is given the role cluster-admin');
    });

    test('what kubeadm init makes in a new cluster passes', async () => {
      const config = join(server.folder, 'init.yaml');
      writeFileSync(config, stringify({
        apiVersion: 'kubeadm.k8s.io/v1beta4', kind: 'ClusterConfiguration', kubernetesVersion: 'v1.37.1', controlPlaneEndpoint: '127.0.0.1:6443',
        networking: { podSubnet: '10.244.0.0/16' },
      }));
      for (const phase of ['upload-config all', 'bootstrap-token', 'addon all']) {
        execFileSync(programPath('kubeadm'), ['init', 'phase', ...phase.split(' '), '--kubeconfig', server.kubeconfig, '--config', config], { stdio: 'pipe' });
      }
      expect(await kubectl(['get', 'clusterrolebindings,clusterroles', '-o', 'name'])).toMatch(/kubeadm:node-autoapprove-bootstrap[^]*kubeadm:get-nodes/);
    });

    test('an administrator neither sees, changes nor removes them', async () => {
      for (const path of [POLICIES, BINDINGS]) {
        expect((await server.request('GET', path)).body.items).toEqual([]);
        const name = path === POLICIES ? 'hardened-privileged.static.k8s.io' : 'hardened-privileged.recommended.static.k8s.io';
        const answers = await Promise.all([
          server.request('GET', `${path}/${name}`),
          server.request('DELETE', `${path}/${name}`),
          server.request('PATCH', `${path}/${name}`, { body: { metadata: { labels: { weak: 'yes' } } }, contentType: 'application/merge-patch+json' }),
          server.request('DELETE', path),
        ]);
        expect(answers.map(({ status }) => status)).toEqual([404, 404, 404, 200]);
      }
      expect((await server.dryRun(PRIVILEGED)).policies).toHaveLength(1);
    });

    test('the API takes no name like theirs, not even from who may change its policies', async () => {
      const [, policy] = apiPolicies();
      const own = { ...policy, metadata: { name: 'hardened-privileged.static.k8s.io' } };
      expect(await kubectl(['create', '-f', '-'], DEPLOYER, own)).toContain('.static.k8s.io');
      expect((await server.request('GET', POLICIES)).body.items).toEqual([]);
    });

    test('the app\'s policies in the API are made, changed and removed by the exempt identity alone', async () => {
      const objects = apiPolicies();
      const apply = (as?: string, dryRun = false) => kubectl(['apply', '--server-side', '--force-conflicts', ...(dryRun ? ['--dry-run=server'] : []), '-f', '-'], as, { apiVersion: 'v1', kind: 'List', items: objects });
      const GUARDED = 'are guarded from the control-plane nodes';

      expect(await apply()).toContain(GUARDED);
      expect(await apply('system:serviceaccount:flux-system:other')).toContain(GUARDED);
      expect((await server.request('GET', POLICIES)).body.items).toEqual([]);
      expect(await apply(DEPLOYER)).not.toContain(GUARDED);
      expect((await server.request('GET', POLICIES)).body.items.length).toBeGreaterThan(10);

      const [policy, binding] = ['validatingadmissionpolicy/hardened-privileged', 'validatingadmissionpolicybinding/hardened-privileged.pss-restricted'];
      const weaken = [
        ['delete', policy],
        ['delete', binding],
        ['delete', 'validatingadmissionpolicybindings', '--all'],
        ['patch', binding, '--type=merge', '-p', JSON.stringify({ spec: { validationActions: ['Audit'] } })],
        ['patch', binding, '--type=merge', '-p', JSON.stringify({ spec: { matchResources: { namespaceSelector: { matchLabels: { none: 'here' } } } } })],
        ['patch', policy, '--type=merge', '-p', JSON.stringify({ spec: { validations: [{ expression: 'true' }] } })],
        ['patch', policy, '--type=merge', '-p', JSON.stringify({ spec: { failurePolicy: 'Ignore' } })],
        ['patch', policy, '--type=merge', '-p', JSON.stringify({ metadata: { ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'gone', uid: '0' }] } })],
        ['label', policy, 'weak=yes'],
        ['annotate', binding, 'weak=yes'],
      ];
      for (const args of weaken) {
        expect([args.join(' '), await kubectl(args)]).toEqual([args.join(' '), expect.stringContaining(GUARDED)]);
      }
      const collection = await server.request('DELETE', BINDINGS);
      expect([collection.status, collection.body.message]).toEqual([403, expect.stringContaining(GUARDED)]);
      const patched = await server.request('PATCH', `${POLICIES}/hardened-privileged/status`, {
        body: { metadata: { labels: { weak: 'yes' } }, spec: { failurePolicy: 'Ignore' } }, contentType: 'application/merge-patch+json',
      });
      expect([patched.status, patched.body.metadata.labels.weak, patched.body.spec.failurePolicy]).toEqual([200, undefined, 'Fail']);
      expect((await server.request('POST', BINDINGS, { body: { ...named(objects, 'hardened-privileged.pss-restricted'), metadata: { generateName: 'hardened-' } } })).status).toBe(403);

      // What changes nothing passes, whoever applies it again.
      expect(await apply(undefined, true)).not.toContain(GUARDED);
      // Others' policies are their own affair.
      const others = { ...named(objects, 'hardened-privileged.pss-restricted'), metadata: { name: 'others' } };
      expect(await kubectl(['create', '-f', '-'], undefined, others)).toContain('created');
      expect(await kubectl(['delete', 'validatingadmissionpolicybinding', 'others'])).toContain('deleted');

      expect(await kubectl(['label', policy, 'seen=yes'], DEPLOYER)).toContain('labeled');
      expect(await kubectl(['delete', binding], DEPLOYER)).toContain('deleted');
    });

    test('what the library makes of a namespace and a workload is admitted, and a bare Pod there brought up to the controls', async () => {
      const { app } = staticPolicyApp(null);
      const chart = new Chart(app, 'shop');
      const namespace = new HardenedNamespace(chart, 'shop');
      new SecureWorkload(namespace, 'web', { image: `ghcr.io/acme/web@sha256:${'0a'.repeat(32)}`, port: 8080 });
      for (const object of chart.toJson()) {
        expect(await kubectl(['apply', '--server-side', '-f', '-'], undefined, object)).toContain('serverside-applied');
      }
      const pod = {
        apiVersion: 'v1',
        kind: 'Pod',
        metadata: { name: 'bare', namespace: 'shop', labels: { app: 'bare' } },
        spec: { serviceAccountName: 'web', automountServiceAccountToken: false, containers: [{ name: 'web', image: `ghcr.io/acme/web@sha256:${'0a'.repeat(32)}` }] },
      };
      const answer = await server.dryRun(pod);
      expect(answer.message).toEqual('');
      expect(answer.body.spec.containers[0].securityContext).toMatchObject({ allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } });
    });
  });

  test('a file that is replaced acts within seconds, and a broken one leaves the policies as they are', async () => {
    const files = written(staticPolicyApp({ packs: [ControlPack.pssBaseline()] }));
    const path = join(files, FOLDER, 'validating/policies.yaml');
    const server = await start(files);
    const replace = (content: string) => {
      writeFileSync(`${path}.new`, content, { mode: 0o600 });
      renameSync(`${path}.new`, path);
    };
    const becomes = async (allowed: boolean) => {
      for (let attempt = 0; attempt < 600 && (await server.dryRun(PRIVILEGED)).allowed !== allowed; attempt++) {
        await sleep(100);
      }
      expect((await server.dryRun(PRIVILEGED)).allowed).toBe(allowed);
    };
    const good = readFileSync(path, 'utf8');

    await becomes(false);
    replace(staticPolicyApp({ packs: [ControlPack.of('other', ...ControlPack.pssBaseline().controls.filter(({ id }) => id === 'sysctls'))] })
      .nodes.files.find((file) => file.path.endsWith('validating/policies.yaml'))!.content);
    await becomes(true);
    replace(good);
    await becomes(false);
    replace(good.replaceAll('hardened-privileged', 'hardened-privileged-').replace('failurePolicy:', 'failurePolice:'));
    await server.logged('reloading manifest config');
    expect((await server.dryRun(PRIVILEGED)).allowed).toBe(false);
  });

  describe('on servers without them', () => {
    test('the same requests pass on the twin that has the configuration but no policies, from the first one on', async () => {
      const server = await start(written(staticPolicyApp(null)));
      expect(server.early.some(({ status }) => status === 201)).toBe(true);
      expect((await server.dryRun(PRIVILEGED)).allowed).toBe(true);
      expect((await server.kubectl(['create', '-f', '-', '--dry-run=server'], { input: JSON.stringify(apiPolicies()[1]) })).code).toBe(0);
    });

    test.each([
      ['a name that is not reserved for files', (text: string) => text.replaceAll('hardened-host-network.static.k8s.io', 'hardened-host-network'), /hardened-host-network\\*" in file .* must have a name ending with \\*"\.static\.k8s\.io/],
      ['a misspelt field', (text: string) => text.replace('failurePolicy:', 'failurePolice:'), /unknown field \\*"spec\.failurePolice/],
    ])('a server whose file has %s does not start, and says which file', async (_, spoil, message) => {
      const files = written(staticPolicyApp({ packs: [ControlPack.pssBaseline()] }), (text, path) => (path.endsWith('/policies.yaml') ? spoil(text) : text));
      const error: Error = await start(files).then(() => { throw new Error('it started'); }, (reason) => reason);
      expect(error.message).toMatch(message);
      expect(error.message).toContain('validating/policies.yaml');
    });
  });
});

describeWith([...API_SERVER_PROGRAMS, 'kube-apiserver@1.33'], 'Kubernetes 1.33', () => {
  test('starts with the files of its profile, in which nothing names a folder of policies', async () => {
    const { nodes } = staticPolicyApp(null, { profile: { kubernetesVersion: KubernetesVersion.V1_33 } });
    const root = mkdtempSync(join(tmpdir(), 'static-policies-'));
    nodes.files.forEach(({ path, content }) => {
      expect(content).not.toContain('staticManifestsDir');
      mkdirSync(join(root, dirname(path)), { recursive: true });
      writeFileSync(join(root, path), content);
    });
    const server = await EarlyServer.boot('kube-apiserver@1.33', join(root, FOLDER, 'config.yaml'));
    expect((await server.dryRun(PRIVILEGED)).allowed).toBe(true);
    await server.stop();
    rmSync(root, { recursive: true });
  });
});

/** The app's policies in the API: a List that a pipeline applies. */
function apiPolicies(): any[] {
  const { app } = staticPolicyApp(null);
  const chart = new Chart(app, 'policies');
  new AdmissionPolicies(chart, 'restricted', { pack: ControlPack.pssRestricted(), phase: PolicyPhase.DENY });
  const objects = chart.toJson();
  return [named(objects, 'hardened-host-network'), ...objects];
}

function named(objects: any[], name: string): any {
  return objects.find(({ metadata }) => metadata.name === name);
}

/** Sends a request that policies refuse each time that it is asked whether it is ready, from the moment that it listens. */
class EarlyServer extends ApiServer {
  static async boot(program: ProgramName = 'kube-apiserver', config?: string): Promise<EarlyServer> {
    return new EarlyServer(await freePort()).started({ program, flags: { 'admission-control-config-file': config } });
  }

  /** All answers that came while it booted. */
  readonly early: Response[] = [];

  override async request(method: string, path: string, options?: RequestOptions): Promise<Response> {
    if (path === '/readyz') {
      this.early.push(await super.request('POST', `/apis/apps/v1/namespaces/default/deployments?${DRY_RUN}`, { body: PRIVILEGED }));
    }
    return super.request(method, path, options);
  }

  /** Resolves once the API server has written a line. */
  async logged(text: string): Promise<void> {
    for (let attempt = 0; attempt < 600; attempt++) {
      if (readFileSync(join(this.folder, 'kube-apiserver.log'), 'utf8').includes(text)) {
        return;
      }
      await sleep(100);
    }
    throw new Error(`the API server did not log: ${text}`);
  }

  async inhabit(namespace: string): Promise<void> {
    const objects = [
      ...(namespace === 'default' ? [] : [{ path: '/api/v1/namespaces', body: { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } } }]),
      ...['default', 'app'].map((name) => ({
        path: `/api/v1/namespaces/${namespace}/serviceaccounts`,
        body: { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name }, automountServiceAccountToken: false },
      })),
    ];
    for (const { path, body } of objects) {
      const { status, body: answer } = await this.request('POST', path, { body });
      if (status !== 201) {
        throw new Error(`${body.kind} ${body.metadata.name} of ${namespace}: ${status} ${answer.message}`);
      }
    }
  }

  async dryRun(object: any): Promise<DryRun> {
    const path = (await collectionPath(this, object.apiVersion, object.kind))!;
    return verdictOf(object, await this.request('POST', `${path.replace('NAMESPACE', object.metadata.namespace ?? 'default')}?${DRY_RUN}`, { body: object }));
  }
}

/** The AdmissionConfiguration without the other plugins, its folders below a root. */
function policiesOnly(content: string, root: string): string {
  const { plugins, ...rest } = parse(content);
  return stringify({
    ...rest,
    plugins: plugins.filter(({ name }: any) => name.endsWith('AdmissionPolicy')).map(({ name, configuration }: any) => (
      { name, configuration: { ...configuration, staticManifestsDir: join(root, configuration.staticManifestsDir) } }
    )),
  });
}

interface Example {
  readonly control: Control;
  readonly name: string;
  readonly object: any;
}

function namespaceOf({ id }: Control): string {
  return `of-${id}`;
}

function namespacesOf(control: Control): string[] {
  return [namespaceOf(control), ...(control.id === 'default-namespace' ? ['default'] : [])];
}

/** Whether one of its examples belongs to no namespace: its policy then looks at all of them. */
function isClusterWide(control: Control): boolean {
  return examplesOf(control).some(({ object }) => object.metadata.namespace === undefined);
}

/** Both twins, in every kind that has a pod template, in the namespace of the control. */
function examplesOf(control: Control): Example[] {
  const kinds = control.appliesTo.isPodTemplates ? TEMPLATE_KINDS : [undefined];
  const { compliant, violating } = exampleTwins(control);
  return kinds.flatMap((kind) => Object.entries({ compliant, violating }).map(([twin, example]) => {
    const object: any = kind ? workloadOf(kind, example as any) : example;
    const namespace = object.metadata.namespace === 'app' ? namespaceOf(control) : object.metadata.namespace;
    const name = object.kind === 'Namespace' ? `${object.metadata.name}-example` : object.metadata.name;
    return { control, name: `${control.id} ${twin} ${kind ?? ''}`.trim(), object: { ...object, metadata: { ...object.metadata, name, ...(namespace && { namespace }) } } };
  }));
}
