import * as fs from 'fs';
import { ApiObject, ApiObjectProps, App, Chart, Include, JsonPatch, Lazy, Testing, YamlOutputType } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ALL, BAD_SPEC, container, control, DIGEST, found, GOOD_SPEC, HOST_NETWORK, outcomeOf, pack, PRIVILEGED, sampleChart, waiver, workload } from './sample-app';
import { HardenedApp } from '../../../src/app/hardened-app';
import { catalogControls } from '../../../src/controls/catalog/index.generated';
import { Controls } from '../../../src/controls/controls';
import { ControlPack } from '../../../src/controls/pack';
import { Requirement } from '../../../src/controls/requirement';
import { contents, useTempFolder } from '../../app/temp-folder';

const NAMESPACE_DEFAULT_DENY = catalogControls().find(({ id }) => id === 'namespace-default-deny')!;
const FIXES = pack(HOST_NETWORK, PRIVILEGED);
const NETWORK = 'the node\'s interfaces and addresses: check that it serves and measures the pod\'s network only';
const DEVICES = 'devices and kernel settings of the node: check that it starts and runs without them';
const FIXED_SPEC = { containers: [container('app', { image: 'app:1' })] };

/** What a check finds in a run that writes objects. */
function afterSynth(chart: Chart): ReturnType<typeof outcomeOf> {
  Testing.synth(chart);
  return outcomeOf(chart);
}

function specOf(json: any): unknown {
  return json.kind === 'Pod' ? json.spec : json.spec.template.spec;
}

describe('an object below a scope that hardens is written with its fixes', () => {
  useTempFolder();

  const build = (app: App) => {
    const chart = new Chart(app, 'chart');
    Controls.of(chart).harden(FIXES);
    workload(chart, 'web', BAD_SPEC);
    return chart;
  };
  const expected = () => {
    const chart = new Chart(new App({ outdir: 'expected' }), 'chart');
    workload(chart, 'web', FIXED_SPEC);
    (chart.node.root as App).synth();
    return contents('expected');
  };

  test('by a plain app', () => {
    const app = new App();
    build(app);
    app.synth();
    expect(contents('dist')).toEqual(expected());
  });

  test('by a hardened app', () => {
    const app = new HardenedApp({ quiet: true });
    Controls.of(app).warn(pack(DIGEST)); // not the recommended ones, whose ids the samples have
    build(app);
    app.synth();
    expect(contents('dist')).toEqual(expected());
  });

  test.each([YamlOutputType.FILE_PER_APP, YamlOutputType.FILE_PER_RESOURCE, YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE])('whatever the layout of files (%s)', (yamlOutputType) => {
    const app = new App({ yamlOutputType });
    build(app);
    app.synth();
    const [text] = Object.values(contents('dist'));
    expect(text).toBe(Object.values(expected())[0]);
  });

  test('in the text that an app returns', () => {
    for (const app of [new App(), new HardenedApp({ quiet: true })]) {
      build(app);
      expect(app.synthYaml()).toBe(Object.values(expected())[0]);
    }
  });

  test('by Testing.synth and chart.toJson', () => {
    expect(specOf(Testing.synth(build(new App()))[0])).toEqual(FIXED_SPEC);
    expect(specOf(build(new HardenedApp({ quiet: true })).toJson()[0])).toEqual(FIXED_SPEC);
  });

  test('when it is asked by itself, if it was there when hardening was said', () => {
    const chart = sampleChart();
    const web = workload(chart, 'web', BAD_SPEC);
    Controls.of(chart).harden(FIXES);
    expect(specOf(web.toJson())).toEqual(FIXED_SPEC);
  });
});

