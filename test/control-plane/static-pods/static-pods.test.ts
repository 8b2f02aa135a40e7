import { parse } from 'yaml';
import { flags, pod, PROGRAMS, staticPods } from './static-pods-cluster';
import { Admission } from '../../../src/control-plane/admission/admission';
import { PolicyGuard } from '../../../src/control-plane/admission/policy-guard';
import { StaticPolicies } from '../../../src/control-plane/admission/static-policies';
import { AuditWebhook } from '../../../src/control-plane/audit/audit-webhook';
import { ControlPlane } from '../../../src/control-plane/control-plane';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { ControlPlaneInstaller } from '../../../src/control-plane/static-pods/control-plane-installer';
import { ControlPack } from '../../../src/controls/pack';
import { ImageMirror } from '../../../src/core/image-mirror';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { OperatingSystem } from '../../../src/nodes/operating-system';
import { CERTIFICATE } from '../authentication/certificate';
import { contentOf, MEMBERS, nodeFilesApp } from '../cluster';

const DIGEST = `sha256:${'a'.repeat(64)}`;
const made = staticPods();

describe('on the nodes', () => {
  test('manifests, the kubelet\'s configuration and its service are root\'s alone', () => {
    const ours = made.nodes.files.filter(({ path }) => /manifests|machines|\/kubelet\/config|system\/kubelet\.service$/.test(path));

    expect(ours.map(({ path, mode, owner }) => `${mode} ${owner} ${path}`)).toEqual([
      ...MEMBERS.map(({ name }) => `0600 root /etc/kubernetes/machines/${name}.env`),
      ...PROGRAMS.map((name) => `0600 root /etc/kubernetes/manifests/${name}.yaml`),
      '0600 root /etc/systemd/system/kubelet.service',
      '0600 root /var/lib/kubelet/config.yaml',
    ]);
  });

  test('there is nothing of kubeadm', () => {
    expect(made.nodes.files.filter(({ path }) => path.includes('kubeadm'))).toEqual([]);
  });

  test('etcd\'s folder is closed before anything is in it, and the kubelet is enabled but not started: it waits for certificates', () => {
    expect(made.nodes.commands).toContain('install -d -m 0700 -o root -g root /var/lib/etcd');
    expect(made.nodes.commands.slice(-3)).toEqual(['systemctl daemon-reload', 'systemctl enable kubelet.service', expect.stringContaining('systemctl try-restart kubelet.service')]);
  });

  test('no file holds a key, and the same statement gives the same bytes', () => {
    const text = (cluster = staticPods()) => cluster.nodes.files.map(({ path, content }) => `${path}\n${content}`).join('\n');

    expect(text() === text(made)).toBe(true);
    // Scripts speak of keys; none of what programs read has one.
    expect(made.nodes.files.filter(({ path, content }) => /\.(conf|yaml|env)$/.test(path) && /BEGIN [A-Z ]*PRIVATE KEY|-data:|token:/.test(content)).map(({ path }) => path)).toEqual([]);
  });

  test('the kubelet runs static pods, keeps other pods away, and knows its machine from the host name alone', () => {
    const unit = contentOf(made.nodes, '/etc/systemd/system/kubelet.service');
    const config = parse(contentOf(made.nodes, '/var/lib/kubelet/config.yaml'));

    expect(config).toMatchObject({
      staticPodPath: '/etc/kubernetes/manifests',
      registerWithTaints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }],
      authentication: { anonymous: { enabled: false } },
      authorization: { mode: 'Webhook' },
    });
    expect(unit).toContain('EnvironmentFile=/etc/kubernetes/machines/%l.env\n');
    expect(unit).toContain('--hostname-override=%l');
    expect(contentOf(made.nodes, '/etc/kubernetes/machines/cp-2.env')).toBe('NODE_IP=10.0.16.12\n');
  });

  test('where systemd-resolved answers, pods ask the servers that it asks', () => {
    const configOf = (operatingSystem: OperatingSystem) => {
      const app = nodeFilesApp();
      const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE, operatingSystem });
      new ControlPlane(app, 'kubernetes', { nodes, installer: ControlPlaneInstaller.STATIC_PODS, kubernetesRelease: '1.36.1', etcd: new EtcdTlsConfig({ members: MEMBERS }) });
      return parse(contentOf(nodes, '/var/lib/kubelet/config.yaml'));
    };

    expect(configOf(OperatingSystem.UBUNTU_24_04).resolvConf).toBe('/run/systemd/resolve/resolv.conf');
    expect(configOf(OperatingSystem.DEBIAN_13).resolvConf).toBeUndefined();
  });
});

