import * as fs from 'fs';
import { ApiObject, Chart } from 'cdk8s';
import { Controls } from '../../../src/controls/controls';
import { Requirement } from '../../../src/controls/requirement';
import { Waiver } from '../../../src/controls/waivers/waiver';
import { Severity } from '../../../src/core/severity';
import { useTempFolder } from '../../app/temp-folder';
import { container, control, DIGEST, errorOf, GOOD_SPEC, HOST_NETWORK, LIMIT, outcomeOf, pack, PRIVILEGED, sampleChart, waiver, workload } from '../results/sample-app';

const ADD = control('add', Requirement.eachContainer(Requirement.subsetOf('securityContext.capabilities.add', 'NET_BIND_SERVICE')));
const ENFORCED = pack(HOST_NETWORK, PRIVILEGED, DIGEST, LIMIT, ADD);
const add = (name: string, ...capabilities: string[]) => container(name, { securityContext: { capabilities: { add: capabilities } } });

function chartWith(build: (chart: Chart) => void, ...waivers: Waiver[]): Chart {
  const chart = sampleChart();
  Controls.of(chart).enforce(ENFORCED);
  waivers.forEach((each) => Controls.of(chart).waive(each));
  build(chart);
  return chart;
}

/** What is still enforced, and what became of each waiver. */
function outcome(chart: Chart): { enforced: string[]; waivers: string[] } {
  const { findings, waivers } = outcomeOf(chart);
  return {
    enforced: findings.filter(({ status }) => status === 'enforced').map(({ resource, path }) => `${resource} ${path}`),
    waivers: waivers.map(({ state, hint }) => [state, hint].filter((part) => part !== undefined).join(': ')),
  };
}

const NET_ADMIN = waiver({ control: 'add', container: 'app', value: ['NET_ADMIN'] });
const ADDED = 'spec.template.spec.containers[0].securityContext.capabilities.add';

describe('a waiver accepts one finding', () => {
  test('by control, object, container and value', () => {
    expect(outcome(chartWith((chart) => workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] }), NET_ADMIN))).toEqual({ enforced: [], waivers: ['used'] });
  });

  test('and is shown with it', () => {
    const { findings: [finding], waived } = outcomeOf(chartWith((chart) => workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] }), NET_ADMIN));
    expect(finding).toMatchObject({ status: 'waived', waiver: NET_ADMIN, got: '["NET_ADMIN"]' });
    expect(waived.map(({ control: { id }, fault }) => [id, fault.got])).toEqual([['add', ['NET_ADMIN']]]);
  });

  test('about something that is missing, without a value', () => {
    const build = (chart: Chart) => workload(chart, 'web', { containers: [{ name: 'app', image: 'a@sha256:0' }] });
    expect(outcome(chartWith(build, waiver({ control: 'limit', container: 'app' })))).toEqual({ enforced: [], waivers: ['used'] });
  });

  test('whose value is written in another order of keys', () => {
    const volumes = control('volumes', Requirement.each('spec.volumes', Requirement.anyOf(Requirement.present('emptyDir'), Requirement.present('secret'))));
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(volumes)).waive(waiver({ control: 'volumes', value: { hostPath: { type: 'File', path: '/x' }, name: 'x' } }));
    workload(chart, 'web', { ...GOOD_SPEC, volumes: [{ name: 'x', hostPath: { path: '/x', type: 'File' } }] });
    expect(outcome(chart)).toEqual({ enforced: [], waivers: ['used'] });
  });

  test('of an object in a List, by its own name and the path in what is written', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(ENFORCED).waive(waiver({ control: 'host-network', resource: 'Pod/web', path: 'items[0].spec.hostNetwork', value: true }));
    const spec = { ...GOOD_SPEC, hostNetwork: true };
    workload(chart, 'unrelated', GOOD_SPEC).addJsonPatch({ _toJson: () => ({ op: 'replace', path: '', value: { apiVersion: 'v1', kind: 'List', items: [{ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'web' }, spec }] } }) } as never);
    expect(outcome(chart)).toEqual({ enforced: [], waivers: ['used'] });
  });
});

const VALUE = 'spec.template.spec.containers[0].env[0].value';
const NOTE = 'spec.template.metadata.annotations["example.com/note"]';

/** A workload whose pods have an annotation. */
function noted(chart: Chart, note: string): ApiObject {
  const template = { metadata: { annotations: { 'example.com/note': note } }, spec: GOOD_SPEC };
  return new ApiObject(chart, 'web', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template } });
}

