import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { backendPort, checkHosts, checkPath, expose, ExposedWorkload, PathMatch } from './exposure';
import { valueAt } from '../../controls/path';
import { checkChoice } from '../../core/choice';
import { checkDnsDomain, checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { isMadeBy } from '../../core/made-by';

/** A listener of a Gateway that takes in HTTPS. The route can't say that it wants TLS: the listener decides. */
export interface GatewayListener {
  /** Name of the Gateway. */
  readonly name: string;
  /** Namespace of the Gateway. */
  readonly namespaceName: string;
  /** Name of its listener with protocol HTTPS. Without one, the route would be served by listeners without TLS as well. */
  readonly sectionName: string;
}

/** What is spoken with the program. */
export enum GatewayRouteKind {
  /** HTTP: an HTTPRoute. */
  HTTP = 'HTTPRoute',
  /** gRPC: a GRPCRoute, of Gateway API 1.1 or newer. */
  GRPC = 'GRPCRoute',
}

/** How a workload is reached through a Gateway. */
export interface GatewayExposure {
  /** The listener that serves it. It has to allow routes of the workload's namespace. */
  readonly gateway: GatewayListener;
  /** Names that it is reached by; `*.shop.example.com` stands for one label or more. The listener's certificate has to be for them. */
  readonly hostnames: string[];
  /**
   * What is spoken with the program.
   * @default GatewayRouteKind.HTTP
   */
  readonly routeKind?: GatewayRouteKind;
  /**
   * Path of the requests that it gets, of HTTP alone.
   * @default /
   */
  readonly path?: string;
  /**
   * What requests' paths are compared with.
   * @default PathMatch.PREFIX
   */
  readonly pathMatch?: PathMatch;
  /**
   * Name of the port in `furtherPorts` that requests go to.
   * @default - `port`
   */
  readonly portName?: string;
  /**
   * Name of the route. The second of a workload needs one.
   * @default - the workload's name
   */
  readonly name?: string;
}

const PROPS: KnownProps<GatewayExposure> = {
  gateway: true, hostnames: true, routeKind: true, path: true, pathMatch: true, portName: true, name: true,
};
const GATEWAY_PROPS: KnownProps<GatewayListener> = { name: true, namespaceName: true, sectionName: true };
const METHOD = 'exposeByGateway';
const GROUP = 'gateway.networking.k8s.io';

/** Makes a route from an HTTPS listener, and lets the cluster's gateways reach the workload on its port, or neither. */
export function exposeByGateway(target: ExposedWorkload, options: GatewayExposure): void {
  const { workload: at, metadata } = target;
  checkProps(options, PROPS, { at, property: METHOD });
  const gateway = checkListener(options.gateway, at);
  const hostnames = checkHosts(options.hostnames, `${METHOD}.hostnames`, at);
  const kind = checkChoice(options.routeKind ?? GatewayRouteKind.HTTP, GatewayRouteKind, 'GatewayRouteKind', `${METHOD}.routeKind`, at);
  const name = checkDnsLabel(options.name ?? metadata.name, `${METHOD}.name`, at);
  const match = kind === GatewayRouteKind.HTTP ? pathOf(options, at) : withoutPath(options, at);
  const port = backendPort(target, options.portName, METHOD);
  const id = name === metadata.name ? kind : `${kind}-${name}`;
  const claims = hostnames.map((host) => [host, ...(match ? [match.type, match.value] : []), `of ${gateway.namespaceName}/${gateway.name}/${gateway.sectionName}`].join(' '));
  expose({ ...target, metadata: { ...metadata, name } }, METHOD, id, claims, port, () => {
    at.node.addValidation({ validate: () => listenerProblems(gateway, at) });
    return new ApiObject(at, id, {
      apiVersion: `${GROUP}/v1`,
      kind,
      metadata: { ...metadata, name },
      spec: {
        // All that the definitions have defaults for is written: GitOps tools see no differences in the elements of lists then.
        parentRefs: [{ group: GROUP, kind: 'Gateway', name: gateway.name, namespace: gateway.namespaceName, sectionName: gateway.sectionName }],
        hostnames,
        rules: [{
          ...(match && { matches: [{ path: match }] }),
          backendRefs: [{ group: '', kind: 'Service', name: metadata.name, port: port.servicePort, weight: 1 }],
        }],
      },
    });
  });
}

function checkListener(gateway: GatewayListener, at: IConstruct): GatewayListener {
  const property = `${METHOD}.gateway`;
  const { name, namespaceName, sectionName } = checkProps(gateway, GATEWAY_PROPS, { at, property });
  checkDnsDomain(name, `${property}.name`, at);
  checkDnsLabel(namespaceName, `${property}.namespaceName`, at);
  if (sectionName === undefined) {
    throw invalid({
      at, property: `${property}.sectionName`, got: sectionName, allowed: 'the name of a listener with protocol HTTPS: without it the route is served without TLS as well',
      fix: 'Name the listener.', source: 'NSA 1.2 Encryption',
    });
  }
  checkDnsDomain(sectionName, `${property}.sectionName`, at);
  return { name, namespaceName, sectionName };
}

function pathOf({ path = '/', pathMatch = PathMatch.PREFIX }: GatewayExposure, at: IConstruct): { readonly type: string; readonly value: string } {
  const type = checkChoice(pathMatch, PathMatch, 'PathMatch', `${METHOD}.pathMatch`, at);
  return { type: type === PathMatch.PREFIX ? 'PathPrefix' : type, value: checkPath(path, `${METHOD}.path`, at) };
}

function withoutPath({ path, pathMatch }: GatewayExposure, at: IConstruct): undefined {
  if (path !== undefined || pathMatch !== undefined) {
    throw invalid({
      at, property: `${METHOD}.${path === undefined ? 'pathMatch' : 'path'}`, got: path ?? pathMatch, allowed: 'none for gRPC, whose paths are its methods', fix: 'Leave it out.',
    });
  }
  return undefined;
}

/** Where the app itself declares the Gateway: whether it has the listener, and that takes in HTTPS. As errors for people. */
function listenerProblems({ name, namespaceName, sectionName }: GatewayListener, at: IConstruct): string[] {
  const gateways = at.node.root.node.findAll().filter((each): each is ApiObject => ApiObject.isApiObject(each) && each.kind === 'Gateway'
    && each.apiGroup === GROUP && each.name === name && namespaceOf(each) === namespaceName);
  return gateways.flatMap((gateway) => {
    const listeners = valueAt(gateway.toJson(), ['spec', 'listeners']);
    const listener = (Array.isArray(listeners) ? listeners : []).find((each) => valueAt(each, ['name']) === sectionName) as unknown;
    const protocol = valueAt(listener, ['protocol']);
    return protocol === 'HTTPS' ? [] : [invalid({
      at, property: `${METHOD}.gateway.sectionName`, got: listener === undefined ? sectionName : `${sectionName}, protocol ${String(protocol)}`,
      allowed: `a listener of Gateway ${gateway.node.path} with protocol HTTPS`, fix: 'Name another listener, or give this one a certificate.', source: 'NSA 1.2 Encryption',
    }).message];
  });
}

/** Objects of other constructs get the namespace of the construct above them as they are written. */
function namespaceOf({ metadata, node }: ApiObject): string | undefined {
  const home = node.scopes.reverse().find((scope) => isMadeBy('HardenedNamespace', scope)) as { readonly name: string } | undefined;
  return metadata.namespace ?? home?.name;
}