describe('each pod', () => {
  test.each(PROGRAMS)('%s has no more rights than it needs', (program) => {
    const { spec: { containers: [container], ...spec } } = pod(made, program);

    expect(spec).toMatchObject({
      automountServiceAccountToken: false, hostNetwork: true, priorityClassName: 'system-node-critical',
      securityContext: { runAsUser: 0, runAsGroup: 0, seccompProfile: { type: 'RuntimeDefault' } },
    });
    expect(container.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: program === 'kube-apiserver' ? { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } : { drop: ['ALL'] },
      privileged: false,
      readOnlyRootFilesystem: true,
    });
    expect(Object.keys(container.resources.requests)).toEqual(['cpu', 'memory']);
  });

  test.each(PROGRAMS)('%s writes to its data alone', (program) => {
    const { containers: [{ volumeMounts }] } = pod(made, program).spec;
    const writable: Record<string, string[]> = { 'etcd': ['/var/lib/etcd'], 'kube-apiserver': ['/var/log/kubernetes/audit'] };

    expect(volumeMounts.filter(({ readOnly }: any) => !readOnly).map(({ mountPath }: any) => mountPath)).toEqual(writable[program] ?? []);
  });

  test.each(PROGRAMS)('%s sees every file that its flags name, and of the keys no other', (program) => {
    const { containers: [{ volumeMounts }], volumes } = pod(made, program).spec;
    const paths: string[] = volumeMounts.map(({ mountPath }: any) => mountPath);
    const named = Object.values(flags(made, program)).filter((value) => value.startsWith('/'));

    expect(volumes.map(({ name, hostPath: { path } }: any) => `${name} ${path}`)).toEqual(volumeMounts.map(({ name, mountPath }: any) => `${name} ${mountPath}`));
    expect(named.filter((file) => !paths.some((path) => file === path || file.startsWith(`${path}/`)))).toEqual([]);
    // The kubeconfigs of controller manager and scheduler name one each.
    const ofKubeconfig = program === 'kube-controller-manager' || program === 'kube-scheduler' ? [`/etc/kubernetes/pki/${program.slice('kube-'.length)}.key`] : [];
    expect(paths.filter((path) => path.endsWith('.key')).sort()).toEqual([...named.filter((value) => value.endsWith('.key')), ...ofKubeconfig].sort());
    expect(paths).not.toContain('/etc/kubernetes/pki');
  });

  test.each(PROGRAMS)('%s knows its machine from the kubelet where a flag speaks of it', (program) => {
    const [{ command, env = [] }] = pod(made, program).spec.containers;
    const used = [...new Set((command.join(' ').match(/\$\(\w+\)/g) ?? []) as string[])].map((variable) => variable.slice(2, -1));

    expect(env.map(({ name }: any) => name).sort()).toEqual(used.sort());
  });

  test('is asked for its health on loopback', () => {
    const probes = PROGRAMS.flatMap((program) => {
      const [{ startupProbe, livenessProbe, readinessProbe }] = pod(made, program).spec.containers;
      return [startupProbe, livenessProbe, readinessProbe].filter((probe) => probe !== undefined)
        .map(({ httpGet: { host, scheme, port, path } }) => `${program} ${scheme.toLowerCase()}://${host}:${port}${path}`);
    });

    expect(probes).toEqual([
      'etcd http://127.0.0.1:2381/readyz', 'etcd http://127.0.0.1:2381/livez', 'etcd http://127.0.0.1:2381/readyz',
      'kube-apiserver https://127.0.0.1:6443/livez', 'kube-apiserver https://127.0.0.1:6443/livez', 'kube-apiserver https://127.0.0.1:6443/readyz',
      'kube-controller-manager https://127.0.0.1:10257/healthz', 'kube-controller-manager https://127.0.0.1:10257/healthz',
      'kube-scheduler https://127.0.0.1:10259/livez', 'kube-scheduler https://127.0.0.1:10259/livez', 'kube-scheduler https://127.0.0.1:10259/readyz',
    ]);
  });
});

