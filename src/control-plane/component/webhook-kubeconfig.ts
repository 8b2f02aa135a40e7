import * as path from 'path';
import { Yaml } from 'cdk8s';
import { invalid } from '../../core/errors';
import { checkHttpsAddress } from '../../core/https-address';
import { NodeFileKind, NodeFileProps } from '../../core/node-file';
import { PKI } from '../paths';
import { checkCertificates } from '../pki/pem-certificates';

/** A service that the API server calls over TLS, with a certificate of its own. Keys are on the nodes alone. */
export interface WebhookConnection {
  readonly server: string;
  readonly certificateAuthority: string;
  readonly clientCertificatePath: string;
  readonly clientKeyPath: string;
}

/** Where the files of a connection lie. */
export interface WebhookPlace {
  /** A folder that is mounted as a whole. */
  readonly folder: string;
  /** What the files' names begin with, and the name of the cluster in the kubeconfig. */
  readonly name: string;
}

/** What errors say besides the property. */
export interface ConnectionWords {
  readonly at: string;
  /** What becomes of that which the service does not answer, for instance `what the webhook does not answer is denied`. */
  readonly unanswered: string;
}

/**
 * Refuses what is not reached over TLS, what the API server could not find, and keys that it could not see.
 *
 * @param property of the connection; empty where its properties are those of the whole
 */
export function checkConnection(given: WebhookConnection, property: string, words: ConnectionWords): WebhookConnection {
  const { server, certificateAuthority, clientCertificatePath, clientKeyPath } = given;
  const within = property === '' ? '' : `${property}.`;
  return {
    server: checkServer(server, `${within}server`, words),
    certificateAuthority: checkCertificates(certificateAuthority, `${within}certificateAuthority`, words.at),
    clientCertificatePath: checkPkiPath(clientCertificatePath, `${within}clientCertificatePath`, words.at),
    clientKeyPath: checkPkiPath(clientKeyPath, `${within}clientKeyPath`, words.at),
  };
}

/** The kubeconfig, with the paths of certificate and key, and the CA's certificates beside it. */
export function connectionFiles(connection: WebhookConnection, place: WebhookPlace): NodeFileProps[] {
  const { name } = place;
  const kubeconfig = {
    'apiVersion': 'v1',
    'kind': 'Config',
    'clusters': [{ name, cluster: { 'server': connection.server, 'certificate-authority': authorityPath(place) } }],
    'users': [{ name: 'kube-apiserver', user: { 'client-certificate': connection.clientCertificatePath, 'client-key': connection.clientKeyPath } }],
    'contexts': [{ name, context: { cluster: name, user: 'kube-apiserver' } }],
    'current-context': name,
  };
  return [
    { path: kubeconfigPath(place), content: Yaml.stringify(kubeconfig), kind: NodeFileKind.RESTRICTED },
    { path: authorityPath(place), content: connection.certificateAuthority, kind: NodeFileKind.RESTRICTED },
  ];
}

/** Absolute: the API server would look for another below its working directory. */
export function kubeconfigPath({ folder, name }: WebhookPlace): string {
  return `${folder}/${name}.kubeconfig`;
}

function authorityPath({ folder, name }: WebhookPlace): string {
  return `${folder}/${name}-ca.crt`;
}

function checkServer(server: string, property: string, { at, unanswered }: ConnectionWords): string {
  const { hostname } = checkHttpsAddress(server, property, { pathAllowed: true }, at);
  if (/\.svc(\.|$)/.test(hostname)) {
    throw invalid({
      at, property, got: server, allowed: 'an address that the control-plane nodes themselves can resolve',
      fix: `Give an IP address or a name of your own DNS: the API server does not use the cluster's, and ${unanswered}.`,
    });
  }
  return server;
}

function checkPkiPath(file: string, property: string, at: string): string {
  if (typeof file !== 'string' || !/^[A-Za-z0-9._/-]+$/.test(file) || path.posix.normalize(file) !== file || !file.startsWith(`${PKI}/`) || file.endsWith('/')) {
    throw invalid({
      at, property, got: file, allowed: `a normalized path of a file below ${PKI}`, fix: 'Put it there: of the node\'s keys the API server sees that folder alone.',
    });
  }
  return file;
}
