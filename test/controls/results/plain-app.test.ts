import * as fs from 'fs';
import { ApiObject, App, AppProps, Chart, Lazy, Testing, YamlOutputType } from 'cdk8s';
import { ALL, BAD_SPEC, container, control, DAY, DIGEST, errorOf, GOOD_SPEC, HOST_NETWORK, pack, waiver, workload } from './sample-app';
import { Controls } from '../../../src/controls/controls';
import { Requirement } from '../../../src/controls/requirement';
import { Severity } from '../../../src/core/severity';
import { setToday } from '../../../src/core/today';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';
import { contents, useTempFolder } from '../../app/temp-folder';

const HOST = pack(HOST_NETWORK);
const FOUND = '[] HIGH host-network: Deployment/shop/web (chart/web): spec.template.spec.hostNetwork is true; expected: absent or false. Mend host-network.';

function app(props: AppProps = {}): App {
  const made = new App(props);
  setToday(made, DAY);
  return made;
}

function chartIn(root: App, spec: object): Chart {
  const chart = new Chart(root, 'chart');
  workload(chart, 'web', spec);
  return chart;
}

/** What synth prints to standard error. */
function printed(run: () => void): string[] {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    run();
    return write.mock.calls.map(([text]) => String(text)).join('').split('\n').filter((line) => line !== '');
  } finally {
    write.mockRestore();
  }
}

useTempFolder();

describe('an enforced finding fails', () => {
  const failing = () => {
    const chart = chartIn(app(), BAD_SPEC);
    Controls.of(chart).enforce(HOST);
    return chart;
  };
  const error = `Validation failed with the following errors:\n  ${FOUND}`;

  test('synth, before anything is written', () => {
    expect(errorOf(() => (failing().node.root as App).synth())).toBe(error);
    expect(contents('.')).toEqual({});
  });

  test('synthYaml', () => {
    expect(errorOf(() => (failing().node.root as App).synthYaml())).toBe(error);
  });

  test('Testing.synth and chart.toJson', () => {
    expect(errorOf(() => Testing.synth(failing()))).toBe(error);
    expect(errorOf(() => failing().toJson())).toBe(error);
  });

  test('a run in which cdk8s is called past the instance, as other languages call it', () => {
    const chart = failing();
    expect(errorOf(() => App.prototype.synth.call(chart.node.root))).toBe(error);
  });

  test('and its good twin does not', () => {
    const chart = chartIn(app(), GOOD_SPEC);
    Controls.of(chart).enforce(ALL);
    (chart.node.root as App).synth();
    expect(Testing.synth(chart)).toHaveLength(1);
    expect(Object.keys(contents('dist'))).toEqual(['chart.k8s.yaml']);
  });
});

describe('each object is evaluated once, whatever the number of charts', () => {
  /** How often objects are asked for what they say, an object, in a run with so many charts. */
  function asked(charts: number, run: (root: App) => void, attach: (root: App) => void): number {
    const root = app();
    const counts: number[] = [];
    for (let i = 0; i < charts; i++) {
      const object = workload(new Chart(root, `chart-${i}`), 'web', { ...GOOD_SPEC, hostname: Lazy.any({ produce: () => `web-${counts[i]++}`.slice(0, 3) }) });
      object.metadata.addLabel('chart', String(i));
      counts.push(0);
    }
    attach(root);
    run(root);
    expect(new Set(counts).size).toBe(1);
    return counts[0];
  }
  const synth = (root: App) => root.synth();
  const enforce = (root: App) => Controls.of(root).enforce(ALL);

  test('once to be written, without controls', () => {
    expect(asked(3, synth, () => undefined)).toBe(1);
  });

  test.each([1, 2, 12])('and once more to be judged, with them, in an app of %d charts', (charts) => {
    expect(asked(charts, synth, enforce)).toBe(2);
    expect(asked(charts, (root) => root.synthYaml(), enforce)).toBe(2);
  });

  test('no matter how many scopes and packs there are', () => {
    expect(asked(4, synth, (root) => {
      enforce(root);
      root.charts.forEach((chart) => Controls.of(chart).warn(HOST).enforce(HOST));
    })).toBe(2);
  });

  test('once a chart where cdk8s is called past the instance: slower, and right', () => {
    expect(asked(3, (root) => App.prototype.synth.call(root), enforce)).toBeGreaterThan(2);
  });

  test('each run judges anew', () => {
    const chart = chartIn(app(), GOOD_SPEC);
    Controls.of(chart).enforce(HOST);
    (chart.node.root as App).synth();
    workload(chart, 'late', BAD_SPEC);
    expect(errorOf(() => (chart.node.root as App).synth())).toContain('Deployment/shop/late');
  });

  test('an object that another one makes while it is written is judged too', () => {
    const root = app();
    const chart = new Chart(root, 'chart');
    let made = false;
    workload(chart, 'web', {
      ...GOOD_SPEC,
      hostname: Lazy.any({
        produce: () => {
          if (!made) {
            made = true;
            workload(chart, 'late', BAD_SPEC);
          }
          return 'web';
        },
      }),
    });
    Controls.of(root).enforce(HOST);
    expect(errorOf(() => root.synth())).toContain('Deployment/shop/late');
  });
});

