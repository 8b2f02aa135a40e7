import * as fs from 'fs';
import * as os from 'os';
import * as path from 'path';
import { ApiObject, App, Chart, Include, Lazy, Testing, YamlOutputType } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { contents, useTempFolder } from './temp-folder';
import { HardenedApp, HardenedAppProps } from '../../src/app/hardened-app';
import { Controls } from '../../src/controls/controls';
import { ControlPack } from '../../src/controls/pack';
import { Requirement } from '../../src/controls/requirement';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Severity } from '../../src/core/severity';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { ALL, BAD_SPEC, container, control, DAY, DIGEST, errorOf, GOOD_SPEC, HOST_NETWORK, LIMIT, pack, PRIVILEGED, waiver, workload } from '../controls/results/sample-app';

const HOST = pack(HOST_NETWORK);
const IMAGE = `ghcr.io/acme/web@sha256:${'0'.repeat(64)}`;

function app(props: HardenedAppProps = {}): HardenedApp {
  return new HardenedApp({ quiet: true, date: DAY, ...props });
}

interface ReportedFinding {
  readonly control: string;
  readonly status: string;
  readonly resource: string;
  readonly constructPath: string;
  readonly path: string;
  readonly manifest: string;
}

function findings(): ReportedFinding[] {
  return JSON.parse(fs.readFileSync('evidence.out/findings.json', 'utf8')).findings;
}

/** Findings as `status control resource path`. */
function reported(): string[] {
  return findings().map((each) => [each.status, each.control, each.resource, each.path].join(' '));
}

const report = () => JSON.parse(fs.readFileSync('evidence.out/report.json', 'utf8'));

function summaryOf(run: () => void): string[] {
  const write = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  try {
    run();
    return write.mock.calls.map(([text]) => String(text)).join('').split('\n').filter((line) => line !== '');
  } finally {
    write.mockRestore();
  }
}

useTempFolder();