describe('flags', () => {
  test('what is hardened under kubeadm is hardened here', () => {
    expect(flags(made, 'kube-apiserver')).toMatchObject({
      'profiling': 'false', 'tls-min-version': 'VersionTLS13', 'feature-gates': 'AllAlpha=false', 'audit-policy-file': '/etc/kubernetes/audit/policy.yaml',
    });
    expect(flags(made, 'kube-apiserver')['enable-admission-plugins'].split(',')).toContain('NodeRestriction');
    expect(flags(made, 'kube-controller-manager')).toMatchObject({ 'bind-address': '127.0.0.1', 'use-service-account-credentials': 'true', 'profiling': 'false' });
    expect(flags(made, 'kube-scheduler')).toMatchObject({ 'bind-address': '127.0.0.1', 'profiling': 'false' });
    expect(flags(made, 'etcd')).toMatchObject({ 'client-cert-auth': 'true', 'peer-client-cert-auth': 'true', 'peer-cert-allowed-hostname': 'kube-etcd-peer' });
  });

  test('what kubeadm would say by itself is said', () => {
    expect(flags(made, 'kube-apiserver')).toMatchObject({
      'allow-privileged': 'true',
      'etcd-servers': 'https://127.0.0.1:2379',
      'kubelet-certificate-authority': '/etc/kubernetes/pki/ca.crt',
      'requestheader-allowed-names': 'front-proxy-client',
      'service-account-issuer': 'https://kubernetes.default.svc.cluster.local',
      'service-cluster-ip-range': '10.96.0.0/12',
    });
    expect(flags(made, 'kube-controller-manager')).toMatchObject({
      'cluster-cidr': '10.244.0.0/16', 'root-ca-file': '/etc/kubernetes/pki/ca.crt', 'cluster-signing-key-file': '/etc/cluster-pki/ca/kubernetes-ca.key',
    });
  });

  test('neither way of authorization is missing, which would be to allow everything', () => {
    const old = flags(staticPods({ kubernetesVersion: KubernetesVersion.V1_28 }), 'kube-apiserver');

    expect(flags(made, 'kube-apiserver')['authorization-config']).toBe('/etc/kubernetes/authorization/config.yaml');
    expect(old['authorization-mode']).toBe('Node,RBAC');
  });

  test('etcd\'s members find each other from the same files on all machines', () => {
    expect(flags(made, 'etcd')).toMatchObject({
      'name': '$(NODE_NAME)',
      'initial-cluster': MEMBERS.map(({ name, address }) => `${name}=https://${address}:2380`).join(','),
      'listen-client-urls': 'https://127.0.0.1:2379,https://$(HOST_IP):2379',
      'listen-peer-urls': 'https://$(HOST_IP):2380',
    });
  });

  test('an IPv6 address stands in brackets where a port follows', () => {
    const six = staticPods({ podCidrs: ['fd01::/56'], serviceCidrs: ['fd02::/112'] }, { etcd: new EtcdTlsConfig({ members: [{ name: 'cp-1', address: 'fd00::11' }] }) });

    expect(flags(six, 'etcd')).toMatchObject({ 'listen-peer-urls': 'https://[$(HOST_IP)]:2380', 'initial-cluster': 'cp-1=https://[fd00::11]:2380' });
    expect(flags(six, 'kube-apiserver')['advertise-address']).toBe('$(HOST_IP)');
  });

  test('with a CA elsewhere the controller manager signs nothing and sees no CA\'s key', () => {
    const external = staticPods({}, { certificates: { externalAuthority: true, kubeletSigner: 'corporate' } });

    expect(Object.keys(flags(external, 'kube-controller-manager')).filter((name) => name.startsWith('cluster-signing'))).toEqual(['cluster-signing-duration']);
    expect(contentOf(external.nodes, '/etc/kubernetes/manifests/kube-controller-manager.yaml')).not.toContain('/etc/cluster-pki');
  });

  test('with etcd on machines of its own there is no etcd here', () => {
    const nodes = [{ name: 'cp-1', address: '10.0.16.31' }];
    const external = staticPods({}, { certificates: { nodes } }, true);

    expect(external.nodes.files.filter(({ path }) => /manifests/.test(path)).map(({ path }) => path)).toEqual(
      PROGRAMS.slice(1).map((name) => `/etc/kubernetes/manifests/${name}.yaml`));
    expect(flags(external, 'kube-apiserver')['etcd-servers']).toBe(MEMBERS.map(({ address }) => `https://${address}:2379`).join(','));
    expect(contentOf(external.nodes, '/etc/kubernetes/machines/cp-1.env')).toBe('NODE_IP=10.0.16.31\n');
  });

  test('a webhook\'s key, which its kubeconfig names, is seen too', () => {
    const webhook = new AuditWebhook({
      server: 'https://10.0.0.9:8443/', certificateAuthority: CERTIFICATE,
      clientCertificatePath: '/etc/kubernetes/pki/audit-client.crt', clientKeyPath: '/etc/kubernetes/pki/audit-client.key',
    });
    const { containers: [{ volumeMounts }] } = pod(staticPods({}, { auditWebhook: webhook }), 'kube-apiserver').spec;

    expect(volumeMounts).toEqual(expect.arrayContaining([
      { name: 'pki-audit-client-crt', mountPath: '/etc/kubernetes/pki/audit-client.crt', readOnly: true },
      { name: 'pki-audit-client-key', mountPath: '/etc/kubernetes/pki/audit-client.key', readOnly: true },
    ]));
  });
});

