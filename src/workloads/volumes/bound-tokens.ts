import * as path from 'path';
import { Duration } from 'cdk8s';
import { IConstruct } from 'constructs';
import { Json } from '../../controls/path';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkMountPath } from '../../core/mount-path';
import { PodParts } from '../pod/pod-parts';

/** A token of the workload's service account for somebody else than the API server, for instance Vault or a cloud that trusts the cluster's issuer. */
export interface ServiceAccountTokenOptions {
  /** Who is to accept it, exactly as it asks for: others refuse the token. Not the API server: grants bring their own. */
  readonly audience: string;
  /** Absolute path of the file in the container, in a directory where nothing else is mounted. */
  readonly path: string;
  /**
   * How long each token holds, from 10 minutes to 24 hours. The kubelet renews it before; the program has to read the file anew.
   * @default - 1 hour
   */
  readonly expiry?: Duration;
}

const PROPS: KnownProps<ServiceAccountTokenOptions> = { audience: true, path: true, expiry: true };
/** Where client libraries look for what they need to talk to the API server. */
const API_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';
const SHORTEST = 600;
const LONGEST = 24 * 3600;
const DEFAULT = 3600;

/** A volume, and where it is mounted. */
export interface MountedVolume {
  readonly name: string;
  readonly mountPath: string;
}

/** The tokens in a workload's container: bound to its pod, for one audience, for a limited time. They end with the pod. */
export class BoundTokens {
  /** The sources of the volume in each directory. */
  private readonly volumes = new Map<string, { readonly name: string; readonly sources: Json[] }>();

  /** @param mounted what the container has besides, with the names of the volumes */
  constructor(private readonly at: IConstruct, private readonly mounted: () => readonly MountedVolume[]) {}

  /** Refuses what would make `addForApi` fail. */
  public checkForApi(): void {
    if (!this.volumes.has(API_DIRECTORY)) {
      this.checkFree(API_DIRECTORY, 'grant', 'Mount the other elsewhere: client libraries look for their token there.');
    }
  }

  /**
   * The token for the API server, with what client libraries look for beside it. A lifetime of an hour is one: the API server extends only tokens
   * of the 3,607 seconds that automatic mounts ask for.
   */
  public addForApi(): void {
    if (!this.volumes.has(API_DIRECTORY)) {
      this.volumes.set(API_DIRECTORY, {
        name: this.freeName('kube-api-access'),
        sources: [
          { serviceAccountToken: { expirationSeconds: DEFAULT, path: 'token' } },
          { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
          { downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] } },
        ],
      });
    }
  }

  /** A token for another audience. */
  public add(token: ServiceAccountTokenOptions): void {
    checkProps(token, PROPS, { at: this.at, property: 'token' });
    const audience = checkAudience(token.audience, this.at);
    const expirationSeconds = checkExpiry(token.expiry, this.at);
    checkMountPath(token.path, 'path', this.at);
    const directory = path.posix.dirname(token.path);
    const file = path.posix.basename(token.path);
    if (directory === '/' || directory === API_DIRECTORY) {
      throw invalid({
        at: this.at, property: 'path', got: token.path, allowed: `a file in a directory of its own, outside of ${API_DIRECTORY}`, fix: 'Give it one, for instance /var/run/secrets/tokens/vault.',
      });
    }
    const present = this.volumes.get(directory);
    if (present?.sources.some(({ serviceAccountToken }) => (serviceAccountToken as Json).path === file)) {
      throw invalid({ at: this.at, property: 'path', got: token.path, allowed: 'a path that no other token has', fix: 'Give each token a file of its own.' });
    }
    if (!present) {
      this.checkFree(directory, 'path', 'Choose a directory that nothing is mounted at.');
    }
    const volume = present ?? { name: this.freeName('tokens'), sources: [] };
    volume.sources.push({ serviceAccountToken: { audience, expirationSeconds, path: file } });
    this.volumes.set(directory, volume);
  }

  /** What the tokens add to the pods: read-only, for the pod's own group alone. */
  public get parts(): PodParts[] {
    const volumes = [...this.volumes].sort(([a], [b]) => (a < b ? -1 : 1));
    return volumes.length === 0 ? [] : [{
      podSpec: { volumes: volumes.map(([, { name, sources }]) => ({ name, projected: { defaultMode: 0o440, sources } })) },
      container: { volumeMounts: volumes.map(([mountPath, { name }]) => ({ mountPath, name, readOnly: true })) },
    }];
  }

  private checkFree(directory: string, property: string, fix: string): void {
    if (this.mounted().some(({ mountPath }) => mountPath === directory)) {
      throw invalid({ at: this.at, property, got: `${directory}, where something is mounted already`, allowed: 'a directory that nothing is mounted at', fix });
    }
  }

  private freeName(base: string): string {
    const taken = [...this.mounted(), ...this.volumes.values()].map(({ name }) => name);
    let name = base;
    for (let n = 2; taken.includes(name); n++) {
      name = `${base}-${n}`;
    }
    return name;
  }
}

function checkAudience(audience: unknown, at: IConstruct): string {
  if (typeof audience !== 'string' || audience === '' || audience.length > 1024 || /\s/.test(audience)) {
    throw invalid({ at, property: 'audience', got: audience, allowed: 'who is to accept the token, as it asks for, without blanks', fix: 'Give the audience that the other side checks, for instance vault.' });
  }
  if (/^(https:\/\/)?kubernetes\.default(\.svc(\..*)?)?$|^https:\/\/kubernetes\.default\.svc/.test(audience)) {
    throw invalid({
      at, property: 'audience', got: audience, allowed: 'somebody else than the API server', fix: 'Grant what the program needs of the API: grantRead and grantWrite bring a token, permissions and the connection together.',
    });
  }
  return audience;
}

function checkExpiry(expiry: Duration | undefined, at: IConstruct): number {
  const milliseconds = expiry === undefined ? DEFAULT * 1000 : typeof expiry?.toMilliseconds === 'function' ? expiry.toMilliseconds({ integral: false }) : NaN;
  const seconds = milliseconds / 1000;
  if (!Number.isInteger(seconds) || seconds < SHORTEST || seconds > LONGEST) {
    throw invalid({
      at, property: 'expiry', got: Number.isNaN(seconds) ? expiry : `${seconds} s`, allowed: 'whole seconds from 10 minutes, the least that the API takes, to 24 hours', fix: 'Give it like Duration.hours(1): the kubelet renews the token by itself.',
    });
  }
  return seconds;
}
