import { parse, parseAllDocuments } from 'yaml';
import { Admission } from '../../../src/control-plane/admission/admission';
import { AuditWebhook } from '../../../src/control-plane/audit/audit-webhook';
import { Authorization } from '../../../src/control-plane/authorization/authorization';
import { EtcdTlsConfig } from '../../../src/control-plane/etcd/etcd-tls-config';
import { CertificateOptions, hasExternalAuthority } from '../../../src/control-plane/pki/certificate-options';
import { PkiMaker } from '../../../src/control-plane/pki/pki-certificate';
import { addPkiFiles } from '../../../src/control-plane/pki/pki-files';
import { PkiPlan } from '../../../src/control-plane/pki/pki-plan';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';
import { CERTIFICATE } from '../authentication/certificate';
import { cluster, contentOf, MEMBERS, nodeFilesApp } from '../cluster';
import { clusterPki, staticPodsPki } from './plans';

const EXTERNAL: CertificateOptions = { externalAuthority: true, kubeletSigner: 'corporate-signer' };
const NODES = [{ name: 'cp-a', address: '10.0.1.1' }, { name: 'cp-b', address: '10.0.1.2' }];

const etcd = new EtcdTlsConfig({ members: MEMBERS });
const profileOf = (version = KubernetesVersion.V1_36) => new ClusterProfile({ name: 'prod', kubernetesVersion: version, apiEndpoints: ['https://api.prod.internal:6443'] });

/** The files of a control plane of static pods. */
function staticPods(certificates?: CertificateOptions, external = false) {
  const app = nodeFilesApp({ apiEndpoints: ['https://api.prod.internal:6443'] });
  const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });
  const etcdNodes = external ? new NodeRole(app, 'etcd', { kind: NodeKind.ETCD }) : undefined;
  const profile = ClusterProfile.of(nodes);
  const plan = staticPodsPki(profile, etcd, external, certificates);
  addPkiFiles({ profile, plan, nodes, etcdNodes });
  return { nodes, etcdNodes, plan };
}

const namesBelow = (role: NodeRole, folder: string) =>
  role.files.map((file) => file.path).filter((path) => path.startsWith(folder)).map((path) => path.slice(folder.length));

