import { parsePlace, Place } from '../path';

/** JSON that may be changed. */
export type Fields = { [field: string]: unknown };

/**
 * A Pod that meets every recommended control: examples start from it and change one field. A real API server takes it.
 * It stays in the host's user namespace, so that the fields that a user namespace relaxes still count.
 */
export function basePod(): Fields {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'app', namespace: 'app', labels: { 'app.kubernetes.io/name': 'app' } },
    spec: {
      serviceAccountName: 'app',
      automountServiceAccountToken: false,
      securityContext: { runAsNonRoot: true, runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name: 'app',
        image: 'registry.example.com/app@sha256:4355a46b19d348dc2f57c046f8ef63d4538ebb936000f3c9ee954a27460dd865',
        ports: [{ name: 'http', containerPort: 8080 }],
        resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: '500m', memory: '64Mi' } },
        readinessProbe: { httpGet: { path: '/ready', port: 8080 } },
        livenessProbe: { httpGet: { path: '/live', port: 8080 } },
        securityContext: {
          privileged: false,
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ['ALL'] },
        },
        volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
      }],
      volumes: [{ name: 'tmp', emptyDir: { sizeLimit: '64Mi' } }],
    },
  };
}

/**
 * `basePod` with other values at some places.
 * @param changes by path, for instance `{ 'spec.volumes[1]': { name: 'logs', hostPath: { path: '/var/log' } } }`
 */
export function basePodWith(changes: Fields): Fields {
  return Object.entries(changes).reduce((pod, [path, value]) => changedAt(pod, parsePlace(path), value) as Fields, basePod());
}

/** As `basePodWith`, for Windows: a Pod without the fields that only Linux has. */
export function windowsPodWith(changes: Fields): Fields {
  return basePodWith({
    'spec.os': { name: 'windows' },
    'spec.securityContext': { runAsNonRoot: true, windowsOptions: { runAsUserName: 'ContainerUser' } },
    'spec.containers[0].securityContext': undefined,
    ...changes,
  });
}

/** A copy that differs at one place: undefined removes what is there, and objects that are missing on the way are made. Fields keep their order. */
export function changedAt(item: unknown, [step, ...rest]: Place, value: unknown): unknown {
  if (step === undefined) {
    return value;
  }
  if (typeof step === 'number') {
    const list: unknown[] = Array.isArray(item) ? [...item] : [];
    const changed = changedAt(list[step], rest, value);
    list.splice(step, 1, ...(changed === undefined ? [] : [changed]));
    return list;
  }
  const object: Fields = { ...(item as Fields | undefined) };
  object[step] = changedAt(object[step], rest, value);
  if (object[step] === undefined) {
    delete object[step];
  }
  return object;
}
