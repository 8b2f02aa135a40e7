import { ApiObject, App, Chart } from 'cdk8s';
import { catalogControls } from '../../../src/controls/catalog';
import { Controls } from '../../../src/controls/controls';
import { Json } from '../../../src/controls/path';
import { acceptFindings, everyFinding, ReviewedException } from '../../../src/controls/waivers/reviewed-exception';
import { statedNeeds } from '../../../src/controls/waivers/stated-needs';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { setToday } from '../../../src/core/today';

const VERSION = KubernetesVersion.V1_36;
const EXCEPTION: ReviewedException = { reason: 'It measures the node.', owner: 'shop', expires: '2026-02-01' };

/** A Deployment on the node's network, beside one that is not said to need it. */
function tree(today: string = '2026-01-01') {
  const app = new App();
  setToday(app, today);
  const chart = new Chart(app, 'c');
  const make = (name: string) => new ApiObject(chart, name, {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name, namespace: 'shop' },
    spec: { template: { spec: { hostNetwork: true, hostPID: true, containers: [{ name: 'app', image: 'app' }] } } },
  });
  const objects = [make('web'), make('other')];
  const judged = () => statedNeeds(app, objects.map((construct) => ({ construct, json: construct.toJson() as unknown })), VERSION)
    .map(({ control, construct }) => `${control.id} ${construct.node.id}`);
  const json = objects[0].toJson() as Json;
  const accepted = everyFinding(json, VERSION).filter(({ control }) => control.id === 'host-network');
  expect(accepted).toHaveLength(1);
  return { app, web: objects[0], json, judged, accepted: accepted.map((finding) => ({ finding, exception: EXCEPTION })) };
}

test('what is accepted where it is needed counts, though no controls are attached, and nothing else of the object', () => {
  const { web, json, judged, accepted } = tree();
  expect(judged()).toEqual([]);
  acceptFindings(web, json, accepted, 'here');
  expect(judged()).toEqual(['host-network web']);
});

test('it counts no more once its day has passed', () => {
  const { web, json, judged, accepted } = tree('2026-02-02');
  acceptFindings(web, json, accepted, 'here');
  expect(judged()).toEqual([]);
});

test('an ordinary waiver counts where its control is attached alone', () => {
  const { app, judged } = tree();
  Controls.of(app).waive({ ...EXCEPTION, control: 'host-network', resource: 'Deployment/shop/web', value: true });
  expect(judged()).toEqual([]);
});

test('what weaker controls say is accepted with what the stronger ones say', () => {
  const json: Json = {
    apiVersion: 'v1', kind: 'Pod', metadata: { name: 'a', namespace: 'b' },
    spec: { containers: [{ name: 'a', image: 'a' }], volumes: [{ name: 'logs', hostPath: { path: '/var/log/pods' } }] },
  };
  const ids = everyFinding(json, VERSION).map(({ control }) => control.id);
  expect(ids).toEqual(expect.arrayContaining(['restricted-volumes', 'host-path-volumes']));
  expect(catalogControls().find(({ id }) => id === 'restricted-volumes')!.supersedes).toContain('host-path-volumes');
});
