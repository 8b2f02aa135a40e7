import * as fs from 'fs';
import { Chart } from 'cdk8s';
import { ALL, BAD_SPEC, container, DIGEST, errorOf, GOOD_SPEC, HOST_NETWORK, outcomeOf, pack, PRIVILEGED, sampleChart, waiver, workload } from './sample-app';
import { Controls } from '../../../src/controls/controls';
import { writeBaselines } from '../../../src/controls/results/baseline';
import { useTempFolder } from '../../app/temp-folder';

const FILE = 'controls-baseline.json';

function chartWith(build: (chart: Chart) => void): Chart {
  const chart = sampleChart();
  Controls.of(chart.node.root).enforce(pack(HOST_NETWORK, PRIVILEGED)).warn(pack(DIGEST)).baselineFrom(FILE);
  build(chart);
  return chart;
}

/** As a synth with the variable in the environment. */
function update(chart: Chart): ReturnType<typeof outcomeOf> {
  process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
  try {
    const outcome = outcomeOf(chart);
    writeBaselines(outcome.baselineUpdates);
    return outcome;
  } finally {
    delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
  }
}

const statuses = (chart: Chart) => outcomeOf(chart).findings.map(({ status, control, resource }) => `${status} ${control} ${resource}`);
const legacy = (chart: Chart) => workload(chart, 'old', BAD_SPEC);
const entries = () => JSON.parse(fs.readFileSync(FILE, 'utf8')).findings as { control: string; resource: string; path: string; fingerprint: string }[];

useTempFolder();

