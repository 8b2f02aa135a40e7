import { objectsIn, textsIn } from './lists';
import { KindRule } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { blockName, blocksAround, within } from '../address-blocks';
import { Fact, grant, Grant, guard, level } from '../facts';

const { HIGH, MEDIUM } = Severity;
const EXPOSURE: Readonly<Record<string, number>> = { ClusterIP: 2, NodePort: 1, LoadBalancer: 0 };

/** From where a Service can be reached. */
export const SERVICE_RULE: KindRule = { id: 'service-exposure', facts: serviceFacts };

function serviceFacts({ spec }: Json): Fact[] {
  if (!isObject(spec)) {
    return [];
  }
  const type = String(spec.type ?? 'ClusterIP');
  const isOutside = type === 'LoadBalancer' || type === 'NodePort';
  return [
    ...(type in EXPOSURE ? [level('type', EXPOSURE[type], spec.type === undefined ? 'missing (ClusterIP)' : type, MEDIUM, 'spec.type')] : []),
    ...textsIn(spec.externalIPs).map((address) => grant(`ip ${address}`, `traffic to ${address}`, MEDIUM, { path: 'spec.externalIPs' })),
    ...(type === 'LoadBalancer' ? sources(spec.loadBalancerSourceRanges) : []),
    ...(isOutside ? objectsIn(spec.ports).map(({ port, protocol = 'TCP' }) => (
      grant(`port ${String(port)} ${String(protocol)}`, `${String(protocol)} port ${String(port)} from outside`, MEDIUM, { path: 'spec.ports[]' })
    )) : []),
  ];
}

/** None: from everywhere. */
function sources(ranges: unknown): Grant[] {
  const stated = textsIn(ranges);
  return (stated.length > 0 ? stated : ['0.0.0.0/0', '::/0']).map((range) => grant(`from ${range}`, `traffic from ${range}`, HIGH, {
    path: 'spec.loadBalancerSourceRanges', covers: ({ key }) => key.startsWith('from ') && within(key.slice(5), range),
    shelf: blockName(range), shelves: () => blocksAround(range),
  }));
}

/** Hosts that are served, and by TLS; who may ask, as the annotations of controllers say it. */
export const INGRESS_RULE: KindRule = {
  id: 'ingress-tls',
  facts: ({ spec, metadata }) => [
    ...(isObject(spec) ? objectsIn(spec.tls).flatMap(({ hosts }) => textsIn(hosts).map((host) => guard(host, `TLS for ${host}`, HIGH, 'spec.tls'))) : []),
    ...(isObject(spec) && objectsIn(spec.rules).some(({ host }) => host === undefined || host === '') ? [grant('any host', 'requests for any host', MEDIUM, { path: 'spec.rules[]' })] : []),
    ...annotations(metadata),
  ],
};

/** Annotations without which more people may ask, or without TLS. */
const PROTECTING = /^(?:[\w.-]+\/)?(?:auth-(?:type|url|tls-secret)|(?:allow|white)list-source-range|(?:force-)?ssl-redirect)$/;

function annotations(metadata: unknown): Fact[] {
  const stated = isObject(metadata) && isObject(metadata.annotations) ? Object.entries(metadata.annotations) : [];
  return stated.flatMap(([name, value]): Fact[] => {
    const path = `metadata.annotations["${name}"]`;
    if (!PROTECTING.test(name)) {
      return [];
    }
    if (!name.endsWith('ssl-redirect')) {
      return [guard(`annotation ${name}`, `what ${name} asks for`, HIGH, path)];
    }
    // Without the annotation, controllers redirect where there is TLS.
    return value === 'false' ? [grant(`annotation ${name}`, 'requests without TLS', MEDIUM, { path })] : [];
  });
}

/** Whether volumes of a class are encrypted, as drivers call it. */
export const STORAGE_CLASS_RULE: KindRule = {
  id: 'storage-encryption',
  facts: ({ parameters }) => Object.entries(isObject(parameters) ? parameters : {})
    .filter(([name, value]) => /encrypt(?:ed|ion)$/i.test(name) && String(value).toLowerCase() === 'true')
    .map(([name]) => guard(name, 'the encryption of its volumes', HIGH, `parameters.${name}`)),
};

/** Whether pods get a token that nobody asked for. */
export const SERVICE_ACCOUNT_RULE: KindRule = {
  id: 'service-account-token',
  facts: ({ automountServiceAccountToken: mounts }) => [
    level('automountServiceAccountToken', mounts === false ? 1 : 0, mounts === undefined ? 'missing (true)' : String(mounts), MEDIUM, 'automountServiceAccountToken'),
  ],
};
