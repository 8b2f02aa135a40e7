import { parseAllDocuments } from 'yaml';
import { CERTIFICATE } from './authentication/certificate';
import { cluster, MEMBERS } from './cluster';
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
import { ControlPlaneInstaller } from '../../src/control-plane/static-pods/control-plane-installer';
import { ControlPack } from '../../src/controls/pack';
import { Cni } from '../../src/core/cni';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

/**
 * Which minors read what, from the release notes and sources of Kubernetes: written down a second time, so that the library's own table isn't held
 * to itself. What is missing here fails the test: whoever renders something new says here since when it exists.
 */
const KINDS: Record<string, [number, number?]> = {
  'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy': [30],
  'admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding': [30],
  'apiserver.config.k8s.io/v1 AdmissionConfiguration': [28],
  'apiserver.config.k8s.io/v1 AuthenticationConfiguration': [34],
  'apiserver.config.k8s.io/v1 AuthorizationConfiguration': [32],
  'apiserver.config.k8s.io/v1 EncryptionConfiguration': [28],
  'apiserver.config.k8s.io/v1 ValidatingAdmissionPolicyConfiguration': [37],
  'apiserver.config.k8s.io/v1beta1 AuthenticationConfiguration': [30],
  'apiserver.config.k8s.io/v1beta1 AuthorizationConfiguration': [30],
  'audit.k8s.io/v1 Policy': [28],
  'eventratelimit.admission.k8s.io/v1alpha1 Configuration': [28],
  'kubeadm.k8s.io/v1beta3 ClusterConfiguration': [28, 36],
  'kubeadm.k8s.io/v1beta3 InitConfiguration': [28, 36],
  'kubeadm.k8s.io/v1beta3 JoinConfiguration': [28, 36],
  'kubeadm.k8s.io/v1beta4 ClusterConfiguration': [31],
  'kubeadm.k8s.io/v1beta4 InitConfiguration': [31],
  'kubeadm.k8s.io/v1beta4 JoinConfiguration': [31],
  'kubelet.config.k8s.io/v1beta1 KubeletConfiguration': [28],
  'kubeproxy.config.k8s.io/v1alpha1 KubeProxyConfiguration': [28],
  'pod-security.admission.config.k8s.io/v1 PodSecurityConfiguration': [28],
  'rbac.authorization.k8s.io/v1 ClusterRole': [28],
  'rbac.authorization.k8s.io/v1 ClusterRoleBinding': [28],
  'rbac.authorization.k8s.io/v1 Role': [28],
  'rbac.authorization.k8s.io/v1 RoleBinding': [28],
  'v1 Config': [28],
  'v1 Pod': [28],
  'v1 ServiceAccount': [28],
};

/** Flags that not every minor from 1.28 on has. */
const FLAGS: Record<string, [number, number?]> = {
  'authentication-config': [30],
  'authorization-config': [30],
  'cloud-config': [28, 32],
  'cloud-provider': [28, 32],
  'concurrent-service-syncs': [28, 36],
  'iptables-drop-bit': [28, 30],
  'iptables-masquerade-bit': [28, 30],
  'keep-terminated-pod-volumes': [28, 30],
  'pod-infra-container-image': [28, 34],
  'register-schedulable': [28, 33],
  'requestheader-uid-headers': [32],
  'tls-curve-preferences': [36],
};

/** Fields that not every minor's strict decoder knows, or that a server refuses where they are off. */
const FIELDS: Record<string, [number, number?]> = {
  anonymous: [32],
  failCgroupV1: [31],
  imagePullCredentialsVerificationPolicy: [35],
  tlsCurvePreferences: [36],
  userNamespaces: [33],
};

const MINORS = [28, 29, 30, 31, 32, 33, 34, 35, 36, 37];

const within = (minor: number, [from, to = Infinity]: [number, number?]) => minor >= from && minor <= to;

/** Everything that can be stated for a minor. */
function everything(minor: number): Partial<ControlPlaneProps> {
  const connection = { certificateAuthority: CERTIFICATE, clientCertificatePath: '/etc/kubernetes/pki/x.crt', clientKeyPath: '/etc/kubernetes/pki/x.key' };
  return {
    kubernetesRelease: `1.${minor}.1`,
    audit: AuditPolicy.forensic(),
    auditWebhook: new AuditWebhook({ server: 'https://audit.internal:8443/', ...connection }),
    authentication: new Authentication({ issuers: [{ url: 'https://login.example.com', audiences: ['k8s'], username: TokenClaim.prefixed('sub', 'people:') }] }),
    ...(minor >= 30 ? { authorization: new Authorization({ webhooks: [{ name: 'opa', server: 'https://opa.internal:8443/', ownUsers: ['system:serviceaccount:opa:opa'], ...connection }] }) } : {}),
    admission: new Admission({
      alwaysPullImages: true,
      imagePolicyWebhook: { server: 'https://images.internal:8443/', ...connection },
      ...(minor >= 37 ? { staticPolicies: new StaticPolicies({ packs: [ControlPack.pssRestricted()], guard: new PolicyGuard({ users: ['deployer'] }) }) } : {}),
    }),
    encryption: minor >= 29 ? SecretsEncryption.kmsV2({ name: 'vault', endpoint: 'unix:///run/kms/vault.sock' }) : SecretsEncryption.secretbox(),
  };
}

interface Rendered {
  readonly kinds: string[];
  readonly flags: { program: string; name: string; value: string }[];
  readonly fields: string[];
  readonly gates: Record<string, unknown>[];
}

