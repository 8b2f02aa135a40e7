import { isEmpty, isObject, Place, valueAt } from '../path';

/** Annotations that name certificates which a cloud's load balancer has of its own: the hosts are in the certificates then. */
export const CLOUD_CERTIFICATES = [
  'alb.ingress.kubernetes.io/certificate-arn', 'networking.gke.io/managed-certificates', 'ingress.gcp.kubernetes.io/pre-shared-cert',
  'appgw.ingress.kubernetes.io/appgw-ssl-certificate',
];

/** A host that an Ingress serves. */
export interface ServedHost {
  /** Undefined: whatever name it is called by. */
  readonly host?: string;
  readonly place: Place;
}

/** The hosts of rules that no certificate of the Ingress is for, if it has any. An entry without hosts is for all of them. */
export function hostsWithoutCertificate(ingress: unknown): ServedHost[] {
  const entries = listAt(ingress, ['spec', 'tls']).map((entry) => valueAt(entry, ['hosts']));
  if (entries.length === 0 || entries.some(isEmpty)) {
    return [];
  }
  const covered = entries.flat();
  return listAt(ingress, ['spec', 'rules']).flatMap((rule, i) => {
    const host = valueAt(rule, ['host']);
    const isCovered = typeof host === 'string' && [host, host.replace(/^[^.]+/, '*')].some((each) => covered.includes(each));
    return isCovered || !isObject(rule) ? [] : [{ place: ['spec', 'rules', i, 'host'], ...typeof host === 'string' && host !== '' && { host } }];
  });
}

function listAt(item: unknown, path: string[]): unknown[] {
  const list = valueAt(item, path);
  return Array.isArray(list) ? list : [];
}
