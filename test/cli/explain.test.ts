import { run } from './run';
import { catalogControls } from '../../src/controls/catalog';

describe('explain', () => {
  test('says what a finding has no room for', async () => {
    const { code, stdout, stderr } = await run(['explain', 'host-pid']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^host-pid\n {2}Pods don't share the host's process ids\n\n {2}severity {4}critical\n/);
    expect(stdout).toMatch(/^ {2}why {9}A pod among the host's processes/m);
    expect(stdout).toMatch(/^ {2}fix {9}Remove hostPID\.$/m);
    expect(stdout).toMatch(/^ {2}packs {7}recommended, pss-restricted, pss-baseline, nsa, cis-workloads$/m);
    expect(stdout).toMatch(/^ {2}sources {5}PSS baseline\/hostNamespaces;/m);
  });

  test('explains every control, in 80 columns', async () => {
    const ids = catalogControls().map(({ id }) => id);
    const { code, stdout } = await run(['explain', ...ids]);
    expect(code).toBe(0);
    expect(ids.filter((id) => !`\n${stdout}`.includes(`\n${id}\n`))).toEqual([]);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });

  test('lists all of them without an id', async () => {
    const { stdout } = await run(['explain']);
    expect(stdout).toContain(`${catalogControls().length} controls\n`);
  });

  test.each([
    ['hostpid', 'Say host-pid.'], ['frobnicate', 'Look them up: cdk8s-hardened explain'],
  ])('%s is no control', async (id, fix) => {
    expect(await run(['explain', 'host-pid', id])).toEqual({ code: 2, stdout: '', stderr: `cdk8s-hardened: IDS: got "${id}"; allowed: ids of controls. ${fix}\n` });
  });

  test('colours on a terminal', async () => {
    expect((await run(['explain', 'host-pid'], { isTTY: true, columns: 100 })).stdout).toContain('\x1b[31m');
  });
});
