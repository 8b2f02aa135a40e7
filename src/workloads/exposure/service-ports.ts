import { ApiObject, ApiObjectMetadata, JsonPatch } from 'cdk8s';
import { Probe, Protocol, Service, Workload } from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { invalid } from '../../core/errors';
import { checkPort, checkPorts, Port, TransportProtocol } from '../../core/port';
import { PodParts } from '../pod/pod-parts';
import { SecureWorkloadProps, WorkloadKind } from '../secure-workload-props';
import { KIND_FACTS } from '../workload-kinds';

/** What `port` is called where the Service has others besides. */
export const MAIN_PORT = 'main';
/** What monitoring scrapes. */
const METRICS_PORT = 'metrics';

/** A port of a workload, as its Service and its pods have it. */
export interface ServicePort {
  /** Undefined: it is the only one. */
  readonly name?: string;
  readonly protocol: TransportProtocol;
  /** Port of the pods. */
  readonly port: number;
  /** Port of the Service. */
  readonly servicePort: number;
  /** Port of the pods, as policies open it. */
  readonly opened: Port;
}

/** An IANA service name (RFC 6335), as ports of containers have to have. */
const SERVICE_NAME = /^(?=.*[a-z])[a-z0-9]+(-[a-z0-9]+)*$/;
const NAME_LIMIT = 15;

/** The ports of a workload, checked: `port` first, then the further ones. */
export function servicePorts({ port, servicePort, furtherPorts = {} }: SecureWorkloadProps, kind: WorkloadKind, at: IConstruct): ServicePort[] {
  checkMainPort(port, servicePort, furtherPorts, kind, at);
  const further = Object.entries(furtherPorts);
  const ports: ServicePort[] = port === undefined ? [] : [{
    ...(further.length > 0 && { name: MAIN_PORT }), protocol: TransportProtocol.TCP, port, servicePort: servicePort ?? port, opened: Port.tcp(port),
  }];
  for (const [name, given] of further) {
    const property = `furtherPorts.${name}`;
    const opened = furtherPort(name, given, kind, at);
    const { protocol, first } = opened;
    const taken = ports.find((other) => other.protocol === protocol && (other.port === first || other.servicePort === first));
    if (taken) {
      throw invalid({
        at, property, got: `${protocol} ${first}`, fix: 'Leave it out, or give the port that the program listens on besides.',
        allowed: `a port that is not there yet: ${taken.name ?? 'port'} has it${taken.port === first ? '' : ' on the Service'}`,
      });
    }
    ports.push({ name, protocol, port: first, servicePort: first, opened });
  }
  return ports;
}

/** What the containers' port list has besides `port`. */
export function furtherPortParts(ports: readonly ServicePort[]): PodParts[] {
  const further = ports.filter(({ name }) => name !== undefined && name !== MAIN_PORT);
  return further.length === 0 ? [] : [{ container: { ports: further.map(({ name, port, protocol }) => ({ name, containerPort: port, protocol })) } }];
}

/** The Service of a workload that has ports. */
export function serviceOf(
  scope: Construct, ports: readonly ServicePort[], metadata: ApiObjectMetadata & { readonly labels: Record<string, string> }, headless: boolean,
): Service | undefined {
  if (ports.length === 0) {
    return undefined;
  }
  const service = new Service(scope, 'Service', {
    metadata,
    ports: ports.map(({ name, port, servicePort, protocol }) => ({ name, port: servicePort, targetPort: port, protocol: Protocol[protocol] })),
    ...(headless && { clusterIP: 'None' }),
  });
  // cdk8s-plus selects by a label that depends on the construct's path, and writes an empty list that the API server drops.
  ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/selector', metadata.labels), JsonPatch.remove('/spec/externalIPs'));
  return service;
}

/** The lowest port of the pods, if they have one. */
export function lowestPort(ports: readonly Pick<ServicePort, 'port'>[]): number | undefined {
  return ports.length === 0 ? undefined : Math.min(...ports.map(({ port }) => port));
}

