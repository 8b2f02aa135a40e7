import { App } from 'cdk8s';
import { checkedObjects } from './check-results';
import { checkDistinct } from './distinct-objects';
import { evaluateManifests, ManifestSet } from './synthesis/manifests';
import { ControlPack } from '../controls/pack';
import { CheckedObject } from '../controls/results/checked-object';
import { Judgement, judgeTree } from '../controls/results/judge-tree';
import { checkedElsewhere } from '../controls/results/plain-app';
import { forgetWaiverEffects, isDependentOnWaivers } from '../controls/waivers/waiver-effects';
import { ClusterProfile } from '../core/cluster-profile';
import { writesAllOrNothing } from '../core/tree-outputs';

/** An app as it will be written. */
export interface EvaluatedApp extends Judgement {
  readonly manifests: ManifestSet;
  /** What controls were asked about. */
  readonly objects: readonly CheckedObject[];
}

/**
 * What will be written, and what controls say to it. Nothing is written.
 *
 * @param folder of the manifests, as reports name it
 * @throws what a synth throws before it looks at findings
 */
export function evaluateApp(app: App, folder: string): EvaluatedApp {
  forgetWaiverEffects(app);
  const manifests = checkedElsewhere(app, () => evaluateManifests(app));
  const isHardened = writesAllOrNothing(app);
  if (isHardened) {
    checkDistinct(manifests);
  }
  const objects = checkedObjects(manifests, folder);
  const judgement = judgeTree(app, objects, {
    version: ClusterProfile.of(app).kubernetesVersion, ...(isHardened && { base: ControlPack.recommended() }),
  });
  return { ...judgement, objects, manifests: judgement.hasEffects ? manifests.rewritten(isDependentOnWaivers) : manifests };
}
