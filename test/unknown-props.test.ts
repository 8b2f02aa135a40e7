import { App, Chart } from 'cdk8s';
import { messageOf } from './core/message-of';
import { HardenedApp } from '../src/app/hardened-app';
import { ControlPlane } from '../src/control-plane/control-plane';
import { EtcdTlsConfig } from '../src/control-plane/etcd/etcd-tls-config';
import { ClusterProfile } from '../src/core/cluster-profile';
import { NodeKind } from '../src/core/node-kind';
import { NodeRole } from '../src/nodes/node-role';
import { SshHardening } from '../src/nodes/ssh-hardening';
import { HardenedNamespace } from '../src/workloads/hardened-namespace';
import { SecureWorkload } from '../src/workloads/secure-workload';

const FIX = 'Correct or remove it: nobody reads it.';

/** Where plain JavaScript may make each, with what it is given. */
const MAKE: Record<string, (props: never) => unknown> = {
  HardenedApp: (props) => new HardenedApp(props),
  HardenedNamespace: (props) => new HardenedNamespace(new Chart(new HardenedApp(), 'chart'), 'shop', props),
  SecureWorkload: (props) => new SecureWorkload(new HardenedNamespace(new Chart(new HardenedApp(), 'chart'), 'shop'), 'web', props),
  NodeRole: (props) => new NodeRole(new HardenedApp(), 'role', props),
  ControlPlane: (props) => new ControlPlane(new HardenedApp(), 'control-plane', props),
  EtcdTlsConfig: (props) => new EtcdTlsConfig(props),
  SshHardening: (props) => new SshHardening(new HardenedApp(), 'ssh', props),
};

test.each<[string, object, string]>([
  ['HardenedApp', { clutser: new ClusterProfile({ name: 'prod' }) }, '[HardenedApp] clutser: allowed: cluster, nodesOutdir, terraformOutdir, evidenceOutdir, date, '
    + `captureSourceLines, quiet, outdir, outputFileExtension, yamlOutputType, recordConstructMetadata, resolvers. ${FIX} Did you mean "cluster"?`],
  ['HardenedNamespace', { quotas: {} }, `[chart/shop] quotas: allowed: …. ${FIX} Did you mean "quota"?`],
  ['SecureWorkload', { imgae: 'web' }, `[chart/shop/web] imgae: allowed: …. ${FIX} Did you mean "image"?`],
  ['NodeRole', { kind: NodeKind.WORKER, renderer: [] }, `[role] renderer: allowed: kind, roleName, operatingSystem, renderers. ${FIX} Did you mean "renderers"?`],
  ['ControlPlane', { auditPolicy: {} }, `[control-plane] auditPolicy: allowed: …. ${FIX}`],
  ['EtcdTlsConfig', { member: [] }, `[EtcdTlsConfig] member: allowed: …. ${FIX} Did you mean "members"?`],
  ['SshHardening', { roles: [], permitOpne: [] }, '[ssh] permitOpne: allowed: roles, allowedCidrs, allowGroups, groupMembers, trustedUserCaKeys, '
    + `certificatesOnly, permitOpen. ${FIX} Did you mean "permitOpen"?`],
])('%s refuses a name that nobody reads', (name, props, message) => {
  // Long lists of names are as the compiler holds them to the interface.
  const said = messageOf(() => MAKE[name](props as never));
  expect(message.includes('…') ? said.replace(/allowed: [\w, ]+/, 'allowed: …') : said).toBe(message);
});

test.each(Object.keys(MAKE))('%s refuses null', (name) => {
  expect(messageOf(() => MAKE[name](null as never))).toMatch(/^\[[^\]]+\] props: got null; allowed: an object with .*\. Write it like \{ \w+: … \}\.$/);
});

test('an app takes a profile, not its settings alone', () => {
  expect(messageOf(() => new HardenedApp({ cluster: { name: 'prod' } as ClusterProfile })))
    .toBe('[HardenedApp] cluster: got {"name":"prod"}; allowed: a ClusterProfile. Make it by new ClusterProfile({ … }).');
});

test('an app takes every setting of cdk8s\'s own', () => {
  const [props] = [{ outdir: 'out', outputFileExtension: '.yml', recordConstructMetadata: true, resolvers: [] }];
  expect(() => [new App(props), new HardenedApp(props)]).not.toThrow();
});

test('an app takes a profile from another copy of the library', () => {
  jest.isolateModules(() => {
    const copy = require('../src/core/cluster-profile') as typeof import('../src/core/cluster-profile');
    expect(copy.ClusterProfile).not.toBe(ClusterProfile);
    expect(new HardenedApp({ cluster: new copy.ClusterProfile({ name: 'theirs' }) }).cluster.name).toBe('theirs');
  });
});
