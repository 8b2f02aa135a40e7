import { execFileSync, spawnSync } from 'child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { dirname, join } from 'path';
import { ApiObject, App, Chart, Cron, Duration, Size } from 'cdk8s';
import { Cpu, NodeTaintQuery, TaintEffect } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { admissionFaults, loosened, podTemplatesOf, refusalOf, settleQuotas, TemplatePod } from './admission';
import { POLICY_SERVER_VERSIONS, PolicyServer, policyServerPrograms } from './policy-server';
import { describeWith } from './programs';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { NodePool } from '../../src/core/node-pool';
import { NetworkPeer } from '../../src/network/network-peer';
import { containerdScript } from '../../src/runtime/containerd-script';
import { SandboxHandler } from '../../src/runtime/sandbox-handler';
import { SandboxRuntime } from '../../src/runtime/sandbox-runtime';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { AppArmorProfile, SeccompProfile, SeLinuxType } from '../../src/workloads/pod/security-profiles';
import { PreStop } from '../../src/workloads/pod/termination';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';
import { findings } from '../support/twins';

const IMAGE = `registry.example/web:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;
const POOL = NodePool.of({ labels: { pool: 'sandbox' }, taints: [{ key: 'pool', value: 'sandbox' }, { key: 'slow', effect: TaintEffect.PREFER_NO_SCHEDULE }] });
/** What looses each protection, as `loosened` names it. */
const TWINS = ['appArmorProfile: Unconfined of the pod', 'seLinuxOptions of the pod', 'seccompProfile: Unconfined of the pod', 'sysctls'];

/** Each option by itself and all that go together, in every kind. */
function everything(app: App, version: KubernetesVersion): void {
  new ClusterProfile({ name: 'prod', kubernetesVersion: version }).attachTo(app);
  const chart = new Chart(app, 'c');
  new ApiObject(chart, 'priority', { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' }, value: 7 });
  const kata = new SandboxRuntime(chart, 'kata', { handler: SandboxHandler.kata(), nodePool: POOL });
  const home = new HardenedNamespace(chart, 'shop', { quota: { cpu: Cpu.units(100), memory: Size.gibibytes(100), pods: 100 } });
  const db = new SecureWorkload(home, 'db', { image: IMAGE, port: 5432 });
  const all: Omit<SecureWorkloadProps, 'image'> = {
    appArmor: AppArmorProfile.localhost('profiles/x'),
    seccomp: SeccompProfile.localhost('profiles/web.json'),
    seLinux: { type: SeLinuxType.CONTAINER_KVM, level: 's0:c123,c456' },
    terminationGracePeriod: Duration.minutes(2),
    preStop: PreStop.sleep(Duration.seconds(5)),
  };
  const onNodes = {
    nodePool: POOL,
    nodeLabels: { 'kubernetes.io/arch': 'amd64' },
    priorityClassName: 'high',
    tolerations: [
      NodeTaintQuery.is('team', 'a', { effect: TaintEffect.NO_SCHEDULE }),
      NodeTaintQuery.exists('away', { effect: TaintEffect.NO_EXECUTE, evictAfter: Duration.minutes(1) }),
    ],
  };
  const placement = {
    ...onNodes,
    preferredNodeLabels: { disk: 'ssd', zone: 'a' },
    nearTo: [{ workload: db }],
    apartFrom: [{ workload: NetworkPeer.pods({ namespaceName: 'other' }), required: false }, { workload: db, topologyKey: 'topology.kubernetes.io/zone' }],
  };
  const options: Record<string, Omit<SecureWorkloadProps, 'image'>> = {
    'app-armor': { appArmor: AppArmorProfile.runtimeDefault() },
    'app-armor-own': { appArmor: all.appArmor },
    'seccomp': { seccomp: all.seccomp },
    'selinux': { seLinux: all.seLinux },
    'users': { userNamespace: true },
    'sandbox': { runtime: kata },
    'placement': { placement },
    'stop': { terminationGracePeriod: Duration.seconds(1) },
    'sleep': { preStop: all.preStop },
    'command': { preStop: PreStop.command(['/bin/drain', '--all']) },
    'port': { port: 80 },
    'users-port': { userNamespace: true, port: 1 },
    'all': { ...all, placement, runtime: kata },
    'all-users': { ...all, placement, userNamespace: true, port: 443 },
    'agent': { ...all, kind: WorkloadKind.DAEMON_SET, placement: onNodes, port: 53 },
    'state': { ...all, kind: WorkloadKind.STATEFUL_SET, placement, port: 5432 },
    'job': { ...all, kind: WorkloadKind.JOB, placement },
    'report': { ...all, kind: WorkloadKind.CRON_JOB, schedule: { cron: Cron.daily() }, placement, runtime: kata },
  };
  Object.entries(options).forEach(([name, props]) => new SecureWorkload(home, name, { image: IMAGE, ...props }));
}

describe.each(POLICY_SERVER_VERSIONS)('on a real API server %s', (minor) => {
  describeWith(policyServerPrograms(minor), 'confinement and placement', () => {
    const folder = mkdtempSync(join(tmpdir(), 'confinement-'));
    const version = KubernetesVersion.of(minor);
    let server: PolicyServer;
    let objects: any[];
    let templates: TemplatePod[];
    let stored: any[];

    beforeAll(async () => {
      const app = new App({ outdir: folder });
      everything(app, version);
      app.synth();
      objects = parseAllDocuments(app.synthYaml()).map((document) => document.toJS()).filter((object) => object);
      templates = podTemplatesOf(folder);
      server = await PolicyServer.start({ version: minor });
      stored = await server.apply(objects);
      await settleQuotas(server);
    });
    afterAll(async () => {
      rmSync(folder, { recursive: true, force: true });
      await server?.stop();
    });

    test('a second apply changes nothing', async () => {
      const again = await server.apply(objects);
      expect(objects.length).toBeGreaterThan(50);
      // What a quota counts is written to its status.
      const versions = (each: any[]) => each.filter(({ kind }) => kind !== 'ResourceQuota').map(({ metadata }) => `${metadata.name} ${metadata.resourceVersion}`);
      expect(versions(again)).toEqual(versions(stored));
    });

    test('the server keeps every value as it was written', () => {
      objects.forEach((object, i) => expect(stored[i]).toMatchObject(object));
      const { spec } = stored.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name === 'all-users').spec.template;
      expect(spec.hostUsers).toBe(false);
      expect(spec.containers[0].lifecycle.preStop).toEqual({ sleep: { seconds: 5 } });
    });

    test('no control finds anything', () => {
      expect(findings(ControlPack.recommended().controls, version, objects)).toEqual([]);
    });

    test('every pod is admitted, and its twins without AppArmor, seccomp, with another SELinux type or sysctl are refused', async () => {
      expect(templates).toHaveLength(19);
      for (const { owner, pod } of templates) {
        expect(`${owner}: ${await refusalOf(server, pod)}`).toBe(`${owner}: undefined`);
        const twins = loosened(pod, version.minor).filter(({ what }) => TWINS.includes(what));
        expect(twins).toHaveLength(TWINS.length);
        for (const { violation, pod: twin } of twins) {
          const refusal = await refusalOf(server, twin);
          expect(refusal).toContain(`violates PodSecurity "restricted:v${minor}"`);
          expect(refusal).toContain(violation);
        }
      }
    });

    test('a pod by the defaults is refused for each field that is loosened', async () => {
      expect(await admissionFaults(server, templates.filter(({ owner }) => owner === 'Deployment shop/port'), version.minor)).toEqual([]);
    });

    test('pods of a sandbox are sent to its nodes, past their taints, and cost what it costs', async () => {
      const { pod } = templates.find(({ owner }) => owner === 'Deployment shop/sandbox')!;
      const { status, body } = await server.request('POST', '/api/v1/namespaces/shop/pods?dryRun=All&fieldValidation=Strict', { body: pod });
      expect(status).toBe(201);
      expect(body.spec).toMatchObject({ runtimeClassName: 'kata', nodeSelector: { pool: 'sandbox' }, overhead: { cpu: '250m', memory: '160Mi' } });
      expect(body.spec.tolerations).toContainEqual({ key: 'pool', operator: 'Equal', value: 'sandbox', effect: 'NoSchedule' });
      const conflicting = { ...pod, spec: { ...pod.spec, nodeSelector: { pool: 'other' } } };
      expect(await refusalOf(server, conflicting)).toContain('conflict: runtimeClass.scheduling.nodeSelector[pool] = sandbox');
    });

    test('what is refused at synth is what the server refuses', async () => {
      const { pod } = templates.find(({ owner }) => owner === 'Deployment shop/users')!;
      const changed = (change: (spec: any) => void) => {
        const copy = structuredClone(pod);
        change(copy.spec);
        return refusalOf(server, copy);
      };
      expect(await changed((spec) => spec.hostPID = true)).toMatch(/HostPID: Forbidden: when `(pod\.Spec\.H|h)ostUsers` is false/);
      expect(await changed((spec) => spec.hostIPC = true)).toMatch(/HostIPC: Forbidden: when `(pod\.Spec\.H|h)ostUsers` is false/);
      expect(await changed((spec) => spec.hostNetwork = true)).toMatch(/hostNetwork: Forbidden: when `(pod\.Spec\.H|h)ostUsers` is false/);
      expect(await changed((spec) => spec.containers[0].lifecycle = { preStop: { sleep: { seconds: 31 } } })).toContain('must be non-negative and less than terminationGracePeriodSeconds (30)');
      expect(await changed((spec) => spec.priorityClassName = 'absent')).toContain('no PriorityClass with name absent was found');
      expect(await changed((spec) => spec.containers[0].securityContext.seccompProfile = { type: 'Localhost', localhostProfile: '../x' })).toContain('must not contain \'..\'');
      expect(await changed((spec) => spec.runtimeClassName = 'absent')).toContain('pod rejected: RuntimeClass "absent" not found');
    });
  });
});

describeWith(['containerd', 'shellcheck'], 'the script that tells containerd of a handler', () => {
  const folder = mkdtempSync(join(tmpdir(), 'containerd-'));
  const [config, bin, restarts] = [join(folder, 'etc', 'config.toml'), join(folder, 'bin'), join(folder, 'restarts')];
  const kata = SandboxHandler.of({ ...SandboxHandler.kata()._options, shimPath: join(bin, 'containerd-shim-kata-v2') });
  const MINE = 'version = 2\n\n[plugins."io.containerd.grpc.v1.cri"]\n  sandbox_image = "mine"\n'
    + '  [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc]\n    runtime_type = "io.containerd.runc.v2"\n'
    + '    [plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runc.options]\n      SystemdCgroup = true\n';

  beforeAll(() => {
    mkdirSync(bin);
    program('containerd-shim-runsc-v1', 'exit 0');
    program('containerd-shim-kata-v2', 'exit 0');
    program('systemctl', `echo "$*" >> ${restarts}`);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  beforeEach(() => {
    rmSync(dirname(config), { recursive: true, force: true });
    writeFileSync(restarts, '');
  });

  function program(name: string, text: string): void {
    writeFileSync(join(bin, name), `#!/bin/sh\n${text}\n`);
    chmodSync(join(bin, name), 0o755);
  }
  function run(handler: SandboxHandler, path = `${bin}:${process.env.PATH}`) {
    const { status, stderr } = spawnSync('bash', ['-s', '--', config], { input: containerdScript(handler._options), env: { PATH: path }, encoding: 'utf8' });
    return { status, stderr };
  }
  const write = (text: string) => {
    mkdirSync(dirname(config), { recursive: true });
    writeFileSync(config, text);
  };
  const dump = () => execFileSync('containerd', ['--config', config, 'config', 'dump'], { encoding: 'utf8' });
  const section = (name: string) => dump().split(/\n(?= *\[)/).find((part) => part.trim().startsWith(`[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.${name}]`));

  test('is a script that shellcheck finds nothing in', () => {
    for (const handler of [SandboxHandler.gvisor(), kata]) {
      expect(spawnSync('shellcheck', ['--shell=bash', '--severity=info', '-'], { input: containerdScript(handler._options), encoding: 'utf8' }).stdout).toBe('');
    }
  });

  test('adds the handler to what is there, and changes nothing else of it', () => {
    write(MINE);
    const before = dump();
    expect(run(SandboxHandler.gvisor())).toEqual({ status: 0, stderr: '' });
    expect(section('runsc')).toContain('runtime_type = "io.containerd.runsc.v1"');
    const after = dump();
    expect(after).toContain('sandbox_image = "mine"');
    expect(after).toContain('SystemdCgroup = true');
    expect(before.split('\n').filter((line) => !after.split('\n').includes(line))).toEqual([]);
    expect(readFileSync(restarts, 'utf8')).toBe('try-restart containerd\n');
  });

  test('in a file of its own the handler would take all else away up to containerd 1.7, which is why there is none', () => {
    write(`imports = ["${folder}/etc/runsc.toml"]\n${MINE}`);
    writeFileSync(join(folder, 'etc', 'runsc.toml'), 'version = 2\n[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]\n  runtime_type = "io.containerd.runsc.v1"\n');
    const merges = !/ v?1\.\d+\./.test(execFileSync('containerd', ['--version'], { encoding: 'utf8' }));
    expect(dump().includes('SystemdCgroup = true')).toBe(merges);
  });

  test('a second run changes nothing and restarts nothing; another handler joins it', () => {
    write(MINE);
    run(SandboxHandler.gvisor());
    const once = readFileSync(config, 'utf8');
    expect(run(SandboxHandler.gvisor())).toEqual({ status: 0, stderr: '' });
    expect(readFileSync(config, 'utf8')).toBe(once);
    expect(readFileSync(restarts, 'utf8')).toBe('try-restart containerd\n');

    expect(run(kata)).toEqual({ status: 0, stderr: '' });
    expect(section('runsc')).toBeDefined();
    expect(section('kata-qemu')).toContain(`runtime_path = "${bin}/containerd-shim-kata-v2"`);
    expect(section('kata-qemu')).toContain('privileged_without_host_devices = true');
    expect(dump()).toContain('ConfigPath = "/opt/kata/share/defaults/kata-containers/configuration-qemu.toml"');
  });

  test('a last line without end stays a line of its own', () => {
    write(MINE.trimEnd());
    expect([run(SandboxHandler.gvisor()), run(SandboxHandler.gvisor())].map(({ status }) => status)).toEqual([0, 0]);
    expect(readFileSync(config, 'utf8').match(/^# begin of the handler runsc$/gm)).toHaveLength(1);
    expect(dump()).toContain('SystemdCgroup = true');
  });

  test('a machine without configuration gets containerd\'s own, with the handler', () => {
    expect(run(SandboxHandler.gvisor())).toEqual({ status: 0, stderr: '' });
    expect(section('runsc')).toBeDefined();
    expect(section('runc')).toBeDefined();
  });

  test('version 3 has another name for the plugin', () => {
    write('version = 3\n');
    program('containerd', 'cat "$2"');
    expect(run(SandboxHandler.gvisor())).toEqual({ status: 0, stderr: '' });
    rmSync(join(bin, 'containerd'));
    expect(readFileSync(config, 'utf8')).toContain('[plugins."io.containerd.cri.v1.runtime".containerd.runtimes.runsc]');
  });

  test.each<[string, string, string]>([
    ['of an unknown version', 'version = 4\n', 'is of version 4; known are 2 and 3'],
    ['without version', '[debug]\n', 'is of version 1; known are 2 and 3'],
    ['with such a handler of somebody else\'s', '[plugins."io.containerd.grpc.v1.cri".containerd.runtimes.runsc]\n', 'has a handler runsc of somebody else\'s: remove it there'],
    ['that containerd doesn\'t take', '[broken\n', ''],
  ])('a configuration %s stays as it was, and the run fails', (_, text, message) => {
    const whole = text.startsWith('version') || text === '[debug]\n' ? text : `version = 2\n${text}`;
    write(whole);
    const { status, stderr } = run(SandboxHandler.gvisor());
    expect(status).not.toBe(0);
    expect(stderr).toContain(message);
    expect(readFileSync(config, 'utf8')).toBe(whole);
    expect(readFileSync(restarts, 'utf8')).toBe('');
  });

  test('a machine without the runtime is not set up, and says what is missing', () => {
    write(MINE);
    const { status, stderr } = run(SandboxHandler.gvisor(), process.env.PATH);
    expect(status).toBe(1);
    expect(stderr).toBe('containerd-handler-runsc: containerd-shim-runsc-v1 is not installed: build it into the image of the node, in a folder of PATH\n');
    expect(readFileSync(config, 'utf8')).toBe(MINE);
  });
});