describe('where an enforced finding fails the synth', () => {
  const failing = () => {
    const root = app();
    Controls.of(root).enforce(HOST).warn(ALL);
    workload(new Chart(root, 'chart'), 'web', BAD_SPEC);
    return root;
  };

  test('nothing but the evidence is written', () => {
    expect(() => failing().synth()).toThrow();
    expect(fs.readdirSync('.')).toEqual(['evidence.out']);
    expect(Object.keys(contents('evidence.out')).filter((file) => !file.startsWith('.')).sort()).toEqual([
      'findings.json', 'findings.junit.xml', 'findings.sarif', 'images.json', 'images.txt', 'report.json', 'report.md',
    ]);
    expect(reported()).toEqual([
      'warned privileged Deployment/shop/web spec.template.spec.containers[0].securityContext.privileged',
      'enforced host-network Deployment/shop/web spec.template.spec.hostNetwork',
      'warned digest Deployment/shop/web spec.template.spec.containers[0].image',
    ]);
  });

  test('everything else stays as an earlier run wrote it', () => {
    const good = app();
    workload(new Chart(good, 'chart'), 'web', GOOD_SPEC);
    good.synth();
    const { 'evidence.out': _evidence, ...before } = Object.fromEntries(fs.readdirSync('.').map((folder) => [folder, contents(folder)]));
    expect(() => failing().synth()).toThrow();
    const { 'evidence.out': evidence, ...after } = Object.fromEntries(fs.readdirSync('.').map((folder) => [folder, contents(folder)]));
    expect(after).toEqual(before);
    expect(Object.keys(before)).toEqual(['dist']);
    expect(evidence['findings.json']).toContain('"enforced"');
  });

  test('the error says what, where, what is there, what would comply, what to do and where the rest is', () => {
    expect(errorOf(() => failing().synth())).toBe(`What is enforced isn't met. Nothing was written but evidence.out: see report.md there.

HIGH

  Deployment/shop/web
  made by chart/web

    host-network: Not met: Pods meet host-network
      at        spec.template.spec.hostNetwork
      got       true
      expected  absent or false
      fix       Mend host-network.

1 finding in 1 object: 1 high
Correct them, or accept single ones for a time: fill in reason, owner and expires.
  Controls.of(app).waive({ control: "host-network", resource: "Deployment/shop/web", path: "spec.template.spec.hostNetwork", value: true, reason: "", owner: "", expires: "" });`);
  });

  test('it has the waivers of the worst findings, and says where the rest are', () => {
    const root = app();
    Controls.of(root).enforce(ALL);
    workload(new Chart(root, 'chart'), 'web', { ...BAD_SPEC, containers: [...BAD_SPEC.containers, container('b', { image: 'b:1' }), container('c', { image: 'c:1' })] });
    const lines = errorOf(() => root.synth()).split('\n');
    expect(lines.filter((line) => line.startsWith('  Controls.of(app).waive(')).map((line) => line.split('"')[1])).toEqual(['privileged', 'host-network', 'digest']);
    expect(lines.at(-1)).toBe('  … and 2 more waivers in evidence.out/report.md');
  });

  test('the evidence lists no checksums of files that were not written', () => {
    expect(() => failing().synth()).toThrow();
    expect(report()).toMatchObject({ written: false, inventory: { files: [] } });
    expect(fs.readFileSync('evidence.out/report.md', 'utf8')).toContain('The synth failed. Nothing was written but this folder');
    const good = app();
    workload(new Chart(good, 'chart'), 'web', GOOD_SPEC);
    good.synth();
    expect(report()).toMatchObject({ written: true, inventory: { files: [{ path: 'dist/chart.k8s.yaml' }] } });
  });

  test('it names the container, which a waiver has to name', () => {
    const root = app();
    Controls.of(root).enforce(pack(DIGEST));
    workload(new Chart(root, 'chart'), 'web', BAD_SPEC);
    expect(errorOf(() => root.synth())).toContain('at        spec.template.spec.containers[0].image (container "app")');
  });

  test('waivers that are of no use fail it alone, and say why, in the evidence too', () => {
    const root = app();
    workload(new Chart(root, 'chart'), 'web', GOOD_SPEC);
    Controls.of(root).enforce(HOST).waive(waiver({ control: 'host-network', value: true }));
    expect(errorOf(() => root.synth())).toBe(`What was accepted has to be looked at again. Nothing was written but evidence.out: see report.md there.

waiver of host-network for Deployment/shop/web (<root>) accepts nothing: Deployment/shop/web meets it. Correct or remove it.`);
    expect(fs.readdirSync('.')).toEqual(['evidence.out']);
    expect(report().checks.waivers).toEqual([expect.objectContaining({ state: 'unused', hint: 'Deployment/shop/web meets it' })]);
    expect(fs.readFileSync('evidence.out/report.md', 'utf8')).toContain('| UNUSED: Deployment/shop/web meets it | host-network |');
  });

  test('the text that is returned fails too, and nothing is written', () => {
    expect(errorOf(() => failing().synthYaml())).toContain('HIGH host-network: Deployment/shop/web (chart/web)');
    expect(contents('.')).toEqual({});
  });

  test('so do chart.toJson and Testing.synth', () => {
    const chart = failing().node.findChild('chart') as Chart;
    expect(errorOf(() => chart.toJson())).toContain('HIGH host-network: Deployment/shop/web (chart/web)');
    expect(errorOf(() => Testing.synth(chart))).toContain('HIGH host-network: Deployment/shop/web (chart/web)');
  });
});

describe('what holds where nothing was said', () => {
  test('findings of the recommended pack are reported', () => {
    const root = app();
    workload(new Chart(root, 'chart'), 'web', { hostNetwork: true, containers: [{ name: 'app', image: 'app:1' }] });
    root.synth();
    expect(reported()).toEqual(expect.arrayContaining(['warned host-network Deployment/shop/web spec.template.spec.hostNetwork']));
    expect(new Set(findings().map(({ status }) => status))).toEqual(new Set(['warned']));
    expect(report().checks.packs.map(({ pack: name }: { pack: string }) => name)).toEqual(['recommended']);
  });

  test.each<[string, (root: HardenedApp) => void]>([
    ['failOn', (root) => Controls.of(root).failOn(Severity.HIGH)],
    ['a waiver', (root) => Controls.of(root).waive(waiver({ control: 'host-network', value: true }))],
    ['a pack at a chart', (root) => Controls.of(root.node.findChild('chart')).enforce(pack(LIMIT))],
  ])('also where only %s was said', (_what, say) => {
    const root = app();
    workload(new Chart(root, 'chart'), 'web', { ...GOOD_SPEC, hostNetwork: true, hostPID: true });
    say(root);
    root.synth();
    expect(reported()).toEqual(expect.arrayContaining(['warned host-pid Deployment/shop/web spec.template.spec.hostPID']));
  });

  test('not where packs were named at the app: those and no others hold', () => {
    const root = app();
    Controls.of(root).warn(HOST);
    workload(new Chart(root, 'chart'), 'web', { ...BAD_SPEC, hostPID: true });
    root.synth();
    expect(reported()).toEqual(['warned host-network Deployment/shop/web spec.template.spec.hostNetwork']);
  });
});

