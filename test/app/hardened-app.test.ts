import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as path from 'path';
import { ApiObject, App, Chart, YamlOutputType } from 'cdk8s';
import { LocalBackend, TerraformStack } from 'cdktf';
import { contents, useTempFolder } from './temp-folder';
import { HardenedApp, HardenedAppProps } from '../../src/app/hardened-app';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { NodeKind } from '../../src/core/node-kind';
import { NodeRole } from '../../src/nodes/node-role';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';

const QUIET = { quiet: true };

function program(app: App): void {
  const chart = new Chart(app, 'shop');
  new HardenedNamespace(chart, 'shop');
  new ApiObject(new Chart(app, 'other'), 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { key: 'value: with "quotes"\nand lines' } });
}

function synth(props: HardenedAppProps = {}): HardenedApp {
  const app = new HardenedApp({ ...QUIET, ...props });
  program(app);
  const role = new NodeRole(app, 'worker', { kind: NodeKind.WORKER });
  role.addFile({ path: '/etc/motd', content: 'Authorized use only.\n' });
  new LocalBackend(new TerraformStack(app, 'network'), { path: 'terraform.tfstate' });
  app.synth();
  return app;
}

/** What synth prints to standard error. */
function summaryOf(run: () => void): string[] {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    run();
    return write.mock.calls.map(([text]) => String(text)).join('').split('\n').filter((line) => line !== '');
  } finally {
    write.mockRestore();
  }
}

describe('outputs', () => {
  useTempFolder();

  test('manifests are byte for byte those of a plain cdk8s app with the same profile', () => {
    synth();
    const plain = new App({ outdir: 'plain' });
    new ClusterProfile({ name: 'cluster' }).attachTo(plain);
    program(plain);
    plain.synth();
    expect(contents('dist')).toEqual(contents('plain'));
  });

  test('synthYaml returns what cdk8s returns, and writes nothing', () => {
    const app = new HardenedApp(QUIET);
    program(app);
    const plain = new App();
    new ClusterProfile({ name: 'cluster' }).attachTo(plain);
    program(plain);
    expect(app.synthYaml()).toBe(plain.synthYaml());
    expect(fs.readdirSync('.')).toEqual([]);
  });

  test('node files, Terraform and evidence go to the working directory, whatever CDK8S_OUTDIR says', () => {
    fs.mkdirSync('elsewhere');
    process.env.CDK8S_OUTDIR = path.resolve('elsewhere/manifests');
    synth();
    expect(fs.readdirSync('.').sort()).toEqual(['cdktf.out', 'elsewhere', 'evidence.out', 'nodes.out']);
    expect(fs.readdirSync('elsewhere/manifests').sort()).toEqual(['other.k8s.yaml', 'shop.k8s.yaml']);
  });

  test('folders can be chosen', () => {
    synth({ outdir: 'out/manifests', nodesOutdir: 'out/nodes', terraformOutdir: 'out/terraform', evidenceOutdir: 'out/evidence' });
    expect(fs.readdirSync('out').sort()).toEqual(['evidence', 'manifests', 'nodes', 'terraform']);
  });

  test('no YAML but manifests lies below dist, since cdk8s takes each such file for one', () => {
    synth();
    expect(Object.keys(contents('dist'))).toEqual(['other.k8s.yaml', 'shop.k8s.yaml']);
  });

  test('files of an earlier run disappear from nodes.out and evidence.out, files of others stay', () => {
    const first = new HardenedApp(QUIET);
    new NodeRole(first, 'old', { kind: NodeKind.WORKER }).addFile({ path: '/etc/motd', content: 'old\n' });
    first.synth();
    fs.writeFileSync('nodes.out/notes.txt', 'mine');
    synth();
    const roles = new Set(Object.keys(contents('nodes.out')).map((file) => file.split('/')[0]).filter((name) => !name.startsWith('.')));
    expect([...roles].sort()).toEqual(['notes.txt', 'worker']);
  });

  test('a second run changes no file', () => {
    synth();
    const times = () => Object.keys(contents('.')).map((file) => fs.statSync(file).mtimeMs);
    const before = times();
    synth();
    expect(times()).toEqual(before);
  });

  test('two outputs in one folder, or one inside another, are refused', () => {
    expect(() => new HardenedApp({ nodesOutdir: 'dist/nodes' })).toThrow(
      `[HardenedApp] nodesOutdir: got ${JSON.stringify(path.resolve('dist/nodes'))}; allowed: a folder that is not outdir (${path.resolve('dist')}) nor below it. `
      + 'Give each output a folder of its own, side by side.');
    expect(() => new HardenedApp({ evidenceOutdir: 'nodes.out' })).toThrow('evidenceOutdir');
    expect(() => new HardenedApp({ nodesOutdir: 'dist..nodes' })).not.toThrow();
  });
});

