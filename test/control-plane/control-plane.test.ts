import { App } from 'cdk8s';
import { cluster, contentOf, MEMBERS, nodeFilesApp } from './cluster';
import { AuditPolicy } from '../../src/control-plane/audit/audit-policy';
import { ControlPlane, ControlPlaneProps } from '../../src/control-plane/control-plane';
import { SecretsEncryption } from '../../src/control-plane/encryption/encryption';
import { EtcdTlsConfig } from '../../src/control-plane/etcd/etcd-tls-config';
import { ClusterProfileProps } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { NodeKind } from '../../src/core/node-kind';
import { NodeRole } from '../../src/nodes/node-role';

describe('on the control-plane nodes', () => {
  test('everything an attacker would read first is readable by root alone', () => {
    const { nodes } = cluster({}, { encryption: SecretsEncryption.secretbox() });
    const facts = nodes.files.map(({ path, mode, owner, group }) => ({ path, access: `${mode} ${owner}:${group}` }));

    expect(new Set(facts.filter(({ path }) => path.startsWith('/etc/kubernetes/')).map(({ access }) => access))).toEqual(new Set(['0600 root:root']));
    expect(facts.filter(({ access }) => !/^0[67]00 root:root$/.test(access)).map(({ path, access }) => `${access} ${path}`)).toEqual([
      '0644 root:root /etc/cluster-pki/checked',
      '0644 root:root /etc/sysctl.d/90-kubelet.conf',
      '0644 root:root /etc/systemd/system/kubelet-serving-approver.service',
      '0644 root:root /etc/systemd/system/kubelet-serving-approver.timer',
      '0644 root:root /etc/systemd/system/pki-check.service',
      '0644 root:root /etc/systemd/system/pki-check.timer',
      // Half of it runs as a user of its own.
      '0755 root:root /usr/local/sbin/kubelet-serving-approver',
    ]);
  });

  test('the audit log\'s folder is closed to other users before anything is written to it', () => {
    expect(cluster().nodes.commands[0]).toBe('install -d -m 0700 -o root -g root /var/log/kubernetes/audit');
    expect(cluster({}, { auditLog: { directory: '/var/log/audit-k8s' } }).nodes.commands[0]).toBe('install -d -m 0700 -o root -g root /var/log/audit-k8s');
  });

  test('the policy is the recommended one unless another is given', () => {
    const other = AuditPolicy.of({ rules: [{ level: 'Metadata' as never }] });

    expect(contentOf(cluster().nodes, '/etc/kubernetes/audit/policy.yaml')).toBe(AuditPolicy.recommended().toYaml());
    expect(contentOf(cluster({}, { audit: other }).nodes, '/etc/kubernetes/audit/policy.yaml')).toBe(other.toYaml());
  });

  test('needs nothing but the nodes', () => {
    const app = nodeFilesApp();
    const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });

    const { audit, etcd, pki } = new ControlPlane(app, 'kubernetes', { nodes });

    expect(audit.toYaml()).toBe(AuditPolicy.recommended().toYaml());
    expect(etcd.members).toEqual([]);
    expect(pki.named('etcd-peer')[0].subjectAlternativeNames).toContain('DNS:kube-etcd-peer');
  });

  test('no file holds a key, and two runs give the same bytes, wherever the constructs stand', () => {
    const files = (external: boolean) => {
      const { nodes, etcdNodes } = cluster({}, {}, external);
      return [...nodes.files, ...etcdNodes.files].map(({ path, content }) => `${path}\n${content}`).join('\n');
    };

    expect(files(false)).toBe(files(false));
    expect(files(true)).toBe(files(true));
    expect(files(true)).not.toMatch(/PRIVATE KEY|-----BEGIN/);
  });
});