describe('each object is evaluated once', () => {
  function asked(charts: number, yamlOutputType: YamlOutputType, attach: (root: HardenedApp) => void): number[] {
    const root = app({ yamlOutputType });
    const counts: number[] = [];
    for (let i = 0; i < charts; i++) {
      counts.push(0);
      const spec = { ...GOOD_SPEC, hostname: Lazy.any({ produce: () => (counts[i]++ >= 0 ? 'web' : '') }) };
      workload(new Chart(root, `chart-${i}`), `web-${i}`, spec);
    }
    attach(root);
    root.synth();
    return counts;
  }

  const LAYOUTS = [
    YamlOutputType.FILE_PER_APP, YamlOutputType.FILE_PER_CHART, YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE,
  ];
  test.each(LAYOUTS)('in layout %s, whatever the number of charts, scopes and packs', (layout) => {
    for (const charts of [1, 5]) {
      expect(new Set(asked(charts, layout, () => undefined))).toEqual(new Set([1]));
      expect(new Set(asked(charts, layout, (root) => {
        Controls.of(root).enforce(ALL).harden(ALL);
        root.node.children.forEach((chart) => Controls.of(chart).warn(HOST));
      }))).toEqual(new Set([1]));
    }
  });

  test('the JSON that is judged is the JSON that is written', () => {
    const root = app();
    let answers = 0;
    const spec = { ...GOOD_SPEC, hostNetwork: Lazy.any({ produce: () => ++answers > 1 }) };
    workload(new Chart(root, 'chart'), 'web', spec);
    Controls.of(root).enforce(HOST);
    root.synth();
    expect(fs.readFileSync('dist/chart.k8s.yaml', 'utf8')).toContain('hostNetwork: false');
  });
});

describe('objects are judged whoever made them', () => {
  const enforced = (build: (chart: Chart) => void, chartType: typeof Chart = Chart) => {
    const root = app();
    Controls.of(root).enforce(HOST);
    build(new chartType(root, 'chart'));
    expect(() => root.synth()).toThrow('What is enforced');
    return findings().map(({ resource, constructPath, path: place, manifest }) => `${resource} (${constructPath}) ${place} in ${manifest}`);
  };
  const pod = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec });

  test('raw objects', () => {
    expect(enforced((chart) => new ApiObject(chart, 'web', pod('web', BAD_SPEC)))).toEqual(['Pod/shop/web (chart/web) spec.hostNetwork in dist/chart.k8s.yaml']);
  });

  test('Include', () => {
    fs.writeFileSync('all.yaml', `${JSON.stringify(pod('good', GOOD_SPEC))}\n---\n${JSON.stringify(pod('bad', BAD_SPEC))}\n`);
    expect(enforced((chart) => new Include(chart, 'all', { url: 'all.yaml' }))).toEqual(['Pod/shop/bad (chart/all/bad-pod-shop) spec.hostNetwork in dist/chart.k8s.yaml']);
  });

  test('cdk8s-plus', () => {
    expect(enforced((chart) => new kplus.CronJob(chart, 'job', {
      metadata: { name: 'job', namespace: 'shop' }, schedule: { expressionString: '* * * * *' } as never, hostNetwork: true, containers: [{ image: 'app:1' }],
    }))).toEqual(['CronJob/shop/job (chart/job/Resource) spec.jobTemplate.spec.template.spec.hostNetwork in dist/chart.k8s.yaml']);
  });

  test('lists', () => {
    expect(enforced((chart) => new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [pod('good', GOOD_SPEC), pod('bad', BAD_SPEC)] })))
      .toEqual(['Pod/shop/bad (chart/list) items[1].spec.hostNetwork in dist/chart.k8s.yaml']);
  });

  test('a chart that renders itself: by what it renders', () => {
    class Rewriting extends Chart {
      public override toJson(): any[] {
        return [...super.toJson().map((json) => ({ ...json, spec: BAD_SPEC })), pod('more', BAD_SPEC), null];
      }
    }
    expect(enforced((chart) => new ApiObject(chart, 'web', pod('web', GOOD_SPEC)), Rewriting).sort()).toEqual([
      '(no kind) (chart) undefined in dist/chart.k8s.yaml',
      'Pod/shop/more (chart) spec.hostNetwork in dist/chart.k8s.yaml',
      'Pod/shop/web (chart/web) spec.hostNetwork in dist/chart.k8s.yaml',
    ]);
  });

  test('what this library makes meets the restricted standard, and the same by cdk8s-plus does not', () => {
    const good = app();
    Controls.of(good).enforce(ControlPack.pssRestricted());
    const shop = new HardenedNamespace(new Chart(good, 'chart'), 'shop');
    new SecureWorkload(shop, 'web', { image: IMAGE, port: 8080 });
    good.synth();
    expect(findings()).toEqual([]);
    const bad = app();
    Controls.of(bad).enforce(ControlPack.pssRestricted());
    new kplus.Deployment(new Chart(bad, 'chart'), 'web', { containers: [{ image: IMAGE }] });
    expect(() => bad.synth()).toThrow('seccomp-profile-restricted');
  });
});

