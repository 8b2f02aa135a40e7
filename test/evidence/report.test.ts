import { ACCESS_TOKEN, finding as sampleFinding, reversed, sampleChecks } from './sample-checks';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Severity } from '../../src/core/severity';
import { SynthesisOutput } from '../../src/evidence/inventory';
import { evidence } from '../../src/evidence/report';

const DIGEST = `sha256:${'a'.repeat(64)}`;

function deployment(name: string, image: string) {
  return {
    constructPath: `chart/${name}`,
    json: { kind: 'Deployment', metadata: { name, namespace: 'shop' }, spec: { template: { spec: { containers: [{ image }], initContainers: [{ image }] } } } },
  };
}

function output(overrides: Partial<SynthesisOutput> = {}): SynthesisOutput {
  const profile = new ClusterProfile({ name: 'prod' });
  return { profile, objects: [], files: [], findings: profile.findings, ...overrides };
}

function report(overrides: Partial<SynthesisOutput> = {}) {
  const [json, markdown] = evidence(output(overrides));
  return { json: JSON.parse(json.content), markdown: markdown.content };
}

test('every image is listed once with all its users, and those without a digest stand out', () => {
  const { json, markdown } = report({ objects: [deployment('b', 'nginx:latest'), deployment('a', `nginx@${DIGEST}`), deployment('c', 'nginx:latest')] });
  expect(json.inventory.images).toEqual([
    { image: 'nginx:latest', byDigest: false, usedBy: ['Deployment/shop/b', 'Deployment/shop/c'] },
    { image: `nginx@${DIGEST}`, byDigest: true, usedBy: ['Deployment/shop/a'] },
  ]);
  expect(markdown).toContain('| nginx:latest | NO | Deployment/shop/b, Deployment/shop/c |');
});

test.each([
  ['a name and a password', 'robot:hunter2@ghcr.io/acme/web:1', '(left out)@ghcr.io/acme/web:1'],
  ['a password with slashes and at signs', 'robot:hun/t@er2@ghcr.io/acme/web:1', '(left out)@ghcr.io/acme/web:1'],
  ['a name that is a token', 'hunter2@ghcr.io/acme/web', '(left out)@ghcr.io/acme/web'],
  ['a scheme', 'https://robot:hunter2@ghcr.io/acme/web:1', '(left out)@ghcr.io/acme/web:1'],
  ['a token in a query', 'ghcr.io/acme/web:1?token=hunter2', 'ghcr.io/acme/web:1?(left out)'],
  ['a token in a fragment', 'ghcr.io/acme/web:1#hunter2', 'ghcr.io/acme/web:1?(left out)'],
  ['an access token', `ghcr.io/acme/${ACCESS_TOKEN}`, '(left out: it holds an access token)'],
])('an image is listed without what somebody logs in with: %s', (_what, image, shown) => {
  const byDigest = `${image.replace(/[?#].*/, '')}@${DIGEST}`;
  const { json, markdown } = report({ objects: [deployment('a', image), deployment('b', byDigest)] });
  expect(json.inventory.images.map((use: any) => use.image)).toContain(shown);
  expect(JSON.stringify(json) + markdown).not.toMatch(/hunter2|ghp_/);
  expect(JSON.stringify(json) + markdown).not.toContain('robot');
});

test('an ordinary image is listed as it is', () => {
  const images = ['nginx', 'nginx:1.27', `nginx:1.27@${DIGEST}`, 'localhost:5000/a/b:c', `r.example:443/a@sha512:${'b'.repeat(128)}`];
  const { json } = report({ objects: images.map((image, i) => deployment(String(i), image)) });
  expect(json.inventory.images.map((use: any) => use.image).sort()).toEqual([...images].sort());
});

test('a finding about an image shows no credentials, and no waiver names them', () => {
  const image = 'robot:hunter2@ghcr.io/acme/web:1';
  const leaking = sampleFinding({
    control: 'image-digest', path: 'spec.containers[0].image', got: JSON.stringify(image), toWaive: { control: 'image-digest', resource: 'Pod/shop/web', path: 'spec.containers[0].image', value: image },
  });
  for (const { content } of evidence(output(), { ...sampleChecks(), findings: [leaking] })) {
    expect(content).not.toContain('hunter2');
  }
});

