import { Yaml } from 'cdk8s';
import { Component } from '../component/component';
import { StaticPodMount } from '../component/static-pod-mounts';

/** A program's health, as the kubelet asks for it on loopback. */
export interface Health {
  readonly scheme: 'HTTP' | 'HTTPS';
  readonly port: number;
  readonly alive: string;
  /** Left out where a program does not tell it apart. */
  readonly ready?: string;
  /** @default - as `alive` */
  readonly started?: string;
}

/** What a pod is made of, besides its program. */
export interface StaticPod {
  readonly component: Component;
  readonly image: string;
  readonly mounts: readonly StaticPodMount[];
  /** Of what the program reads when it starts and not again. */
  readonly startDigest?: string;
  readonly requests: Readonly<Record<'cpu' | 'memory', string>>;
  readonly health: Health;
  /** Capabilities that the program can't do without. */
  readonly capabilities?: readonly string[];
}

/** Of system-node-critical: the kubelet runs the pods before there is an API server that knows the class. */
const PRIORITY = 2000001000;
/** What flags may say of the machine, as `$(HOST_IP)`. */
const FROM_KUBELET = { HOST_IP: 'status.hostIP', NODE_NAME: 'spec.nodeName' };

/**
 * A program of the control plane as a pod that the kubelet runs by itself. It is root, whose files its keys are, without root's capabilities, on a
 * read-only root filesystem and with the runtime's seccomp profile.
 *
 * Files are the same on every machine of a role: the machine's address and name are what the kubelet knows them to be.
 */
export function staticPodYaml({ component, image, mounts, startDigest, requests, health, capabilities = [] }: StaticPod): string {
  const name = component.program;
  const command = [name, ...component.flags.all.map((flag) => `--${flag.name}=${flag.value}`)];
  const env = Object.entries(FROM_KUBELET).filter(([variable]) => command.some((word) => word.includes(`$(${variable})`)))
    .map(([variable, fieldPath]) => ({ name: variable, valueFrom: { fieldRef: { fieldPath } } }));
  return Yaml.stringify({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name,
      namespace: 'kube-system',
      labels: { component: name, tier: 'control-plane' },
      ...(startDigest === undefined ? {} : { annotations: { 'cdk8s-hardened/read-at-start': startDigest } }),
    },
    spec: {
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      hostNetwork: true,
      priority: PRIORITY,
      priorityClassName: 'system-node-critical',
      securityContext: { runAsGroup: 0, runAsUser: 0, seccompProfile: { type: 'RuntimeDefault' } },
      containers: [{
        name,
        image,
        imagePullPolicy: 'IfNotPresent',
        command,
        ...(env.length > 0 ? { env } : {}),
        resources: { requests },
        securityContext: {
          allowPrivilegeEscalation: false,
          capabilities: { drop: ['ALL'], ...(capabilities.length > 0 ? { add: capabilities } : {}) },
          privileged: false,
          readOnlyRootFilesystem: true,
        },
        ...probes(health),
        volumeMounts: mounts.map(({ name: volume, path, readOnly }) => ({ name: volume, mountPath: path, readOnly })),
      }],
      volumes: mounts.map(({ name: volume, path, pathType }) => ({ name: volume, hostPath: { path, type: pathType } })),
    },
  });
}

/** As patient as kubeadm's: a program that is slow is not restarted. */
function probes({ scheme, port, alive, ready, started }: Health): Record<string, unknown> {
  const httpGet = (path: string) => ({ httpGet: { host: '127.0.0.1', path, port, scheme }, timeoutSeconds: 15 });
  return {
    startupProbe: { ...httpGet(started ?? alive), failureThreshold: 24, initialDelaySeconds: 10, periodSeconds: 10 },
    livenessProbe: { ...httpGet(alive), failureThreshold: 8, initialDelaySeconds: 10, periodSeconds: 10 },
    ...(ready === undefined ? {} : { readinessProbe: { ...httpGet(ready), failureThreshold: 3, periodSeconds: 1 } }),
  };
}
