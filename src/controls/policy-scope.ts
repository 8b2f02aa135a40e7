import { IConstruct } from 'constructs';
import { PolicyBindingOptions } from './admission/policy-binding';
import { Control } from './control';
import { Exclusion } from './exclusion';
import { ScopeControls } from './scope-controls';
import { PodTemplateLocation } from './subject';
import { waiverEffects } from './waivers/waiver-effects';

/** Controls, the kinds that their policies look at besides those that the tree names, and where they are bound. */
export interface BoundControls {
  readonly controls: readonly Control[];
  readonly templates: readonly PodTemplateLocation[];
  readonly binding: PolicyBindingOptions;
}

/** What a policy looks at, and what it lets through. */
export interface PolicyScope {
  readonly templates: readonly PodTemplateLocation[];
  readonly exclusions: readonly Exclusion[];
}

/** What a control's policy looks at and lets through, as far as the tree is known: what is waived is known once everything was judged. */
export function policyScope(scope: IConstruct, control: Control, templates: readonly PodTemplateLocation[]): PolicyScope {
  const named = ScopeControls.all(scope.node.root).flatMap((settings) => settings.templates);
  return { templates: [...templates, ...named], exclusions: waiverEffects(scope).exclusions.of(control) };
}

/** What `policyScope` reads of the tree: as long as each of these is the same, so is what it says. */
export function policyInputs(scope: IConstruct): unknown[] {
  return [waiverEffects(scope), ...ScopeControls.all(scope.node.root).flatMap(({ templates }) => templates)];
}
