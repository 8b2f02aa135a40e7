import { Duration, Size } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { CERTIFICATE } from './authentication/certificate';
import { cluster, MEMBERS } from './cluster';
import { Flag, MINORS, strangeFields, strangeFlags, strangeKinds } from './minor-windows';
import { Admission } from '../../src/control-plane/admission/admission';
import { PolicyGuard } from '../../src/control-plane/admission/policy-guard';
import { StaticPolicies } from '../../src/control-plane/admission/static-policies';
import { AuditPolicy } from '../../src/control-plane/audit/audit-policy';
import { AuditWebhook } from '../../src/control-plane/audit/audit-webhook';
import { Authentication } from '../../src/control-plane/authentication/authentication';
import { TokenClaim } from '../../src/control-plane/authentication/token-claim';
import { Authorization } from '../../src/control-plane/authorization/authorization';
import { ControlPlaneProps } from '../../src/control-plane/control-plane';
import { SecretsEncryption } from '../../src/control-plane/encryption/encryption';
import { EtcdTlsConfig } from '../../src/control-plane/etcd/etcd-tls-config';
import { KubeletConfig } from '../../src/control-plane/kubelet/kubelet-config';
import { ImagePullVerification } from '../../src/control-plane/kubelet/kubelet-options';
import { ControlPlaneInstaller } from '../../src/control-plane/static-pods/control-plane-installer';
import { ControlPack } from '../../src/controls/pack';
import { Cni } from '../../src/core/cni';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { NodeKind } from '../../src/core/node-kind';
import { NodeRole } from '../../src/nodes/node-role';

const CASES = [ControlPlaneInstaller.KUBEADM, ControlPlaneInstaller.STATIC_PODS].flatMap((installer) => (
  [{ installer, external: false }, { installer, external: true }]));

/** Everything that can be stated for a minor. */
function everything(minor: number, external: boolean): Partial<ControlPlaneProps> {
  const connection = { certificateAuthority: CERTIFICATE, clientCertificatePath: '/etc/kubernetes/pki/x.crt', clientKeyPath: '/etc/kubernetes/pki/x.key' };
  return {
    kubernetesRelease: `1.${minor}.1`,
    audit: AuditPolicy.forensic(),
    auditLog: { compressed: true },
    auditWebhook: new AuditWebhook({ server: 'https://audit.internal:8443/', ...connection }),
    authentication: new Authentication({
      tokenDiscovery: true,
      issuers: [{
        url: 'https://login.example.com', audiences: ['k8s'], certificateAuthority: CERTIFICATE, username: TokenClaim.prefixed('sub', 'people:'),
        groups: TokenClaim.prefixed('groups', 'people:'), requiredClaims: { tenant: 'acme' },
      }],
    }),
    ...(minor >= 30 ? { authorization: new Authorization({ webhooks: [{ name: 'opa', server: 'https://opa.internal:8443/', ownUsers: ['system:serviceaccount:opa:opa'], ...connection }] }) } : {}),
    admission: new Admission({
      alwaysPullImages: true,
      imagePolicyWebhook: { server: 'https://images.internal:8443/', ...connection },
      ...(minor >= 37 ? { staticPolicies: new StaticPolicies({ packs: [ControlPack.pssRestricted()], mutate: true, guard: new PolicyGuard({ users: ['deployer'] }) }) } : {}),
    }),
    encryption: encryption(minor, external),
    kubelet: new KubeletConfig({
      containerLogMaxSize: Size.mebibytes(20), containerLogMaxFiles: 4, eventRecordQps: 40, maxPods: 200, shutdownGracePeriod: Duration.seconds(90),
      ...(minor >= 33 ? { userNamespaceIdsPerPod: 131_072 } : {}),
      ...(minor >= 35 ? { imagePullVerification: ImagePullVerification.ALWAYS_VERIFY } : {}),
    }),
    ...(external ? { certificates: { nodes: ['a', 'b', 'c'].map((name, i) => ({ name: `cp-${name}`, address: `10.0.1.${i + 1}` })) } } : {}),
  };
}

function encryption(minor: number, external: boolean): SecretsEncryption {
  if (external) {
    return SecretsEncryption.aescbc();
  }
  return minor >= 29 ? SecretsEncryption.kmsV2({ name: 'vault', endpoint: 'unix:///run/kms/vault.sock' }) : SecretsEncryption.secretbox();
}

interface Case {
  readonly installer: ControlPlaneInstaller;
  readonly external: boolean;
}

interface Rendered {
  readonly objects: any[];
  readonly kinds: string[];
  readonly flags: Flag[];
  readonly gates: Record<string, unknown>[];
}

/** What all files of all roles say. */
function rendered(minor: number, { installer, external }: Case): Rendered {
  const workers: NodeRole[] = [];
  const { nodes, etcdNodes } = cluster(
    { kubernetesVersion: KubernetesVersion.of(`1.${minor}`), cni: Cni.CALICO, nodeCidrs: ['10.0.0.0/16'], apiEndpoints: ['https://10.0.9.9:6443'] },
    { ...everything(minor, external), installer, etcd: new EtcdTlsConfig({ members: MEMBERS }) },
    external,
    (app) => {
      // What workers join with is kubeadm's.
      if (installer === ControlPlaneInstaller.KUBEADM) {
        workers.push(new NodeRole(app, 'workers', { kind: NodeKind.WORKER }));
      }
      return { workers };
    },
  );
  const documents = [nodes, etcdNodes, ...workers].flatMap(({ files }) => files)
    .filter(({ path }) => /\.(yaml|yml|conf)$/.test(path) && !path.includes('systemd') && !path.includes('sysctl'))
    .flatMap(({ content }) => parseAllDocuments(content).map((document) => document.toJS()))
    .filter((document) => typeof document?.kind === 'string');
  const objects = documents.flatMap(withEmbedded);
  return {
    objects,
    kinds: [...new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))].sort(),
    flags: documents.flatMap(flagsOf),
    gates: objects.flatMap(({ featureGates }) => featureGates ?? []),
  };
}

