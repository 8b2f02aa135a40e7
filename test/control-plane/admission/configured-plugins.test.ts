import { parse } from 'yaml';
import { rendered, WEBHOOK } from './rendered';
import { Admission, AdmissionProps } from '../../../src/control-plane/admission/admission';
import { ImagePolicyWebhook } from '../../../src/control-plane/admission/image-policy-webhook';
import { PodSecurityStandard } from '../../../src/control-plane/admission/pod-security-defaults';
import { Cni } from '../../../src/core/cni';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { CERTIFICATE } from '../authentication/certificate';

describe('Pod Security', () => {
  const exempt = (props: AdmissionProps = {}, cni?: Cni) => rendered(new Admission(props), { ...(cni ? { cni } : {}) }).of('PodSecurity').exemptions;
  const SYSTEM = ['kube-node-lease', 'kube-public', 'kube-system'];

  test('leaves out the system\'s namespaces and nobody else', () => {
    expect(exempt()).toEqual({ usernames: [], runtimeClasses: [], namespaces: SYSTEM });
  });

  test.each([
    [Cni.CALICO, ['calico-apiserver', 'calico-system', 'tigera-operator']],
    [Cni.CALICO_WIREGUARD, ['calico-apiserver', 'calico-system', 'tigera-operator']],
    [Cni.FLANNEL, ['kube-flannel']],
    [Cni.CILIUM, []],
    [Cni.of({ name: 'own', enforcesNetworkPolicies: true }), []],
    [Cni.of({ name: 'constructor', enforcesNetworkPolicies: true }), []],
  ])('leaves out the namespaces of the network plugin %#', (cni, namespaces) => {
    expect(exempt({}, cni).namespaces).toEqual([...namespaces, ...SYSTEM].sort());
  });

  test('leaves out what is named besides, each once: the API server refuses names that come twice', () => {
    expect(exempt({ podSecurity: { exemptNamespaces: ['storage', 'kube-system', 'storage'], exemptRuntimeClasses: ['kata', 'gvisor', 'kata'] } })).toEqual({
      usernames: [], runtimeClasses: ['gvisor', 'kata'], namespaces: [...SYSTEM, 'storage'],
    });
  });

  test('can be lowered to baseline and pinned to older versions, one by one', () => {
    const { V1_34, V1_35 } = KubernetesVersion;
    const { BASELINE, RESTRICTED } = PodSecurityStandard;
    const podSecurity = { enforce: BASELINE, warn: BASELINE, audit: RESTRICTED, enforceVersion: V1_34, auditVersion: V1_35 };

    expect(rendered(new Admission({ podSecurity })).of('PodSecurity').defaults).toEqual({
      'enforce': 'baseline', 'enforce-version': 'v1.34', 'audit': 'restricted', 'audit-version': 'v1.35', 'warn': 'baseline', 'warn-version': 'v1.36',
    });
  });

  test('of a version newer than the library is pinned to the newest known', () => {
    expect(rendered(new Admission(), { kubernetesVersion: KubernetesVersion.of('1.39') }).of('PodSecurity').defaults['enforce-version']).toBe('v1.37');
  });

  test.each([
    ['the version 1.33 as text, which the API server refuses', { enforceVersion: '1.33' }, 'podSecurity.enforceVersion: got "1.33"; allowed: a KubernetesVersion. Give for instance KubernetesVersion.V1_36, or KubernetesVersion.of("1.36").'],
    ['the version "latest"', { warnVersion: 'latest' }, 'podSecurity.warnVersion: got "latest"; allowed: a KubernetesVersion. Give for instance KubernetesVersion.V1_36, or KubernetesVersion.of("1.36").'],
    ['nothing enforced', { enforce: 'privileged' }, 'podSecurity.enforce: got "privileged"; allowed: baseline, restricted. Take a value of PodSecurityStandard.'],
    ['less noted than enforced', { audit: 'baseline' }, 'podSecurity.audit: got "baseline"; allowed: restricted where that is enforced. Leave it out: what is refused need not be less.'],
    ['a pattern of namespaces', { exemptNamespaces: ['kube-*'] },
      'podSecurity.exemptNamespaces[0]: got "kube-*"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123). Did you mean "kube"?'],
    ['a RuntimeClass that can\'t be', { exemptRuntimeClasses: ['Kata'] },
      'podSecurity.exemptRuntimeClasses[0]: got "Kata"; allowed: the name of a RuntimeClass, a DNS subdomain. Correct the name.'],
    ['users: controllers make pods for everybody', { exemptUsernames: ['system:serviceaccount:kube-system:replicaset-controller'] },
      'podSecurity.exemptUsernames: allowed: enforce, audit, warn, enforceVersion, auditVersion, warnVersion, exemptNamespaces, exemptRuntimeClasses. '
      + 'Correct or remove it: nobody reads it.'],
    ['a key of the file', { 'enforce-version': 'v1.33' },
      'podSecurity.enforce-version: allowed: enforce, audit, warn, enforceVersion, auditVersion, warnVersion, exemptNamespaces, exemptRuntimeClasses. '
      + 'Correct or remove it: nobody reads it. Did you mean "enforceVersion"?'],
  ])('bad input: %s', (_, podSecurity, message) => {
    expect(() => new Admission({ podSecurity: podSecurity as any })).toThrow(new Error(`[Admission] ${message}`));
  });

  test('bad input: the version 1.99, which the API server takes for its newest, and others newer than the profile\'s', () => {
    const make = (version: string, kubernetesVersion: KubernetesVersion) => (
      () => rendered(new Admission({ podSecurity: { enforceVersion: KubernetesVersion.of(version) } }), { kubernetesVersion })
    );

    expect(make('1.99', KubernetesVersion.V1_37)).toThrow(new Error(
      '[kubernetes] admission.podSecurity.enforceVersion: got "1.99"; allowed: at most 1.37, the profile\'s version. Leave it out for the profile\'s version.'));
    expect(make('1.37', KubernetesVersion.V1_36)).toThrow('got "1.37"; allowed: at most 1.36, the profile\'s version.');
    expect(make('1.36', KubernetesVersion.V1_36)).not.toThrow();
  });
});

