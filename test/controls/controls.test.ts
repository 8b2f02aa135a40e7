import { ApiObject, Chart } from 'cdk8s';
import { ALL, BAD_SPEC, container, control, DIGEST, errorOf, found, GOOD_SPEC, HOST_NETWORK, LIMIT, outcomeOf, pack, PRIVILEGED, sampleChart, waiver, workload } from './results/sample-app';
import { Controls } from '../../src/controls/controls';
import { ControlPack } from '../../src/controls/pack';
import { PodTemplateKind } from '../../src/controls/pod-template-kind';
import { Requirement } from '../../src/controls/requirement';
import { Severity } from '../../src/core/severity';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';

const HOST = pack(HOST_NETWORK);

/** Statuses of findings by object, whatever the control. */
function statuses(chart: Chart): Record<string, string> {
  return Object.fromEntries(outcomeOf(chart).findings.map(({ resource, status, control: id }) => [`${resource} ${id}`, status]));
}

describe('what is said at a scope holds for everything below it', () => {
  test('at the app', () => {
    const chart = sampleChart();
    Controls.of(chart.node.root).enforce(HOST);
    workload(chart, 'web', BAD_SPEC);
    workload(new Chart(chart.node.root as Chart, 'other'), 'api', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web host-network': 'enforced', 'Deployment/shop/api host-network': 'enforced' });
  });

  test('at a chart, and not in its neighbour', () => {
    const chart = sampleChart();
    Controls.of(chart).warn(HOST);
    workload(chart, 'web', BAD_SPEC);
    workload(new Chart(chart.node.root as Chart, 'other'), 'api', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web host-network': 'warned' });
  });

  test('at a namespace, for what is made below it', () => {
    const chart = sampleChart();
    const shop = new HardenedNamespace(chart, 'shop');
    Controls.of(shop).enforce(HOST);
    workload(shop, 'web', BAD_SPEC);
    workload(chart, 'api', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web host-network': 'enforced' });
  });

  test('at one object', () => {
    const chart = sampleChart();
    Controls.of(workload(chart, 'web', BAD_SPEC)).enforce(HOST);
    workload(chart, 'api', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web host-network': 'enforced' });
  });

  test('also for objects that are made after it was said', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(HOST);
    workload(chart, 'late', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/late host-network': 'enforced' });
  });
});

describe('what is said at several scopes adds up', () => {
  test('packs of all of them hold', () => {
    const chart = sampleChart();
    Controls.of(chart.node.root).warn(HOST);
    Controls.of(chart).enforce(pack(PRIVILEGED));
    Controls.of(workload(chart, 'web', BAD_SPEC)).warn(pack(DIGEST), pack(LIMIT));
    expect(statuses(chart)).toEqual({
      'Deployment/shop/web host-network': 'warned', 'Deployment/shop/web privileged': 'enforced', 'Deployment/shop/web digest': 'warned',
    });
  });

  test.each<[string, (chart: Chart) => void]>([
    ['above', (chart) => {
      Controls.of(chart.node.root).enforce(HOST);
      Controls.of(chart).warn(HOST);
    }],
    ['below', (chart) => {
      Controls.of(chart.node.root).warn(HOST);
      Controls.of(chart).enforce(HOST);
    }],
    ['beside', (chart) => {
      Controls.of(chart).enforce(HOST).warn(HOST).harden(pack(PRIVILEGED));
    }],
  ])('the stricter mode wins where it was said %s', (_where, say) => {
    const chart = sampleChart();
    say(chart);
    workload(chart, 'web', { ...BAD_SPEC, containers: GOOD_SPEC.containers });
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web host-network': 'enforced' });
  });

  test('one control in two packs is found once, and both are named', () => {
    const chart = sampleChart();
    Controls.of(chart).warn(ControlPack.of('one', HOST_NETWORK)).enforce(ControlPack.of('two', HOST_NETWORK));
    workload(chart, 'web', BAD_SPEC);
    const { findings, controls } = outcomeOf(chart);
    expect(findings).toHaveLength(1);
    expect(controls.map(({ control: { id }, packs }) => [id, packs])).toEqual([['host-network', ['one', 'two']]]);
  });

  describe('two controls with one id', () => {
    const registries = (prefix: string) => control('registry', Requirement.eachContainer(Requirement.matches('image', `^${prefix}/`)));
    const ours = pack(registries('ours.example'));
    const findings = (...said: ((controls: Controls) => void)[]) => {
      const chart = sampleChart();
      said.forEach((say, i) => say(Controls.of(i === 0 ? chart.node.root : chart)));
      workload(chart, 'web', GOOD_SPEC);
      return outcomeOf(chart).findings.map(({ status, expected }) => [status, expected]);
    };

    test('never take each other\'s place in silence, wherever they are attached', () => {
      const other = ControlPack.of('other', registries('other.example'));
      const message = '[ControlPack other] controls: got "registry"; allowed: ids that no other control of samples has, where both are attached. '
        + 'Rename it, or make the pack by ControlPack.replacing where it is meant to take the other one\'s place.';
      expect(errorOf(() => findings((all) => all.enforce(ours), (nearer) => nearer.warn(other)))).toBe(message);
      expect(errorOf(() => findings((all) => all.enforce(ours, other)))).toBe(message);
    });

    test('that say the same are one', () => {
      expect(findings((all) => all.enforce(ours), (nearer) => nearer.warn(pack(registries('ours.example'))))).toEqual([['enforced', 'text that matches ^ours.example/']]);
    });

    test('where one is said to replace the other: that one speaks, in the stricter mode of both, whichever is nearer', () => {
      const other = ours.replacing('other', registries('other.example'));
      const expected = [['enforced', 'text that matches ^other.example/']];
      expect(findings((all) => all.enforce(ours), (nearer) => nearer.warn(other))).toEqual(expected);
      expect(findings((all) => all.warn(other), (nearer) => nearer.enforce(ours))).toEqual(expected);
      expect(findings((all) => all.harden(ours).enforce(other))).toEqual(expected);
    });

    test('that both replace: the nearer speaks', () => {
      const [one, other] = ['one', 'other'].map((name) => ours.replacing(name, registries(`${name}.example`)));
      expect(findings((all) => all.enforce(other), (nearer) => nearer.warn(one))).toEqual([['enforced', 'text that matches ^one.example/']]);
    });
  });
});

describe('failOn', () => {
  test('reports what is enforced and less severe', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(ALL).failOn(Severity.HIGH);
    workload(chart, 'web', BAD_SPEC);
    expect(statuses(chart)).toEqual({
      'Deployment/shop/web host-network': 'enforced', 'Deployment/shop/web privileged': 'enforced', 'Deployment/shop/web digest': 'warned',
    });
  });

  test('said at several scopes, the stricter holds: nobody below loosens it', () => {
    const chart = sampleChart();
    Controls.of(chart.node.root).enforce(ALL).failOn(Severity.MEDIUM);
    Controls.of(chart).failOn(Severity.CRITICAL);
    workload(chart, 'web', BAD_SPEC);
    expect(statuses(chart)['Deployment/shop/web digest']).toBe('enforced');
    Controls.of(chart).failOn(Severity.INFO);
    workload(chart, 'api', { containers: [{ name: 'app', image: 'a@sha256:0' }] });
    expect(statuses(chart)['Deployment/shop/api limit']).toBe('enforced');
  });
});

describe('a control that supersedes another', () => {
  const weak = control('weak', Requirement.absentOrOneOf('spec.hostNetwork', false));
  const strong = control('strong', Requirement.absentOrOneOf('spec.hostNetwork', false), { supersedes: ['weak'], severity: Severity.LOW });

  test('speaks alone where both are taken alike', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(weak, strong));
    workload(chart, 'web', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web strong': 'enforced' });
  });

  test('never silences one that fails the synth by one that only reports: by its mode', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(weak)).warn(ControlPack.of('strong', strong));
    workload(chart, 'web', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web strong': 'warned', 'Deployment/shop/web weak': 'enforced' });
  });

  test('nor by its severity', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(pack(weak, strong)).failOn(Severity.HIGH);
    workload(chart, 'web', BAD_SPEC);
    expect(statuses(chart)).toEqual({ 'Deployment/shop/web strong': 'warned', 'Deployment/shop/web weak': 'enforced' });
  });
});