test('images of a CronJob are found below its template', () => {
  const json = { kind: 'CronJob', metadata: { name: 'job' }, spec: { jobTemplate: { spec: { template: { spec: { containers: [{ image: 'busybox' }] } } } } } };
  expect(report({ objects: [{ constructPath: 'job', json }] }).json.inventory.images).toEqual([{ image: 'busybox', byDigest: false, usedBy: ['CronJob/job'] }]);
});

test('images are found in a PodTemplate, in a List, and where they are mounted as a volume', () => {
  const spec = { containers: [{ image: 'in-template' }], volumes: [{ name: 'data', image: { reference: 'in-volume' } }, { name: 'tmp', emptyDir: {} }] };
  const template = { kind: 'PodTemplate', metadata: { name: 'template' }, template: { spec } };
  const list = { kind: 'List', items: [{ kind: 'Pod', metadata: { name: 'pod' }, spec: { containers: [{ image: 'in-list' }] } }] };
  const { json } = report({ objects: [{ constructPath: 'a', json: template }, { constructPath: 'b', json: list }] });
  expect(json.inventory.images.map((each: any) => each.image)).toEqual(['in-list', 'in-template', 'in-volume']);
});

test('Terraform resources are counted by type', () => {
  const content = JSON.stringify({ resource: { aws_subnet: { a: {}, b: {} }, aws_vpc: { main: {} } } });
  expect(report({ files: [{ path: 'cdktf.out/stacks/network/cdk.tf.json', content }] }).json.inventory.terraformResourcesByType).toEqual({ aws_subnet: 2, aws_vpc: 1 });
});

