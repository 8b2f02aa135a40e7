import { App, Chart, Cron } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { setToday } from '../../src/core/today';
import { HardenedNamespace } from '../../src/workloads/hardened-namespace';
import { SecureWorkload } from '../../src/workloads/secure-workload';
import { SecureWorkloadProps, WorkloadKind } from '../../src/workloads/secure-workload-props';

export const IMAGE = `registry.example/web:1.2@sha256:${'0123456789abcdef'.repeat(4)}`;

/** A chart `c` with the namespace `shop`, in an app of its own. */
export function shop(profile?: ClusterProfile, date?: string) {
  const app = new App();
  if (date !== undefined) {
    setToday(app, date);
  }
  profile?.attachTo(app);
  const chart = new Chart(app, 'c');
  const namespace = new HardenedNamespace(chart, 'shop');
  const workload = (id: string, props: Partial<SecureWorkloadProps> = {}) =>
    new SecureWorkload(namespace, id, { image: IMAGE, ...needed(props.kind), ...props });
  return { app, chart, namespace, workload };
}

/** What a workload of a kind can't do without, and a port where it may have one. */
export function needed(kind: WorkloadKind = WorkloadKind.DEPLOYMENT): Partial<SecureWorkloadProps> {
  const ends = kind === WorkloadKind.JOB || kind === WorkloadKind.CRON_JOB;
  return { ...(!ends && { port: 8080 }), ...(kind === WorkloadKind.CRON_JOB && { schedule: { cron: Cron.daily() } }) };
}

/** The pod template of a workload's object. */
export function templateOf(object: any): any {
  return object.kind === 'CronJob' ? object.spec.jobTemplate.spec.template : object.spec.template;
}

/** Every object that the app writes, in order. */
export function written(app: App): any[] {
  return parseAllDocuments(app.synthYaml()).map((document) => document.toJS()).filter((object) => object);
}

/** The one object of a kind, and of a name where several are written. */
export function find(app: App, kind: string, name?: string): any {
  const found = written(app).filter((object) => object.kind === kind && (name === undefined || object.metadata.name === name));
  expect(found).toHaveLength(1);
  return found[0];
}

/** `Kind/namespace/name` of every object, in order. */
export function names(app: App): string[] {
  return written(app).map(({ kind, metadata }) => [kind, metadata.namespace, metadata.name].filter((part) => part !== undefined).join('/'));
}

/** What a call throws; it has to be this library's own error. */
export function refusal(call: () => unknown): string {
  try {
    call();
  } catch (error) {
    const { name, message, stack } = error as Error;
    return name === 'HardenedError' ? message : `not this library's error: ${stack}`;
  }
  throw new Error('nothing was refused');
}
