import { readFileSync } from 'fs';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { cluster, MEMBERS } from '../../control-plane/cluster';
import { describeWith } from '../programs';
import { KubeadmNode } from './kubeadm-node';
import { Machine, run } from './machine';

const CHECK = '/usr/local/sbin/pki-check';
const TABLE = '/etc/cluster-pki/checked';
const DAY = 86_400_000;

/** What the check ends with and says. */
function check(machine: Machine, environment: string[] = []): string {
  return run('sh', ['-c', `env ${environment.join(' ')} ${machine.path(CHECK)} 2>&1; echo "ends with $?"`]).trim().replaceAll(machine.root, '');
}

describeWith(['openssl'], 'the daily check of certificates', ({ openssl }) => {
  const { nodes } = cluster();
  let machine: Machine;
  beforeAll(() => {
    machine = new Machine().add(nodes);
    const folder = machine.path('/planter');
    run('sh', ['-c', `mkdir -p ${folder} && cd ${folder} && : >index && echo 01 >serial && ${openssl} genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out key`]);
    machine.write('/planter/config', [
      '[ca]', 'default_ca = planter', '[planter]', `database = ${folder}/index`, `serial = ${folder}/serial`, `new_certs_dir = ${folder}`, 'default_md = sha256',
      'policy = any', 'unique_subject = no', '[any]', 'commonName = supplied', '',
    ].join('\n'));
    run(openssl, ['req', '-new', '-key', `${folder}/key`, '-subj', '/CN=planted', '-out', `${folder}/csr`]);
  });
  afterAll(() => machine?.remove());

  /** A certificate that began and ends some days from now. */
  const planted = (from: number, to: number): string => {
    const folder = machine.path('/planter');
    const at = (days: number) => `${new Date(Date.now() + days * DAY).toISOString().slice(0, 19).replace(/[-:T]/g, '')}Z`;
    run(openssl, ['ca', '-batch', '-selfsign', '-notext', '-config', `${folder}/config`, '-keyfile', `${folder}/key`, '-in', `${folder}/csr`, '-startdate', at(from),
      '-enddate', at(to), '-out', `${folder}/crt`]);
    return readFileSync(`${folder}/crt`, 'utf8');
  };
  const checked = (content: string, kind = 'certificate', need = 'required') => {
    machine.write('/planted', content);
    machine.write(TABLE, `server ${kind} ${need} ${machine.path('/planted')}\n`);
    return check(machine);
  };
  const kubeconfig = (certificate: string) => `apiVersion: v1\nusers:\n- name: x\n  user:\n    client-certificate-data: ${Buffer.from(certificate).toString('base64')}\n`;

  test('is silent in the first two thirds of a life, warns in the last, and fails after it', () => {
    expect(checked(planted(-240, 125))).toBe('ends with 0');
    expect(checked(planted(-250, 115))).toMatch(/^pki-check: server: \/planted is in the last third of its life: renew it before .* GMT\nends with 1$/);
    expect(checked(planted(-365, -0.01))).toMatch(/^pki-check: server: \/planted expired on .* GMT\nends with 2$/);
    expect(checked(planted(1, 365))).toMatch(/is not valid yet\nends with 2$/);
  });

  test('knows lives of a few hours and of ten years', () => {
    expect(checked(planted(-0.1, 0.3))).toBe('ends with 0');
    expect(checked(planted(-0.3, 0.1))).toContain('ends with 1');
    expect(checked(planted(-3650 * 0.6, 3650 * 0.4))).toBe('ends with 0');
    expect(checked(planted(-3650 * 0.7, 3650 * 0.3))).toContain('ends with 1');
  });

  test('looks into kubeconfigs, at what they hold and at what they name', () => {
    expect(checked(kubeconfig(planted(-240, 125)), 'kubeconfig')).toBe('ends with 0');
    expect(checked(kubeconfig(planted(-250, 115)), 'kubeconfig')).toContain('ends with 1');
    const file = machine.write('/named.pem', planted(-366, -1));
    expect(checked(`users:\n- name: x\n  user:\n    client-certificate: ${file}\n`, 'kubeconfig')).toMatch(/expired on .*\nends with 2$/);
    machine.write('/named.pem', planted(-1, 364));
    expect(checked(`users:\n- name: x\n  user:\n    client-certificate: "${file}"\n`, 'kubeconfig')).toBe('ends with 0');
  });

  test('looks at every certificate of a file, and at none of its keys', () => {
    const key = readFileSync(machine.path('/planter/key'), 'utf8');

    expect(checked(`${planted(-1, 364)}${key}`)).toBe('ends with 0');
    expect(checked(`${planted(-1, 364)}${key}${planted(-366, -1)}`)).toContain('ends with 2');
  });

  test.each(['client', 'server'])('lets the kubelet replace its %s certificate of 90 days at 70 to 90 %% of its life, and warns where it has not', (which) => {
    const named = (certificate: string) => {
      const file = machine.write(`/var/lib/kubelet/pki/kubelet-${which}-current.pem`, certificate);
      machine.write('/kubelet.conf', `users:\n- name: x\n  user:\n    client-certificate: ${file}\n    client-key: ${file}\n`);
      machine.write(TABLE, `kubelet kubeconfig required ${machine.path('/kubelet.conf')}\nkubelet-${which} certificate required ${file}\n`);
      return check(machine);
    };
    expect(named(planted(-62, 28))).toBe('ends with 0');
    expect(named(planted(-82, 8))).toBe('ends with 0');
    expect(named(planted(-84, 6))).toMatch(/^pki-check: kubelet: .* should have been replaced by the kubelet: its log says why not; it ends on .* GMT\n.*\nends with 1$/);
    expect(named(planted(-91, -1))).toMatch(/expired on .*\n.*expired on .*\nends with 2$/);
    expect(checked(planted(-62, 28))).toContain('ends with 1');
    run('rm', ['-r', machine.path('/var/lib/kubelet')]);
  });

  test('takes the certificate that the kubelet got last', () => {
    expect(checked(planted(-366, -1), 'kubelet')).toContain('ends with 2');
    machine.write('/var/lib/kubelet/pki/kubelet-client-current.pem', planted(-1, 364));
    expect(checked(planted(-366, -1), 'kubelet')).toBe('ends with 0');
  });

  test('fails for what is missing, empty or no certificate, and for a list that is gone', () => {
    for (const content of ['', 'x\n', '-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----\n']) {
      expect(checked(content)).toContain('ends with 2');
    }
    expect(checked('users: []\n', 'kubeconfig')).toContain('ends with 2');
    machine.write(TABLE, 'server certificate required /absent\n');
    expect(check(machine)).toBe('pki-check: server: /absent is missing\nends with 2');
    machine.write(TABLE, 'server certificate optional /absent\n');
    expect(check(machine)).toBe('ends with 0');
    run('rm', [machine.path(TABLE)]);
    expect(check(machine)).toBe(`pki-check: ${TABLE} is missing\nends with 2`);
  });

  test('says more than the worst, and tells the journal which is which', () => {
    const [late, expired] = [machine.write('/late', planted(-250, 115)), machine.write('/expired', planted(-366, -1))];
    machine.write(TABLE, `one certificate required ${expired}\ntwo certificate required ${late}\n`);

    expect(check(machine, ['JOURNAL_STREAM=8:1'])).toMatch(/^<3>one: \/expired expired on .*\n<4>two: \/late is in the last third .*\nends with 2$/);
  });
});

describeWith(['kubeadm', 'openssl'], 'the daily check on a node that kubeadm made', () => {
  let node: KubeadmNode;
  beforeAll(() => {
    node = new KubeadmNode(cluster({ kubernetesVersion: KubernetesVersion.V1_37 }, { kubernetesRelease: '1.37.1' }), MEMBERS[0]);
  });
  afterAll(() => node?.remove());

  test('finds every certificate and kubeconfig of kubeadm', () => {
    expect(check(node)).toBe('ends with 0');
    expect(node.read(TABLE).split('\n').filter((line) => line.includes(' kubeconfig ')).map((line) => line.split(' ')[0])).toEqual([
      'admin', 'controller-manager', 'kubelet', 'scheduler', 'super-admin',
    ]);
  });

  test('and misses one that is gone', () => {
    run('rm', [node.path('/etc/kubernetes/scheduler.conf'), node.path('/etc/kubernetes/super-admin.conf')]);

    expect(check(node)).toBe('pki-check: scheduler: /etc/kubernetes/scheduler.conf is missing\nends with 2');
  });
});
