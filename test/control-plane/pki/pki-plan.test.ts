import { parse } from 'yaml';
import { ExtendedKeyUsage, PkiCertificate } from '../../../src/control-plane/pki/pki-certificate';
import { PkiPlan } from '../../../src/control-plane/pki/pki-plan';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster } from '../cluster';

const { SERVER_AUTH, CLIENT_AUTH } = ExtendedKeyUsage;

describe.each([['stacked', false], ['external', true]])('the plan of a cluster with %s etcd', (_, external) => {
  const { controlPlane } = cluster({ apiEndpoints: ['https://api.prod.internal:6443', 'https://[fd00::9]:6443'] }, {}, external);
  const plan = controlPlane.pki;

  test('signs every leaf by a CA of the plan', () => {
    const authorities = plan.authorities.map((row) => row.name);

    expect(authorities).toEqual(['kubernetes-ca', 'front-proxy-ca', 'etcd-ca', ...(external ? ['etcd-peer-ca'] : [])]);
    expect(plan.rows.filter((row) => row.issuer !== undefined && !authorities.includes(row.issuer))).toEqual([]);
  });

  test('lets etcd serve and call with its certificates, under its name, its address and loopback', () => {
    for (const name of ['etcd-server', 'etcd-peer']) {
      const [first, ...others] = plan.named(name);

      expect(others.map((row) => row.node)).toEqual(['cp-2', 'cp-3']);
      expect(first.extendedKeyUsages).toEqual([SERVER_AUTH, CLIENT_AUTH]);
      expect(first.subjectAlternativeNames).toEqual(expect.arrayContaining(['DNS:cp-1', 'IP:10.0.16.11', 'DNS:localhost', 'IP:127.0.0.1', 'IP:::1']));
      expect(first.subjectAlternativeNames).not.toContain('IP:10.0.16.12');
    }
  });

  test('gives the name that opens the peer port to peers alone', () => {
    const rows = plan.rows.filter((row) => row.subjectAlternativeNames?.includes('DNS:kube-etcd-peer'));

    expect(new Set(rows.map((row) => row.name))).toEqual(new Set(['etcd-peer']));
  });

  test('names the API server as its clients do', () => {
    const [apiServer] = plan.named('apiserver');

    expect(apiServer.extendedKeyUsages).toEqual([SERVER_AUTH]);
    expect(apiServer.subjectAlternativeNames).toEqual(expect.arrayContaining([
      'DNS:kubernetes', 'DNS:kubernetes.default', 'DNS:kubernetes.default.svc', 'DNS:kubernetes.default.svc.cluster.local', 'IP:10.96.0.1',
      'DNS:api.prod.internal', 'IP:fd00::9',
    ]));
  });

  test('gives clients nothing but clientAuth', () => {
    for (const name of ['apiserver-etcd-client', 'etcd-healthcheck-client', 'apiserver-kubelet-client', 'front-proxy-client', 'admin', 'scheduler']) {
      expect(plan.named(name).map((row) => row.extendedKeyUsages)).toEqual([[CLIENT_AUTH]]);
    }
  });

  test('gives no leaf more than a year and no CA more than ten, and renews at two thirds', () => {
    for (const row of plan.rows) {
      expect(plan.validityDays(row)).toBeLessThanOrEqual(row.issuer === undefined ? 3650 : 365);
    }
    expect(plan.renewAfterDays(plan.named('etcd-server')[0])).toBe(243);
    expect(plan.renewAfterDays(plan.named('etcd-ca')[0])).toBe(2433);
  });

  test('keeps system:masters to the break-glass certificate', () => {
    expect(plan.rows.filter((row) => row.organization === 'system:masters').map((row) => row.name)).toEqual(['super-admin']);
    expect(plan.named('admin')[0].organization).toBe('kubeadm:cluster-admins');
  });

  test('renders modes and makers, and no key', () => {
    const { certificates } = parse(plan.toYaml());

    expect(certificates).toHaveLength(plan.rows.length);
    expect(new Set(certificates.map((row: { keyMode: string }) => row.keyMode))).toEqual(new Set(['0600']));
    expect(certificates.find((row: { name: string }) => row.name === 'admin')).toMatchObject({ certificateMode: '0600', keyPath: '/etc/kubernetes/admin.conf' });
    expect(certificates.find((row: { name: string }) => row.name === 'etcd-server')).toMatchObject({
      certificateMode: '0644', madeBy: external ? 'cluster-pki' : 'kubeadm', owner: external ? 'etcd' : 'root', renewAfterDays: 243,
    });
    expect(plan.toYaml()).not.toContain('PRIVATE KEY');
  });
});

