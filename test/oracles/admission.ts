import { readdirSync, readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { ApiServer } from './api-server';

/** A pod as a controller would create it from a template. */
export interface TemplatePod {
  /** `Deployment shop/web` */
  readonly owner: string;
  readonly pod: any;
}

/** A pod with one field loosened. */
export interface LoosenedPod {
  /** What was loosened, for people. */
  readonly what: string;
  /** What Pod Security admission says about it: part of its message. */
  readonly violation: string;
  readonly pod: any;
}

/** A pod for every pod template below the folder, whatever kind has it. Pods of a StatefulSet have the volumes that it claims. */
export function podTemplatesOf(folder: string): TemplatePod[] {
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml')).sort();
  return files
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS()))
    .filter((object) => object)
    .flatMap(podsOf);
}

/** The pod of an object that has a pod template; none of any other. */
export function podsOf(object: any): TemplatePod[] {
  const { kind, metadata: { name, namespace = 'default' } } = object;
  const template = templateOf(object);
  return template === undefined ? [] : [{ owner: `${kind} ${namespace}/${name}`, pod: podOf(name, namespace, template, object.spec.volumeClaimTemplates) }];
}

/**
 * The pod with each field loosened that PSS restricted requires, one at a time, at the pod and at each container. None of them is invalid in
 * itself, so that only Pod Security admission can refuse it.
 *
 * @param minor of the Kubernetes version by which the namespace enforces
 */
export function loosened(pod: any, minor: number = 37): LoosenedPod[] {
  const variant = (what: string, violation: string, change: (spec: any, metadata: any) => void): LoosenedPod => {
    const copy = structuredClone(pod);
    copy.spec.securityContext ??= {};
    change(copy.spec, copy.metadata);
    return { what, violation, pod: copy };
  };
  const everywhere = (spec: any) => [spec, ...containersOf(spec)].map((each) => each.securityContext ??= {});
  return [
    variant('runAsNonRoot left out', 'runAsNonRoot != true', (spec) => everywhere(spec).forEach((context) => delete context.runAsNonRoot)),
    variant('runAsNonRoot: false of the pod', 'runAsNonRoot != true', (spec) => spec.securityContext.runAsNonRoot = false),
    variant('runAsUser: 0 of the pod', 'runAsUser=0', (spec) => spec.securityContext.runAsUser = 0),
    variant('seccompProfile left out', 'seccompProfile', (spec) => everywhere(spec).forEach((context) => delete context.seccompProfile)),
    variant('seccompProfile: Unconfined of the pod', 'seccompProfile', (spec) => spec.securityContext.seccompProfile = { type: 'Unconfined' }),
    variant('appArmorProfile: Unconfined of the pod', 'forbidden AppArmor profile', (spec) => spec.securityContext.appArmorProfile = { type: 'Unconfined' }),
    variant('seLinuxOptions of the pod', 'seLinuxOptions', (spec) => spec.securityContext.seLinuxOptions = { type: 'spc_t' }),
    variant('sysctls', 'forbidden sysctls', (spec) => spec.securityContext.sysctls = [{ name: 'kernel.msgmax', value: '65536' }]),
    variant('hostNetwork', 'host namespaces (hostNetwork=true)', onHostNetwork),
    variant('hostPID', 'host namespaces (hostPID=true)', (spec) => spec.hostPID = true),
    variant('hostIPC', 'host namespaces (hostIPC=true)', (spec) => spec.hostIPC = true),
    variant('hostProcess', 'hostProcess', (spec) => {
      onHostNetwork(spec);
      spec.securityContext.windowsOptions = { hostProcess: true };
    }),
    variant('a hostPath volume', 'restricted volume types (volume "loose" uses restricted volume type "hostPath")', (spec) => addVolume(spec, { hostPath: { path: '/' } })),
    variant('an NFS volume', 'restricted volume types (volume "loose" uses restricted volume type "nfs")', (spec) => addVolume(spec, { nfs: { server: 'nfs', path: '/' } })),
    variant('an init container without security context', 'unrestricted capabilities (container "loose"', (spec) => {
      spec.initContainers = [...spec.initContainers ?? [], { name: 'loose', image: spec.containers[0].image, resources: spec.containers[0].resources }];
    }),
    ...containersOf(pod.spec).flatMap((container, i) => (
      ofContainer(i, i >= pod.spec.containers.length && container.restartPolicy !== 'Always', minor, variant))),
  ];
}

/** Why the server refuses to create a pod, if it does. The pod isn't kept. */
export async function refusalOf(server: ApiServer, pod: any): Promise<string | undefined> {
  const { status, body } = await server.request('POST', `/api/v1/namespaces/${pod.metadata.namespace}/pods?dryRun=All&fieldValidation=Strict`, { body: pod });
  return status === 201 ? undefined : body.message;
}

/**
 * Creates every pod, and each of its loosened twins: the first has to be admitted, and all others refused by Pod Security admission for the
 * very field that was loosened.
 *
 * @param minor of the Kubernetes version by which the namespaces enforce
 * @returns what went otherwise, one line each; empty if all went so
 */
