import { spawnSync } from 'child_process';
import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { describeWith } from './programs';
import { CheckResults } from '../../src/evidence/check-results';
import { junit } from '../../src/evidence/junit';
import { finding, noChecks, sampleChecks } from '../evidence/sample-checks';

describeWith(['junitparser'], 'a consumer of JUnit XML reads the results', ({ junitparser }) => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'junit-'));
  afterAll(() => fs.rmSync(folder, { recursive: true, force: true }));

  function run(checks: CheckResults, command: string, ...more: string[]): { status: number | null; stdout: string; text: string } {
    const file = path.join(folder, 'findings.junit.xml');
    const text = junit(checks);
    fs.writeFileSync(file, text);
    const { status, stdout, stderr } = spawnSync(junitparser, [command, file, ...more], { encoding: 'utf8' });
    expect(stderr).toBe('');
    return { status, stdout, text };
  }

  /** What a suite, or all of them, counts. */
  function counts(xml: string, element: string): Record<string, number>[] {
    return [...xml.matchAll(new RegExp(`<${element} ([^>]*)>`, 'g'))].map(([, attributes]) => Object.fromEntries(
      [...attributes.matchAll(/(tests|failures|errors|skipped)="(\d+)"/g)].map(([, name, count]) => [name, Number(count)]),
    ));
  }

  test('it fails where something is enforced, and passes where all is reported, waived or met', () => {
    expect(run(sampleChecks(), 'verify').status).toBe(1);
    const { findings, ...rest } = sampleChecks();
    const reported = { ...rest, waivers: [], failures: [], findings: findings.filter(({ status }) => status !== 'enforced') };
    expect(run(reported, 'verify').status).toBe(0);
    expect(run({ ...reported, failures: ['A waiver has ended.'] }, 'verify').status).toBe(1);
    expect(run(noChecks(), 'verify').status).toBe(0);
  });

  test('it counts as many tests, failures and skipped ones as we do, in every suite and in all', () => {
    const { text, stdout } = run(sampleChecks(), 'merge', '-');
    expect(counts(stdout, 'testsuite')).toEqual(counts(text, 'testsuite'));
    expect(counts(stdout, 'testsuites')[0]).toMatchObject(counts(text, 'testsuites')[0]);
    expect(counts(text, 'testsuites')[0].failures).toBeGreaterThan(1);
  });

  test('it reads whatever a finding says', () => {
    const strange = '<![CDATA[ ]]> & "quotes" \u0000\u001b[31m \ud800 \u202e ünï 🙂 -->\nline';
    const { status, stdout } = run({ ...noChecks(), findings: [finding({ message: strange, got: strange, path: strange })] }, 'merge', '-');
    expect(status).toBe(0);
    expect(stdout).toContain('ünï');
  });
});
