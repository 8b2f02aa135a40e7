import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, AppProps, Chart, JsonPatch, Lazy, YamlOutputType } from 'cdk8s';
import { Construct } from 'constructs';
import { evaluateManifests, evaluateYaml } from '../../../src/app/synthesis/manifests';
import { writeFiles } from '../../../src/app/synthesis/write-files';

let folder: string;

beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'manifests-'));
});

afterEach(() => {
  jest.restoreAllMocks();
  fs.rmSync(folder, { recursive: true });
});

function configMap(scope: Construct, id: string, data: Record<string, unknown> = {}): ApiObject {
  return new ApiObject(scope, id, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: id }, data });
}

function read(below: string): Record<string, string | null> {
  const entries = (fs.readdirSync(below, { recursive: true }) as string[]).sort();
  return Object.fromEntries(entries.map((entry) => {
    const file = path.join(below, entry);
    return [entry, fs.statSync(file).isDirectory() ? null : fs.readFileSync(file, 'utf8')];
  }));
}

/** Writes the same app by cdk8s and here, and returns the files, which must be the same. */
function bothWays(build: (app: App) => void, props: AppProps = {}): Record<string, string | null> {
  const [plain, linear] = ['plain', 'linear'].map((name) => {
    const app = new App({ ...props, outdir: fs.mkdtempSync(path.join(folder, name)) });
    build(app);
    return app;
  });
  plain.synth();
  const manifests = evaluateManifests(linear);
  writeFiles(linear.outdir, manifests.outputFiles(props.recordConstructMetadata), { folders: manifests.folders });
  const files = read(linear.outdir);
  expect(files).toEqual(read(plain.outdir));
  return files;
}

function errorOf(run: () => unknown): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  return 'no error';
}

