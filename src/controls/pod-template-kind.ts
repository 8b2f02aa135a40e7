import { parsePath } from './path';
import { PodTemplateLocation } from './subject';
import { invalid, InvalidInput } from '../core/errors';
import { lock } from '../core/immutable';
import { checkProps, KnownProps } from '../core/known-props';
import { checkList } from '../core/list';
import { checkMadeBy, markAs } from '../core/made-by';

/** A kind of custom resources that embeds pod templates. */
export interface PodTemplateKindProps {
  /** API group, for instance `argoproj.io`. */
  readonly group: string;
  /** Versions that are served, for instance `v1alpha1`. */
  readonly versions: string[];
  /** For instance `Rollout`. */
  readonly kind: string;
  /** Plural name in the API, for instance `rollouts`. */
  readonly resource: string;
  /**
   * Paths from the object to its templates (what has `metadata` and `spec` of a pod), for instance `spec.template`. `[]` as a step stands for
   * every element of a list, `{}` for every value of a map: `spec.jobs.[].template`.
   */
  readonly templates: string[];
}

const PROPS: KnownProps<PodTemplateKindProps> = { group: true, versions: true, kind: true, resource: true, templates: true };

/** Where the pod templates of a kind of custom resources are. */
export class PodTemplateKind {
  /**
   * A kind by its names and paths.
   * @throws if one of them is missing or misspelt, or the group is Kubernetes' own
   */
  public static of(props: PodTemplateKindProps): PodTemplateKind {
    const at = 'PodTemplateKind.of';
    checkProps(props, PROPS, { at });
    for (const property of ['group', 'kind', 'resource'] as const) {
      if (typeof props[property] !== 'string' || props[property] === '') {
        throw invalid({ at, property, got: props[property], allowed: 'text', fix: 'Copy it from the custom resource\'s definition.' });
      }
    }
    for (const property of ['versions', 'templates'] as const) {
      if (!Array.isArray(props[property]) || props[property].length === 0 || props[property].some((each) => typeof each !== 'string')) {
        throw invalid({ at, property, got: props[property], allowed: 'a list of texts with at least one element', fix: 'Copy it from the custom resource\'s definition.' });
      }
    }
    if (!props.group.includes('.')) {
      throw invalid({ at, property: 'group', got: props.group, allowed: 'a group of custom resources: a domain', fix: 'Leave Kubernetes\' own kinds out: the library knows them.' });
    }
    const { group, versions, kind, resource, templates } = props;
    return new PodTemplateKind({ group, versions: [...versions], kind, resource, templates: templates.map(templatePath) });
  }

  /** @internal */
  public readonly _location: PodTemplateLocation;

  private constructor(location: PodTemplateLocation) {
    this._location = location;
    lock(this);
    markAs('PodTemplateKind', this);
  }
}

/** Where the templates of these kinds are. */
export function checkKinds(kinds: PodTemplateKind[], property: string, at: InvalidInput['at']): PodTemplateLocation[] {
  return checkList(kinds, property, 'PodTemplateKinds', at).map((kind, i) => (
    checkMadeBy('PodTemplateKind', kind, { at, property: `${property}[${i}]`, fix: 'Give what PodTemplateKind.of makes.' })._location
  ));
}

/** `[]` and `{}` are steps of their own here. */
function templatePath(text: string): string[] {
  return text === '' ? [] : text.split('.').flatMap((step) => (step === '[]' || step === '{}' ? [step] : parsePath(step === '' ? text : step)));
}