describe('what is judged is what is written', () => {
  class Rewriting extends Chart {
    public override toJson(): any[] {
      return super.toJson().map((json) => ({ ...json, spec: { template: { spec: BAD_SPEC } } }));
    }
  }

  test('a chart that renders itself is judged by what it renders', () => {
    const root = app();
    const chart = new Rewriting(root, 'chart');
    workload(chart, 'web', GOOD_SPEC);
    Controls.of(root).enforce(HOST);
    expect(errorOf(() => root.synth())).toContain(FOUND);
    expect(errorOf(() => chart.toJson())).toContain(FOUND);
    expect(contents('.')).toEqual({});
  });

  test('and its objects are not, since they are not written', () => {
    class Repairing extends Chart {
      public override toJson(): any[] {
        return super.toJson().map((json) => ({ ...json, spec: { template: { spec: GOOD_SPEC } } }));
      }
    }
    const root = app();
    workload(new Repairing(root, 'chart'), 'web', BAD_SPEC);
    Controls.of(root).enforce(HOST);
    expect(() => root.synth()).not.toThrow();
  });

  test('but where each object has a file of its own in a folder: cdk8s asks objects then', () => {
    const root = app({ yamlOutputType: YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE });
    workload(new Rewriting(root, 'chart'), 'web', GOOD_SPEC);
    Controls.of(root).enforce(HOST);
    expect(() => root.synth()).not.toThrow();
  });

  test('objects are judged in the namespace that they are put into at synth', () => {
    const root = app();
    const shop = new HardenedNamespace(new Chart(root, 'chart'), 'shop');
    new ApiObject(shop, 'web', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: BAD_SPEC });
    Controls.of(root).enforce(HOST);
    expect(errorOf(() => root.synth())).toContain('host-network: Pod/shop/web (chart/shop/web)');
  });

  test('where another validation fails, it is named, and objects are not asked', () => {
    const root = app();
    const chart = chartIn(root, { ...BAD_SPEC, hostname: Lazy.any({ produce: () => { throw new Error('asked'); } }) });
    chart.node.addValidation({ validate: () => ['not today'] });
    Controls.of(root).enforce(HOST);
    expect(errorOf(() => root.synth())).toBe('Validation failed with the following errors:\n  [chart] not today');
  });
});

