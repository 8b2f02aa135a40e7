import { Chart, Duration, Size, Yaml } from 'cdk8s';
import { ApiResource, Cpu, Probe } from 'cdk8s-plus-28';
import { scraping } from './scraping';
import {
  ClusterProfile, Cni, ControlPack, Controls, HardenedApp, HardenedAppProps, HardenedNamespace, ImageProfile, KubernetesVersion, NetworkPeer, Port,
  SecureWorkload, WorkloadKind,
} from 'cdk8s-hardened';

// The README names where each of these digests, paths and settings is documented.
const PROMETHEUS = 'docker.io/prom/prometheus:v3.5.0@sha256:63805ebb8d2b3920190daf1cb14a60871b16fd38bed42b857a3182bc621f4996';
const GRAFANA = 'docker.io/grafana/grafana:12.1.1@sha256:a1701c2180249361737a99a01bc770db39381640e4d631825d38ff4535efa47d';

const HOST = 'grafana.example.com';
const KEYS = '/etc/grafana-keys';
const NODES = '10.0.32.0/20';
const KUBELET = Port.tcp(10250);

/** Prometheus, which finds what it scrapes through the API, and Grafana, which asks Prometheus and nobody else. */
export function monitoring(outputs: HardenedAppProps = {}): HardenedApp {
  const cluster = new ClusterProfile({
    name: 'prod',
    kubernetesVersion: KubernetesVersion.V1_36,
    cni: Cni.CALICO,
    nodeCidrs: [NODES],
    controlPlaneCidrs: ['10.0.16.0/24'],
    ingress: [{ namespaceName: 'ingress-nginx', podLabels: { 'app.kubernetes.io/name': 'ingress-nginx' } }],
  });
  const app = new HardenedApp({ cluster, ...outputs });
  Controls.of(app).enforce(ControlPack.recommended());
  const namespace = new HardenedNamespace(new Chart(app, 'monitoring'), 'monitoring', {
    quota: { cpu: Cpu.units(4), memory: Size.gibibytes(8) },
  });

  const image = ImageProfile.of({ user: 65534, port: 9090, dataPath: '/prometheus' });
  const prometheus = new SecureWorkload(namespace, 'prometheus', {
    kind: WorkloadKind.STATEFUL_SET,
    image: PROMETHEUS,
    imageProfile: image,
    args: [
      '--config.file=/etc/prometheus/prometheus.yml',
      '--storage.tsdb.path=/prometheus',
      '--storage.tsdb.retention.time=15d',
      '--storage.tsdb.retention.size=40GB',
    ],
    configFiles: [{ path: '/etc/prometheus', files: { 'prometheus.yml': Yaml.stringify(scraping(['grafana'])) } }],
    persistentPaths: [{ path: image.dataPath!, size: Size.gibibytes(50) }],
    userNamespace: true,
    readiness: Probe.fromHttpGet('/-/ready'),
    liveness: Probe.fromHttpGet('/-/healthy'),
    startup: Probe.fromHttpGet('/-/ready', { periodSeconds: Duration.seconds(15), failureThreshold: 60 }),
    resources: { cpu: { request: Cpu.millis(500), limit: Cpu.units(1) }, memory: { limit: Size.gibibytes(2) } },
    terminationGracePeriod: Duration.minutes(5),
  });
  // What service discovery lists, in every namespace, and what kubelets ask for before they show their metrics.
  for (const resource of [ApiResource.NODES, ApiResource.PODS, ApiResource.SERVICES, ApiResource.ENDPOINT_SLICES]) {
    prometheus.grantRead(resource, { wholeCluster: true });
  }
  prometheus.grant(['get'], ApiResource.custom({ apiGroup: '', resourceType: 'nodes/metrics' }), { wholeCluster: true });
  prometheus.allowTo(NetworkPeer.cidr(NODES), KUBELET);

  const grafana = new SecureWorkload(namespace, 'grafana', {
    image: GRAFANA,
    imageProfile: ImageProfile.of({ user: 472, port: 3000, dataPath: '/var/lib/grafana' }),
    persistentPaths: [{ path: '/var/lib/grafana', size: Size.gibibytes(5) }],
    userNamespace: true,
    env: {
      GF_SERVER_ROOT_URL: `https://${HOST}/`,
      GF_SECURITY_ADMIN_PASSWORD__FILE: `${KEYS}/admin-password`,
      GF_SECURITY_SECRET_KEY__FILE: `${KEYS}/secret-key`,
      GF_SECURITY_COOKIE_SECURE: 'true',
      GF_ANALYTICS_REPORTING_ENABLED: 'false',
      GF_ANALYTICS_CHECK_FOR_UPDATES: 'false',
      GF_ANALYTICS_CHECK_FOR_PLUGIN_UPDATES: 'false',
      GF_NEWS_NEWS_FEED_ENABLED: 'false',
      GF_PLUGINS_PREINSTALL_DISABLED: 'true',
      GF_PLUGINS_PUBLIC_KEY_RETRIEVAL_DISABLED: 'true',
    },
    secretFiles: [{ secretName: 'grafana-keys', path: KEYS }],
    configFiles: [{ path: '/etc/grafana/provisioning/datasources', files: { 'prometheus.yaml': Yaml.stringify(DATASOURCE) } }],
    readiness: Probe.fromHttpGet('/api/health'),
    resources: { memory: { limit: Size.mebibytes(512) } },
  });
  grafana.allowTo(prometheus);
  prometheus.allowTo(grafana);
  grafana.exposeByIngress({ hosts: [HOST], clusterIssuer: 'letsencrypt-dns', ingressClassName: 'nginx' });

  return app;
}

const DATASOURCE = {
  apiVersion: 1,
  datasources: [{ name: 'Prometheus', type: 'prometheus', access: 'proxy', url: 'http://prometheus:9090', isDefault: true, editable: false }],
};
