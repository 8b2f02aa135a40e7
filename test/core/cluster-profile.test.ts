import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { messageOf } from './message-of';
import { Cloud } from '../../src/core/cloud';
import { ClusterDns } from '../../src/core/cluster-dns';
import { ClusterProfile, ClusterProfileProps } from '../../src/core/cluster-profile';
import { Cni } from '../../src/core/cni';
import { Distribution } from '../../src/core/distribution';
import { KubernetesVersion } from '../../src/core/kubernetes-version';

const profile = (props: Partial<ClusterProfileProps> = {}) => new ClusterProfile({ name: 'prod', ...props });
const refused = (props: Partial<ClusterProfileProps>) => messageOf(() => profile(props));
const texts = (values: unknown[]) => values.map(String);

describe('a profile that states a name only', () => {
  const defaults = profile();

  test('is a kubeadm cluster of the oldest version that still gets fixes', () => {
    expect(defaults.distribution).toBe(Distribution.KUBEADM);
    expect(defaults.kubernetesVersion).toBe(KubernetesVersion.V1_35);
    expect(defaults.hasManagedControlPlane).toBe(false);
    expect(defaults.assignsUids).toBe(false);
  });

  test('has one IPv4 range for pods and one for services, and claims to know no nodes', () => {
    expect(texts(defaults.podCidrs)).toEqual(['10.244.0.0/16']);
    expect(texts(defaults.serviceCidrs)).toEqual(['10.96.0.0/12']);
    expect(defaults.nodeCidrs).toEqual([]);
    expect(defaults.controlPlaneCidrs).toEqual([]);
  });

  test('has a network plugin that enforces policies, and the API server on 6443', () => {
    expect(defaults.cni).toBe(Cni.CILIUM);
    expect(defaults.apiServerPort).toBe(6443);
    expect(defaults.dnsDomain).toBe('cluster.local');
    expect(defaults.dns.podLabels).toEqual({ 'k8s-app': 'kube-dns' });
  });

  test('lets nobody scrape or expose, and names no endpoints and no issuer', () => {
    expect([defaults.monitoring, defaults.ingress, defaults.oidcIssuer]).toEqual([[], [], undefined]);
    expect(defaults.apiEndpoints).toEqual([]);
  });

  test('has nothing questionable about it', () => expect(defaults.findings).toEqual([]));
});

test.each<[Distribution, Cloud, Cni, string, string, number]>([
  [Distribution.TALOS, Cloud.NONE, Cni.CILIUM, '10.244.0.0/16', '10.96.0.0/12', 6443],
  [Distribution.RKE2, Cloud.NONE, Cni.CANAL, '10.42.0.0/16', '10.43.0.0/16', 6443],
  [Distribution.K3S, Cloud.NONE, Cni.K3S_FLANNEL, '10.42.0.0/16', '10.43.0.0/16', 6443],
  [Distribution.OPENSHIFT, Cloud.NONE, Cni.OVN_KUBERNETES, '10.128.0.0/14', '172.30.0.0/16', 6443],
  [Distribution.EKS, Cloud.AWS, Cni.AWS_VPC, '10.244.0.0/16', '10.96.0.0/12', 443],
  [Distribution.GKE, Cloud.GOOGLE, Cni.CILIUM, '10.244.0.0/16', '10.96.0.0/12', 443],
  [Distribution.AKS, Cloud.AZURE, Cni.CILIUM, '10.244.0.0/16', '10.96.0.0/12', 443],
])('%s brings its own cloud, network plugin, ranges and API port', (distribution, cloud, cni, pods, services, port) => {
  const cluster = profile({ distribution });
  expect([cluster.cloud, cluster.cni, cluster.apiServerPort]).toEqual([cloud, cni, port]);
  expect([texts(cluster.podCidrs), texts(cluster.serviceCidrs)]).toEqual([[pods], [services]]);
});