describe('what is only reported', () => {
  test('is printed by synth, grouped, and the manifests are written', () => {
    const root = app();
    const chart = chartIn(root, BAD_SPEC);
    workload(chart, 'api', { containers: [container('app', { image: 'a:1' })] });
    Controls.of(root).warn(ALL);
    expect(printed(() => root.synth())).toEqual(['CRITICAL privileged: Deployment/shop/web', 'HIGH host-network: Deployment/shop/web', 'MEDIUM digest: 2 findings, the first in Deployment/shop/api']);
    expect(Object.keys(contents('dist'))).toEqual(['chart.k8s.yaml']);
  });

  test('with waivers that end within 30 days', () => {
    const root = app();
    const chart = chartIn(root, BAD_SPEC);
    Controls.of(chart).enforce(HOST).waive(waiver({ control: 'host-network', value: true, expires: '2026-07-10' }));
    expect(printed(() => root.synth())).toEqual(['waiver of host-network for Deployment/shop/web (chart) ends on 2026-07-10']);
  });

  test('with baselines that were written', () => {
    const root = app();
    Controls.of(chartIn(root, BAD_SPEC)).enforce(HOST).baselineFrom('baseline.json');
    process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
    try {
      expect(printed(() => root.synth())).toEqual(['baseline.json: written with 1 finding']);
    } finally {
      delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
    }
    expect(printed(() => root.synth())).toEqual([]);
    fs.rmSync('baseline.json');
    expect(errorOf(() => root.synth())).toContain('baseline.json');
  });

  test('in a last line that counts the findings of further controls', () => {
    const root = app();
    chartIn(root, { ...BAD_SPEC, containers: [container('a', { image: 'a:1' }), container('b', { image: 'b:1' })] });
    const more = Array.from({ length: 8 }, (_, i) => control(`a-${i}`, Requirement.present('spec.nodeName'), { severity: Severity.HIGH }));
    Controls.of(root).warn(pack(DIGEST, HOST_NETWORK, ...more));
    expect(printed(() => root.synth()).at(-1)).toBe('… and 3 more findings');
  });

  test('not by tests, nor where there is nothing to say', () => {
    const chart = chartIn(app(), BAD_SPEC);
    Controls.of(chart).warn(ALL);
    expect(printed(() => Testing.synth(chart))).toEqual([]);
    const good = chartIn(app(), GOOD_SPEC);
    Controls.of(good).enforce(ALL);
    expect(printed(() => (good.node.root as App).synth())).toEqual([]);
  });
});

describe('an update of a baseline', () => {
  beforeEach(() => {
    process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
  });
  afterEach(() => {
    delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
  });

  /** An app of two charts; the last object runs some code whenever it is asked what it says. */
  const updating = (whenAsked: () => void = () => undefined) => {
    const root = app();
    Controls.of(root).enforce(HOST).baselineFrom('baseline.json');
    chartIn(root, BAD_SPEC);
    workload(new Chart(root, 'last'), 'api', {
      ...BAD_SPEC,
      hostname: Lazy.any({
        produce: () => {
          whenAsked();
          return 'api';
        },
      }),
    });
    return root;
  };
  const withWaiverOfNoUse = () => {
    const root = updating();
    Controls.of(root).waive(waiver({ control: 'privileged' }));
    return root;
  };

  test('is written once, after all manifests', () => {
    const before: boolean[] = [];
    expect(printed(() => updating(() => before.push(fs.existsSync('baseline.json'))).synth())).toEqual(['baseline.json: written with 2 findings']);
    expect(before).toEqual([false, false]);
    expect(JSON.parse(fs.readFileSync('baseline.json', 'utf8')).findings).toHaveLength(2);
  });

  test('is not written where the synth fails, for a waiver or for whatever comes after the checks', () => {
    let asked = 0;
    expect(errorOf(() => updating(() => {
      if (asked++ > 0) {
        throw new Error('too late');
      }
    }).synth())).toContain('too late');
    expect(asked).toBe(2);
    expect(errorOf(() => withWaiverOfNoUse().synth())).toContain('accepts nothing');
    expect(fs.existsSync('baseline.json')).toBe(false);
  });

  test('is not written for the text that an app returns', () => {
    updating().synthYaml();
    expect(contents('.')).toEqual({});
  });

  test('is written where cdk8s is called past the instance, as other languages call it, unless something fails', () => {
    expect(errorOf(() => App.prototype.synth.call(withWaiverOfNoUse()))).toContain('accepts nothing');
    expect(fs.existsSync('baseline.json')).toBe(false);
    App.prototype.synth.call(updating());
    expect(fs.existsSync('baseline.json')).toBe(true);
  });
});

test('an app without controls writes the same bytes as ever, and so does one whose controls are met', () => {
  const write = (outdir: string, attach: boolean) => {
    const root = app({ outdir });
    Array.from({ length: 3 }, (_, i) => workload(new Chart(root, `chart-${i}`), 'web', GOOD_SPEC));
    if (attach) {
      Controls.of(root).enforce(ALL).harden(ALL);
    }
    root.synth();
    return contents(outdir);
  };
  expect(write('with', true)).toEqual(write('without', false));
});
