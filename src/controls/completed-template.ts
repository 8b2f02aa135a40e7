import { isObject, Json } from './path';

/** What a volume has besides its source. */
const NO_SOURCE: readonly string[] = ['name'];

/** A pod template as the API server would complete it, as far as any control can tell. The original is left as it is. */
export function completed(template: Json, isPod: boolean): Json {
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
    const requests = requestsOfPod({ ...spec, ...changes });
    if (requests) {
      changes.resources = { ...spec.resources as Json, requests };
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

/** What a Pod as a whole may ask for. */
const POD_RESOURCES = /^(cpu|memory|hugepages-.*)$/;

/**
 * The requests of a Pod as a whole, where it states limits: what they lack is what its containers ask for together (here one amount stands for the
 * sum, nought only for nought), else the limit. Undefined where nothing is lacking, or what is there is malformed and has to be found as it is.
 */
function requestsOfPod({ resources, containers, initContainers }: Json): Json | undefined {
  if (!isObject(resources) || !isObject(resources.limits) || Object.keys(resources.limits).length === 0) {
    return undefined;
  }
  const ofContainers: Record<string, unknown> = {};
  for (const each of [containers, initContainers].flat()) {
    const requests = isObject(each) && isObject(each.resources) && isObject(each.resources.requests) ? each.resources.requests : {};
    for (const name of Object.keys(requests).filter((key) => POD_RESOURCES.test(key) && !/[1-9]/.test(String(ofContainers[key])))) {
      ofContainers[name] = requests[name];
    }
  }
  const requests = resources.requests ?? {};
  const all = { ...resources.limits, ...ofContainers };
  return isObject(requests) && Object.keys(all).some((name) => requests[name] === undefined) ? { ...all, ...requests } : undefined;
}
