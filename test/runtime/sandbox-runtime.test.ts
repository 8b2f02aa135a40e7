import { App, Chart, Size } from 'cdk8s';
import { Cpu, TaintEffect } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { HardenedApp } from '../../src/app/hardened-app';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { NodeKind } from '../../src/core/node-kind';
import { NodePool } from '../../src/core/node-pool';
import { NodeRole } from '../../src/nodes/node-role';
import { KataHypervisor, SandboxHandler } from '../../src/runtime/sandbox-handler';
import { SandboxRuntime, SandboxRuntimeProps } from '../../src/runtime/sandbox-runtime';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { messageOf } from '../core/message-of';
import { findings, VERSIONS } from '../support/twins';

/** A sandbox of an app with a worker, in a cluster of a distribution. */
function sandbox(props: (role: NodeRole) => Partial<SandboxRuntimeProps>, distribution = Distribution.KUBEADM, kind = NodeKind.WORKER) {
  const app = new HardenedApp({ quiet: true, cluster: new ClusterProfile({ name: 'prod', distribution }) });
  const role = new NodeRole(app, 'worker', { kind });
  const chart = new Chart(app, 'c');
  const runtime = new SandboxRuntime(chart, 'gvisor', { handler: SandboxHandler.gvisor(), ...props(role) });
  return { app, chart, role, runtime };
}

const classOf = (props: Partial<SandboxRuntimeProps>): any => sandbox(() => props).runtime.resource.toJson();
const refused = (...args: Parameters<typeof sandbox>) => messageOf(() => sandbox(...args));

describe('the RuntimeClass', () => {
  test('names the handler, and nothing else by default', () => {
    expect(classOf({})).toEqual({ apiVersion: 'node.k8s.io/v1', kind: 'RuntimeClass', metadata: { name: 'gvisor' }, handler: 'runsc' });
  });

  test('places pods where the runtime is, past the taints there', () => {
    const nodePool = NodePool.of({ labels: { sandbox: 'gvisor' }, taints: [{ key: 'sandbox', value: 'gvisor', effect: TaintEffect.NO_SCHEDULE }] });
    expect(classOf({ nodePool }).scheduling).toEqual({
      nodeSelector: { sandbox: 'gvisor' }, tolerations: [{ key: 'sandbox', operator: 'Equal', value: 'gvisor', effect: 'NoSchedule' }],
    });
  });

  test('tells the scheduler what a virtual machine costs, unless told otherwise', () => {
    expect(classOf({ handler: SandboxHandler.kata() })).toMatchObject({ handler: 'kata-qemu', overhead: { podFixed: { cpu: '250m', memory: '160Mi' } } });
    expect(classOf({ handler: SandboxHandler.kata(KataHypervisor.FIRECRACKER), overhead: { memory: Size.gibibytes(1) } }))
      .toMatchObject({ handler: 'kata-fc', overhead: { podFixed: { memory: '1Gi' } } });
    expect(classOf({ overhead: { cpu: Cpu.units(1) } }).overhead).toEqual({ podFixed: { cpu: '1' } });
  });

  test('is in no namespace, also below one', () => {
    const app = new App();
    const home = new HardenedNamespace(new Chart(app, 'c'), 'shop');
    new SandboxRuntime(home, 'gvisor', { handler: SandboxHandler.gvisor() });
    new SandboxRuntime(new Chart(app, 'more', { namespace: 'shop' }), 'kata', { handler: SandboxHandler.kata() });
    const classes = parseAllDocuments(app.synthYaml()).map((document) => document.toJS()).filter(({ kind }) => kind === 'RuntimeClass');
    expect(classes.map(({ metadata }) => metadata)).toEqual([{ name: 'gvisor' }, { name: 'kata' }]);
  });

  test('is found fault with by no control, at any version', () => {
    const nodePool = NodePool.of({ labels: { sandbox: 'gvisor' } });
    for (const version of VERSIONS) {
      expect(findings(ControlPack.recommended().controls, version, [classOf({ handler: SandboxHandler.kata(), nodePool })])).toEqual([]);
    }
  });
});

describe('machines', () => {
  test('get a script that tells containerd of the handler, for root alone, and run it', () => {
    const { role } = sandbox((worker) => ({ roles: [worker] }));
    expect(role.files).toHaveLength(1);
    expect(role.files[0]).toMatchObject({ path: '/usr/local/sbin/containerd-handler-runsc', mode: '0700', owner: 'root' });
    expect(role.files[0].content).toContain('runtime_type = "io.containerd.runsc.v1"');
    expect(role.commands).toEqual(['/usr/local/sbin/containerd-handler-runsc']);
  });

  test('are told where Kata Containers is, and that privileged pods get no devices of the node by it', () => {
    const { content } = sandbox((worker) => ({ handler: SandboxHandler.kata(), roles: [worker] })).role.files[0];
    expect(content).toContain('runtime_path = "/opt/kata/bin/containerd-shim-kata-v2"');
    expect(content).toContain('ConfigPath = "/opt/kata/share/defaults/kata-containers/configuration-qemu.toml"');
    expect(content).toContain('privileged_without_host_devices = true');
    expect(content).not.toContain('annotations');
  });

  test('get nothing where none is named', () => {
    expect(sandbox(() => ({})).role.files).toEqual([]);
  });

  test.each(Object.values(Distribution).filter((each) => each !== Distribution.KUBEADM))('of %s are not set up here, and the reason is said', (distribution) => {
    expect(refused((worker) => ({ roles: [worker] }), distribution)).toMatch(
      new RegExp(`^\\[c/gvisor\\] roles: got \\["worker"\\]; allowed: none on ${distribution}: .+\\. Set up the runtime there, and leave roles out\\.$`));
    expect(() => sandbox(() => ({}), distribution)).not.toThrow();
  });
});

