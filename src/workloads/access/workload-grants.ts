import { ApiObject } from 'cdk8s';
import { IApiResource } from 'cdk8s-plus-28';
import { Construct, IConstruct } from 'constructs';
import { ReviewedException } from '../../controls/waivers/reviewed-exception';
import { ClusterProfile } from '../../core/cluster-profile';
import { invalid } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { checkMadeBy, isMadeBy } from '../../core/made-by';
import { Port } from '../../core/port';
import { allowApiServer } from '../../network/api-server-policy';
import { Connections } from '../../network/connections';
import { platformPeers } from '../../network/platform-peers';
import { checkResource, GrantedResource } from '../../rbac/granted-resource';
import { GrantedRole } from '../../rbac/granted-role';
import { checkNames, checkVerbs } from '../../rbac/verbs';
import type { HardenedNamespace } from '../hardened-namespace';
import { BoundTokens, MountedVolume } from '../volumes/bound-tokens';

/** What a grant is kept to. */
export interface GrantOptions {
  /**
   * The objects meant. With names, `list` and `watch` work for clients that ask with the field selector `metadata.name=<name>`; `create` can't be
   * kept to names.
   * @default - the object that was given, else every object of the resource
   */
  readonly names?: string[];
  /**
   * Another namespace that the grant holds in.
   * @default - the workload's own
   */
  readonly inNamespace?: HardenedNamespace;
  /**
   * Whether it holds in every namespace, now and later. Required for resources that belong to none, such as nodes.
   * @default false
   */
  readonly wholeCluster?: boolean;
  /**
   * Why a grant is needed that the controls speak against, such as that of `pods/exec` or of every Secret.
   * @default - none: such grants are refused
   */
  readonly exception?: ReviewedException;
}

const OPTIONS: KnownProps<GrantOptions> = { names: true, inNamespace: true, wholeCluster: true, exception: true };

/** Whose grants they are. */
export interface GrantsOwner {
  readonly workload: Construct;
  readonly name: string;
  readonly home: HardenedNamespace;
  readonly labels: Record<string, string>;
  readonly serviceAccountName: string;
  readonly profile: ClusterProfile;
}

/** Everything that a workload may do in the cluster: roles, bindings, tokens and the connection to the API server. */
export class WorkloadGrants {
  public readonly tokens: BoundTokens;
  private readonly roles = new Map<string, GrantedRole>();
  private connected = false;

  constructor(private readonly owner: GrantsOwner, mounted: () => readonly MountedVolume[]) {
    this.tokens = new BoundTokens(owner.workload, mounted);
  }

  /**
   * Grants verbs of a resource: role, binding, token and connection, or an error and nothing.
   * @param namedVerbs the verbs where the grant is kept to names, if they are others
   */
  public grant(
    verbs: readonly string[], resource: IApiResource, options: GrantOptions, connections: Connections, namedVerbs: readonly string[] = verbs,
  ): void {
    const { workload: at, profile } = this.owner;
    checkProps(options, OPTIONS, { at, property: 'options' });
    const granted = checkResource(resource, at);
    const names = this.namesOf(granted, options);
    const wanted = names === undefined ? verbs : namedVerbs;
    checkVerbs(wanted, granted, at);
    if (names !== undefined) {
      checkNames(names, wanted, granted, at);
    }
    const key = this.placeOf(resource, granted, options);
    const role = this.roles.get(key) ?? this.newRole(options);
    const grant = role.checked({ group: granted.group, resource: granted.resource, verbs: [...wanted], names: names ?? [] }, options.exception);
    this.tokens.checkForApi();
    if (!this.connected) {
      platformPeers('controlPlaneCidrs', at).forEach((peer) => connections.allowTo(peer, Port.tcp(profile.apiServerPort)));
      const { name, pods } = connections._props;
      allowApiServer(at, `${name}-to-api-server`, pods!, 'egress', [Port.tcp(profile.apiServerPort)]);
      this.connected = true;
    }
    this.tokens.addForApi();
    this.roles.set(key, role);
    role.take(grant);
  }

