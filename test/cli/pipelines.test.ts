import * as fs from 'fs';
import * as path from 'path';
import { parse } from 'yaml';
import { main } from '../../src/cli/main';
import { useTempFolder } from '../app/temp-folder';

const PIPELINES = path.resolve(__dirname, '../../docs/pipelines');
const GITHUB = fs.readFileSync(path.join(PIPELINES, 'github-actions.yaml'), 'utf8');
const GITLAB = fs.readFileSync(path.join(PIPELINES, 'gitlab-ci.yaml'), 'utf8');

useTempFolder();

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly if?: string;
  readonly with?: Record<string, unknown>;
}

interface Workflow {
  readonly on: Record<string, unknown>;
  readonly permissions: Record<string, string>;
  readonly env: Record<string, string>;
  readonly jobs: Record<string, {
    readonly 'permissions'?: Record<string, string>;
    readonly 'timeout-minutes'?: number;
    readonly 'steps': Step[];
  }>;
}

/** What is unsafe about a workflow that strangers' pull requests start. */
function unsafe(text: string): string[] {
  const { on, permissions, jobs } = parse(text) as Workflow;
  const steps = Object.values(jobs).flatMap((job) => job.steps);
  const says = (is: boolean, what: string) => (is ? [what] : []);
  return [
    ...says('pull_request_target' in on || 'workflow_run' in on, 'strangers\' code runs with a token that can write'),
    ...says(Object.keys(permissions ?? { all: '' }).length > 0, 'jobs have rights that they don\'t name'),
    ...says(Object.values(jobs).some((job) => job.permissions === undefined), 'a job states no permissions'),
    ...says(/\bsecrets\./.test(text), 'it uses a secret'),
    ...says(steps.some(({ run = '' }) => run.includes('${{')), 'a script has values put into its text'),
    ...[...text.matchAll(/uses: (\S+)(.*)/g)].filter(([, action, comment]) => !/@[0-9a-f]{40}$/.test(action) || !/^ # v\d+\.\d+\.\d+$/.test(comment)).map(([, action]) => `${action} isn't pinned`),
    ...says(steps.some(({ uses = '', with: given }) => uses.startsWith('actions/checkout@') && given?.['persist-credentials'] !== false), 'the checkout leaves its token behind'),
    ...says(steps.some(({ run = '' }) => /npm (ci|install)(?!.*--ignore-scripts)/.test(run)), 'packages may run scripts'),
    ...says(Object.values(jobs).some((job) => job['timeout-minutes'] === undefined), 'a job may run for hours'),
    ...says(steps.some(({ uses = '', if: condition = '' }) => uses.includes('upload-sarif') && !condition.includes('head.repo.full_name == github.repository')), 'forks would fail at the upload'),
  ];
}

describe('the workflow for GitHub', () => {
  const { jobs, env } = parse(GITHUB) as Workflow;

  test('is safe for pull requests of strangers', () => {
    expect(unsafe(GITHUB)).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['  pull_request:\n', '  pull_request_target:\n', 'strangers\' code runs with a token that can write'],
    ['permissions: {}', 'permissions: {contents: write}', 'jobs have rights that they don\'t name'],
    ['de0fac2e4500dabe0009e67214ff5f5447ce83dd # v6.0.2', 'v6', 'actions/checkout@v6 isn\'t pinned'],
    ['persist-credentials: false', 'persist-credentials: true', 'the checkout leaves its token behind'],
    ['"$KUBERNETES_VERSION" --output', '"${{ github.head_ref }}" --output', 'a script has values put into its text'],
    ['npm ci --ignore-scripts', 'npm ci', 'packages may run scripts'],
    ['    timeout-minutes: 10\n', '', 'a job may run for hours'],
    [' && (github.event_name == \'push\' || github.event.pull_request.head.repo.full_name == github.repository)', '', 'forks would fail at the upload'],
  ])('a workflow with %j in place of it would not be: %j', (good, bad, said) => {
    expect(unsafe(GITHUB.replace(good, bad))).toContain(said);
  });

  test('each job has the rights that it needs and no others', () => {
    expect(Object.entries(jobs).map(([name, { permissions }]) => [name, permissions])).toEqual([
      ['check', { 'contents': 'read', 'security-events': 'write' }],
      ['diff', { contents: 'read' }],
    ]);
  });

  test('its commands are usable: none of them is refused', async () => {
    expect(await codes(Object.values(jobs).flatMap(({ steps }) => steps.map(({ run }) => run ?? '')), env)).toEqual([1, 1, 1]);
  });
});

describe('the pipeline for GitLab', () => {
  type Job = Record<'script' | 'before_script' | 'after_script', string[] | undefined>;
  const { variables, ...jobs } = parse(GITLAB) as Record<string, unknown> & { variables: Record<string, string> };

  test('uses no token, and packages run no scripts', () => {
    expect(GITLAB).not.toMatch(/TOKEN|PASSWORD|secrets:|id_tokens:/);
    expect(GITLAB.match(/npm (ci|install).*/g)).toEqual(['npm ci --ignore-scripts']);
  });

  test('its commands are usable: none of them is refused', async () => {
    const scripts = (Object.values(jobs) as Job[]).flatMap(({ script, after_script }) => [...script ?? [], ...after_script ?? []]);
    expect(await codes(scripts, variables)).toEqual([1, 1, 1, 1]);
  });

  test('what is kept is written', async () => {
    expect(fs.readdirSync('.')).toEqual([]);
    await codes((jobs['hardened-check'] as Job).script!, variables);
    expect(fs.readdirSync('.').filter((name) => name.startsWith('findings')).sort()).toEqual(['findings.junit.xml', 'findings.sarif']);
    const { artifacts } = jobs['hardened-check'] as { artifacts: { paths: string[]; reports: { junit: string } } };
    expect([...artifacts.paths, artifacts.reports.junit]).toEqual(['findings.sarif', 'findings.junit.xml']);
  });
});

/** Exit codes of the program's calls in shell lines, where the manifests became worse. */
async function codes(scripts: readonly string[], variables: Record<string, string>): Promise<number[]> {
  const pod = (hostNetwork: boolean) => `apiVersion: v1\nkind: Pod\nmetadata: {name: web, namespace: shop}\nspec: {hostNetwork: ${hostNetwork}, containers: [{name: web, image: web}]}\n`;
  ['k8s', 'base/k8s'].forEach((folder) => fs.mkdirSync(folder, { recursive: true }));
  fs.writeFileSync('base/k8s/web.yaml', pod(false));
  fs.writeFileSync('k8s/web.yaml', pod(true));
  fs.writeFileSync('controls-baseline.json', '{"formatVersion": 1, "findings": []}');
  const values: Record<string, string> = { ...variables, RUNNER_TEMP: '.' };
  const lines = scripts.flatMap((script) => script.split('\n')).flatMap((line) => /npx --no-install cdk8s-hardened (.*)/.exec(line)?.[1] ?? []);
  const found: number[] = [];
  for (const line of lines) {
    const args = line.replace(/ (?:>|\|\|).*/, '').split(' ').map((arg) => arg.replace(/"/g, '').replace(/\$(\w+)/g, (_whole, name: string) => values[name]));
    found.push(await main(args, { stdout: { write: () => true }, stderr: { write: () => true }, cwd: process.cwd(), env: {} }));
  }
  return found;
}
