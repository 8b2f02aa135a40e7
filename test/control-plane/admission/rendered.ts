import { App } from 'cdk8s';
import { Construct } from 'constructs';
import { parse } from 'yaml';
import { Admission } from '../../../src/control-plane/admission/admission';
import { AdmissionPlugin } from '../../../src/control-plane/admission/admission-plugin';
import { addAdmission } from '../../../src/control-plane/admission/admission-render';
import { ImagePolicyWebhook } from '../../../src/control-plane/admission/image-policy-webhook';
import { ComponentFlags } from '../../../src/control-plane/component/component-flags';
import { StaticPodMount, StaticPodMounts } from '../../../src/control-plane/component/static-pod-mounts';
import { ClusterProfile, ClusterProfileProps } from '../../../src/core/cluster-profile';
import { KubernetesVersion } from '../../../src/core/kubernetes-version';
import { NodeFileProps } from '../../../src/core/node-file';
import { CERTIFICATE } from '../authentication/certificate';

export const CONFIG = '/etc/kubernetes/admission/config.yaml';
export const WEBHOOK: ImagePolicyWebhook = {
  server: 'https://images.internal:8443/review',
  certificateAuthority: CERTIFICATE,
  clientCertificatePath: '/etc/kubernetes/pki/images.crt',
  clientKeyPath: '/etc/kubernetes/pki/images.key',
};

export interface Rendered {
  readonly flags: Record<string, string>;
  readonly enabled: string[];
  readonly mounts: StaticPodMount[];
  readonly files: NodeFileProps[];
  /** The file, parsed. */
  readonly config: any;
  /** A plugin's configuration. */
  readonly of: (plugin: string) => any;
}

/** What becomes of a statement. */
export function rendered(admission = new Admission(), profile: Partial<ClusterProfileProps> = {}, further: AdmissionPlugin[] = []): Rendered {
  const at = new Construct(new App(), 'kubernetes');
  const flags = new ComponentFlags('kube-apiserver', at.node.path);
  const mounts = new StaticPodMounts('kube-apiserver', at.node.path);
  const cluster = new ClusterProfile({ name: 'prod', kubernetesVersion: KubernetesVersion.V1_36, ...profile });
  const files = addAdmission(admission, { at, profile: cluster, flags, mounts }, further);
  const all = Object.fromEntries(flags.all.map(({ name, value }) => [name, value]));
  const config = parse(files.find(({ path }) => path === CONFIG)!.content);
  return {
    flags: all,
    enabled: all['enable-admission-plugins'].split(','),
    mounts: mounts.all,
    files,
    config,
    of: (plugin) => config.plugins.find(({ name }: any) => name === plugin)?.configuration,
  };
}
