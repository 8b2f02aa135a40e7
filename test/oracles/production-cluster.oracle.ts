import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { admissionFaults, loosened, podTemplatesOf, settleQuotas } from './admission';
import { API_SERVER_PROGRAMS, ApiServer } from './api-server';
import { Machine, run } from './control-plane/machine';
import { applyAll, generations } from './kubectl';
import { describeWith } from './programs';
import { describeWithSchema, schemaErrors } from './terraform/aws-schema';
import { runCheckov, unexplained } from './terraform/checkov';
import { productionCluster } from '../../examples/production-cluster/cluster';

// What the README's first command writes, held against the programs that consume it.

const MINOR = 36;
const folder = mkdtempSync(join(tmpdir(), 'production-cluster-'));
const at = (output: string) => join(folder, output);
productionCluster('prod', {
  outdir: at('dist'), nodesOutdir: at('nodes.out'), terraformOutdir: at('cdktf.out'), evidenceOutdir: at('evidence.out'), quiet: true,
}).synth();
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const text = (file: string) => readFileSync(at(file), 'utf8');
const roles = readdirSync(at('nodes.out'), { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);

describeWith(API_SERVER_PROGRAMS, 'dist/ on a real API server', () => {
  let server: ApiServer;
  beforeAll(async () => { server = await ApiServer.start(); });
  afterAll(async () => server?.stop());

  test('all of it is accepted with strict validation, no object is of an absent kind, and a second apply changes none', async () => {
    const { objects, absent } = await applyAll(server, at('dist'));
    expect(absent).toEqual([]);
    expect(objects.length).toBeGreaterThan(40);
    const first = await generations(server, at('dist'));
    await applyAll(server, at('dist'));
    expect(await generations(server, at('dist'))).toEqual(first);
  });

  test('every pod is admitted, and refused for each field that restricted requires, loosened one at a time', async () => {
    await settleQuotas(server);
    const templates = podTemplatesOf(at('dist'));
    expect(templates.map(({ owner }) => owner).sort()).toEqual([
      'Deployment bank/balancereader', 'Deployment bank/contacts', 'Deployment bank/frontend', 'Deployment bank/ledgerwriter',
      'Deployment bank/loadgenerator', 'Deployment bank/transactionhistory', 'Deployment bank/userservice', 'StatefulSet bank/accounts-db',
      'StatefulSet bank/ledger-db',
    ]);
    expect(loosened(templates[0].pod, MINOR).length).toBeGreaterThan(25);
    expect(await admissionFaults(server, templates, MINOR)).toEqual([]);
  });
});

describeWith(['cloud-init'], 'nodes.out/ and cloud-init', ({ 'cloud-init': cloudInit }) => {
  const machine = new Machine();
  afterAll(() => machine.remove());
  const schema = (yaml: string) => () => run(cloudInit, ['schema', '-c', machine.write('/user-data', yaml)]);

  test.each(roles.filter((role) => role !== 'control-plane'))('the user data of role %s passes the schema, and its twin with a number for a mode does not', (role) => {
    const good = text(`nodes.out/${role}/cloud-init.yaml`);
    const bad = good.replace(/permissions: "?0?(\d+)"?/, 'permissions: $1');
    expect(schema(good)).not.toThrow();
    expect(schema(bad)).toThrow('permissions');
  });
});

describeWith(['shellcheck'], 'nodes.out/ and shellcheck', ({ shellcheck }) => {
  test.each(roles)('install.sh of role %s is clean', (role) => {
    expect(run(shellcheck, [at(`nodes.out/${role}/install.sh`)])).toBe('');
  });
});

describeWith(['kubeadm'], 'nodes.out/ and kubeadm', ({ kubeadm }) => {
  const machine = new Machine();
  afterAll(() => machine.remove());
  const validate = (yaml: string) => () => run(kubeadm, ['config', 'validate', '--config', machine.write('/init.yaml', yaml)]);

  test('the configuration is valid, and its twin with an unknown field is not', () => {
    const good = text('nodes.out/control-plane/files/etc/kubernetes/kubeadm/init.yaml');
    expect(validate(good)).not.toThrow();
    expect(validate(good.replace('certificatesDir:', 'certificateDir:'))).toThrow('unknown field');
  });
});

const stacks: Record<string, any> = Object.fromEntries(readdirSync(at('cdktf.out/stacks')).map((stack) =>
  [stack, JSON.parse(text(`cdktf.out/stacks/${stack}/cdk.tf.json`))]));

describeWithSchema('cdktf.out/ and the schema of the AWS provider', () => {
  test.each(Object.keys(stacks))('every block of %s is accepted', (stack) => {
    expect(schemaErrors(stacks[stack])).toEqual([]);
  });

  test('a planted typo is found', () => {
    const typo = JSON.parse(JSON.stringify(stacks['prod-network']).replaceAll('"map_public_ip_on_launch"', '"map_public_ip"'));
    expect(schemaErrors(typo).length).toBeGreaterThan(0);
  });
});

describeWith(['checkov'], 'cdktf.out/ and Checkov', ({ checkov }) => {
  test('no check fails unexplained', () => {
    const report = runCheckov(checkov, stacks);
    expect(report.parsingErrors).toEqual([]);
    expect(report.passed.length).toBeGreaterThan(20);
    expect(unexplained(report)).toEqual([]);
  });
});
