import { ApiObject, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { containerdScript } from './containerd-script';
import { SandboxHandler, SandboxOverhead } from './sandbox-handler';
import { ClusterProfile } from '../core/cluster-profile';
import { Distribution } from '../core/distribution';
import { checkDnsDomain } from '../core/dns-name';
import { invalid } from '../core/errors';
import { checkProps, KnownProps } from '../core/known-props';
import { checkList } from '../core/list';
import { checkMadeBy } from '../core/made-by';
import { INodeRole } from '../core/node-contributions';
import { NodeFileKind } from '../core/node-file';
import { NodeKind } from '../core/node-kind';
import { checkNodePool, NodePool, WrittenToleration } from '../core/node-pool';
import { cpuText, mebibytesOf, millisOf, sizeText } from '../core/quantities';

/** A kernel of their own for pods, by name of its RuntimeClass. */
export interface ISandboxRuntime {
  /** Name of the RuntimeClass. */
  readonly runtimeClassName: string;
  /**
   * Labels of the nodes that have it, as far as they are known here.
   * @default - not known
   */
  readonly nodeLabels?: Record<string, string>;
  /**
   * What a pod costs besides its containers, as far as it is known here. It counts towards the quota of the namespace.
   * @default - not known
   */
  readonly overhead?: SandboxOverhead;
}

/** What starts pods in a sandbox, and where. */
export interface SandboxRuntimeProps {
  /** The runtime. It can't be changed once it is applied: give the RuntimeClass another name. */
  readonly handler: SandboxHandler;
  /**
   * Name of the RuntimeClass, one a cluster.
   * @default - the construct's id
   */
  readonly name?: string;
  /**
   * The nodes that have the runtime: pods are placed there and tolerate their taints.
   * @default - all nodes have it
   */
  readonly nodePool?: NodePool;
  /**
   * What a pod costs its node besides its containers. The scheduler and quotas count it.
   * @default - that of the handler
   */
  readonly overhead?: SandboxOverhead;
  /**
   * The machines whose containerd is told of the runtime. The runtime's own programs have to be in their image: a node without them is not set up,
   * and says so.
   * @default - none: the nodes know it already
   */
  readonly roles?: INodeRole[];
}

const PROPS: KnownProps<SandboxRuntimeProps> = { handler: true, name: true, nodePool: true, overhead: true, roles: true };

const OVERHEAD: KnownProps<SandboxOverhead> = { cpu: true, memory: true };

/** Why this library doesn't write the configuration of containerd elsewhere. */
const OTHERS: Partial<Record<Distribution, string>> = {
  [Distribution.TALOS]: 'Talos brings runtimes as system extensions',
  [Distribution.RKE2]: 'RKE2 writes the configuration of its containerd from /var/lib/rancher/rke2/agent/etc/containerd/config.toml.tmpl at each start',
  [Distribution.K3S]: 'k3s writes the configuration of its containerd from /var/lib/rancher/k3s/agent/etc/containerd/config.toml.tmpl at each start',
  [Distribution.OPENSHIFT]: 'OpenShift runs CRI-O, and its sandboxed containers operator sets it up',
  [Distribution.EKS]: 'EKS nodes write the configuration of their containerd at each start, from the NodeConfig in their user data',
  [Distribution.GKE]: 'GKE sets up the nodes of a pool with sandbox',
  [Distribution.AKS]: 'AKS sets up the nodes of a pool with pod sandboxing',
};

/**
 * A sandbox that gives each pod a kernel of its own, for programs that may turn against their node: a RuntimeClass, and what the machines need to
 * know of it. Workloads take it by `runtime`.
 *
 * Sources: NSA 1.2 ("Pod security enforcement", sandboxed runtimes); Kubernetes documentation "Runtime Class".
 *
 * @throws if the name is malformed, or machines are named that don't run pods, or whose containerd something else configures
 */
export class SandboxRuntime extends Construct implements ISandboxRuntime {
  /**
   * One that the cluster has, such as `gvisor` on GKE or `kata-vm-isolation` on AKS.
   * @throws if the name is malformed
   */
  public static existing(runtimeClassName: string): ISandboxRuntime {
    return { runtimeClassName: checkDnsDomain(runtimeClassName, 'runtimeClassName', 'SandboxRuntime.existing') };
  }

  /** Name of the RuntimeClass. */
  public readonly runtimeClassName: string;
  /** Labels of the nodes that have it. */
  public readonly nodeLabels?: Record<string, string>;
  /** What a pod costs besides its containers. */
  public readonly overhead?: SandboxOverhead;
  /** The RuntimeClass. */
  public readonly resource: ApiObject;

  constructor(scope: Construct, id: string, props: SandboxRuntimeProps) {
    super(scope, id);
    checkProps(props, PROPS, { at: this });
    const handler = checkMadeBy('SandboxHandler', props.handler, { at: this, property: 'handler', fix: 'Take, for instance, SandboxHandler.gvisor().' });
    this.runtimeClassName = checkDnsDomain(props.name ?? id, 'name', this);
    const pool = checkNodePool(props.nodePool, 'nodePool', this);
    this.nodeLabels = pool?.labels;
    this.overhead = props.overhead ?? handler.overhead;
    const podFixed = this.podFixed(this.overhead);
    const roles = this.checkRoles(props.roles ?? []);

    roles.forEach((role) => addHandler(role, handler));
    this.resource = new ApiObject(this, 'Resource', {
      apiVersion: 'node.k8s.io/v1',
      kind: 'RuntimeClass',
      metadata: { name: this.runtimeClassName },
      handler: handler.name,
      ...(Object.keys(podFixed).length > 0 && { overhead: { podFixed } }),
      ...(pool && { scheduling: schedulingOf(pool.labels, pool._tolerations) }),
    });
    if (this.resource.metadata.namespace !== undefined) {
      // cdk8s puts a chart's namespace into every object of it.
      this.resource.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
    }
  }

  private podFixed(overhead: SandboxOverhead = {}): Record<string, string> {
    const { cpu, memory } = checkProps(overhead, OVERHEAD, { at: this, property: 'overhead' });
    return {
      ...(cpu !== undefined && { cpu: cpuText(millisOf(cpu, 'overhead.cpu', this)) }),
      ...(memory !== undefined && { memory: sizeText(mebibytesOf(memory, 'overhead.memory', this)) }),
    };
  }

  private checkRoles(given: INodeRole[]): INodeRole[] {
    const roles = checkList(given, 'roles', 'node roles', this);
    const { distribution } = ClusterProfile.of(this);
    if (roles.length > 0 && OTHERS[distribution] !== undefined) {
      throw invalid({
        at: this, property: 'roles', got: roles.map(({ roleName }) => roleName), allowed: `none on ${distribution}: ${OTHERS[distribution]}`,
        fix: 'Set up the runtime there, and leave roles out.',
      });
    }
    roles.forEach((role, i) => {
      if (role.kind !== NodeKind.WORKER && role.kind !== NodeKind.CONTROL_PLANE) {
        throw invalid({ at: this, property: `roles[${i}]`, got: `${role.roleName}, a ${role.kind}`, allowed: 'roles whose machines run pods', fix: 'Name the workers.' });
      }
      if (roles.indexOf(role) !== i) {
        throw invalid({ at: this, property: `roles[${i}]`, got: role.roleName, allowed: 'each role once', fix: 'Name it once.' });
      }
      if (role.node.root !== this.node.root) {
        throw invalid({ at: this, property: `roles[${i}]`, got: role.node.path, allowed: 'roles of the same app', fix: 'Make the runtime in the app of its nodes.' });
      }
    });
    return roles;
  }
}

function schedulingOf(nodeSelector: Record<string, string>, tolerations: WrittenToleration[]): object {
  return { nodeSelector, ...(tolerations.length > 0 && { tolerations }) };
}

function addHandler(role: INodeRole, handler: SandboxHandler): void {
  const path = `/usr/local/sbin/containerd-handler-${handler.name}`;
  role.addFile({ path, content: containerdScript(handler._options), kind: NodeFileKind.EXECUTABLE, mode: '0700' });
  role.addCommand(path);
}
