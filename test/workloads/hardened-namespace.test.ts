import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { find, names, refusal, shop } from './fixtures';
import { ClusterProfile } from '../../src/core/cluster-profile';
import { Distribution } from '../../src/core/distribution';
import { KubernetesVersion } from '../../src/core/kubernetes-version';
import { Port } from '../../src/core/port';
import { HardenedNamespace, HardenedNamespaceProps } from '../../src/workloads/hardened-namespace';

describe('a hardened namespace', () => {
  const { app } = shop(new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.V1_36 }));

  test('comes with all that closes it, the Namespace first', () => {
    expect(names(app)).toEqual([
      'Namespace/shop', 'NetworkPolicy/shop/default-deny', 'NetworkPolicy/shop/allow-dns', 'ResourceQuota/shop/quota', 'LimitRange/shop/limits',
      'ServiceAccount/shop/default',
    ]);
  });

  test('enforces, audits and warns by PSS restricted, pinned to the version of the cluster', () => {
    expect(find(app, 'Namespace').metadata.labels).toEqual({
      'pod-security.kubernetes.io/enforce': 'restricted',
      'pod-security.kubernetes.io/enforce-version': 'v1.36',
      'pod-security.kubernetes.io/audit': 'restricted',
      'pod-security.kubernetes.io/audit-version': 'v1.36',
      'pod-security.kubernetes.io/warn': 'restricted',
      'pod-security.kubernetes.io/warn-version': 'v1.36',
    });
  });

  test('pins the newest known version where the cluster is newer', () => {
    const future = shop(new ClusterProfile({ name: 'next', kubernetesVersion: KubernetesVersion.of('1.99') }));
    expect(find(future.app, 'Namespace').metadata.labels).toMatchObject({ 'pod-security.kubernetes.io/enforce-version': 'v1.37' });
  });

  test('denies every pod all traffic both ways', () => {
    expect(find(app, 'NetworkPolicy', 'default-deny').spec).toEqual({ podSelector: {}, policyTypes: ['Ingress', 'Egress'] });
  });

  test('gives the default service account no token', () => {
    expect(find(app, 'ServiceAccount', 'default')).toMatchObject({ automountServiceAccountToken: false });
  });

  test('bounds what its pods use, and lets no service open a node\'s port or a load balancer', () => {
    expect(find(app, 'ResourceQuota').spec.hard).toEqual({
      'requests.cpu': '8', 'limits.cpu': '8', 'requests.memory': '16Gi', 'limits.memory': '16Gi', 'pods': '50', 'services.nodeports': '0', 'services.loadbalancers': '0',
    });
  });

  test('takes its name, labels and annotations', () => {
    const own = new App();
    new HardenedNamespace(new Chart(own, 'c'), 'Shop', { name: 'shop', labels: { team: 'payments' }, annotations: { 'example.com/Owner': 'payments@example.com' } });
    const { metadata } = find(own, 'Namespace');
    expect(metadata).toMatchObject({ name: 'shop', annotations: { 'example.com/Owner': 'payments@example.com' } });
    expect(metadata.labels).toMatchObject({ 'team': 'payments', 'pod-security.kubernetes.io/enforce': 'restricted' });
  });
});

describe('refused', () => {
  const declared = (name: string, props: object = {}, profile?: ClusterProfile) => {
    const app = new App();
    profile?.attachTo(app);
    return refusal(() => new HardenedNamespace(new Chart(app, 'c'), 'ns', { name, ...props }));
  };

  test('a name that is not a DNS label', () => {
    expect(declared('My Shop')).toBe(
      '[c/ns] name: got "My Shop"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, not beginning or ending with - (RFC 1123). Did you mean "my-shop"?');
  });

  test.each(['default', 'kube-system', 'kube-flannel'])('the system\'s namespace %s', (name) => {
    expect(declared(name)).toBe(
      `[c/ns] name: got "${name}"; allowed: a namespace of your own (CIS 5.6.4). `
      + 'Choose another name: system namespaces run what restricted refuses, and default can\'t be owned.');
  });

  test('a namespace that the distribution runs in', () => {
    expect(declared('gatekeeper-system', {}, new ClusterProfile({ name: 'aks', distribution: Distribution.AKS }))).toContain('got "gatekeeper-system"; allowed: a namespace of your own');
    expect(() => declared('gatekeeper-system')).toThrow('nothing was refused');
  });

  test('the same namespace twice in the app, naming both', () => {
    const { app } = shop();
    const other = new Chart(app, 'other');
    expect(refusal(() => new HardenedNamespace(other, 'again', { name: 'shop' }))).toBe(
      '[other/again] name: got "shop"; allowed: a namespace that is declared once in the app. Use the one at c/shop, or choose another name.');
    expect(names(app).filter((each) => each === 'Namespace/shop')).toHaveLength(1);
  });

  test('the same namespace in two apps is fine: each is a cluster', () => {
    shop();
    expect(() => shop()).not.toThrow();
  });

  test('a namespace that was refused leaves no objects and does not take the name', () => {
    const app = new App();
    const chart = new Chart(app, 'c');
    refusal(() => new HardenedNamespace(chart, 'bad', { name: 'shop', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } }));
    expect(names(app)).toEqual([]);
    expect(() => new HardenedNamespace(chart, 'good', { name: 'shop' })).not.toThrow();
  });

  test('a place outside of a chart', () => {
    const app = new App();
    expect(refusal(() => new HardenedNamespace(app, 'shop'))).toBe(
      '[shop] scope: got "App"; allowed: a construct in a Chart. Make it in one: new Chart(app, \'shop\').');
    expect(refusal(() => new HardenedNamespace(new Construct(app, 'x'), 'shop'))).toContain('[x/shop] scope: got "Construct"');
  });

  test('a chart of another namespace', () => {
    const chart = new Chart(new App(), 'c', { namespace: 'bank' });
    expect(refusal(() => new HardenedNamespace(chart, 'shop'))).toBe(
      '[c/shop] Chart.namespace: got "bank"; allowed: "shop", the HardenedNamespace that this belongs to, or none. '
      + 'Leave the namespace of chart c out, or move this to a chart of its own.');
  });

  test.each(['pod-security.kubernetes.io/enforce', 'pod-security.kubernetes.io/enforce-version', 'kubernetes.io/metadata.name'])('the label %s', (label) => {
    expect(declared('shop', { labels: { [label]: 'privileged' } })).toBe(
      `[c/ns] labels.${label}: got "privileged"; allowed: labels that don't decide about security. Leave it out: this construct sets it.`);
  });
});