describe('the plan of a control plane of static pods', () => {
  const plan = staticPodsPki(profileOf(), etcd, false);

  test('has every certificate that its programs need, all made by the script', () => {
    expect([...new Set(plan.rows.map((row) => row.name))].sort()).toEqual([
      'admin', 'apiserver', 'apiserver-etcd-client', 'apiserver-kubelet-client', 'controller-manager', 'etcd-ca', 'etcd-healthcheck-client', 'etcd-peer', 'etcd-peer-ca',
      'etcd-server', 'front-proxy-ca', 'front-proxy-client', 'kubelet', 'kubernetes-ca', 'scheduler', 'super-admin',
    ]);
    expect(new Set(plan.rows.map((row) => row.maker))).toEqual(new Set([PkiMaker.CLUSTER_PKI]));
    expect(plan.keyPairs).toEqual([{
      name: 'service-accounts', keyPath: '/etc/kubernetes/pki/sa.key', publicKeyPath: '/etc/kubernetes/pki/sa.pub', maker: PkiMaker.CLUSTER_PKI,
    }]);
  });

  test('has a CA for etcd\'s peers alone, so that no client of etcd is a peer', () => {
    expect(new Set(plan.rows.filter((row) => row.issuer === 'etcd-peer-ca').map((row) => row.name))).toEqual(new Set(['etcd-peer']));
    expect(plan.named('etcd-peer-ca')[0].certificatePath).toBe('/etc/kubernetes/pki/etcd/peer-ca.crt');
  });

  test('keeps system:masters to one certificate, which exists on demand and for a week', () => {
    const masters = plan.rows.filter((row) => row.organization === 'system:masters');

    expect(masters).toMatchObject([{ name: 'super-admin', onDemand: true, validityDays: 7 }]);
    expect(plan.named('admin')[0].organization).toBe('cluster-pki:cluster-admins');
  });

  test('gives the API server no group where it calls kubelets', () => {
    expect(plan.named('apiserver-kubelet-client')[0].organization).toBeUndefined();
  });

  test('names each node\'s API server by its name, its address, and loopback, where the controllers call it', () => {
    expect(plan.named('apiserver').map((row) => row.node)).toEqual(['cp-1', 'cp-2', 'cp-3']);
    expect(plan.named('apiserver')[1].subjectAlternativeNames).toEqual(expect.arrayContaining(['DNS:cp-2', 'IP:10.0.16.12', 'DNS:localhost', 'IP:127.0.0.1']));
    expect(plan.named('apiserver')[1].subjectAlternativeNames).not.toContain('IP:10.0.16.11');
    expect(plan.named('kubelet').map((row) => row.commonName)).toEqual(['system:node:cp-1', 'system:node:cp-2', 'system:node:cp-3']);
  });

  test('keeps CAs\' keys apart from what pods see', () => {
    for (const row of plan.authorities) {
      expect(row.keyPath).toBe(`/etc/cluster-pki/ca/${row.name}.key`);
      expect(row.certificatePath).toMatch(/^\/etc\/kubernetes\/pki\//);
    }
  });

  test('with etcd on machines of its own takes the nodes from the options', () => {
    const other = staticPodsPki(profileOf(), etcd, true, { nodes: NODES });

    expect(other.named('apiserver').map((row) => row.node)).toEqual(['cp-a', 'cp-b']);
    expect(other.named('etcd-server').map((row) => [row.node, row.certificatePath, row.owner])).toEqual(MEMBERS.map(({ name }) => [name, '/etc/etcd/pki/server.crt', 'etcd']));
  });
});

describe('with a CA outside the cluster', () => {
  test.each([['kubeadm', clusterPki, false], ['kubeadm and external etcd', clusterPki, true], ['static pods', staticPodsPki, false], ['static pods and external etcd', staticPodsPki, true]])(
    '%s: no CA\'s key has a place, and the script makes every other', (_, make, external) => {
      const plan = make(profileOf(), etcd, external, { ...EXTERNAL, ...(external ? { nodes: NODES } : {}) });

      expect(hasExternalAuthority(plan)).toBe(true);
      expect(plan.authorities.map((row) => [row.keyPath, row.maker])).toEqual(plan.authorities.map(() => [undefined, PkiMaker.EXTERNAL_AUTHORITY]));
      expect(new Set(plan.rows.filter((row) => row.issuer !== undefined).map((row) => row.maker))).toEqual(new Set([PkiMaker.CLUSTER_PKI]));
      expect(parse(plan.toYaml()).certificates.find((row: { name: string }) => row.name === 'kubernetes-ca')).toEqual({
        name: 'kubernetes-ca', issuer: 'itself', commonName: 'kubernetes', certificatePath: '/etc/kubernetes/pki/ca.crt', certificateMode: '0644', owner: 'root',
        validityDays: 3650, renewAfterDays: 2433, madeBy: 'external-authority',
      });
    });

  test('kubeadm keeps its own groups, paths and its one CA of etcd', () => {
    const plan = clusterPki(profileOf(), etcd, false, EXTERNAL);

    expect(plan.named('admin')[0]).toMatchObject({ organization: 'kubeadm:cluster-admins', certificatePath: '/etc/kubernetes/pki/admin.crt' });
    expect(plan.authorities.map((row) => row.certificatePath)).toEqual(['ca', 'front-proxy-ca', 'etcd/ca'].map((file) => `/etc/kubernetes/pki/${file}.crt`));
  });

  test('the plan says who signs kubelets\' certificates', () => {
    expect(parse(staticPodsPki(profileOf(), etcd, false, EXTERNAL).toYaml()).kubeletSigner).toBe('corporate-signer');
    expect(parse(staticPodsPki(profileOf(), etcd, false).toYaml()).kubeletSigner).toBeUndefined();
  });

  test('no node can make a CA, and the machine that can finds what it needs among the files', () => {
    const { nodes } = staticPods(EXTERNAL);

    expect(namesBelow(nodes, '/etc/cluster-pki/openssl-authorities/')).toEqual(['etcd-ca.cnf', 'etcd-peer-ca.cnf', 'front-proxy-ca.cnf', 'kubernetes-ca.cnf']);
    expect(namesBelow(nodes, '/etc/cluster-pki/openssl/').filter((name) => name.includes('-ca.'))).toEqual([]);
    expect(contentOf(nodes, '/etc/cluster-pki/shared-keys')).toBe('service-accounts P-256 /etc/kubernetes/pki/sa.key /etc/kubernetes/pki/sa.pub root\n');
  });

  test('ControlPlane takes it', () => {
    const { controlPlane, nodes } = cluster({}, { certificates: EXTERNAL });

    expect(hasExternalAuthority(controlPlane.pki)).toBe(true);
    expect(namesBelow(nodes, '/usr/local/sbin/')).toEqual(expect.arrayContaining(['cluster-pki', 'pki-check']));
  });
});

describe('on the nodes', () => {
  const { nodes, plan } = staticPods();

  test('kubeconfigs name keys and hold none, and the controllers call the API server next to them', () => {
    for (const name of ['controller-manager', 'scheduler', 'kubelet', 'admin', 'super-admin']) {
      const path = `/etc/kubernetes/${name}.conf`;
      const { clusters: [{ cluster: { server, ...rest } }], users } = parse(contentOf(nodes, path));

      expect(server).toBe(/admin/.test(name) ? 'https://api.prod.internal:6443' : 'https://127.0.0.1:6443');
      expect(rest).toEqual({ 'certificate-authority': '/etc/kubernetes/pki/ca.crt' });
      expect(users[0].user).toEqual({ 'client-certificate': `/etc/kubernetes/pki/${name}.crt`, 'client-key': `/etc/kubernetes/pki/${name}.key` });
      expect(nodes.files.find((file) => file.path === path)!.mode).toBe('0600');
    }
  });

  test('RBAC gives their rights to administrators\' group, by name to the API server that calls kubelets, and to kubelets that of a next certificate', () => {
    const bindings = parseAllDocuments(contentOf(nodes, '/etc/kubernetes/bootstrap-rbac.yaml')).map((document) => document.toJS());

    expect(bindings.map(({ roleRef, subjects }) => [roleRef.name, subjects[0].kind, subjects[0].name])).toEqual([
      ['cluster-admin', 'Group', 'cluster-pki:cluster-admins'], ['system:kubelet-api-admin', 'User', 'kube-apiserver-kubelet-client'],
      ['system:certificates.k8s.io:certificatesigningrequests:selfnodeclient', 'Group', 'system:nodes'],
    ]);
  });

  test('all control-plane nodes share the key of service accounts and the one that the controller manager signs with', () => {
    expect(contentOf(nodes, '/etc/cluster-pki/shared-keys')).toBe([
      'service-accounts P-256 /etc/kubernetes/pki/sa.key /etc/kubernetes/pki/sa.pub root', 'kubernetes-ca P-256 /etc/cluster-pki/ca/kubernetes-ca.key - root', '',
    ].join('\n'));
  });

  test('a table says where each certificate lies and by whom it is signed', () => {
    const lines = contentOf(nodes, '/etc/cluster-pki/certificates').trim().split('\n').map((line) => line.split(' '));
    const leaves = plan.rows.filter((row) => row.issuer !== undefined);

    expect(lines.map(([name]) => name).sort()).toEqual([...new Set(leaves.map((row) => row.name))].sort());
    expect(lines.find(([name]) => name === 'etcd-peer')).toEqual([
      'etcd-peer', 'etcd-peer-ca', '/etc/kubernetes/pki/etcd/peer.crt', '/etc/kubernetes/pki/etcd/peer.key', '/etc/kubernetes/pki/etcd/peer-ca.crt', 'root',
    ]);
  });

  test('machines of etcd\'s own get etcd\'s certificates and no CA', () => {
    const external = staticPods({ nodes: NODES }, true);
    const names = contentOf(external.etcdNodes!, '/etc/cluster-pki/certificates').trim().split('\n').map((line) => line.split(' ')[0]);

    expect(names).toEqual(['etcd-server', 'etcd-peer', 'etcd-healthcheck-client']);
    expect(namesBelow(external.etcdNodes!, '/etc/cluster-pki/openssl/').filter((name) => name.includes('-ca.'))).toEqual([]);
    expect(namesBelow(external.etcdNodes!, '/etc/kubernetes/')).toEqual([]);
  });

  test('whatever kubeadm makes needs no script', () => {
    const made = cluster();

    expect(namesBelow(made.nodes, '/etc/cluster-pki/')).toEqual(['checked']);
    expect(namesBelow(made.nodes, '/usr/local/sbin/')).not.toContain('cluster-pki');
  });
});

describe('the daily check', () => {
  const listOf = (role: NodeRole) => contentOf(role, '/etc/cluster-pki/checked').trim().split('\n');

  test.each([['kubeadm', cluster()], ['static pods', staticPods()]])('%s: looks at every certificate and CA of the plan', (_, made) => {
    const plan: PkiPlan = 'plan' in made ? made.plan : made.controlPlane.pki;
    const paths = new Set(listOf(made.nodes).map((line) => line.split(' ')[3]));

    expect([...paths].sort()).toEqual([...new Set(plan.rows.map((row) => row.certificatePath)), '/var/lib/kubelet/pki/kubelet-server-current.pem'].sort());
  });

  test('looks into the kubeconfigs that kubeadm writes, and lets the break-glass one be absent', () => {
    const lines = listOf(cluster().nodes);

    expect(lines).toContain('admin kubeconfig required /etc/kubernetes/admin.conf');
    expect(lines).toContain('super-admin kubeconfig optional /etc/kubernetes/super-admin.conf');
  });

  test('looks at what the API server shows its webhooks, each once, whoever makes it', () => {
    const connection = (name: string) => ({
      server: `https://${name}.internal`, certificateAuthority: CERTIFICATE,
      clientCertificatePath: `/etc/kubernetes/pki/${name}.crt`, clientKeyPath: `/etc/kubernetes/pki/${name}.key`,
    });
    const made = cluster({}, {
      auditWebhook: new AuditWebhook(connection('audit')),
      authorization: new Authorization({
        webhooks: [{ ...connection('opa'), name: 'opa', ownUsers: [] }, { ...connection('apiserver-kubelet-client'), name: 'planned', ownUsers: [] }],
      }),
      admission: new Admission({ imagePolicyWebhook: connection('images') }),
    });
    const lines = listOf(made.nodes);

    expect(lines.filter((line) => line.includes('-webhook'))).toEqual([
      'audit-webhook certificate required /etc/kubernetes/pki/audit.crt',
      'authorization-webhook-opa certificate required /etc/kubernetes/pki/opa.crt',
      'image-policy-webhook certificate required /etc/kubernetes/pki/images.crt',
    ]);
    expect(lines.filter((line) => line.endsWith('/apiserver-kubelet-client.crt'))).toEqual([
      'apiserver-kubelet-client certificate required /etc/kubernetes/pki/apiserver-kubelet-client.crt',
    ]);
    expect(listOf(cluster().nodes).filter((line) => line.includes('webhook'))).toEqual([]);
  });

  test('runs on etcd\'s machines too', () => {
    const made = cluster({}, {}, true);

    expect(listOf(made.etcdNodes)).toEqual([
      'etcd-ca certificate required /etc/etcd/pki/etcd-ca.crt',
      'etcd-healthcheck-client certificate required /etc/etcd/pki/healthcheck-client.crt',
      'etcd-peer certificate required /etc/etcd/pki/peer.crt',
      'etcd-peer-ca certificate required /etc/etcd/pki/etcd-peer-ca.crt',
      'etcd-server certificate required /etc/etcd/pki/server.crt',
    ]);
    expect(listOf(made.nodes)).toContain('etcd-ca certificate required /etc/kubernetes/pki/etcd/ca.crt');
  });

  test('begins when there is a first certificate, once a day, also after a day in which the machine was off', () => {
    const { nodes } = cluster();

    expect(contentOf(nodes, '/etc/systemd/system/pki-check.service')).toContain('ConditionPathExists=/etc/kubernetes/pki/ca.crt\n');
    expect(contentOf(nodes, '/etc/systemd/system/pki-check.timer')).toMatch(/OnCalendar=daily\n.*\nPersistent=true\n/);
    expect(nodes.commands).toContain('systemctl enable --now pki-check.timer');
  });
});