describe('whoever made it', () => {
  useTempFolder();

  const hardened = (chart: Chart): any[] => Testing.synth(chart);

  test('cdk8s-plus', () => {
    const chart = sampleChart();
    Controls.of(chart).harden(FIXES);
    new kplus.Deployment(chart, 'web', { hostNetwork: true, containers: [{ image: 'app:1', securityContext: { privileged: true, allowPrivilegeEscalation: true } }] });
    const spec: any = specOf(hardened(chart)[0]);
    expect([spec.hostNetwork, spec.containers[0].securityContext.privileged, spec.containers[0].image]).toEqual([undefined, undefined, 'app:1']);
  });

  test('Include', () => {
    fs.writeFileSync('web.yaml', JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec: BAD_SPEC }));
    const chart = sampleChart();
    Controls.of(chart).harden(FIXES);
    new Include(chart, 'web', { url: 'web.yaml' });
    expect(specOf(hardened(chart)[0])).toEqual(FIXED_SPEC);
  });

  test('a List, in its items, which stay as they are where they comply', () => {
    const chart = sampleChart();
    Controls.of(chart).harden(FIXES);
    const pod = (name: string, spec: object) => ({ apiVersion: 'v1', kind: 'Pod', metadata: { name, namespace: 'shop' }, spec });
    new ApiObject(chart, 'list', { apiVersion: 'v1', kind: 'List', items: [pod('good', GOOD_SPEC), pod('bad', BAD_SPEC)] });
    expect(hardened(chart)[0].items).toEqual([pod('good', GOOD_SPEC), pod('bad', FIXED_SPEC)]);
    expect(outcomeOf(chart).changes).toEqual([
      { resource: 'Pod/shop/bad', constructPath: 'chart/list', control: 'host-network', change: 'items[1].spec.hostNetwork: true → removed', mayNeed: NETWORK },
      { resource: 'Pod/shop/bad', constructPath: 'chart/list', control: 'privileged', change: 'items[1].spec.containers[0].securityContext.privileged: true → removed', mayNeed: DEVICES },
    ]);
  });

  test('a Pod with items, which is no list: itself and in its items', () => {
    const chart = sampleChart();
    Controls.of(chart).harden(FIXES);
    const inner = { metadata: { name: 'inner', namespace: 'shop' }, spec: BAD_SPEC };
    new ApiObject(chart, 'pod', { apiVersion: 'v1', kind: 'Pod', metadata: { name: 'outer', namespace: 'shop' }, spec: BAD_SPEC, items: [inner] } as object as ApiObjectProps);
    expect(hardened(chart)).toEqual([expect.objectContaining({ kind: 'Pod', spec: FIXED_SPEC, items: [{ ...inner, spec: FIXED_SPEC }] })]);
    expect(outcomeOf(chart).changes.map(({ resource, change }) => `${resource} ${change}`)).toEqual([
      'Pod/shop/outer spec.hostNetwork: true → removed', 'Pod/shop/outer spec.containers[0].securityContext.privileged: true → removed',
      'Pod/shop/inner items[0].spec.hostNetwork: true → removed', 'Pod/shop/inner items[0].spec.containers[0].securityContext.privileged: true → removed',
    ]);
  });

  test('somebody later: children, patches, and values that are known at synth alone', () => {
    const chart = sampleChart();
    Controls.of(chart).harden(FIXES);
    const web = workload(chart, 'web', GOOD_SPEC);
    Testing.synth(chart);
    web.addJsonPatch(JsonPatch.add('/spec/template/spec/hostNetwork', true), JsonPatch.add('/spec/template/spec/containers/1', { name: 'late', securityContext: { privileged: true } }));
    workload(chart, 'late', { ...GOOD_SPEC, hostNetwork: Lazy.any({ produce: () => true }) });
    const [first, second] = hardened(chart).map(specOf);
    expect(first).toEqual({ containers: [container('app'), { name: 'late' }] });
    expect(second).toEqual(GOOD_SPEC);
  });
});

