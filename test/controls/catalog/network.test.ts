import * as fc from 'fast-check';
import * as ipaddr from 'ipaddr.js';
import { ingressWith, policyWith } from '../../../src/controls/catalog/example-objects';
import { blocksAround } from '../../../src/controls/catalog/metadata-blocks';
import { control as dashboardIngress } from '../../../src/controls/catalog/network/dashboard-ingress';
import { control as dashboardService } from '../../../src/controls/catalog/network/dashboard-service';
import { control as ingressTls } from '../../../src/controls/catalog/network/ingress-tls';
import { control as ingressTlsHosts } from '../../../src/controls/catalog/network/ingress-tls-hosts';
import { control as defaultDeny } from '../../../src/controls/catalog/network/namespace-default-deny';
import { control as metadataService } from '../../../src/controls/catalog/network/network-policy-metadata-service';
import { control as loadBalancer } from '../../../src/controls/catalog/network/service-load-balancer';
import { control as nodePort } from '../../../src/controls/catalog/network/service-node-port';
import { Control } from '../../../src/controls/control';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { findings } from '../../support/twins';

const found = (control: Control, objects: unknown) => findings([control], KubernetesVersion.V1_36, objects).map((each) => each.replace(/^.*?: /, ''));
const service = (spec: object, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'Service', metadata: { name: 'app', ...metadata }, spec });

