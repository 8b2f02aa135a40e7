import { IConstruct } from 'constructs';
import { WaiverBook } from './waiver-book';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { today } from '../../core/today';
import { catalogControls } from '../catalog/index.generated';
import { ControlSet } from '../control-set';
import { CheckedObject } from '../results/checked-object';
import { Judged, resourceName } from '../results/finding-maker';
import { controlledParts } from '../results/parts';
import { ControlsResolver } from '../results/resolved-controls';
import { ScopeControls } from '../scope-controls';
import { effectiveControls } from '../superseding';
import { ALL_TEMPLATES } from '../template-kinds';

/**
 * Findings that are accepted where the need for them is stated, whichever packs are attached: policies and Pod Security admission would refuse what
 * is written for them, also where nobody asked for a judgement of it.
 */
export function statedNeeds(root: IConstruct, objects: readonly CheckedObject[], version: KubernetesVersion): Judged[] {
  const stating = objects.filter(({ construct }) => ScopeControls.find(construct)?.waivers.some(({ wherever }) => wherever));
  if (stating.length === 0) {
    return [];
  }
  const book = new WaiverBook(root, today(root));
  const set = new ControlSet(effectiveControls(catalogControls(), version), version, ALL_TEMPLATES);
  return controlledParts(stating, new ControlsResolver(root, version))
    .flatMap((part) => set.violations(part.json).flatMap(({ control, faults }) => (
      faults.filter(({ malformed }) => !malformed).map((fault): Judged => ({ ...part, control, fault }))
    )))
    .filter((judged) => book.accepts(judged, resourceName(judged.json)));
}