test('before 1.29 kubeadm knows one administrator, and no group for it but system:masters', () => {
  const plan = cluster({ kubernetesVersion: KubernetesVersion.V1_28 }).controlPlane.pki;

  expect(plan.named('admin')[0].organization).toBe('system:masters');
  expect(() => plan.named('super-admin')).toThrow('[PkiPlan] name: got "super-admin"; allowed: kubernetes-ca, front-proxy-ca, apiserver,');
});

test('a CA for peers alone lets no client of etcd in at the peer port', () => {
  const plan = cluster({}, {}, true).controlPlane.pki;

  expect(plan.rows.filter((row) => row.issuer === 'etcd-peer-ca').map((row) => row.name)).toEqual(['etcd-peer', 'etcd-peer', 'etcd-peer']);
});

describe('bad input', () => {
  const ca: PkiCertificate = { name: 'etcd-ca', commonName: 'etcd-ca', certificatePath: '/ca.crt', keyPath: '/ca.key' };
  const leaf: PkiCertificate = {
    name: 'etcd-server',
    issuer: 'etcd-ca',
    commonName: 'kube-etcd',
    extendedKeyUsages: [SERVER_AUTH, CLIENT_AUTH],
    subjectAlternativeNames: ['DNS:cp-1'],
    certificatePath: '/s.crt',
    keyPath: '/s.key',
  };
  const refuse = (message: string, ...certificates: PkiCertificate[]) => expect(() => new PkiPlan({ certificates })).toThrow(new Error(`[PkiPlan] ${message}`));

  test('the twin of all that follows is fine', () => {
    expect(new PkiPlan({ certificates: [ca, leaf] }).rows).toEqual([ca, leaf]);
  });

  test('lives that are too long', () => {
    refuse('certificates[0].validityDays: got 3651; allowed: a whole number of days from 1 to 3650. Shorten its life: it is renewed at two thirds of it.', { ...ca, validityDays: 3651 });
    refuse('certificates[1].validityDays: got 366; allowed: a whole number of days from 1 to 365. Shorten its life: it is renewed at two thirds of it.',
      ca, { ...leaf, validityDays: 366 });
  });

  test('an etcd that may not call, whose handshakes its peers reject', () => {
    refuse('certificates[1].extendedKeyUsages: got ["serverAuth"]; allowed: serverAuth and clientAuth for etcd. Add clientAuth: etcd calls itself and its peers with it.',
      ca, { ...leaf, extendedKeyUsages: [SERVER_AUTH] });
  });

  test('a leaf without usages, a server without names, a name of no kind', () => {
    refuse('certificates[1].extendedKeyUsages: got undefined; allowed: at least one usage for a leaf. Say whether it serves, calls or both.',
      ca, { ...leaf, extendedKeyUsages: undefined });
    refuse('certificates[1].subjectAlternativeNames: got []; allowed: at least one name for a server. Add the names that its clients use.',
      ca, { ...leaf, subjectAlternativeNames: [] });
    refuse('certificates[1].subjectAlternativeNames: got "cp-1"; allowed: DNS:name or IP:address. Say which of the two it is.',
      ca, { ...leaf, subjectAlternativeNames: ['cp-1'] });
  });

  test('a property that nobody reads', () => {
    expect(() => new PkiPlan({ certificates: [{ ...ca, validity: 10 } as PkiCertificate] })).toThrow('[PkiPlan] certificates[0].validity: allowed: name, node, issuer,');
    expect(() => new PkiPlan({ certificates: [ca], keyPair: [] } as never)).toThrow('Did you mean "keyPairs"?');
  });

  test('a CA that nobody makes, and two certificates of one name', () => {
    refuse('certificates[0].issuer: got "etcd-ca"; allowed: the name of a CA of the plan. Add the CA, or correct the name.', leaf);
    refuse('certificates[2].name: got "etcd-server"; allowed: a name that no other certificate of the same machine has. Rename one of the two.', ca, leaf, leaf);
  });
});