test('each file has the checksum that sha256sum prints', () => {
  expect(report({ files: [{ path: 'dist/empty', content: '' }] }).json.inventory.files)
    .toEqual([{ path: 'dist/empty', sha256: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855' }]);
});

test('where the synth fails, nothing was written but the evidence: it says so, and lists no checksums', () => {
  const files = [{ path: 'dist/a', content: 'a' }, { path: 'cdktf.out/stacks/network/cdk.tf.json', content: JSON.stringify({ resource: { aws_vpc: { main: {} } } }) }];
  const failed = report({ files, fails: true });
  expect(failed.json.written).toBe(false);
  expect(failed.json.inventory).toMatchObject({ files: [], terraformResourcesByType: { aws_vpc: 1 } });
  expect(failed.markdown).toContain('The synth failed. Nothing was written but this folder; what is below is what would have been.');
  expect(failed.markdown).toContain('## Files\n\nNone: nothing was written.');
  const succeeded = report({ files });
  expect(succeeded.json.written).toBe(true);
  expect(succeeded.json.inventory.files).toHaveLength(2);
  expect(succeeded.markdown).not.toContain('Nothing was written');
});

test('findings come worst first, with references as people cite them', () => {
  const profile = new ClusterProfile({ name: 'old', kubernetesVersion: KubernetesVersion.V1_28, cni: Cni.FLANNEL });
  const { json, markdown } = report({ profile, findings: profile.findings });
  expect(json.findings.map((each: any) => each.severity)).toEqual(['critical', 'high']);
  expect(json.findings[0].references).toContain('CIS cis-1.12 5.3.1');
  expect(markdown).toMatch(/\| critical \| cni-enforces-no-network-policies \| cluster \|/);
});

test('findings of one control are in one order, however they were found', () => {
  const finding = (resource: string) => ({ control: 'same', severity: Severity.LOW, message: 'm', fix: 'f', resource });
  const findings = ['a', 'b', 'c', 'd'].map(finding);
  expect(report({ findings: [...findings].reverse() })).toEqual(report({ findings }));
});

test('a finding about an object names it, the path in it and the construct that made it', () => {
  const finding = { control: 'c', severity: Severity.LOW, message: 'm', fix: 'f', resource: 'Pod/shop/web', path: 'spec.hostNetwork', constructPath: 'chart/web' };
  expect(report({ findings: [finding] }).markdown).toContain('| low | c | Pod/shop/web spec.hostNetwork (chart/web) | m |  | f |  |');
  expect(report({ findings: [{ ...finding, path: 'spec.containers[0].image', container: 'app', got: '"a|b"' }] }).markdown).toContain(
    '| low | c | Pod/shop/web spec.containers[0].image container "app" (chart/web) | m | "a\\|b" | f |  |');
});

test('the order of the input does not change a byte', () => {
  const objects = [deployment('a', 'one'), deployment('b', 'two'), deployment('c', 'three')];
  const files = [{ path: 'dist/b', content: 'b' }, { path: 'dist/a', content: 'a' }];
  expect(evidence(output({ objects: [...objects].reverse(), files: [...files].reverse() }))).toEqual(evidence(output({ objects, files })));
});

test('a pipe or a line break in a value does not break the table', () => {
  const { markdown } = report({ objects: [{ constructPath: 'x', json: { kind: 'A|B\nC' } }] });
  expect(markdown).toContain('| A\\|B C | 1 |');
});

test('without checks there are the reports and the images only', () => {
  expect(evidence(output()).map(({ path }) => path)).toEqual(['report.json', 'report.md', 'images.json', 'images.txt']);
  expect(report().markdown).not.toMatch(/## (Waivers|Packs|Controls)/);
});

test('with checks there is a file for programs, for code scanning and for continuous integration', () => {
  expect(evidence(output(), sampleChecks()).map(({ path }) => path)).toEqual([
    'findings.json', 'findings.junit.xml', 'findings.sarif', 'report.json', 'report.md', 'images.json', 'images.txt',
  ]);
});

test('with checks the report says what was found, accepted and evaluated', () => {
  const markdown = evidence(output({ findings: [] }), sampleChecks())[4].content;
  expect(markdown).toContain('| critical | enforced | privileged | Deployment/shop/web spec.template.spec.containers[0].securityContext.privileged (app/shop/web/Resource) |');
  expect(markdown).toContain('| used | host-network | DaemonSet/infra/agent |  | It measures the host\'s network | platform | ciso | SEC-12 | 2027-01-31 |  |');
  expect(markdown).toContain('| EXPIRED | host-network | Deployment/shop/late | Pods of ServiceAccount shop/late |');
  expect(markdown).toContain('| UNUSED | host-network | Deployment/shop/gone |');
  expect(markdown).toContain('| pack | controls | enforced | warned | waived | baselined |');
  expect(markdown).toContain('| pss-baseline | 2 | 1 | 0 | 1 | 0 |');
  expect(markdown).toContain('5 controls, 7 objects.');
  expect(markdown).toContain('| read-only-root | low | pod-security | read-only-root holds | 0 | 0 | 0 | 0 |');
});

test('report.json holds the same facts', () => {
  const { checks, findings } = JSON.parse(evidence(output({ findings: [] }), sampleChecks())[3].content);
  expect(checks).toMatchObject({ objectsChecked: 7, findingsByStatus: { enforced: 1, warned: 1, waived: 1, baselined: 1 } });
  expect(checks.packs).toContainEqual({ pack: 'pss-restricted', controls: 1, findings: { enforced: 1 } });
  expect(checks.waivers).toHaveLength(4);
  expect(findings[0]).toMatchObject({ control: 'privileged', status: 'enforced', references: ['PSS baseline/privileged'] });
});

test('findings of other checks are warnings in every file of findings', () => {
  const profile = new ClusterProfile({ name: 'old', cni: Cni.FLANNEL });
  const files = evidence(output({ profile, findings: profile.findings }), sampleChecks());
  expect(files.filter(({ content }) => content.includes('cni-enforces-no-network-policies')).map(({ path }) => path)).toEqual(
    files.map(({ path }) => path).filter((path) => !path.startsWith('images.')));
  const { findings } = JSON.parse(files[0].content);
  const [other] = findings.filter(({ control }: any) => control === 'cni-enforces-no-network-policies');
  expect(other).toMatchObject({ status: 'warned', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) });
});

test('the order of checks\' results does not change a byte', () => {
  expect(evidence(output(), reversed(sampleChecks()))).toEqual(evidence(output(), sampleChecks()));
});

test('a secret in a finding is in no file', () => {
  const leaking = sampleFinding({ got: ACCESS_TOKEN, message: `is ${ACCESS_TOKEN}` });
  const without = evidence(output({ findings: [leaking] }));
  const withChecks = evidence(output({ findings: [leaking] }), { ...sampleChecks(), findings: [leaking] });
  for (const { content } of [...without, ...withChecks]) {
    expect(content).not.toContain(ACCESS_TOKEN);
  }
  expect(without[1].content).toContain('left out: it holds an access token');
});