  private namesOf({ name }: GrantedResource, { names }: GrantOptions): readonly string[] | undefined {
    if (name !== undefined && names !== undefined) {
      throw invalid({ at: this.owner.workload, property: 'names', got: names, allowed: `none: the object "${name}" was given`, fix: 'Leave names out, or give the resource in place of the object.' });
    }
    return name === undefined ? names : [name];
  }

  /** Where the grant holds. */
  private placeOf(resource: IApiResource, granted: GrantedResource, { inNamespace, wholeCluster = false }: GrantOptions): string {
    const { workload: at } = this.owner;
    if (typeof wholeCluster !== 'boolean') {
      throw invalid({ at, property: 'wholeCluster', got: wholeCluster, allowed: 'true or false', fix: 'Leave it out to keep the grant to a namespace.' });
    }
    if (inNamespace !== undefined) {
      checkMadeBy('HardenedNamespace', inNamespace, { at, property: 'inNamespace', fix: 'Give the HardenedNamespace that the grant is to hold in.' });
      if (inNamespace.node.root !== at.node.root) {
        throw invalid({ at, property: 'inNamespace', got: `${inNamespace.node.path} of another app`, allowed: 'a namespace of the same app', fix: 'Let the other app make the role and the binding.' });
      }
    }
    if (wholeCluster) {
      if (inNamespace !== undefined) {
        throw invalid({ at, property: 'inNamespace', got: inNamespace.name, allowed: 'none where wholeCluster is true', fix: 'Leave one of the two out.' });
      }
      if (granted.name !== undefined && granted.namespaced !== false) {
        throw invalid({
          at, property: 'wholeCluster', got: true, allowed: `false for "${granted.name}", which is in one namespace`, fix: 'Leave it out, or give the resource and names in place of the object.',
        });
      }
      return '';
    }
    if (granted.namespaced === false) {
      throw invalid({
        at, property: 'wholeCluster', got: false, allowed: `true for ${granted.resource}, which belong to no namespace`, fix: 'Set wholeCluster: true, or grant something else.',
      });
    }
    const namespace = inNamespace ?? this.owner.home;
    const owner = Construct.isConstruct(resource) ? resource.node.scopes.reverse().find(isHardenedNamespace) : undefined;
    const home = statedNamespace(resource) ?? owner?.name;
    if (home !== undefined && home !== namespace.name) {
      throw invalid({
        at, property: 'resource', got: (resource as unknown as Construct).node.path, allowed: `an object of namespace "${namespace.name}", in which the grant holds`, fix: 'Say where it is: { inNamespace: … }.',
      });
    }
    return namespace.name;
  }

  private newRole({ inNamespace, wholeCluster }: GrantOptions): GrantedRole {
    const { workload, name, home, labels, serviceAccountName, profile } = this.owner;
    const own = !wholeCluster && (inNamespace === undefined || inNamespace === home);
    // Outside of its own namespace, another workload may have its name. A colon is in no name of those.
    const elsewhere = `${home.name}:${name}`;
    return new GrantedRole({
      name: own ? name : elsewhere,
      ...(!wholeCluster && { namespaceName: (inNamespace ?? home).name }),
      labels,
      serviceAccount: { name: serviceAccountName, namespace: home.name },
      owner: own || wholeCluster ? workload : inNamespace!,
      id: wholeCluster ? 'ClusterRole' : own ? 'Role' : `Role-${elsewhere}`,
      at: workload,
      version: profile.kubernetesVersion,
    });
  }
}

/** The namespace that an object names, itself or by its chart. */
function statedNamespace(resource: IApiResource): string | undefined {
  const object = Construct.isConstruct(resource) ? resource.node.defaultChild ?? resource.node.tryFindChild('Resource') : undefined;
  return object !== undefined && ApiObject.isApiObject(object) ? object.metadata.namespace : undefined;
}

function isHardenedNamespace(scope: IConstruct): scope is HardenedNamespace {
  return isMadeBy('HardenedNamespace', scope);
}
