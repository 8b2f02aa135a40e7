import { parseAllDocuments } from 'yaml';
import { run } from './run';
import { ControlPack } from '../../src/controls/pack';

const policies = (...argv: string[]) => run(['policies', ...argv]);

describe('policies', () => {
  test('prints a policy and a binding a control, on audit, ready for kubectl', async () => {
    const { code, stdout, stderr } = await policies('--pack', 'pss-restricted');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    const documents = parseAllDocuments(stdout).map((each) => each.toJS());
    const ofKind = (kind: string) => documents.filter((each) => each.kind === kind);
    expect(ofKind('ValidatingAdmissionPolicy').length).toBeGreaterThan(15);
    expect(ofKind('ValidatingAdmissionPolicyBinding').map(({ spec }) => spec.policyName).sort()).toEqual(ofKind('ValidatingAdmissionPolicy').map(({ metadata }) => metadata.name).sort());
    expect(new Set(ofKind('ValidatingAdmissionPolicyBinding').map(({ spec }) => spec.validationActions.join()))).toEqual(new Set(['Audit']));
  });

  test.each([['audit', 'Audit'], ['warn', 'Warn,Audit'], ['deny', 'Deny,Audit']])('--phase %s acts as %s', async (phase, actions) => {
    const bindings = parseAllDocuments((await policies('-p', 'pss-baseline', '--phase', phase)).stdout).map((each) => each.toJS()).filter(({ kind }) => kind.endsWith('Binding'));
    expect(new Set(bindings.map(({ spec }) => spec.validationActions.join()))).toEqual(new Set([actions]));
  });

  test('--exclude-namespaces leaves out more than the system\'s', async () => {
    const { stdout } = await policies('-p', 'pss-baseline', '-x', 'legacy,monitoring', '-x', 'ingress');
    const selector = parseAllDocuments(stdout).map((each) => each.toJS()).find(({ kind }) => kind.endsWith('Binding')).spec.matchResources.namespaceSelector;
    expect(selector.matchExpressions[0].values).toEqual(['ingress', 'kube-node-lease', 'kube-public', 'kube-system', 'legacy', 'monitoring']);
  });

  test('says on standard error how many controls have none', async () => {
    expect((await policies()).stderr).toMatch(/^\d+ controls of recommended have no policy: run "cdk8s-hardened check" on manifests for them\.\n$/);
  });

  test('--list names the controls, worst first, and where they don\'t act', async () => {
    const { stdout, stderr, code } = await policies('--list');
    expect({ stderr, code }).toEqual({ stderr: '', code: 0 });
    expect(stdout).toMatch(/^CRITICAL\n[^]*\nHIGH\n[^]*\nMEDIUM\n[^]*\nLOW\n/);
    expect(stdout).toContain('  privileged\n');
    expect(stdout).toMatch(/ {2}secret-after-flag\n {4}Flags are followed by no secrets \(on manifests only\)\n/);
    const listed = stdout.match(/^ {2}[a-z][a-z0-9-]+$/gm)!.map((line) => line.trim());
    // Where one control takes the place of another, that one alone is listed.
    const known = ControlPack.recommended().controls.map(({ id }) => id);
    expect(listed.filter((id) => !known.includes(id))).toEqual([]);
    expect(stdout).toContain(`\n${listed.length} controls\n`);
    expect(stdout.split('\n').every((line) => line.length <= 80)).toBe(true);
  });

  test.each([
    [['--pack', 'nas'], 'cdk8s-hardened: --pack: got "nas"; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Say --pack nsa.\n'],
    [['--pack', ''], 'cdk8s-hardened: --pack: got ""; allowed: recommended, pss-restricted, pss-baseline, nsa, cis-workloads, all. Choose one of them.\n'],
    [['-x', ''], 'cdk8s-hardened: --exclude-namespaces: got ""; allowed: names, with commas between them. Leave out what is empty, or --exclude-namespaces itself.\n'],
    [['--phase', 'dney'], 'cdk8s-hardened: --phase: got "dney"; allowed: audit, warn, deny. Say --phase deny.\n'],
    [['-k', '1.29'],
      'cdk8s-hardened: --kubernetes-version: allowed: a version from 1.30 on: earlier ones have no ValidatingAdmissionPolicy. Leave it out, or upgrade the cluster.\n'],
    [['-x', 'Shop'],
      'cdk8s-hardened: --exclude-namespaces: got "Shop"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123). Did you mean "shop"?\n'],
  ])('%j is refused', async (argv, stderr) => {
    expect(await policies(...argv)).toEqual({ code: 2, stdout: '', stderr });
  });
});
