import { execFileSync, spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { parse } from 'yaml';
import { describeWith } from './programs';

const ROOT = path.resolve(__dirname, '../..');
const GITHUB = fs.readFileSync(path.join(ROOT, 'docs/pipelines/github-actions.yaml'), 'utf8');
const GITLAB = fs.readFileSync(path.join(ROOT, 'docs/pipelines/gitlab-ci.yaml'), 'utf8');
const scratch = fs.mkdtempSync(path.join(os.tmpdir(), 'pipelines-'));
afterAll(() => fs.rmSync(scratch, { recursive: true, force: true }));

interface Said {
  readonly status: number | null;
  readonly text: string;
}

function said(program: string, args: string[], options: { input?: string; cwd?: string; env?: NodeJS.ProcessEnv } = {}): Said {
  const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', ...options });
  return { status, text: `${stdout}${stderr}` };
}

describeWith(['actionlint', 'shellcheck'], 'actionlint reads the workflow for GitHub, its scripts by shellcheck', ({ actionlint, shellcheck }) => {
  const lint = (workflow: string) => said(actionlint, ['-no-color', `-shellcheck=${shellcheck}`, '-pyflakes=', '-'], { input: workflow });

  test('it has nothing against it', () => {
    expect(lint(GITHUB)).toEqual({ status: 0, text: '' });
  });

  test.each([
    ['security-events: write', 'security-event: write', 'unknown permission scope "security-event"'],
    ['github.event.pull_request.head.repo.full_name', 'github.evnt.pull_request.head.repo.full_name', 'property "evnt" is not defined'],
    ['runs-on: ubuntu-24.04', 'run-on: ubuntu-24.04', '"runs-on" section is missing'],
    ['mkdir -p "$RUNNER_TEMP/base/$MANIFESTS"', 'mkdir -p $RUNNER_TEMP/base/$MANIFESTS', 'SC2086'],
  ])('with %j replaced by %j it has', (good, bad, problem) => {
    const { status, text } = lint(GITHUB.replace(good, bad));
    expect([status, text]).toEqual([1, expect.stringContaining(problem)]);
  });
});

describeWith(['check-jsonschema'], 'the schema that GitLab publishes holds for the pipeline', ({ 'check-jsonschema': validator }) => {
  function validate(pipeline: string): Said {
    const file = path.join(scratch, 'gitlab-ci.yaml');
    fs.writeFileSync(file, pipeline);
    return said(validator, ['--builtin-schema', 'vendor.gitlab-ci', '--data-transform', 'gitlab-ci', file]);
  }

  test('it holds', () => {
    expect(validate(GITLAB).status).toBe(0);
  });

  test.each([
    ['  allow_failure: true', '  allow_failure: sometimes'],
    ['    reports:\n      junit: findings.junit.xml', '    reports:\n      junit: {file: findings.junit.xml}'],
    ['    when: always', '    when: usually'],
  ])('with %j replaced by %j it does not', (good, bad) => {
    expect(validate(GITLAB.replace(good, bad)).status).toBe(1);
  });
});

type Job = Record<'before_script' | 'script' | 'after_script', string[] | undefined> & { readonly variables?: Record<string, string> };
const { variables, stages: _stages, ...jobs } = parse(GITLAB) as { variables: Record<string, string>; stages?: unknown } & Record<string, unknown>;
const workflow = parse(GITHUB) as { env: Record<string, string>; jobs: Record<string, { steps: { name?: string; run?: string }[] }> };

describeWith(['shellcheck'], 'shellcheck reads the scripts of the pipeline for GitLab', ({ shellcheck }) => {
  const check = (script: string) => said(shellcheck, ['--shell=bash', '--severity=style', '-'], { input: `${script}\n` });
  const scripts = (Object.values(jobs) as Job[]).flatMap(({ before_script: before, script, after_script: after }) => [before, script, after])
    .filter((script) => script !== undefined);

  test('it has nothing against them', () => {
    expect(scripts.length).toBeGreaterThan(3);
    scripts.forEach((script) => expect(check(script.join('\n'))).toEqual({ status: 0, text: '' }));
  });

  test('without quotes it would have', () => {
    expect(check(scripts.flat().join('\n').replace(/"/g, '')).text).toContain('SC2086');
  });
});

describe('run in a repository, as the pipelines run them', () => {
  const pod = (name: string, hostNetwork: boolean) => `apiVersion: v1
kind: Pod
metadata: {name: ${name}, namespace: shop}
spec: {hostNetwork: ${hostNetwork}, containers: [{name: web, image: web}]}
`;
  const bin = path.join(scratch, 'bin');
  let repository: string;

  /** `npx` that finds the program among the sources, as tsx compiles it; `npm` that has installed everything. */
  beforeAll(() => {
    fs.mkdirSync(bin);
    fs.writeFileSync(path.join(bin, 'program.ts'), `import { run } from '${ROOT}/src/cli/main';\nrun();\n`);
    fs.writeFileSync(path.join(bin, 'npx'), `#!/bin/sh
[ "$1 $2" = '--no-install cdk8s-hardened' ] || exit 64
shift 2
exec '${ROOT}/node_modules/.bin/tsx' --tsconfig '${ROOT}/examples/tsconfig.json' '${bin}/program.ts' "$@"
`, { mode: 0o755 });
    fs.writeFileSync(path.join(bin, 'npm'), '#!/bin/sh\n[ "$*" = \'ci --ignore-scripts\' ]\n', { mode: 0o755 });
  });

  const git = (...args: string[]) => execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args], {
    cwd: repository, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'],
  }).trim();

  /** A branch that makes `web` weaker, merged as GitHub merges a pull request for its checks. */
  beforeEach(() => {
    repository = fs.mkdtempSync(path.join(scratch, 'repository-'));
    git('init', '--quiet', '--initial-branch=main');
    fs.mkdirSync(path.join(repository, 'k8s'));
    fs.writeFileSync(path.join(repository, 'k8s/web.yaml'), pod('web', false));
    fs.writeFileSync(path.join(repository, 'controls-baseline.json'), '{"formatVersion": 1, "findings": []}\n');
    git('add', '.');
    git('commit', '--quiet', '-m', 'base');
    git('checkout', '--quiet', '-b', 'change');
    fs.writeFileSync(path.join(repository, 'k8s/web.yaml'), pod('web', true));
    git('commit', '--quiet', '-am', 'change');
    git('checkout', '--quiet', 'main');
    fs.writeFileSync(path.join(repository, 'k8s/other.yaml'), pod('other', true));
    git('add', '.');
    git('commit', '--quiet', '-m', 'meanwhile');
  });

  const bash = (script: string, env: NodeJS.ProcessEnv) => said('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: repository, env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, ...env },
  });
  const read = (name: string) => fs.readFileSync(path.join(repository, name), 'utf8');

  test('GitHub\'s summary names what the pull request makes weaker, and nothing that others changed', () => {
    git('merge', '--quiet', '--no-ff', '-m', 'merge', 'change');
    const [{ run }] = workflow.jobs.diff.steps.filter(({ name }) => name === 'Say what becomes weaker or stronger');
    const { status } = bash(run!, { ...workflow.env, RUNNER_TEMP: fs.mkdtempSync(path.join(scratch, 'runner-')), GITHUB_STEP_SUMMARY: path.join(repository, 'summary.md') });
    expect(status).toBe(1);
    expect(read('summary.md')).toMatch(/weaker/);
    expect(read('summary.md')).toMatch(/Pod\/shop\/web/);
    expect(read('summary.md')).not.toMatch(/Pod\/shop\/other/);
  });

  test('GitHub\'s check writes SARIF and shows the findings', () => {
    const [sarif, table] = workflow.jobs.check.steps.map(({ run }) => run ?? '').filter((run) => run.includes('cdk8s-hardened'));
    expect(bash(sarif, workflow.env).status).toBe(1);
    expect(JSON.parse(read('findings.sarif')).runs[0].results.length).toBeGreaterThan(0);
    expect(bash(table, workflow.env).text).toContain('host-network');
  });

  test('GitLab\'s page names what the merge request makes weaker, also where its folder is new', () => {
    const job = jobs['hardened-diff'] as Job;
    const base = git('merge-base', 'main', 'change');
    git('checkout', '--quiet', 'change');
    const env = { ...variables, ...job.variables, CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    expect(bash(job.script!.join('\n'), env).status).toBe(1);
    expect(read('hardened-diff.md')).toMatch(/weaker[^]*Pod\/shop\/web/);
    git('worktree', 'remove', '--force', 'base');
    git('mv', 'k8s', 'manifests');
    expect(bash(job.script!.join('\n'), { ...env, MANIFESTS: 'manifests' }).status).not.toBe(2);
    expect(read('hardened-diff.md')).toMatch(/Pod\/shop\/web/);
  });

  test('GitLab\'s check keeps JUnit and SARIF, and fails as the last check does', () => {
    const script = (jobs['hardened-check'] as Job).script!.join('\n');
    const { status, text } = bash(script, variables);
    expect([status, text]).toEqual([1, expect.stringContaining('host-network')]);
    expect(read('findings.junit.xml')).toContain('<testsuites');
    expect(JSON.parse(read('findings.sarif')).version).toBe('2.1.0');
    fs.writeFileSync(path.join(repository, 'k8s/broken.yaml'), 'a: [\n');
    expect(bash(script, variables).status).toBe(2);
    fs.rmSync(path.join(repository, 'k8s/broken.yaml'));
    fs.rmSync(path.join(repository, 'k8s/other.yaml'));
    fs.writeFileSync(path.join(repository, 'k8s/web.yaml'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a, namespace: shop}\n');
    expect(bash(script, variables).status).toBe(0);
  });
});
