import { GeneratedObject } from './options';

const IRREGULAR: Record<string, string> = { Ingress: 'ingresses', NetworkPolicy: 'networkpolicies', StorageClass: 'storageclasses' };

/** Where objects of that kind are created: `/apis/apps/v1/namespaces/generated/deployments`. */
export function apiPath({ apiVersion, kind, metadata: { namespace } }: GeneratedObject): string {
  const group = apiVersion.includes('/') ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  return `${group}${namespace === undefined ? '' : `/namespaces/${namespace}`}/${IRREGULAR[kind] ?? `${kind.toLowerCase()}s`}`;
}