test('policies from files let pass the binding of this control plane\'s administrators, not that of kubeadm\'s', () => {
  const admission = new Admission({
    staticPolicies: new StaticPolicies({ guard: new PolicyGuard({ users: ['system:serviceaccount:flux-system:flux'] }), packs: [ControlPack.recommended()] }),
  });
  const { nodes } = staticPods({ kubernetesVersion: KubernetesVersion.V1_37 }, { admission });
  const [bindings] = contentOf(nodes, '/etc/kubernetes/bootstrap-rbac.yaml').split('\n---\n').map((text) => parse(text));
  const policies = contentOf(nodes, '/etc/kubernetes/admission/validating/policies.yaml');

  expect(bindings).toMatchObject({ metadata: { name: 'cluster-pki:cluster-admins' }, subjects: [{ kind: 'Group', name: 'cluster-pki:cluster-admins' }] });
  expect(policies).toContain('not-the-administrators-of-cluster-pki');
  expect(policies).not.toContain('not-the-administrators-of-kubeadm');
});

describe('images', () => {
  const images = (cluster = made) => PROGRAMS.map((program) => pod(cluster, program).spec.containers[0].image);

  test('are the project\'s own, of the release', () => {
    expect(images()).toEqual([
      'registry.k8s.io/etcd:3.6.8-0', 'registry.k8s.io/kube-apiserver:v1.36.1', 'registry.k8s.io/kube-controller-manager:v1.36.1', 'registry.k8s.io/kube-scheduler:v1.36.1',
    ]);
  });

  test('come from the cluster\'s mirror', () => {
    expect(images(staticPods({ imageMirror: ImageMirror.of({ prefixes: { 'registry.k8s.io': 'registry.acme.internal/k8s' } }) }))[1])
      .toBe('registry.acme.internal/k8s/kube-apiserver:v1.36.1');
  });

  test('can be those of digests', () => {
    const apiServer = `registry.k8s.io/kube-apiserver:v1.36.1@${DIGEST}`;
    const etcd = `registry.acme.internal/etcd:3.6.9@${DIGEST}`;

    expect(images(staticPods({}, { images: { apiServer, etcd } }))).toEqual([
      etcd, apiServer, 'registry.k8s.io/kube-controller-manager:v1.36.1', 'registry.k8s.io/kube-scheduler:v1.36.1',
    ]);
  });
});
