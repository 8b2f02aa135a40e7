import { Yaml } from 'cdk8s';
import { AdmissionPlugin } from './admission-plugin';
import { guardPolicy } from './policy-guard-render';
import { distinctControls, StaticPolicies } from './static-policies';
import { letInstallerPass, PolicyObject } from './static-policies-installer';
import { mutatingPolicy, mutatingPolicyBinding, whyNoMutation } from '../../controls/admission/mutating-policy';
import { PolicyBindingOptions, policyBinding, PolicyPhase } from '../../controls/admission/policy-binding';
import { policyObstacle, validatingPolicy } from '../../controls/admission/validating-policy';
import { AdmissionPolicies } from '../../controls/admission-policies';
import { Control } from '../../controls/control';
import { ControlPack } from '../../controls/pack';
import { BoundControls, policyInputs, policyScope } from '../../controls/policy-scope';
import { effectiveControls } from '../../controls/superseding';
import { ALL_TEMPLATES } from '../../controls/template-kinds';
import { invalid } from '../../core/errors';
import { NodeFileKind } from '../../core/node-file';
import { NodeRole } from '../../nodes/node-role';
import { has, since } from '../availability';
import { ApiServerParts } from '../component/api-server-parts';
import { STATIC_POLICIES } from '../paths';
import { ADMIN_GROUP, KUBEADM_ADMIN_GROUP } from '../pki/cluster-pki';

/** The API server, and the nodes that hold its files. */
export interface StaticPoliciesPlace extends Pick<ApiServerParts, 'at' | 'profile'> {
  readonly nodes: NodeRole;
  /**
   * Group of the administrators whom the installer gives their rights.
   * @default - kubeadm's
   */
  readonly administrators?: string;
}

/** What the API takes from files alone, and refuses itself. */
const SUFFIX = '.static.k8s.io';
const PROPERTY = 'admission.staticPolicies';

/**
 * Puts the files in place, and returns the plugins that read them. All of one plugin's policies lie in one file, so that the API server, which
 * rereads the folder, takes a change as a whole, and nothing stays behind that is no more.
 *
 * @throws before Kubernetes 1.37, or if no control has a policy
 */
export function addStaticPolicies(policies: StaticPolicies | undefined, place: StaticPoliciesPlace): AdmissionPlugin[] {
  if (policies === undefined) {
    return [];
  }
  const { at, profile: { kubernetesVersion: version }, nodes } = place;
  if (!has(version, 'policies from files')) {
    throw invalid({
      at, property: PROPERTY, got: `Kubernetes ${version}`, allowed: `Kubernetes ${since('policies from files')} or newer: before, policies from files are alpha or not there`,
      fix: 'Leave it out: AdmissionPolicies in the API refuse the same, for as long as nobody removes them.',
    });
  }
  checkGuard(policies, place);
  const stated = policies._packs && fromPacks(policies, policies._packs, place);
  const bound = () => stated ?? fromTree(place);
  const files = [
    { kind: 'Validating', folder: STATIC_POLICIES.validating, documents: () => [...guardPolicy(policies._guard), ...validating(bound(), place)] },
    ...(policies._mutate ? [{ kind: 'Mutating', folder: STATIC_POLICIES.mutating, documents: () => mutating(bound(), place) }] : []),
  ];
  return files.map(({ kind, folder, documents }) => {
    // Without the tree, what is wrong with the packs shows here.
    if (stated) {
      documents();
    }
    const text = unlessSame(() => [...policyInputs(at), ...AdmissionPolicies._all(at.node.root)], () => Yaml.stringify(...documents()));
    nodes._addLateFile({ path: `${folder}/policies.yaml`, kind: NodeFileKind.RESTRICTED }, text);
    return {
      name: `${kind}AdmissionPolicy`,
      configuration: {
        apiVersion: 'apiserver.config.k8s.io/v1', kind: `${kind}AdmissionPolicyConfiguration`, staticManifestsDir: folder,
      },
    };
  });
}

/** The administrators' group has another name with each installer; nobody would be a member of the other's. */
function checkGuard({ _guard: guard }: StaticPolicies, { at, administrators = KUBEADM_ADMIN_GROUP }: StaticPoliciesPlace): void {
  const foreign = guard._groups.find((group) => [ADMIN_GROUP, KUBEADM_ADMIN_GROUP].includes(group) && group !== administrators);
  if (foreign !== undefined) {
    throw invalid({
      at, property: `${PROPERTY}.guard.groups`, got: foreign, allowed: `groups that somebody is a member of: ${administrators} are the administrators of this control plane`,
      fix: `Name ${administrators}: ${foreign} are those of another installer, and nobody could change the policies in the API.`,
    });
  }
}

