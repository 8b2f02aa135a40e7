import { compared } from './comparing';
import { Change, countsOf } from '../../../src/cli/diff/change';
import { renderedMarkdown } from '../../../src/cli/diff/rendered-markdown';
import { renderedText } from '../../../src/cli/diff/rendered-text';
import { painterFor } from '../../../src/cli/output/terminal';

const COMPARED = { before: 'old', after: 'new', kubernetesVersion: '1.36' };

function pod(spec: object = {}, container: object = {}) {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'shop' }, spec: { ...spec, containers: [{ name: 'app', image: 'a', ...container }, { name: 'side', image: 'b' }] } };
}

function text(changes: readonly Change[]): string {
  const out = { write: () => undefined };
  return renderedText(changes, COMPARED, 200, painterFor(out, { env: {} }));
}

function fieldsOf(changes: readonly Change[]): readonly string[] {
  return changes.filter(({ rule }) => rule === 'fields').flatMap(({ details = [] }) => details);
}

describe('what a pod states for its containers', () => {
  const context = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const changes = compared([pod()], [pod({ securityContext: context })]);
  const back = compared([pod({ securityContext: context })], [pod()]);

  test('is told with the controls that are met by it, and not again', () => {
    const met = changes.filter(({ rule }) => rule === 'run-as-non-root');
    expect(met.map(({ verdict, container, before, after, details }) => [verdict, container, before, after, details])).toEqual([
      ['stronger', 'app', 'missing', undefined, ['spec.securityContext.runAsNonRoot: added true']],
      ['stronger', 'side', 'missing', undefined, ['spec.securityContext.runAsNonRoot: added true']],
    ]);
    expect(fieldsOf(changes)).toEqual([]);
    expect(text(changes)).toContain('securityContext.runAsNonRoot: was missing\n    spec.securityContext.runAsNonRoot: added true');
    expect(renderedMarkdown(changes, COMPARED)).toContain('`was missing`\n  - `spec.securityContext.runAsNonRoot: added true`');
  });

  test('is told with the controls that are no longer met without it', () => {
    const lost = back.filter(({ verdict, rule }) => verdict === 'weaker' && rule === 'run-as-non-root');
    expect(lost.map(({ details }) => details)).toEqual([['spec.securityContext.runAsNonRoot: removed true'], ['spec.securityContext.runAsNonRoot: removed true']]);
    expect(fieldsOf(back)).toEqual([]);
    expect(countsOf(back).weaker).toBe(countsOf(changes).stronger);
  });

  test('is a change like others where no control speaks of it', () => {
    expect(fieldsOf(compared([pod()], [pod({ securityContext: { supplementalGroups: [5] } })]))).toEqual(['spec.securityContext.supplementalGroups: added [5]']);
  });
});

test('what is below a place that a control tells of is not told again, what is beside it is', () => {
  const probe = { httpGet: { port: 80 }, periodSeconds: 5 };
  const changes = compared([pod({}, { livenessProbe: probe, workingDir: '/a' })], [pod({}, { workingDir: '/b' })]);
  expect(changes.map(({ rule }) => rule)).toContain('liveness-probe');
  expect(fieldsOf(changes)).toEqual(['spec.containers[app].workingDir: "/a" → "/b"']);
});

test('a container that is new is told though controls speak of what is in it', () => {
  const more = { ...pod(), spec: { containers: [...pod().spec.containers, { name: 'new', image: 'c', workingDir: '/a', securityContext: { privileged: true } }] } };
  const changes = compared([pod()], [more]);
  expect(changes.filter(({ verdict, rule }) => verdict === 'weaker' && rule === 'privileged')).toHaveLength(1);
  expect(JSON.stringify(fieldsOf(changes))).toContain('spec.containers[new]');
});

test('an image without its digest is told once, another image of the same kind as that', () => {
  const digest = `a@sha256:${'0'.repeat(64)}`;
  const rules = (image: string) => compared([pod({}, { image: digest })], [pod({}, { image })]).map(({ rule }) => rule);
  expect(rules('a:1')).toEqual(['image-digest']);
  expect(rules(`a@sha256:${'1'.repeat(64)}`)).toEqual(['image']);
});

test('a limit of a range is told once', () => {
  const range = (memory: string) => ({ apiVersion: 'v1', kind: 'LimitRange', metadata: { name: 'a', namespace: 'shop' }, spec: { limits: [{ type: 'Container', max: { memory } }] } });
  expect(compared([range('1Gi')], [range('2Gi')])).toMatchObject([{ verdict: 'weaker', rule: 'limit-range' }]);
});

describe('what takes the place of something worse', () => {
  test('is no weakening: a name of a Secret in the place of a password', () => {
    const changes = compared(
      [pod({}, { env: [{ name: 'DB_PASSWORD', value: 'hunter2hunter2' }] })], [pod({}, { env: [{ name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'a' } } }] })],
    );
    expect(changes.filter(({ verdict }) => verdict === 'weaker')).toEqual([]);
    expect(changes).toContainEqual(expect.objectContaining({ verdict: 'stronger', rule: 'secret-in-env' }));
    expect(changes).toContainEqual(expect.objectContaining({
      verdict: 'neutral', rule: 'secret-as-env', message: 'not met by what is there in place of something worse: Programs read secrets from files',
    }));
  });

  test('is a weakening where there was nothing', () => {
    const changes = compared([pod({}, { env: [{ name: 'A', value: 'b' }] })], [pod({}, { env: [{ name: 'A', value: 'b' }, { name: 'DB_PASSWORD', valueFrom: { secretKeyRef: { name: 'db', key: 'a' } } }] })]);
    expect(changes).toContainEqual(expect.objectContaining({ verdict: 'weaker', rule: 'secret-as-env' }));
  });

  test('is no weakening: a level of Pod Security where there was none', () => {
    const namespace = (labels: object) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop', labels } });
    const [none, baseline, restricted] = [{}, { 'pod-security.kubernetes.io/enforce': 'baseline' }, { 'pod-security.kubernetes.io/enforce': 'restricted' }].map(namespace);
    expect(compared([none], [baseline]).filter(({ verdict }) => verdict === 'weaker')).toEqual([]);
    expect(compared([restricted], [baseline]).filter(({ verdict }) => verdict === 'weaker').length).toBeGreaterThan(0);
    expect(compared([baseline], [none]).filter(({ verdict }) => verdict === 'weaker').length).toBeGreaterThan(0);
  });
});