test('whatever is stated goes before what the distribution brings', () => {
  const cluster = profile({
    distribution: Distribution.EKS,
    cloud: Cloud.NONE,
    cni: Cni.CALICO,
    podCidrs: ['100.64.0.0/16'],
    serviceCidrs: ['172.20.0.0/16'],
    apiServerPort: 8443,
    dns: ClusterDns.nodeLocal(),
    dnsDomain: 'k8s.example.com',
  });
  expect([cluster.cloud, cluster.cni, cluster.apiServerPort, cluster.dnsDomain]).toEqual([Cloud.NONE, Cni.CALICO, 8443, 'k8s.example.com']);
  expect([cluster.podCidrs, cluster.serviceCidrs, cluster.dns.cidrs].map(texts)).toEqual([['100.64.0.0/16'], ['172.20.0.0/16'], ['169.254.20.10/32']]);
});

describe('metadata addresses', () => {
  test('are those of the cloud', () => {
    expect(texts(profile({ cloud: Cloud.AWS }).metadataCidrs)).toEqual(['169.254.169.254/32', 'fd00:ec2::254/128']);
    expect(texts(profile({ distribution: Distribution.AKS }).metadataCidrs)).toEqual(['169.254.169.254/32', '168.63.129.16/32']);
  });

  test('are those of all clouds where none is named', () => {
    expect(texts(profile().metadataCidrs)).toEqual([
      '169.254.169.254/32', 'fd00:ec2::254/128', 'fd20:ce::254/128', '168.63.129.16/32', '100.100.100.200/32', 'fe80::a9fe:a9fe/128',
    ]);
  });

  test('leave out an address of the cluster\'s own where no cloud is named: it belongs to a pod', () => {
    expect(texts(profile({ podCidrs: ['100.64.0.0/10'] }).metadataCidrs)).not.toContain('100.100.100.200/32');
    expect(refused({ podCidrs: ['100.64.0.0/10'], cloud: Cloud.ALIBABA })).toBe(
      '[ClusterProfile prod] podCidrs[0]: got "100.64.0.0/10"; allowed: a range without 100.100.100.200/32, which serves instance metadata on alibaba. '
      + 'Choose another range: that address must stay closed to pods.');
  });
});

