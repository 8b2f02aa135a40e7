import { objectsIn, textsIn } from './lists';
import { KindRule } from './rule';
import { isObject, Json } from '../../../controls/path';
import { Severity } from '../../../core/severity';
import { blockName, blocksAround, within } from '../address-blocks';
import { Fact, grant, Grant, guard, level } from '../facts';
import { shownText } from '../shown-value';

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
const PROTECTING = /^(?:[\w.-]+\/)?(?:auth-(?:type|url|tls-secret)|(?:force-)?ssl-redirect)$/;
const ALLOW_LIST = /^(?:[\w.-]+\/)?(?:allow|white)list-source-range$/;
const NOTHING = /^(?:none|off|false|disabled)?$/i;

function annotations(metadata: unknown): Fact[] {
  const stated = Object.entries(isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {}).map(([name, value]) => [name, String(value ?? '').trim()]);
  const lists = stated.filter(([name]) => ALLOW_LIST.test(name)).map(([name, value]) => ({ name, path: pathOf(name), ranges: value.split(/[\s,]+/).filter((each) => each !== '') }));
  return [...stated.filter(([name]) => PROTECTING.test(name)).flatMap(([name, value]) => protection(name, value)), ...allowLists(lists)];
}

function protection(name: string, value: string): Fact[] {
  if (!name.endsWith('ssl-redirect')) {
    return NOTHING.test(value) ? [] : [asked(name)];
  }
  // Without the annotation, controllers redirect where there is TLS.
  return /^(?:0|f|false)$/i.test(value) ? [grant(`annotation ${name}`, 'requests without TLS', MEDIUM, { path: pathOf(name) })] : [];
}

function asked(name: string): Fact {
  return guard(`annotation ${name}`, `what ${name} asks for`, HIGH, pathOf(name));
}

function pathOf(name: string): string {
  return `metadata.annotations["${name}"]`;
}

interface AllowList {
  readonly name: string;
  readonly path: string;
  readonly ranges: readonly string[];
}

/** From where requests may come. A list with everybody in it is none; some controllers take `!` for what is left out of it. */
function allowLists(lists: readonly AllowList[]): Fact[] {
  const isOpen = ({ ranges }: AllowList) => ranges.every((each) => each.startsWith('!')) || ranges.some((each) => /^[^!].*\/0+$/.test(each));
  const closed = lists.filter((each) => !isOpen(each));
  return [
    // Both sides have it, so it is never told. Without a list it is what all addresses are part of.
    grant('from anywhere', 'requests from anywhere', HIGH, { shelf: ANYWHERE, ...(closed.length === 0 && { covers: () => true }) }),
    ...closed.flatMap(({ name, path, ranges }) => [asked(name), ...ranges.filter((each) => !each.startsWith('!')).map((range) => allowedRange(range, path))]),
    ...lists.flatMap(({ path, ranges }) => ranges.filter((each) => each.startsWith('!')).map((range) => refusedRange(range.slice(1), path))),
  ];
}

const ANYWHERE = 'anywhere';

function allowedRange(text: string, path: string): Fact {
  const range = asBlock(text);
  return grant(`from ${range}`, `requests from ${shownText(text)}`, HIGH, {
    path, covers: () => true, shelf: blockName(range), shelves: () => [ANYWHERE, ...blocksAround(range)],
  });
}

function refusedRange(text: string, path: string): Fact {
  const range = asBlock(text);
  return guard(`not from ${range}`, `the refusal of requests from ${shownText(text)}`, HIGH, path, {
    covers: () => true, shelf: blockName(range), shelves: () => blocksAround(range),
  });
}

/** One address is a block of one. */
function asBlock(text: string): string {
  return text.includes('/') ? text : `${text}/${text.includes(':') ? 128 : 32}`;
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