describe('a concealed value is waived at one place', () => {
  const ENV = control('env', Requirement.eachContainer(Requirement.each('env', Requirement.absent('value'))));
  const twoSecrets = (declared: Waiver) => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(ENV)).waive(declared);
    workload(chart, 'web', { containers: [container('app', { env: [{ name: 'A', value: 'hunter2' }, { name: 'DB_PASSWORD', value: 98765432 }] })] });
    return outcome(chart);
  };
  const second = VALUE.replace('env[0]', 'env[1]');

  test('that its path names, and at no other', () => {
    expect(twoSecrets(waiver({ control: 'env', container: 'app', path: VALUE }))).toEqual({ enforced: [`Deployment/shop/web ${second}`], waivers: ['used'] });
  });

  test('and at none without a path: it would cover every one of them', () => {
    expect(twoSecrets(waiver({ control: 'env', container: 'app' }))).toEqual({
      enforced: [`Deployment/shop/web ${VALUE}`, `Deployment/shop/web ${second}`],
      waivers: [`unused: the value there is not shown, so that the waiver has to name the one place: state path ${VALUE}`],
    });
  });

  test('but a container as a whole is named by its name', () => {
    const chart = sampleChart();
    const probes = control('probes', Requirement.eachContainer(Requirement.anyOf(Requirement.present('livenessProbe'), Requirement.present('readinessProbe'))));
    Controls.of(chart).enforce(pack(probes)).waive(waiver({ control: 'probes', container: 'app' }));
    workload(chart, 'web', { containers: [container('app', { env: [{ name: 'A', value: 'hunter2' }] })] });
    expect(outcome(chart)).toEqual({ enforced: [], waivers: ['used'] });
  });
});

describe('a kind alone is that of Kubernetes itself', () => {
  const both = (resource: string) => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(HOST_NETWORK)).waive(waiver({ control: 'host-network', resource, value: true }));
    for (const apiVersion of ['apps/v1', 'apps.kruise.io/v1alpha1']) {
      new ApiObject(chart, apiVersion, {
        apiVersion, kind: 'DaemonSet', metadata: { name: 'web', namespace: 'shop' }, spec: { template: { spec: { ...GOOD_SPEC, hostNetwork: true } } },
      });
    }
    return outcome(chart);
  };
  const at = 'spec.template.spec.hostNetwork';

  test('not that of a group that has one by the same name', () => {
    expect(both('DaemonSet/shop/web')).toEqual({ enforced: [`DaemonSet.apps.kruise.io/shop/web ${at}`], waivers: ['used'] });
  });

  test('which is named with its group', () => {
    expect(both('DaemonSet.apps.kruise.io/shop/web')).toEqual({ enforced: [`DaemonSet/shop/web ${at}`], waivers: ['used'] });
  });

  test('and a custom resource without its group is told the name that it has', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(HOST_NETWORK)).waive(waiver({ control: 'host-network', resource: 'Rollout/shop/web', value: true }));
    new ApiObject(chart, 'web', {
      apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'web', namespace: 'shop' }, spec: { template: { spec: { ...GOOD_SPEC, hostNetwork: true } } },
    });
    workload(new Chart(chart, 'sub'), 'web', GOOD_SPEC);
    expect(outcome(chart)).toEqual({
      enforced: [`Rollout.argoproj.io/shop/web ${at}`], waivers: ['unused: there is no Rollout/shop/web (Rollout.argoproj.io/shop/web?)'],
    });
  });
});