describe('bad input is refused by name', () => {
  test('a name that is no DNS label', () => {
    expect(refused({ name: 'Prod EU' })).toBe('[ClusterProfile] name: got "Prod EU"; allowed: a DNS label: 1 to 63 characters of a-z, 0-9 and -, '
      + 'not beginning or ending with - (RFC 1123). Did you mean "prod-eu"?');
  });

  test('a DNS domain with a trailing dot', () => {
    expect(refused({ dnsDomain: 'cluster.local.' })).toBe('[ClusterProfile prod] dnsDomain: got "cluster.local."; allowed: a DNS domain of lower-case labels, '
      + '253 characters at most, without a trailing dot (RFC 1123). Correct the name.');
  });

  test('a port out of range', () => {
    expect(refused({ apiServerPort: 70000 }))
      .toBe('[ClusterProfile prod] apiServerPort: got 70000; allowed: a whole number from 1 to 65535. Give the port that the program listens on.');
  });

  test('a name that nobody reads, and no properties', () => {
    const names = 'name, kubernetesVersion, distribution, podCidrs, serviceCidrs, nodeCidrs, controlPlaneCidrs, dnsDomain, dns, cni, cloud, apiEndpoints, '
      + 'apiServerPort, oidcIssuer, monitoring, ingress, imageMirror';
    expect(messageOf(() => new ClusterProfile({ name: 'prod', podCidr: '10.0.0.0/8' } as never)))
      .toBe(`[ClusterProfile] podCidr: allowed: ${names}. Correct or remove it: nobody reads it. Did you mean "podCidrs"?`);
    expect(messageOf(() => new ClusterProfile(null as never))).toBe(`[ClusterProfile] props: got null; allowed: an object with ${names}. Write it like { name: … }.`);
  });

  test('a version as plain text, and an unknown cloud', () => {
    expect(messageOf(() => new ClusterProfile({ name: 'prod', kubernetesVersion: '1.36' as never }))).toBe(
      '[ClusterProfile prod] kubernetesVersion: got "1.36"; allowed: a KubernetesVersion. Give for instance KubernetesVersion.V1_36, or KubernetesVersion.of("1.36").');
    expect(messageOf(() => new ClusterProfile({ name: 'prod', cloud: 'digitalocean' as never }))).toBe(
      '[ClusterProfile prod] cloud: got "digitalocean"; allowed: none, aws, google, azure, hetzner, alibaba, openstack. Take a value of Cloud.');
  });

  test('an unknown distribution', () => {
    expect(refused({ distribution: 'minikube' as Distribution })).toMatch(/^\[ClusterProfile prod\] distribution: got "minikube"; allowed: kubeadm, /);
  });

  test('an endpoint with a path, named by its place', () => {
    expect(refused({ apiEndpoints: ['https://a:6443', 'https://b/k8s'] })).toBe('[ClusterProfile prod] apiEndpoints[1]: got "https://b/k8s"; '
      + 'allowed: an https:// address without credentials, path, query and fragment. Correct the address.');
  });

  test.each(['a\'b', 'a$(id)', 'a_b.internal', 'api.internal.', '-a'])('an endpoint whose host %s stands in no certificate', (host) => {
    expect(refused({ apiEndpoints: [`https://${host}:6443`] })).toBe(`[ClusterProfile prod] apiEndpoints[0]: got "${host}"; `
      + 'allowed: a DNS domain of lower-case labels, 253 characters at most, without a trailing dot (RFC 1123). Correct the name.');
  });

  test('endpoints that are no list', () => {
    expect(refused({ apiEndpoints: 'https://a:6443' as never })).toBe('[ClusterProfile prod] apiEndpoints: got "https://a:6443"; '
      + 'allowed: a list of addresses. Put it in a list: apiEndpoints: [ … ].');
  });

  test('an issuer with credentials, which are not shown', () => {
    expect(refused({ oidcIssuer: 'https://user:hunter2@id.example.com' })).toBe('[ClusterProfile prod] oidcIssuer: got "(not shown: it may hold credentials)"; '
      + 'allowed: an https:// address without credentials, query and fragment. Correct the address.');
  });

  test('platform pods in no namespace, or selected by no label', () => {
    expect(refused({ monitoring: [{ namespaceName: 'Monitoring' }] })).toMatch(/^\[ClusterProfile prod\] monitoring\[0\]\.namespaceName: got "Monitoring"; /);
    expect(refused({ ingress: [{ namespaceName: 'ingress', podLabels: {} }] })).toBe('[ClusterProfile prod] ingress[0].podLabels: got {}; '
      + 'allowed: at least one label. Leave ingress[0].podLabels out to mean every pod of the namespace.');
  });
});

test('endpoints are canonical; an issuer stays letter by letter as its tokens name it', () => {
  const cluster = profile({ apiEndpoints: ['https://API.prod.internal:6443/', 'https://[fd00::10]:443'], oidcIssuer: 'https://id.example.com/realms/prod/' });
  expect(cluster.apiEndpoints).toEqual(['https://api.prod.internal:6443', 'https://[fd00::10]']);
  expect(cluster.oidcIssuer).toBe('https://id.example.com/realms/prod/');
});

test('the port of a load balancer is not taken for that of the API servers', () => {
  expect(profile({ apiEndpoints: ['https://api.prod.example.com'] }).apiServerPort).toBe(6443);
});

test('OpenShift assigns UIDs, and system namespaces are known by distribution', () => {
  expect(profile({ distribution: Distribution.OPENSHIFT }).assignsUids).toBe(true);
  expect(profile().systemNamespaces).toEqual(['kube-system', 'kube-public', 'kube-node-lease']);
  expect(profile({ distribution: Distribution.GKE }).systemNamespaces).toContain('gke-managed-system');
  expect(profile().isSystemNamespace('kube-anything')).toBe(true);
  expect(profile().isSystemNamespace('openshift-monitoring')).toBe(false);
  expect(profile({ distribution: Distribution.OPENSHIFT }).isSystemNamespace('openshift-monitoring')).toBe(true);
});

