import { isObject, Json } from './path';

/** What a volume has besides its source. */
const NO_SOURCE: readonly string[] = ['name'];

/** A pod template as the API server would complete it, as far as any control can tell. The original is left as it is. */
export function completed(template: Json, isPod: boolean, minor: number): Json {
  const spec = template.spec as Json;
  const changes: Record<string, unknown> = {};
  if (Array.isArray(spec.volumes) && spec.volumes.some(hasNoSource)) {
    changes.volumes = spec.volumes.map((volume: unknown) => (hasNoSource(volume) ? { ...volume as Json, emptyDir: {} } : volume));
  }
  const account = spec.serviceAccountName || spec.serviceAccount || (isPod ? 'default' : undefined);
  if (account !== undefined && account !== spec.serviceAccountName) {
    changes.serviceAccountName = account;
  }
  if (isPod) {
    for (const list of ['containers', 'initContainers'] as const) {
      const containers = spec[list];
      if (Array.isArray(containers) && containers.some((each) => isMissingPodDefaults(each, spec))) {
        changes[list] = containers.map((each) => (isMissingPodDefaults(each, spec) ? withPodDefaults(each, spec) : each));
      }
    }
    const resources = resourcesOfPod({ ...spec, ...changes }, minor);
    if (resources) {
      changes.resources = resources;
    }
  }
  return Object.keys(changes).length === 0 ? template : { ...template, spec: { ...spec, ...changes } };
}

function hasNoSource(volume: unknown): boolean {
  if (!isObject(volume)) {
    return false;
  }
  for (const key in volume) {
    if (!NO_SOURCE.includes(key) && volume[key] !== null && volume[key] !== undefined) {
      return false;
    }
  }
  return true;
}

function isMissingPodDefaults(container: unknown, spec: Json): container is Json {
  if (!isObject(container)) {
    return false;
  }
  const ports = spec.hostNetwork === true && Array.isArray(container.ports) && container.ports.some((port) => isObject(port) && !port.hostPort);
  return ports || requestsToComplete(container) !== undefined;
}

/** The limits that become requests; undefined where there are none, or where what is there is malformed and has to be found as it is. */
function requestsToComplete({ resources }: Json): Json | undefined {
  if (!isObject(resources) || !isObject(resources.limits)) {
    return undefined;
  }
  const { limits } = resources;
  const requests = resources.requests ?? {};
  return isObject(requests) && Object.keys(limits).some((name) => requests[name] === undefined) ? limits : undefined;
}

/** A Pod's requests default to its limits; with the host's network, its host ports default to its container ports. */
function withPodDefaults(container: Json, spec: Json): Json {
  const { ports } = container;
  const limits = requestsToComplete(container);
  const resources = container.resources as Json;
  return {
    ...container,
    ...(spec.hostNetwork === true && Array.isArray(ports) && {
      ports: ports.map((port: unknown) => (isObject(port) && !port.hostPort ? { ...port, hostPort: port.containerPort } : port)),
    }),
    ...(limits && { resources: { ...resources, requests: { ...limits, ...(resources.requests as Json | undefined) } } }),
  };
}

/** What a Pod as a whole asks for if its containers do. */
const SUMMED: readonly string[] = ['cpu', 'memory'];

/** Pods that state requests as a whole are completed from 1.37 on, those that state limits from the first version that knows either. */
const COMPLETES_REQUESTS_SINCE = 37;

/**
 * The resources of a Pod as a whole. Requests that are lacking are what its containers ask for together, else the limit. Limits that are lacking are,
 * where each container has one, all of them together, and no less than the request. One amount stands for the sum here, nought only for nought.
 * Undefined where nothing is lacking, or what is there is malformed and has to be found as it is.
 */
function resourcesOfPod({ resources, containers, initContainers }: Json, minor: number): Json | undefined {
  const { limits, requests } = isObject(resources) ? { limits: resources.limits ?? {}, requests: resources.requests ?? {} } : {};
  const isOld = minor < COMPLETES_REQUESTS_SINCE;
  if (!isObject(limits) || !isObject(requests) || Object.keys(isOld ? limits : { ...limits, ...requests }).length === 0) {
    return undefined;
  }
  const all = [containers, initContainers].flat().filter(isObject);
  const amounts = (list: 'limits' | 'requests', name: string) => all.map((each) => (isObject(each.resources) && isObject(each.resources[list]) ? each.resources[list][name] : undefined));
  const completedRequests: Record<string, unknown> = { ...limits, ...sums((name) => amounts('requests', name).filter((each) => each !== undefined)), ...requests };
  const ofEach = (name: string) => (amounts('limits', name).includes(undefined) ? [] : [completedRequests[name], ...amounts('limits', name)]);
  const completedLimits = isOld ? limits : { ...sums(ofEach), ...limits };
  return Object.keys(completedRequests).length > Object.keys(requests).length || Object.keys(completedLimits).length > Object.keys(limits).length
    ? { ...resources as Json, requests: completedRequests, ...(Object.keys(completedLimits).length > 0 && { limits: completedLimits }) }
    : undefined;
}

function sums(amounts: (name: string) => readonly unknown[]): Record<string, unknown> {
  const stated = SUMMED.map((name) => ({ name, list: amounts(name) })).filter(({ list }) => list.length > 0);
  return Object.fromEntries(stated.map(({ name, list }) => [name, list.find((each) => /[1-9]/.test(String(each))) ?? list[0]]));
}
