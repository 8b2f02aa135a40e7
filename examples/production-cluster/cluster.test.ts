import { execFileSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { Yaml } from 'cdk8s';
import { productionCluster } from './cluster';

const TSX = path.resolve(__dirname, '../../node_modules/.bin/tsx');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'production-cluster-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

function synth(name: string, folder: string): string {
  const at = (output: string) => path.join(scratch, folder, output);
  productionCluster(name, {
    outdir: at('dist'), nodesOutdir: at('nodes.out'), terraformOutdir: at('cdktf.out'), evidenceOutdir: at('evidence.out'), quiet: true,
  }).synth();
  return path.join(scratch, folder);
}

function filesOf(folder: string): Record<string, string> {
  return Object.fromEntries(fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => [path.relative(folder, file), fs.readFileSync(file, 'utf8')]));
}

const prod = synth('prod', 'prod');
const objects: any[] = Yaml.load(path.join(prod, 'dist/bank.k8s.yaml'));
const find = (kind: string, name: string) => objects.find((object) => object.kind === kind && object.metadata.name === name);
const workloads = objects.filter(({ kind }) => kind === 'Deployment' || kind === 'StatefulSet');

describe('the bank', () => {
  test('nine services run, each under a service account of its own without token', () => {
    expect(workloads.map(({ metadata }) => metadata.name).sort()).toEqual([
      'accounts-db', 'balancereader', 'contacts', 'frontend', 'ledger-db', 'ledgerwriter', 'loadgenerator', 'transactionhistory', 'userservice',
    ]);
    const accounts = workloads.map((workload) => workload.spec.template.spec);
    expect(new Set(accounts.map(({ serviceAccountName }) => serviceAccountName)).size).toBe(9);
    accounts.forEach((spec) => expect(spec.automountServiceAccountToken).toBe(false));
  });

  test('every image is named by digest', () => {
    workloads.forEach((workload) => expect(workload.spec.template.spec.containers[0].image).toMatch(/:v0\.6\.10@sha256:[a-f0-9]{64}$/));
  });

  test('the private half of the signing key is mounted in userservice alone', () => {
    const withPrivateKey = workloads.filter((workload) => JSON.stringify(workload).includes('"jwtRS256.key"'));
    expect(withPrivateKey.map(({ metadata }) => metadata.name)).toEqual(['userservice']);
  });

  test('the ledger database is reached by its three readers and nobody else, and reaches nobody', () => {
    const { ingress, egress } = find('NetworkPolicy', 'ledger-db').spec;
    const sources = ingress.flatMap(({ from }: any) => from.map((peer: any) => peer.podSelector.matchLabels['app.kubernetes.io/name']));
    expect(sources.sort()).toEqual(['balancereader', 'ledgerwriter', 'transactionhistory']);
    expect(egress).toBeUndefined();
  });

  test('every egress rule has its ingress twin', () => {
    const policies = objects.filter(({ kind, metadata }) => kind === 'NetworkPolicy' && !['default-deny', 'allow-dns'].includes(metadata.name));
    const edges = (direction: 'ingress' | 'egress', peers: 'from' | 'to') => policies.flatMap(({ metadata, spec }) => (spec[direction] ?? []).flatMap((rule: any) =>
      rule[peers].filter((peer: any) => peer.namespaceSelector.matchLabels['kubernetes.io/metadata.name'] === 'bank').map((peer: any) => {
        const other = peer.podSelector.matchLabels['app.kubernetes.io/name'];
        const [source, target] = direction === 'egress' ? [metadata.name, other] : [other, metadata.name];
        return `${source} -> ${target} ${JSON.stringify(rule.ports)}`;
      })));
    expect(edges('egress', 'to').sort()).toEqual(edges('ingress', 'from').sort());
    expect(edges('egress', 'to')).toHaveLength(12);
  });

  test('what all workloads may use together fits the quota', () => {
    const millis = (cpu: string) => (cpu.endsWith('m') ? Number(cpu.slice(0, -1)) : Number(cpu) * 1000);
    const total = workloads.reduce((sum, { spec }) => sum + spec.replicas * millis(spec.template.spec.containers[0].resources.limits.cpu), 0);
    expect(total).toBeLessThanOrEqual(millis(find('ResourceQuota', 'quota').spec.hard['limits.cpu']));
  });
});

test('no output holds a private key or a password', () => {
  for (const [file, content] of Object.entries(filesOf(prod))) {
    expect({ file, found: /-----BEGIN [A-Z ]*PRIVATE KEY|PASSWORD\s*[:=]\s*["']?\w/.exec(content)?.[0] }).toEqual({ file, found: undefined });
  }
});

test('dev, stage and prod come from one function in one process', () => {
  const [dev, stage] = ['dev', 'stage'].map((name) => filesOf(synth(name, name)));
  expect(Object.keys(dev).some((file) => file.includes('dev-network'))).toBe(true);
  expect(Object.keys(stage).some((file) => file.includes('dev'))).toBe(false);
  expect(filesOf(synth('prod', 'prod-again'))).toEqual(filesOf(prod));
});

test('two processes in different folders, time zones and locales write identical bytes', () => {
  const run = (folder: string, env: Record<string, string>) => {
    const cwd = path.join(scratch, folder);
    fs.mkdirSync(cwd, { recursive: true });
    execFileSync(TSX, ['--tsconfig', path.resolve(__dirname, '../tsconfig.json'), path.resolve(__dirname, 'main.ts')], { cwd, env: { ...process.env, ...env }, stdio: 'pipe' });
    return filesOf(cwd);
  };
  const one = run('one', { TZ: 'Asia/Tokyo', LANG: 'tr_TR.UTF-8', LC_ALL: 'tr_TR.UTF-8' });
  const two = run('two/deeper', { TZ: 'America/St_Johns', LANG: 'C', LC_ALL: 'C' });
  expect(Object.keys(one).length).toBeGreaterThan(10);
  expect(two).toEqual(one);
  expect(filesOf(prod)).toEqual(one);
});
