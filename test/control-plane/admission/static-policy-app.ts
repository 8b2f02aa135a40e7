import { IConstruct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import { HardenedApp, HardenedAppProps } from '../../../src/app/hardened-app';
import { Admission } from '../../../src/control-plane/admission/admission';
import { addAdmission } from '../../../src/control-plane/admission/admission-render';
import { PolicyGuard } from '../../../src/control-plane/admission/policy-guard';
import { StaticPolicies, StaticPoliciesProps } from '../../../src/control-plane/admission/static-policies';
import { addStaticPolicies } from '../../../src/control-plane/admission/static-policies-render';
import { ComponentFlags } from '../../../src/control-plane/component/component-flags';
import { StaticPodMounts } from '../../../src/control-plane/component/static-pod-mounts';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeKind } from '../../../src/core/node-kind';
import { NodeRole } from '../../../src/nodes/node-role';

export const DEPLOYER = 'system:serviceaccount:flux-system:kustomize-controller';
export const GUARD = new PolicyGuard({ users: [DEPLOYER] });
export const VALIDATING = '/etc/kubernetes/admission/validating/policies.yaml';
export const MUTATING = '/etc/kubernetes/admission/mutating/policies.yaml';

export interface StaticPolicyApp {
  readonly app: HardenedApp;
  readonly nodes: NodeRole;
  /** The objects in a file of the nodes; undefined where there is none. */
  readonly documents: (path: string) => any[] | undefined;
  readonly enabledPlugins: () => string[];
}

/** An app of Kubernetes 1.37 whose nodes have the files, or none with null; `content` is what it holds besides, made before or after them. */
export function staticPolicyApp(
  props: Partial<StaticPoliciesProps> | null = {},
  options: { profile?: Partial<ClusterProfileProps>; app?: HardenedAppProps; content?: (app: HardenedApp) => void; first?: boolean } = {},
): StaticPolicyApp {
  const cluster = new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.V1_37, ...options.profile });
  const app = new HardenedApp({ cluster, date: '2026-11-21', quiet: true, ...options.app });
  if (options.first) {
    options.content?.(app);
  }
  const nodes = new NodeRole(app, 'control-plane', { kind: NodeKind.CONTROL_PLANE });
  const flags = addTo(nodes, props ? new StaticPolicies({ guard: GUARD, ...props }) : undefined);
  if (!options.first) {
    options.content?.(app);
  }
  const documents = (path: string) => {
    const file = nodes.files.find((each) => each.path === path);
    return file && parseAllDocuments(file.content).map((document) => document.toJS());
  };
  const enabledPlugins = () => flags.all.find(({ name }) => name === 'enable-admission-plugins')!.value.split(',');
  return { app, nodes, documents, enabledPlugins };
}

/** What `ControlPlane` does with the value. */
function addTo(nodes: NodeRole, staticPolicies: StaticPolicies | undefined): ComponentFlags {
  const at: IConstruct = nodes;
  const flags = new ComponentFlags('kube-apiserver', at.node.path);
  const parts = { at, profile: ClusterProfile.of(nodes), flags, mounts: new StaticPodMounts('kube-apiserver', at.node.path) };
  const admission = new Admission({ staticPolicies });
  addAdmission(admission, parts, addStaticPolicies(admission._staticPolicies, { ...parts, nodes })).forEach((file) => nodes.addFile(file));
  return flags;
}