describe('the platform\'s own traffic', () => {
  const profile = new ClusterProfile({
    name: 'prod', monitoring: [{ namespaceName: 'monitoring' }], ingress: [{ namespaceName: 'ingress', podLabels: { app: 'gateway' } }], controlPlaneCidrs: ['10.0.16.0/24'],
  });
  const peer = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });

  test('reaches every pod of the namespace on the ports that are named, and on no others', () => {
    const { app, namespace } = shop(profile);
    namespace.allowFromMonitoring(Port.tcp(9090), Port.tcp(9091));
    namespace.allowFromIngress(Port.tcp(8080));
    namespace.allowFromApiServer(Port.tcp(9443));
    const ingressOf = (name: string) => find(app, 'NetworkPolicy', name).spec;
    expect(ingressOf('allow-monitoring')).toEqual({
      podSelector: {}, policyTypes: ['Ingress'], ingress: [{ from: [peer('monitoring')], ports: [{ protocol: 'TCP', port: 9090 }, { protocol: 'TCP', port: 9091 }] }],
    });
    expect(ingressOf('allow-ingress').ingress[0].from).toEqual([{ ...peer('ingress'), podSelector: { matchLabels: { app: 'gateway' } } }]);
    expect(ingressOf('allow-api-server').ingress[0]).toEqual({ from: [{ ipBlock: { cidr: '10.0.16.0/24' } }], ports: [{ protocol: 'TCP', port: 9443 }] });
  });

  test('is refused where the profile does not name it, or no port is named', () => {
    const { namespace } = shop(new ClusterProfile({ name: 'prod' }));
    expect(refusal(() => namespace.allowFromApiServer(Port.tcp(9443)))).toBe(
      '[c/shop] ClusterProfile.controlPlaneCidrs: got []; allowed: at least one range. Name them once in the profile: controlPlaneCidrs: [\'10.0.16.0/24\'].');
    expect(refusal(() => shop(profile).namespace.allowFromMonitoring())).toBe(
      '[c/shop] allow-monitoring.ports: got "no port"; allowed: at least one port: pods of a namespace have none of their own. Name it, for instance Port.tcp(9090).');
  });

  test('is named in one call', () => {
    const { namespace } = shop(profile);
    namespace.allowFromIngress(Port.tcp(80));
    expect(refusal(() => namespace.allowFromIngress(Port.tcp(81)))).toBe(
      '[c/shop] allow-ingress: got "a second call"; allowed: one call with all ports. Name all ports in one call.');
  });
});

describe('annotations that other programs read', () => {
  const annotations = (props: HardenedNamespaceProps) => {
    const app = new App();
    new HardenedNamespace(new Chart(app, 'c'), 'shop', props);
    return find(app, 'Namespace').metadata.annotations;
  };

  test('keep the pods of the namespace on some nodes', () => {
    expect(annotations({ nodeSelector: { pool: 'shop', disk: 'ssd' } })).toEqual({ 'scheduler.alpha.kubernetes.io/node-selector': 'disk=ssd,pool=shop' });
  });

  test('keep a namespace that something else made from being deleted with the rest', () => {
    expect(annotations({ adopted: true })).toEqual({ 'argocd.argoproj.io/sync-options': 'Delete=false,Prune=false', 'helm.sh/resource-policy': 'keep' });
  });

  test('are none by default', () => {
    expect(annotations({})).toBeUndefined();
  });

  test('name labels that nodes can have', () => {
    expect(refusal(() => annotations({ nodeSelector: {} }))).toContain('[c/shop] nodeSelector: got {}; allowed: at least one label.');
  });
});
