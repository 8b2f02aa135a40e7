import { readFileSync } from 'fs';
import { join } from 'path';
import { ModuleKind, transpileModule } from 'typescript';
import { HardenedApp } from '../../src/app/hardened-app';
import { AuditPolicy } from '../../src/control-plane/audit/audit-policy';
import { AuditLevel } from '../../src/control-plane/audit/audit-rule';
import { Authentication } from '../../src/control-plane/authentication/authentication';
import { TokenClaim } from '../../src/control-plane/authentication/token-claim';
import { Authorization } from '../../src/control-plane/authorization/authorization';
import { ControlPlane } from '../../src/control-plane/control-plane';
import { SecretsEncryption } from '../../src/control-plane/encryption/encryption';
import { KeyRotation } from '../../src/control-plane/encryption/encryption-options';
import { EtcdTlsConfig } from '../../src/control-plane/etcd/etcd-tls-config';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { NodeKind } from '../../src/core/node-kind';
import { NodeRole } from '../../src/nodes/node-role';

const EXPORTS = {
  AuditLevel, AuditPolicy, Authentication, Authorization, ClusterProfile, ControlPlane, EtcdTlsConfig, HardenedApp, KeyRotation,
  KubernetesVersion, NodeKind, NodeRole, SecretsEncryption, TokenClaim,
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
  const [first, audit, access, webhook, encryption, rotation, external] = SNIPPETS.map(run);

  expect(first).toContain('etcd-peer cp-2: renew after 243 days');
  expect(audit).toContain('kind: Policy');
  expect([access, webhook]).toEqual(['', '']);
  expect(encryption).toBe('');
  expect(rotation).toBe('secretbox-k1, secretbox-k1 secretbox-k2, secretbox-k2 secretbox-k1, secretbox-k2');
  expect(external).toBe('');
});
