import * as fc from 'fast-check';
import { compact, Fields, oneOf, weighted } from './arbitraries';
import {
  configMap, legacyToken, limitRange, namespaceLabels, persistentVolume, podDisruptionBudget, resourceQuota, secret, storageClass, webhooks,
} from './cluster-objects';
import { annotations, labels } from './metadata';
import { ingress, networkPolicy, service, serviceAnnotations } from './networking-objects';
import { GENERATED_NAMESPACE, GeneratedObject, GeneratorOptions } from './options';
import { clusterRole, clusterRoleBinding, role, roleBinding, serviceAccount } from './rbac-objects';

export type ObjectKind =
  'Namespace' | 'Service' | 'ServiceAccount' | 'Role' | 'ClusterRole' | 'RoleBinding' | 'ClusterRoleBinding' | 'Ingress' | 'ConfigMap' | 'Secret' |
  'PodDisruptionBudget' | 'NetworkPolicy' | 'PersistentVolume' | 'StorageClass' | 'ValidatingWebhookConfiguration' | 'MutatingWebhookConfiguration' |
  'ResourceQuota' | 'LimitRange';

interface KindOfObject {
  readonly apiVersion: string;
  /** Everything but the metadata. */
  readonly content: fc.Arbitrary<Fields>;
  /** @default - true */
  readonly namespaced?: boolean;
  readonly labels?: fc.Arbitrary<Fields>;
  readonly annotations?: fc.Arbitrary<Fields>;
}

const RBAC = 'rbac.authorization.k8s.io/v1';

const KINDS: Record<ObjectKind, KindOfObject> = {
  Namespace: { apiVersion: 'v1', namespaced: false, labels: namespaceLabels, content: fc.constant({}) },
  Service: { apiVersion: 'v1', annotations: serviceAnnotations, content: service },
  ServiceAccount: { apiVersion: 'v1', content: serviceAccount },
  Role: { apiVersion: RBAC, content: role },
  ClusterRole: { apiVersion: RBAC, namespaced: false, content: clusterRole },
  RoleBinding: { apiVersion: RBAC, content: roleBinding },
  ClusterRoleBinding: { apiVersion: RBAC, namespaced: false, content: clusterRoleBinding },
  Ingress: { apiVersion: 'networking.k8s.io/v1', content: ingress },
  ConfigMap: { apiVersion: 'v1', content: configMap },
  Secret: { apiVersion: 'v1', content: weighted<Fields>([95, secret], [5, legacyToken]) },
  PodDisruptionBudget: { apiVersion: 'policy/v1', content: podDisruptionBudget },
  NetworkPolicy: { apiVersion: 'networking.k8s.io/v1', content: networkPolicy },
  PersistentVolume: { apiVersion: 'v1', namespaced: false, content: persistentVolume },
  StorageClass: { apiVersion: 'storage.k8s.io/v1', namespaced: false, content: storageClass },
  ValidatingWebhookConfiguration: { apiVersion: 'admissionregistration.k8s.io/v1', namespaced: false, content: webhooks(false) },
  MutatingWebhookConfiguration: { apiVersion: 'admissionregistration.k8s.io/v1', namespaced: false, content: webhooks(true) },
  ResourceQuota: { apiVersion: 'v1', content: resourceQuota },
  LimitRange: { apiVersion: 'v1', content: limitRange },
};

/** The kinds that have no pod template. */
export const OBJECT_KINDS = Object.keys(KINDS) as readonly ObjectKind[];

/** Objects of the kind that a server finds valid. They name others that don't exist. */
export function objectArbitrary(kind: ObjectKind, options: GeneratorOptions): fc.Arbitrary<GeneratedObject> {
  const { apiVersion, content, namespaced = true, labels: ownLabels = fc.constant({}), annotations: ownAnnotations = fc.constant({}) } = KINDS[kind];
  return fc.record({
    name: oneOf('own', 'own-2', 'kubernetes-dashboard'),
    metadata: fc.record({ labels: fc.tuple(labels, ownLabels), annotations: fc.tuple(annotations, ownAnnotations) }),
    content,
  }).map(({ name, metadata, content: own }) => compact({
    apiVersion,
    kind,
    metadata: {
      name,
      namespace: namespaced ? options.namespace ?? GENERATED_NAMESPACE : undefined,
      labels: unlessBare(metadata.labels),
      annotations: unlessBare([...metadata.annotations, own === legacyToken ? { 'kubernetes.io/service-account.name': 'app' } : {}]),
    },
    ...own,
  }));
}

function unlessBare(parts: Fields[]): Fields | undefined {
  const all: Fields = Object.assign({}, ...parts);
  return Object.keys(all).length > 0 ? all : undefined;
}