describe('whatever a chart renders, a synth ends with a finding, never with a crash or in silence', () => {
  const JUNK: unknown[] = [
    null, undefined, 5, 'text', true, [], {}, [null], { items: null }, { apiVersion: '/', kind: '/' }, { apiVersion: 1, kind: 'Pod', metadata: { name: 'x' } },
    { apiVersion: 'v1', kind: 5, metadata: { name: 'x' } }, { apiVersion: 'v1', kind: 'Pod', metadata: [] }, { apiVersion: 'v1', kind: 'List', items: {} },
    { apiVersion: 'v1', kind: 'List', items: [null, 5, { items: [{}] }] }, { apiVersion: 'v1', kind: 'Pod', metadata: null, spec: { containers: [[]] } },
    { apiVersion: 'v1', kind: 'Pod', metadata: { name: 5, namespace: {} }, spec: { containers: [{ name: 5, image: {} }, { name: null }] } },
    { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'd', namespace: 'x' }, spec: { replicas: 'many', template: { metadata: { labels: 5 }, spec: { containers: {} } } } },
    {
      apiVersion: 'v1', kind: 'Pod', metadata: { name: 'x' },
      spec: { volumes: {}, containers: [{ name: 'a', env: 'x', ports: [null], resources: { limits: { cpu: 'absurd', memory: -1 } }, args: [5, null] }] },
    },
    { apiVersion: 'argoproj.io/v1alpha1', kind: 'Workflow', spec: { templates: [null, { container: 5 }] } },
    { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'r' }, rules: [null, 5, { verbs: 'x' }] },
  ];

  function rendering(root: App, documents: unknown[]): App {
    class Rendering extends Chart {
      public override toJson(): any[] {
        super.toJson();
        return documents;
      }
    }
    new Rendering(root, 'chart');
    Controls.of(root).enforce(ControlPack.recommended());
    return root;
  }

  test.each(JUNK)('%j', (document) => {
    expect(errorOf(() => rendering(app(), [document]).synth())).toMatch(/^What is enforced isn't met\./);
    expect(errorOf(() => rendering(new App(), [document]).synth())).toMatch(/^Validation failed with the following errors:\n {2}\[\] (LOW|MEDIUM|HIGH|CRITICAL) [a-z-]+: /);
  });

  test('all of them together', () => {
    const named = JUNK.filter((document) => !JSON.stringify(document)?.includes('"name":"x"'));
    expect(errorOf(() => rendering(app(), named).synth())).toMatch(/^What is enforced isn't met\./);
    expect(findings().length).toBeGreaterThanOrEqual(named.length);
  });
});

