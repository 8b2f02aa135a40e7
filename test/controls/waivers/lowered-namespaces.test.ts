import { ApiObject, App, Chart } from 'cdk8s';
import { Json } from '../../../src/controls/path';
import { loweredNamespaces } from '../../../src/controls/waivers/lowered-namespaces';
import { acceptFindings, everyFinding } from '../../../src/controls/waivers/reviewed-exception';
import { statedNeeds } from '../../../src/controls/waivers/stated-needs';
import { dependsOnWaivers } from '../../../src/controls/waivers/waiver-effects';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { setToday } from '../../../src/core/today';

const VERSION = KubernetesVersion.V1_36;
const RESTRICTED = Object.fromEntries(['enforce', 'audit', 'warn'].map((mode) => [`pod-security.kubernetes.io/${mode}`, 'restricted']));

/** What is found of the namespaces of a tree in which a pod's field is waived. */
function found(pod: Json, isDependent: boolean = true): unknown[] {
  const app = new App();
  setToday(app, '2026-01-01');
  const chart = new Chart(app, 'c');
  const namespaces = ['shop', 'other'].map((name) => new ApiObject(chart, name, { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: RESTRICTED } }));
  if (isDependent) {
    namespaces.forEach(dependsOnWaivers);
  }
  const web = new ApiObject(chart, 'web', {
    apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'shop' }, spec: { template: { spec: { containers: [{ name: 'app', image: 'app' }], ...pod } } },
  });
  const json = web.toJson() as Json;
  const exception = { reason: 'It measures the node.', owner: 'shop', expires: '2026-02-01' };
  acceptFindings(web, json, everyFinding(json, VERSION).filter(({ path }) => path !== '').map((finding) => ({ finding, exception })), 'here');
  const objects = [...namespaces, web].map((construct) => ({ construct, json: construct.toJson() as unknown }));
  return loweredNamespaces(app, objects, statedNeeds(app, objects, VERSION), VERSION)
    .map(({ control, construct, fault }) => [control.id, construct.node.id, fault.place[fault.place.length - 1], fault.got]);
}

test('the namespace that drops below baseline will be a finding, by the label that it then has', () => {
  expect(found({ hostPID: true })).toEqual([['namespace-pod-security', 'shop', 'pod-security.kubernetes.io/enforce', 'privileged']]);
});

test('one that drops to baseline is none, as long as restricted is audited and warned about', () => {
  expect(found({ securityContext: { runAsUser: 0 } })).toEqual([]);
});

test('nor is one that others write, whose level doesn\'t drop by itself', () => {
  expect(found({ hostPID: true }, false)).toEqual([]);
});
