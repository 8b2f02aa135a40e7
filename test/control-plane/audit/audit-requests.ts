import { AuditRequest } from './audit-simulator';

/** What carries secrets, tokens or credentials in its bodies. */
export const CONFIDENTIAL: [string, Partial<AuditRequest>][] = [
  ['a Secret', { resource: 'secrets' }],
  ['a ConfigMap', { resource: 'configmaps' }],
  ['a service account\'s token', { resource: 'serviceaccounts', subresource: 'token' }],
  ['a token review', { group: 'authentication.k8s.io', resource: 'tokenreviews' }],
  ['a certificate signing request', { group: 'certificates.k8s.io', resource: 'certificatesigningrequests' }],
  ['a certificate signing request\'s approval', { group: 'certificates.k8s.io', resource: 'certificatesigningrequests', subresource: 'approval' }],
];

/** A request for a pod, by jane, unless said otherwise. */
export function request(overrides: Partial<AuditRequest>): AuditRequest {
  return { user: 'jane', groups: ['system:authenticated'], verb: 'create', namespace: 'shop', group: '', resource: 'pods', name: 'web', ...overrides };
}