/** What all files of all roles say. */
function rendered(minor: number, installer: ControlPlaneInstaller, props = everything(minor)): Rendered {
  const { nodes } = cluster(
    { kubernetesVersion: KubernetesVersion.of(`1.${minor}`), cni: Cni.CALICO, nodeCidrs: ['10.0.0.0/16'], apiEndpoints: ['https://10.0.9.9:6443'] },
    { ...props, installer, etcd: new EtcdTlsConfig({ members: MEMBERS }) },
  );
  const documents = nodes.files.filter(({ path }) => /\.(yaml|conf)$/.test(path) && !path.includes('systemd') && !path.includes('sysctl'))
    .flatMap(({ content }) => parseAllDocuments(content).map((document) => document.toJS()))
    .filter((document) => typeof document?.kind === 'string');
  const objects = documents.flatMap(withEmbedded);
  return {
    kinds: [...new Set(objects.map(({ apiVersion, kind }) => `${apiVersion} ${kind}`))].sort(),
    flags: documents.flatMap(flagsOf),
    fields: [...new Set(objects.flatMap((object) => Object.keys(object)))],
    gates: objects.flatMap(({ featureGates }) => featureGates ?? []),
  };
}

/** The configurations of admission plugins stand inside another. */
function withEmbedded(object: any): any[] {
  const embedded = (object.plugins ?? []).map(({ configuration }: any) => configuration).filter((configuration: any) => configuration?.kind !== undefined);
  return [object, ...embedded];
}

function flagsOf(object: any): { program: string; name: string; value: string }[] {
  const flags = (program: string, args: any) => (Array.isArray(args) ? args : Object.entries(args ?? {}).map(([name, value]) => ({ name, value })))
    .map(({ name, value }) => ({ program, name, value: String(value) }));
  if (object.kind === 'ClusterConfiguration') {
    return [
      ...flags('kube-apiserver', object.apiServer.extraArgs), ...flags('kube-controller-manager', object.controllerManager.extraArgs),
      ...flags('kube-scheduler', object.scheduler.extraArgs), ...flags('etcd', object.etcd.local.extraArgs),
    ];
  }
  return (object.kind === 'Pod' ? object.spec.containers : []).flatMap(({ command = [], args = [] }: any) => {
    const [program, ...rest] = [...command, ...args];
    return rest.map((arg: string) => /^--([^=]+)=([^]*)$/.exec(arg)).filter(Boolean).map(([, name, value]: any) => ({ program, name, value }));
  });
}

describe.each([ControlPlaneInstaller.KUBEADM, ControlPlaneInstaller.STATIC_PODS])('rendered for %s', (installer) => {
  test.each(MINORS)('1.%i gets no API version, flag or field that it lacks', (minor) => {
    const { kinds, flags, fields } = rendered(minor, installer);

    expect(kinds.filter((kind) => !(kind in KINDS) || !within(minor, KINDS[kind]))).toEqual([]);
    expect(flags.filter(({ name }) => name in FLAGS && !within(minor, FLAGS[name]))).toEqual([]);
    expect(fields.filter((field) => field in FIELDS && !within(minor, FIELDS[field]))).toEqual([]);
    expect(flags.length).toBeGreaterThan(20);
  });

  test.each(MINORS)('1.%i turns off alpha features, names no other gate, which a later minor might not know, and never turns off what is beta', (minor) => {
    const { flags, gates } = rendered(minor, installer);
    const named = flags.filter(({ name, program }) => name === 'feature-gates' && !program.includes('etcd'));

    expect(new Set(named.map(({ value }) => value))).toEqual(new Set(['AllAlpha=false']));
    expect(named.length).toBe(3);
    expect(new Set(gates.map((gate) => JSON.stringify(gate)))).toEqual(new Set(['{"AllAlpha":false}']));
  });

  test.each(MINORS)('1.%i is told who authorizes in one way alone', (minor) => {
    const names = rendered(minor, installer).flags.filter(({ program }) => program === 'kube-apiserver').map(({ name }) => name);

    expect(names.filter((name) => ['authorization-config', 'authorization-mode'].includes(name))).toEqual([minor >= 30 ? 'authorization-config' : 'authorization-mode']);
    expect(names.some((name) => name.startsWith('oidc-'))).toBe(!names.includes('authentication-config'));
    expect(names).not.toContain('anonymous-auth');
    expect(names).not.toContain('token-auth-file');
    expect(names).not.toContain('basic-auth-file');
    expect(new Set(names).size).toBe(names.length);
  });
});

test('an older configuration where the minor lacks a newer one', () => {
  const kindsOf = (minor: number) => rendered(minor, ControlPlaneInstaller.KUBEADM).kinds;

  expect(kindsOf(30)).toContain('kubeadm.k8s.io/v1beta3 ClusterConfiguration');
  expect(kindsOf(31)).toContain('kubeadm.k8s.io/v1beta4 ClusterConfiguration');
  expect(kindsOf(31)).toContain('apiserver.config.k8s.io/v1beta1 AuthorizationConfiguration');
  expect(kindsOf(32)).toContain('apiserver.config.k8s.io/v1 AuthorizationConfiguration');
  expect(kindsOf(33)).toContain('apiserver.config.k8s.io/v1beta1 AuthenticationConfiguration');
  expect(kindsOf(34)).toContain('apiserver.config.k8s.io/v1 AuthenticationConfiguration');
});
