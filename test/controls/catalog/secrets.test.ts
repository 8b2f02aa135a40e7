import { basePodWith } from '../../../src/controls/catalog/base-pod';
import { control as literal } from '../../../src/controls/catalog/secrets/literal-secret';
import { control as afterFlag } from '../../../src/controls/catalog/secrets/secret-after-flag';
import { control as asEnv } from '../../../src/controls/catalog/secrets/secret-as-env';
import { control as inAnnotation } from '../../../src/controls/catalog/secrets/secret-in-annotation';
import { control as inCommand } from '../../../src/controls/catalog/secrets/secret-in-command';
import { control as inConfigMap } from '../../../src/controls/catalog/secrets/secret-in-config-map';
import { control as inEnv } from '../../../src/controls/catalog/secrets/secret-in-env';
import { control as inScript } from '../../../src/controls/catalog/secrets/secret-in-script';
import { Control } from '../../../src/controls/control';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { secretLiteral, secretText } from '../../../src/core/secret-patterns';
import { HELD_OUT_ORDINARY_TEXTS, HELD_OUT_ORDINARY_VALUES, HELD_OUT_SECRET_TEXTS, HELD_OUT_SECRET_VALUES } from '../../core/secret-corpus/held-out';
import { ORDINARY_ARGUMENTS } from '../../core/secret-corpus/ordinary-arguments';
import { ORDINARY_FILES } from '../../core/secret-corpus/ordinary-files';
import { ORDINARY_VALUES } from '../../core/secret-corpus/ordinary-values';
import { SECRET_ARGUMENTS } from '../../core/secret-corpus/secret-arguments';
import { SECRET_FILES } from '../../core/secret-corpus/secret-files';
import { SECRET_VALUES } from '../../core/secret-corpus/secret-values';
import { findings } from '../../support/twins';

type Pair = [name: string, value: string];

const found = (controls: Control[], object: unknown) => findings(controls, KubernetesVersion.V1_36, object).map((each) => each.replace(/^.*?: /, ''));
const podWithEnv = ([name, value]: Pair) => basePodWith({ 'spec.containers[0].env': [{ name, value }] });
const podWithArgs = (args: string[]) => basePodWith({ 'spec.containers[0].args': args });
const configMap = (data: Record<string, string>) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'app' }, data });
const annotated = (value: string) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'app', annotations: { 'example.com/note': value } } });

const inEnvironment = (pair: Pair) => found([inEnv], podWithEnv(pair)).length > 0;
const inArguments = (words: string[]) => found([inCommand, inScript], podWithArgs(words)).length > 0;
const inEntry = ([key, value]: Pair) => found([inConfigMap], configMap({ [key]: value })).length > 0;
const inNote = (value: string) => found([inAnnotation], annotated(value)).length > 0;

describe('no alarm', () => {
  test('at more than 200 ordinary values, as variables and as entries of ConfigMaps', () => {
    expect(ORDINARY_VALUES.length).toBeGreaterThanOrEqual(200);
    expect(ORDINARY_VALUES.filter(inEnvironment)).toEqual([]);
    expect(ORDINARY_VALUES.filter(inEntry)).toEqual([]);
    expect(ORDINARY_VALUES.filter(([, value]) => inNote(value))).toEqual([]);
  });

  test('at ordinary command lines, their flags with the words after them included', () => {
    expect(ORDINARY_ARGUMENTS.length).toBeGreaterThan(60);
    expect(ORDINARY_ARGUMENTS.filter(inArguments)).toEqual([]);
    expect(ORDINARY_ARGUMENTS.filter((words) => found([afterFlag], podWithArgs(words)).length > 0)).toEqual([]);
  });

  test('at ordinary files in ConfigMaps', () => {
    expect(Object.entries(ORDINARY_FILES).filter(inEntry).map(([name]) => name)).toEqual([]);
  });
});

describe('an alarm', () => {
  test('at more than 100 realistic secrets, as variables and as entries of ConfigMaps: at most 2 are missed', () => {
    expect(SECRET_VALUES.length).toBeGreaterThanOrEqual(100);
    expect(SECRET_VALUES.filter((pair) => !inEnvironment(pair)).length).toBeLessThanOrEqual(2);
    expect(SECRET_VALUES.filter((pair) => !inEntry(pair)).length).toBeLessThanOrEqual(2);
  });

  test('at command lines with a secret in one of their words', () => {
    expect(SECRET_ARGUMENTS.length).toBeGreaterThan(40);
    expect(SECRET_ARGUMENTS.filter((words) => !inArguments(words))).toEqual([]);
  });

  test('at files with a secret in ConfigMaps: at most 2 are missed', () => {
    expect(Object.keys(SECRET_FILES).length).toBeGreaterThan(60);
    expect(Object.entries(SECRET_FILES).filter((pair) => !inEntry(pair)).length).toBeLessThanOrEqual(2);
  });
});

