import { ApiObject } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { accountOf, at, HardeningTree, nameOf, namespaceOf, PodMaker, resourceOf, templatePlaces } from './hardening-tree';
import { Draft, Edit } from '../../controls/fix/edits';
import { fixObject } from '../../controls/fix/fix';
import { mayNeedOf } from '../../controls/fix/may-need';
import { isObject, Json, Place } from '../../controls/path';
import { StepChange, StepGap, StepObject, StepResult } from '../../controls/results/hardening-step';

const CONTROL = 'default-service-account';
const TOKEN_CONTROL = 'automount-token';
const PLANS = Symbol.for('cdk8s-hardened.service-account-plans');
/** Where client libraries look for what they need to talk to the API server. */
const API_DIRECTORY = '/var/run/secrets/kubernetes.io/serviceaccount';
const RIGHTS = 'what is bound, outside of this app, to the account that it had';

/** An account in the place of another one. */
interface Plan {
  readonly from: string;
  readonly to: string;
}

/** By construct, then by the object in it and the account that it states. */
type Plans = Map<IConstruct, Map<string, Plan>>;

/**
 * Gives the workloads below a construct that share an account, or use `default`, one of their own, where nothing names the present one.
 * @returns the accounts that were made
 */
export function makeAccounts(scope: IConstruct): ApiObject[] {
  const tree = new HardeningTree(scope.node.root, true);
  const plans = plansOf(scope);
  const made: ApiObject[] = [];
  const taken = new Set(tree.podMakers.map((each) => `${each.namespaceName ?? ''}/${each.account}`));
  for (const maker of tree.podMakers.filter(({ construct }) => construct.node.scopes.includes(scope))) {
    const { construct, json, namespaceName, account } = maker;
    if (!needsAccount(maker, tree) || tree.namedBy(namespaceName, account).length > 0 || isForeign(construct)) {
      continue;
    }
    const to = freeName(maker, (name) => taken.has(`${namespaceName ?? ''}/${name}`) || tree.find('ServiceAccount', namespaceName, name) !== undefined);
    taken.add(`${namespaceName ?? ''}/${to}`);
    plans.set(construct, (plans.get(construct) ?? new Map<string, Plan>()).set(planKey(json, account), { from: account, to }));
    made.push(madeAccount(maker, to, tree));
  }
  return made;
}

/** The object with the account that was made for it, and without a token that nobody uses. */
export function withAccount(object: StepObject, tree: HardeningTree, makesAccounts: boolean): StepResult {
  const { json, construct, location, fixes } = object;
  const changes: StepChange[] = [];
  const left: StepGap[] = [];
  let draft = Draft.of(json);
  for (const place of templatePlaces(json, location)) {
    const spec = at(json, [...place, 'spec']) as Json;
    const namespaceName = namespaceOf(json as Json, construct);
    const account = accountOf(spec);
    const plan = object.isWaived(CONTROL) ? undefined : planOf(construct, json as Json, account);
    const field = [...place, 'spec', 'serviceAccountName'];
    const named = tree.namedBy(namespaceName, account);
    const set = (control: string, path: Place, after: unknown, mayNeed?: string, edits: Edit[] = [{ op: 'set', place: path, value: after }]) => {
      changes.push({ control, place: path, before: at(draft.object, path), after, ...(mayNeed !== undefined && { mayNeed }) });
      draft = draft.with(edits);
    };
    if (plan && named.length === 0) {
      set(CONTROL, field, plan.to, `${RIGHTS}: check that the program needs none of it`, [
        { op: 'set', place: field, value: plan.to }, ...spec.serviceAccount === undefined ? [] : [{ op: 'remove' as const, place: [...place, 'spec', 'serviceAccount'] }],
      ]);
    } else if (makesAccounts && !object.isWaived(CONTROL)) {
      const reason = whyNone(json as Json, construct, account, namespaceName, tree);
      left.push(...reason === undefined ? [] : [{ control: CONTROL, place: field, reason }]);
    }
    const automount = [...place, 'spec', 'automountServiceAccountToken'];
    if (spec.automountServiceAccountToken === false || object.isWaived(TOKEN_CONTROL)) {
      continue;
    }
    const isSaid = spec.automountServiceAccountToken !== undefined;
    const own = tree.find('ServiceAccount', namespaceName, account)?.json;
    const wasOff = !isSaid && own?.automountServiceAccountToken === false;
    const hasRights = tree.bindingsOf(namespaceName, account).length > 0;
    // What the account says holds for its pods, and is fixed, too.
    const isOff = !isSaid && !hasRights && own !== undefined && (fixObject(own, fixes).object as Json).automountServiceAccountToken === false;
    if (wasOff || (!hasRights && (plan && named.length === 0 ? !isSaid : isOff))) {
      set(TOKEN_CONTROL, automount, false, wasOff ? undefined : mayNeedOf(automount, () => undefined));
    } else if (hasRights) {
      set(TOKEN_CONTROL, automount, false);
      const token = mountedToken(spec, [...place, 'spec']);
      changes.push(...token.mounts.map(({ place: mounts, list }) => (
        { control: TOKEN_CONTROL, place: [...mounts, list.length - 1], after: list.at(-1) }
      )));
      draft = draft.with([
        ...token.mounts.map(({ place: mounts, list }) => ({ op: 'set' as const, place: mounts, value: list })),
        ...token.mounts.length === 0 ? [] : [{ op: 'set' as const, place: [...place, 'spec', 'volumes'], value: token.volumes }],
      ]);
    }
  }
  return { json: draft.object, changes, left };
}