/** The port that tells whether the program runs: the first that connections can be opened to. */
export function probedPort(ports: readonly ServicePort[], readiness: Probe | undefined, at: IConstruct): number | undefined {
  const probed = ports.find(({ protocol }) => protocol === TransportProtocol.TCP);
  if (ports.length > 0 && !probed && readiness === undefined) {
    throw invalid({
      at, property: 'readiness', got: readiness, allowed: 'a probe where no port takes TCP connections: nothing else tells when the program can take requests',
      fix: 'Say how to ask the program, for instance Probe.fromCommand([…]).',
    });
  }
  return probed?.port;
}

/** Ports that any container of a workload states to listen on, also those that were added to it. */
export function statedPorts(
  ports: readonly ServicePort[], initContainers: readonly { readonly container: { readonly port?: number } }[], resource: Workload,
): Port[] {
  const ofContainers = resource.containers.flatMap((each) => each.ports).map(({ number, protocol }) => (
    protocol === Protocol.UDP ? Port.udp(number) : protocol === Protocol.SCTP ? Port.sctp(number) : Port.tcp(number)));
  const ofInit = initContainers.flatMap(({ container: { port } }) => (port === undefined ? [] : [Port.tcp(port)]));
  return [...new Map([...ports.map(({ opened }) => opened), ...ofInit, ...ofContainers].map((port) => [port.toString(), port])).values()];
}

/** What monitoring reaches where no port is named: the one called `metrics`, else nothing that was decided here. */
export function metricsPorts(ports: readonly ServicePort[]): Port[] {
  return ports.filter(({ name }) => name === METRICS_PORT).map(({ opened }) => opened);
}

function furtherPort(name: string, given: Port, kind: WorkloadKind, at: IConstruct): Port {
  const property = `furtherPorts.${name}`;
  if (!SERVICE_NAME.test(name) || name.length > NAME_LIMIT || name === MAIN_PORT) {
    throw invalid({
      at, property: 'furtherPorts', got: name, source: 'RFC 6335', fix: 'Give it another name, for instance metrics.',
      allowed: `names of at most ${NAME_LIMIT} characters of a-z, 0-9 and single dashes inside, one a letter at least; ${MAIN_PORT} is the name of port`,
    });
  }
  if (KIND_FACTS[kind].ends) {
    throw invalid({
      at, property, got: given, allowed: `none for a ${kind}, whose pods come and go`, fix: 'Leave furtherPorts out: name ports where connections are allowed.',
    });
  }
  const [port] = checkPorts([given], property, at);
  if (port.first !== port.last) {
    throw invalid({ at, property, got: String(port), allowed: 'a single port: Services know no ranges', fix: 'Name the ports one by one.' });
  }
  return port;
}

function checkMainPort(
  port: number | undefined, servicePort: number | undefined, furtherPorts: Record<string, Port>, kind: WorkloadKind, at: IConstruct,
): void {
  if (typeof furtherPorts !== 'object' || furtherPorts === null || Array.isArray(furtherPorts)) {
    throw invalid({ at, property: 'furtherPorts', got: furtherPorts, allowed: 'ports by name', fix: 'Write it like { metrics: Port.tcp(9090) }.' });
  }
  if (port === undefined && servicePort !== undefined) {
    throw invalid({
      at, property: 'servicePort', got: servicePort, allowed: 'a Service port where port is given', fix: 'Give the port that the program listens on as well.',
    });
  }
  if (kind === WorkloadKind.STATEFUL_SET && port === undefined && Object.keys(furtherPorts).length === 0) {
    throw invalid({
      at, property: 'port', got: undefined, allowed: 'a port: a StatefulSet needs a Service for its pods\' names', fix: 'Give the port that the program listens on.',
    });
  }
  if (port !== undefined && KIND_FACTS[kind].ends) {
    throw invalid({
      at, property: 'port', got: port, allowed: `none for a ${kind}, whose pods come and go`, fix: 'Leave port out: name ports where connections are allowed.',
    });
  }
  if (port !== undefined) {
    checkPort(port, 'port', at);
    checkPort(servicePort ?? port, 'servicePort', at);
  }
  if (kind === WorkloadKind.STATEFUL_SET && servicePort !== undefined && servicePort !== port) {
    throw invalid({
      at, property: 'servicePort', got: servicePort, allowed: `${port}, the port of the pods: the Service of a StatefulSet is headless and translates none`,
      fix: 'Leave servicePort out.',
    });
  }
}
