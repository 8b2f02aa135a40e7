import { chmodSync } from 'fs';
import { join } from 'path';
import { Folders } from './comparing';
import { Change } from '../../../src/cli/diff/change';
import { compareOutputs } from '../../../src/cli/diff/compare-outputs';
import { readOutput } from '../../../src/cli/diff/output-folder';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';

const folders = new Folders();
let count = 0;

/** What changed between two roles with these files; a fact of a file is its mode and owner. */
function nodes(before: Record<string, string>, after: Record<string, string>, facts: readonly object[][] = [[], []]): readonly Change[] {
  const [old, next] = [before, after].map((files, i) => folders.make(`nodes-${count++}`, {
    ...Object.fromEntries(Object.entries(files).map(([path, content]) => [`nodes.out/worker/files${path}`, content])),
    'nodes.out/worker/manifest.json': JSON.stringify({ files: facts[i], packages: [], commands: [] }),
    'nodes.out/worker/files/.keep': '',
    'nodes.out/worker/install.sh': `derived ${i}`,
    'nodes.out/worker/cloud-init.yaml': `derived ${i}`,
  }));
  return compareOutputs(readOutput(old, '/', 'OLD'), readOutput(next, '/', 'NEW'), { controls: [], version: KubernetesVersion.V1_36 });
}

const SSHD = '/etc/ssh/sshd_config.d/00-hardening.conf';
const KUBELET = '/etc/kubernetes/kubelet/config.yaml';
const INIT = '/etc/kubernetes/kubeadm/init.yaml';
const POD = '/etc/kubernetes/manifests/kube-apiserver.yaml';
const SYSCTL = '/etc/sysctl.d/90-hardening.conf';
const kubelet = (lines: string) => `kind: KubeletConfiguration\napiVersion: kubelet.config.k8s.io/v1beta1\n${lines}`;
const init = (name: string, value: string) => `kind: ClusterConfiguration\napiVersion: kubeadm.k8s.io/v1beta4\napiServer:\n  extraArgs:\n    - name: ${name}\n      value: "${value}"\n`;
const old = (name: string, value: string) => `kind: ClusterConfiguration\napiVersion: kubeadm.k8s.io/v1beta3\napiServer:\n  extraArgs:\n    ${name}: "${value}"\n`;
const pod = (...flags: string[]) => `kind: Pod\napiVersion: v1\nmetadata: {name: a}\nspec:\n  containers:\n    - name: a\n      command:\n        - kube-apiserver\n${flags.map((flag) => `        - ${flag}\n`).join('')}`;

describe('a setting whose direction is known', () => {
  test.each([
    ['root by SSH', SSHD, 'PermitRootLogin no\n', 'PermitRootLogin yes\n', 'sshd permitrootlogin'],
    ['passwords by SSH', SSHD, 'PasswordAuthentication no\n', 'PasswordAuthentication yes\n', 'sshd passwordauthentication'],
    ['passwords by default', SSHD, 'PasswordAuthentication no\n', '# nothing\n', 'sshd passwordauthentication'],
    ['a broken cipher', SSHD, 'Ciphers aes256-gcm@openssh.com\n', 'Ciphers aes256-gcm@openssh.com,aes256-cbc\n', 'sshd ciphers'],
    ['no groups', SSHD, 'AllowGroups admins\n', '\n', 'sshd allowgroups'],
    ['anonymous kubelets', KUBELET, kubelet('authentication: {anonymous: {enabled: false}}\n'), kubelet('authentication: {anonymous: {enabled: true}}\n'), 'kubelet authentication.anonymous.enabled'],
    ['a kubelet that lets everybody', KUBELET, kubelet('authorization: {mode: Webhook}\n'), kubelet('authorization: {mode: AlwaysAllow}\n'), 'kubelet authorization.mode'],
    ['the read-only port', KUBELET, kubelet('readOnlyPort: 0\n'), kubelet('readOnlyPort: 10255\n'), 'kubelet readOnlyPort'],
    ['flags for kubeadm', INIT, init('anonymous-auth', 'false'), init('anonymous-auth', 'true'), 'kube-apiserver anonymous-auth'],
    ['flags for older kubeadm', INIT, old('enable-admission-plugins', 'NodeRestriction,EventRateLimit'), old('enable-admission-plugins', 'NodeRestriction'), 'kube-apiserver enable-admission-plugins'],
    ['an audit log that goes', INIT, init('audit-log-path', '/var/log/a'), init('a', 'b'), 'kube-apiserver audit-log-path'],
    ['flags of a static pod', POD, pod('--authorization-mode=Node,RBAC'), pod('--authorization-mode=AlwaysAllow'), 'kube-apiserver authorization-mode'],
    ['a file of tokens', POD, pod('--profiling=false'), pod('--profiling=false', '--token-auth-file=/a'), 'kube-apiserver token-auth-file'],
    ['a setting of the kernel', SYSCTL, 'kernel.kptr_restrict = 2\n', 'kernel.kptr_restrict = 1\n', 'sysctl kernel.kptr_restrict'],
  ])('is told: %s', (_name, path, strong, weak, setting) => {
    expect(nodes({ [path]: strong }, { [path]: weak })).toContainEqual(expect.objectContaining({ verdict: 'weaker', rule: 'node-setting', message: setting }));
    const back = nodes({ [path]: weak }, { [path]: strong });
    expect(back).toContainEqual(expect.objectContaining({ verdict: 'stronger', rule: 'node-setting', message: setting }));
    expect(back.filter(({ verdict }) => verdict === 'weaker')).toEqual([]);
  });

  test('is told by the first value that sshd reads', () => {
    expect(nodes({ [SSHD]: 'PermitRootLogin no\n' }, { [SSHD]: 'PermitRootLogin no\nPermitRootLogin yes\n' }).filter(({ verdict }) => verdict !== 'neutral')).toEqual([]);
  });
});