test('the requirements, which policies are made of, say what the patterns\' own functions say', () => {
  const pairs: Pair[] = [...ORDINARY_VALUES, ...SECRET_VALUES, ...HELD_OUT_ORDINARY_VALUES, ...HELD_OUT_SECRET_VALUES];
  const texts = [
    ...pairs.map(([, value]) => value), ...ORDINARY_ARGUMENTS.flat(), ...SECRET_ARGUMENTS.flat(),
    ...HELD_OUT_ORDINARY_TEXTS, ...HELD_OUT_SECRET_TEXTS, ...Object.values(ORDINARY_FILES), ...Object.values(SECRET_FILES),
  ];
  expect(pairs.filter((pair) => inEnvironment(pair) !== secretLiteral(...pair))).toEqual([]);
  expect(texts.filter((text) => inArguments([text]) !== secretText(text))).toEqual([]);
});

test('a word is judged by one of two controls, by its length', () => {
  const word = (length: number) => `--password=correct-horse-7 ${'x'.repeat(length)}`.slice(0, length);
  expect(findings([inCommand, inScript], KubernetesVersion.V1_36, podWithArgs([word(500), word(501)]))).toEqual([
    'secret-in-command: spec.containers[0].args[0]', 'secret-in-script: spec.containers[0].args[1]',
  ]);
});

test('commands of probes and hooks are command lines too, in any container', () => {
  const command = ['redis-cli', '--pass=correct-horse-7', 'ping'];
  const pod = basePodWith({
    'spec.containers[0].livenessProbe': { exec: { command } },
    'spec.containers[0].lifecycle': { preStop: { exec: { command } } },
    'spec.initContainers': [{ name: 'init', image: 'init', args: command }],
  });
  expect(found([inCommand], pod)).toEqual([
    'spec.initContainers[0].args[1]', 'spec.containers[0].livenessProbe.exec.command[1]', 'spec.containers[0].lifecycle.preStop.exec.command[1]',
  ]);
});

test('a flag\'s value in the next word is found there, in custom resources too', () => {
  const container = { name: 'app', image: 'app', args: ['--user', 'app', '--db-password', 'correct-horse-7', '--token', '$(TOKEN)', '--password-file', '/run/db'] };
  const rollout = { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'app' }, spec: { template: { spec: { containers: [container] } } } };
  expect(found([afterFlag], rollout)).toEqual(['spec.template.spec.containers[0].args[3]']);
});

test('a secret by reference is none', () => {
  const env = [
    { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'password' } } },
    { name: 'DB_URL', value: 'postgres://app:$(DB_PASSWORD)@db/app' },
    { name: 'API_TOKEN' },
  ];
  const pod = basePodWith({ 'spec.containers[0].env': env });
  expect(found([inEnv], pod)).toEqual([]);
  expect(found([asEnv], pod)).toEqual(['spec.containers[0].env[0].valueFrom.secretKeyRef']);
});

test('every entry of a Secret that is written out is named, an empty one is none', () => {
  const secret = { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'db' }, data: { user: 'YXBw', later: '' }, stringData: { password: 'x' } };
  expect(found([literal], secret)).toEqual(['data.user', 'stringData.password']);
});

test('annotations of pods are read where the pods are made, and what kubectl notes of a Secret', () => {
  const annotations = { 'example.com/source': 'https://ci:correct-horse-7@git.example.com/app' };
  const cronJob = { apiVersion: 'batch/v1', kind: 'CronJob', metadata: { name: 'app' }, spec: { jobTemplate: { spec: { template: { metadata: { annotations }, spec: { containers: [{ name: 'app' }] } } } } } };
  const noted = (kind: string) => ({ apiVersion: 'v1', kind, metadata: { name: 'db', annotations: { 'kubectl.kubernetes.io/last-applied-configuration': '{"data":{"a":"b"}}' } } });
  expect(found([inAnnotation], [cronJob, noted('Secret'), noted('ConfigMap')])).toEqual([
    '[0].spec.jobTemplate.spec.template.metadata.annotations["example.com/source"]', '[1].metadata.annotations["kubectl.kubernetes.io/last-applied-configuration"]',
  ]);
  expect(found([inAnnotation], { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'app', annotations }, spec: { containers: [{ name: 'app' }] } })).toHaveLength(1);
});

test('reports show none of the values', () => {
  expect([afterFlag, inAnnotation, inCommand, inConfigMap, inEnv, inScript, literal].filter(({ concealsValues }) => !concealsValues)).toEqual([]);
});
