import { KeyAlgorithm, PkiMaker } from './pki-certificate';
import { PkiPlan } from './pki-plan';
import { checkBoolean } from '../../core/boolean';
import { checkChoice } from '../../core/choice';
import { canonicalAddress } from '../../core/cidr';
import { checkDnsLabel } from '../../core/dns-name';
import { invalid, InvalidInput } from '../../core/errors';
import { checkProps, KnownProps } from '../../core/known-props';
import { KubernetesVersion } from '../../core/kubernetes-version';
import { checkList } from '../../core/list';
import { has, since } from '../availability';

/** A machine of the control plane. */
export interface ControlPlaneNode {
  /** The machine's short host name, a DNS label, which is also the node's name. */
  readonly name: string;
  /** The machine's address in the private network, IPv4 or IPv6. */
  readonly address: string;
}

/** Who makes the control plane's keys and certificates, and how. */
export interface CertificateOptions {
  /**
   * Whether the CAs' keys are on no machine of the cluster. The nodes make their own keys and requests with the script `cluster-pki`; certificates are
   * signed elsewhere, by the same script or by a CA that you have, and installed after a check against the plan.
   *
   * The controller manager then signs nothing: `kubeletSigner` has to.
   * @default false
   */
  readonly externalAuthority?: boolean;
  /**
   * With `externalAuthority`: the name of what signs kubelets' certificates (the signers `kubernetes.io/kube-apiserver-client-kubelet` and
   * `kubernetes.io/kubelet-serving`) with the external CA, once they are approved as in any cluster. Without one no machine can join, and kubelets stop
   * when their certificate ends. The plan names it; this library does not install it.
   * @default - none is needed: the controller manager signs them
   */
  readonly kubeletSigner?: string;
  /**
   * Algorithm of all keys.
   * @default - ECDSA-P256; RSA-2048 where a kubeadm before 1.31 makes them
   */
  readonly keyAlgorithm?: KeyAlgorithm;
  /**
   * The control-plane nodes, where etcd has machines of its own and `cluster-pki` makes the certificates. Where etcd is stacked, its members are the nodes.
   * @default - not known: kubeadm takes name and address from each machine
   */
  readonly nodes?: ControlPlaneNode[];
}

const PROPS: KnownProps<CertificateOptions> = { externalAuthority: true, kubeletSigner: true, keyAlgorithm: true, nodes: true };
const NODE_PROPS: KnownProps<ControlPlaneNode> = { name: true, address: true };

/** What else decides. */
export interface CertificateCircumstances {
  readonly at: InvalidInput['at'];
  readonly version: KubernetesVersion;
  /** Whether kubeadm installs the control plane. */
  readonly kubeadm: boolean;
  /** Whether etcd has machines of its own. */
  readonly externalEtcd: boolean;
}

/** @throws for combinations that could not work */
export function checkCertificateOptions(options: CertificateOptions, circumstances: CertificateCircumstances): CertificateOptions {
  const { at } = circumstances;
  checkProps(options, PROPS, { at, property: 'certificates' });
  const externalAuthority = checkBoolean(options.externalAuthority ?? false, 'certificates.externalAuthority', false, at);
  checkSigner({ ...options, externalAuthority }, at);
  if (options.keyAlgorithm !== undefined) {
    checkAlgorithm(checkChoice(options.keyAlgorithm, KeyAlgorithm, 'KeyAlgorithm', 'certificates.keyAlgorithm', at), options, circumstances);
  }
  const nodes = options.nodes === undefined
    ? undefined : checkNodes(checkList(options.nodes, 'certificates.nodes', 'machines', at), circumstances);
  return { ...options, externalAuthority, nodes };
}

/** The value of kubeadm's `encryptionAlgorithm`; undefined for a kubeadm that has no such field. */
export function kubeadmEncryptionAlgorithm(plan: PkiPlan, version: KubernetesVersion): string | undefined {
  return has(version, 'kubeadm v1beta4') ? plan.keyAlgorithm : undefined;
}

/** Whether the CAs' keys are on no machine of the cluster. */
export function hasExternalAuthority(plan: PkiPlan): boolean {
  return plan.authorities.some((row) => row.maker === PkiMaker.EXTERNAL_AUTHORITY);
}

function checkSigner({ externalAuthority, kubeletSigner }: CertificateOptions, at: InvalidInput['at']): void {
  if (externalAuthority && (typeof kubeletSigner !== 'string' || !/^[A-Za-z0-9][A-Za-z0-9._/-]{0,127}$/.test(kubeletSigner))) {
    throw invalid({
      at,
      property: 'certificates.kubeletSigner',
      got: kubeletSigner,
      allowed: 'the name of what signs kubelets\' certificates, with externalAuthority: at most 128 letters, digits and ._/-',
      fix: 'Run a controller that signs them with your CA and name it: the controller manager has no key to sign with, so no machine could join and none would get a new certificate.',
    });
  }
  if (!externalAuthority && kubeletSigner !== undefined) {
    throw invalid({
      at,
      property: 'certificates.kubeletSigner',
      got: kubeletSigner,
      allowed: 'nothing without externalAuthority: the controller manager signs',
      fix: 'Remove it, or set externalAuthority.',
    });
  }
}

function checkAlgorithm(got: KeyAlgorithm, options: CertificateOptions, { at, version, kubeadm }: CertificateCircumstances): void {
  const feature = got === KeyAlgorithm.ECDSA_P384 ? 'kubeadm ECDSA-P384' : 'kubeadm v1beta4';
  if (kubeadm && !options.externalAuthority && !has(version, feature)) {
    throw invalid({
      at,
      property: 'certificates.keyAlgorithm',
      got,
      allowed: `another algorithm on Kubernetes ${version}: its kubeadm can't make these keys before ${since(feature)}`,
      fix: 'Leave it out until the cluster is upgraded.',
    });
  }
}

function checkNodes(nodes: ControlPlaneNode[], { at, externalEtcd }: CertificateCircumstances): ControlPlaneNode[] {
  if (!externalEtcd) {
    throw invalid({
      at,
      property: 'certificates.nodes',
      got: nodes.map((node) => node?.name),
      allowed: 'nothing where etcd is stacked: the nodes are its members',
      fix: 'Give them as members of EtcdTlsConfig.',
    });
  }
  const checked = nodes.map((node, i) => checkNode(node, `certificates.nodes[${i}]`, at));
  for (const property of ['name', 'address'] as const) {
    const index = checked.findIndex((node, i) => checked.findIndex((other) => other[property] === node[property]) !== i);
    if (index >= 0) {
      throw invalid({
        at, property: `certificates.nodes[${index}].${property}`, got: checked[index][property], allowed: 'what no other node has', fix: 'Correct one of the two.',
      });
    }
  }
  return checked;
}

function checkNode(node: ControlPlaneNode, property: string, at: InvalidInput['at']): ControlPlaneNode {
  checkProps(node, NODE_PROPS, { at, property });
  const address = canonicalAddress(node.address);
  if (address === undefined || ['0.0.0.0', '::'].includes(address)) {
    throw invalid({
      at, property: `${property}.address`, got: node.address, allowed: 'one IP address of the machine, without port', fix: 'Give its address in the private network.',
    });
  }
  return { name: checkDnsLabel(node.name, `${property}.name`, at), address };
}
