import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { CertificateOptions, kubeadmEncryptionAlgorithm } from '../../../src/control-plane/pki/certificate-options';
import { ExtendedKeyUsage, KeyAlgorithm } from '../../../src/control-plane/pki/pki-certificate';
import { PkiPlan } from '../../../src/control-plane/pki/pki-plan';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, MEMBERS } from '../cluster';
import { clusterPki, staticPodsPki } from './plans';

const EXTERNAL: CertificateOptions = { externalAuthority: true, kubeletSigner: 'corporate-signer' };
const NODES = [{ name: 'cp-a', address: '10.0.1.1' }, { name: 'cp-b', address: '10.0.1.2' }];

const etcd = new EtcdTlsConfig({ members: MEMBERS });
const profileOf = (version = KubernetesVersion.V1_36) => new ClusterProfile({ name: 'prod', kubernetesVersion: version });

describe.each([28, 29, 30, 31, 32, 33, 34, 35, 36, 37].map((minor) => KubernetesVersion.of(`1.${minor}`)))('on Kubernetes %s', (version) => {
  const masters = (plan: PkiPlan) => plan.rows.filter((row) => row.organization === 'system:masters').map((row) => row.name);

  test('only a kubeadm that knows no other group makes everyday administrators members of system:masters', () => {
    for (const certificates of [undefined, EXTERNAL]) {
      const expected = version.atLeast(KubernetesVersion.V1_29) ? ['super-admin'] : ['admin'];

      expect(masters(clusterPki(profileOf(version), etcd, false, certificates))).toEqual(expected);
      expect(masters(staticPodsPki(profileOf(version), etcd, false, certificates))).toEqual(['super-admin']);
    }
  });

  test('kubeadm is told an algorithm only if it knows that field', () => {
    const algorithm = kubeadmEncryptionAlgorithm(clusterPki(profileOf(version), etcd, false), version);

    expect(algorithm).toBe(version.atLeast(KubernetesVersion.V1_31) ? 'ECDSA-P256' : undefined);
  });
});

describe('the algorithm of keys', () => {
  const planOf = (version: KubernetesVersion, keyAlgorithm?: KeyAlgorithm) => clusterPki(profileOf(version), etcd, false, { keyAlgorithm });

  test.each([
    [KubernetesVersion.V1_30, undefined, undefined],
    [KubernetesVersion.V1_31, undefined, 'ECDSA-P256'],
    [KubernetesVersion.V1_31, KeyAlgorithm.ECDSA_P256, 'ECDSA-P256'],
    [KubernetesVersion.V1_34, KeyAlgorithm.ECDSA_P384, 'ECDSA-P384'],
  ])('on Kubernetes %s, %s is %s in kubeadm\'s words', (version, algorithm, expected) => {
    expect(kubeadmEncryptionAlgorithm(planOf(version, algorithm), version)).toBe(expected);
  });

  test.each([
    [KubernetesVersion.V1_30, KeyAlgorithm.ECDSA_P256, '1.31'], [KubernetesVersion.V1_33, KeyAlgorithm.ECDSA_P384, '1.34'],
  ])('on Kubernetes %s, kubeadm can\'t make %s', (version, algorithm, since) => {
    expect(() => planOf(version, algorithm)).toThrow(new Error(
      `[ControlPlane] certificates.keyAlgorithm: got "${algorithm}"; allowed: another algorithm on Kubernetes ${version}: its kubeadm can't make these keys before ${since}. `
      + 'Leave it out until the cluster is upgraded.'));
    expect(staticPodsPki(profileOf(version), etcd, false, { keyAlgorithm: algorithm }).keyAlgorithm).toBe(algorithm);
  });

  test('an unknown one is refused', () => {
    expect(() => planOf(KubernetesVersion.V1_36, 'RSA-1024' as KeyAlgorithm)).toThrow(new Error(
      '[ControlPlane] certificates.keyAlgorithm: got "RSA-1024"; allowed: ECDSA-P256, ECDSA-P384. Take a value of KeyAlgorithm.'));
  });
});

