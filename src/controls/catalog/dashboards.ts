/** Services that show or run a cluster to whoever reaches them: they have no sign-in of their own, or are known for going without. */
const NAMES = [
  'alertmanager(-main|-operated)?', 'argo-server', 'argo-workflows-server', 'centraldashboard', 'dashboard-kong-proxy', 'goldilocks-dashboard',
  'headlamp', 'hubble-ui', 'k8dash', 'k8s-dashboard', 'kiali', 'ks-console', 'kube-ops-view', 'kubecost-cost-analyzer', 'kubernetes-dashboard(-web|-api|-auth)?',
  'kubeview', 'longhorn-frontend', 'octant', 'polaris-dashboard', 'portainer', 'prometheus(-server|-k8s|-operated)?', 'skooner',
  'tekton-dashboard', 'traefik-dashboard', 'weave-scope(-app)?',
];

/** A name of such a Service, alone or after the name of a release. */
export const DASHBOARD = `(^|-)(${NAMES.join('|')})$`;