describe('waivers', () => {
  const accepted = (props: HardenedAppProps = {}, more: Partial<Parameters<typeof waiver>[0]> = {}) => {
    const root = app(props);
    Controls.of(root).enforce(HOST).waive(waiver({ control: 'host-network', value: true, ticket: 'SEC-12', approver: 'ciso', ...more }));
    workload(new Chart(root, 'chart'), 'web', BAD_SPEC);
    return root;
  };

  test('appear in the evidence with who, why and until when', () => {
    accepted().synth();
    const terms = { reason: 'It measures the network.', owner: 'platform', expires: '2026-08-31', ticket: 'SEC-12', approver: 'ciso' };
    expect(findings()).toEqual([expect.objectContaining({ status: 'waived', waiver: terms })]);
    expect(report().checks.waivers).toEqual([{ ...terms, control: 'host-network', covers: 'Deployment/shop/web, value true', state: 'used', declaredAt: '<root>' }]);
  });

  test('are measured against the date that the app was given', () => {
    expect(() => accepted({ date: '2026-08-31' }).synth()).not.toThrow();
    expect(errorOf(() => accepted({ date: '2026-09-01' }).synth())).toContain('ended on 2026-08-31');
    expect(errorOf(() => new HardenedApp({ date: '2026-9-1' }))).toBe('[<root>] date: got "2026-9-1"; allowed: a day as YYYY-MM-DD. Write it like 2027-01-31.');
  });

  test('else against SOURCE_DATE_EPOCH, else the clock', () => {
    process.env.SOURCE_DATE_EPOCH = String(Date.UTC(2026, 8, 1) / 1000);
    try {
      expect(errorOf(() => accepted({ date: undefined }).synth())).toContain('ended on 2026-08-31');
    } finally {
      delete process.env.SOURCE_DATE_EPOCH;
    }
    const clock = jest.useFakeTimers({ now: new Date('2026-08-30T12:00:00Z') });
    try {
      expect(() => accepted({ date: undefined }).synth()).not.toThrow();
      clock.setSystemTime(new Date('2026-09-01T00:00:00Z'));
      expect(errorOf(() => accepted({ date: undefined }).synth())).toContain('ended on 2026-08-31');
    } finally {
      jest.useRealTimers();
    }
  });

  test('the date is in no output, and two days give the same bytes', () => {
    const outputs = (date: string) => {
      const lines = summaryOf(() => accepted({ date, quiet: false }).synth());
      return [...Object.values(contents('.')), ...lines].join('\n');
    };
    const first = outputs('2026-06-03');
    expect(first).not.toMatch(/2026-06-03|20260603/);
    expect(outputs('2026-06-04')).toBe(first);
  });

  test('that end within 30 days are named in the summary', () => {
    expect(summaryOf(() => accepted({ quiet: false }, { expires: '2026-07-01' }).synth())).toContain(
      '1 waiver ends within 30 days: host-network for Deployment/shop/web, value true on 2026-07-01');
  });
});

describe('a baseline', () => {
  const build = (spec: object = BAD_SPEC) => {
    const root = app({ quiet: false });
    Controls.of(root).enforce(pack(HOST_NETWORK, PRIVILEGED)).baselineFrom('baseline.json');
    workload(new Chart(root, 'chart'), 'web', spec);
    return root;
  };
  const update = () => {
    process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
    try {
      return summaryOf(() => build().synth());
    } finally {
      delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
    }
  };

  test('lets an existing code base start, and shows in the evidence', () => {
    expect(update()).toContain('written anew: baseline.json with 2 findings');
    expect(summaryOf(() => build().synth())).toContain('No findings.');
    expect(findings().map(({ status }) => status)).toEqual(['baselined', 'baselined']);
  });

  describe('is written with the outputs or not at all', () => {
    beforeEach(() => {
      process.env.CDK8S_HARDENED_UPDATE_BASELINE = '1';
    });
    afterEach(() => {
      delete process.env.CDK8S_HARDENED_UPDATE_BASELINE;
    });

    test('not where the synth fails after all', () => {
      const root = build();
      Controls.of(root).waive(waiver({ control: 'digest' }));
      expect(errorOf(() => root.synth())).toContain('accepts nothing');
      expect(fs.readdirSync('.')).toEqual(['evidence.out']);
    });

    test('not where an output can\'t be written', () => {
      fs.writeFileSync('evidence.out', 'in the way');
      expect(errorOf(() => build().synth())).toContain('evidence.out');
      expect(contents('.')).toEqual({ 'evidence.out': 'in the way' });
    });

    test('and where it can\'t be written, no output is', () => {
      fs.mkdirSync('baseline.json');
      expect(errorOf(() => build().synth())).toContain('baseline.json');
      expect(fs.readdirSync('.')).toEqual(['baseline.json']);
    });

    test('not for the text that an app returns', () => {
      build().synthYaml();
      expect(fs.readdirSync('.')).toEqual([]);
    });
  });

  test('a finding that is gone has to leave it: the synth fails, and the evidence says why', () => {
    update();
    const message = 'baseline.json: host-network Deployment/shop/web spec.template.spec.hostNetwork is fixed or waived. Remove it from the file, so that it can\'t come back (CDK8S_HARDENED_UPDATE_BASELINE=1 writes the file anew).';
    expect(errorOf(() => build({ containers: BAD_SPEC.containers }).synth())).toBe(
      `What was accepted has to be looked at again. Nothing was written but evidence.out: see report.md there.\n\n${message}`);
    expect(report().checks.failures).toEqual([message]);
    expect(fs.readFileSync('evidence.out/findings.junit.xml', 'utf8')).toContain('<testsuite name="synth" tests="1" failures="1"');
  });
});

