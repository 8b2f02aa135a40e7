import { apiFields } from '../../controls/api-fields/table';
import { catalogControls } from '../../controls/catalog';
import { isObject, Json } from '../../controls/path';
import { ResolvedControls } from '../../controls/results/resolved-controls';

/** What baselines and waivers say of a finding. */
interface StatedFinding {
  readonly control: string;
  /** As in `Pod/shop/web`. */
  readonly resource?: string;
}

/** What a run judges: objects that aren't left out, by the controls that were named. */
export class JudgedScope {
  constructor(private readonly excludedNamespaces: readonly string[], private readonly controls: ResolvedControls) {}

  /** Whether an object is left out: a namespace, or what is in one. The API server drops the namespace of what belongs to the whole cluster. */
  public excludes(json: unknown): boolean {
    if (this.excludedNamespaces.length === 0 || !isObject(json)) {
      return false;
    }
    const { name, namespace } = isObject(json.metadata) ? json.metadata : {} as Json;
    if (json.apiVersion === 'v1' && json.kind === 'Namespace') {
      return this.isExcluded(name);
    }
    return apiFields().served.get(`${json.apiVersion} ${json.kind}`)?.namespaced !== false && this.isExcluded(namespace);
  }

  /** Whether it would be found if it was there: nothing follows from what a run leaves out. A control that nobody knows is a typo. */
  public holds({ control, resource = '' }: StatedFinding): boolean {
    const [kind, name, ...rest] = resource.split('/');
    if ((kind === 'Namespace' || rest.length > 0) && this.isExcluded(name)) {
      return false;
    }
    return this.controls.all.some((attached) => attached.control.id === control) || !catalogControls().some(({ id }) => id === control);
  }

  private isExcluded(namespace: unknown): boolean {
    return this.excludedNamespaces.some((each) => each === namespace);
  }
}
