import { ApiObject } from 'cdk8s';
import { IConstruct } from 'constructs';
import { groupOf } from '../../controls/group';
import { isObject, Json, Place, valueAt } from '../../controls/path';
import { CheckedObject } from '../../controls/results/checked-object';
import { resourceName } from '../../controls/results/finding-maker';
import { unhardenedJson } from '../../controls/results/hardened-objects';
import { partsOf } from '../../controls/results/parts';
import { PodTemplateLocation, templateSubjects } from '../../controls/subject';
import { ALL_TEMPLATES } from '../../controls/template-kinds';
import { isMadeBy } from '../../core/made-by';
import { chartAbove } from '../namespace/namespace-members';

/** One object of a tree, or of a List in it. */
export interface TreeObject {
  readonly json: Json;
  readonly construct: ApiObject;
  /** As reports name it. */
  readonly resource: string;
  /** Undefined where nothing says it: whoever applies the manifest decides. */
  readonly namespaceName?: string;
}

/** An object that makes pods under one service account. */
export interface PodMaker extends TreeObject {
  /** `default` where none is stated. */
  readonly account: string;
}

/** What a tree says about its service accounts and policies. */
export class HardeningTree {
  public readonly objects: readonly TreeObject[];
  public readonly podMakers: readonly PodMaker[];
  private readonly users = new Map<string, PodMaker[]>();
  private readonly rights = new Map<string, string[]>();
  /** By the group that each service account belongs to. */
  private readonly groupRights = new Map<string, string[]>();
  private readonly mentions = new Map<string, string[]>();
  private readonly byName = new Map<string, TreeObject>();

  /** @param asWritten as hardening writes the objects, or as they are without it */
  constructor(root: IConstruct, asWritten: boolean) {
    this.objects = objectsBelow(root, asWritten);
    this.podMakers = this.objects.flatMap(podMaker);
    this.podMakers.forEach((maker) => push(this.users, accountKey(maker.namespaceName, maker.account), maker));
    for (const object of this.objects) {
      this.byName.set(keyOf(String(object.json.kind), object.namespaceName, nameOf(object.json)), object);
      this.takeIn(object);
    }
  }

  /** An object of the core group by kind and name. */
  public find(kind: string, namespaceName: string | undefined, name: string): TreeObject | undefined {
    return this.byName.get(keyOf(kind, namespaceName, name));
  }

  /** What runs under a service account. */
  public usersOf(namespaceName: string | undefined, account: string): readonly PodMaker[] {
    return this.users.get(accountKey(namespaceName, account)) ?? [];
  }

  /** What gives a service account rights, by its name or by a group that it belongs to. */
  public bindingsOf(namespaceName: string | undefined, account: string): readonly string[] {
    const groups = ['system:serviceaccounts', `system:serviceaccounts:${namespaceName}`];
    return [...this.rights.get(accountKey(namespaceName, account)) ?? [], ...groups.flatMap((group) => this.groupRights.get(group) ?? [])];
  }

  /** What names a service account: it would mean nobody, or the wrong one, if pods had another. */
  public namedBy(namespaceName: string | undefined, account: string): readonly string[] {
    const own = this.find('ServiceAccount', namespaceName, account);
    return [
      ...this.rights.get(accountKey(namespaceName, account)) ?? [], ...this.mentions.get(accountKey(namespaceName, account)) ?? [],
      ...own && hasCloudIdentity(own.json) ? [`the annotation for a cloud identity of ${own.resource}`] : [],
    ];
  }

  private takeIn({ json, resource, namespaceName }: TreeObject): void {
    if ((json.kind === 'RoleBinding' || json.kind === 'ClusterRoleBinding') && Array.isArray(json.subjects)) {
      for (const subject of json.subjects.filter(isObject)) {
        if (subject.kind === 'ServiceAccount') {
          push(this.rights, accountKey((subject.namespace ?? namespaceName) as string | undefined, String(subject.name)), resource);
        } else if (subject.kind === 'Group') {
          push(this.groupRights, String(subject.name), resource);
        }
      }
    }
    const isBinding = json.kind === 'RoleBinding' || json.kind === 'ClusterRoleBinding';
    for (const [namespace, account] of accountsNamedIn(json)) {
      push(isBinding ? this.rights : this.mentions, accountKey(namespace, account), resource);
    }
  }
}

/** What every object below a construct says that can be asked now. */
export function documentsBelow(scope: IConstruct, asWritten: boolean): { json: unknown; construct: ApiObject }[] {
  return scope.node.findAll().filter((construct) => ApiObject.isApiObject(construct))
    .map((construct) => ({ json: jsonOf(construct, asWritten), construct })).filter(({ json }) => json !== undefined);
}