describe('the evidence and the summary', () => {
  const build = () => {
    const root = app({ quiet: false });
    Controls.of(root).warn(ALL).harden(HOST, ControlPack.of('digests', DIGEST));
    const chart = new Chart(root, 'chart');
    ['web', 'api', 'db'].forEach((name) => workload(chart, name, BAD_SPEC));
    new ApiObject(chart, 'events', { apiVersion: 'kafka.strimzi.io/v1beta2', kind: 'Kafka', metadata: { name: 'events', namespace: 'shop' } });
    return root;
  };

  test('list what hardening changed, what it left and why, and pods that no check sees', () => {
    summaryOf(() => build().synth());
    const { hardening, notCovered } = report().checks;
    const mayNeed = 'the node\'s interfaces and addresses: check that it serves and measures the pod\'s network only';
    expect(hardening.changes).toEqual(['api', 'db', 'web'].map((name) => (
      { resource: `Deployment/shop/${name}`, constructPath: `chart/${name}`, control: 'host-network', change: 'spec.template.spec.hostNetwork: true → removed', mayNeed }
    )));
    expect(hardening.unfixed).toEqual(['api', 'db', 'web'].map((name) => ({
      resource: `Deployment/shop/${name}`, constructPath: `chart/${name}`, control: 'digest', path: 'spec.template.spec.containers[0].image',
      reason: 'No single value is right for every object: a person has to choose.',
    })));
    expect(notCovered).toEqual([{ resource: 'Kafka.kafka.strimzi.io/shop/events', constructPath: 'chart/events', reason: 'An operator makes its pods from settings of its own.' }]);
    const markdown = fs.readFileSync('evidence.out/report.md', 'utf8');
    expect(markdown).toContain('## Changed by hardening\n\n| object | control | change | the program may need | construct |\n| --- | --- | --- | --- | --- |\n'
      + `| Deployment/shop/api | host-network | spec.template.spec.hostNetwork: true → removed | ${mayNeed} | chart/api |`);
    expect(markdown).toContain('## Left by hardening');
    expect(markdown).toContain('## Pods that no check sees before they exist');
  });

  test('the summary groups findings by control and counts changes', () => {
    expect(summaryOf(() => build().synth()).slice(3)).toEqual([
      '6 findings:',
      '  CRITICAL privileged: 3 findings, the first in Deployment/shop/api',
      '  MEDIUM digest: 3 findings, the first in Deployment/shop/api',
      'hardened: 3 changes in 3 objects, 3 changes that a program may not survive (see report.md); 3 findings left for a person',
      'pods of 1 object are judged by no check before they exist: Kafka.kafka.strimzi.io/shop/events',
    ]);
  });

  test('hold the same bytes in every run, on any day, in any folder', () => {
    const run = () => {
      summaryOf(() => build().synth());
      return contents('evidence.out');
    };
    const first = run();
    expect(run()).toEqual(first);
    fs.mkdirSync('elsewhere');
    process.chdir('elsewhere');
    try {
      expect(run()).toEqual(first);
    } finally {
      process.chdir('..');
    }
  });

  test('show no secret that an object holds', () => {
    const root = app();
    const token = `ghp_${'aB3'.repeat(12)}`;
    Controls.of(root).harden(pack(control('env', Requirement.eachContainer(Requirement.each('env', Requirement.absent('value')))))).warn(ControlPack.of(
      'probes', control('probes', Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.present('startupProbe')))),
    ));
    workload(new Chart(root, 'chart'), 'web', { containers: [container('app', { env: [{ name: 'A', value: token }, { name: 'PASSWORD', valueFrom: { secretKeyRef: {} } }], args: ['--password=hunter2'] })] });
    root.synth();
    const evidence = Object.values(contents('evidence.out')).join('\n');
    expect(evidence).not.toContain(token);
    expect(evidence).not.toContain('hunter2');
    expect(report().checks.hardening.changes).toHaveLength(1);
  });

  test('name the version that objects were judged at', () => {
    const at = (version: KubernetesVersion) => {
      const root = app({ cluster: new ClusterProfile({ name: 'c', kubernetesVersion: version }) });
      Controls.of(root).warn(ControlPack.pssBaseline());
      const spec = { containers: [{ name: 'app', image: IMAGE, livenessProbe: { httpGet: { host: '127.0.0.1', port: 80 } } }] };
      workload(new Chart(root, 'chart'), 'web', spec);
      root.synth();
      return reported().filter((each) => each.includes('host-probes'));
    };
    expect(at(KubernetesVersion.V1_33)).toEqual([]);
    expect(at(KubernetesVersion.V1_34)).toEqual(['warned host-probes Deployment/shop/web spec.template.spec.containers[0].livenessProbe.httpGet.host']);
  });
});

