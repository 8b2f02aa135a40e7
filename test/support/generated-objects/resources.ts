import * as fc from 'fast-check';
import { compact, Fields, oneOf, sometimes, weighted, when } from './arbitraries';
import { GeneratorOptions, supports } from './options';

interface Quantity {
  readonly json: string | number;
  readonly value: number;
}

const quantities = (...list: [json: string | number, value: number][]) => oneOf(...list.map(([json, value]): Quantity => ({ json, value })));

const CPU = quantities(
  ['100m', 0.1], [0.1, 0.1], ['1m', 0.001], ['0.25', 0.25], [0.5, 0.5], ['500m', 0.5], ['1', 1], [1, 1], ['1500m', 1.5], [2, 2], ['1e1', 10], ['1e3', 1000],
  [0, 0], ['0', 0], ['.5', 0.5], ['1.', 1],
);
const MEMORY = quantities(
  ['128Mi', 2 ** 27], ['64Mi', 2 ** 26], [1073741824, 2 ** 30], ['1Gi', 2 ** 30], ['1.5Gi', 1.5 * 2 ** 30], ['129M', 129e6], ['129e6', 129e6], ['1e9', 1e9],
  ['1E3', 1e3], ['1e3', 1e3], ['134217728000m', 2 ** 27], [0, 0], ['2G', 2e9], ['65536Ki', 2 ** 26], ['+1Gi', 2 ** 30],
);
const STORAGE = quantities(['1Gi', 2 ** 30], ['2e9', 2e9], [500000000, 5e8], ['10Gi', 10 * 2 ** 30], ['0', 0]);
/** Requests of these must equal the limits. */
const HUGE_PAGES = quantities(['2Mi', 2 ** 21], ['64Mi', 2 ** 26], ['0', 0]);
const GPUS = quantities([1, 1], ['1', 1], ['2', 2]);

const bounds = (request: number, limit: number, quantity: fc.Arbitrary<Quantity>) =>
  fc.record({ request: sometimes(request, quantity), limit: sometimes(limit, quantity) }).map(inOrder);
const bound = (percent: number, quantity: fc.Arbitrary<Quantity>) => sometimes(percent, quantity.map((each) => ({ request: each, limit: each })));

function inOrder({ request, limit }: { request?: Quantity; limit?: Quantity }) {
  return request !== undefined && limit !== undefined && request.value > limit.value ? { request: limit, limit: request } : { request, limit };
}

/** Requests and limits of a container. */
export const containerResources: fc.Arbitrary<Fields | undefined> = weighted<Fields | undefined>(
  [12, undefined],
  [3, {}],
  [85, fc.record({
    'cpu': bounds(90, 75, CPU),
    'memory': bounds(92, 92, MEMORY),
    'ephemeral-storage': bounds(20, 20, STORAGE),
    'hugepages-2Mi': bound(2, HUGE_PAGES),
    'nvidia.com/gpu': bound(2, GPUS),
  }).map(({ 'hugepages-2Mi': pages, ...rest }) => {
    const computes = [rest.cpu, rest.memory].some(({ request, limit }) => request ?? limit);
    return listed({ ...rest, 'hugepages-2Mi': computes ? pages : undefined });
  })],
);

/** Requests and limits of a whole pod, above all that its containers can ask for. */
export function podResources(options: GeneratorOptions): fc.Arbitrary<Fields | undefined> {
  return when(supports(options, 'podResources'), sometimes(4, oneOf<Fields>(
    { requests: { cpu: '1e4', memory: '64Gi' }, limits: { cpu: '1e4', memory: '64Gi' } },
    { limits: { cpu: 10000, memory: '64Gi' } },
    { requests: { memory: '64Gi' } },
  )));
}

function listed(resources: Record<string, { request?: Quantity; limit?: Quantity } | undefined>): Fields {
  const list = (which: 'request' | 'limit') => {
    const entries = Object.entries(resources).map(([name, each]) => [name, each?.[which]?.json] as const).filter(([, json]) => json !== undefined);
    return entries.length > 0 ? Object.fromEntries(entries) : undefined;
  };
  return compact({ requests: list('request'), limits: list('limit') });
}