describe('hardening', () => {
  test('leaves what complies untouched: the very values that the object gave', () => {
    const chart = sampleChart();
    workload(chart, 'web', GOOD_SPEC);
    const before = JSON.stringify(Testing.synth(chart));
    Controls.of(chart).harden(ALL, ControlPack.of('more', DIGEST));
    expect(JSON.stringify(Testing.synth(chart))).toBe(before);
    expect(afterSynth(chart)).toMatchObject({ changes: [], unfixed: [] });
  });

  test('changes nothing outside of its scope, nor under packs that are only enforced', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(FIXES);
    Controls.of(workload(chart, 'web', BAD_SPEC)).harden(FIXES);
    workload(chart, 'api', BAD_SPEC);
    const objects = chart.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
    expect(objects.map((object) => specOf(object.toJson()))).toEqual([FIXED_SPEC, BAD_SPEC]);
    expect(found(chart).map((each) => each.split(' ')[2])).toEqual(['Deployment/shop/api', 'Deployment/shop/api']);
  });

  test('is said twice and done once, and a second run finds nothing to do', () => {
    const chart = sampleChart();
    workload(chart, 'web', BAD_SPEC);
    Controls.of(chart).harden(FIXES).harden(FIXES);
    Controls.of(chart.node.root).harden(FIXES);
    const first = Testing.synth(chart);
    expect(Testing.synth(chart)).toEqual(first);
    expect(outcomeOf(chart).changes).toHaveLength(2);
    const again = sampleChart();
    Controls.of(again).harden(FIXES);
    new ApiObject(again, 'web', first[0]);
    expect(Testing.synth(again)).toEqual(first);
    expect(outcomeOf(again).changes).toEqual([]);
  });

  test('names each change, and what it has to leave with the reason; the finding stays', () => {
    const chart = sampleChart();
    Controls.of(chart).harden(ALL);
    workload(chart, 'web', BAD_SPEC);
    const { changes, unfixed } = afterSynth(chart);
    expect(changes).toEqual([
      { resource: 'Deployment/shop/web', constructPath: 'chart/web', control: 'host-network', change: 'spec.template.spec.hostNetwork: true → removed', mayNeed: NETWORK },
      { resource: 'Deployment/shop/web', constructPath: 'chart/web', control: 'privileged', change: 'spec.template.spec.containers[0].securityContext.privileged: true → removed', mayNeed: DEVICES },
    ]);
    expect(unfixed).toEqual([{
      resource: 'Deployment/shop/web', constructPath: 'chart/web', control: 'digest', path: 'spec.template.spec.containers[0].image',
      reason: 'No single value is right for every object: a person has to choose.',
    }]);
    expect(found(chart)).toEqual(['warned digest Deployment/shop/web spec.template.spec.containers[0].image']);
  });

  test('names what controls over several objects find, which no program can fix, unless it is waived', () => {
    const build = () => {
      const chart = sampleChart();
      Controls.of(chart).harden(ControlPack.of('several', NAMESPACE_DEFAULT_DENY));
      new ApiObject(chart, 'shop', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
      return chart;
    };
    const { findings, unfixed } = afterSynth(build());
    expect(findings.map(({ control: id }) => id)).toEqual(['namespace-default-deny']);
    expect(unfixed).toEqual([{
      resource: 'Namespace/shop', constructPath: 'chart/shop', control: 'namespace-default-deny', path: findings[0].path ?? '',
      reason: 'It concerns several objects: a person has to decide which of them changes, or what is added.',
    }]);
    const waived = build();
    const [{ toWaive }] = findings;
    Controls.of(waived).waive({ ...waiver({ control: 'namespace-default-deny' }), ...toWaive! });
    expect(afterSynth(waived)).toMatchObject({ findings: [{ status: 'waived' }], unfixed: [] });
    const reported = sampleChart();
    Controls.of(reported).warn(ControlPack.of('several', NAMESPACE_DEFAULT_DENY));
    new ApiObject(reported, 'shop', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
    expect(afterSynth(reported)).toMatchObject({ findings: [{ status: 'warned' }], unfixed: [] });
  });

  test('leaves what is waived, and fixes its neighbour', () => {
    const chart = sampleChart();
    Controls.of(chart).harden(FIXES).waive(waiver({ control: 'host-network', value: true }));
    workload(chart, 'web', BAD_SPEC);
    workload(chart, 'api', BAD_SPEC);
    expect(Testing.synth(chart).map(specOf)).toEqual([{ ...FIXED_SPEC, hostNetwork: true }, FIXED_SPEC]);
    const { findings, waivers } = outcomeOf(chart);
    expect(findings.map(({ status, resource }) => [status, resource])).toEqual([['waived', 'Deployment/shop/web']]);
    expect(waivers.map(({ state }) => state)).toEqual(['used']);
  });

  test('reports what it can\'t rewrite since another language has taken it over', () => {
    const chart = sampleChart();
    const web = workload(chart, 'web', BAD_SPEC);
    const original = web.toJson.bind(web);
    Object.defineProperty(web, 'toJson', { value: original, configurable: false, writable: false });
    Controls.of(chart).harden(FIXES);
    expect(specOf(Testing.synth(chart)[0])).toEqual(BAD_SPEC);
    expect(found(chart).map((each) => each.split(' ').slice(0, 2).join(' '))).toEqual(['warned host-network', 'warned privileged']);
  });

  test('keeps a text that may be a secret out of what it says', () => {
    const chart = sampleChart();
    Controls.of(chart).harden(pack(control('env', Requirement.eachContainer(Requirement.each('env', Requirement.absent('value'))), { concealsValues: true })));
    workload(chart, 'web', { containers: [container('app', { env: [{ name: 'PASSWORD', value: 'hunter2' }] })] });
    const { changes } = afterSynth(chart);
    expect(changes.map(({ change }) => change)).toEqual(['spec.template.spec.containers[0].env[0].value: a value that is not shown → removed']);
  });
});
