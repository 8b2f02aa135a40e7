import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { API_SERVER_PROGRAMS, ApiServer } from './api-server';
import { applyAll, generations } from './kubectl';
import { describeWith } from './programs';

const COMPLIANT_POD = {
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name: 'web', namespace: 'guarded' },
  spec: {
    serviceAccountName: 'web',
    securityContext: { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } },
    containers: [{
      name: 'web',
      image: 'registry.example/web@sha256:0000000000000000000000000000000000000000000000000000000000000000',
      securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } },
    }],
  },
};
const PRIVILEGED_POD = {
  ...COMPLIANT_POD,
  spec: { ...COMPLIANT_POD.spec, containers: [{ ...COMPLIANT_POD.spec.containers[0], securityContext: { privileged: true } }] },
};

describeWith(API_SERVER_PROGRAMS, 'a real API server', () => {
  let server: ApiServer;
  beforeAll(async () => {
    server = await ApiServer.start();
    await server.kubectl(['create', 'namespace', 'guarded']);
    await server.kubectl(['label', 'namespace', 'guarded', 'pod-security.kubernetes.io/enforce=restricted']);
  });
  afterAll(async () => server?.stop());

  const create = (object: unknown, expectFailure = false) => server.kubectl(
    ['create', '--validate=strict', '--dry-run=server', '-f', '-'], { input: JSON.stringify(object), expectFailure });

  test('knows its version', async () => {
    const { body } = await server.request('GET', '/version');

    expect(body).toMatchObject(process.env.KUBEBUILDER_ASSETS ? { major: '1' } : { major: '1', minor: '37', gitVersion: 'v1.37.1' });
  });

  test('refuses a pod whose service account does not exist, as no controller makes one', async () => {
    const { stderr } = await create({ ...COMPLIANT_POD, spec: { ...COMPLIANT_POD.spec, serviceAccountName: 'nobody' } }, true);

    expect(stderr).toContain('serviceaccount "nobody" not found');
  });

  test('admits a compliant pod to a restricted namespace and refuses its privileged twin', async () => {
    await server.kubectl(['create', 'serviceaccount', 'web', '--namespace=guarded']);

    expect((await create(COMPLIANT_POD)).stdout).toContain('pod/web created (server dry run)');
    expect((await create(PRIVILEGED_POD, true)).stderr).toContain('violates PodSecurity "restricted:latest": privileged');
  });

  test('a privileged pod is valid where no level is enforced, so that a refusal above is due to the level', async () => {
    await server.kubectl(['create', 'namespace', 'unguarded']);
    await server.kubectl(['create', 'serviceaccount', 'web', '--namespace=unguarded']);

    const pod = { ...PRIVILEGED_POD, metadata: { name: 'web', namespace: 'unguarded' } };
    expect((await create(pod)).stdout).toContain('pod/web created (server dry run)');
  });

  test('refuses a field that it does not know', async () => {
    const { stderr } = await create({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'typo' }, dta: {} }, true);

    expect(stderr).toContain('unknown field "dta"');
  });

  test('holds other users to RBAC', async () => {
    const { stderr } = await server.kubectl(['get', 'secrets', '--as=eve'], { expectFailure: true });

    expect(stderr).toContain('User "eve" cannot list resource "secrets"');
  });

  test('a command that fails, or that should have failed, rejects with what it said', async () => {
    await expect(server.kubectl(['get', 'pod', 'absent'])).rejects.toThrow('kubectl get pod absent failed with 1:\nError from server (NotFound)');
    await expect(server.kubectl(['get', 'pods'], { expectFailure: true })).rejects.toThrow('kubectl get pods succeeded');
  });

  describe('applying a folder', () => {
    let folder: string;
    beforeEach(() => folder = mkdtempSync(join(tmpdir(), 'manifests-')));
    afterEach(() => rmSync(folder, { recursive: true }));

    const write = (file: string, ...objects: unknown[]) => {
      mkdirSync(join(folder, file, '..'), { recursive: true });
      writeFileSync(join(folder, file), objects.map(object => JSON.stringify(object)).join('\n---\n'));
    };
    const namespace = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name } });
    const configMap = (name: string, data: object) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'applied' }, data });
    const budget = (minAvailable: number) => (
      { apiVersion: 'policy/v1', kind: 'PodDisruptionBudget', metadata: { name: 'budget', namespace: 'applied' }, spec: { minAvailable } });

    test('applies files in order and names the objects of absent kinds', async () => {
      write('1-workload/web.yaml', configMap('flags', {}), budget(1));
      write('0-namespace.yaml',
        namespace('applied'),
        { apiVersion: 'example.com/v1', kind: 'Unheard', metadata: { name: 'one' } },
        { apiVersion: 'example.com/v1', kind: 'Unheard', metadata: { name: 'two', namespace: 'applied' } },
      );

      expect(await applyAll(server, folder)).toEqual({
        objects: ['namespace/applied', 'configmap/flags', 'poddisruptionbudget.policy/budget'],
        absent: ['Unheard.example.com/v1 one', 'Unheard.example.com/v1 applied/two'],
      });
    });

    test('a second apply changes nothing, and a change shows', async () => {
      const unheard = { apiVersion: 'example.com/v1', kind: 'Unheard', metadata: { name: 'one' } };
      write('all.yaml', namespace('applied'), configMap('flags', { a: '1' }), budget(1), unheard);
      await applyAll(server, folder);
      const before = await generations(server, folder);
      expect(before).toEqual({
        'Namespace.v1 applied': expect.stringMatching(/^resource version \d+$/),
        'ConfigMap.v1 applied/flags': expect.stringMatching(/^resource version \d+$/),
        'PodDisruptionBudget.policy/v1 applied/budget': 'generation 1',
      });

      await applyAll(server, folder);
      expect(await generations(server, folder)).toEqual(before);

      write('all.yaml', namespace('applied'), configMap('flags', { a: '2' }), budget(2), unheard);
      await applyAll(server, folder);
      const after = await generations(server, folder);
      expect(after['PodDisruptionBudget.policy/v1 applied/budget']).toBe('generation 2');
      expect(after['ConfigMap.v1 applied/flags']).not.toBe(before['ConfigMap.v1 applied/flags']);
      expect(after['Namespace.v1 applied']).toBe(before['Namespace.v1 applied']);
    });

    test('generations of objects that were never applied are an error', async () => {
      write('never.yaml', configMap('never', {}), configMap('neither', {}));

      await expect(generations(server, folder)).rejects.toThrow('configmaps "never" not found');
    });

    test('a refused object names its file, even beside an absent kind', async () => {
      write('typo.yaml', { ...configMap('typo', {}), dta: {} }, { apiVersion: 'example.com/v1', kind: 'Unheard', metadata: { name: 'one' } });

      await expect(applyAll(server, folder)).rejects.toThrow(/typo\.yaml was refused:[^]*dta: field not declared/);
    });
  });

  test('says why it could not start', async () => {
    let message = '';
    await ApiServer.start({ flags: { 'authorization-mode': 'Trust' } }).catch(error => message = error.message);

    expect(message).toContain('kube-apiserver did not start: kube-apiserver ended');
    expect(message).toContain('authorization-mode \\"Trust\\" is not a valid mode');
  });

  test('is gone after stop, and its folder too', async () => {
    const second = await ApiServer.start();
    expect((await second.request('GET', '/livez')).status).toBe(200);

    await second.stop();

    expect(existsSync(second.folder)).toBe(false);
    await expect(second.request('GET', '/livez')).rejects.toThrow('ECONNREFUSED');
  });
});
