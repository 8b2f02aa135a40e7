import { isPrivatePlace, mayBeSecret, nameOf } from '../../../src/controls/results/concealed';

describe('what may be a secret', () => {
  test.each<[string, string | undefined, unknown]>([
    ['a token in the query of a path', 'path', '/healthz?token=hunter2'],
    ['a key in the query of a path, after others', 'path', '/healthz?verbose=1&api_key=hunter2'],
    ['a shared access signature', 'diskURI', 'https://disks.example.com/vhds/a.vhd?sv=2024&sig=hunter2'],
    ['a signed address', 'url', 'https://files.example.com/a?X-Amz-Signature=0123abcd'],
    ['text in the place of references to Secrets for pulling', 'imagePullSecrets', 'hunter2'],
    ['such text in a list', 'imagePullSecrets', ['hunter2']],
    ['a probe with headers, within an object', 'livenessProbe', { httpGet: { httpHeaders: { Authorization: 'hunter2' } } }],
    ['a header that logs in', 'Authorization', 'hunter2'],
    ['a header that logs in to a proxy', 'proxy-authorization', 'hunter2'],
    ['a header with a key', 'X-Api-Key', 'hunter2'],
    ['a cookie', 'Set-Cookie', 'hunter2'],
    ['the key of a client', 'client-key-data', 'hunter2'],
    ['the value of a header that logs in, whatever it is called', 'hint', 'Bearer hunter2hunter2'],
    ['a variable as one text', 'flags', ['DB_PASSWORD=hunter2']],
    ['a Secret within a text', 'patch', 'apiVersion: v1\nkind: Secret\ndata: {x: hunter2}'],
    ['a patch of a Secret', 'patch', 'stringData:\n  x: hunter2'],
    ['a JSON patch of a Secret', 'patch', '[{"op":"add","path":"/stringData/x","value":"hunter2"}]'],
    ['a header in a list, by its key', undefined, { list: [{ key: 'authorization', value: 'hunter2' }] }],
    ['the default of a parameter', undefined, { params: [{ name: 'token', default: 'hunter2' }] }],
    ['variables of a chart', undefined, { extraEnv: { DB: 'hunter2' } }],
    ['an environment', undefined, { environment: { DB: 'hunter2' } }],
  ])('%s', (_what, name, value) => {
    expect(mayBeSecret(value, name)).toBe(true);
  });

  test.each(['env', 'env2', 'extraEnv', 'extra_env', 'envVars', 'env_vars', 'environmentVariables', 'environment_variables', 'additionalArgs', 'headers', 'requestHeaders'])('anything in %s', (field) => {
    expect(isPrivatePlace(['spec', field])).toBe(true);
    expect(isPrivatePlace(['spec', field, 0, 'value'])).toBe(true);
  });

  test('headers of probes, whatever shape they have', () => {
    const place = ['spec', 'containers', 0, 'livenessProbe', 'httpGet', 'httpHeaders'];
    expect(isPrivatePlace(place)).toBe(true);
    expect(isPrivatePlace([...place, 0, 'value'])).toBe(true);
  });
});

describe('what is none', () => {
  test.each<[string, string | undefined, unknown]>([
    ['a path', 'path', '/healthz'],
    ['a query without secrets', 'path', '/healthz?verbose=1&key=&code=200'],
    ['a reference in a query', 'path', '/healthz?token=$(TOKEN)'],
    ['names of Secrets for pulling, in their shape', 'imagePullSecrets', [{ name: 'registry' }]],
    ['what a header is to be', 'Authorization', '$(TOKEN)'],
    ['a sentence', 'description', 'Basic settings of the shop'],
    ['the kind of a reference', 'kind', 'Secret'],
    ['an expression about Secrets', 'expression', 'has(object.stringData)'],
    ['a variable that is no secret', 'flags', ['LOG_LEVEL=debug']],
    ['what a stage is called', undefined, { environment: 'test' }],
    ['a label', undefined, { labels: { env: 'test' } }],
  ])('%s', (_what, name, value) => {
    expect(mayBeSecret(value, name)).toBe(false);
  });
});

test('where a variable comes from, and labels, are for everybody', () => {
  expect(isPrivatePlace(['spec', 'containers', 0, 'env', 0, 'valueFrom', 'secretKeyRef', 'name'])).toBe(false);
  expect(isPrivatePlace(['spec', 'containers', 0, 'env', 0, 'valueFrom', 'secretKeyRef', 'value'])).toBe(true);
  expect(isPrivatePlace(['metadata', 'labels', 'env'])).toBe(false);
  expect(isPrivatePlace(['spec', 'environment'])).toBe(false);
});

test('a value goes by its field, or by the name beside it', () => {
  expect(nameOf(['spec', 'imagePullSecrets', 0], {})).toBe('imagePullSecrets');
  expect(nameOf(['list', 0, 'value'], { list: [{ name: 'A', value: 'b' }] })).toBe('A');
  expect(nameOf(['list', 0, 'default'], { list: [{ key: 'A', default: 'b' }] })).toBe('A');
  expect(nameOf(['list', 0, 'value'], { list: [{ header: 'A', value: 'b' }] })).toBe('A');
  expect(nameOf(['list', 0, 'other'], { list: [{ name: 'A', other: 'b' }] })).toBe('other');
});
