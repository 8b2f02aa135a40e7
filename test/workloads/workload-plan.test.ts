import { App, Chart, Size } from 'cdk8s';
import { IMAGE, refusal, shop } from './fixtures';
import { show } from '../../src/core/errors';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { WorkloadKind } from '../../src/workloads/secure-workload-props';

const PERSISTENT = [{ path: '/data', size: Size.gibibytes(1) }];

describe('all or nothing', () => {
  test.each<[string, object]>([
    ['an image without digest', { image: 'nginx:1.27' }],
    ['a port out of range', { port: 70000 }],
    ['user 0', { user: 0 }],
    ['two pods that share a volume of one node', { persistentPaths: PERSISTENT, replicas: 2 }],
    ['a literal secret', { env: { PASSWORD: 'hunter2' } }],
    ['an empty selector', { selectorLabels: {} }],
    ['a bad path', { writablePaths: ['tmp'] }],
    ['a name that is taken', { name: 'first' }],
  ])('%s leaves the output as it was', (_, props) => {
    const { app, workload } = shop();
    workload('first');
    const before = app.synthYaml();
    refusal(() => workload('second', props));
    expect(app.synthYaml()).toBe(before);
  });
});

describe('refused', () => {
  const refused = (props: object, id = 'web') => refusal(() => shop().workload(id, props));

  test('an image without digest', () => {
    expect(refused({ image: 'nginx:1.27' })).toBe(
      '[c/shop/web] image: got "nginx:1.27"; allowed: an image by digest, name[:tag]@sha256:<64 hex digits> or @sha512:<128 hex digits> (NSA 1.2 Supply chain, CIS 5.5.1). '
      + 'Add the digest that the registry names for the tag you tested: a tag can be moved to other content.');
  });

  test.each([[0], [65536], [80.5], [-1], [NaN], ['80']])('port %p', (port) => {
    expect(refused({ port })).toBe(
      `[c/shop/web] port: got ${show(port)}; allowed: a whole number from 1 to 65535. Give the port that the program listens on.`);
  });

  test('an unknown kind', () => {
    expect(refused({ kind: 'ReplicaSet' })).toBe('[c/shop/web] kind: got "ReplicaSet"; allowed: Deployment, StatefulSet, DaemonSet, Job, CronJob. Take a value of WorkloadKind.');
  });

  test('a service port out of range', () => {
    expect(refused({ servicePort: 0 })).toBe(
      '[c/shop/web] servicePort: got 0; allowed: a whole number from 1 to 65535. Give the port that the program listens on.');
  });

  test('a service port without port', () => {
    expect(refused({ port: undefined, servicePort: 80 })).toBe(
      '[c/shop/web] servicePort: got 80; allowed: a Service port where port is given. Give the port that the program listens on as well.');
  });

  test('another service port of a StatefulSet, which nobody would answer on', () => {
    expect(refused({ kind: WorkloadKind.STATEFUL_SET, port: 5432, servicePort: 80 })).toBe(
      '[c/shop/web] servicePort: got 80; allowed: 5432, the port of the pods: the Service of a StatefulSet is headless and translates none. Leave servicePort out.');
    expect(() => shop().workload('web', { kind: WorkloadKind.STATEFUL_SET, port: 5432, servicePort: 5432 })).not.toThrow();
  });

  test('a StatefulSet without port', () => {
    expect(refused({ kind: WorkloadKind.STATEFUL_SET, port: undefined })).toBe(
      '[c/shop/web] port: got undefined; allowed: a port: a StatefulSet needs a Service for its pods\' names. Give the port that the program listens on.');
  });

  test.each([['user', 0], ['group', 0], ['user', -1], ['user', 1.5], ['user', 2 ** 31]])('%s %p', (property, id) => {
    expect(refused({ [property]: id })).toBe(
      `[c/shop/web] ${property}: got ${id}; allowed: a whole number from 1 to 2147483647 (PSS restricted, CIS 5.2.7). Give an id other than root's.`);
  });

  test.each([[-1], [1.5], [NaN], [2 ** 31]])('%p replicas', (replicas) => {
    expect(refused({ replicas })).toBe(`[c/shop/web] replicas: got ${show(replicas)}; allowed: a whole number from 0 to 2147483647. Give the number of pods.`);
  });

  test('arguments that are not text', () => {
    expect(refused({ args: ['--port', 80] })).toBe('[c/shop/web] args[1]: got 80; allowed: text. Give it as a string.');
  });

  test('a secret among the arguments', () => {
    expect(refused({ args: ['--db-password=hunter2'] })).toBe(
      '[c/shop/web] args[0]: got "(a literal that looks like a secret)"; allowed: values that are no secrets (CIS 5.4.1). '
      + 'Keep it in a Secret and name it with secretEnv or secretFiles.');
  });

  test('a place outside of any hardened namespace', () => {
    const chart = new Chart(new App(), 'c');
    expect(refusal(() => new SecureWorkload(chart, 'web', { image: IMAGE }))).toBe(
      '[c/web] scope: got "a chart without namespace"; allowed: a construct below a HardenedNamespace, or in a chart whose namespace is one of this app\'s. '
      + 'Make it below the HardenedNamespace: new SecureWorkload(namespace, …), or declare the namespace first.');
  });

  test('a namespace of the chart that the app does not declare', () => {
    const chart = new Chart(new App(), 'c', { namespace: 'shop' });
    expect(refusal(() => new SecureWorkload(chart, 'web', { image: IMAGE }))).toContain('scope: got "a chart with namespace \\"shop\\""; allowed: a construct below');
  });
});
