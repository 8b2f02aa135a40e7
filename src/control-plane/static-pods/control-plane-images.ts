import { ClusterProfile } from '../../core/cluster-profile';
import { invalid, InvalidInput } from '../../core/errors';
import { withoutCredentials } from '../../core/image-credentials';
import { parseImage } from '../../core/image-name';
import { checkProps, KnownProps } from '../../core/known-props';
import { has } from '../availability';

/** The control plane's images by digest, as `registry.k8s.io/kube-apiserver:v1.36.4@sha256:…`. A tag, where there is one, has to be the release's. */
export interface ControlPlaneImages {
  /**
   * The API server.
   * @default - registry.k8s.io/kube-apiserver by the release's tag
   */
  readonly apiServer?: string;
  /**
   * The controller manager.
   * @default - registry.k8s.io/kube-controller-manager by the release's tag
   */
  readonly controllerManager?: string;
  /**
   * The scheduler.
   * @default - registry.k8s.io/kube-scheduler by the release's tag
   */
  readonly scheduler?: string;
  /**
   * etcd, of the version that goes with the cluster (`EtcdTlsConfig.etcdVersion`).
   * @default - registry.k8s.io/etcd by the tag that kubeadm takes
   */
  readonly etcd?: string;
}

/** One image for each program. */
export type ImageOf = Readonly<Record<'apiServer' | 'controllerManager' | 'scheduler' | 'etcd', string>>;

const PROPS: KnownProps<ControlPlaneImages> = { apiServer: true, controllerManager: true, scheduler: true, etcd: true };

/** The images that are pulled: those given, or the project's own by tag, from where the profile's mirror has them. */
export function controlPlaneImages(given: ControlPlaneImages, release: string, profile: ClusterProfile, at: InvalidInput['at']): ImageOf {
  checkProps(given, PROPS, { at, property: 'images' });
  const image = (property: keyof ControlPlaneImages, name: string, tag: string, anyTag: boolean): string => {
    const chosen = given[property] === undefined ? `registry.k8s.io/${name}:${tag}` : checkImage(given[property], `images.${property}`, anyTag ? undefined : tag, at);
    return profile.imageMirror?._mirrored(chosen, at) ?? chosen;
  };
  return {
    apiServer: image('apiServer', 'kube-apiserver', release, false),
    controllerManager: image('controllerManager', 'kube-controller-manager', release, false),
    scheduler: image('scheduler', 'kube-scheduler', release, false),
    etcd: image('etcd', 'etcd', etcdTag(profile), true),
  };
}

/** What the newest kubeadm that was read takes for each minor version. */
function etcdTag({ kubernetesVersion }: ClusterProfile): string {
  if (has(kubernetesVersion, 'etcd 3.7')) {
    return '3.7.0-0';
  }
  return has(kubernetesVersion, 'etcd 3.6') ? '3.6.8-0' : '3.5.24-0';
}

function checkImage(image: string, property: string, tag: string | undefined, at: InvalidInput['at']): string {
  const name = typeof image === 'string' ? parseImage(image) : undefined;
  const otherTag = tag !== undefined && name?.tag !== undefined && name.tag !== tag;
  if (name?.digest === undefined || otherTag) {
    throw invalid({
      at,
      property,
      got: typeof image === 'string' ? withoutCredentials(image) : image,
      allowed: tag === undefined ? 'an image by digest' : `an image by digest, without a tag or with ${tag}`,
      fix: 'Leave it out for the project\'s own, or add @sha256:…: no admission checks a static pod.',
    });
  }
  return image;
}
