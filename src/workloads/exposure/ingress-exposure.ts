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
   * Annotations for the controller, such as the entry point of Traefik where it isn't `websecure`. Those that would serve HTTP, or put configuration into the controller, are refused.
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
/**
 * AWS's controller makes a listener for HTTP alone unless told; GKE, Contour and Traefik serve HTTP beside HTTPS, the last by the name that its chart
 * and k3s give the entry point; NGINX redirects unless its configuration says otherwise. Each ignores what is another's.
 */
const HTTPS_ONLY = {
  'alb.ingress.kubernetes.io/listen-ports': '[{"HTTPS":443}]',
  'kubernetes.io/ingress.allow-http': 'false',
  'nginx.ingress.kubernetes.io/ssl-redirect': 'true',
  'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
};

/** What annotations may not do, what to do instead, and which of their values are meant where not all are. */
const REFUSED: [key: RegExp, allowed: string, fix: string, values?: RegExp][] = [
  [/-snippets?$/, 'annotations that bring no configuration for the controller itself', 'Use the annotation that the controller has for the purpose.'],
  [/(^|\/)(force-)?ssl-redirect$|^kubernetes\.io\/ingress\.allow-http$/, 'annotations that don\'t decide about HTTP', 'Leave it out: HTTPS alone is served.'],
  [/^nginx\.org\/redirect-to-https$/, 'annotations that don\'t decide about HTTP', 'Leave it out: HTTPS alone is served.'],
  [/\/listen-ports$/, 'ports that take in HTTPS', 'Leave it out, or give ports of HTTPS alone.', /"HTTP"/i],
  [/\/router\.entrypoints$/, 'an entry point that takes in HTTPS', 'Leave it out, or name the one for HTTPS.', /(^|,)\s*(web|http|traefik)?\s*(,|$)/i],
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
    const refused = REFUSED.find(([pattern, , , values = /^/]) => pattern.test(key) && values.test(value));
    if (refused) {
      throw invalid({ at, property: `${METHOD}.annotations.${key}`, got: value, allowed: refused[1], fix: refused[2] });
    }
  }
  return checked;
}
