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

/** Texts of providers that call them sensitive, or in which anything may stand. */
const MORE: readonly (readonly [string, (value: string) => object])[] = [
  ['a manifest', (value) => resource('kubectl_manifest', { yaml_body: `kind: Secret\nstringData:\n  x: ${value}\n` })],
  ['a manifest that is a map', (value) => resource('kubernetes_manifest', { manifest: { kind: 'Secret', Data: { name: value } } })],
  ['a file', (value) => resource('local_sensitive_file', { content: value })],
  ['variables of an app', (value) => resource('heroku_app', { sensitive_config_vars: { db_name: value } })],
  ['variables of an app that are not called sensitive', (value) => resource('heroku_app', { config_vars: { db_name: value } })],
  ['a binding of a worker', (value) => resource('cloudflare_worker_script', { secret_text_binding: [{ name: 'x', text: value }] })],
  ['the key of a connection', (value) => resource('aws_cloudwatch_event_connection', { auth_parameters: [{ api_key: [{ key: 'a', value }] }] })],
  ['settings of an app', (value) => resource('azurerm_function_app', { app_settings: { service_name: value } })],
  ['a connection string', (value) => resource('azurerm_function_app', { storage_connection_string: value })],
  ['what a batch job runs', (value) => resource('aws_batch_job_definition', { container_properties: JSON.stringify({ environment: [{ name: 'A', value }] }) })],
  ['a script', (value) => resource('google_compute_instance', { metadata_startup_script: `echo ${value}` })],
  ['a script in metadata', (value) => resource('google_compute_instance', { metadata: { 'startup-script': value } })],
  ['a part of cloud-init', (value) => resource('cloudinit_config', { part: [{ content: value }] })],
  ['a header', (value) => resource('aws_apigatewayv2_integration', { request_parameters: { 'append:header.Authorization': value } })],
  ['the key of a provider', (value) => ({ provider: { helm: { kubernetes: { client_key: value } } } })],
  ['a file with a key', (value) => ({ provider: { github: [{ app_auth: { pem_file: value } }] } })],
  ['arguments of a job', (value) => resource('aws_glue_job', { default_arguments: { '--x': value } })],
  ['an input of a module', (value) => ({ module: { db: { source: './db', pw: value } } })],
  ['a login in a source without a scheme', (value) => ({ module: { db: { source: `//someone:${value}@example.com/x` } } })],
  ['a login with a slash in it', (value) => ({ module: { db: { source: `postgres://someone:${value}/a@example.com/x` } } })],
  ['a login in the source of a module', (value) => ({ module: { db: { source: `git::https://${value}@example.com/x` } } })],
  ['a secret that is called an id', (value) => resource('vault_approle_auth_backend_role_secret_id', { secret_id: value })],
  ['an attribute that nobody knows', (value) => resource('example_thing', { wording: value })],
  ['several lines under a harmless name', (value) => resource('example_thing', { description: `a\n${value}` })],
  ['a condition of a policy', (value) => resource('aws_iam_role', { assume_role_policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Condition: { StringEquals: { 'sts:ExternalId': value } } }] }) })],
];

/** What reviewers have to see. */
const SHOWN: readonly (readonly [string, object, object, string])[] = [
  ['an image', { ami: 'ami-1' }, { ami: 'ami-2' }, 'ami: "ami-1" → "ami-2"'],
  ['a type', { instance_type: 't4g.micro' }, { instance_type: 't4g.small' }, 'instance_type: "t4g.micro" → "t4g.small"'],
  ['an address', { whatever: '192.0.2.0/24' }, { whatever: '2001:db8::/32' }, 'whatever: "192.0.2.0/24" → "2001:db8::/32"'],
  ['a reference', { whatever: '${aws_vpc.a.id}' }, { whatever: '${aws_vpc.b.id}' }, 'whatever: "${aws_vpc.a.id}" → "${aws_vpc.b.id}"'],
  ['a number', { whatever: 1 }, { whatever: 2 }, 'whatever: 1 → 2'],
  ['a switch', { whatever: true }, { whatever: 'false' }, 'whatever: true → "false"'],
  ['a choice', { metadata_options: { http_endpoint: 'enabled' } }, { metadata_options: { http_endpoint: 'disabled' } }, 'metadata_options.http_endpoint: "enabled" → "disabled"'],
  ['a tag', { tags: { Team: 'a b' } }, { tags: { Team: 'c' } }, 'tags.Team: "a b" → "c"'],
  ['the arn of a secret', { secret_arn: 'arn:a' }, { secret_arn: 'arn:b' }, 'secret_arn: "arn:a" → "arn:b"'],
  [
    'what a policy allows', { policy: '{"Statement": [{"Effect": "Allow", "Action": ["s3:Get*"]}]}' }, { policy: '{"Statement":[{"Action":["s3:*"],"Effect":"Allow"}]}' },
    'policy.Statement[].Action: ["s3:Get*"] → ["s3:*"]',
  ],
  [
    'a new block, but for what may be secret', { rule: [{ port: 1 }] }, { rule: [{ port: 1 }, { port: 2, name: 'a', wording: 'bluewhale7' }] },
    'rule[]: added {"port":2,"name":"a","wording":"(not shown)"}',
  ],
];

