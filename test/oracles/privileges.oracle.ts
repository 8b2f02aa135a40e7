import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Cron, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import * as fc from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { loosened, podTemplatesOf, refusalOf, settleQuotas } from './admission';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { PolicyPhase } from '../../src/controls/admission/policy-binding';
import { AdmissionPolicies } from '../../src/controls/admission-policies';
import { catalogControls } from '../../src/controls/catalog';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { setToday } from '../../src/core/today';
import { Privilege } from '../../src/workloads/access/privilege';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { InterimPodSecurity, PodSecurityRollout } from '../../src/workloads/namespace/pod-security-rollout';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';
import { HostPathType } from '../../src/workloads/volumes/host-path';

const IMAGE = `registry.example/agent:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;
const WHY = { reason: 'It watches the node.', owner: 'platform', expires: '2026-09-01' };
const NAMESPACE_CONTROLS = ['namespace-pod-security', 'namespace-pod-security-restricted'];

/** Workloads with privileges, by name; together they have each of them. */
const PRIVILEGED: Record<string, Partial<SecureWorkloadProps>> = {
  agent: {
    kind: WorkloadKind.DAEMON_SET,
    port: 9100,
    privileges: [
      Privilege.hostNetwork(WHY), Privilege.hostPid(WHY), Privilege.root(WHY), Privilege.capability('SYS_PTRACE', WHY), Privilege.capability('NET_ADMIN', WHY),
      Privilege.hostPath({ path: '/var/log/pods', mountPath: '/logs' }, WHY),
      Privilege.hostPath({ path: '/srv', mountPath: '/srv', readOnly: false, type: HostPathType.DIRECTORY_OR_CREATE }, WHY),
    ],
  },
  driver: {
    kind: WorkloadKind.STATEFUL_SET,
    port: 8080,
    privileges: [
      Privilege.privileged(WHY), Privilege.hostIpc(WHY),
      Privilege.hostPath({ path: '/run/driver.sock', mountPath: '/run/driver.sock', type: HostPathType.SOCKET }, WHY),
    ],
  },
  edge: {
    port: 8080,
    privileges: [
      Privilege.hostPort(8080, WHY), Privilege.hostPort(9443, WHY), Privilege.unconfinedSeccomp(WHY), Privilege.privilegeEscalation(WHY),
      Privilege.writableRootFilesystem(WHY), Privilege.sysctl('net.core.somaxconn', '1024', WHY), Privilege.capability('NET_BIND_SERVICE'),
    ],
  },
  night: { kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.daily() }, privileges: [Privilege.capability('SYS_ADMIN', WHY), Privilege.root(WHY)] },
  once: { kind: WorkloadKind.JOB, privileges: [Privilege.root(WHY)] },
};

const POOL = [
  ...Object.values(PRIVILEGED).flatMap(({ privileges }) => privileges!), Privilege.sysctl('kernel.shmmax', '1', WHY), Privilege.sysctl('net.ipv4.tcp_syncookies', '1'),
  Privilege.sysctl('net.ipv4.ip_unprivileged_port_start', '0'),
].filter(({ _facts: { name, about } }, i, all) => all.findIndex(({ _facts: each }) => each.name === name && each.about === about) === i);
const SMALL = { cpu: { request: Cpu.millis(1) }, memory: { request: Size.mebibytes(1) } };

/** What differs by one thing from a waived pod, all of it the API server's to refuse; undefined where the pod hasn't what it is about. */
const NEIGHBOURS: [string, (spec: any, metadata: any) => void][] = [
  ['another workload', (spec) => spec.serviceAccountName = 'web'],
  ['another container', (spec) => spec.containers.push({ ...spec.containers[0], name: 'beside', ports: [], volumeMounts: [] })],
  ['an init container', (spec) => spec.initContainers = [{ name: 'before', image: IMAGE, resources: spec.containers[0].resources }]],
  ['another capability', (spec) => spec.containers[0].securityContext.capabilities = { drop: ['ALL'], add: ['SYS_MODULE'] }],
  ['another path', (spec) => spec.volumes.push({ name: 'loose', hostPath: { path: '/', type: 'Directory' } })],
  ['another port of the node', (spec) => spec.containers[0].ports = [{ containerPort: 4711, hostPort: 4711, protocol: 'TCP' }]],
  ['another sysctl', (spec) => spec.securityContext.sysctls = [{ name: 'vm.swappiness', value: '10' }]],
  ['another namespace', (_, metadata) => metadata.namespace = 'other'],
];

const clusterOf = (minor: number) => {
  const app = new App();
  setToday(app, '2026-06-15');
  new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.of(`1.${minor}`) }).attachTo(app);
  return app;
};

/** Where the server's answer lacks what was applied. */
function lost(applied: any, live: any, at: string): string[] {
  if (typeof applied !== 'object' || applied === null) {
    return applied === live ? [] : [`${at} was ${JSON.stringify(applied)}, is ${JSON.stringify(live)}`];
  }
  return Object.keys(applied).flatMap((key) => lost(applied[key], live?.[key], `${at}.${key}`));
}

describe.each(POLICY_SERVER_VERSIONS)('on Kubernetes %s', (version) => {
  describeWith(policyServerPrograms(version), 'privileges and phases', () => {
    const folder = mkdtempSync(join(tmpdir(), 'privileges-'));
    const auditLog = join(folder, 'audit.log');
    let server: PolicyServer;
    let applied: any[];
    let stored: any[];

    beforeAll(async () => {
      writeFileSync(join(folder, 'audit-policy.json'), JSON.stringify({ apiVersion: 'audit.k8s.io/v1', kind: 'Policy', rules: [{ level: 'Metadata' }] }));
      server = await PolicyServer.start({ version, flags: { 'audit-log-path': auditLog, 'audit-policy-file': join(folder, 'audit-policy.json') } });
      const app = clusterOf(server.minor);
      const chart = new Chart(app, 'cluster');
      new AdmissionPolicies(chart, 'pods', { pack: ControlPack.pssRestricted(), phase: PolicyPhase.DENY, namespaces: ['shop', 'other'] });
      const namespaces = catalogControls().filter(({ id }) => NAMESPACE_CONTROLS.includes(id));
      expect(namespaces).toHaveLength(2);
      new AdmissionPolicies(chart, 'namespaces', { pack: ControlPack.of('namespaces', ...namespaces), phase: PolicyPhase.DENY });
      const shop = new HardenedNamespace(chart, 'shop');
      Object.entries(PRIVILEGED).forEach(([name, props]) => new SecureWorkload(shop, name, { image: IMAGE, ...props }));
      new SecureWorkload(shop, 'web', { image: IMAGE, port: 8080 });
      const other = new HardenedNamespace(chart, 'other');
      Object.keys(PRIVILEGED).forEach((name) => new SecureWorkload(other, name, { image: IMAGE }));
      const phases = {
        audit: PodSecurityRollout.audit(InterimPodSecurity.PRIVILEGED, WHY),
        warn: PodSecurityRollout.warn(InterimPodSecurity.BASELINE),
        enforce: PodSecurityRollout.enforce(),
      };
      Object.entries(phases).forEach(([name, podSecurity]) => new HardenedNamespace(chart, name, { podSecurity }));
      const file = join(folder, 'all.yaml');
      writeFileSync(file, app.synthYaml());
      applied = parseAllDocuments(readFileSync(file, 'utf8')).map((document) => document.toJS()).filter((object) => object);
      // Policies first, so that they judge what comes after them.
      const isPolicy = ({ apiVersion }: any) => apiVersion.startsWith('admissionregistration');
      await server.apply(applied.filter(isPolicy));
      await server.settle();
      stored = await server.apply(applied);
      await settleQuotas(server);
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await server?.stop();
    });

    const pods = () => podTemplatesOf(folder).map(({ pod }) => pod);
    const podOf = (workload: string) => structuredClone(pods().find(({ metadata }) => metadata.name === `${workload}-0` && metadata.namespace === 'shop'));
    const changedPod = (workload: string, change: (spec: any, metadata: any) => void) => {
      const pod = podOf(workload);
      pod.spec.securityContext ??= {};
      change(pod.spec, pod.metadata);
      return pod;
    };

    test('policies compile without type-check warnings', async () => {
      expect(Object.values(await server.allTypeWarnings()).flat()).toEqual([]);
    });

    test('the server keeps every value of the workloads and namespaces as it was written', () => {
      const ours = applied.map((object, i) => [object, stored[i]]).filter(([{ kind }]) => ['Namespace', ...Object.values(WorkloadKind)].includes(kind));
      expect(ours.length).toBeGreaterThan(14);
      expect(ours.flatMap(([object, live]) => lost(object, live, `${object.kind} ${object.metadata.name}`))).toEqual([]);
    });

    test('the namespace of the privileged enforces no more than they need, and its neighbour all', () => {
      const enforced = Object.fromEntries(applied.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => [metadata.name, metadata.labels['pod-security.kubernetes.io/enforce']]));
      expect(enforced).toEqual({ shop: 'privileged', other: 'restricted', audit: 'privileged', warn: 'baseline', enforce: 'restricted' });
    });

    test.each([...Object.keys(PRIVILEGED), 'web'])('the pods of %s are admitted', async (name) => {
      expect(await refusalOf(server, podOf(name))).toBeUndefined();
    });

    test.each(Object.keys(PRIVILEGED).flatMap((name) => NEIGHBOURS.map(([what, change]) => [name, what, change] as const)))('%s: %s is refused', async (name, _, change) => {
      const { allowed, unjudged, message } = await server.dryRun(changedPod(name, change));
      expect({ allowed, unjudged, message }).toEqual({ allowed: false, unjudged: false, message: expect.any(String) });
    });

    test('policies refuse of any other pod in the namespace what its level lets through by now', async () => {
      const admitted: string[] = [];
      for (const { what, pod } of loosened(podOf('web'), server.minor)) {
        const { allowed, unjudged } = await server.dryRun(pod);
        if (allowed || unjudged) {
          admitted.push(what);
        }
      }
      expect(admitted).toEqual([]);
    });

    test('another namespace may not enforce as little', async () => {
      const namespace = structuredClone(applied.find(({ kind, metadata }) => kind === 'Namespace' && metadata.name === 'shop'));
      namespace.metadata.name = 'stranger';
      expect((await server.dryRun(namespace)).policies.map(({ policy, action }) => [policy, action])).toEqual([['hardened-namespace-pod-security', 'deny']]);
    });

    test('whatever goes together here is valid for the server, too: 150 random combinations', async () => {
      const app = clusterOf(server.minor);
      const free = new HardenedNamespace(new Chart(app, 'c'), 'audit', {
        podSecurity: PodSecurityRollout.warn(InterimPodSecurity.PRIVILEGED, WHY),
        quota: { cpu: Cpu.units(500), memory: Size.gibibytes(500), pods: 500 },
      });
      const anything = fc.record({ privileges: fc.subarray(POOL), port: fc.constantFrom(undefined, 80, 8080), replicas: fc.constant(1) });
      const refused = fc.sample(anything, { numRuns: 150, seed: 5 })
        .filter((props, i) => {
          try {
            new SecureWorkload(free, `w${i}`, { image: IMAGE, resources: SMALL, ...props });
            return false;
          } catch (error) {
            expect((error as Error).name).toBe('HardenedError');
            return true;
          }
        });
      expect(refused.length).toBeGreaterThan(20);
      expect(refused.length).toBeLessThan(130);
      const made = parseAllDocuments(app.synthYaml()).map((document) => document.toJS()).filter((object) => object?.kind === 'Deployment');
      const answers = await Promise.all(made.map(async (object) => {
        const { spec: { template } } = object;
        const metadata = { ...template.metadata, name: object.metadata.name, namespace: 'audit' };
        const pod = { apiVersion: 'v1', kind: 'Pod', metadata, spec: { ...template.spec, serviceAccountName: 'default' } };
        return [await server.dryRun(object), await server.dryRun(pod)].filter(({ allowed }) => !allowed).map(({ message }) => message);
      }));
      expect(answers.flat()).toEqual([]);
    });

    const loose = (namespace: string) => {
      const pod = podOf('web');
      pod.metadata.namespace = namespace;
      pod.metadata.name = `loose-${namespace}`;
      pod.spec.serviceAccountName = 'default';
      pod.spec.containers[0].securityContext.allowPrivilegeEscalation = true;
      return pod;
    };

    test('enforced, a pod that violates restricted is refused by Pod Security admission', async () => {
      expect((await server.dryRun(loose('enforce'))).message).toContain('violates PodSecurity "restricted:');
    });

    test.each(['audit', 'warn'])('in phase %s it is admitted, noted in the audit log, and only in phase warn said to whoever applies it', async (phase) => {
      const { allowed, podSecurity } = await server.dryRun(loose(phase));
      expect(allowed).toBe(true);
      expect(podSecurity).toEqual(phase === 'warn' ? [expect.objectContaining({ action: 'warn', level: expect.stringMatching(/^restricted:/) })] : []);
      const entries = readFileSync(auditLog, 'utf8').trim().split('\n').map((line) => JSON.parse(line))
        .filter(({ objectRef }) => objectRef?.resource === 'pods' && objectRef.namespace === phase);
      expect(entries.some(({ annotations }) => /would violate PodSecurity "restricted:/.test(annotations?.['pod-security.kubernetes.io/audit-violations'] ?? ''))).toBe(true);
    });
  });
});