describe('its nearest neighbours stay found', () => {
  const neighbour = (build: (chart: Chart) => void, ...waivers: Waiver[]) => outcome(chartWith((chart) => {
    workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] });
    build(chart);
  }, ...(waivers.length > 0 ? waivers : [NET_ADMIN])));

  test('in another container', () => {
    const chart = chartWith((scope) => workload(scope, 'web', { containers: [add('app', 'NET_ADMIN'), add('proxy', 'NET_ADMIN')] }), NET_ADMIN);
    expect(outcome(chart)).toEqual({ enforced: [`Deployment/shop/web ${ADDED.replace('[0]', '[1]')}`], waivers: ['used'] });
  });

  test('in another workload', () => {
    expect(neighbour((chart) => workload(chart, 'api', { containers: [add('app', 'NET_ADMIN')] })).enforced).toEqual([`Deployment/shop/api ${ADDED}`]);
  });

  test('in another kind of workload with the same name', () => {
    expect(neighbour((chart) => workload(new Chart(chart, 'sub'), 'web', { containers: [add('app', 'NET_ADMIN')] }, 'DaemonSet')).enforced).toEqual([`DaemonSet/shop/web ${ADDED}`]);
  });

  test('in another namespace', () => {
    const chart = chartWith((scope) => Object.assign(workload(scope, 'web', { containers: [add('app', 'NET_ADMIN')] }).metadata, { namespace: 'other' }), NET_ADMIN);
    expect(outcome(chart)).toEqual({ enforced: [`Deployment/other/web ${ADDED}`], waivers: ['unused: there is no Deployment/shop/web (Deployment/other/web?)'] });
  });

  test.each([['another', ['SYS_ADMIN']], ['one more', ['NET_ADMIN', 'SYS_ADMIN']], ['the same in another order', ['NET_RAW', 'NET_ADMIN']]])('with another value: %s', (_what, capabilities) => {
    const declared = { ...NET_ADMIN, value: ['NET_ADMIN', 'NET_RAW'].slice(0, capabilities.length) };
    expect(outcome(chartWith((chart) => workload(chart, 'web', { containers: [add('app', ...capabilities)] }), declared))).toEqual({
      enforced: [`Deployment/shop/web ${ADDED}`], waivers: [`unused: the value there is ${JSON.stringify(capabilities)}: state it as value`],
    });
  });

  test('at another path, where the waiver names one', () => {
    const volumes = control('paths', Requirement.each('spec.volumes', Requirement.absent('hostPath.path')));
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(volumes)).waive(waiver({ control: 'paths', path: 'spec.template.spec.volumes[0].hostPath.path', value: '/dev' }));
    workload(chart, 'web', { ...GOOD_SPEC, volumes: [{ name: 'a', hostPath: { path: '/dev' } }, { name: 'b', hostPath: { path: '/dev' } }] });
    expect(outcome(chart)).toEqual({ enforced: ['Deployment/shop/web spec.template.spec.volumes[1].hostPath.path'], waivers: ['used'] });
  });

  test('of another control at the same place', () => {
    const chart = chartWith((scope) => workload(scope, 'web', { containers: [container('app', { image: 'a:1', securityContext: { privileged: true } })] }),
      waiver({ control: 'privileged', container: 'app', value: true }));
    expect(outcome(chart)).toEqual({ enforced: ['Deployment/shop/web spec.template.spec.containers[0].image'], waivers: ['used'] });
  });

  test('outside of the scope at which it was declared', () => {
    const chart = chartWith(() => undefined);
    const other = new Chart(chart.node.root as Chart, 'other');
    Controls.of(other).waive(NET_ADMIN);
    workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] });
    expect(outcome(chart)).toEqual({ enforced: [`Deployment/shop/web ${ADDED}`], waivers: ['unused: the object is not below other, where the waiver was declared'] });
  });
});