describe('the Pod Security Standards', () => {
  test('a pod that meets nothing is found at restricted, each cause once', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(ControlPack.pssBaseline(), ControlPack.pssRestricted());
    workload(chart, 'web', { containers: [{ name: 'app', image: 'app:1', securityContext: { privileged: true, capabilities: { add: ['SYS_ADMIN'] } } }] });
    const ids = outcomeOf(chart).findings.map(({ control: id }) => id);
    expect(ids).toEqual(expect.arrayContaining(['privileged', 'capabilities-restricted', 'run-as-non-root', 'allow-privilege-escalation', 'seccomp-profile-restricted']));
    expect(ids).not.toContain('capabilities-baseline');
    expect(ids).not.toContain('seccomp-profile-baseline');
  });
});

describe('bad input', () => {
  test.each<[string, (chart: Chart) => void, string]>([
    ['no construct', () => Controls.of(undefined as unknown as Chart), '[Controls.of] scope: got undefined; allowed: a construct. Give the app, a chart, a namespace or an object.'],
    ['no pack', (chart) => Controls.of(chart).enforce(), '[chart] packs: got []; allowed: one or more ControlPacks. Give, for instance, ControlPack.pssRestricted().'],
    ['a name for a pack', (chart) => Controls.of(chart).warn('nsa' as unknown as ControlPack), '[chart] packs: got "nsa"; allowed: one or more ControlPacks. Give, for instance, ControlPack.pssRestricted().'],
    ['null for a pack', (chart) => Controls.of(chart).harden(ALL, null as unknown as ControlPack), '[chart] packs: got null; allowed: one or more ControlPacks. Give, for instance, ControlPack.pssRestricted().'],
    ['undefined for a pack', (chart) => Controls.of(chart).enforce(undefined as unknown as ControlPack), '[chart] packs: got undefined; allowed: one or more ControlPacks. Give, for instance, ControlPack.pssRestricted().'],
    ['an unknown severity', (chart) => Controls.of(chart).failOn('hgih' as Severity), '[chart] severity: got "hgih"; allowed: info, low, medium, high, critical. Take a value of Severity.'],
    ['no path of a waiver file', (chart) => Controls.of(chart).waiversFrom(''), '[chart] path: got ""; allowed: the path of a file. Name it like waivers.yaml.'],
    ['a file descriptor for a waiver file', (chart) => Controls.of(chart).waiversFrom(0 as unknown as string), '[chart] path: got 0; allowed: the path of a file. Name it like waivers.yaml.'],
    ['no path of a baseline', (chart) => Controls.of(chart.node.root).baselineFrom(undefined as unknown as string),
      '[<root>] path: got undefined; allowed: the path of a file. Name it like controls-baseline.json.'],
    ['no kind', (chart) => Controls.of(chart).podTemplatesOf(), '[chart] kinds: got []; allowed: one or more PodTemplateKinds. Give what PodTemplateKind.of makes.'],
    ['an object for a kind', (chart) => Controls.of(chart).podTemplatesOf({ kind: 'Game' } as unknown as PodTemplateKind),
      '[chart] kinds[0]: got {"kind":"Game"}; allowed: a PodTemplateKind. Give what PodTemplateKind.of makes.'],
  ])('%s is refused', (_what, run, message) => {
    expect(errorOf(() => run(sampleChart()))).toBe(message);
  });

  test('a waiver that is refused leaves the scope as it was', () => {
    const chart = sampleChart();
    Controls.of(chart).enforce(HOST);
    workload(chart, 'web', BAD_SPEC);
    expect(() => Controls.of(chart).waive({ ...waiver({ control: 'host-network', value: true }), reason: '' })).toThrow('reason');
    expect(outcomeOf(chart).waivers).toEqual([]);
    expect(found(chart)).toEqual(['enforced host-network Deployment/shop/web spec.template.spec.hostNetwork']);
  });
});

