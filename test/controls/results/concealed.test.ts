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
  ])('%s', (_what, name, value) => {
    expect(mayBeSecret(value, name)).toBe(true);
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
  ])('%s', (_what, name, value) => {
    expect(mayBeSecret(value, name)).toBe(false);
  });
});

test('a value goes by its field, or by the name beside it', () => {
  expect(nameOf(['spec', 'imagePullSecrets', 0], {})).toBe('imagePullSecrets');
  expect(nameOf(['list', 0, 'value'], { list: [{ name: 'A', value: 'b' }] })).toBe('A');
});
