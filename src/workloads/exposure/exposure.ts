import { isIP } from 'net';
import { ApiObjectMetadata } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { MAIN_PORT, ServicePort } from './service-ports';
import { checkDnsDomain } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkList } from '../../core/list';
import { TransportProtocol } from '../../core/port';
import { treeRegistry } from '../../core/tree-registry';
import { Connections } from '../../network/connections';
import { platformPeers } from '../../network/platform-peers';

/** What requests' paths are compared with. */
export enum PathMatch {
  /** The path, and all below it, element by element. */
  PREFIX = 'Prefix',
  /** The path alone. */
  EXACT = 'Exact',
}

/** What is made reachable from outside of the cluster. */
export interface ExposedWorkload {
  readonly workload: Construct;
  readonly metadata: ApiObjectMetadata & { readonly name: string };
  readonly ports: readonly ServicePort[];
  readonly connections: Connections;
}

/** Of each path: what both Ingresses and routes take, so that neither server refuses what the other has. */
const PATH = /^\/([-A-Za-z0-9/._~!$&'()*+,;=:@]|%[0-9a-fA-F]{2})*$/;
const AMBIGUOUS = /\/\/|\/\.\.?(\/|$)|%2f/i;
const PATH_LIMIT = 1024;
const HOSTS_LIMIT = 16;

/** Checks the names that a workload is reached by. @throws if there is none: it would take in what is called by any name */
export function checkHosts(hosts: string[], property: string, at: IConstruct): string[] {
  const list = checkList(hosts, property, 'DNS names', at);
  if (list.length === 0 || list.length > HOSTS_LIMIT) {
    throw invalid({
      at, property, got: list.length === 0 ? list : `${list.length} names`, allowed: `1 to ${HOSTS_LIMIT} DNS names: without one, requests for any name would come in`,
      fix: list.length === 0 ? 'Name the hosts that its certificate is for.' : 'Expose the others by a further call.',
    });
  }
  list.forEach((host, i) => checkHost(host, `${property}[${i}]`, at, list.indexOf(host) !== i));
  return list;
}

/** Checks a path of requests. Two servers read doubled or encoded slashes and dots in different ways. */
export function checkPath(path: string, property: string, at: IConstruct): string {
  if (typeof path !== 'string' || path.length > PATH_LIMIT || !PATH.test(path) || AMBIGUOUS.test(path)) {
    throw invalid({
      at, property, got: path, source: 'RFC 3986', fix: 'Give the path that requests begin with, for instance /api.',
      allowed: `an absolute path of at most ${PATH_LIMIT} characters without //, /./, /../, %2f, # and ?`,
    });
  }
  return path;
}

/** The port that requests go to. @throws if the workload has no such port, or it doesn't take TCP */
export function backendPort({ workload: at, ports }: ExposedWorkload, name: string | undefined, method: string): ServicePort {
  const tcp = ports.filter(({ protocol }) => protocol === TransportProtocol.TCP);
  const port = name === undefined ? tcp.find((each) => each.name === undefined || each.name === MAIN_PORT) : tcp.find((each) => each.name === name);
  if (port) {
    return port;
  }
  const named = tcp.map((each) => each.name).filter((each) => each !== undefined);
  throw invalid({
    at, property: name === undefined ? method : 'portName', got: name ?? 'no port', fix: named.length > 0 ? 'Name one of them: portName.' : 'Give the port that the program listens on: port.',
    allowed: named.length > 0 ? `one of its TCP ports: ${named.join(', ')}` : name === undefined ? 'a workload with a port' : 'none: it has one port without name, or none',
  });
}

/**
 * Makes a route to a workload and opens the way for those who serve it, or neither. Whatever else may be wrong has been checked before.
 *
 * @param claims what is served, such as host and path; each belongs to one workload of the app
 */
export function expose(target: ExposedWorkload, method: string, id: string, claims: readonly string[], port: ServicePort, make: () => void): void {
  const { workload: at, connections } = target;
  if (at.node.tryFindChild(id)) {
    throw invalid({ at, property: `${method}.name`, got: target.metadata.name, allowed: 'a name for each call', fix: 'Give this one a name of its own.' });
  }
  const registry = treeRegistry(at);
  const taken = claims.find((claim) => registry.get(`${method}/${claim}`));
  if (taken !== undefined) {
    throw invalid({
      at, property: method, got: taken, allowed: 'a host and path that no other workload of the app has',
      fix: `Give another host or path: ${registry.get(`${method}/${taken}`)!.node.path} has it.`,
    });
  }
  const peers = platformPeers('ingress', at);
  peers.forEach((peer) => connections.allowFrom(peer, port.opened));
  claims.forEach((claim) => registry.set(`${method}/${claim}`, at));
  make();
}

function checkHost(host: string, property: string, at: IConstruct, again: boolean): void {
  if (again) {
    throw invalid({ at, property, got: host, allowed: 'each host once', fix: 'Name it once.' });
  }
  const wildcard = typeof host === 'string' && host.startsWith('*.');
  if (host === '' || host === '*' || (wildcard && !host.slice(2).includes('.'))) {
    throw invalid({
      at, property, got: host, allowed: 'a DNS name, or *. before a domain of your own with two labels or more', fix: 'Name the hosts that its certificate is for.',
    });
  }
  // Clients read a name whose last label is a number as an address.
  if (typeof host === 'string' && (isIP(host) || /(^|\.)\d+$/.test(host))) {
    throw invalid({ at, property, got: host, allowed: 'a DNS name: addresses get no certificate that clients trust', fix: 'Give the address a name.' });
  }
  checkDnsDomain(wildcard ? host.slice(2) : host, property, at);
}