describe('a profile never changes', () => {
  const props = () => ({
    name: 'prod',
    podCidrs: ['10.1.0.0/16'],
    serviceCidrs: ['10.2.0.0/16'],
    nodeCidrs: ['10.3.0.0/16'],
    controlPlaneCidrs: ['10.3.1.0/24'],
    apiEndpoints: ['https://api:6443'],
    monitoring: [{ namespaceName: 'monitoring', podLabels: { app: 'prometheus' } as Record<string, string> }],
    ingress: [{ namespaceName: 'ingress', podLabels: { app: 'envoy' } as Record<string, string> }],
  });
  const listsOf = (cluster: ClusterProfile): unknown[][] => [
    cluster.podCidrs, cluster.serviceCidrs, cluster.nodeCidrs, cluster.controlPlaneCidrs, cluster.apiEndpoints, cluster.metadataCidrs,
    cluster.systemNamespaces, cluster.dns.ports, cluster.cni.nodePorts,
  ];
  const stateOf = (cluster: ClusterProfile) => JSON.stringify([
    cluster.name, listsOf(cluster).map(texts), cluster.monitoring, cluster.ingress, cluster.dns.podLabels, cluster.findings,
  ]);

  test('when what it was made from changes', () => {
    const given = props();
    const cluster = new ClusterProfile(given);
    const before = stateOf(cluster);
    given.name = 'other';
    [given.podCidrs, given.serviceCidrs, given.nodeCidrs, given.controlPlaneCidrs, given.apiEndpoints].forEach((list) => list.push('0.0.0.0/0'));
    given.monitoring[0].namespaceName = 'default';
    given.monitoring[0].podLabels.app = 'anything';
    given.ingress[0].podLabels = {};
    given.ingress.push({ namespaceName: 'default', podLabels: {} });
    expect(stateOf(cluster)).toBe(before);
  });

  test('when what it returned changes', () => {
    const cluster = new ClusterProfile(props());
    const before = stateOf(cluster);
    listsOf(cluster).forEach((list) => list.pop());
    Object.assign(cluster.monitoring[0], { namespaceName: 'default' });
    cluster.monitoring[0].podLabels!.app = 'anything';
    cluster.ingress[0].podLabels!.app = 'anything';
    cluster.ingress.pop();
    cluster.dns.podLabels!['k8s-app'] = 'anything';
    expect(stateOf(cluster)).toBe(before);
    expect(new ClusterProfile(props()).systemNamespaces).toContain('kube-system');
  });

  test.each(['name', 'kubernetesVersion', 'distribution', 'cni', 'cloud', 'dns', 'apiServerPort', 'podCidrs', 'monitoring', 'ranges'])('%s cannot be assigned', (property) => {
    const cluster = profile();
    const before = stateOf(cluster);
    expect(() => Object.assign(cluster, { [property]: undefined })).toThrow(TypeError);
    expect(stateOf(cluster)).toBe(before);
  });
});

describe('constructs find their profile', () => {
  test('that was attached above them, the nearest where there are several', () => {
    const app = new App();
    const [outer, inner] = [profile({ name: 'outer' }), profile({ name: 'inner' })];
    outer.attachTo(app);
    const chart = new Chart(app, 'shop');
    inner.attachTo(chart);
    expect(ClusterProfile.of(new Construct(chart, 'deep'))).toBe(inner);
    expect(ClusterProfile.of(new Chart(app, 'other'))).toBe(outer);
  });

  test('or else the documented defaults', () => {
    const cluster = ClusterProfile.of(new Chart(new App(), 'shop'));
    expect(cluster.name).toBe('cluster');
    expect(texts(cluster.podCidrs)).toEqual(texts(profile().podCidrs));
  });

  test('each in its own app: several clusters live in one process', () => {
    const apps = ['dev', 'stage', 'prod'].map((name) => {
      const app = new App();
      profile({ name }).attachTo(app);
      return app;
    });
    expect(apps.map((app) => ClusterProfile.of(new Chart(app, 'shop')).name)).toEqual(['dev', 'stage', 'prod']);
  });

  test('but not one that comes after them', () => {
    const app = new App();
    new Chart(app, 'shop');
    expect(messageOf(() => profile().attachTo(app))).toBe('[<root>] profile: got "ClusterProfile prod, after 1 children"; allowed: a scope without children yet. '
      + 'Attach the profile first: what was made before it was made without it.');
  });
});
