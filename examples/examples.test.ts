import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';

/** What each of the small examples shows, as facts about its output. */
const SHOWN: Record<string, (read: (file: string) => string) => void> = {
  'two-services': (read) => {
    const manifests = read('dist/shop.k8s.yaml');
    expect(manifests.match(/^kind: NetworkPolicy$/gm)).toHaveLength(6);
    expect(manifests).toContain('name: exchange');
    expect(manifests).toContain('169.254.0.0/16');
  },
  'hardened-nodes': (read) => {
    expect(read('nodes.out/worker/files/etc/ssh/sshd_config.d/00-hardening.conf')).toMatch(/^PasswordAuthentication no$/m);
    expect(read('nodes.out/worker/install.sh')).toContain('chrony');
    expect(read('nodes.out/bastion/cloud-init.yaml')).toContain('10.0.224.10:6443');
  },
  'audited-control-plane': (read) => {
    expect(read('nodes.out/control-plane/files/etc/kubernetes/audit/policy.yaml')).toMatch(/level: Metadata/);
    expect(read('nodes.out/etcd/install.sh')).not.toContain('PRIVATE KEY');
    expect(read('nodes.out/control-plane/files/etc/kubernetes/kubeadm/init.yaml')).toContain('https://10.0.17.11:2379');
  },
  'private-network': (read) => {
    expect(JSON.parse(read('cdktf.out/stacks/network/cdk.tf.json')).resource.aws_internet_gateway).toBeUndefined();
    expect(read('cdktf.out/stacks/bastion/cdk.tf.json')).not.toContain('"associate_public_ip_address": "true"');
  },
  'admission-policies': (read) => {
    const packs = ['pss-baseline', 'pss-restricted', 'nsa', 'cis-workloads', 'recommended'];
    const documents = packs.map((pack) => read(`dist/${pack}.k8s.yaml`).split(/^---$/m));
    const policyOf = (texts: string[]) => texts.find((text) => text.includes('name: hardened-privileged\n'))?.trim();
    expect(new Set(documents.map(policyOf)).size).toBe(1);
    packs.forEach((pack, i) => {
      expect(documents[i].filter((text) => text.includes('kind: ValidatingAdmissionPolicyBinding')).every((text) => (
        text.includes(`.${pack}\n`) && text.includes('- Deny') && text.includes('- kube-system')
      ))).toBe(true);
    });
  },
  'fleet': (read) => {
    expect(read('dist/dev/shop.k8s.yaml')).toContain('enforce-version: v1.37');
    expect(read('dist/prod/shop.k8s.yaml')).toContain('enforce-version: v1.35');
    expect(read('evidence.out/stage/report.md')).toContain('# Evidence for cluster stage');
  },
};

const home = process.cwd();
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'examples-'));
afterAll(() => {
  process.chdir(home);
  fs.rmSync(scratch, { recursive: true, force: true });
});

test('every example has a test', () => {
  const examples = fs.readdirSync(__dirname).filter((name) => fs.existsSync(path.join(__dirname, name, 'main.ts')));
  expect(examples.filter((name) => !(name in SHOWN) && !fs.readdirSync(path.join(__dirname, name)).some((file) => file.endsWith('.test.ts')))).toEqual([]);
});

test.each(Object.keys(SHOWN))('%s writes what it promises', (name) => {
  const folder = path.join(scratch, name);
  fs.mkdirSync(folder);
  process.chdir(folder);
  const summary = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    jest.isolateModules(() => require(path.join(__dirname, name, 'main.ts')));
  } finally {
    summary.mockRestore();
  }
  SHOWN[name]((file) => fs.readFileSync(path.join(folder, file), 'utf8'));
});
