import { KubeletConfig } from './kubelet-config';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid, InvalidInput } from '../../core/errors';
import { Admission } from '../admission/admission';

/** @throws where kubelets would send more events than the API server takes of one user: what is refused is lost */
export function checkEventRates(kubelet: KubeletConfig, admission: Admission, profile: ClusterProfile, at: InvalidInput['at']): void {
  const plugin = admission._plugins(profile, at).find(({ name }) => name === 'EventRateLimit');
  const { limits } = plugin!.configuration as { limits: { type: string; qps: number }[] };
  const sent = kubelet._settings.eventRecordQps;
  const user = limits.find(({ type }) => type === 'User')!;
  if (sent > user.qps) {
    throw invalid({
      at,
      property: 'kubelet',
      got: `eventRecordQps ${sent}`,
      allowed: `at most ${user.qps}, which is what Admission's eventRateLimit takes of one user, as each kubelet is`,
      fix: 'Lower eventRecordQps, or raise eventRateLimit.user: the API server answers 429 to more, and the events are lost.',
    });
  }
}
