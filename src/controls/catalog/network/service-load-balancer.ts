import { Reference } from '../../../core/reference';
import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

/** How each cloud's load balancer is told to have no public address. */
const INTERNAL: Record<string, string[]> = {
  'service.beta.kubernetes.io/aws-load-balancer-scheme': ['internal'],
  'service.beta.kubernetes.io/aws-load-balancer-internal': ['true', '0.0.0.0/0'],
  'service.beta.kubernetes.io/azure-load-balancer-internal': ['true'],
  'networking.gke.io/load-balancer-type': ['Internal'],
  'cloud.google.com/load-balancer-type': ['Internal'],
  'service.beta.kubernetes.io/openstack-internal-load-balancer': ['true'],
  'service.beta.kubernetes.io/oci-load-balancer-internal': ['true'],
  'service.beta.kubernetes.io/alibaba-cloud-loadbalancer-address-type': ['intranet'],
  'load-balancer.hetzner.cloud/disable-public-network': ['true'],
};
const RANGES = 'metadata.annotations["service.beta.kubernetes.io/load-balancer-source-ranges"]';

export const control = new Control({
  id: 'service-load-balancer',
  title: 'Load balancers are internal or say who may reach them',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'A load balancer without ranges of sources is open to the whole Internet from the minute it is made. Its node ports are open past its ranges, unless allocateLoadBalancerNodePorts is false.',
  remediation: 'Use type ClusterIP behind an Ingress or Gateway, or set loadBalancerSourceRanges; waive it for the one load balancer that is the public entrance.',
  requirement: Requirement.exemptWhen(
    Requirement.anyOf(
      Requirement.noneOf('spec.type', 'LoadBalancer'),
      ...Object.entries(INTERNAL).map(([name, values]) => Requirement.oneOf(`metadata.annotations["${name}"]`, ...values)),
      Requirement.allOf(Requirement.present(RANGES), Requirement.negation(Requirement.matches(RANGES, '/0+([ ,]|$)'))),
    ),
    Requirement.allOf(
      Requirement.present('spec.loadBalancerSourceRanges').describedAs('a list of who may reach it'),
      Requirement.each('spec.loadBalancerSourceRanges', Requirement.negation(Requirement.matches('', '/0+ *$')).describedAs('a part of the Internet')),
    ),
  ).notFixable('Who is to reach the program has to be decided.'),
  appliesTo: AppliesTo.kinds('Service'),
  references: [Reference.nsa('Network policies'), Reference.mitre('T1190')],
  example: {
    compliant: {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'app', namespace: 'app' },
      spec: {
        type: 'LoadBalancer', selector: { app: 'app' }, ports: [{ port: 443 }], loadBalancerSourceRanges: ['192.0.2.0/24'],
      },
    },
    path: 'spec.loadBalancerSourceRanges[0]',
    value: '0.0.0.0/0',
  },
});
