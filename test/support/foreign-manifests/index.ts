import { readFileSync } from 'fs';
import { join } from 'path';
import { ApiObject, App, Chart, Include, Testing } from 'cdk8s';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { setToday } from '../../../src/core/today';
import { ImageProfile } from '../../../src/supply-chain/image-profile';
import { Hardening } from '../../../src/workloads/hardening';
import { HardeningOptions } from '../../../src/workloads/hardening/hardening-options';

/** Manifests in the style of those that are around, and the options that fit them. */
export const FOREIGN_MANIFESTS: Record<string, HardeningOptions> = {
  'helm-web-app': { imageProfiles: { nginx: ImageProfile.nginx() } },
  'kustomize-overlay': { writablePaths: { 'Deployment/prod-billing/prod-billing-api': ['/var/cache/billing'] } },
  'operator': {},
  'log-shipper': {},
  'network-agent': {},
  'node-exporter': {},
  'cron-backup': { imageProfiles: { postgres: ImageProfile.postgres(17) } },
  'redis': { imageProfiles: { redis: ImageProfile.redis() } },
  'ingress-controller': {},
  'certificate-webhook': {},
  'list': {},
  'legacy-chart': {},
  'injected-sidecar': {},
  'expiring-job': {},
};

/** Where a manifest is. */
export function manifestPath(name: string): string {
  return join(__dirname, `${name}.yaml`);
}

/** What a manifest says. */
export function manifestText(name: string): string {
  return readFileSync(manifestPath(name), 'utf8');
}

/** An app with a chart, for one version of Kubernetes. */
export function chartFor(version: KubernetesVersion = KubernetesVersion.V1_37): Chart {
  const app = new App();
  new ClusterProfile({ name: 'prod', kubernetesVersion: version }).attachTo(app);
  setToday(app, '2026-06-15');
  return new Chart(app, 'chart');
}

/** A hardened manifest. */
export interface HardenedManifest {
  readonly hardening: Hardening;
  readonly chart: Chart;
  /** As written. */
  readonly objects: any[];
}

/** A manifest of the folder, hardened. */
export function hardenManifest(name: string, options: HardeningOptions = {}): HardenedManifest {
  const chart = chartFor();
  const include = new Include(chart, name, { url: manifestPath(name) });
  const hardening = Hardening.of(include, { ...FOREIGN_MANIFESTS[name], ...options });
  return { hardening, chart, objects: Testing.synth(chart) };
}

/** Objects, hardened. */
export function hardenObjects(objects: readonly object[], options: HardeningOptions = {}): HardenedManifest {
  const chart = chartFor();
  objects.forEach((object, i) => new ApiObject(chart, `object-${i}`, object as ConstructorParameters<typeof ApiObject>[2]));
  const hardening = Hardening.of(chart, options);
  return { hardening, chart, objects: Testing.synth(chart) };
}
