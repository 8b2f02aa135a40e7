import { invalid } from '../core/errors';
import { lock } from '../core/immutable';
import { checkProps, KnownProps } from '../core/known-props';
import { markAs } from '../core/made-by';

/** A kind of objects, as the API server names it. */
export interface ResourceKind {
  /**
   * For instance `apps`.
   * @default - the core group
   */
  readonly group?: string;
  /** For instance `v1`. */
  readonly version: string;
  /** For instance `Deployment`. */
  readonly kind: string;
  /** The plural name in the API, for instance `deployments`. */
  readonly resource: string;
}

const PROPS: KnownProps<ResourceKind> = { group: true, version: true, kind: true, resource: true };

/** What a control looks at. */
export class AppliesTo {
  /** The pod template of every kind that has one: Pod, Deployment, CronJob, custom resources that embed one. */
  public static podTemplates(): AppliesTo {
    return new AppliesTo([], []);
  }

  /**
   * Whole objects of kinds of the Kubernetes API.
   * @param kinds for instance `Service`
   */
  public static kinds(...kinds: string[]): AppliesTo {
    if (kinds.length === 0) {
      throw invalid({ property: 'kinds', got: kinds, allowed: 'one or more kinds', fix: 'Name the kinds, for instance AppliesTo.kinds("Service").' });
    }
    const wrong = kinds.find((kind) => typeof kind !== 'string' || kind === '');
    if (wrong !== undefined) {
      throw invalid({ property: 'kinds', got: wrong, allowed: 'names of kinds', fix: 'Name each, for instance AppliesTo.kinds("Service").' });
    }
    return new AppliesTo(kinds, []);
  }

  /** Whole objects of custom resources. Paths into them are not checked against the Kubernetes API's fields. */
  public static customResources(...resources: ResourceKind[]): AppliesTo {
    if (resources.length === 0) {
      throw invalid({ property: 'resources', got: resources, allowed: 'one or more kinds', fix: 'Name group, version, kind and resource of each.' });
    }
    return new AppliesTo([], resources.map((resource, i) => checkResource(resource, `resources[${i}]`)));
  }

  private constructor(
    /** Kinds of the Kubernetes API. Empty with no custom resources: pod templates. */
    public readonly kindNames: string[],
    /** Custom resources. */
    public readonly custom: ResourceKind[],
  ) {
    lock(this);
    markAs('AppliesTo', this);
  }

  /** Whether it is about pod templates. */
  public get isPodTemplates(): boolean {
    return this.kindNames.length === 0 && this.custom.length === 0;
  }
}

function checkResource(resource: ResourceKind, property: string): ResourceKind {
  const { group = '', version, kind, resource: plural } = checkProps(resource, PROPS, { at: 'AppliesTo.customResources', property });
  for (const [name, value] of Object.entries({ version, kind, resource: plural })) {
    if (typeof value !== 'string' || value === '') {
      throw refused(`${property}.${name}`, value, 'text');
    }
  }
  if (typeof group !== 'string') {
    throw refused(`${property}.group`, group, 'text, or nothing for the core group');
  }
  return { group, version, kind, resource: plural };
}

function refused(property: string, got: unknown, allowed: string): Error {
  return invalid({ at: 'AppliesTo.customResources', property, got, allowed, fix: 'Copy it from the custom resource\'s definition.' });
}
