import { ImagePullPolicy } from 'cdk8s-plus-28';
import { IConstruct } from 'constructs';
import { PodParts } from './pod-parts';
import { checkChoice } from '../../core/choice';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid, InvalidInput } from '../../core/errors';
import { checkList } from '../../core/list';
import { checkMadeBy } from '../../core/made-by';
import { checkSecretName } from '../../secrets/secret-reference';
import { ImageProfile } from '../../supply-chain/image-profile';
import { SecureWorkloadProps } from '../secure-workload-props';
import { KIND_FACTS } from '../workload-kinds';

/** How and with what an image is pulled. */
export interface ImagePull {
  readonly policy: ImagePullPolicy;
  /** Names of Secrets. */
  readonly secrets: readonly string[];
}

/**
 * A workload's properties, completed with what its image needs. What the workload states itself stays.
 * @throws if nothing is said about the directory that the image keeps its data in
 */
export function withImageProfile(props: SecureWorkloadProps, { assignsUids }: ClusterProfile, at: IConstruct): SecureWorkloadProps {
  if (props.imageProfile === undefined) {
    return props;
  }
  const image: ImageProfile = checkMadeBy('ImageProfile', props.imageProfile, {
    at, property: 'imageProfile', fix: 'Take one of its own, such as ImageProfile.nginx(), or make one by ImageProfile.of({ … }).',
  });
  const ends = props.kind !== undefined && KIND_FACTS[props.kind]?.ends;
  const mounted = mountedPaths(props);
  if (image.dataPath !== undefined && !ends && !mounted.some((path) => isAtOrAbove(path, image.dataPath!))) {
    throw invalid({
      at, property: 'imageProfile', got: image.dataPath, allowed: 'an image whose data have a volume: the path in persistentPaths, or in writablePaths where they may end with the pod',
      fix: `Add persistentPaths: [{ path: '${image.dataPath}', size: … }].`,
    });
  }
  const stated = { ...props.secretEnv, ...props.env };
  const env = { ...Object.fromEntries(Object.entries(image.env).filter(([name]) => !Object.hasOwn(stated, name))), ...props.env };
  return {
    ...props,
    user: props.user ?? (assignsUids ? undefined : image.user),
    group: props.group ?? (assignsUids ? undefined : image.group),
    port: props.port ?? (ends ? undefined : image.port),
    writablePaths: [...(props.writablePaths ?? []), ...image.writablePaths.filter((path) => !mounted.includes(path))],
    ...(Object.keys(env).length > 0 && { env }),
  };
}

/** Checks how the image is pulled. By digest, what a node has is what a registry would give. */
export function imagePull(props: SecureWorkloadProps, ofNamespace: readonly string[], at: IConstruct): ImagePull {
  return {
    policy: checkChoice(props.imagePullPolicy ?? ImagePullPolicy.IF_NOT_PRESENT, ImagePullPolicy, 'ImagePullPolicy', 'imagePullPolicy', at),
    secrets: [...new Set([...ofNamespace, ...checkPullSecrets(props.imagePullSecrets, at)])],
  };
}

/** Checks the names of Secrets that images are pulled with. */
export function checkPullSecrets(names: string[] | undefined, at: InvalidInput['at']): string[] {
  const list = checkList(names ?? [], 'imagePullSecrets', 'names of Secrets', at);
  list.forEach((name, i) => {
    checkSecretName(name, `imagePullSecrets[${i}]`, at);
    if (list.indexOf(name) !== i) {
      throw invalid({ at, property: `imagePullSecrets[${i}]`, got: name, allowed: 'each Secret once', fix: 'Name it once.' });
    }
  });
  return list;
}

/** What a pod needs to pull its image. */
export function imageParts({ secrets }: ImagePull): PodParts[] {
  return secrets.length === 0 ? [] : [{ podSpec: { imagePullSecrets: secrets.map((name) => ({ name })) } }];
}

/** Where something is mounted that the workload names. What is malformed is refused by those who mount it. */
function mountedPaths({ writablePaths, ephemeralPaths, persistentPaths, configFiles, secretFiles }: SecureWorkloadProps): string[] {
  const named = [ephemeralPaths, persistentPaths, configFiles, secretFiles].flatMap(listed)
    .map((each) => (each as { readonly path?: unknown } | null)?.path);
  return [...listed(writablePaths), ...named].filter((path) => typeof path === 'string');
}

function listed(list: unknown): unknown[] {
  return Array.isArray(list) ? list as unknown[] : [];
}

function isAtOrAbove(path: string, inner: string): boolean {
  return path === inner || inner.startsWith(`${path}/`);
}