test('calls can be chained, and two calls at one scope are one scope', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(HOST).failOn(Severity.LOW);
  Controls.of(chart).warn(pack(LIMIT));
  workload(chart, 'web', { ...BAD_SPEC, containers: [{ name: 'app' }] });
  expect(statuses(chart)).toEqual({ 'Deployment/shop/web host-network': 'enforced', 'Deployment/shop/web limit': 'warned' });
});

test('a control that acts in the API server only is not held against objects at synth', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(pack(control('later', Requirement.absent('spec.hostNetwork'), { actsAt: 'admission' as never, actsAtReason: 'It needs the user.' })));
  workload(chart, 'web', BAD_SPEC);
  expect(found(chart)).toEqual([]);
});

test('pods of a custom resource are judged like any, whether the library knows it or it is named', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(HOST).podTemplatesOf(PodTemplateKind.of({ group: 'x.example', versions: ['v1'], kind: 'Job', resource: 'jobs', templates: ['spec.tasks.[].pod'] }));
  new ApiObject(chart, 'rollout', { apiVersion: 'argoproj.io/v1alpha1', kind: 'Rollout', metadata: { name: 'r' }, spec: { template: { spec: BAD_SPEC } } });
  new ApiObject(chart, 'job', { apiVersion: 'x.example/v1', kind: 'Job', metadata: { name: 'j' }, spec: { tasks: [{ pod: { spec: GOOD_SPEC } }, { pod: { spec: { ...BAD_SPEC, containers: [container('x')] } } }] } });
  expect(found(chart)).toEqual([
    'enforced host-network Rollout.argoproj.io/r spec.template.spec.hostNetwork', 'enforced host-network Job.x.example/j spec.tasks[1].pod.spec.hostNetwork',
  ]);
});