describe('a waiver that is of no use says what it would have to say', () => {
  const hint = (build: (chart: Chart) => void, declared: Waiver) => outcome(chartWith(build, declared)).waivers;
  const web = (chart: Chart) => workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] });

  test.each<[string, Waiver, string]>([
    ['no container', waiver({ control: 'add', value: ['NET_ADMIN'] }), 'the finding is in container "app"'],
    ['another container', { ...NET_ADMIN, container: 'proxy' }, 'the finding is in container "app"'],
    ['another path', { ...NET_ADMIN, path: 'spec.template.spec.containers[1]' }, `the finding is at ${ADDED}`],
    ['no value', waiver({ control: 'add', container: 'app' }), 'the value there is ["NET_ADMIN"]: state it as value'],
    ['an object that is not there', { ...NET_ADMIN, resource: 'Deployment/shop/webb' }, 'there is no Deployment/shop/webb (Deployment/shop/web?)'],
    ['an object whose namespace was left out', { ...NET_ADMIN, resource: 'Deployment/web' }, 'there is no Deployment/web (Deployment/shop/web?)'],
    ['an object of another kind', { ...NET_ADMIN, resource: 'Rollout/shop/web' }, 'there is no Rollout/shop/web (Deployment/shop/web?)'],
    ['an object that nothing is like', { ...NET_ADMIN, resource: 'Deployment/shop/payments' }, 'there is no Deployment/shop/payments'],
    ['a control that is not there', { ...NET_ADMIN, control: 'adds' }, 'no control "adds" holds for it (add?)'],
    ['a control that is met', waiver({ control: 'host-network', value: true }), 'Deployment/shop/web meets it'],
  ])('%s', (_what, declared, expected) => {
    expect(hint(web, declared)).toEqual([`unused: ${expected}`]);
  });

  test('a container for a finding in none, and a value for one that shows none', () => {
    expect(hint((chart) => workload(chart, 'web', { ...GOOD_SPEC, hostNetwork: true }), waiver({ control: 'host-network', container: 'app', value: true }))).toEqual(['unused: the finding is in no container']);
    expect(hint((chart) => workload(chart, 'web', { containers: [{ name: 'app', image: 'a@sha256:0' }] }), waiver({ control: 'limit', container: 'app', value: '1Gi' })))
      .toEqual(['unused: the finding shows no value: leave value out']);
  });

  test('a control whose place another one takes', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(HOST_NETWORK, control('stronger', HOST_NETWORK.requirement, { supersedes: ['host-network'] }))).waive(waiver({ control: 'host-network', value: true }));
    workload(chart, 'web', { ...GOOD_SPEC, hostNetwork: true });
    expect(outcome(chart).waivers).toEqual(['unused: stronger speaks in its place there: waive that']);
  });

  test('a second one for the same finding', () => {
    expect(outcome(chartWith(web, NET_ADMIN, NET_ADMIN)).waivers).toEqual(['used', 'unused: the waiver at chart accepts the same finding']);
  });

  test('but a wider one is of use for what a narrower one leaves', () => {
    const volumes = control('paths', Requirement.each('spec.volumes', Requirement.absent('hostPath.path')));
    const chart = sampleChart();
    const wide = waiver({ control: 'paths', value: '/dev' });
    Controls.of(chart).enforce(pack(volumes)).waive(wide).waive({ ...wide, path: 'spec.template.spec.volumes[1].hostPath.path' });
    workload(chart, 'web', { ...GOOD_SPEC, volumes: [{ name: 'a', hostPath: { path: '/dev' } }, { name: 'b', hostPath: { path: '/dev' } }] });
    expect(outcome(chart)).toEqual({ enforced: [], waivers: ['used', 'used'] });
  });

  test('the nearest miss is told, not the first', () => {
    const build = (chart: Chart) => workload(chart, 'web', { containers: [add('first', 'SYS_ADMIN'), add('app', 'SYS_ADMIN')] });
    expect(hint(build, NET_ADMIN)).toEqual(['unused: the value there is ["SYS_ADMIN"]: state it as value']);
  });

  test('never a value that may be a secret', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(control('env', Requirement.eachContainer(Requirement.each('env', Requirement.absent('value'))))))
      .waive(waiver({ control: 'env', container: 'app', value: 'x' })).waive(waiver({ control: 'env', container: 'app', path: VALUE }));
    workload(chart, 'web', { containers: [container('app', { env: [{ name: 'A', value: `ghp_${'aB3'.repeat(12)}` }] })] });
    const { enforced, waivers } = outcome(chart);
    expect(enforced).toEqual([]);
    expect([...waivers].sort()).toEqual([`unused: the value there is not shown, so that the waiver has to name the one place: state path ${VALUE}`, 'used']);
  });

  test('nor the value that it states itself, which may be one', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(control('tokens', Requirement.absent('metadata.annotations["example.com/note"]'), { concealsValues: true })))
      .waive(waiver({ control: 'tokens', path: NOTE, value: 'correct horse' }));
    noted(chart, 'correct horse');
    const { waivers, findings } = outcomeOf(chart);
    expect(waivers).toMatchObject([{ state: 'unused', hint: 'the finding shows no value: leave value out' }]);
    expect(JSON.stringify([waivers.map(({ waiver: { value, path } }) => [value, path]), findings.map(({ got }) => got)])).not.toContain('correct horse');
  });
});