describe('files', () => {
  test('that are the same say nothing, nor does what is made from them', () => {
    expect(nodes({ [SSHD]: 'a\n' }, { [SSHD]: 'a\n' })).toEqual([]);
  });

  test('show which lines changed', () => {
    expect(nodes({ '/etc/motd': 'one\ntwo\nthree\n' }, { '/etc/motd': 'one\n2\nthree\nfour\n' })).toMatchObject([
      { verdict: 'neutral', kind: 'changed', subject: 'node role worker: /etc/motd', message: '3 lines changed', details: ['- two', '+ 2', '+ four'] },
    ]);
  });

  test('that harden are weaker where they go, others are only removed', () => {
    expect(nodes({ [SYSCTL]: 'a = 1\n', '/etc/motd': 'a' }, {})).toMatchObject([{ verdict: 'weaker', kind: 'removed' }, { verdict: 'neutral', kind: 'removed' }]);
    expect(nodes({}, { [SYSCTL]: 'a = 1\n' })).toMatchObject([{ verdict: 'stronger', kind: 'new' }]);
  });

  test('are weaker with a wider mode or another owner than root', () => {
    const facts = (mode: string, owner: string) => [{ path: '/etc/a', mode, owner, group: owner }];
    expect(nodes({ '/etc/a': 'a' }, { '/etc/a': 'a' }, [facts('0600', 'root'), facts('0644', 'etcd')])).toMatchObject([
      { verdict: 'weaker', rule: 'node-file-mode', before: '0600', after: '0644' },
      { verdict: 'weaker', rule: 'node-file-owner', before: 'root:root', after: 'etcd:etcd' },
    ]);
    expect(nodes({ '/etc/a': 'a' }, { '/etc/a': 'a' }, [facts('0644', 'root'), facts('0600', 'root')])).toMatchObject([{ verdict: 'stronger' }]);
  });

  test('have the mode of the file system where no manifest says another', () => {
    const [a, b] = ['a', 'b'].map((name) => folders.make(`mode-${name}`, { 'nodes.out/worker/files/etc/a': 'a' }));
    chmodSync(join(a, 'nodes.out/worker/files/etc/a'), 0o600);
    chmodSync(join(b, 'nodes.out/worker/files/etc/a'), 0o666);
    expect(compareOutputs(readOutput(a, '/', 'OLD'), readOutput(b, '/', 'NEW'), { controls: [], version: KubernetesVersion.V1_36 })).toMatchObject([{ verdict: 'weaker', after: '0666' }]);
  });

  test('never show a secret', () => {
    const key = '-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\n-----END PRIVATE KEY-----\n';
    const changes = nodes({ '/etc/a.pem': key, '/etc/b.conf': 'password = hunter2hunter2\n' }, { '/etc/a.pem': key.replace('MIIEvQ', 'MIIEvX'), '/etc/b.conf': 'password = hunter3hunter3\n' });
    expect(changes).toHaveLength(2);
    expect(JSON.stringify(changes)).not.toMatch(/hunter|MIIEv/);
  });
});
