const CREDENTIALS = '/var/run/secrets/kubernetes.io/serviceaccount';

/**
 * What Prometheus scrapes: itself, every kubelet, and Services by name.
 * @param services in Prometheus' own namespace; its way to each is opened by `allowTo`
 */
export function scraping(services: string[]): object {
  return {
    global: { scrape_interval: '30s', scrape_timeout: '10s' },
    scrape_configs: [
      { job_name: 'prometheus', static_configs: [{ targets: ['localhost:9090'] }] },
      {
        job_name: 'kubelets',
        scheme: 'https',
        kubernetes_sd_configs: [{ role: 'node' }],
        authorization: { credentials_file: `${CREDENTIALS}/token` },
        tls_config: { ca_file: `${CREDENTIALS}/ca.crt` },
      },
      {
        job_name: 'services',
        kubernetes_sd_configs: [{ role: 'endpointslice', namespaces: { own_namespace: true } }],
        relabel_configs: [
          { source_labels: ['__meta_kubernetes_service_name'], regex: services.join('|'), action: 'keep' },
          { source_labels: ['__meta_kubernetes_service_name'], target_label: 'service' },
        ],
      },
    ],
  };
}