describe('refused', () => {
  test.each<[string, Parameters<typeof sandbox>, string]>([
    ['machines that run no pods', [(role) => ({ roles: [role] }), undefined, NodeKind.BASTION],
      'roles[0]: got "worker, a bastion"; allowed: roles whose machines run pods. Name the workers.'],
    ['a role twice', [(role) => ({ roles: [role, role] })], 'roles[1]: got "worker"; allowed: each role once. Name it once.'],
    ['one role in place of a list', [(role) => ({ roles: 1 as never, name: role.roleName })], 'roles: got 1; allowed: a list of node roles. Put it in a list: roles: [ … ].'],
    ['no handler', [() => ({ handler: 'runsc' as never })], 'handler: got "runsc"; allowed: a SandboxHandler. Take, for instance, SandboxHandler.gvisor().'],
    ['a pool that is none', [() => ({ nodePool: {} as never })], 'nodePool: got {}; allowed: a NodePool. Make it by NodePool.of({ labels: { … } }).'],
    ['a name that is none', [() => ({ name: 'g visor' })],
      'name: got "g visor"; allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123). Correct the name.'],
    ['no CPU time', [() => ({ overhead: { cpu: Cpu.millis(0) } })],
      'overhead.cpu: got "0m"; allowed: CPU time of at least one thousandth of a CPU, in whole thousandths. Give it as Cpu.millis(250) or Cpu.units(2).'],
    ['a cost that nobody reads', [() => ({ overhead: { disk: 1 } as never })], 'overhead.disk: allowed: cpu, memory. Correct or remove it: nobody reads it.'],
    ['a name that nobody reads', [() => ({ pool: 1 } as never)], 'pool: allowed: handler, name, nodePool, overhead, roles. Correct or remove it: nobody reads it.'],
  ])('%s', (_, args, message) => {
    expect(refused(...args)).toBe(`[c/gvisor] ${message}`);
  });

  test('a role of another app', () => {
    const { role } = sandbox(() => ({}));
    expect(refused(() => ({ roles: [role] }))).toBe('[c/gvisor] roles[0]: got "worker"; allowed: roles of the same app. Make the runtime in the app of its nodes.');
  });

  test('a handler twice on one machine', () => {
    const { chart, role } = sandbox((worker) => ({ roles: [worker] }));
    expect(messageOf(() => new SandboxRuntime(chart, 'again', { handler: SandboxHandler.gvisor(), roles: [role] }))).toContain('[worker] path: got "/usr/local/sbin/containerd-handler-runsc"');
  });

  test.each<[string, object, string]>([
    ['the name of the ordinary one', { name: 'runc', runtimeType: 'io.containerd.runc.v2' }, 'name: got "runc"; allowed: another name: runc starts all other pods. Choose another name.'],
    ['a type of no known form', { name: 'x', runtimeType: '"; rm' },
      'runtimeType: got "\\"; rm"; allowed: a type such as io.containerd.runsc.v1. Copy it from the runtime\'s documentation.'],
    ['a path that would end the text', { name: 'x', runtimeType: 'io.containerd.x.v1', shimPath: '/opt/x"; evil' },
      'shimPath: got "/opt/x\\"; evil"; allowed: an absolute path of letters, digits, -, _, + and dots. Give the path on the nodes.'],
    ['a path that leads up', { name: 'x', runtimeType: 'io.containerd.x.v1', configPath: '/opt/../etc' },
      'configPath: got "/opt/../etc"; allowed: an absolute path of letters, digits, -, _, + and dots. Give the path on the nodes.'],
  ])('a handler with %s', (_, options, message) => {
    expect(messageOf(() => SandboxHandler.of(options as never))).toBe(`[SandboxHandler.of] ${message}`);
  });

  test('a hypervisor that Kata Containers doesn\'t have', () => {
    expect(messageOf(() => SandboxHandler.kata('xen' as never))).toBe('[SandboxHandler.kata] hypervisor: got "xen"; allowed: qemu, clh, fc. Take a value of KataHypervisor.');
  });

  test('an existing one without name', () => {
    expect(messageOf(() => SandboxRuntime.existing(''))).toBe(
      '[SandboxRuntime.existing] runtimeClassName: got ""; allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123). Correct the name.');
  });
});