describe('evidence names the folder that manifests are written to', () => {
  const named = (props: HardenedAppProps = {}) => {
    const root = app(props);
    Controls.of(root).warn(HOST);
    workload(new Chart(root, 'chart'), 'web', BAD_SPEC);
    root.synth();
    const { uri } = JSON.parse(fs.readFileSync('evidence.out/findings.sarif', 'utf8')).runs[0].results[0].locations[0].physicalLocation.artifactLocation;
    const [{ manifest }] = findings();
    expect(uri).toBe(manifest);
    expect(report().inventory.files.map(({ path: file }: { path: string }) => file)).toEqual([manifest]);
    return manifest;
  };

  test.each<[string, string]>([
    ['out/manifests', 'out/manifests/chart.k8s.yaml'], ['./out//', 'out/chart.k8s.yaml'], [path.join('..', 'beside'), '../beside/chart.k8s.yaml'],
  ])('%s', (outdir, manifest) => {
    fs.mkdirSync('work');
    process.chdir('work');
    try {
      expect(named({ outdir })).toBe(manifest);
    } finally {
      process.chdir('..');
    }
  });

  test('an absolute one relative to the working directory, so that it is the same on every machine', () => {
    expect(named({ outdir: path.resolve('out') })).toBe('out/chart.k8s.yaml');
  });

  test('one that the environment names, inside the working directory', () => {
    process.env.CDK8S_OUTDIR = path.resolve('out');
    expect(named()).toBe('out/chart.k8s.yaml');
  });

  test('not the temporary one that cdk8s synth --stdout hands out: the evidence has the same bytes in every run', () => {
    named();
    const usual = contents('evidence.out');
    const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'cdk8s-'));
    process.env.CDK8S_OUTDIR = temporary;
    try {
      expect(named()).toBe('dist/chart.k8s.yaml');
      expect(fs.readdirSync(temporary)).toEqual(['chart.k8s.yaml']);
      expect(contents('evidence.out')).toEqual(usual);
    } finally {
      fs.rmSync(temporary, { recursive: true });
    }
  });

  test('and its own, for what is about no file', () => {
    const root = app({ evidenceOutdir: 'out/evidence', cluster: new ClusterProfile({ name: 'old', kubernetesVersion: KubernetesVersion.V1_28 }) });
    root.synth();
    expect(fs.readFileSync('out/evidence/findings.sarif', 'utf8')).toContain('"uri": "out/evidence/report.md"');
  });
});

test('under a plain app and a hardened one, the same is written and the same is found', () => {
  const build = (root: App) => {
    const chart = new Chart(root, 'chart');
    Controls.of(root).harden(HOST).enforce(pack(PRIVILEGED));
    workload(chart, 'web', { ...BAD_SPEC, containers: GOOD_SPEC.containers });
    return chart;
  };
  const plain = new App({ outdir: 'plain' });
  build(plain);
  plain.synth();
  const hardened = app();
  build(hardened);
  hardened.synth();
  expect(contents('dist')).toEqual(contents('plain'));
  expect(contents('dist')['chart.k8s.yaml']).not.toContain('hostNetwork');
});
