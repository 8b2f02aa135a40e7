// Words that every layer speaks.
export { Cidr, IpFamily } from './core/cidr';
export { Cloud } from './core/cloud';
export { ClusterDns } from './core/cluster-dns';
export { ClusterProfile, ClusterProfileProps } from './core/cluster-profile';
export { Cni, CniProps } from './core/cni';
export { Distribution } from './core/distribution';
export { Finding, SourceLine } from './core/finding';
export { KubernetesVersion, SupportState } from './core/kubernetes-version';
export { NodeFile, NodeFileKind, NodeFileProps } from './core/node-file';
export { NodeKind } from './core/node-kind';
export { PodSelection } from './core/pod-selection';
export { Port, TransportProtocol } from './core/port';
export { PortMatrix, PortMatrixProps, PortRule, PortSource } from './core/port-matrix';
export { Reference, Standard } from './core/reference';
export { Severity } from './core/severity';

// Controls: declared once; checked at synth, fixed, and enforced in the cluster.
export { PolicyPhase } from './controls/admission/policy-binding';
export { AdmissionPolicies, AdmissionPoliciesProps } from './controls/admission-policies';
export { AppliesTo, ResourceKind } from './controls/applies-to';
export { ConfigurableControls } from './controls/configurable-controls';
export { PlatformIdentities } from './controls/configurable/platform-identities';
export { ActsAt, Control, ControlExample, ControlLayer, ControlProps } from './controls/control';
export { Controls } from './controls/controls';
export { ControlPack } from './controls/pack';
export { PodTemplateKind, PodTemplateKindProps } from './controls/pod-template-kind';
export { ChangedOnlyByOptions, MatchOptions, Requirement } from './controls/requirement';
export { Waiver } from './controls/waivers/waiver';

// Namespaces, workloads and what they connect to.
export { Connections, ConnectionsProps, IConnectable } from './network/connections';
export { NetworkPeer } from './network/network-peer';
export { HardenedNamespace, HardenedNamespaceProps } from './workloads/hardened-namespace';
export { NamespaceQuota } from './workloads/namespace-limits';
export { SecureWorkload } from './workloads/secure-workload';
export { SecretKey, SecureWorkloadProps, WorkloadKind } from './workloads/secure-workload-props';
export { PersistentPath, SecretFiles } from './workloads/workload-volumes';

// Machines and what is on them.
export { CloudInitRendererProps, NodeRenderer } from './nodes/node-renderer';
export { NodeRole, NodeRoleProps } from './nodes/node-role';
export { OperatingSystem } from './nodes/operating-system';
export { SshHardening, SshHardeningProps } from './nodes/ssh-hardening';

// The control plane.
export { AuditLogOptions } from './control-plane/audit-log-options';
export { AuditPolicy, AuditPolicyProps } from './control-plane/audit-policy';
export { AuditLevel, AuditResources, AuditRule, AuditStage } from './control-plane/audit-rule';
export { ControlPlane, ControlPlaneProps } from './control-plane/control-plane';
export { EtcdMember, EtcdTlsConfig, EtcdTlsConfigProps } from './control-plane/etcd-tls-config';
export { ExtendedKeyUsage, PkiCertificate, PkiMaker, PkiPlan, PkiPlanProps } from './control-plane/pki-plan';

// The app.
export { HardenedApp, HardenedAppProps } from './app/hardened-app';

// The cloud around it. Compiled to a lazy getter: cdktf is an optional peer and is loaded with the first use.
export * as terraform from './terraform';
