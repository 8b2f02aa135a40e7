import { readdirSync, readFileSync, mkdtempSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { ConfigMap, Role, ServiceAccount } from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { HardenedApp } from '../../../src/app/hardened-app';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../../src/workloads/secure-workload';
import { find, IMAGE, names, refusal, shop, written } from '../fixtures';

const web = (scope: Construct, id = 'web') => new SecureWorkload(scope, id, { image: IMAGE, port: 8080 });

/** `Kind/namespace/name` of every object, in the order in which `kubectl apply -f dist/` takes files and documents. */
function appliedOrder(build: (app: App) => void): string[] {
  const outdir = mkdtempSync(join(tmpdir(), 'members-'));
  try {
    const app = new App({ outdir });
    build(app);
    app.synth();
    return readdirSync(outdir).sort().flatMap((file) => readFileSync(join(outdir, file), 'utf8').split(/^---$/m).map((document) => {
      const [, kind] = /^kind: (.*)$/m.exec(document)!;
      const [, name] = /^ {2}name: (.*)$/m.exec(document)!;
      const [, namespace] = /^ {2}namespace: (.*)$/m.exec(document) ?? [];
      return [kind, namespace, name].filter((part) => part).join('/');
    }));
  } finally {
    rmSync(outdir, { recursive: true });
  }
}

function expectNamespaceFirst(order: string[], name: string): void {
  expect(order).toContain(`Namespace/${name}`);
  expect(order).toContain(`Deployment/${name}/web`);
  expect(order.findIndex((each) => each.includes(`/${name}/`))).toBeGreaterThan(order.indexOf(`Namespace/${name}`));
}

describe('a chart joins a namespace by name', () => {
  test('its workloads belong to the namespace and come after it, also where the chart was made before', () => {
    expectNamespaceFirst(appliedOrder((app) => {
      const more = new Chart(app, 'a-more', { namespace: 'shop' });
      new HardenedNamespace(new Chart(app, 'b-shop'), 'shop');
      web(more);
    }), 'shop');
  });

  test('everything in it comes after the Namespace by one edge, whoever made it', () => {
    const order = appliedOrder((app) => {
      const more = new Chart(app, 'a-more', { namespace: 'shop' });
      new ConfigMap(more, 'flags', { metadata: { name: 'flags' } });
      new HardenedNamespace(new Chart(app, 'b-shop'), 'shop');
      web(more, 'web');
      web(more, 'api');
      expect(more.node.dependencies).toHaveLength(1);
    });
    expectNamespaceFirst(order, 'shop');
    expect(order.indexOf('ConfigMap/shop/flags')).toBeGreaterThan(order.indexOf('Namespace/shop'));
  });

  test('the chart may hold the namespace itself', () => {
    expectNamespaceFirst(appliedOrder((app) => {
      const chart = new Chart(app, 'shop', { namespace: 'shop' });
      new HardenedNamespace(new Construct(chart, 'z'), 'shop');
      web(chart);
    }), 'shop');
  });

  test('workloads of one name are found out across charts', () => {
    const { app, workload } = shop();
    workload('web');
    const more = new Chart(app, 'more', { namespace: 'shop' });
    expect(refusal(() => web(more))).toBe(
      '[more/web] name: got "web"; allowed: a name that no other workload of namespace "shop" has. Choose another name: c/shop/web has this one.');
  });

  test('a chart directly in the chart of the namespace would be written before it: refused', () => {
    const { chart } = shop();
    expect(refusal(() => web(new Chart(chart, 'more', { namespace: 'shop' })))).toBe(
      '[c/more/web] scope: got "chart c/more directly in chart c"; allowed: a chart that is written after the one that holds namespace "shop". '
      + 'Make the chart below the app or below the HardenedNamespace: cdk8s writes charts directly in a chart before it.');
  });
});

test('a HardenedApp writes the same files as a plain app', () => {
  const build = (app: App) => {
    const more = new Chart(app, 'a-more', { namespace: 'shop' });
    const namespace = new HardenedNamespace(new Chart(app, 'b-shop'), 'shop');
    web(more);
    new ConfigMap(new Chart(namespace, 'a-nested'), 'flags', { metadata: { name: 'flags' } });
  };
  const files = (make: (folder: (name: string) => string) => App) => {
    const root = mkdtempSync(join(tmpdir(), 'members-'));
    try {
      const app = make((name) => join(root, name));
      build(app);
      app.synth();
      return Object.fromEntries(readdirSync(join(root, 'dist')).map((file) => [file, readFileSync(join(root, 'dist', file), 'utf8')]));
    } finally {
      rmSync(root, { recursive: true });
    }
  };
  const hardened = files((folder) => new HardenedApp({
    outdir: folder('dist'), nodesOutdir: folder('nodes'), terraformOutdir: folder('terraform'), evidenceOutdir: folder('evidence'), quiet: true,
  }));
  expect(Object.keys(hardened)).toHaveLength(3);
  expect(hardened).toEqual(files((folder) => new App({ outdir: folder('dist') })));
});

describe('a chart below a namespace', () => {
  test.each<[string, (scope: Chart) => void]>([
    ['a workload', (scope) => web(scope)],
    ['objects that others make', (scope) => new ConfigMap(scope, 'flags', { metadata: { name: 'flags' } })],
  ])('with %s comes after it', (_, fill) => {
    const order = appliedOrder((app) => {
      fill(new Chart(new HardenedNamespace(new Chart(app, 'z-shop'), 'shop'), 'nested'));
    });
    const members = order.filter((each) => each.includes('/shop/') && !/default|allow-dns|quota|limits/.test(each));
    expect(members.length).toBeGreaterThan(0);
    expect(order[0]).toBe('Namespace/shop');
  });

  test('may name the namespace, but no other', () => {
    const { namespace } = shop();
    expect(() => web(new Chart(namespace, 'same', { namespace: 'shop' }))).not.toThrow();
    expect(refusal(() => web(new Chart(namespace, 'other', { namespace: 'bank' })))).toBe(
      '[c/shop/other/web] Chart.namespace: got "bank"; allowed: "shop", the HardenedNamespace that this belongs to, or none. '
      + 'Leave the namespace of chart c/shop/other out, or move this to a chart of its own.');
  });
});

describe('objects that others make below a namespace', () => {
  test('are put into it, whatever makes them', () => {
    const { app, namespace } = shop();
    new ConfigMap(namespace, 'flags', { metadata: { name: 'flags' } });
    new ApiObject(new Construct(namespace, 'deeper'), 'raw', { apiVersion: 'example.com/v1', kind: 'Thing', metadata: { name: 'raw' } });
    const account = new ServiceAccount(namespace, 'reader', { metadata: { name: 'reader' } });
    const role = new Role(namespace, 'role', { metadata: { name: 'role' } });
    role.bind(account);
    expect(names(app)).toEqual(expect.arrayContaining(['ConfigMap/shop/flags', 'Thing/shop/raw', 'ServiceAccount/shop/reader', 'Role/shop/role']));
    expect(find(app, 'RoleBinding').metadata.namespace).toBe('shop');
  });

  test('give the same bytes as with the namespace given by hand, however often the tree is synthesized', () => {
    const build = (metadata: object) => {
      const { app, chart, namespace } = shop();
      new ConfigMap(namespace, 'flags', { metadata: { name: 'flags', labels: { a: 'b' }, ...metadata }, data: { key: 'value' } });
      expect(Testing.synth(chart)).toEqual(written(app));
      return app.synthYaml();
    };
    expect(build({})).toBe(build({ namespace: 'shop' }));
  });

  test('keep a namespace that they name', () => {
    const { app, namespace } = shop();
    new ConfigMap(namespace, 'flags', { metadata: { name: 'flags', namespace: 'elsewhere' } });
    expect(names(app)).toContain('ConfigMap/elsewhere/flags');
  });

  test('are left alone where their kind has no namespace', () => {
    const { app, namespace } = shop();
    new ApiObject(namespace, 'class', { apiVersion: 'scheduling.k8s.io/v1', kind: 'PriorityClass', metadata: { name: 'high' } });
    expect(find(app, 'PriorityClass').metadata).toEqual({ name: 'high' });
  });

  test('belong to the nearest of nested namespaces', () => {
    const { app, namespace } = shop();
    new ConfigMap(new HardenedNamespace(namespace, 'inner'), 'flags', { metadata: { name: 'flags' } });
    expect(names(app)).toContain('ConfigMap/inner/flags');
  });

  test('in a chart of another namespace are refused at synthesis', () => {
    const { app, namespace } = shop();
    new ConfigMap(new Chart(namespace, 'other', { namespace: 'bank' }), 'flags');
    expect(refusal(() => app.synthYaml())).toBe(
      '[c/shop/other/flags/Resource] Chart.namespace: got "bank"; allowed: "shop", the HardenedNamespace that this belongs to, or none. '
      + 'Leave the namespace of chart c/shop/other out, or move this to a chart of its own.');
  });
});