describe('all or nothing', () => {
  useTempFolder();

  test('a validation that fails leaves every folder as it was', () => {
    synth();
    const before = contents('.');
    const app = new HardenedApp(QUIET);
    program(app);
    new NodeRole(app, 'another', { kind: NodeKind.WORKER }).addFile({ path: '/etc/motd', content: 'new\n' });
    const chart = new Chart(app, 'late');
    chart.node.addValidation({ validate: () => ['not today'] });
    expect(() => app.synth()).toThrow('[late] not today');
    expect(contents('.')).toEqual(before);
  });

  test.each(['dist', 'nodes.out', 'cdktf.out', 'evidence.out'])('a file where %s should be is named, and nothing is written', (folder) => {
    fs.writeFileSync(folder, 'in the way');
    expect(() => synth()).toThrow(folder);
    expect(contents('.')).toEqual({ [folder]: 'in the way' });
  });
});

describe('a write that fails in one folder', () => {
  useTempFolder();

  /** Synthesizes in a process that may not write files of more than half a MiB, as a full disk would refuse. */
  function synthWithLimit(setting: string, motd: string): string {
    const src = (file: string) => JSON.stringify(path.resolve(__dirname, '../../src', file));
    const script = path.resolve('synth.ts');
    fs.writeFileSync(script, `
      import { ApiObject, Chart } from ${JSON.stringify(require.resolve('cdk8s'))};
      import { HardenedApp } from ${src('app/hardened-app')};
      import { NodeKind } from ${src('core/node-kind')};
      import { NodeRole } from ${src('nodes/node-role')};
      const app = new HardenedApp({ quiet: true });
      new ApiObject(new Chart(app, 'shop'), 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { setting: ${JSON.stringify(setting)} } });
      new NodeRole(app, 'worker', { kind: NodeKind.WORKER }).addFile({ path: '/etc/motd', content: ${JSON.stringify(motd)} });
      try { app.synth(); } catch (error) { console.log((error as Error).message); }
    `);
    const tsx = path.join(path.dirname(require.resolve('tsx/package.json')), 'dist/cli.mjs');
    const { stdout, stderr } = spawnSync('sh', ['-c', `ulimit -f 1024 && exec "${process.execPath}" "${tsx}" "${script}"`], {
      encoding: 'utf8', env: { ...process.env, TSX_DISABLE_CACHE: '1' },
    });
    expect(stderr).toBe('');
    fs.rmSync(script);
    return stdout.trim();
  }

  test('names the file, and leaves all folders as they were, also those that were written before it', () => {
    expect(synthWithLimit('old', 'old')).toBe('');
    const before = contents('.');
    expect(Object.keys(before)).toEqual(expect.arrayContaining(['dist/shop.k8s.yaml', 'nodes.out/worker/files/etc/motd', 'evidence.out/report.json']));
    expect(synthWithLimit('new', 'x'.repeat(1_200_000))).toBe('[nodes.out/worker/cloud-init.yaml] writing a file: got "EFBIG: file too large"; '
      + 'allowed: a place where files can be written. Free some space, mend the permissions or choose another folder, then run again.');
    expect(contents('.')).toEqual(before);
  });
});