describe('an existing code base', () => {
  test('writes what is enforced and found, sorted, without values, the same bytes each time', () => {
    const { baselineUpdates, findings } = update(chartWith(legacy));
    expect(baselineUpdates).toEqual([{ path: FILE, findings: 2, content: fs.readFileSync(FILE, 'utf8') }]);
    expect(findings.map(({ status }) => status).sort()).toEqual(['baselined', 'baselined', 'warned']);
    expect(entries()).toEqual([
      { control: 'host-network', resource: 'Deployment/shop/old', path: 'spec.template.spec.hostNetwork', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
      { control: 'privileged', resource: 'Deployment/shop/old', path: 'spec.template.spec.containers[0].securityContext.privileged', fingerprint: expect.stringMatching(/^[0-9a-f]{64}$/) },
    ]);
    const bytes = fs.readFileSync(FILE);
    update(chartWith(legacy));
    expect(fs.readFileSync(FILE).equals(bytes)).toBe(true);
  });

  test('starts: what the file lists does not fail, only what is new', () => {
    update(chartWith(legacy));
    expect(statuses(chartWith(legacy)).sort()).toEqual(['baselined host-network Deployment/shop/old', 'baselined privileged Deployment/shop/old', 'warned digest Deployment/shop/old']);
    expect(statuses(chartWith((chart) => {
      legacy(chart);
      workload(chart, 'new', { ...BAD_SPEC, containers: GOOD_SPEC.containers });
    }))).toContain('enforced host-network Deployment/shop/new');
  });

  test('a container that is put before a listed one leaves it listed', () => {
    update(chartWith(legacy));
    const { findings, staleBaseline } = outcomeOf(chartWith((chart) => workload(chart, 'old', { ...BAD_SPEC, containers: [container('first'), ...BAD_SPEC.containers] })));
    expect(findings.filter(({ status }) => status === 'enforced')).toEqual([]);
    expect(staleBaseline).toEqual([]);
  });

  test('what was listed for one container is new in another', () => {
    update(chartWith(legacy));
    const chart = chartWith((scope) => workload(scope, 'old', { ...BAD_SPEC, containers: [...BAD_SPEC.containers, container('more', { securityContext: { privileged: true } })] }));
    expect(statuses(chart).filter((each) => each.startsWith('enforced'))).toEqual(['enforced privileged Deployment/shop/old']);
  });
});

describe('a finding that is gone must leave the file', () => {
  test('one of several', () => {
    update(chartWith(legacy));
    const { staleBaseline } = outcomeOf(chartWith((chart) => workload(chart, 'old', { containers: BAD_SPEC.containers })));
    expect(staleBaseline.map(({ file, control, resource, path }) => [file, control, resource, path])).toEqual([[FILE, 'host-network', 'Deployment/shop/old', 'spec.template.spec.hostNetwork']]);
  });

  test('all of them, also where nothing is found any more', () => {
    update(chartWith(legacy));
    expect(outcomeOf(chartWith((chart) => workload(chart, 'old', GOOD_SPEC))).staleBaseline).toHaveLength(2);
    expect(outcomeOf(chartWith(() => undefined)).staleBaseline).toHaveLength(2);
  });

  test('and one that is waived: else it would outlive the waiver', () => {
    update(chartWith(legacy));
    const chart = chartWith(legacy);
    Controls.of(chart).waive(waiver({ control: 'host-network', resource: 'Deployment/shop/old', value: true }));
    const { staleBaseline } = outcomeOf(chart);
    expect(staleBaseline.map(({ control }) => control)).toEqual(['host-network']);
  });

  test('and the file says so in a synth, which fails until it has', () => {
    update(chartWith(legacy));
    expect(errorOf(() => chartWith((chart) => workload(chart, 'old', { containers: BAD_SPEC.containers })).toJson())).toContain(
      `[] ${FILE}: host-network Deployment/shop/old spec.template.spec.hostNetwork is fixed or waived. Remove it from the file, so that it can't come back (CDK8S_HARDENED_UPDATE_BASELINE=1 writes the file anew).`);
    update(chartWith((chart) => workload(chart, 'old', { containers: BAD_SPEC.containers })));
    expect(() => chartWith((chart) => workload(chart, 'old', { containers: BAD_SPEC.containers })).toJson()).not.toThrow();
  });

  test('an update with nothing to list writes an empty list', () => {
    expect(update(chartWith((chart) => workload(chart, 'old', GOOD_SPEC))).baselineUpdates).toMatchObject([{ path: FILE, findings: 0 }]);
    expect(entries()).toEqual([]);
  });
});

describe('an update', () => {
  test('writes nothing while objects are judged: what comes later may fail', () => {
    process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
    try {
      expect(outcomeOf(chartWith(legacy)).baselineUpdates).toHaveLength(1);
    } finally {
      delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
    }
    expect(fs.existsSync(FILE)).toBe(false);
  });

  test('leaves a file that holds the same already untouched', () => {
    update(chartWith(legacy));
    fs.utimesSync(FILE, 1, 1);
    update(chartWith(legacy));
    expect(fs.statSync(FILE).mtimeMs).toBe(1000);
  });
});

describe('an update of a file that is there', () => {
  const updating = () => errorOf(() => update(chartWith(legacy)));

  test('refuses what is no baseline, and leaves it', () => {
    fs.writeFileSync(FILE, 'kind: Pod\n');
    expect(updating()).toBe(`[${FILE}] baseline: allowed: JSON. Restore it from version control, or delete it and write it anew with CDK8S_HARDENED_UPDATE_BASELINE=1 in the environment of the synth.`);
    fs.rmSync(FILE);
    fs.mkdirSync(FILE);
    expect(updating()).toBe(`[${FILE}] baseline: allowed: a regular file. Name the file that the baseline is to be written to.`);
  });

  test('takes an empty one', () => {
    fs.writeFileSync(FILE, '');
    update(chartWith(legacy));
    expect(entries()).toHaveLength(2);
  });

  test('keeps its mode and the symbolic link that leads to it, and leaves nothing beside it', () => {
    fs.writeFileSync('real.json', '', { mode: 0o600 });
    fs.symlinkSync('real.json', FILE);
    update(chartWith(legacy));
    expect(entries()).toHaveLength(2);
    expect(fs.lstatSync(FILE).isSymbolicLink()).toBe(true);
    expect(fs.statSync('real.json').mode % 0o1000).toBe(0o600);
    expect(fs.readdirSync('.').sort()).toEqual([FILE, 'real.json']);
  });
});

describe('several files', () => {
  test('the nearest holds', () => {
    const build = () => {
      const chart = chartWith(legacy);
      const other = new Chart(chart.node.root as Chart, 'other');
      Controls.of(other).baselineFrom('other.json');
      workload(other, 'api', BAD_SPEC);
      return chart;
    };
    expect(update(build()).baselineUpdates).toMatchObject([{ path: FILE, findings: 2 }, { path: 'other.json', findings: 2 }]);
    expect(entries().map(({ resource }) => resource)).toEqual(['Deployment/shop/old', 'Deployment/shop/old']);
    expect(statuses(build()).filter((each) => each.startsWith('enforced'))).toEqual([]);
  });

  test('one file that is named in two ways is one', () => {
    const build = () => {
      const chart = chartWith(legacy);
      const other = new Chart(chart.node.root as Chart, 'other');
      Controls.of(other).baselineFrom(`./${FILE}`);
      workload(other, 'api', BAD_SPEC);
      return chart;
    };
    expect(update(build()).baselineUpdates).toMatchObject([{ path: FILE, findings: 4 }]);
    expect(outcomeOf(build())).toMatchObject({ staleBaseline: [] });
  });
});

describe('bad input', () => {
  const failing = (text?: string) => {
    if (text !== undefined) {
      fs.writeFileSync(FILE, text);
    }
    return errorOf(() => outcomeOf(chartWith(() => undefined)));
  };
  const REWRITE = 'Restore it from version control, or delete it and write it anew with CDK8S_HARDENED_UPDATE_BASELINE=1 in the environment of the synth.';

  test('a file that is not there is named, even if there is nothing to hold against it', () => {
    expect(failing()).toBe(
      `[${FILE}] baseline: allowed: a file that can be read. Write it once with CDK8S_HARDENED_UPDATE_BASELINE=1 in the environment of the synth, and commit it.`);
  });

  test.each(['', 'findings: []', '{"formatVersion": 1, "findings": ['])('one that does not parse is named: %j', (text) => {
    expect(failing(text)).toBe(`[${FILE}] baseline: allowed: JSON. ${REWRITE}`);
  });

  test.each<[string, unknown]>([
    ['null', null], ['a list', []], ['another version', { formatVersion: 2, findings: [] }], ['no findings', { formatVersion: 1 }],
    ['an entry without a fingerprint', { formatVersion: 1, findings: [{ control: 'x' }] }], ['null for an entry', { formatVersion: 1, findings: [null] }],
  ])('one that is no baseline is named: %s', (_what, content) => {
    expect(failing(JSON.stringify(content))).toBe(`[${FILE}] baseline: allowed: formatVersion 1 and a list of findings, each with fingerprint and control. ${REWRITE}`);
  });

  test('one that can\'t be written is named', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(ALL).baselineFrom('missing/baseline.json');
    expect(errorOf(() => update(chart))).toBe('[missing/baseline.json] baseline: allowed: a file that can be written (ENOENT). Make its folder, or correct the path.');
  });
});
