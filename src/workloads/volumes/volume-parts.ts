import { createHash } from 'crypto';
import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { ConfigFiles, EphemeralMedium, EphemeralPath, PersistentPath, SecretFiles, VolumeAccess, Volumes } from './workload-volumes';
import { Json } from '../../controls/path';
import { mebibytesOf, sizeText } from '../../core/quantities';
import { MadeClaim } from '../namespace/pod-claims';
import { PodParts, SMALL_DIRECTORY } from '../pod/pod-parts';

/** Whose volumes they are. */
export interface VolumeOwner {
  readonly name: string;
  readonly namespace: string;
  readonly labels: Record<string, string>;
}

/** The volumes of a workload's pods, and where its program has them. A StatefulSet's own claims are volumes by themselves. */
export function volumeParts(
  { writable, ephemeral, persistent, secret, config }: Volumes, owner: VolumeOwner, hasClaimTemplates: boolean, at: IConstruct,
): PodParts {
  const mount = ({ name, mountPath }: { name: string; mountPath: string }) => ({ name, mountPath });
  const volumes = [
    ...writable.map(({ name }) => ({ name, ...SMALL_DIRECTORY })),
    ...ephemeral.map(({ name, from }) => ({ name, ...ephemeralVolume(from, at) })),
    ...secret.map(({ name, from }) => ({ name, secret: secretVolume(from) })),
    ...config.map(({ name, from }) => ({ name, configMap: { name: from.configMapName ?? madeName(owner.name, name, from), defaultMode: 0o444 } })),
    ...(hasClaimTemplates ? [] : persistent.map(({ name, from }) => (
      { name, persistentVolumeClaim: { claimName: claimNameOf(owner, name, from) } }
    ))),
  ];
  const volumeMounts = [
    ...[...writable, ...ephemeral].map(mount),
    ...[...secret, ...config].map((each) => ({ ...mount(each), readOnly: true })),
    ...persistent.map(mount),
  ];
  const claims = hasClaimTemplates ? persistent.map(({ name, from }) => claimTemplate(name, from, at)) : [];
  return {
    ...(volumes.length > 0 && { podSpec: { volumes } }),
    container: { volumeMounts },
    ...(claims.length > 0 && { workloadSpec: { volumeClaimTemplates: claims } }),
  };
}

/** Makes what the volumes are made from: ConfigMaps, and claims that all pods share. */
export function volumeObjects(scope: Construct, { persistent, config }: Volumes, owner: VolumeOwner, hasClaimTemplates: boolean): void {
  const { namespace, labels } = owner;
  for (const { name, from } of config) {
    if (from.files !== undefined) {
      new ApiObject(scope, `ConfigMap-${name}`, {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: madeName(owner.name, name, from), namespace, labels },
        immutable: true,
        data: { ...from.files },
      });
    }
  }
  for (const { name, from } of hasClaimTemplates ? [] : persistent) {
    if (from.claimName === undefined) {
      new ApiObject(scope, `Claim-${name}`, {
        apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name: claimNameOf(owner, name, from), namespace, labels }, spec: claimSpec(from, scope),
      });
    }
  }
}

/** The claims that all pods share, by the path that they are mounted at. */
export function claimNames({ persistent }: Volumes, owner: VolumeOwner, hasClaimTemplates: boolean): Map<string, string> {
  return new Map(hasClaimTemplates ? [] : persistent.map(({ name, mountPath, from }) => [mountPath, claimNameOf(owner, name, from)]));
}

/** The claims that are made for a workload. */
export function madeClaims({ persistent }: Volumes, workload: string, hasClaimTemplates: boolean): MadeClaim[] {
  return persistent.flatMap(({ name, from }, i) => (from.claimName !== undefined ? [] : [{
    name: hasClaimTemplates ? `${name}-${workload}-` : `${workload}-${name}`, property: `persistentPaths[${i}].path`,
  }]));
}

function claimNameOf(owner: VolumeOwner, volume: string, { claimName }: PersistentPath): string {
  return claimName ?? `${owner.name}-${volume}`;
}

function ephemeralVolume({ size, medium, storageClassName }: EphemeralPath, at: IConstruct): Json {
  const sizeLimit = sizeText(mebibytesOf(size, 'size', at));
  return medium === EphemeralMedium.VOLUME
    ? { ephemeral: { volumeClaimTemplate: { spec: claimSpec({ path: '', size, storageClassName }, at) } } }
    : { emptyDir: { ...(medium === EphemeralMedium.MEMORY && { medium: 'Memory' }), sizeLimit } };
}

/** Read-only, for the pod's own group alone. */
function secretVolume({ secretName, items }: SecretFiles): Json {
  return { secretName, defaultMode: 0o440, ...(items && { items: Object.entries(items).map(([key, file]) => ({ key, path: file })) }) };
}

/** A change of the files is another ConfigMap, so that pods are rolled out and old ones keep theirs. */
function madeName(workload: string, volume: string, { files = {} }: ConfigFiles): string {
  const sorted = Object.keys(files).sort().map((file) => [file, files[file]]);
  const hash = createHash('sha256').update(JSON.stringify(sorted)).digest('hex').slice(0, 10);
  return `${`${workload}-${volume}`.slice(0, 240)}-${hash}`;
}

/** The claim that a StatefulSet makes for each of its pods, with all that the API server adds to it: it replaces claims as a whole. */
function claimTemplate(name: string, from: PersistentPath, at: IConstruct): Json {
  return { apiVersion: 'v1', kind: 'PersistentVolumeClaim', metadata: { name }, spec: claimSpec(from, at), status: { phase: 'Pending' } };
}

function claimSpec({ size, storageClassName, access }: PersistentPath, at: IConstruct): Json {
  return {
    accessModes: [access ?? VolumeAccess.READ_WRITE_ONCE],
    ...(storageClassName !== undefined && { storageClassName }),
    resources: { requests: { storage: sizeText(mebibytesOf(size!, 'size', at)) } },
    volumeMode: 'Filesystem',
  };
}
