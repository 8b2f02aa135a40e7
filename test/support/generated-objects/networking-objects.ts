import * as fc from 'fast-check';
import { compact, Fields, fields, oneOf, someOf, sometimes, weighted, when } from './arbitraries';

const port = (nodePorts: boolean) => fields({
  name: oneOf('http', 'metrics', 'dns'),
  port: oneOf(80, 443, 53, 65535),
  targetPort: sometimes(60, oneOf<number | string>(8080, 'http')),
  protocol: sometimes(20, oneOf('TCP', 'UDP')),
  nodePort: when(nodePorts, sometimes(30, oneOf(30080, 32767))),
  appProtocol: sometimes(8, oneOf('http', 'kubernetes.io/h2c')),
});

const ports = (nodePorts: boolean, minLength: number = 1) => fc.uniqueArray(port(nodePorts), {
  minLength, maxLength: 2, comparator: (a, b) => a.name === b.name || a.port === b.port || (a.nodePort !== undefined && a.nodePort === b.nodePort),
});

const common = {
  selector: sometimes(85, oneOf<Fields>({ app: 'app' }, { 'app.kubernetes.io/name': 'web' })),
  sessionAffinity: sometimes(15, oneOf('ClientIP', 'None')),
  publishNotReadyAddresses: sometimes(5, fc.boolean()),
};
const externalIPs = oneOf(['192.0.2.10'], ['203.0.113.7', '198.51.100.1'], []);

/** Services of every type. */
export const service = weighted<Fields>(
  [40, fields({ type: sometimes(40, fc.constant('ClusterIP')), ports: ports(false), ...common, externalIPs: sometimes(12, externalIPs), internalTrafficPolicy: sometimes(10, oneOf('Cluster', 'Local')) })],
  [12, fields({ clusterIP: fc.constant('None'), ports: ports(false, 0), ...common })],
  [15, fields({ type: fc.constant('NodePort'), ports: ports(true), ...common, externalTrafficPolicy: sometimes(30, oneOf('Local', 'Cluster')), externalIPs: sometimes(8, externalIPs) })],
  [20, fields({
    type: fc.constant('LoadBalancer'),
    ports: ports(true),
    ...common,
    loadBalancerClass: sometimes(10, fc.constant('example.com/internal')),
    loadBalancerSourceRanges: sometimes(40, oneOf(['10.0.0.0/8'], ['0.0.0.0/0'], ['192.0.2.0/24', '::/0'], [])),
    allocateLoadBalancerNodePorts: sometimes(20, fc.constant(true)),
    externalTrafficPolicy: sometimes(20, oneOf('Local', 'Cluster')),
    externalIPs: sometimes(6, externalIPs),
  })],
  [8, fields({ type: fc.constant('ExternalName'), externalName: oneOf('db.example.com', 'metadata.google.internal', 'api.example.com.'), ports: sometimes(30, ports(false)) })],
).map((spec) => ({ spec }));

/** Annotations that only mean something on a Service. */
export const serviceAnnotations = fields({
  'service.beta.kubernetes.io/aws-load-balancer-internal': sometimes(10, oneOf('true', 'false')),
  'service.beta.kubernetes.io/aws-load-balancer-scheme': sometimes(6, oneOf('internal', 'internet-facing')),
  'networking.gke.io/load-balancer-type': sometimes(6, oneOf('Internal', 'External')),
});

const HOSTS = ['shop.example.com', '*.example.com', 'api.example.com', 'localhost'];
const backend = oneOf<Fields>({ service: { name: 'web', port: { number: 80 } } }, { service: { name: 'kubernetes-dashboard', port: { name: 'https' } } });
const rule = fields({
  host: sometimes(88, oneOf(...HOSTS)),
  http: sometimes(95, fields({
    paths: fc.array(fields({ path: oneOf('/', '/api'), pathType: oneOf('Prefix', 'Exact', 'ImplementationSpecific'), backend }), { minLength: 1, maxLength: 2 }),
  })),
});

export const ingress = fc.record({
  rules: sometimes(92, fc.array(rule, { minLength: 1, maxLength: 2 })),
  defaultBackend: sometimes(10, backend),
  ingressClassName: sometimes(60, fc.constant('nginx')),
  tls: sometimes(75, fc.array(fields({ hosts: sometimes(85, someOf(HOSTS, { max: 3 })), secretName: sometimes(90, fc.constant('tls')) }), { maxLength: 2 })),
}).map(({ defaultBackend, ...spec }) => ({
  spec: compact({ ...spec, defaultBackend: defaultBackend ?? (spec.rules ? undefined : { service: { name: 'web', port: { number: 80 } } }) }),
}));

const selector = oneOf<Fields>({}, { matchLabels: { app: 'app' } }, { matchExpressions: [{ key: 'app', operator: 'NotIn', values: ['db'] }] }, { matchLabels: {} });
const peer = weighted<Fields>(
  [30, { podSelector: { matchLabels: { app: 'web' } } }],
  [15, { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'ingress' } }, podSelector: {} }],
  [8, { namespaceSelector: {} }],
  [6, { podSelector: {} }],
  [8, { ipBlock: { cidr: '10.0.0.0/8', except: ['10.1.0.0/16'] } }],
  [6, { ipBlock: { cidr: '0.0.0.0/0' } }],
  [4, { ipBlock: { cidr: '0.0.0.0/0', except: ['169.254.169.254/32'] } }],
  [4, { ipBlock: { cidr: '::/0' } }],
);
const policyPort = oneOf<Fields>({ port: 8080 }, { protocol: 'UDP', port: 53 }, { port: 'http' }, { port: 32000, endPort: 32768 }, { protocol: 'SCTP' }, {});
const rules = (peers: string) => fc.array(fields({
  [peers]: sometimes(85, fc.array(peer, { maxLength: 2 })),
  ports: sometimes(60, fc.array(policyPort, { maxLength: 2 })),
}), { maxLength: 2 });

export const networkPolicy = fields({
  spec: fields({
    podSelector: selector,
    policyTypes: sometimes(85, oneOf(['Ingress', 'Egress'], ['Ingress'], ['Egress'])),
    ingress: sometimes(55, rules('from')),
    egress: sometimes(50, rules('to')),
  }),
});