export async function admissionFaults(server: ApiServer, templates: TemplatePod[], minor?: number): Promise<string[]> {
  const faults: string[] = [];
  for (const { owner, pod } of templates) {
    const refusal = await refusalOf(server, pod);
    if (refusal !== undefined) {
      faults.push(`${owner} was refused: ${refusal}`);
    }
    for (const { what, violation, pod: loose } of loosened(pod, minor)) {
      const answer = await refusalOf(server, loose) ?? 'it was admitted';
      if (!answer.includes('violates PodSecurity "restricted:') || !answer.includes(violation)) {
        faults.push(`${owner} with ${what}: ${answer}`);
      }
    }
  }
  return faults;
}

/** What the controller manager does to a new ResourceQuota: until its usage is known, no pod is admitted. */
export async function settleQuotas(server: ApiServer): Promise<void> {
  const { body } = await server.request('GET', '/api/v1/resourcequotas');
  for (const quota of body.items) {
    const { hard } = quota.spec;
    const used = Object.fromEntries(Object.keys(hard).map((key) => [key, '0']));
    const path = `/api/v1/namespaces/${quota.metadata.namespace}/resourcequotas/${quota.metadata.name}/status`;
    const { status, body: answer } = await server.request('PUT', path, { body: { ...quota, status: { hard, used } } });
    if (status !== 200) {
      throw new Error(`${path}: ${status} ${answer.message}`);
    }
  }
}

type Variant = (what: string, violation: string, change: (spec: any, metadata: any) => void) => LoosenedPod;

/** @param ends whether it ends before the others start: such a one has no probes and hooks */
function ofContainer(index: number, ends: boolean, minor: number, variant: Variant): LoosenedPod[] {
  const container = (what: string, violation: string, change: (container: any, context: any) => void) =>
    variant(`${what} of container ${index}`, violation, (spec) => {
      const each = containersOf(spec)[index];
      each.securityContext ??= {};
      change(each, each.securityContext);
    });
  return [
    container('runAsNonRoot: false', 'runAsNonRoot != true', (_, context) => context.runAsNonRoot = false),
    container('runAsUser: 0', 'runAsUser=0', (_, context) => context.runAsUser = 0),
    container('seccompProfile: Unconfined', 'seccompProfile', (_, context) => context.seccompProfile = { type: 'Unconfined' }),
    container('appArmorProfile: Unconfined', 'forbidden AppArmor profile', (_, context) => context.appArmorProfile = { type: 'Unconfined' }),
    container('seLinuxOptions', 'seLinuxOptions', (_, context) => context.seLinuxOptions = { user: 'system_u' }),
    container('allowPrivilegeEscalation left out', 'allowPrivilegeEscalation != false', (_, context) => delete context.allowPrivilegeEscalation),
    container('allowPrivilegeEscalation', 'allowPrivilegeEscalation != false', (_, context) => context.allowPrivilegeEscalation = true),
    // Privileged and allowPrivilegeEscalation: false contradict each other, which is invalid.
    container('privileged', 'must not set securityContext.privileged=true', (_, context) => Object.assign(context, { privileged: true, allowPrivilegeEscalation: true })),
    container('capabilities left out', 'unrestricted capabilities', (_, context) => delete context.capabilities),
    container('capabilities.drop without ALL', 'unrestricted capabilities', (_, context) => context.capabilities = { drop: ['NET_RAW'] }),
    container('capabilities.add', 'unrestricted capabilities', (_, context) => context.capabilities = { drop: ['ALL'], add: ['SYS_ADMIN'] }),
    container('a hostPort', 'hostPort', (each) => each.ports = [{ containerPort: 4711, hostPort: 4711, protocol: 'TCP' }]),
    ...(minor < 34 || ends ? [] : [
      container('a probe of another host', 'probe or lifecycle host', (each) => each.livenessProbe = { tcpSocket: { port: 80, host: '127.0.0.1' } }),
      container('a hook that calls another host', 'probe or lifecycle host', (each) => each.lifecycle = { preStop: { httpGet: { port: 80, host: '127.0.0.1' } } }),
    ]),
  ];
}

/** Sysctls of the network are then the node's, and invalid. */
function onHostNetwork(spec: any): void {
  spec.hostNetwork = true;
  delete spec.securityContext.sysctls;
}

function containersOf(spec: any): any[] {
  return [...spec.containers, ...spec.initContainers ?? []];
}

function addVolume(spec: any, source: object): void {
  spec.volumes = [...spec.volumes ?? [], { name: 'loose', ...source }];
}

function templateOf({ kind, metadata, spec, template }: any): any {
  switch (kind) {
    case 'Pod': return { metadata, spec };
    case 'PodTemplate': return template;
    case 'CronJob': return spec.jobTemplate.spec.template;
    case 'DaemonSet': case 'Deployment': case 'Job': case 'ReplicaSet': case 'ReplicationController': case 'StatefulSet': return spec.template;
    default: return undefined;
  }
}

function podOf(name: string, namespace: string, { metadata, spec }: any, claims: any[] = []): any {
  const claimed = claims.map((claim) => ({ name: claim.metadata.name, persistentVolumeClaim: { claimName: `${claim.metadata.name}-${name}-0` } }));
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { ...metadata, name: `${name}-0`, namespace },
    spec: { ...spec, volumes: [...spec.volumes ?? [], ...claimed] },
  };
}
