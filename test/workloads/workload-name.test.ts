import { names, refusal, shop } from './fixtures';
import { WorkloadKind } from '../../src/workloads/secure-workload-props';

const refused = (id: string, props: object = {}) => refusal(() => shop().workload(id, props));
const LABELS = 'allowed: labels as Kubernetes takes them: name or DNS prefix/name, and values, of at most 63 letters, digits, -, _ and dots. '
  + 'Copy the labels from the pods\' manifest.';

describe('a workload\'s name', () => {
  test('is the construct\'s id, and can be set', () => {
    const { app, workload } = shop();
    workload('web');
    workload('Api', { name: 'api' });
    expect(names(app)).toEqual(expect.arrayContaining(['Deployment/shop/web', 'Service/shop/web', 'ServiceAccount/shop/web', 'Deployment/shop/api']));
  });

  test('has to be a DNS label', () => {
    expect(refused('Web_App')).toBe(
      '[c/shop/Web_App] name: got "Web_App"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123). '
      + 'Did you mean "web-app"?');
  });

  test.each(['default', 'default-deny', 'allow-dns', 'allow-monitoring'])('may not be %s, as it would overwrite an object of the namespace', (name) => {
    expect(refused('web', { name })).toBe(
      `[c/shop/web] name: got "${name}"; allowed: any name but default, default-deny, allow-dns, allow-ingress, allow-monitoring, allow-api-server, `
      + 'which belong to the namespace\'s own objects. Choose another name.');
  });

  test('has to begin with a letter where there is a Service', () => {
    expect(refused('2048')).toBe(
      '[c/shop/2048] name: got "2048"; allowed: a name that begins with a letter, as a Service\'s has to (RFC 1035). Choose another name.');
    expect(shop().workload('2048', { port: undefined }).name).toBe('2048');
  });

  test('leaves room for the hash in a label of a StatefulSet\'s pods', () => {
    const name = 'a'.repeat(53);
    const kind = WorkloadKind.STATEFUL_SET;
    expect(refused(name, { kind })).toBe(
      `[c/shop/${name}] name: got "${name}"; allowed: at most 52 characters for a StatefulSet, whose pods or Jobs carry it in theirs. Choose a shorter name.`);
    expect(shop().workload(name.slice(1), { kind }).name).toHaveLength(52);
    expect(shop().workload(name).name).toHaveLength(53);
  });

  test('belongs to one workload of the namespace', () => {
    const { workload } = shop();
    workload('web');
    expect(refusal(() => workload('second', { name: 'web' }))).toBe(
      '[c/shop/second] name: got "web"; allowed: a name that no other workload of namespace "shop" has. Choose another name: c/shop/web has this one.');
  });
});

describe('selector labels', () => {
  test('none would select every pod', () => {
    expect(refused('web', { selectorLabels: {} })).toBe(
      '[c/shop/web] selectorLabels: got {}; allowed: at least one label: none would select every pod of the namespace. '
      + 'Leave selectorLabels out to select by name, or give the labels of the object that you adopt.');
  });

  test.each([
    [{ app: 'web server' }], [{ app: '-web' }], [{ app: 'a'.repeat(64) }], [{ 'a/b/c': 'web' }], [{ '': 'web' }], [{ 'UPPER/app': 'web' }], [{ app: 1 }],
  ])('%j are not labels', (selectorLabels) => {
    expect(refused('web', { selectorLabels })).toBe(`[c/shop/web] selectorLabels: got ${JSON.stringify(selectorLabels)}; ${LABELS}`);
  });

  test('that select another workload\'s pods are refused, whichever is the wider one', () => {
    const wide = { app: 'shop' };
    const narrow = { app: 'shop', tier: 'web' };
    const both = (first: Record<string, string>, second: Record<string, string>) => {
      const { workload } = shop();
      workload('first', { selectorLabels: first });
      return () => workload('second', { selectorLabels: second });
    };
    expect(refusal(both(narrow, wide))).toBe(
      '[c/shop/second] selectorLabels: got {"app":"shop"}; allowed: labels that select no pods of c/shop/first. '
      + 'Add a label that tells them apart; it selects by {"app":"shop","tier":"web"}.');
    expect(refusal(both(wide, narrow))).toBe(
      '[c/shop/second] selectorLabels: got {"app":"shop","tier":"web"}; allowed: labels that select no pods of c/shop/first. '
      + 'Add a label that tells them apart; it selects by {"app":"shop"}.');
    expect(both(narrow, { app: 'shop', tier: 'db' })).not.toThrow();
  });

  test('the same in two namespaces are two sets of pods', () => {
    const { workload } = shop();
    workload('web');
    expect(() => shop().workload('web')).not.toThrow();
  });
});