describe('bad input', () => {
  const make = (profile: Partial<ClusterProfileProps>, props: Partial<ControlPlaneProps> = {}, external = false) =>
    () => cluster(profile, props, external);

  test('an AuditPolicy under a plain cdk8s App, whose files would be lost', () => {
    const nodes = new NodeRole(nodeFilesApp(), 'control-plane', { kind: NodeKind.CONTROL_PLANE });

    expect(() => new ControlPlane(new App(), 'kubernetes', { nodes, audit: AuditPolicy.recommended() })).toThrow(new Error(
      '[kubernetes] scope: got "App"; allowed: a construct below a HardenedApp. '
      + 'Use HardenedApp in place of App: a plain App writes manifests only, and the files of its AuditPolicy and EtcdTlsConfig would be lost.'));
  });

  test.each([Distribution.EKS, Distribution.GKE, Distribution.AKS])('%s, whose provider runs the control plane', (distribution) => {
    expect(make({ distribution })).toThrow(new Error(
      `[kubernetes] distribution: got "${distribution}"; allowed: a distribution whose control plane you run. Leave ControlPlane out: the provider runs the API server `
      + 'and etcd, and reads none of these files. Set its audit log and encryption there.'));
  });

  test.each([Distribution.TALOS, Distribution.RKE2, Distribution.K3S, Distribution.OPENSHIFT])('%s, which would not read kubeadm\'s files', (distribution) => {
    expect(make({ distribution })).toThrow(new Error(
      `[kubernetes] distribution: got "${distribution}"; allowed: kubeadm: the files of ${distribution} are not supported yet. `
      + `Use Distribution.KUBEADM, or configure the control plane by ${distribution}'s own means: it would not read kubeadm's files.`));
  });

  test('roles of the wrong kind', () => {
    const app = nodeFilesApp();
    const workers = new NodeRole(app, 'workers', { kind: NodeKind.WORKER });
    const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });

    expect(() => new ControlPlane(app, 'a', { nodes: workers })).toThrow(new Error(
      '[a] nodes: got "workers, of kind worker"; allowed: a NodeRole of kind control-plane. Give the role of those machines.'));
    expect(() => new ControlPlane(app, 'b', { nodes, etcdNodes: workers })).toThrow(new Error(
      '[b] etcdNodes: got "workers, of kind worker"; allowed: a NodeRole of kind etcd. Give the role of those machines.'));
  });

  test('a role of another app', () => {
    const nodes = new NodeRole(nodeFilesApp(), 'control-plane', { kind: NodeKind.CONTROL_PLANE });

    expect(() => new ControlPlane(nodeFilesApp(), 'kubernetes', { nodes })).toThrow(new Error(
      '[kubernetes] nodes: got "control-plane, of another app"; allowed: a NodeRole of the same app. One app is one cluster: make the role in it.'));
  });

  test('two control planes in one app, on the same nodes or on others', () => {
    const app = nodeFilesApp();
    const [nodes, others] = ['control-plane', 'others'].map((name) => new NodeRole(app, name, { kind: NodeKind.CONTROL_PLANE }));
    new ControlPlane(app, 'one', { nodes });

    for (const [id, role] of [['two', nodes], ['three', others]] as const) {
      expect(() => new ControlPlane(app, id, { nodes: role })).toThrow(new Error(
        `[${id}] scope: got "${id}"; allowed: one ControlPlane in an app, which is one cluster; there is one. `
        + 'Remove one of the two, or make another app for the other cluster.'));
    }
    expect(others.files).toEqual([]);
  });

  test('workers that would look for the API server at home', () => {
    const certificates = { externalAuthority: true, kubeletSigner: 'corporate' };
    const etcd = new EtcdTlsConfig({ members: MEMBERS.slice(0, 1) });
    const joining = (profile: object, props: object) => () => cluster(profile, { etcd, ...props }, false, (app) => ({ workers: [new NodeRole(app, 'pool', { kind: NodeKind.WORKER })] }));

    expect(joining({ apiEndpoints: [] }, { certificates })).toThrow(new Error(
      '[kubernetes] workers: got ["pool"]; allowed: none with certificates.externalAuthority where the profile states no apiEndpoints: admin.conf then names 127.0.0.1. '
      + 'State apiEndpoints in the profile: the name or address that all API servers are reached by, such as that of a load balancer.'));
    expect(joining({}, { certificates })).not.toThrow();
    expect(joining({ apiEndpoints: [] }, {})).not.toThrow();
  });

  test('machines of etcd\'s own without members', () => {
    expect(make({}, { etcd: new EtcdTlsConfig() }, true)).toThrow(new Error(
      '[kubernetes] etcd.members: got []; allowed: an EtcdTlsConfig with members where etcdNodes are given. '
      + 'List name and address of every machine: certificates and the cluster are made from them.'));
  });

  test('a stacked member outside the control plane\'s network', () => {
    expect(make({ controlPlaneCidrs: ['10.0.17.0/24'] })).toThrow(new Error(
      '[kubernetes] etcd: got "cp-1 at 10.0.16.11"; allowed: members in the profile\'s controlPlaneCidrs 10.0.17.0/24. '
      + 'Correct the address or the range, or give etcdNodes if etcd has machines of its own: firewalls are made from the ranges.'));
    expect(make({ controlPlaneCidrs: ['10.0.16.0/24'] })).not.toThrow();
    expect(make({ controlPlaneCidrs: ['10.0.17.0/24'] }, {}, true)).not.toThrow();
  });

  test.each(['1.35.2', '1.36', 'stable', '1.36.2-rc.1', '1.36.0099', '1.36.01'])('the release %s, where the profile says 1.36', (kubernetesRelease) => {
    expect(make({ kubernetesVersion: KubernetesVersion.V1_36 }, { kubernetesRelease })).toThrow(new Error(
      `[kubernetes] kubernetesRelease: got "${kubernetesRelease}"; allowed: a patch release of 1.36, the profile's version. Give for instance 1.36.1, or change the profile.`));
  });

  test.each(['/var/log', '/var/log/', '/var/log/../etc', '/etc/kubernetes', 'audit', '/var/log/a b', '/var/log/$(id)'])('the log folder "%s"', (directory) => {
    expect(make({}, { auditLog: { directory } })).toThrow(new Error(
      `[kubernetes] auditLog.directory: got "${directory}"; allowed: a folder of its own below /var/log, as a normalized path of letters, digits and ._-/. `
      + 'Choose for instance /var/log/kubernetes/audit: the API server gets the whole folder to write to.'));
  });

  test.each([
    ['/var/log/journal', 'journal', 'systemd-journald'], ['/var/log/pods', 'pods', 'the kubelet'], ['/var/log/pods/audit', 'pods', 'the kubelet'],
    ['/var/log/containers', 'containers', 'the kubelet'], ['/var/log/audit', 'audit', 'auditd'], ['/var/log/private/x', 'private', 'systemd'],
    ['/var/log/apt', 'apt', 'the package manager'],
  ])('the log folder %s, which is closed to those whose it is', (directory, folder, owner) => {
    expect(make({}, { auditLog: { directory } })).toThrow(new Error(
      `[kubernetes] auditLog.directory: got "${directory}"; allowed: no folder of ${owner}, as /var/log/${folder} is. `
      + 'Choose for instance /var/log/kubernetes/audit: the folder is closed to all but root, and the API server writes to all of it.'));
    expect(make({}, { auditLog: { directory: `/var/log/${folder}-k8s` } })).not.toThrow();
  });

  test('a log folder that is no text', () => {
    expect(make({}, { auditLog: { directory: ['/var/log/a'] as never } })).toThrow('[kubernetes] auditLog.directory: got ["/var/log/a"]; allowed: a folder of its own below /var/log');
  });

  const LIMITS = { maxAgeDays: [30, 36500, '1.2.17'], maxBackups: [10, 100000, '1.2.18'], maxSizeMebibytes: [100, 1048576, '1.2.19'] } as const;
  test.each([
    [{ maxAgeDays: 29 }], [{ maxBackups: 0 }], [{ maxSizeMebibytes: 0 }], [{ maxAgeDays: 30.5 }], [{ maxAgeDays: 1e21 }], [{ maxAgeDays: 36501 }],
    [{ maxBackups: 100001 }], [{ maxSizeMebibytes: 1048577 }],
  ])('the retention %j', (auditLog) => {
    const [[property, value]] = Object.entries(auditLog);
    const [least, most, cis] = LIMITS[property as keyof typeof LIMITS];
    expect(make({}, { auditLog })).toThrow(new Error(
      `[kubernetes] auditLog.${property}: got ${value}; allowed: a whole number from ${least} to ${most} (CIS cis-1.12 ${cis}). `
      + `Leave it out for ${least}: an attack is often found weeks later.`));
  });

  test('a release that is no text', () => {
    expect(make({ kubernetesVersion: KubernetesVersion.V1_36 }, { kubernetesRelease: 1.36 as never })).toThrow(new Error(
      '[kubernetes] kubernetesRelease: got 1.36; allowed: a patch release of 1.36, the profile\'s version. Give for instance 1.36.1, or change the profile.'));
  });

  test.each<[string, string, string, object]>([
    ['nodes', 'control-plane', 'null', { nodes: null }], ['nodes', 'control-plane', '"x"', { nodes: 'x' }],
    ['nodes', 'control-plane', '{"kind":"control-plane"}', { nodes: { kind: NodeKind.CONTROL_PLANE } }],
    ['etcdNodes', 'etcd', 'null', { etcdNodes: null }], ['workers[0]', 'worker', 'null', { workers: [null] }], ['workers[0]', 'worker', '{}', { workers: [{}] }],
  ])('%s that are no role of machines', (property, kind, got, props) => {
    expect(make({}, props)).toThrow(new Error(`[kubernetes] ${property}: got ${got}; allowed: a NodeRole of kind ${kind}. Give the role of those machines.`));
  });

  test('a construct that is no role of machines', () => {
    expect(() => cluster({}, {}, false, (app) => ({ nodes: app as never }))).toThrow(/^\[kubernetes\] nodes: got .*; allowed: a NodeRole of kind control-plane\. Give the role of those machines\.$/);
  });

  test('members are those of the etcd that was given', () => {
    expect(cluster().controlPlane.etcd.members.map(({ name, address }) => ({ name, address }))).toEqual(MEMBERS);
  });
});