describe('output files', () => {
  const twoCharts = (app: App) => {
    const [a, b] = ['a', 'b'].map((id) => new Chart(app, id));
    configMap(a, 'one');
    configMap(a, 'two');
    a.addDependency(b);
  };

  test.each([
    [YamlOutputType.FILE_PER_APP, ['app.k8s.yaml']],
    [YamlOutputType.FILE_PER_CHART, ['0000-b.k8s.yaml', '0001-a.k8s.yaml']],
    [YamlOutputType.FILE_PER_RESOURCE, ['ConfigMap.one.k8s.yaml', 'ConfigMap.two.k8s.yaml']],
    [YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, ['0000-b', '0001-a', '0001-a/ConfigMap.one.k8s.yaml', '0001-a/ConfigMap.two.k8s.yaml']],
  ])('of output type %d are those of cdk8s', (yamlOutputType, expected) => {
    expect(Object.keys(bothWays(twoCharts, { yamlOutputType }))).toEqual(expected);
  });

  test('of an app without charts are none', () => {
    expect(bothWays(() => {}, { yamlOutputType: YamlOutputType.FILE_PER_APP })).toEqual({});
  });

  test('carry the extension of the app', () => {
    expect(Object.keys(bothWays((app) => new Chart(app, 'web'), { outputFileExtension: '.yml' }))).toEqual(['web.yml']);
  });

  test('include the construct metadata if it is recorded', () => {
    const files = bothWays(twoCharts, { recordConstructMetadata: true });
    expect(files['construct-metadata.json']).toBe('{"version":"1.0.0","resources":{"one":{"path":"a/one"},"two":{"path":"a/two"}}}');
  });

  test('of the same name overwrite each other as in cdk8s, but the lost document is told', () => {
    const same = (app: App) => ['a', 'b'].forEach((id) => configMap(new Chart(app, id), 'same', { from: id }));
    const files = bothWays(same, { yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
    expect(files['ConfigMap.same.k8s.yaml']).toContain('from: b');
    const app = new App({ yamlOutputType: YamlOutputType.FILE_PER_RESOURCE });
    same(app);
    expect(evaluateManifests(app).overwritten.map(({ object }) => object?.node.path)).toEqual(['a/same']);
  });

  test('of 200,000 documents don\'t overflow the stack, as they do in cdk8s', () => {
    const documents = Array.from({ length: 200_000 }, (_, i) => ({ i }));
    class Big extends Chart {
      public toJson(): any[] {
        return documents;
      }
    }
    const app = new App({ yamlOutputType: YamlOutputType.FILE_PER_APP, outdir: folder });
    new Big(app, 'big');
    expect(errorOf(() => app.synth())).toBe('Maximum call stack size exceeded');
    const text = String(evaluateManifests(app).outputFiles()[0].content);
    expect(text.split('---\n')).toHaveLength(200_000);
    expect(text.slice(0, 12)).toBe('i: 0\n---\ni: ');
  });
});

describe('evaluating', () => {
  test('runs each validation and each toJson once, where cdk8s validates once more for every chart', () => {
    const app = new App();
    let validations = 0;
    app.node.addValidation({ validate: () => { validations++; return []; } });
    const rendered = ['a', 'b', 'c'].map((id) => jest.spyOn(configMap(new Chart(app, id), 'object'), 'toJson'));
    const manifests = evaluateManifests(app);
    manifests.outputFiles();
    expect(validations).toBe(1);
    rendered.forEach((toJson) => expect(toJson).toHaveBeenCalledTimes(1));
    validations = 0;
    app.synthYaml();
    expect(validations).toBe(4);
  });

  test('keeps the very JSON that is written, with its object', () => {
    const app = new App();
    const object = configMap(new Chart(app, 'chart'), 'object', { b: 1, a: '2' });
    object.addJsonPatch(JsonPatch.add('/data/c', true));
    const manifests = evaluateManifests(app);
    expect(manifests.documents).toEqual([{ chart: object.chart, object, json: object.toJson() }]);
    expect(manifests.render(manifests.files[0])).toBe('apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: object\ndata:\n  a: "2"\n  b: 1\n  c: true\n');
  });

  test('asks a chart that renders itself, and finds its objects again by their names', () => {
    class Loud extends Chart {
      public toJson(): any[] {
        return super.toJson().map((json) => ({ ...json, data: { loud: true } })).concat({ kind: 'Extra', metadata: {} });
      }
    }
    const build = (app: App) => configMap(new Loud(app, 'loud'), 'object');
    expect(bothWays(build)['loud.k8s.yaml']).toContain('loud: true');
    const app = new App();
    const object = build(app);
    expect(evaluateManifests(app).documents.map((document) => document.object)).toEqual([object, undefined]);
    expect(Object.values(bothWays(build, { yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE })).join()).not.toContain('loud: true');
  });

  test('sees objects that rendering others makes, where cdk8s does: in later charts', () => {
    const build = (app: App) => {
      const charts = ['a', 'b', 'c'].map((id) => new Chart(app, id));
      const makeIn = (chart: Chart) => Lazy.any({ produce: () => { configMap(chart, 'late').node.addDependency(configMap(chart, 'later')); return 'made'; } });
      configMap(charts[1], 'maker', { forEarlier: makeIn(charts[0]), forLater: makeIn(charts[2]) });
    };
    const files = bothWays(build, { recordConstructMetadata: true });
    expect(files['a.k8s.yaml']).toBe('');
    expect(files['c.k8s.yaml']!.match(/name: .*/g)).toEqual(['name: later', 'name: late']);
  });

  test('validates constructs that rendering makes before a later chart is rendered', () => {
    const build = (app: App) => {
      const [a, b] = ['a', 'b'].map((id) => new Chart(app, id));
      configMap(a, 'maker', { late: Lazy.any({ produce: () => configMap(b, 'late').node.addValidation({ validate: () => ['too late'] }) }) });
      return app;
    };
    expect(errorOf(() => build(new App({ outdir: folder })).synth())).toBe(errorOf(() => evaluateManifests(build(new App()))));
    expect(() => evaluateManifests(build(new App()))).toThrow(new Error('Validation failed with the following errors:\n  [b/late] too late'));
  });

  test('tells all failed validations with their paths, as cdk8s does', () => {
    const app = new App({ outdir: folder });
    const chart = new Chart(app, 'chart');
    chart.node.addValidation({ validate: () => ['one', 'two'] });
    configMap(chart, 'object').node.addValidation({ validate: () => ['three'] });
    expect(errorOf(() => evaluateManifests(app))).toBe('Validation failed with the following errors:\n  [chart] one\n  [chart] two\n  [chart/object] three');
    expect(errorOf(() => app.synth())).toBe(errorOf(() => evaluateManifests(app)));
  });

  test('tells what can\'t be serialized, as cdk8s does', () => {
    const app = new App({ outdir: folder });
    configMap(new Chart(app, 'chart'), 'object', { at: new Date(0) });
    expect(errorOf(() => evaluateManifests(app))).toBe('Failed serializing construct at path \'chart/object\' with name \'object\': '
      + 'Error: can\'t render non-simple object of type \'Date\'');
    expect(errorOf(() => app.synth())).toBe(errorOf(() => evaluateManifests(app)));
  });
});

describe('of two mistakes', () => {
  function wrongTwice(): App {
    const app = new App({ outdir: folder });
    const chart = new Chart(app, 'chart');
    chart.node.addValidation({ validate: () => ['not valid'] });
    new Construct(app, 'outside').node.addDependency(chart);
    return app;
  }

  test('synth tells the failed validation, as cdk8s does', () => {
    expect(errorOf(() => evaluateManifests(wrongTwice()))).toBe('Validation failed with the following errors:\n  [chart] not valid');
    expect(errorOf(() => wrongTwice().synth())).toBe(errorOf(() => evaluateManifests(wrongTwice())));
  });

  test('synthYaml tells the dependency from outside any chart, as cdk8s does', () => {
    expect(errorOf(() => evaluateYaml(wrongTwice()))).toBe('cannot find a parent chart (directly or indirectly)');
    expect(errorOf(() => wrongTwice().synthYaml())).toBe(errorOf(() => evaluateYaml(wrongTwice())));
  });
});