describe('one object, one declaration', () => {
  useTempFolder();

  test('a raw policy that would replace a namespace\'s default deny is refused, naming both', () => {
    const app = new HardenedApp(QUIET);
    const chart = new Chart(app, 'shop');
    new HardenedNamespace(chart, 'shop');
    new ApiObject(chart, 'open', {
      apiVersion: 'networking.k8s.io/v1', kind: 'NetworkPolicy', metadata: { name: 'default-deny', namespace: 'shop' }, spec: { podSelector: {}, ingress: [{}] },
    });
    expect(() => app.synth()).toThrow(
      '[shop/open] metadata.name: got "NetworkPolicy/shop/default-deny"; allowed: an object that is declared once in the app: '
      + 'shop/shop/DefaultDeny makes it too. Rename one, or keep one: whichever is applied last would replace the other.');
    expect(fs.readdirSync('.')).toEqual([]);
  });

  test('so is a second Namespace of the same name, whose labels would win', () => {
    const app = new HardenedApp(QUIET);
    new HardenedNamespace(new Chart(app, 'shop'), 'shop');
    new ApiObject(new Chart(app, 'more'), 'namespace', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(() => app.synth()).toThrow('got "Namespace/shop"; allowed: an object that is declared once');
  });

  test('objects of one name in two namespaces, of two groups, or without a name are different objects', () => {
    const app = new HardenedApp(QUIET);
    const chart = new Chart(app, 'chart');
    const add = (id: string, apiVersion: string, metadata: object) => new ApiObject(chart, id, { apiVersion, kind: 'Thing', metadata });
    add('a', 'one.example/v1', { name: 'x', namespace: 'a' });
    add('b', 'one.example/v1', { name: 'x', namespace: 'b' });
    add('c', 'two.example/v1', { name: 'x', namespace: 'a' });
    expect(() => app.synth()).not.toThrow();
    add('d', 'one.example/v2', { name: 'x', namespace: 'a' });
    expect(() => app.synth()).toThrow('chart/d');
  });

  test('one file a resource is refused where two resources would share a file, since cdk8s keeps the last alone', () => {
    const app = new HardenedApp({ ...QUIET, yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
    const chart = new Chart(app, 'shop');
    new HardenedNamespace(chart, 'front');
    expect(() => app.synth()).not.toThrow();
    new HardenedNamespace(chart, 'back');
    expect(() => app.synth()).toThrow(/^\[shop\/.*\] yamlOutputType: got ".*\/front\/.*"; allowed: files whose names differ/);
  });
});

describe('one app, one cluster', () => {
  useTempFolder();

  test('dev, stage and prod come from one function in one process and share nothing', () => {
    const build = (name: string, version: KubernetesVersion) => {
      const app = new HardenedApp({
        ...QUIET,
        cluster: new ClusterProfile({ name, kubernetesVersion: version }),
        outdir: `${name}/dist`,
        nodesOutdir: `${name}/nodes.out`,
        terraformOutdir: `${name}/cdktf.out`,
        evidenceOutdir: `${name}/evidence.out`,
      });
      program(app);
      return app;
    };
    const apps = [build('dev', KubernetesVersion.V1_37), build('stage', KubernetesVersion.V1_36), build('prod', KubernetesVersion.V1_35)];
    apps.forEach((app) => app.synth());
    expect(contents('dev/dist')['shop.k8s.yaml']).toContain('enforce-version: v1.37');
    expect(contents('stage/dist')['shop.k8s.yaml']).toContain('enforce-version: v1.36');
    expect(contents('prod/dist')['shop.k8s.yaml']).toContain('enforce-version: v1.35');
  });

  test('constructs read the profile of their own app', () => {
    const cluster = new ClusterProfile({ name: 'mine' });
    const app = new HardenedApp({ ...QUIET, cluster });
    expect(ClusterProfile.of(new Chart(app, 'chart'))).toBe(cluster);
  });
});

describe('summary', () => {
  useTempFolder();

  test('it names what was written and that there are no findings', () => {
    expect(summaryOf(() => synth({ quiet: false }))).toEqual([
      'cluster: Kubernetes 1.35, kubeadm, cilium',
      expect.stringMatching(/^ {2}dist +7 objects in 2 files/),
      expect.stringMatching(/^ {2}nodes\.out +\d+ node files/),
      expect.stringMatching(/^ {2}cdktf\.out +2 Terraform files/),
      expect.stringMatching(/^ {2}evidence\.out +7 reports/),
      'No findings.',
    ]);
  });

  test('it names stale manifests, which kubectl would still apply', () => {
    fs.mkdirSync('dist');
    fs.writeFileSync('dist/removed.k8s.yaml', 'kind: ConfigMap\n');
    const lines = summaryOf(() => synth({ quiet: false }));
    expect(lines).toContain('1 stale file:');
    expect(lines).toContain('  dist/removed.k8s.yaml (not of this run; delete it, and what was applied from it)');
    expect(fs.existsSync('dist/removed.k8s.yaml')).toBe(true);
  });

  test('it shows the worst findings first, and never more than twenty lines', () => {
    const cluster = new ClusterProfile({ name: 'old', kubernetesVersion: KubernetesVersion.V1_28, cni: Cni.FLANNEL });
    fs.mkdirSync('dist');
    Array.from({ length: 30 }, (_, i) => fs.writeFileSync(`dist/stale-${i}.k8s.yaml`, ''));
    const lines = summaryOf(() => synth({ quiet: false, cluster }));
    expect(lines.find((line) => line.startsWith('  CRITICAL'))).toContain('flannel enforces no NetworkPolicies');
    expect(lines.indexOf(lines.find((line) => line.startsWith('  CRITICAL'))!)).toBeLessThan(lines.indexOf(lines.find((line) => line.startsWith('  HIGH'))!));
    expect(lines.length).toBeLessThanOrEqual(20);
  });

  test('quiet prints nothing', () => {
    expect(summaryOf(() => synth())).toEqual([]);
  });
});
