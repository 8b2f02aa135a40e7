import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { backendPort, checkHosts, checkPath, expose, ExposedWorkload, PathMatch } from './exposure';
import { checkChoice } from '../../core/choice';
import { checkDnsDomain, checkDnsLabel } from '../../core/dns-name';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkSecretName } from '../../secrets/secret-reference';
import { checkAnnotations } from '../object-metadata';

/** How a workload is reached through the cluster's ingress controller. */
export interface IngressExposure {
  /** Names that it is reached by; `*.shop.example.com` stands for one label. Each is served by TLS. */
  readonly hosts: string[];
  /**
   * Secret of type `kubernetes.io/tls` in the namespace with the certificate of all hosts.
   * @default - `<name>-tls` where cert-manager makes it; required without `clusterIssuer`
   */
  readonly tlsSecretName?: string;
  /**
   * ClusterIssuer of cert-manager that makes and renews the certificate. Use one that proves names by DNS: the solver of HTTP-01 is a pod in the
   * namespace, which nobody may reach.
   * @default - the Secret is made by somebody else
   */
  readonly clusterIssuer?: string;
  /**
   * Path of the requests that it gets.
   * @default /
   */
  readonly path?: string;
  /**
   * What requests' paths are compared with.
   * @default PathMatch.PREFIX
   */
  readonly pathMatch?: PathMatch;
  /**
   * The class of controllers that serve it.
   * @default - the cluster's default class
   */
  readonly ingressClassName?: string;
  /**
   * Name of the port in `furtherPorts` that requests go to.
   * @default - `port`
   */
  readonly portName?: string;
  /**
   * Annotations for the controller. Those that would serve HTTP, or put configuration into the controller, are refused.
   * @default - those that keep controllers from serving HTTP
   */
  readonly annotations?: Record<string, string>;
  /**
   * Name of the Ingress. The second of a workload needs one.
   * @default - the workload's name
   */
  readonly name?: string;
}

const PROPS: KnownProps<IngressExposure> = {
  hosts: true, tlsSecretName: true, clusterIssuer: true, path: true, pathMatch: true, ingressClassName: true, portName: true,
  annotations: true, name: true,
};
const METHOD = 'exposeByIngress';
const ISSUER = 'cert-manager.io/cluster-issuer';
/** GKE and Contour serve HTTP beside HTTPS unless told; NGINX redirects unless its configuration says otherwise. Others ignore both. */
const HTTPS_ONLY = { 'kubernetes.io/ingress.allow-http': 'false', 'nginx.ingress.kubernetes.io/ssl-redirect': 'true' };

/** What annotations may not do, and what to do instead. */
const REFUSED: [key: RegExp, allowed: string, fix: string][] = [
  [/-snippets?$/, 'annotations that bring no configuration for the controller itself', 'Use the annotation that the controller has for the purpose.'],
  [/(^|\/)(force-)?ssl-redirect$|^kubernetes\.io\/ingress\.allow-http$/, 'annotations that don\'t decide about HTTP', 'Leave it out: HTTPS alone is served.'],
  [/\/server-alias$/, 'hosts that have a certificate', 'Name it in hosts.'],
  [/^kubernetes\.io\/ingress\.class$/, 'no class: the API has a field for it', 'Give ingressClassName.'],
  [/^cert-manager\.io\/cluster-issuer$/, 'no issuer: it decides about the Secret as well', 'Give clusterIssuer.'],
];

/** Makes an Ingress by TLS alone, and lets the cluster's ingress controllers reach the workload on its port, or neither. */
export function exposeByIngress(target: ExposedWorkload, options: IngressExposure): void {
  const { workload: at, metadata } = target;
  checkProps(options, PROPS, { at, property: METHOD });
  const hosts = checkHosts(options.hosts, `${METHOD}.hosts`, at);
  const name = checkDnsLabel(options.name ?? metadata.name, `${METHOD}.name`, at);
  const secretName = tlsSecretName(options, name, at);
  const path = checkPath(options.path ?? '/', `${METHOD}.path`, at);
  const pathType = checkChoice(options.pathMatch ?? PathMatch.PREFIX, PathMatch, 'PathMatch', `${METHOD}.pathMatch`, at);
  const { ingressClassName, clusterIssuer } = options;
  if (ingressClassName !== undefined) {
    checkDnsDomain(ingressClassName, `${METHOD}.ingressClassName`, at);
  }
  const issuer = clusterIssuer !== undefined && { [ISSUER]: clusterIssuer };
  const annotations = { ...HTTPS_ONLY, ...ownAnnotations(options.annotations ?? {}, at), ...issuer };
  const port = backendPort(target, options.portName, METHOD);
  const id = name === metadata.name ? 'Ingress' : `Ingress-${name}`;
  const claims = hosts.map((host) => `${host} ${pathType} ${path} of ${ingressClassName ?? 'the default class'}`);
  const backend = { service: { name: metadata.name, port: { number: port.servicePort } } };
  expose({ ...target, metadata: { ...metadata, name } }, METHOD, id, claims, port, () => new ApiObject(at, id, {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { ...metadata, name, annotations },
    spec: {
      ...(ingressClassName !== undefined && { ingressClassName }),
      tls: [{ hosts, secretName }],
      rules: hosts.map((host) => ({ host, http: { paths: [{ path, pathType, backend }] } })),
    },
  }));
}

function tlsSecretName({ tlsSecretName: given, clusterIssuer }: IngressExposure, name: string, at: IConstruct): string {
  if (clusterIssuer !== undefined) {
    checkDnsDomain(clusterIssuer, `${METHOD}.clusterIssuer`, at);
  }
  if (given === undefined && clusterIssuer === undefined) {
    throw invalid({
      at, property: `${METHOD}.tlsSecretName`, got: given, allowed: 'the Secret with the certificate: nothing is served without TLS', source: 'NSA 1.2 Encryption',
      fix: 'Name it, or the clusterIssuer of cert-manager that makes it.',
    });
  }
  return checkSecretName(given === undefined ? `${name}-tls` : given, `${METHOD}.tlsSecretName`, at);
}

function ownAnnotations(annotations: Record<string, string>, at: IConstruct): Record<string, string> {
  const checked = checkAnnotations(annotations, at);
  for (const [key, value] of Object.entries(checked)) {
    const refused = REFUSED.find(([pattern]) => pattern.test(key));
    if (refused) {
      throw invalid({ at, property: `${METHOD}.annotations.${key}`, got: value, allowed: refused[1], fix: refused[2] });
    }
  }
  return checked;
}