/** The same with Lists opened. */
export function objectsBelow(scope: IConstruct, asWritten: boolean): TreeObject[] {
  return documentsBelow(scope, asWritten).flatMap(({ json, construct }) => (
    partsOf({ json, construct, within: [] }).flatMap((part) => treeObject(part, construct))
  ));
}

/** In which namespace an object will be. */
export function namespaceOf(json: Json, construct: IConstruct): string | undefined {
  const stated = valueAt(json, ['metadata', 'namespace']);
  if (typeof stated === 'string' && stated !== '') {
    return stated;
  }
  const home = construct.node.scopes.reverse().find((scope) => isMadeBy('HardenedNamespace', scope)) as { readonly name: string } | undefined;
  return home?.name ?? chartAbove(construct)?.namespace;
}

/** As reports name an object once it is in its namespace. */
export function resourceOf(json: Json, construct: IConstruct): string {
  const namespace = namespaceOf(json, construct);
  return resourceName(namespace === undefined ? json : { ...json, metadata: { ...isObject(json.metadata) ? json.metadata : {}, namespace } });
}

/** Where the pod templates of an object are that can be told apart from the rest; none in those of Argo workflows. */
export function templatePlaces(json: unknown, location: PodTemplateLocation | undefined): Place[] {
  return !location || location.shape === 'workflow' || !isObject(json)
    ? [] : templateSubjects(json, location).filter(({ problem }) => !problem).map(({ placeOf }) => placeOf([]));
}

/** What is at a place. */
export function at(json: unknown, place: Place): unknown {
  return place.reduce((value: unknown, step) => (
    typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string | number, unknown>)[step] : undefined
  ), json) ?? undefined;
}

/** The service account of a pod's spec. */
export function accountOf(spec: unknown): string {
  const { serviceAccountName, serviceAccount } = isObject(spec) ? spec : {} as Json;
  return [serviceAccountName, serviceAccount].find((each): each is string => typeof each === 'string' && each !== '') ?? 'default';
}

export function nameOf(json: Json): string {
  return String(valueAt(json, ['metadata', 'name']) ?? valueAt(json, ['metadata', 'generateName']) ?? '');
}

function jsonOf(construct: ApiObject, asWritten: boolean): unknown {
  try {
    return asWritten ? construct.toJson() : unhardenedJson(construct);
  } catch {
    // It isn't complete yet. Where it stays so, cdk8s says it as it writes it.
    return undefined;
  }
}

function treeObject({ json }: CheckedObject, construct: ApiObject): TreeObject[] {
  return isObject(json) ? [{ json, construct, resource: resourceOf(json, construct), namespaceName: namespaceOf(json, construct) }] : [];
}

function podMaker(object: TreeObject): PodMaker[] {
  const group = groupOf(object.json.apiVersion);
  const location = ALL_TEMPLATES.find((each) => each.group === group && each.kind === object.json.kind);
  const accounts = new Set(templatePlaces(object.json, location).map((place) => accountOf(at(object.json, [...place, 'spec']))));
  return [...accounts].map((account) => ({ ...object, account }));
}

/** Identities that cloud platforms give by annotation of the account. */
function hasCloudIdentity(json: Json): boolean {
  const annotations = valueAt(json, ['metadata', 'annotations']);
  return isObject(annotations) && Object.keys(annotations).some((key) => /^(eks\.amazonaws\.com|iam\.gke\.io|azure\.workload\.identity)\//.test(key));
}

/** Accounts that texts name: as users of the API server, and as identities in a mesh. */
function accountsNamedIn(value: unknown): [string, string][] {
  if (typeof value === 'string') {
    return [...value.matchAll(/(?:system:serviceaccount:([a-z0-9-]+):|\/?\bns\/([a-z0-9-]+)\/sa\/)([a-z0-9.-]+)/g)].map((match) => [match[1] ?? match[2], match[3]]);
  }
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(accountsNamedIn) : [];
}

function push<T>(map: Map<string, T[]>, key: string, value: T): void {
  const present = map.get(key);
  if (!present) {
    map.set(key, [value]);
  } else if (present.at(-1) !== value) {
    present.push(value);
  }
}

function accountKey(namespaceName: string | undefined, account: string): string {
  return `${namespaceName ?? ''}/${account}`;
}

function keyOf(kind: string, namespaceName: string | undefined, name: string): string {
  return `${kind}/${namespaceName ?? ''}/${name}`;
}