async function printed(before: string, after: string, output: string): Promise<string> {
  let stdout = '';
  await main(['diff', before, after, '-o', output], { stdout: { write: (text) => { stdout += text; } }, stderr: { write: () => undefined }, cwd: '/', env: {} });
  return stdout;
}

describe('Terraform', () => {
  test.each([...BLOCKS, ...MORE])('never shows %s', (_name, make) => {
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
    for (const [, make] of [...BLOCKS, ...MORE]) {
      const stdout = await printed(folder(make('bluewhale7')), folder(make('greywhale8')), output);
      expect(stdout.replace(/\s+/g, ' ')).toContain('a value that is not shown');
      expect(stdout).not.toMatch(/whale/);
    }
  });

  test('never shows a number under the name of a secret', () => {
    const changes = stacks(resource('example_door', { pin: 471147 }), resource('example_door', { pin: 922992 }));
    expect(changes.flatMap(({ details }) => details)).toEqual(['pin: changed (a value that is not shown)']);
  });

  test('never shows a long number under a name that says nothing, but what counts, measures or names something', () => {
    const texts = (name: string, before: number, after: number) => stacks(resource('example_door', { [name]: before }), resource('example_door', { [name]: after })).flatMap(({ details }) => details);
    expect(texts('code', 483321, 483322)).toEqual(['code: changed (a value that is not shown)']);
    expect(texts('code', 48.25, -1234)).toEqual(['code: changed (a value that is not shown)']);
    expect([...texts('from_port', 8080, 8443), ...texts('max_size', 1000, 2000), ...texts('timeout_seconds', 3600, 7200), ...texts('code', 7, 999)]).toEqual([
      'from_port: 8080 → 8443', 'max_size: 1000 → 2000', 'timeout_seconds: 3600 → 7200', 'code: 7 → 999',
    ]);
  });

  test.each(SHOWN)('shows %s', (_name, before, after, detail) => {
    expect(stacks(resource('aws_thing', before), resource('aws_thing', after)).flatMap(({ details }) => details)).toEqual([detail]);
  });

  test('takes a policy that is written in another way for the same', () => {
    expect(stacks(resource('aws_iam_policy', { policy: '{"Statement": []}' }), resource('aws_iam_policy', { policy: '{ "Statement":[] }' }))).toEqual([]);
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

const custom = (kind: string, spec: object) => ({ apiVersion: 'example.com/v1', kind, metadata: { name: 'a', namespace: 'shop' }, spec });

/** As operators have them. */
const CUSTOM: readonly (readonly [string, (value: string) => object])[] = [
  ['a header of a proxy, by its key', (value) => ({ configPatches: [{ patch: { value: { headers: [{ key: 'authorization', value: `Bearer ${value}` }] } } }] })],
  ['a header, by its name', (value) => ({ http: { headers: [{ name: 'Authorization', value }] } })],
  ['a map of headers', (value) => ({ remoteWrite: [{ headers: { Anything: value } }] })],
  ['a bearer token under a harmless name', (value) => ({ hint: `Bearer ${value}` })],
  ['a header under a name of its own', (value) => ({ proxyAuthorization: value })],
  ['a cookie', (value) => ({ list: [{ header: 'Cookie', value }] })],
  ['the key of a client', (value) => ({ user: { 'client-key-data': value } })],
  ['a Secret within a patch', (value) => ({ patches: [{ patch: `stringData:\n  x: ${value}\n` }] })],
  ['a Secret within a patch on one line', (value) => ({ patch: `[{"op":"add","path":"/stringData/x","value":"${value}"}]` })],
  ['a manifest', (value) => ({ manifest: `{"kind":"Secret","data":{"x":"${value}"}}` })],
  ['the default of a parameter', (value) => ({ params: [{ name: 'token', default: value }] })],
  ['the default of a parameter with a harmless name', (value) => ({ params: [{ name: 'greeting', default: value }] })],
  ['a list of variables', (value) => ({ values: { env2: [`A=${value}`] } })],
  ['a variable by the name of a secret', (value) => ({ flags: [`DB_PASSWORD=${value}`] })],
  ['more variables', (value) => ({ values: { extraEnv: { DB: value } } })],
  ['variables of an environment', (value) => ({ environmentVariables: { DB: value } })],
  ['an environment', (value) => ({ environment: { DB: value } })],
  ['more arguments', (value) => ({ additionalArgs: [{ name: 'x', value }] })],
  ['what is put into texts', (value) => ({ postBuild: { substitute: { x: value } } })],
  ['a body', (value) => ({ http: { body: value } })],
  ['several lines', (value) => ({ config: `a: b\nc: ${value}` })],
  ['a long text', (value) => ({ config: `${'a '.repeat(100)}${value}` })],
];

describe('a custom resource', () => {
  test.each(CUSTOM)('never shows %s', (_name, make) => {
    for (const [before, after] of [[make('bluewhale7'), make('greywhale8')], [{}, make('greywhale8')], [make('bluewhale7'), {}]]) {
      const changes = compared([custom('Thing', before)], [custom('Thing', after)]);
      expect(changes.length).toBeGreaterThan(0);
      expect(JSON.stringify(changes)).not.toMatch(/whale/);
    }
  });

  test.each(['text', 'json', 'markdown'])('never shows them as %s', async (output) => {
    const file = (value: string) => folders.make(`custom-${count++}`, {
      'a.yaml': CUSTOM.map(([, make], i) => JSON.stringify({ ...custom('Thing', make(value)), metadata: { name: `a${i}` } })).join('\n---\n'),
    });
    const stdout = await printed(file('bluewhale7'), file('greywhale8'), output);
    expect(stdout).toContain('Thing.example.com/a0');
    expect(stdout).not.toMatch(/whale/);
  });

  test('shows short texts, and what a stage is called', () => {
    const changes = compared([custom('Thing', { size: 'small', environment: 'test' })], [custom('Thing', { size: 'large', environment: 'live' })]);
    expect(changes.flatMap(({ details }) => details)).toEqual(['spec.environment: "test" → "live"', 'spec.size: "small" → "large"']);
  });
});

test('an annotation of several lines is not shown, one of one line is', () => {
  const pod = (note: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'a', annotations: { note } }, spec: {} });
  expect(JSON.stringify(compared([pod('a\nbluewhale7')], [pod('a\ngreywhale8')]))).not.toMatch(/whale/);
  expect(JSON.stringify(compared([pod('here')], [pod('there')]))).toMatch(/here.*there/);
});

test('a login in an address without a scheme is not shown, a port and a digest are', () => {
  const volume = (share: string) => ({ apiVersion: 'v1', kind: 'PersistentVolume', metadata: { name: 'a' }, spec: { csi: { driver: 'smb', volumeHandle: 'a', volumeAttributes: { share } } } });
  for (const make of [(value: string) => `//someone:${value}@host/x`, (value: string) => `smb://someone:${value}/a@host/x`]) {
    const changes = compared([volume(make('bluewhale7'))], [volume(make('greywhale8'))]);
    expect(changes.length).toBeGreaterThan(0);
    expect(JSON.stringify(changes)).not.toMatch(/whale/);
  }
  expect(JSON.stringify(compared([volume('//host:445/a@b')], [volume('//host:445/c@d')]))).toMatch(/445\/a@b.*445\/c@d/);
});

test('the name of a Secret is none', () => {
  const pod = (env: object[]) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec: { containers: [{ name: 'app', image: 'a', env }] } });
  const from = (name: string) => pod([{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name, key: 'password' } } }]);
  expect(compared([from('one')], [from('two')]).flatMap(({ details = [] }) => details))
    .toContain('spec.containers[app].env[DB_PASSWORD].valueFrom.secretKeyRef.name: "one" → "two"');
});