/** Why a workload has no account of its own; undefined where it has one. */
function whyNone(json: Json, construct: IConstruct, account: string, namespaceName: string | undefined, tree: HardeningTree): string | undefined {
  const resource = resourceOf(json, construct);
  const others = tree.usersOf(namespaceName, account).filter((each) => each.resource !== resource && !planOf(each.construct, each.json, account));
  if (account !== 'default' && others.length === 0) {
    return undefined;
  }
  const shared = others.length === 0 ? 'It uses the service account default' : `It shares the service account ${account} with ${others.map((each) => each.resource).join(', ')}`;
  const named = tree.namedBy(namespaceName, account);
  return named.length > 0
    ? `${shared}, which ${named.join(', ')} ${named.length === 1 ? 'names' : 'name'}: decide what the program needs, and give it an account with that.`
    : `${shared}, and came after hardening was called, which makes accounts for what is there: call it later, or name an account of its own.`;
}

function needsAccount(maker: PodMaker, tree: HardeningTree): boolean {
  if (maker.account === 'default') {
    return true;
  }
  const sharers = tree.usersOf(maker.namespaceName, maker.account);
  // One may keep it: the one that it is named after.
  return sharers.length > 1 && sharers.find(({ json }) => nameOf(json) === maker.account) !== maker;
}

function freeName({ json }: PodMaker, isTaken: (name: string) => boolean): string {
  const name = nameOf(json).replace(/-$/, '');
  const names = [name, `${name}-${String(json.kind).toLowerCase()}`];
  for (let n = 2; ; n++) {
    const free = names.find((each) => !isTaken(each));
    if (free !== undefined) {
      return free;
    }
    names.splice(0, 2, `${name}-${n}`);
  }
}

function madeAccount({ construct, namespaceName, account }: PodMaker, name: string, tree: HardeningTree): ApiObject {
  const { imagePullSecrets } = tree.find('ServiceAccount', namespaceName, account)?.json ?? {} as Json;
  const scope = construct.node.scope as Construct;
  const base = `ServiceAccount-${[...namespaceName === undefined ? [] : [namespaceName], name].join('-')}`;
  const made = new ApiObject(scope, freeId(scope, base), {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, ...(namespaceName !== undefined && { namespace: namespaceName }) },
    automountServiceAccountToken: false,
    ...(Array.isArray(imagePullSecrets) && { imagePullSecrets }),
  } as ConstructorParameters<typeof ApiObject>[2]);
  const home = namespaceName === undefined ? undefined : tree.find('Namespace', undefined, namespaceName);
  if (home?.construct === construct) {
    made.node.addDependency(construct);
    return made;
  }
  if (home && home.construct.node.scope === scope) {
    made.node.addDependency(home.construct);
  }
  construct.node.addDependency(made);
  return made;
}

/** The first of `base`, `base-2`, … that no child of a construct has. */
export function freeId(scope: IConstruct, base: string): string {
  let id = base;
  for (let n = 2; scope.node.tryFindChild(id); n++) {
    id = `${base}-${n}`;
  }
  return id;
}

/** The lists of volumes and mounts with the token that the program would get by itself: bound to its pod, where client libraries look for it. */
function mountedToken(spec: Json, place: Place): { volumes: Json[]; mounts: { place: Place; list: Json[] }[] } {
  const volumes = Array.isArray(spec.volumes) ? spec.volumes as Json[] : [];
  const name = freeVolumeName('kube-api-access', volumes);
  const mounts = ['initContainers', 'containers'].flatMap((list) => (Array.isArray(spec[list]) ? spec[list] as Json[] : []).flatMap((container, i) => {
    const present = Array.isArray(container.volumeMounts) ? container.volumeMounts as Json[] : [];
    return present.some(({ mountPath }) => mountPath === API_DIRECTORY) ? [] : [{
      place: [...place, list, i, 'volumeMounts'], list: [...present, { mountPath: API_DIRECTORY, name, readOnly: true }],
    }];
  }));
  // Readable by any user, as where the API server mounts it by itself.
  const projected = {
    defaultMode: 0o644,
    sources: [
      { serviceAccountToken: { expirationSeconds: 3600, path: 'token' } },
      { configMap: { items: [{ key: 'ca.crt', path: 'ca.crt' }], name: 'kube-root-ca.crt' } },
      { downwardAPI: { items: [{ fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' }, path: 'namespace' }] } },
    ],
  };
  return { volumes: [...volumes, { name, projected }], mounts };
}

/** The first of `base`, `base-2`, … that no volume has. */
export function freeVolumeName(base: string, volumes: readonly unknown[]): string {
  const names = volumes.map((volume) => (isObject(volume) ? volume.name : undefined));
  let name = base;
  for (let n = 2; names.includes(name); n++) {
    name = `${base}-${n}`;
  }
  return name;
}

function plansOf(construct: IConstruct): Plans {
  const root = construct.node.root as IConstruct & { [PLANS]?: Plans };
  if (!root[PLANS]) {
    Object.defineProperty(root, PLANS, { value: new Map(), enumerable: false });
  }
  return root[PLANS]!;
}

function planOf(construct: IConstruct, json: Json, account: string): Plan | undefined {
  return plansOf(construct).get(construct)?.get(planKey(json, account));
}

function planKey(json: Json, account: string): string {
  return `${String(json.kind)}/${nameOf(json)}/${account}`;
}

function isForeign(construct: IConstruct): boolean {
  return Object.getOwnPropertyDescriptor(construct, 'toJson')?.configurable === false;
}
