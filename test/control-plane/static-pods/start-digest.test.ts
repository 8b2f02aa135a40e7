import { spawnSync } from 'child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { pod, PROGRAMS, staticPods } from './static-pods-cluster';
import { Admission } from '../../../src/control-plane/admission/admission';
import { PolicyGuard } from '../../../src/control-plane/admission/policy-guard';
import { StaticPolicies } from '../../../src/control-plane/admission/static-policies';
import { AuditPolicy } from '../../../src/control-plane/audit/audit-policy';
import { Authentication } from '../../../src/control-plane/authentication/authentication';
import { TokenClaim } from '../../../src/control-plane/authentication/token-claim';
import { Authorization } from '../../../src/control-plane/authorization/authorization';
import { ControlPlaneProps } from '../../../src/control-plane/control-plane';
import { SecretsEncryption } from '../../../src/control-plane/encryption/encryption';
import { KeyRotation } from '../../../src/control-plane/encryption/encryption-options';
import { ControlPack } from '../../../src/controls/pack';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { CERTIFICATE } from '../authentication/certificate';

const V1_37 = { kubernetesVersion: KubernetesVersion.V1_37 };
const WEBHOOK = {
  name: 'opa', server: 'https://opa.internal', certificateAuthority: CERTIFICATE, ownUsers: [],
  clientCertificatePath: '/etc/kubernetes/pki/opa.crt', clientKeyPath: '/etc/kubernetes/pki/opa.key',
};
const manifest = (props: Partial<ControlPlaneProps> = {}, program = 'kube-apiserver') => JSON.stringify(pod(staticPods(V1_37, props), program));
const issuer = (...audiences: string[]) => ({ url: 'https://login.example.com', audiences, username: TokenClaim.prefixed('sub', 'oidc:') });
const policies = (pack: ControlPack) => new Admission({ staticPolicies: new StaticPolicies({ packs: [pack], guard: new PolicyGuard({ users: ['flux'] }) }) });

describe('the manifest is another, so that the kubelet starts the program anew, when it would not read again', () => {
  test.each<[string, Partial<ControlPlaneProps>, Partial<ControlPlaneProps>]>([
    ['the audit policy', {}, { audit: AuditPolicy.minimal() }],
    ['the configuration of admission plugins', {}, { admission: new Admission({ podSecurity: { exemptNamespaces: ['storage-system'] } }) }],
    ['who may come without a name', {}, { authentication: new Authentication({ tokenDiscovery: true }) }],
    ['where a webhook is',
      { authorization: new Authorization({ webhooks: [WEBHOOK] }) },
      { authorization: new Authorization({ webhooks: [{ ...WEBHOOK, server: 'https://opa-2.internal' }] }) }],
  ])('%s', (_, before, after) => {
    expect(manifest(after)).not.toBe(manifest(before));
    expect(manifest(after, 'kube-scheduler')).toBe(manifest(before, 'kube-scheduler'));
  });

  test.each(['kube-controller-manager', 'kube-scheduler'])('the kubeconfig of %s', (program) => {
    expect(JSON.stringify(pod(staticPods({ ...V1_37, apiServerPort: 7443 }), program))).not.toBe(manifest({}, program));
  });
});

describe('the manifest stays, so that nothing stops, when the program reads again by itself', () => {
  test.each<[string, Partial<ControlPlaneProps>, Partial<ControlPlaneProps>]>([
    ['issuers', { authentication: new Authentication({ issuers: [issuer('a')] }) }, { authentication: new Authentication({ issuers: [issuer('a', 'b')] }) }],
    ['whom a webhook is asked about',
      { authorization: new Authorization({ webhooks: [WEBHOOK] }) },
      { authorization: new Authorization({ webhooks: [{ ...WEBHOOK, timeoutSeconds: 5 }] }) }],
    ['encryption', { encryption: SecretsEncryption.secretbox() }, { encryption: SecretsEncryption.secretbox().rotate(KeyRotation.ADD_NEW) }],
    ['policies from files', { admission: policies(ControlPack.pssBaseline()) }, { admission: policies(ControlPack.pssRestricted()) }],
  ])('%s', (_, before, after) => {
    expect(manifest(after)).toBe(manifest(before));
  });

  test.each(PROGRAMS)('nothing: the same statement gives the same manifest of %s', (program) => {
    expect(manifest({}, program)).toBe(manifest({}, program));
  });
});

test('a digest is there where a program has files of ours', () => {
  const made = staticPods(V1_37);

  expect(PROGRAMS.map((program) => [program, pod(made, program).metadata.annotations])).toEqual([
    ['etcd', undefined],
    ...PROGRAMS.slice(1).map((program) => [program, { 'cdk8s-hardened/read-at-start': expect.stringMatching(/^[0-9a-f]{64}$/) }]),
  ]);
});

describe('the kubelet', () => {
  const folder = mkdtempSync(join(tmpdir(), 'kubelet-restart-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** What the command tells systemd, on a machine in the folder. */
  const told = (kubeletConfig?: string): string => {
    const { commands } = staticPods().nodes;
    const log = join(folder, 'told');
    rmSync(log, { force: true });
    for (const [path, content] of [
      ['bin/systemctl', `#!/bin/sh\necho "$*" >>'${log}'\n`],
      ['etc/systemd/system/kubelet.service', 'unit'],
      ['etc/systemd/system/kubelet.service.d/20-file-modes.conf', 'modes'],
      ['etc/kubernetes/machines/cp-1.env', 'NODE_IP=10.0.16.11'], ...(kubeletConfig === undefined ? [] : [['var/lib/kubelet/config.yaml', kubeletConfig]]),
    ]) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), content, { mode: 0o700 });
    }
    const command = commands.find((each) => each.includes('try-restart'))!.replace(/(?<=[ >])\/(?=etc|var)/g, `${folder}/`);
    const { status, stderr } = spawnSync('bash', ['--norc', '-euo', 'pipefail', '-c', command], { encoding: 'utf8', env: { PATH: `${folder}/bin:${process.env.PATH}` } });
    expect([status, stderr]).toEqual([0, '']);
    return existsSync(log) ? readFileSync(log, 'utf8') : '';
  };

  test('is started anew when its configuration changed, and only then; one that does not run stays so', () => {
    expect(told('maxPods: 110')).toBe('try-restart kubelet.service\n');
    expect(told('maxPods: 110')).toBe('');
    expect(told('maxPods: 80')).toBe('try-restart kubelet.service\n');
    expect(told('maxPods: 80')).toBe('');
  });
});
