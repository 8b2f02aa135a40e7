import { compared, Folders } from './comparing';
import { Change } from '../../../src/cli/diff/change';
import { compareOutputs } from '../../../src/cli/diff/compare-outputs';
import { readOutput } from '../../../src/cli/diff/output-folder';
import { main } from '../../../src/cli/main';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const folders = new Folders();
let count = 0;

function folder(stack: object): string {
  return folders.make(`secret-${count++}`, { 'cdktf.out/stacks/net/cdk.tf.json': JSON.stringify(stack) });
}

function stacks(before: object, after: object): readonly Change[] {
  return compareOutputs(readOutput(folder(before), '/', 'OLD'), readOutput(folder(after), '/', 'NEW'), { controls: [], version: KubernetesVersion.V1_36 });
}

const resource = (type: string, content: object) => ({ resource: { [type]: { a: content } } });

/** Nothing about the values tells that they are secrets. */
const BLOCKS: readonly (readonly [string, (value: string) => object])[] = [
  ['a version of a secret', (value) => resource('aws_secretsmanager_secret_version', { secret_id: 'a', secret_string: value })],
  ['a version of a secret that is only written', (value) => resource('aws_secretsmanager_secret_version', { secret_string_wo: value })],
  ['a version of a secret in a list of blocks', (value) => ({ resource: { aws_secretsmanager_secret_version: { a: [{ secret_string: value }] } } })],
  ['a parameter', (value) => resource('aws_ssm_parameter', { name: 'a', type: 'SecureString', value })],
  ['a secret in a vault', (value) => resource('azurerm_key_vault_secret', { name: 'a', value })],
  ['the data of a secret', (value) => resource('google_secret_manager_secret_version', { secret_data: value })],
  ['what a machine starts with', (value) => resource('aws_instance', { user_data: `echo ${value}` })],
  ['the environment of a function', (value) => resource('aws_lambda_function', { environment: { variables: { GREETING: value } } })],
  ['the default of a sensitive variable', (value) => ({ variable: { greeting: { sensitive: true, default: value } } })],
  ['the default of a sensitive variable in a list', (value) => ({ variable: { greeting: [{ sensitive: true, default: { a: value } }] } })],
  ['the default of a variable with the name of a secret', (value) => ({ variable: { db_password: { default: value } } })],
  ['a local value with the name of a secret', (value) => ({ locals: { db_password: { value } } })],
  ['an output', (value) => ({ output: { greeting: { value } } })],
  ['an output of several values', (value) => ({ output: { greeting: { value: { a: [value] } } } })],
];

describe('Terraform', () => {
  test.each(BLOCKS)('never shows %s', (_name, make) => {
    const changes = stacks(make('bluewhale7'), make('greywhale8'));
    expect(changes).toHaveLength(1);
    expect(JSON.stringify(changes)).toContain('(a value that is not shown)');
    expect(JSON.stringify(changes)).not.toMatch(/whale/);
  });

  test('never shows the default of a variable that only became or only was sensitive', () => {
    const variable = (value: string, sensitive: boolean) => ({ variable: { greeting: { default: value, sensitive } } });
    expect(JSON.stringify(stacks(variable('bluewhale7', true), variable('greywhale8', false)))).not.toMatch(/whale/);
  });

  test.each(['text', 'json', 'markdown'])('never shows them as %s', async (output) => {
    const all = (value: string) => folder({ output: { a: { value } }, ...resource('aws_ssm_parameter', { value }) });
    let stdout = '';
    await main(['diff', all('bluewhale7'), all('greywhale8'), '-o', output], { stdout: { write: (text) => { stdout += text; } }, stderr: { write: () => undefined }, cwd: '/', env: {} });
    expect(stdout).toContain('aws_ssm_parameter');
    expect(stdout).not.toMatch(/whale/);
  });

  test('shows what is no secret', () => {
    const changes = [
      ...stacks({ variable: { zone: { default: 'a' } } }, { variable: { zone: { default: 'b' } } }),
      ...stacks(resource('aws_secretsmanager_secret', { kms_key_id: 'a' }), resource('aws_secretsmanager_secret', { kms_key_id: 'b' })),
    ];
    expect(changes.flatMap(({ details }) => details)).toEqual(['zone.default: "a" → "b"', 'kms_key_id: "a" → "b"']);
  });
});

describe('a Secret', () => {
  test.each([
    ['Data', (value: string) => ({ Data: { greeting: value } })],
    ['string_data', (value: string) => ({ string_data: { greeting: value } })],
    ['a key at the top', (value: string) => ({ 'token-file': value })],
    ['data below the metadata', (value: string) => ({ metadata: { name: 'a', data2: value } })],
    ['a list', (value: string) => ({ Data: [value] })],
    ['a list of maps', (value: string) => ({ items2: [{ greeting: value }] })],
    ['an annotation', (value: string) => ({ metadata: { name: 'a', annotations: { greeting: value } } })],
  ])('shows nothing of what somebody put into the wrong field: %s', (_name, make) => {
    const secret = (value: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, ...make(value) });
    const changes = compared([secret('bluewhale7')], [secret('greywhale8')]);
    expect(changes.length).toBeGreaterThan(0);
    expect(JSON.stringify(changes)).not.toMatch(/whale/);
  });

  test('shows its type', () => {
    const secret = (type: string) => ({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'a' }, type });
    expect(JSON.stringify(compared([secret('example.com/a')], [secret('example.com/b')]))).toMatch(/example\.com\/a[^]*example\.com\/b/);
  });
});

describe('a pod', () => {
  const pod = (spec: object, container: object) => ({
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec: { ...spec, containers: [{ name: 'app', image: 'a', ...container }] },
  });

  test.each([
    ['a query in the path of a probe', (value: string) => pod({}, { livenessProbe: { httpGet: { path: `/health?a=1&code=${value}`, port: 80 } } })],
    ['the signature in the address of a disk', (value: string) => pod({ volumes: [{ name: 'a', azureDisk: { diskName: 'a', diskURI: `https://a.example.com/d.vhd?sig=${value}` } }] }, {})],
    ['headers that are a map', (value: string) => pod({}, { livenessProbe: { httpGet: { port: 80, httpHeaders: { Greeting: value } } } })],
    ['headers', (value: string) => pod({}, { livenessProbe: { httpGet: { port: 80, httpHeaders: [{ name: 'Greeting', value }] } } })],
    ['a variable that is a text', (value: string) => pod({}, { env: [`GREETING=${value}`] })],
    ['what stands where names of Secrets belong', (value: string) => pod({ imagePullSecrets: value }, {})],
  ])('never shows %s', (_name, make) => {
    for (const [before, after] of [[make('bluewhale7'), make('greywhale8')], [pod({}, {}), make('greywhale8')], [make('bluewhale7'), pod({}, {})]]) {
      const changes = compared([before], [after]);
      expect(changes.length).toBeGreaterThan(0);
      expect(JSON.stringify(changes)).not.toMatch(/whale/);
    }
  });
});
