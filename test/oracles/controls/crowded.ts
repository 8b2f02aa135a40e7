import { ingressWith, policyWith, roleWith, serviceWith } from '../../../src/controls/catalog/example-objects';

/** As many as nobody has in one object. */
const MANY = 500;

function many<T>(make: (i: number) => T): T[] {
  return Array.from({ length: MANY }, (_, i) => make(i));
}

function egressTo(make: (i: number) => object): any {
  return policyWith({ policyTypes: ['Egress'], egress: [{ to: many(make) }] });
}

/** Objects with very long lists, by what they have in them: the API server gives up on an expression that costs more than a million. */
export const CROWDED: Record<string, any> = {
  'a NetworkPolicy to blocks of IPv4': egressTo((i) => ({ ipBlock: { cidr: `203.${i % 256}.${100 + Math.floor(i / 256)}.128/25` } })),
  'a NetworkPolicy to blocks of IPv6': egressTo((i) => ({ ipBlock: { cidr: `2001:db8:aaaa:bbbb:cccc:dddd:${(i + 256).toString(16)}:0/112` } })),
  'a NetworkPolicy to all but some blocks': egressTo((i) => ({ ipBlock: { cidr: '0.0.0.0/0', except: [`10.${i % 256}.0.0/16`, '169.254.169.254/32'] } })),
  'a NetworkPolicy to pods': egressTo((i) => ({ podSelector: { matchLabels: { app: `app-${i}` } } })),
  'a NetworkPolicy from blocks': policyWith({ policyTypes: ['Ingress'], ingress: many((i) => ({ from: [{ ipBlock: { cidr: `10.${i % 256}.0.0/16` } }] })) }),
  'a Role with rules': { ...roleWith(), rules: many((i) => ({ apiGroups: ['apps', 'example.com'], resources: [`widgets-${i}`, 'deployments/scale'], verbs: ['get', 'list', 'watch', 'update'] })) },
  'an Ingress to Services': {
    ...ingressWith({}),
    spec: {
      tls: [{ hosts: ['*.example.com'], secretName: 'tls' }],
      rules: many((i) => ({ host: `app-${i}.example.com`, http: { paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: `application-${i}`, port: { number: 80 } } } }] } })),
    },
  },
  'a load balancer for ranges': serviceWith({
    type: 'LoadBalancer', ports: [{ port: 443 }], loadBalancerSourceRanges: many((i) => `203.${i % 256}.${100 + Math.floor(i / 256)}.128/25`),
  }),
};
