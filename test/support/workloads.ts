import { BUILT_IN_TEMPLATES } from '../../src/controls/template-kinds';

type Fields = Record<string, any>;

/** Kinds with a pod template, Pod included. */
export const TEMPLATE_KINDS: readonly string[] = BUILT_IN_TEMPLATES.map(({ kind }) => kind);

/** Where the pod is in an object of the kind, for instance `spec.template.`; empty for a Pod. */
export function templatePrefix(kind: string): string {
  const path = locationOf(kind).templates[0];
  return path.length === 0 ? '' : `${path.join('.')}.`;
}

/** A workload of the kind that makes pods like this one, valid for a real API server. */
export function workloadOf(kind: string, pod: Fields): Fields {
  if (kind === 'Pod') {
    return pod;
  }
  const { group, versions } = locationOf(kind);
  const { name, namespace, ...metadata } = pod.metadata ?? {};
  const template = { metadata, spec: pod.spec };
  const content = kind === 'PodTemplate' ? { template } : { spec: specOf(kind, template) };
  return { apiVersion: group === '' ? versions[0] : `${group}/${versions[0]}`, kind, metadata: { name, namespace }, ...content };
}

function specOf(kind: string, template: Fields): Fields {
  const labels = template.metadata.labels;
  const once = { ...template, spec: { ...template.spec, restartPolicy: 'Never' } };
  switch (kind) {
    case 'Job': return { template: once };
    case 'CronJob': return { schedule: '17 3 * * *', jobTemplate: { spec: { template: once } } };
    case 'ReplicationController': return { replicas: 2, selector: labels, template };
    case 'StatefulSet': return { replicas: 2, serviceName: 'app', selector: { matchLabels: labels }, template };
    case 'DaemonSet': return { selector: { matchLabels: labels }, template };
    default: return { replicas: 2, selector: { matchLabels: labels }, template };
  }
}

function locationOf(kind: string) {
  return BUILT_IN_TEMPLATES.find((each) => each.kind === kind)!;
}