describe('bad input', () => {
  const refuse = (message: string, certificates: CertificateOptions, external = false, make = staticPodsPki) =>
    expect(() => make(profileOf(), etcd, external, certificates)).toThrow(new Error(`[ControlPlane] ${message}`));

  test('an external CA without anybody who signs kubelets\' certificates', () => {
    for (const kubeletSigner of [undefined, ' ', 'a\nb', 7, '']) {
      refuse(`certificates.kubeletSigner: got ${JSON.stringify(kubeletSigner)}; allowed: the name of what signs kubelets' certificates, with externalAuthority: at most 128 letters, digits and ._/-. `
        + 'Run a controller that signs them with your CA and name it: the controller manager has no key to sign with, so no machine could join and none would get a new certificate.',
      { externalAuthority: true, kubeletSigner: kubeletSigner as string });
    }
  });

  test('a signer where the controller manager signs', () => {
    refuse('certificates.kubeletSigner: got "x"; allowed: nothing without externalAuthority: the controller manager signs. Remove it, or set externalAuthority.', { kubeletSigner: 'x' });
  });

  test('machines of which name and address are missing', () => {
    refuse('certificates.nodes: got []; allowed: name and address of every control-plane node, where kubeadm does not make the certificates. List them: certificates carry them.', {}, true);
    expect(() => clusterPki(profileOf(), new EtcdTlsConfig(), false, EXTERNAL)).toThrow(new Error(
      '[ControlPlane] etcd.members: got []; allowed: name and address of every control-plane node, where kubeadm does not make the certificates. '
      + 'List them as members of EtcdTlsConfig: certificates carry them.'));
  });

  test('nodes that are said twice, have no address, or the wrong name', () => {
    const fix = 'Correct one of the two.';
    refuse('certificates.nodes: got ["cp-a","cp-b"]; allowed: nothing where etcd is stacked: the nodes are its members. Give them as members of EtcdTlsConfig.', { nodes: NODES });
    refuse(`certificates.nodes[1].name: got "cp-a"; allowed: what no other node has. ${fix}`, { nodes: [NODES[0], { name: 'cp-a', address: '10.0.1.9' }] }, true);
    refuse(`certificates.nodes[1].address: got "10.0.1.1"; allowed: what no other node has. ${fix}`, { nodes: [NODES[0], { name: 'cp-b', address: '10.0.1.1' }] }, true);
    refuse('certificates.nodes[0].address: got "cp-a"; allowed: one IP address of the machine, without port. Give its address in the private network.',
      { nodes: [{ name: 'cp-a', address: 'cp-a' }] }, true);
  });

  test('nodes that are no list, or not of machines', () => {
    refuse('certificates.nodes: got "x"; allowed: a list of machines. Put it in a list: certificates.nodes: [ … ].', { nodes: 'x' as never }, true);
    refuse('certificates.nodes: got null; allowed: a list of machines. Put it in a list: certificates.nodes: [ … ].', { nodes: null as never });
    refuse('certificates.nodes[0]: got null; allowed: an object with name, address. Write it like { name: … }.', { nodes: [null as never] }, true);
    refuse('certificates.nodes: got [null]; allowed: nothing where etcd is stacked: the nodes are its members. Give them as members of EtcdTlsConfig.', { nodes: [null as never] });
  });

  test.each(['false', 0])('%j for whether the CA is elsewhere, which would count as one of the two', (externalAuthority) => {
    refuse(`certificates.externalAuthority: got ${JSON.stringify(externalAuthority)}; allowed: true or false. Leave it out for false.`,
      { externalAuthority: externalAuthority as never, kubeletSigner: 'signer' });
  });

  test('a property that nobody reads', () => {
    expect(() => cluster({}, { certificates: { externalAutority: true } as CertificateOptions })).toThrow('Did you mean "externalAuthority"?');
  });

  test('a leaf without a key', () => {
    const ca = { name: 'a', commonName: 'a', certificatePath: '/a.crt' };
    const leaf = { name: 'b', issuer: 'a', commonName: 'b', extendedKeyUsages: [ExtendedKeyUsage.CLIENT_AUTH], certificatePath: '/b.crt' };
    expect(() => new PkiPlan({ certificates: [ca, leaf] }))
      .toThrow(new Error('[PkiPlan] certificates[1].keyPath: got undefined; allowed: a path for a leaf. Say where its key lies: only a CA may do without one.'));
  });
});
