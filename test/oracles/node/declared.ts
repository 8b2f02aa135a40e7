import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { App, Chart, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-28';
import { parseAllDocuments } from 'yaml';
import { ClusterProfile } from '../../../src/core/cluster-profile';
import { Cni } from '../../../src/core/cni';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { HardenedNamespace } from '../../../src/workloads/hardened-namespace';

/** So that many pods fit on a node of two cores. */
export const SMALL = { cpu: { request: Cpu.millis(5), limit: Cpu.millis(500) } };

/** The objects, as the YAML files have them, of an app with the namespace `shop` for the node's cluster. */
export function objectsInShop(declare: (namespace: HardenedNamespace) => void): any[] {
  return objectsOf((app) => {
    new ClusterProfile({ name: 'test', kubernetesVersion: KubernetesVersion.of('1.33'), cni: Cni.CALICO, controlPlaneCidrs: ['192.0.2.0/28'] }).attachTo(app);
    declare(new HardenedNamespace(new Chart(app, 'shop'), 'shop', { quota: { cpu: Cpu.units(32), memory: Size.gibibytes(32), pods: 50 } }));
  });
}

/** The app's objects as the YAML files have them. */
export function objectsOf(declare: (app: App) => void): any[] {
  const folder = mkdtempSync(join(tmpdir(), 'running-'));
  try {
    const app = new App({ outdir: folder });
    declare(app);
    app.synth();
    return readdirSync(folder).sort().flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS()));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
