import { allowedRegistries } from './configurable/allowed-registries';
import { namespaceAnnotations, namespaceLabels, podSecurityLabels, schedulingAnnotations } from './configurable/namespace-guards';
import { PlatformIdentities } from './configurable/platform-identities';
import { Control } from './control';

/**
 * Controls that need to be told something. Add them to a pack: `ControlPack.recommended().plus('ours', ConfigurableControls.allowedRegistries([…]))`.
 * One that takes the place of a control of the pack goes there by `replacing` instead of `plus`.
 */
export class ConfigurableControls {
  /**
   * Images, those of volumes too, come from these registries. Names without a registry, such as `nginx`, do not: write `docker.io/library/nginx`.
   * @param registries hosts, with a path below them if need be: `registry.example.com`, `ghcr.io/acme`
   * @throws if there is none, or one is no host
   */
  public static allowedRegistries(registries: string[]): Control {
    return allowedRegistries(registries);
  }

  /**
   * The labels of Pod Security admission on namespaces are changed by nobody else. Takes the place of `namespace-pod-security-labels`, which names
   * administrators by certificate and the controllers of the control plane: say here who applies manifests in your cluster.
   * @throws if nobody is named
   */
  public static podSecurityLabelsChangedOnlyBy(identities: PlatformIdentities): Control {
    return podSecurityLabels(identities);
  }

  /**
   * The annotations of PodNodeSelector and PodTolerationRestriction on namespaces are changed by nobody else. Takes the place of
   * `namespace-scheduling-annotations`.
   * @throws if nobody is named
   */
  public static schedulingAnnotationsChangedOnlyBy(identities: PlatformIdentities): Control {
    return schedulingAnnotations(identities);
  }

  /**
   * No label of a namespace is changed by anybody else. Takes the place of `namespace-labels`.
   * @throws if nobody is named
   */
  public static namespaceLabelsChangedOnlyBy(identities: PlatformIdentities): Control {
    return namespaceLabels(identities);
  }

  /**
   * No annotation of a namespace is changed by anybody else, also none that kubectl and controllers write for themselves: name them too.
   * Takes the place of `namespace-annotations`.
   * @throws if nobody is named
   */
  public static namespaceAnnotationsChangedOnlyBy(identities: PlatformIdentities): Control {
    return namespaceAnnotations(identities);
  }

  private constructor() {}
}
