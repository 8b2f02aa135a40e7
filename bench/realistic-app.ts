import { ApiObject, App, Chart } from 'cdk8s';

/** Objects in each chart. */
export const OBJECTS = 30;

/** What an app is built on: any class that makes an App of an output folder. */
export type MakeApp = (outdir: string) => App;

/** An app of charts as teams write them: four services with everything around them, and dependencies between charts. */
export function realisticApp(makeApp: MakeApp, outdir: string, charts: number): App {
  const app = makeApp(outdir);
  const made: Chart[] = [];
  for (let i = 0; i < charts; i++) {
    const chart = new Chart(app, `team-${i}`, { namespace: `team-${i}`, labels: { 'app.kubernetes.io/part-of': `product-${i % 12}` } });
    addTeam(chart, i);
    // Everybody needs the platform's chart; each tenth team also needs the one before it.
    if (i > 0 && i % 5 === 0) {
      chart.addDependency(made[0]);
    }
    if (i > 0 && i % 10 === 0) {
      chart.node.findChild('api-deployment').node.addDependency(made[i - 1].node.findChild('api-service'));
    }
    made.push(chart);
  }
  return app;
}

/** Layers of two charts of one object each, where both depend on both of the next layer. */
export function diamondApp(makeApp: MakeApp, outdir: string, layers: number): App {
  const app = makeApp(outdir);
  let below: Chart[] = [];
  for (let layer = 0; layer < layers; layer++) {
    const charts = [0, 1].map((i) => new Chart(app, `layer-${layer}-${i}`));
    for (const chart of charts) {
      configMap(chart, 'settings', { layer: String(layer) });
      chart.addDependency(...below);
    }
    below = charts;
  }
  return app;
}

const SERVICES = ['web', 'api', 'worker', 'cache'];

function addTeam(chart: Chart, team: number): void {
  const namespace = new ApiObject(chart, 'namespace', {
    apiVersion: 'v1', kind: 'Namespace',
    metadata: { name: `team-${team}`, labels: { 'pod-security.kubernetes.io/enforce': 'restricted', 'pod-security.kubernetes.io/enforce-version': 'v1.36' } },
  });
  networkPolicy(chart, 'default-deny', { podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  for (const name of SERVICES) {
    const labels = { 'app.kubernetes.io/name': name, 'app.kubernetes.io/instance': `${name}-${team}` };
    object(chart, `${name}-account`, 'v1', 'ServiceAccount', { automountServiceAccountToken: false });
    object(chart, `${name}-deployment`, 'apps/v1', 'Deployment', { spec: deployment(name, team, labels) });
    object(chart, `${name}-service`, 'v1', 'Service', {
      spec: { selector: labels, type: 'ClusterIP', ports: [{ name: 'http', port: 80, targetPort: 8080, protocol: 'TCP' }] },
    });
    networkPolicy(chart, `${name}-policy`, allow(labels));
    configMap(chart, `${name}-config`, {
      'LOG_LEVEL': 'info', 'REQUEST_TIMEOUT': '30s', 'UPSTREAM': `http://api.team-${team}.svc.cluster.local:80`,
      'app.yaml': `server:\n  port: 8080\n  name: ${name}-${team}\nfeatures:\n  - search\n  - export\n`,
    });
    object(chart, `${name}-budget`, 'policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, selector: { matchLabels: labels } } });
  }
  for (const name of ['reader', 'deployer']) {
    object(chart, `${name}-role`, 'rbac.authorization.k8s.io/v1', 'Role', {
      rules: [
        { apiGroups: [''], resources: ['configmaps', 'services'], verbs: ['get', 'list', 'watch'] },
        { apiGroups: ['apps'], resources: ['deployments'], verbs: name === 'reader' ? ['get', 'list'] : ['get', 'list', 'patch', 'update'] },
      ],
    });
  }
  chart.node.findChild('web-deployment').node.addDependency(chart.node.findChild('web-account'), chart.node.findChild('web-config'));
  chart.node.findChild('web-policy').node.addDependency(namespace);
}

function object(chart: Chart, id: string, apiVersion: string, kind: string, body: Record<string, unknown>): void {
  new ApiObject(chart, id, { apiVersion, kind, ...body });
}

function configMap(chart: Chart, id: string, data: Record<string, string>): void {
  object(chart, id, 'v1', 'ConfigMap', { immutable: false, data });
}

function networkPolicy(chart: Chart, id: string, spec: object): void {
  object(chart, id, 'networking.k8s.io/v1', 'NetworkPolicy', { spec });
}

function allow(labels: Record<string, string>): object {
  return {
    podSelector: { matchLabels: labels },
    policyTypes: ['Ingress', 'Egress'],
    ingress: [{ from: [{ podSelector: { matchLabels: { 'app.kubernetes.io/name': 'web' } } }], ports: [{ port: 8080, protocol: 'TCP' }] }],
    egress: [{
      to: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'kube-system' } }, podSelector: { matchLabels: { 'k8s-app': 'kube-dns' } } }],
      ports: [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }],
    }],
  };
}

function deployment(name: string, team: number, labels: Record<string, string>): object {
  const probe = (path: string) => ({ httpGet: { path, port: 8080, scheme: 'HTTP' }, periodSeconds: 10, failureThreshold: 3 });
  return {
    replicas: 2,
    selector: { matchLabels: labels },
    strategy: { type: 'RollingUpdate', rollingUpdate: { maxUnavailable: 0, maxSurge: '25%' } },
    template: {
      metadata: { labels },
      spec: {
        serviceAccountName: `${name}-${team}`,
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true, runAsUser: 10001, fsGroup: 10001, seccompProfile: { type: 'RuntimeDefault' } },
        containers: [{
          name,
          image: `registry.example.com/team-${team}/${name}@sha256:${digest(`${team}/${name}`)}`,
          ports: [{ name: 'http', containerPort: 8080, protocol: 'TCP' }],
          env: [
            { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
            { name: 'LOG_LEVEL', valueFrom: { configMapKeyRef: { name: `${name}-config`, key: 'LOG_LEVEL' } } },
            { name: 'TEAM', value: `team-${team}` },
          ],
          resources: { requests: { cpu: '100m', memory: '128Mi' }, limits: { cpu: '500m', memory: '256Mi' } },
          securityContext: { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } },
          livenessProbe: probe('/healthz'),
          readinessProbe: probe('/readyz'),
          volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }, { name: 'config', mountPath: '/etc/app', readOnly: true }],
        }],
        volumes: [{ name: 'tmp', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } }, { name: 'config', configMap: { name: `${name}-config` } }],
        topologySpreadConstraints: [{
          maxSkew: 1, topologyKey: 'topology.kubernetes.io/zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: labels },
        }],
      },
    },
  };
}

/** Looks like an image digest, and differs for each image; it names no image that exists. */
function digest(text: string): string {
  let state = 7;
  return Array.from({ length: 64 }, (_, i) => {
    state = (state * 31 + text.charCodeAt(i % text.length) + i) % 65521;
    return (state % 16).toString(16);
  }).join('');
}
