import { Severity } from '../../../core/severity';
import { AppliesTo } from '../../applies-to';
import { Control, ControlLayer } from '../../control';
import { Requirement } from '../../requirement';

export const control = new Control({
  id: 'gateway-listener-tls',
  title: 'Gateways listen with TLS',
  severity: Severity.MEDIUM,
  layer: ControlLayer.NETWORK,
  rationale: 'What a listener without TLS takes in crosses the network in the clear; one that only redirects to HTTPS is harmless, and waived.',
  remediation: 'Use protocol HTTPS or TLS with a certificate.',
  requirement: Requirement.each('spec.listeners', Requirement.noneOf('protocol', 'HTTP', 'TCP', 'UDP'))
    .notFixable('Where the certificate comes from has to be decided.'),
  appliesTo: AppliesTo.customResources({ group: 'gateway.networking.k8s.io', version: 'v1', kind: 'Gateway', resource: 'gateways' }),
  recommended: false,
  example: {
    compliant: {
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'Gateway',
      metadata: { name: 'app', namespace: 'app' },
      spec: {
        gatewayClassName: 'public',
        listeners: [{ name: 'https', port: 443, protocol: 'HTTPS', tls: { certificateRefs: [{ name: 'tls' }] } }],
      },
    },
    path: 'spec.listeners[0].protocol',
    value: 'HTTP',
  },
});