/** The configurations of admission plugins stand inside another. */
function withEmbedded(object: any): any[] {
  const embedded = (object.plugins ?? []).map(({ configuration }: any) => configuration);
  return [object, ...embedded.filter((configuration: any) => configuration?.kind !== undefined)];
}

function flagsOf(object: any): Flag[] {
  const flags = (program: string, args: any) => (Array.isArray(args) ? args : Object.entries(args ?? {}).map(([name, value]) => ({ name, value })))
    .map(({ name, value }) => ({ program, name, value: String(value) }));
  if (object.kind === 'ClusterConfiguration') {
    return [
      ...flags('kube-apiserver', object.apiServer.extraArgs), ...flags('kube-controller-manager', object.controllerManager.extraArgs),
      ...flags('kube-scheduler', object.scheduler.extraArgs), ...flags('etcd', object.etcd.local?.extraArgs),
    ];
  }
  if (object.nodeRegistration !== undefined) {
    return flags('kubelet', object.nodeRegistration.kubeletExtraArgs);
  }
  return (object.kind === 'Pod' ? object.spec.containers : []).flatMap(({ command = [], args = [] }: any) => {
    const [program, ...rest] = [...command, ...args];
    return rest.map((arg: string) => /^--([^=]+)=([^]*)$/.exec(arg)).filter(Boolean).map(([, name, value]: any) => ({ program, name, value }));
  });
}

describe.each(CASES)('rendered for %j', (given) => {
  test.each(MINORS)('1.%i gets no API version, flag or field that it lacks', (minor) => {
    const { objects, kinds, flags } = rendered(minor, given);

    expect(strangeKinds(minor, kinds)).toEqual([]);
    expect(strangeFlags(minor, flags)).toEqual([]);
    expect(objects.flatMap((object) => strangeFields(minor, object))).toEqual([]);
    expect(flags.length).toBeGreaterThan(20);
  });

  test.each(MINORS)('1.%i turns off alpha features, names no other gate, which a later minor might not know, and never turns off what is beta', (minor) => {
    const { flags, gates } = rendered(minor, given);
    const named = flags.filter(({ name, program }) => name === 'feature-gates' && !program.includes('etcd'));

    expect(new Set(named.map(({ value }) => value))).toEqual(new Set(['AllAlpha=false']));
    expect(named.length).toBe(3);
    expect(new Set(gates.map((gate) => JSON.stringify(gate)))).toEqual(new Set(['{"AllAlpha":false}']));
  });

  test.each(MINORS)('1.%i is told who authorizes in one way alone', (minor) => {
    const names = rendered(minor, given).flags.filter(({ program }) => program === 'kube-apiserver').map(({ name }) => name);

    expect(names.filter((name) => ['authorization-config', 'authorization-mode'].includes(name))).toEqual([minor >= 30 ? 'authorization-config' : 'authorization-mode']);
    expect(names.some((name) => name.startsWith('oidc-'))).toBe(!names.includes('authentication-config'));
    expect(names).not.toContain('anonymous-auth');
    expect(names).not.toContain('token-auth-file');
    expect(names).not.toContain('basic-auth-file');
    expect(new Set(names).size).toBe(names.length);
  });
});

test('an older configuration where the minor lacks a newer one', () => {
  const kindsOf = (minor: number) => rendered(minor, CASES[0]).kinds;

  expect(kindsOf(30)).toContain('kubeadm.k8s.io/v1beta3 ClusterConfiguration');
  expect(kindsOf(31)).toContain('kubeadm.k8s.io/v1beta4 ClusterConfiguration');
  expect(kindsOf(31)).toContain('apiserver.config.k8s.io/v1beta1 AuthorizationConfiguration');
  expect(kindsOf(32)).toContain('apiserver.config.k8s.io/v1 AuthorizationConfiguration');
  expect(kindsOf(33)).toContain('apiserver.config.k8s.io/v1beta1 AuthenticationConfiguration');
  expect(kindsOf(34)).toContain('apiserver.config.k8s.io/v1 AuthenticationConfiguration');
});

test('what a minor lacks, and what nobody has looked up, is found', () => {
  const flag = (program: string, name: string) => strangeFlags(33, [{ program, name, value: '' }]);

  expect([flag('kube-apiserver', 'cloud-provider'), flag('etcd', 'feature-gates'), flag('kube-scheduler', 'audit-log-path')])
    .toEqual([['kube-apiserver --cloud-provider'], ['etcd --feature-gates'], ['kube-scheduler --audit-log-path']]);
  expect(flag('kube-apiserver', 'audit-log-path')).toEqual([]);
  expect(strangeFields(31, { kind: 'KubeletConfiguration', userNamespaces: { idsPerPod: 65536 }, authentication: { x509: { file: '' } } } as never))
    .toEqual(['KubeletConfiguration userNamespaces', 'KubeletConfiguration userNamespaces.idsPerPod', 'KubeletConfiguration authentication.x509.file']);
  expect(strangeFields(31, { kind: 'AuthenticationConfiguration', anonymous: { enabled: true }, jwt: [] } as never)).toEqual(['AuthenticationConfiguration anonymous']);
  expect(strangeKinds(30, ['kubeadm.k8s.io/v1beta4 ClusterConfiguration', 'v1 Whatever', 'v1 Pod'])).toEqual(['kubeadm.k8s.io/v1beta4 ClusterConfiguration', 'v1 Whatever']);
});
