import { ApiObject, App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { Control, ControlLayer, ControlProps } from '../../../src/controls/control';
import { ControlPack } from '../../../src/controls/pack';
import { Requirement } from '../../../src/controls/requirement';
import { checkObjects, CheckOutcome } from '../../../src/controls/results/check-objects';
import { Waiver } from '../../../src/controls/waivers/waiver';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { Severity } from '../../../src/core/severity';
import { setToday } from '../../../src/core/today';

/** A control of which only what is given matters. */
export function control(id: string, requirement: Requirement, more: Partial<ControlProps> = {}): Control {
  return new Control({
    id, title: `Pods meet ${id}`, severity: Severity.HIGH, layer: ControlLayer.POD_SECURITY, rationale: 'A sample.', remediation: `Mend ${id}.`, requirement, ...more,
  });
}

/** Of the pod, with a fix. */
export const HOST_NETWORK = control('host-network', Requirement.absentOrOneOf('spec.hostNetwork', false));
/** Of each container, with a fix. */
export const PRIVILEGED = control('privileged', Requirement.eachContainer(Requirement.absentOrOneOf('securityContext.privileged', false)), { severity: Severity.CRITICAL });
/** Of each container, without a fix. */
export const DIGEST = control('digest', Requirement.eachContainer(Requirement.matches('image', '@sha256:')), { severity: Severity.MEDIUM });
/** About something that is missing. */
export const LIMIT = control('limit', Requirement.eachContainer(Requirement.present('resources.limits.memory')), { severity: Severity.LOW });

export function pack(...controls: Control[]): ControlPack {
  return ControlPack.of('samples', ...controls);
}

export const ALL = pack(HOST_NETWORK, PRIVILEGED, DIGEST, LIMIT);

/** A container that meets everything. */
export function container(name: string, more: object = {}): object {
  return { name, image: 'registry.example/app@sha256:0', resources: { limits: { memory: '64Mi' } }, ...more };
}

export const GOOD_SPEC = { containers: [container('app')] };
export const BAD_SPEC = { hostNetwork: true, containers: [container('app', { image: 'app:1', securityContext: { privileged: true } })] };

/** Whether `kind` is Pod or what has a template of one, in namespace `shop`. */
export function workload(scope: Construct, name: string, spec: object, kind: 'Pod' | 'Deployment' | 'DaemonSet' = 'Deployment'): ApiObject {
  return kind === 'Pod'
    ? new ApiObject(scope, name, { apiVersion: 'v1', kind, metadata: { name, namespace: 'shop' }, spec })
    : new ApiObject(scope, name, { apiVersion: 'apps/v1', kind, metadata: { name, namespace: 'shop' }, spec: { template: { spec } } });
}

/** The day of every sample app. */
export const DAY = '2026-06-15';

/** An app with a chart. */
export function sampleChart(): Chart {
  const app = new App();
  setToday(app, DAY);
  return new Chart(app, 'chart');
}

export const VERSION = KubernetesVersion.V1_36;

/** What a check of the objects of a tree yields. */
export function outcomeOf(chart: Chart): CheckOutcome {
  const root = chart.node.root;
  const objects = root.node.findAll().filter((construct): construct is ApiObject => ApiObject.isApiObject(construct));
  return checkObjects(root, objects.map((construct) => ({ json: construct.toJson() as unknown, construct })), { version: VERSION });
}

/** Findings as `status control resource path`. */
export function found(chart: Chart): string[] {
  return outcomeOf(chart).findings.map(({ status, control: id, resource, path }) => [status, id, resource, path].join(' '));
}

/** A waiver that needs only its finding. */
export function waiver(more: Partial<Waiver> & Pick<Waiver, 'control'>): Waiver {
  return { resource: 'Deployment/shop/web', reason: 'It measures the network.', owner: 'platform', expires: '2026-08-31', ...more };
}

/** What a call throws. */
export function errorOf(run: () => void): string {
  try {
    run();
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}
