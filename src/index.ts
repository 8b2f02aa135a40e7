// Words that every layer speaks.
export { Cidr, IpFamily } from './core/cidr';
export { Cloud } from './core/cloud';
export { ClusterDns } from './core/cluster-dns';
export { ClusterProfile, ClusterProfileProps } from './core/cluster-profile';
export { Cni, CniProps } from './core/cni';
export { Distribution } from './core/distribution';
export { Finding, SourceLine } from './core/finding';
export { ImageMirror, ImageMirrorProps } from './core/image-mirror';
export { KubernetesVersion, SupportState } from './core/kubernetes-version';
export { INodeRole } from './core/node-contributions';
export { NodeFile, NodeFileKind, NodeFileProps } from './core/node-file';
export { NodeKind } from './core/node-kind';
export { NodePool, NodePoolOptions, NodeTaint } from './core/node-pool';
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
export { ReviewedException } from './controls/waivers/reviewed-exception';
export { Waiver } from './controls/waivers/waiver';

// Namespaces, workloads and what they connect to.
export { Connections, ConnectionsProps, IConnectable } from './network/connections';
export { NetworkPeer } from './network/network-peer';
export { ImageProfile, ImageProfileProps } from './supply-chain/image-profile';
export { KataHypervisor, SandboxHandler, SandboxHandlerOptions, SandboxOverhead } from './runtime/sandbox-handler';
export { ISandboxRuntime, SandboxRuntime, SandboxRuntimeProps } from './runtime/sandbox-runtime';
export { AutoscalingOptions } from './workloads/exposure/autoscaling';
export { ServiceAccountTokenOptions } from './workloads/volumes/bound-tokens';
export { ContainerLimits } from './workloads/namespace/container-limits';
export { DisruptionBudgetOptions } from './workloads/exposure/disruption-budget';
export { PathMatch } from './workloads/exposure/exposure';
export { GatewayExposure, GatewayListener, GatewayRouteKind } from './workloads/exposure/gateway-exposure';
export { HardenedNamespace, HardenedNamespaceProps } from './workloads/hardened-namespace';
export { HardenedChange, Hardening, HardeningRemainder } from './workloads/hardening';
export { HardeningOptions } from './workloads/hardening/hardening-options';
export { HostPathMount, HostPathType } from './workloads/volumes/host-path';
export { IngressExposure } from './workloads/exposure/ingress-exposure';
export { InitContainer } from './workloads/pod/init-container';
export { JobOptions, JobSchedule } from './workloads/job-options';
export { NamespaceQuota } from './workloads/namespace/namespace-limits';
export { InterimPodSecurity, PodSecurityRollout } from './workloads/namespace/pod-security-rollout';
export { Privilege } from './workloads/access/privilege';
export { SecretKey } from './workloads/pod/secret-key';
export { Placement, PlacementPeer } from './workloads/pod/placement';
export { SecureWorkload } from './workloads/secure-workload';
export { SecureWorkloadProps, WorkloadKind } from './workloads/secure-workload-props';
export { AppArmorProfile, SeccompProfile, SeLinuxOptions, SeLinuxType } from './workloads/pod/security-profiles';
export { PreStop } from './workloads/pod/termination';
export { GrantOptions } from './workloads/access/workload-grants';
export { AzureIdentityOptions, GkeIdentityOptions, WorkloadIdentity } from './workloads/access/workload-identity';
export { ConfigFiles, EphemeralMedium, EphemeralPath, PersistentPath, SecretFiles, VolumeAccess } from './workloads/volumes/workload-volumes';

// Machines and what is on them.
export { CloudInitRendererProps, NodeRenderer } from './nodes/node-renderer';
export { NodeRole, NodeRoleProps } from './nodes/node-role';
export { OperatingSystem } from './nodes/operating-system';
export { SshHardening, SshHardeningProps } from './nodes/ssh-hardening';

// The control plane.
export { Admission, AdmissionProps } from './control-plane/admission/admission';
export { EventLimit, EventRateLimits } from './control-plane/admission/event-rate-limits';
export { ImagePolicyWebhook } from './control-plane/admission/image-policy-webhook';
export { PodNodeSelectors } from './control-plane/admission/pod-node-selectors';
export { PodSecurityDefaults, PodSecurityStandard } from './control-plane/admission/pod-security-defaults';
export { PolicyGuard, PolicyGuardProps } from './control-plane/admission/policy-guard';
export { StaticPolicies, StaticPoliciesProps } from './control-plane/admission/static-policies';
export { AuditDecision, AuditRecordStage } from './control-plane/audit/audit-decision';
export { AuditLogOptions } from './control-plane/audit/audit-log-options';
export { AuditPolicy, AuditPolicyProps } from './control-plane/audit/audit-policy';
export { AuditRequest } from './control-plane/audit/audit-request';
export { AuditLevel, AuditResources, AuditRule, AuditStage } from './control-plane/audit/audit-rule';
export { AuditWebhook } from './control-plane/audit/audit-webhook';
export { AuditWebhookProps } from './control-plane/audit/audit-webhook-props';
export { Authentication, AuthenticationProps } from './control-plane/authentication/authentication';
export { Authorization, AuthorizationProps } from './control-plane/authorization/authorization';
export { AuthorizationWebhook } from './control-plane/authorization/authorization-webhook';
export { ControlPlane, ControlPlaneProps } from './control-plane/control-plane';
export { SecretsEncryption } from './control-plane/encryption/encryption';
export { KeyRotation, KmsPlugin, KmsV2Options, LocalKeyOptions, SecretsEncryptionOptions } from './control-plane/encryption/encryption-options';
export { EtcdMember, EtcdTlsConfig, EtcdTlsConfigProps } from './control-plane/etcd/etcd-tls-config';
export { KubeProxyConfig, KubeProxyConfigProps, KubeProxyMode } from './control-plane/kubelet/kube-proxy-config';
export { KubeletConfig, KubeletConfigProps } from './control-plane/kubelet/kubelet-config';
export { EvictionThresholds, ImagePullVerification, KubeletServingCertificates, ReservedResources } from './control-plane/kubelet/kubelet-options';
export { TlsVersion } from './control-plane/etcd/tls-version';
export { OidcIssuer, TokenExtra, TokenRule } from './control-plane/authentication/oidc-issuer';
export { CertificateOptions, ControlPlaneNode } from './control-plane/pki/certificate-options';
export { ExtendedKeyUsage, KeyAlgorithm, PkiCertificate, PkiKeyPair, PkiMaker } from './control-plane/pki/pki-certificate';
export { PkiPlan, PkiPlanProps } from './control-plane/pki/pki-plan';
export { ControlPlaneImages } from './control-plane/static-pods/control-plane-images';
export { ControlPlaneInstaller } from './control-plane/static-pods/control-plane-installer';
export { TokenClaim } from './control-plane/authentication/token-claim';

// The app.
export { HardenedApp, HardenedAppProps } from './app/hardened-app';
export { HardenedTesting } from './app/hardened-testing';

// Where the cdk8s command line meets it.
export { HardenedValidation, HardenedValidationProps } from './cli/hardened-validation';

// The cloud around it. Compiled to a lazy getter: cdktf is an optional peer and is loaded with the first use.
export * as terraform from './terraform';