describe('limits on events', () => {
  const limits = (eventRateLimit = {}) => rendered(new Admission({ eventRateLimit })).of('EventRateLimit').limits;

  test('are there by default, for server, namespace and user, and let a kubelet send what it may by its own limit', () => {
    expect(limits()).toEqual([
      { type: 'Server', qps: 1000, burst: 5000 }, { type: 'Namespace', qps: 100, burst: 500 }, { type: 'User', qps: 50, burst: 200 },
    ]);
  });

  test('can be changed one by one, the others stay', () => {
    expect(limits({ user: { qps: 5, burst: 10, cacheSize: 100 }, sourceAndObject: { qps: 1, burst: 3 } })).toEqual([
      { type: 'Server', qps: 1000, burst: 5000 }, { type: 'Namespace', qps: 100, burst: 500 },
      { type: 'User', qps: 5, burst: 10, cacheSize: 100 }, { type: 'SourceAndObject', qps: 1, burst: 3 },
    ]);
  });

  test.each([
    ['a limit of nothing', { user: { qps: 0, burst: 1 } },
      'eventRateLimit.user.qps: got 0; allowed: a whole number from 1 to 2147483647. Correct the number: the API server does not start with a limit of nothing.'],
    ['half an event', { user: { qps: 0.5, burst: 1 } },
      'eventRateLimit.user.qps: got 0.5; allowed: a whole number from 1 to 2147483647. Correct the number: the API server does not start with a limit of nothing.'],
    ['numbers the wrong way round', { user: { qps: 50, burst: 10 } },
      'eventRateLimit.user.burst: got 10; allowed: a whole number from 50 to 2147483647. Correct the number: the API server does not start with a limit of nothing.'],
    ['no burst', { namespace: { qps: 50 } },
      'eventRateLimit.namespace.burst: got undefined; allowed: a whole number from 50 to 2147483647. Correct the number: the API server does not start with a limit of nothing.'],
    ['a size where nothing is counted apart', { server: { qps: 1, burst: 1, cacheSize: 1 } },
      'eventRateLimit.server.cacheSize: got 1; allowed: no such size. Leave it out: the limit of a whole server counts one thing.'],
    ['the file\'s own type', { Server: { qps: 1, burst: 1 } },
      'eventRateLimit.Server: allowed: server, namespace, user, sourceAndObject. Correct or remove it: nobody reads it. Did you mean "server"?'],
  ])('bad input: %s', (_, eventRateLimit, message) => {
    expect(() => new Admission({ eventRateLimit: eventRateLimit as any })).toThrow(new Error(`[Admission] ${message}`));
  });
});

describe('node selectors', () => {
  const selectors = (podNodeSelector = {}) => rendered(new Admission({ podNodeSelector })).of('PodNodeSelector');

  test('are text by namespace under the one key that the plugin reads', () => {
    expect(selectors({ clusterDefault: { pool: 'apps', arch: 'amd64' }, allowed: { 123: { 'pool': '', 'example.com/zone': 'b' } } })).toEqual({
      podNodeSelectorPluginConfig: { clusterDefaultNodeSelector: 'arch=amd64,pool=apps', 123: 'example.com/zone=b,pool=' },
    });
  });

  test('of namespaces act by default, without any configuration', () => {
    expect(selectors()).toBeUndefined();
    expect(rendered().enabled).toContain('PodNodeSelector');
  });

  test.each([
    ['text, as the plugin has it', { allowed: { shop: 'pool=apps' } }, 'podNodeSelector.allowed["shop"]: got "pool=apps"; allowed: an object. Write it like { pool: \'apps\' }.'],
    ['a list of namespaces', { allowed: ['shop'] }, 'podNodeSelector.allowed: got ["shop"]; allowed: an object. Write it like { shop: { pool: \'apps\' } }.'],
    ['no label, which would allow all', { allowed: { shop: {} } }, 'podNodeSelector.allowed["shop"]: got {}; allowed: at least one label. Leave it out to mean any node.'],
    ['a value that would be two labels', { clusterDefault: { pool: 'a,b=c' } },
      'podNodeSelector.clusterDefault: got {"pool":"a,b=c"}; allowed: labels as Kubernetes takes them: name or DNS prefix/name, and values, of at most 63 letters, digits, -, _ and dots. '
      + 'Copy the labels from the nodes.'],
    ['the plugin\'s key for the default', { allowed: { clusterDefaultNodeSelector: { pool: 'a' } } },
      'podNodeSelector.allowed: got "clusterDefaultNodeSelector"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123). '
      + 'Did you mean "clusterdefaultnodeselector"?'],
    ['a key that nobody reads, which the plugin would take as no selector', { clusterDefaultNodeSelector: 'pool=apps' },
      'podNodeSelector.clusterDefaultNodeSelector: allowed: clusterDefault, allowed. Correct or remove it: nobody reads it.'],
  ])('bad input: %s', (_, podNodeSelector, message) => {
    expect(() => new Admission({ podNodeSelector: podNodeSelector as any })).toThrow(new Error(`[Admission] ${message}`));
  });
});

