import { table, inTurns, time } from './measure';
import { KubernetesVersion } from '../src';
import { basePod } from '../src/controls/catalog/base-pod';
import { catalogControls } from '../src/controls/catalog/index.generated';
import { ControlSet } from '../src/controls/control-set';

const COUNTS = [100, 1_000, 10_000];
const ROUNDS = 7;

/** A Deployment with three containers, as JSON of its own. */
function deployment(i: number, isCompliant: boolean): unknown {
  const pod: any = JSON.parse(JSON.stringify(basePod()));
  const [container] = pod.spec.containers;
  pod.spec.containers = ['app', 'proxy', 'logs'].map((name) => ({ ...JSON.parse(JSON.stringify(container)), name }));
  if (!isCompliant) {
    pod.spec.containers[1].securityContext = { privileged: true };
    pod.spec.hostNetwork = true;
  }
  const { metadata, spec } = pod;
  const labels = { 'app.kubernetes.io/name': `web-${i}` };
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { ...metadata, name: `web-${i}` },
    spec: {
      replicas: 2, selector: { matchLabels: labels }, template: { metadata: { ...metadata, labels, name: undefined, namespace: undefined }, spec },
    },
  };
}

function measure(count: number, isCompliant: boolean): string[] {
  const objects = Array.from({ length: count }, (_, i) => deployment(i, isCompliant));
  const set = new ControlSet(catalogControls(), KubernetesVersion.V1_36);
  let found = 0;
  const judge = () => {
    found = 0;
    for (const object of objects) {
      found += set.violations(object).length;
    }
  };
  const [milliseconds] = inTurns(ROUNDS, [{ run: () => time(judge) }]);
  return [
    String(count), isCompliant ? 'comply' : 'violate', milliseconds!.toFixed(1), (milliseconds! * 1000 / count).toFixed(1),
    Math.round(count / milliseconds! * 1000).toLocaleString('en'), String(found),
  ];
}

const loading = time(() => { catalogControls(); });
console.log(`${catalogControls().length} controls, loaded in ${loading.toFixed(1)} ms; Deployments with three containers; medians of ${ROUNDS}.\n`);
const rows = [true, false].flatMap((isCompliant) => COUNTS.map((count) => measure(count, isCompliant)));
console.log(table(['objects', 'they', 'ms', 'µs an object', 'objects a second', 'violations'], rows));
