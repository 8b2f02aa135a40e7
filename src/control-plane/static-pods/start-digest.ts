import { createHash } from 'crypto';
import { Component } from '../component/component';
import { AUTHENTICATION, AUTHORIZATION } from '../paths';

/**
 * What the API server reads again when it changes. Of the authentication that is the issuers, but not who may come without a name; kubeconfigs that the
 * authorization names are read again with it alone, so they are none of these. Encryption and policies from files are no files of a component.
 */
const REREAD: readonly string[] = [AUTHENTICATION.config, AUTHORIZATION.config];

/**
 * Stands for all that a program reads when it starts and not again, or is undefined if that is nothing. In the manifest it makes the kubelet start the
 * program anew when one of these files changes: the kubelet itself looks at manifests alone.
 *
 * @param tokenDiscovery what may change of the API server's anonymous requests
 */
export function startDigest({ files }: Component, tokenDiscovery: boolean): string | undefined {
  const read = files.filter(({ path }) => !REREAD.includes(path)).map(({ path, content }) => [path, content]).sort(([a], [b]) => (a < b ? -1 : 1));
  const anonymous = files.some(({ path }) => path === AUTHENTICATION.config) ? [tokenDiscovery] : [];
  return read.length + anonymous.length === 0 ? undefined : createHash('sha256').update(JSON.stringify([read, anonymous])).digest('hex');
}
