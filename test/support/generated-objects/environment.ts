import * as fc from 'fast-check';
import { compact, Fields, fields, oneOf, sometimes, weighted } from './arbitraries';
import { GeneratorOptions, supports } from './options';

/** Names and values that are no secrets, some of them close to one. */
export const ORDINARY: [name: string, value: string][] = [
  ['LOG_LEVEL', 'info'], ['PORT', '8080'], ['EMPTY', ''], ['DB_URI', 'postgres://app:$(DB_PASSWORD)@db/app'], ['TOKEN_TTL', '3600'],
  ['PASSWORD_FILE', '/run/secrets/password'], ['ALLOW_EMPTY_PASSWORD', 'yes'], ['dotted.name-1', 'x'], ['UNICODE', 'größe ✓'], ['QUOTES', '"\'\\`$(X)'],
  ['COMMIT', '0123456789abcdef0123456789abcdef01234567'], ['LONG', 'a'.repeat(300)], ['JSON', '{"a":[1,2]}'], ['MULTILINE', 'a\nb\n'],
];

/** Names or values that give a secret away. None of them opens anything: they come from documentation. */
export const SECRETS: [name: string, value: string][] = [
  ['DB_PASSWORD', 'hunter2'], ['AWS_ACCESS_KEY_ID', 'AKIAIOSFODNN7EXAMPLE'], ['API_KEY', '0123456789abcdef'], ['PGPASSWORD', 'postgres'],
  ['AWS_SECRET_ACCESS_KEY', 'wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY'], ['DB_URI', 'postgres://app:hunter2@db/app'],
  ['KEY', '-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEIA==\n-----END PRIVATE KEY-----\n'],
];

const sources: fc.Arbitrary<Fields> = weighted<Fields>(
  [40, fields({ secretKeyRef: fields({ name: oneOf('db', 'dotted.name'), key: oneOf('password', '.x', 'a_b-c'), optional: sometimes(20, fc.boolean()) }) })],
  [25, { configMapKeyRef: { name: 'flags', key: 'beta' } }],
  [20, fields({
    fieldRef: oneOf<Fields>(
      { fieldPath: 'metadata.name' }, { apiVersion: 'v1', fieldPath: 'status.hostIP' }, { fieldPath: 'spec.nodeName' },
      { fieldPath: "metadata.labels['app']" }, { fieldPath: 'status.podIPs' },
    ),
  })],
  [15, fields({ resourceFieldRef: oneOf<Fields>({ resource: 'limits.cpu' }, { resource: 'requests.memory', divisor: '1Mi' }) })],
);

const literal = ([name, value]: [string, string]): Fields => ({ name, value });

/** Environment variables of a container. */
export function environment(options: GeneratorOptions): fc.Arbitrary<Fields[]> {
  const odd = supports(options, 'anyEnvironmentName') ? '1 odd:name!' : 'odd-name';
  return fc.array(weighted<Fields>(
    [55, oneOf(...ORDINARY).map(literal)],
    [33, fc.record({ name: oneOf('PASSWORD', 'TOKEN', 'POD_NAME', '_x'), valueFrom: sources })],
    [5, oneOf(...SECRETS).map(literal)],
    [4, { name: 'UNSET' }],
    [3, { name: odd, value: 'x' }],
  ), { maxLength: 3 });
}

/** Variables that a container takes from whole objects. */
export const environmentSources: fc.Arbitrary<Fields[]> = fc.array(fc.record({
  prefix: sometimes(30, oneOf('APP_', 'a.b-')),
  source: oneOf<Fields>({ configMapRef: { name: 'flags' } }, { secretRef: { name: 'db' } }, { secretRef: { name: 'dotted.name', optional: true } }),
}).map(({ prefix, source }) => compact({ prefix, ...source })), { maxLength: 2 });

/** Arguments of a container: some pass a secret on the command line. */
export const commandLine: fc.Arbitrary<string[]> = weighted(
  [94, fc.array(oneOf('/bin/app', '--verbose', '--port=8080', '$(PORT)', '', '-c', 'sleep 1 && exec app', '--password-file=/run/secrets/p'), { maxLength: 3 })],
  [6, oneOf(['--password=hunter2'], ['--password', 'hunter2'], ['sh', '-c', 'curl -u admin:hunter2 https://example.com'], ['--token=0123456789abcdef'])],
);
