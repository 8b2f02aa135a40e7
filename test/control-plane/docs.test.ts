import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { ModuleKind, transpileModule } from 'typescript';
import { HardenedApp, HardenedAppProps } from '../../src/app/hardened-app';
import { Admission } from '../../src/control-plane/admission/admission';
import { PolicyGuard } from '../../src/control-plane/admission/policy-guard';
import { StaticPolicies } from '../../src/control-plane/admission/static-policies';
import { AuditPolicy } from '../../src/control-plane/audit/audit-policy';
import { AuditLevel } from '../../src/control-plane/audit/audit-rule';
import { AuditWebhook } from '../../src/control-plane/audit/audit-webhook';
import { Authentication } from '../../src/control-plane/authentication/authentication';
import { TokenClaim } from '../../src/control-plane/authentication/token-claim';
import { Authorization } from '../../src/control-plane/authorization/authorization';
import { ControlPlane } from '../../src/control-plane/control-plane';
import { SecretsEncryption } from '../../src/control-plane/encryption/encryption';
import { KeyRotation } from '../../src/control-plane/encryption/encryption-options';
import { EtcdTlsConfig } from '../../src/control-plane/etcd/etcd-tls-config';
import { KubeProxyConfig, KubeProxyMode } from '../../src/control-plane/kubelet/kube-proxy-config';
import { KubeletConfig } from '../../src/control-plane/kubelet/kubelet-config';
import { ControlPlaneInstaller } from '../../src/control-plane/static-pods/control-plane-installer';
import { ControlPack } from '../../src/controls/pack';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { NodeKind } from '../../src/core/node-kind';
import { NodeRole } from '../../src/nodes/node-role';

const FOLDER = mkdtempSync(join(tmpdir(), 'control-plane-docs-'));
afterAll(() => rmSync(FOLDER, { recursive: true, force: true }));
let apps = 0;

/** The page's app, which writes below the folder and says nothing. */
class QuietApp extends HardenedApp {
  constructor(props: HardenedAppProps = {}) {
    const at = (name: string) => join(FOLDER, `${apps}`, name);
    apps++;
    super({ ...props, quiet: true, outdir: at('dist'), nodesOutdir: at('nodes'), terraformOutdir: at('terraform'), evidenceOutdir: at('evidence') });
  }
}

const EXPORTS = {
  Admission, AuditLevel, AuditPolicy, AuditWebhook, Authentication, Authorization, ClusterProfile, ControlPack, ControlPlane, ControlPlaneInstaller,
  EtcdTlsConfig, HardenedApp: QuietApp, KeyRotation, KubeletConfig, KubeProxyConfig, KubeProxyMode, KubernetesVersion, NodeKind, NodeRole,
  PolicyGuard, SecretsEncryption, StaticPolicies, TokenClaim,
};
const PAGE = readFileSync(join(__dirname, '../../docs/control-plane.md'), 'utf8');
const SNIPPETS = [...PAGE.matchAll(/```ts\n([^]*?)```/g)].map(([, snippet]) => snippet);

/** Runs a snippet and returns what it prints. */
function run(snippet: string): string {
  const { outputText } = transpileModule(snippet, { compilerOptions: { module: ModuleKind.CommonJS } });
  const lines: string[] = [];
  new Function('require', 'exports', 'console', outputText)(() => EXPORTS, {}, { log: (line: string) => lines.push(line) });
  return lines.join('\n');
}

test('the page\'s snippets run, and print what they promise', () => {
  const [first, audit, collector, access, webhook, admission, policies, encryption, rotation, external] = SNIPPETS.map(run);

  expect(first).toContain('etcd-peer cp-2: renew after 243 days');
  expect(audit).toBe('rules[2]: Metadata at RequestReceived, ResponseStarted, ResponseComplete');
  expect([collector, access, webhook, admission, policies]).toEqual(['', '', '', '', '']);
  expect(encryption).toBe('');
  expect(rotation).toBe('secretbox-k1, secretbox-k1 secretbox-k2, secretbox-k2 secretbox-k1, secretbox-k2');
  expect(external).toBe('');
});

test('each snippet with an app synthesizes it', () => {
  const before = apps;
  const withApps = SNIPPETS.filter((snippet) => snippet.includes('new HardenedApp('));
  withApps.forEach(run);

  expect(withApps.filter((snippet) => !snippet.trimEnd().endsWith('app.synth();'))).toEqual([]);
  expect(apps - before).toBe(withApps.length);
  for (let i = before; i < apps; i++) {
    expect(readdirSync(join(FOLDER, `${i}`, 'nodes'))).toContain('control-plane');
  }
});