/** Each control is bound once, whatever packs it is in. */
function fromPacks(policies: StaticPolicies, packs: readonly ControlPack[], { at, profile }: StaticPoliciesPlace): BoundControls[] {
  const all = distinctControls(packs.flatMap(({ controls }) => controls), at);
  const { kubernetesVersion: version } = profile;
  const controls = effectiveControls(all, version).filter((control) => policyObstacle(control, version) === undefined);
  const excludedNamespaces = [...new Set([...profile.systemNamespaces, ...policies._excludedNamespaces])].sort();
  if (controls.length === 0) {
    throw invalid({
      at, property: `${PROPERTY}.packs`, got: packs.map(({ name }) => name), allowed: 'packs with a control that has a policy in this cluster',
      fix: 'Choose another pack.',
    });
  }
  return packs.map((pack, i) => ({
    controls: controls.filter((control) => packs.findIndex((each) => each.controls.some(({ id }) => id === control.id)) === i),
    templates: ALL_TEMPLATES,
    binding: { phase: PolicyPhase.DENY, suffix: pack.name, excludedNamespaces },
  }));
}

/** What the app's own policies deny. */
function fromTree({ at }: StaticPoliciesPlace): BoundControls[] {
  const denied = AdmissionPolicies._all(at.node.root).flatMap(({ _denied }) => _denied ?? []);
  if (denied.length === 0) {
    throw invalid({
      at, property: `${PROPERTY}.packs`, allowed: 'packs, or AdmissionPolicies in PolicyPhase.DENY in this app', fix: 'Name the packs, for instance [ControlPack.pssBaseline()].',
    });
  }
  return denied;
}

function validating(bound: readonly BoundControls[], place: StaticPoliciesPlace): PolicyObject[] {
  const { at, profile: { kubernetesVersion: version }, administrators = KUBEADM_ADMIN_GROUP } = place;
  return distinctControls(bound.flatMap(({ controls }) => controls), at).flatMap((control) => [
    letInstallerPass(control, version, fromFile(validatingPolicy(control, { version, ...scopeOf(control, bound, at) })), administrators),
    ...bindings(control, bound, (options) => policyBinding(control, options)),
  ]);
}

function mutating(bound: readonly BoundControls[], { at, profile: { kubernetesVersion: version } }: StaticPoliciesPlace): PolicyObject[] {
  const controls = distinctControls(bound.flatMap((each) => each.controls), at).filter((control) => whyNoMutation(control, version) === undefined);
  if (controls.length === 0) {
    throw invalid({ at, property: `${PROPERTY}.mutate`, got: true, allowed: 'false: none of the controls has a fix for Pods as they are created', fix: 'Leave it out.' });
  }
  return controls.flatMap((control) => [
    fromFile(mutatingPolicy(control, { version, ...scopeOf(control, bound, at) })!),
    ...bindings(control, bound, (options) => mutatingPolicyBinding(control, options)),
  ]);
}

/** All kinds that any of the sets looks at. */
function scopeOf(control: Control, bound: readonly BoundControls[], at: StaticPoliciesPlace['at']): ReturnType<typeof policyScope> {
  return policyScope(at, control, [...new Set(bound.filter(({ controls }) => hasControl(controls, control)).flatMap(({ templates }) => templates))]);
}

function bindings(control: Control, bound: readonly BoundControls[], make: (options: PolicyBindingOptions) => object): PolicyObject[] {
  return bound.filter(({ controls }) => hasControl(controls, control)).map(({ binding }) => {
    const json = fromFile(make(binding));
    return { ...json, spec: { ...json.spec, policyName: `${json.spec.policyName}${SUFFIX}` } };
  });
}

function hasControl(controls: readonly Control[], control: Control): boolean {
  return controls.some(({ id }) => id === control.id);
}

function fromFile(json: object): PolicyObject {
  const object = json as PolicyObject;
  return { ...object, metadata: { ...object.metadata, name: `${object.metadata.name}${SUFFIX}` } };
}

/** Makes a text anew only when something that it depends on is another: files are read several times in one synth. */
function unlessSame(inputs: () => unknown[], make: () => string): () => string {
  let last: { inputs: unknown[]; text: string } | undefined;
  return () => {
    const now = inputs();
    if (last?.inputs.length !== now.length || now.some((each, i) => each !== last?.inputs[i])) {
      last = { inputs: now, text: make() };
    }
    return last.text;
  };
}