describe('time', () => {
  const web = (chart: Chart) => workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] });
  const until = (expires: string) => outcome(chartWith(web, { ...NET_ADMIN, expires }));

  test('it holds to the end of its last day, warns 30 days ahead, and accepts nothing after', () => {
    expect(until('2026-07-16')).toEqual({ enforced: [], waivers: ['used'] });
    expect(until('2026-07-15')).toEqual({ enforced: [], waivers: ['expiring'] });
    expect(until('2026-06-15')).toEqual({ enforced: [], waivers: ['expiring'] });
    expect(until('2026-06-14')).toEqual({ enforced: [`Deployment/shop/web ${ADDED}`], waivers: ['expired'] });
  });

  test('one that has ended is expired, also if nothing is found for it any more', () => {
    expect(outcome(chartWith((chart) => workload(chart, 'web', GOOD_SPEC), { ...NET_ADMIN, expires: '2026-01-01' })).waivers).toEqual(['expired']);
  });

  test('one of no use is unused, also if it ends soon', () => {
    expect(outcome(chartWith((chart) => workload(chart, 'web', GOOD_SPEC), { ...NET_ADMIN, expires: '2026-06-20' })).waivers).toEqual(['unused: Deployment/shop/web meets it']);
  });

  test('one that runs longer than its finding\'s severity permits accepts nothing, says so, and hides no finding', () => {
    const chart = chartWith((scope) => workload(scope, 'web', { containers: [container('app', { securityContext: { privileged: true } })] }),
      waiver({ control: 'privileged', container: 'app', value: true, expires: '2026-09-14' }));
    expect(PRIVILEGED.severity).toBe(Severity.CRITICAL);
    const hint = 'it runs to 2026-09-14, and a finding of severity critical is waived for at most 90 days from now: choose a nearer day, and look at it again then';
    expect(outcome(chart)).toEqual({ enforced: ['Deployment/shop/web spec.template.spec.containers[0].securityContext.privileged'], waivers: [`unused: ${hint}`] });
    const error = errorOf(() => chart.toJson());
    expect(error).toContain(`[] waiver of privileged for Deployment/shop/web (chart) accepts nothing: ${hint}. Correct or remove it.`);
    expect(error).toContain('CRITICAL privileged: Deployment/shop/web');
  });

  test('none accepts what has no name of its own: any number of objects may be called the same', () => {
    const job = { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'web-', namespace: 'shop' }, spec: { template: { spec: { containers: [add('app', 'NET_ADMIN')] } } } };
    const chart = chartWith((scope) => new ApiObject(scope, 'jobs', { apiVersion: 'v1', kind: 'List', items: [job, job] }), { ...NET_ADMIN, resource: 'Job/shop' });
    expect(outcome(chart)).toEqual({
      enforced: ['items[0]', 'items[1]'].map((item) => `Job/shop ${item}.${ADDED}`),
      waivers: ['unused: the object has no name, and others may be called the same: state metadata.name'],
    });
  });
});

describe('in a synth', () => {
  useTempFolder();
  const failure = (build: (chart: Chart) => void, ...waivers: Waiver[]) => errorOf(() => chartWith(build, ...waivers).toJson());

  test('an unused one fails it', () => {
    expect(failure((chart) => workload(chart, 'web', GOOD_SPEC), NET_ADMIN)).toBe('Validation failed with the following errors:\n  '
      + '[] waiver of add for Deployment/shop/web (chart) accepts nothing: Deployment/shop/web meets it. Correct or remove it.');
  });

  test('an expired one fails it, also where its finding would only be reported', () => {
    const chart = sampleChart();
    Controls.of(chart).warn(ENFORCED).waive({ ...NET_ADMIN, expires: '2026-06-14' });
    workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] });
    expect(errorOf(() => chart.toJson())).toBe('Validation failed with the following errors:\n  [] waiver of add for Deployment/shop/web (chart) ended on 2026-06-14. '
      + 'Correct the object and remove it, or have it waived anew by platform.');
  });

  test('one from a file is named by file and entry', () => {
    fs.writeFileSync('waivers.yaml', JSON.stringify({ waivers: [NET_ADMIN, { ...NET_ADMIN, resource: 'Deployment/shop/gone' }] }));
    const chart = chartWith((scope) => workload(scope, 'web', { containers: [add('app', 'NET_ADMIN')] }));
    Controls.of(chart).waiversFrom('waivers.yaml');
    expect(errorOf(() => chart.toJson())).toContain('[] waiver of add for Deployment/shop/gone (waivers.yaml, entry 2) accepts nothing: there is no Deployment/shop/gone. Correct or remove it.');
    expect(outcomeOf(chart).findings.map(({ status, waiver: accepted }) => [status, accepted?.owner])).toEqual([['waived', 'platform']]);
  });

  test('one that is used lets it pass', () => {
    expect(chartWith((chart) => workload(chart, 'web', { containers: [add('app', 'NET_ADMIN')] }), NET_ADMIN).toJson()).toHaveLength(1);
  });
});