describe('the webhook for images', () => {
  const of = (webhook: Partial<ImagePolicyWebhook> = {}) => rendered(new Admission({ imagePolicyWebhook: { ...WEBHOOK, ...webhook } }));

  test('refuses what it does not answer, with times as plain numbers', () => {
    expect(of().of('ImagePolicyWebhook')).toEqual({
      imagePolicy: { kubeConfigFile: '/etc/kubernetes/admission/image-policy.kubeconfig', allowTTL: 300, denyTTL: 30, retryBackoff: 500, defaultAllow: false },
    });
    expect(of({ allowTtlSeconds: 1800, denyTtlSeconds: 1, retryBackoffMilliseconds: 5000 }).of('ImagePolicyWebhook').imagePolicy)
      .toMatchObject({ allowTTL: 1800, denyTTL: 1, retryBackoff: 5000 });
    expect(of().enabled).toContain('ImagePolicyWebhook');
  });

  test('is reached over TLS with a certificate of the API server\'s, whose key is in no file of ours', () => {
    const { files } = of();
    const kubeconfig = files.find(({ path }) => path === '/etc/kubernetes/admission/image-policy.kubeconfig')!;

    expect(parse(kubeconfig.content)).toEqual({
      'apiVersion': 'v1',
      'kind': 'Config',
      'clusters': [{ name: 'image-policy', cluster: { 'server': WEBHOOK.server, 'certificate-authority': '/etc/kubernetes/admission/image-policy-ca.crt' } }],
      'users': [{ name: 'kube-apiserver', user: { 'client-certificate': WEBHOOK.clientCertificatePath, 'client-key': WEBHOOK.clientKeyPath } }],
      'contexts': [{ name: 'image-policy', context: { cluster: 'image-policy', user: 'kube-apiserver' } }],
      'current-context': 'image-policy',
    });
    expect(files.find(({ path }) => path === '/etc/kubernetes/admission/image-policy-ca.crt')!.content).toBe(CERTIFICATE);
    expect(files.map(({ content }) => content).join()).not.toContain('PRIVATE KEY');
  });

  test('is not there unless it is given, and nothing is enabled that would need it', () => {
    expect(rendered().enabled).not.toContain('ImagePolicyWebhook');
    expect(rendered().files).toHaveLength(1);
  });

  test.each([
    ['a way to let through what is not answered', { defaultAllow: true },
      'defaultAllow: allowed: server, certificateAuthority, clientCertificatePath, clientKeyPath, allowTtlSeconds, denyTtlSeconds, retryBackoffMilliseconds. '
      + 'Correct or remove it: nobody reads it.'],
    ['a time with its unit, which the API server refuses', { allowTtlSeconds: '50s' }, 'allowTtlSeconds: got "50s"; allowed: a whole number from 1 to 1800. Leave it out for 300.'],
    ['no time, which would be the plugin\'s default', { denyTtlSeconds: 0 }, 'denyTtlSeconds: got 0; allowed: a whole number from 1 to 1800. Leave it out for 30.'],
    ['a wait longer than a request lives', { retryBackoffMilliseconds: 60_000 }, 'retryBackoffMilliseconds: got 60000; allowed: a whole number from 1 to 5000. Leave it out for 500.'],
    ['a Service', { server: 'https://images.default.svc' },
      'server: got "https://images.default.svc"; allowed: an address that the control-plane nodes themselves can resolve. '
      + 'Give an IP address or a name of your own DNS: the API server does not use the cluster\'s, and what the webhook does not answer is refused.'],
    ['a relative path', { clientKeyPath: 'images.key' },
      'clientKeyPath: got "images.key"; allowed: a normalized path of a file below /etc/kubernetes/pki. Put it there: of the node\'s keys the API server sees that folder alone.'],
    ['no certificate', { certificateAuthority: 'none' },
      'certificateAuthority: allowed: certificates in PEM and nothing else. Give the text of the CA\'s certificate file, which begins with -----BEGIN CERTIFICATE-----.'],
  ])('bad input: %s', (_, webhook, message) => {
    expect(() => of(webhook as any)).toThrow(new Error(`[Admission] imagePolicyWebhook.${message}`));
  });
});
