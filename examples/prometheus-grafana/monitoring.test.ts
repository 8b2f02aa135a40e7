import { readFileSync } from 'fs';
import { join } from 'path';
import { parse } from 'yaml';
import { monitoring } from './monitoring';
import { containerOf, openedTo, secretVariablesOf, Synthesized, volumeAt, writablePathsOf } from '../../test/support/synthesized';

const written = new Synthesized(monitoring);
afterAll(() => written.remove());
const { 'StatefulSet prometheus': prometheus, 'Deployment grafana': grafana } = written.pods;
const file = (pod: any, path: string, name: string) => parse(written.find('ConfigMap', volumeAt(pod, path).configMap.name).data[name]);

test('nothing that the recommended controls speak against, and nothing that was waived', () => {
  expect(JSON.parse(written.text('evidence.out/findings.json'))).toMatchObject({ summary: { findings: 0 }, waivers: [] });
});

test('the images are those that the README names, by registry and digest', () => {
  const readme = readFileSync(join(__dirname, 'README.md'), 'utf8');
  const images = Object.values(written.pods).map((pod) => containerOf(pod).image);
  expect(images).toHaveLength(2);
  images.forEach((image) => {
    expect(image).toMatch(/^docker\.io\/.*:[\w.-]+@sha256:[0-9a-f]{64}$/);
    expect(readme).toContain(image);
  });
});

test('Prometheus reads what service discovery lists and metrics of nodes, and may do nothing else', () => {
  const read = ['get', 'list', 'watch'];
  expect(written.objects.filter(({ kind }) => /Role$/.test(kind)).map(({ kind }) => kind)).toEqual(['ClusterRole']);
  const { rules } = written.find('ClusterRole', 'monitoring:prometheus');
  expect(rules.map(({ resources: [resource, ...others], verbs }: any) => [resource, others.length, verbs]).sort()).toEqual([
    ['endpointslices', 0, read], ['nodes', 0, read], ['nodes/metrics', 0, ['get']], ['pods', 0, read], ['services', 0, read],
  ]);
  const { subjects } = written.find('ClusterRoleBinding', 'monitoring:prometheus');
  expect(subjects).toEqual([{ kind: 'ServiceAccount', name: 'prometheus', namespace: 'monitoring' }]);
});

test('Prometheus has a token of an hour where its configuration looks for it, and Grafana has none', () => {
  const { projected } = volumeAt(prometheus, '/var/run/secrets/kubernetes.io/serviceaccount');
  expect(projected.sources).toContainEqual({ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } });
  const kubelets = file(prometheus, '/etc/prometheus', 'prometheus.yml').scrape_configs.find((each: any) => each.job_name === 'kubelets');
  expect(kubelets).toMatchObject({
    scheme: 'https',
    authorization: { credentials_file: '/var/run/secrets/kubernetes.io/serviceaccount/token' },
    tls_config: { ca_file: '/var/run/secrets/kubernetes.io/serviceaccount/ca.crt' },
  });
  expect(JSON.stringify(kubelets)).not.toContain('insecure_skip_verify');
  expect(JSON.stringify(grafana)).not.toContain('serviceAccountToken"');
  expect([prometheus, grafana].map(({ automountServiceAccountToken }) => automountServiceAccountToken)).toEqual([false, false]);
});

test('Prometheus reaches the API server, kubelets and what it scrapes, and nothing else', () => {
  const { egress, ingress } = written.find('NetworkPolicy', 'prometheus').spec;
  expect(openedTo(egress)).toEqual([['10.0.16.0/24', 6443], ['10.0.32.0/20', 10250], ['grafana', 3000]]);
  expect(openedTo(ingress)).toEqual([['grafana', 9090]]);
});

test('what Prometheus scrapes by name is what it may connect to', () => {
  const services = file(prometheus, '/etc/prometheus', 'prometheus.yml').scrape_configs.find((each: any) => each.job_name === 'services');
  expect(services.relabel_configs[0]).toEqual({ source_labels: ['__meta_kubernetes_service_name'], regex: 'grafana', action: 'keep' });
});

test('Grafana asks Prometheus and nobody on the internet, and is served by TLS', () => {
  const { datasources } = file(grafana, '/etc/grafana/provisioning/datasources', 'prometheus.yaml');
  expect(datasources).toMatchObject([{ url: 'http://prometheus:9090', access: 'proxy' }]);
  const { egress } = written.find('NetworkPolicy', 'grafana').spec;
  expect(openedTo(egress)).toEqual([['prometheus', 9090]]);
  expect(containerOf(grafana).env).toContainEqual({ name: 'GF_PLUGINS_PREINSTALL_DISABLED', value: 'true' });
  expect(written.find('Ingress', 'grafana').spec.tls).toEqual([{ hosts: ['grafana.example.com'], secretName: 'grafana-tls' }]);
});

test('secrets are files, and none is a variable', () => {
  expect(volumeAt(grafana, '/etc/grafana-keys').secret).toEqual({ secretName: 'grafana-keys', defaultMode: 0o440 });
  expect(secretVariablesOf(grafana, '/etc/grafana-keys/')).toEqual([]);
});

test('each writes where its image is documented to write, and nowhere else, as the user of its image', () => {
  expect(writablePathsOf(prometheus)).toEqual(['/prometheus', '/tmp']);
  expect(writablePathsOf(grafana)).toEqual(['/tmp', '/var/lib/grafana']);
  expect(prometheus).toMatchObject({ securityContext: { runAsUser: 65534 }, hostUsers: false });
  expect(grafana).toMatchObject({ securityContext: { runAsUser: 472 }, hostUsers: false });
  [prometheus, grafana].forEach((pod) => expect(containerOf(pod).securityContext.readOnlyRootFilesystem).toBe(true));
});

test('a change of its configuration rolls Prometheus out', () => {
  expect(written.find('ConfigMap', volumeAt(prometheus, '/etc/prometheus').configMap.name).immutable).toBe(true);
});
