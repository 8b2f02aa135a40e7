import { ApiObject, Chart } from 'cdk8s';
import { ALL, container, control, found, GOOD_SPEC, outcomeOf, pack, sampleChart, workload } from './sample-app';
import { AppliesTo } from '../../../src/controls/applies-to';
import { Controls } from '../../../src/controls/controls';
import { PodTemplateKind } from '../../../src/controls/pod-template-kind';
import { Requirement } from '../../../src/controls/requirement';

function uncovered(chart: Chart): string[] {
  return outcomeOf(chart).notCovered.map(({ resource, constructPath, reason }) => `${resource} (${constructPath}): ${reason}`);
}

function game(chart: Chart): ApiObject {
  return new ApiObject(chart, 'chess', {
    apiVersion: 'games.example.com/v1', kind: 'Game', metadata: { name: 'chess', namespace: 'shop' },
    spec: { server: { template: { spec: { hostNetwork: true, containers: [container('app')] } } } },
  });
}

const UNKNOWN = 'It holds containers at a place that is not known: name the kind by Controls.of(app).podTemplatesOf.';

test('pods that an operator makes are named as not covered', () => {
  const chart = sampleChart();
  Controls.of(chart).warn(ALL);
  new ApiObject(chart, 'events', { apiVersion: 'kafka.strimzi.io/v1beta2', kind: 'Kafka', metadata: { name: 'events', namespace: 'shop' } });
  expect(uncovered(chart)).toEqual(['Kafka.kafka.strimzi.io/shop/events (chart/events): An operator makes its pods from settings of its own.']);
});

test('so are containers in a kind that nobody knows: they never pass in silence', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(ALL);
  game(chart);
  expect(uncovered(chart)).toEqual([`Game.games.example.com/shop/chess (chart/chess): ${UNKNOWN}`]);
  expect(found(chart)).toEqual([]);
});

test('once its templates are named, they are judged as any', () => {
  const chart = sampleChart();
  Controls.of(chart.node.root).podTemplatesOf(PodTemplateKind.of({
    group: 'games.example.com', versions: ['v1'], kind: 'Game', resource: 'games', templates: ['spec.server.template'],
  }));
  Controls.of(chart).enforce(ALL);
  game(chart);
  expect(uncovered(chart)).toEqual([]);
  expect(found(chart)).toEqual(['enforced host-network Game.games.example.com/shop/chess spec.server.template.spec.hostNetwork']);
});

test('a PodTemplate is judged, though Kubernetes itself makes no pods from it', () => {
  const chart = sampleChart();
  Controls.of(chart).enforce(ALL);
  new ApiObject(chart, 'template', {
    apiVersion: 'v1', kind: 'PodTemplate', metadata: { name: 'x', namespace: 'shop' }, template: { spec: { ...GOOD_SPEC, hostNetwork: true } },
  });
  expect(uncovered(chart)).toEqual([]);
  expect(found(chart)).toEqual(['enforced host-network PodTemplate/shop/x template.spec.hostNetwork']);
});

test('nothing is said of what is judged, of what makes no pods, nor where no control looks at pods', () => {
  const chart = sampleChart();
  Controls.of(chart).warn(ALL);
  workload(chart, 'web', GOOD_SPEC);
  new ApiObject(chart, 'config', { apiVersion: 'v1', kind: 'ConfigMap', data: { containers: 'none' } });
  expect(uncovered(chart)).toEqual([]);
  const other = sampleChart();
  Controls.of(other).warn(pack(control('type', Requirement.present('spec.type'), { appliesTo: AppliesTo.kinds('Service') })));
  game(other);
  expect(uncovered(other)).toEqual([]);
});
