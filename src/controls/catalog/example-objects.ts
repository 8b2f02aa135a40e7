import { Fields } from './base-pod';

/** A role with one rule, for examples: to read one ConfigMap, if nothing else is said. */
export function roleWith(rule: Fields = { apiGroups: [''], resources: ['configmaps'], resourceNames: ['flags'], verbs: ['get'] }): Fields {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'app', namespace: 'app' }, rules: [rule],
  };
}

/** A cluster-wide role with one rule, for examples. */
export function clusterRoleWith(rule: Fields): Fields {
  return { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: 'app' }, rules: [rule] };
}

/** A binding of the role `app` to one subject, for examples: to a group, if nothing else is said. */
export function bindingOf(subject: Fields = { kind: 'Group', name: 'shop-team', apiGroup: 'rbac.authorization.k8s.io' }): Fields {
  return {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'app', namespace: 'app' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'app' },
    subjects: [subject],
  };
}

/** A Deployment whose pods are labelled `app: app`, for examples. */
export function deploymentWith(spec: Fields, podSpec: Fields = {}): Fields {
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'app', namespace: 'app' },
    spec: {
      ...spec,
      selector: { matchLabels: { app: 'app' } },
      template: { metadata: { labels: { app: 'app' } }, spec: { ...podSpec, containers: [{ name: 'app', image: 'registry.example.com/app:1.4.2' }] } },
    },
  };
}

/** A NetworkPolicy for the pods that are labelled `app: app`, for examples. */
export function policyWith(spec: Fields): Fields {
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'app', namespace: 'app' },
    spec: { podSelector: { matchLabels: { app: 'app' } }, ...spec },
  };
}

/** An Ingress that leads to the Service `app`, for examples. */
export function ingressWith(spec: Fields): Fields {
  const path = { path: '/', pathType: 'Prefix', backend: { service: { name: 'app', port: { number: 80 } } } };
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name: 'app', namespace: 'app' },
    spec: { ...spec, rules: [{ host: 'app.example.com', http: { paths: [path] } }] },
  };
}

/** A Service for the pods that are labelled `app: app`, for examples. */
export function serviceWith(spec: Fields): Fields {
  return { apiVersion: 'v1', kind: 'Service', metadata: { name: 'app', namespace: 'app' }, spec: { selector: { app: 'app' }, ...spec } };
}

/** A Namespace, for examples. */
export function namespaceWith(labels: Fields = {}): Fields {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app', labels } };
}