describe('a load balancer', () => {
  const RANGES = 'service.beta.kubernetes.io/load-balancer-source-ranges';

  test.each<[string, object, object]>([
    ['ranges', { loadBalancerSourceRanges: ['192.0.2.0/24', '2001:db8::/32'] }, {}],
    ['ranges in an annotation', {}, { annotations: { [RANGES]: '192.0.2.0/24, 198.51.100.0/24' } }],
    ['an internal address at AWS', {}, { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internal' } }],
    ['an internal address at Azure', {}, { annotations: { 'service.beta.kubernetes.io/azure-load-balancer-internal': 'true' } }],
    ['an internal address at Google', {}, { annotations: { 'networking.gke.io/load-balancer-type': 'Internal' } }],
  ])('may have %s', (_what, spec, metadata) => {
    expect(found(loadBalancer, service({ type: 'LoadBalancer', ...spec }, metadata))).toEqual([]);
  });

  test.each<[string, object, object, string]>([
    ['nothing', {}, {}, 'spec.loadBalancerSourceRanges'],
    ['no ranges', { loadBalancerSourceRanges: [] }, {}, 'spec.loadBalancerSourceRanges'],
    ['everyone among its ranges', { loadBalancerSourceRanges: ['192.0.2.0/24', '::/0'] }, {}, 'spec.loadBalancerSourceRanges[1]'],
    ['everyone among its ranges, written otherwise', { loadBalancerSourceRanges: ['198.51.100.7/0'] }, {}, 'spec.loadBalancerSourceRanges[0]'],
    ['everyone among its ranges, with noughts and blanks', { loadBalancerSourceRanges: ['0.0.0.0/00 '] }, {}, 'spec.loadBalancerSourceRanges[0]'],
    ['everyone in its annotation, written otherwise', {}, { annotations: { [RANGES]: '198.51.100.7/0,192.0.2.0/24' } }, 'spec.loadBalancerSourceRanges'],
    ['everyone in its annotation', {}, { annotations: { [RANGES]: '192.0.2.0/24, 0.0.0.0/0' } }, 'spec.loadBalancerSourceRanges'],
    ['a public address at AWS', {}, { annotations: { 'service.beta.kubernetes.io/aws-load-balancer-scheme': 'internet-facing' } }, 'spec.loadBalancerSourceRanges'],
  ])('may not have %s', (_what, spec, metadata, place) => {
    expect(found(loadBalancer, service({ type: 'LoadBalancer', ...spec }, metadata))).toEqual([place]);
  });

  test('is not a node port\'s matter, whatever ports it opens on nodes; a NodePort is none of its own', () => {
    const allocated = [true, false].map((allocateLoadBalancerNodePorts) => ({ allocateLoadBalancerNodePorts }));
    for (const spec of [{}, ...allocated, { ports: [{ port: 80, nodePort: 30080 }] }]) {
      expect(found(nodePort, service({ type: 'LoadBalancer', ...spec }))).toEqual([]);
      expect(found(loadBalancer, service({ type: 'LoadBalancer', ...spec }))).toEqual(['spec.loadBalancerSourceRanges']);
    }
    expect([nodePort, loadBalancer].map((control) => found(control, service({ type: 'NodePort' })))).toEqual([['spec.type'], []]);
  });

  test('is none where the type is another', () => {
    expect(['ClusterIP', 'NodePort', undefined].flatMap((type) => found(loadBalancer, service({ type })))).toEqual([]);
  });
});

describe('a dashboard', () => {
  test.each<[string, object]>([
    ['its name', { name: 'kubernetes-dashboard' }],
    ['its name in charts that have several', { name: 'kubernetes-dashboard-web' }],
    ['the name of its API', { name: 'kubernetes-dashboard-api' }],
    ['the name of its sign-in', { name: 'kubernetes-dashboard-auth' }],
    ['its name after a release\'s', { name: 'monitoring-prometheus-server' }],
    ['its label', { labels: { 'app.kubernetes.io/name': 'headlamp' } }],
    ['its older label', { labels: { 'k8s-app': 'kubernetes-dashboard' } }],
  ])('is known by %s', (_by, metadata) => {
    expect(found(dashboardService, service({ type: 'NodePort' }, metadata))).toEqual(['spec.type']);
    expect(found(dashboardService, service({ type: 'ClusterIP' }, metadata))).toEqual([]);
  });

  test.each(['shop', 'dashboard', 'sales-dashboard', 'prometheus-node-exporter', 'octantis'])('is not what is called %s', (name) => {
    expect(found(dashboardService, service({ type: 'NodePort' }, { name }))).toEqual([]);
  });

  test('is not led to without a sign-in, from any path or by default', () => {
    const paths = ['app', 'kubernetes-dashboard'].map((name) => ({ backend: { service: { name } } }));
    const ingress = { ...ingressWith({}), spec: { defaultBackend: { service: { name: 'kiali' } }, rules: [{ http: { paths } }, { host: 'no-paths.example.com' }] } };
    expect(found(dashboardIngress, ingress)).toEqual(['spec.defaultBackend.service.name', 'spec.rules[0].http.paths[1].backend.service.name']);
    const annotations = { 'nginx.ingress.kubernetes.io/auth-url': 'https://login.example.com/oauth2/auth' };
    expect(found(dashboardIngress, { ...ingress, metadata: { name: 'app', annotations } })).toEqual([]);
  });
});

test.each(['auth-url', 'auth-tls-secret', 'auth-type'])('%s is a sign-in before a dashboard', (name) => {
  const ingress = { ...ingressWith({}), spec: { defaultBackend: { service: { name: 'kiali' } } } };
  expect(found(dashboardIngress, ingress)).toEqual(['spec.defaultBackend.service.name']);
  expect(found(dashboardIngress, { ...ingress, metadata: { name: 'app', annotations: { [`nginx.ingress.kubernetes.io/${name}`]: 'basic' } } })).toEqual([]);
});

describe('the hosts of an Ingress', () => {
  const ALB = { 'alb.ingress.kubernetes.io/certificate-arn': 'arn:aws:acm:eu-central-1:123456789012:certificate/1' };
  const ingress = (hosts: (string | undefined)[], tls: unknown, annotations?: object) => (
    { ...ingressWith({}), metadata: { name: 'app', annotations }, spec: { tls, rules: hosts.map((host) => ({ host })) } }
  );

  test('need a certificate, which a cloud may have of its own', () => {
    expect(found(ingressTls, ingressWith({}))).toEqual(['spec.tls']);
    expect(found(ingressTls, { ...ingressWith({}), metadata: { name: 'app', annotations: ALB } })).toEqual([]);
  });

  test.each<[string, string[], unknown]>([
    ['by its name', ['a.example.com'], [{ hosts: ['a.example.com'] }]],
    ['in any entry', ['a.example.com', 'b.example.com'], [{ hosts: ['a.example.com'] }, { hosts: ['c.example.com', 'b.example.com'] }]],
    ['by a wildcard', ['a.example.com', 'b.example.com'], [{ hosts: ['*.example.com'] }]],
    ['by its own wildcard', ['*.example.com'], [{ hosts: ['*.example.com'] }]],
    ['by an entry without hosts, which is for all of them', ['a.example.com', 'b.example.org'], [{ secretName: 'tls' }]],
    ['by an entry with an empty list', ['a.example.com'], [{ hosts: [], secretName: 'tls' }]],
  ])('are covered %s', (_how, hosts, tls) => {
    expect(found(ingressTlsHosts, ingress(hosts, tls))).toEqual([]);
  });

  test.each<[string, (string | undefined)[], unknown, number[]]>([
    ['with another name', ['a.example.com', 'b.example.com'], [{ hosts: ['a.example.com'] }], [1]],
    ['two labels below a wildcard', ['a.b.example.com'], [{ hosts: ['*.example.com'] }], [0]],
    ['that a wildcard stands below', ['example.com'], [{ hosts: ['*.example.com'] }], [0]],
    ['that is a wildcard above one name', ['*.example.com'], [{ hosts: ['a.example.com'] }], [0]],
    ['that is any', [undefined, 'a.example.com'], [{ hosts: ['a.example.com'] }], [0]],
  ])('are found: one %s', (_what, hosts, tls, places) => {
    expect(found(ingressTlsHosts, ingress(hosts, tls))).toEqual(places.map((i) => `spec.rules[${i}].host`));
    expect(found(ingressTlsHosts, ingress(hosts, tls, ALB))).toEqual([]);
  });

  test('are said once: without spec.tls it is that which is missing', () => {
    const none = ingress(['a.example.com'], undefined);
    expect([ingressTls, ingressTlsHosts].map((control) => found(control, none))).toEqual([['spec.tls'], []]);
  });

  test('are none where the Ingress has another shape: that is said elsewhere', () => {
    for (const spec of [undefined, 'text', { tls: 'text', rules: [{ host: 'a' }] }, { tls: [null], rules: 'text' }, { tls: [{ hosts: ['a'] }], rules: [null, 'text'] }]) {
      expect(found(ingressTlsHosts, { ...ingressWith({}), spec })).toEqual([]);
    }
  });
});

describe('the metadata service', () => {
  const to = (ipBlock: object, ports?: object[]) => policyWith({ egress: [{ to: [{ ipBlock }], ports }] });

  test('is in every block around it, as the library for addresses says', () => {
    const address = ipaddr.parse('169.254.169.254');
    const pattern = new RegExp(blocksAround('169.254.169.254'));
    const lengths = fc.integer({ min: 0, max: 31 });
    const wrong = fc.sample(fc.tuple(fc.ipV4(), lengths, lengths), 2000).flatMap(([other, length, shared]) => {
      const bits = (text: string) => ipaddr.IPv4.parse(text).octets.map((octet) => octet.toString(2).padStart(8, '0')).join('');
      const mixed = (bits('169.254.169.254').slice(0, shared) + bits(other).slice(shared)).match(/.{8}/g)!.map((each) => parseInt(each, 2)).join('.');
      const block = `${mixed}/${length}`;
      return pattern.test(block) === address.match(ipaddr.parseCIDR(block)) ? [] : [block];
    });
    expect(wrong).toEqual([]);
  });

  test.each(['0.0.0.0/0', '128.0.0.0/1', '169.254.0.0/16', '169.254.169.254/31', '0.0.0.1/0', '169.254.169.255/31', '::/0', '0::/0', '8000::/1', 'fc00::/7', 'fd00::/8', 'FD00:EC2::/32', 'fd20:ce::/64'])('is left out of %s', (cidr) => {
    expect(found(metadataService, to({ cidr }))).toEqual(['spec.egress[0].to[0].ipBlock.except']);
    const except = [cidr.includes(':') ? 'fd00:ec2::254/128' : '169.254.169.254/32'];
    expect(found(metadataService, to({ cidr, except }))).toEqual([]);
    expect(found(metadataService, to({ cidr, except: ['10.0.0.0/8'] }))).toEqual(['spec.egress[0].to[0].ipBlock.except']);
  });

  test('is not in other blocks', () => {
    expect(['10.0.0.0/8', '169.253.0.0/16', '0.0.0.0/1', '169.254.169.128/26', '2001:db8::/32'].flatMap((cidr) => found(metadataService, to({ cidr })))).toEqual([]);
  });

  test.each(['168.63.129.16/32', '168.63.129.0/25', '100.100.100.200/32', '100.100.100.201/31', 'fd00:ec2::254/128', 'fd20:ce::254/128'])('is not called at %s', (cidr) => {
    expect(found(metadataService, to({ cidr }))).toEqual(['spec.egress[0].to[0].ipBlock.cidr']);
  });

  test('is not called itself, but for names, which some clusters resolve there', () => {
    const itself = { cidr: '169.254.169.254/32' };
    expect(found(metadataService, to(itself))).toEqual(['spec.egress[0].to[0].ipBlock.cidr']);
    expect(found(metadataService, to(itself, [{ port: 80 }]))).toEqual(['spec.egress[0].to[0].ipBlock.cidr']);
    expect(found(metadataService, to(itself, [{ port: 53, protocol: 'UDP' }, { port: 53, protocol: 'TCP' }]))).toEqual([]);
    expect(found(metadataService, to(itself, [{ port: 53, endPort: 80 }]))).toEqual(['spec.egress[0].to[0].ipBlock.cidr']);
  });
});

describe('a namespace denies by default', () => {
  const namespace = { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'app' } };
  const all = (spec: object, name = 'app') => ({ ...policyWith({ podSelector: {}, ...spec }), metadata: { name: 'all', namespace: name } });
  const dns = { to: [{ namespaceSelector: {} }], ports: [{ port: 53 }] };

  test.each<[string, object[]]>([
    ['by one policy', [all({ policyTypes: ['Ingress', 'Egress'] })]],
    ['by one for each direction', [all({ policyTypes: ['Ingress'] }), all({ policyTypes: ['Egress'] })]],
    ['with empty conditions', [all({ podSelector: { matchLabels: {}, matchExpressions: [] }, policyTypes: ['Ingress', 'Egress'] })]],
    ['with what all pods may do', [all({ policyTypes: ['Ingress', 'Egress'], egress: [dns] })]],
    ['without types, as the API server takes it', [all({ egress: [dns] })]],
  ])('%s', (_how, policies) => {
    expect(found(defaultDeny, [namespace, ...policies])).toEqual([]);
  });

  test.each<[string, object[]]>([
    ['not without a policy', []],
    ['not by one of another namespace', [all({ policyTypes: ['Ingress', 'Egress'] }, 'other')]],
    ['not by one for some pods', [all({ podSelector: { matchLabels: { app: 'app' } }, policyTypes: ['Ingress', 'Egress'] })]],
    ['not in one direction', [all({ policyTypes: ['Ingress'] })]],
    ['not without types or rules, which is Ingress alone', [all({})]],
    ['not by one that lets everyone in', [all({ policyTypes: ['Ingress', 'Egress'], ingress: [{}] })]],
    ['not by one without a selector', [all({ podSelector: undefined, policyTypes: ['Ingress', 'Egress'] })]],
  ])('%s', (_how, policies) => {
    expect(found(defaultDeny, [namespace, ...policies])).toEqual(['[0].metadata.name']);
  });

  test('the system\'s own are not asked', () => {
    expect(found(defaultDeny, [{ ...namespace, metadata: { name: 'kube-system' } }])).toEqual([]);
  });
});
