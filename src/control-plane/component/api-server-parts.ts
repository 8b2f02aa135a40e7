import { IConstruct } from 'constructs';
import { ComponentFlags } from './component-flags';
import { StaticPodMounts } from './static-pod-mounts';
import { ClusterProfile } from '../../core/cluster-profile';

/** What the parts of an API server's configuration are added to. */
export interface ApiServerParts {
  readonly at: IConstruct;
  readonly profile: ClusterProfile;
  readonly flags: ComponentFlags;
  readonly mounts: StaticPodMounts;
}
