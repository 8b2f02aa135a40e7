// Drawn by scripts/draw-api-fields.ts. Don't edit: draw it again.
// From the OpenAPI documents of Kubernetes v1.28.0, v1.29.6, v1.30.14, v1.31.14, v1.32.13, v1.33.13, v1.34.4, v1.35.4, v1.36.3, v1.37.1.

/**
 * A type a line: its name (a kind with @apiVersion), then its fields as name:type^since. Types: none string, i integer, n number, b boolean,
 * x int or string, q quantity, a any, [… array, {… map, else the name of a type. Since: the minor, where the oldest document lacks the field.
 */
export const TYPES: string = `
APIService@apiregistration.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:APIServiceSpec
APIServiceSpec caBundle group groupPriorityMinimum:i insecureSkipTLSVerify:b service:apiregistration.ServiceReference version versionPriority:i
AWSElasticBlockStoreVolumeSource fsType partition:i readOnly:b volumeID
Affinity nodeAffinity:NodeAffinity podAffinity:PodAffinity podAntiAffinity:PodAntiAffinity
AggregationRule clusterRoleSelectors:[LabelSelector
AppArmorProfile localhostProfile type
ApplyConfiguration expression
AuditAnnotation key valueExpression
AzureDiskVolumeSource cachingMode diskName diskURI fsType kind readOnly:b
AzureFilePersistentVolumeSource readOnly:b secretName secretNamespace shareName
AzureFileVolumeSource readOnly:b secretName shareName
CSIPersistentVolumeSource controllerExpandSecretRef:SecretReference controllerPublishSecretRef:SecretReference driver fsType nodeExpandSecretRef:SecretReference nodePublishSecretRef:SecretReference nodeStageSecretRef:SecretReference readOnly:b volumeAttributes:{s volumeHandle
CSIVolumeSource driver fsType nodePublishSecretRef:LocalObjectReference readOnly:b volumeAttributes:{s
Capabilities add:[s drop:[s
CephFSPersistentVolumeSource monitors:[s path readOnly:b secretFile secretRef:SecretReference user
CephFSVolumeSource monitors:[s path readOnly:b secretFile secretRef:LocalObjectReference user
CertificateSigningRequest@certificates.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:CertificateSigningRequestSpec
CertificateSigningRequestSpec expirationSeconds:i extra:{[s groups:[s request signerName uid usages:[s username
CinderPersistentVolumeSource fsType readOnly:b secretRef:SecretReference volumeID
CinderVolumeSource fsType readOnly:b secretRef:LocalObjectReference volumeID
ClientIPConfig timeoutSeconds:i
ClusterRole@rbac.authorization.k8s.io/v1 aggregationRule:AggregationRule apiVersion kind metadata:ObjectMeta rules:[PolicyRule
ClusterRoleBinding@rbac.authorization.k8s.io/v1 apiVersion kind metadata:ObjectMeta roleRef:RoleRef subjects:[Subject
ClusterTrustBundleProjection labelSelector:LabelSelector name optional:b path signerName user:i^37
ConfigMap@v1 apiVersion binaryData:{s data:{s immutable:b kind metadata:ObjectMeta
ConfigMapEnvSource name optional:b
ConfigMapKeySelector key name optional:b
ConfigMapProjection items:[KeyToPath name optional:b
ConfigMapVolumeSource defaultMode:i defaultUser:i^37 items:[KeyToPath name optional:b
Container args:[s command:[s env:[EnvVar envFrom:[EnvFromSource image imagePullPolicy lifecycle:Lifecycle livenessProbe:Probe name ports:[ContainerPort readinessProbe:Probe resizePolicy:[ContainerResizePolicy resources:ResourceRequirements restartPolicy restartPolicyRules:[ContainerRestartRule^34 securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b terminationMessagePath terminationMessagePolicy tty:b volumeDevices:[VolumeDevice volumeMounts:[VolumeMount workingDir
ContainerPort containerPort:i hostIP hostPort:i name protocol
ContainerResizePolicy resourceName restartPolicy
ContainerResourceMetricSource container name target:MetricTarget
ContainerRestartRule action exitCodes:ContainerRestartRuleOnExitCodes
ContainerRestartRuleOnExitCodes operator values:[i
CronJob@batch/v1 apiVersion kind metadata:ObjectMeta spec:CronJobSpec
CronJobSpec concurrencyPolicy failedJobsHistoryLimit:i jobTemplate:JobTemplateSpec schedule startingDeadlineSeconds:i successfulJobsHistoryLimit:i suspend:b timeZone
CrossVersionObjectReference apiVersion kind name
CustomResourceColumnDefinition description format jsonPath name priority:i type
CustomResourceConversion strategy webhook:WebhookConversion
CustomResourceDefinition@apiextensions.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:CustomResourceDefinitionSpec
CustomResourceDefinitionNames categories:[s kind listKind plural shortNames:[s singular
CustomResourceDefinitionSpec conversion:CustomResourceConversion group names:CustomResourceDefinitionNames preserveUnknownFields:b scope versions:[CustomResourceDefinitionVersion
CustomResourceDefinitionVersion additionalPrinterColumns:[CustomResourceColumnDefinition deprecated:b deprecationWarning name schema:CustomResourceValidation selectableFields:[SelectableField^30 served:b storage:b subresources:CustomResourceSubresources
CustomResourceSubresourceScale labelSelectorPath specReplicasPath statusReplicasPath
CustomResourceSubresourceStatus
CustomResourceSubresources scale:CustomResourceSubresourceScale status:CustomResourceSubresourceStatus
CustomResourceValidation openAPIV3Schema:a
DaemonSet@apps/v1 apiVersion kind metadata:ObjectMeta spec:DaemonSetSpec
DaemonSetSpec minReadySeconds:i revisionHistoryLimit:i selector:LabelSelector template:PodTemplateSpec updateStrategy:DaemonSetUpdateStrategy
DaemonSetUpdateStrategy rollingUpdate:RollingUpdateDaemonSet type
Deployment@apps/v1 apiVersion kind metadata:ObjectMeta spec:DeploymentSpec
DeploymentSpec minReadySeconds:i paused:b progressDeadlineSeconds:i replicas:i revisionHistoryLimit:i selector:LabelSelector strategy:DeploymentStrategy template:PodTemplateSpec
DeploymentStrategy rollingUpdate:RollingUpdateDeployment type
DownwardAPIProjection items:[DownwardAPIVolumeFile
DownwardAPIVolumeFile fieldRef:ObjectFieldSelector mode:i path resourceFieldRef:ResourceFieldSelector user:i^37
DownwardAPIVolumeSource defaultMode:i defaultUser:i^37 items:[DownwardAPIVolumeFile
EmptyDirVolumeSource medium mode:i^37 sizeLimit:q
Endpoint addresses:[s conditions:EndpointConditions deprecatedTopology:{s hints:EndpointHints hostname nodeName targetRef:ObjectReference zone
EndpointAddress hostname ip nodeName targetRef:ObjectReference
EndpointConditions ready:b serving:b terminating:b
EndpointHints forNodes:[ForNode^33 forZones:[ForZone
EndpointSlice@discovery.k8s.io/v1 addressType apiVersion endpoints:[Endpoint kind metadata:ObjectMeta ports:[discovery.EndpointPort
EndpointSubset addresses:[EndpointAddress notReadyAddresses:[EndpointAddress ports:[core.EndpointPort
Endpoints@v1 apiVersion kind metadata:ObjectMeta subsets:[EndpointSubset
EnvFromSource configMapRef:ConfigMapEnvSource prefix secretRef:SecretEnvSource
EnvVar name value valueFrom:EnvVarSource
EnvVarSource configMapKeyRef:ConfigMapKeySelector fieldRef:ObjectFieldSelector fileKeyRef:FileKeySelector^34 resourceFieldRef:ResourceFieldSelector secretKeyRef:SecretKeySelector
EphemeralContainer args:[s command:[s env:[EnvVar envFrom:[EnvFromSource image imagePullPolicy lifecycle:Lifecycle livenessProbe:Probe name ports:[ContainerPort readinessProbe:Probe resizePolicy:[ContainerResizePolicy resources:ResourceRequirements restartPolicy restartPolicyRules:[ContainerRestartRule^34 securityContext:SecurityContext startupProbe:Probe stdin:b stdinOnce:b targetContainerName terminationMessagePath terminationMessagePolicy tty:b volumeDevices:[VolumeDevice volumeMounts:[VolumeMount workingDir
EphemeralVolumeSource volumeClaimTemplate:PersistentVolumeClaimTemplate
EvictionResponder name priority:i
ExecAction command:[s
ExternalMetricSource metric:MetricIdentifier target:MetricTarget
FCVolumeSource fsType lun:i readOnly:b targetWWNs:[s wwids:[s
FileKeySelector key optional:b path volumeName
FlexPersistentVolumeSource driver fsType options:{s readOnly:b secretRef:SecretReference
FlexVolumeSource driver fsType options:{s readOnly:b secretRef:LocalObjectReference
FlockerVolumeSource datasetName datasetUUID
ForNode name
ForZone name
GCEPersistentDiskVolumeSource fsType partition:i pdName readOnly:b
GRPCAction mode^37 port:i service
GitRepoVolumeSource directory repository revision
GlusterfsPersistentVolumeSource endpoints endpointsNamespace path readOnly:b
GlusterfsVolumeSource endpoints path readOnly:b
HPAScalingPolicy periodSeconds:i type value:i
HPAScalingRules policies:[HPAScalingPolicy selectPolicy stabilizationWindowSeconds:i tolerance:q^33
HTTPGetAction host httpHeaders:[HTTPHeader path port:x protocol^37 scheme
HTTPHeader name value
HTTPIngressPath backend:IngressBackend path pathType
HTTPIngressRuleValue paths:[HTTPIngressPath
HorizontalPodAutoscaler@autoscaling/v2 apiVersion kind metadata:ObjectMeta spec:HorizontalPodAutoscalerSpec
HorizontalPodAutoscalerBehavior scaleDown:HPAScalingRules scaleUp:HPAScalingRules
HorizontalPodAutoscalerSpec behavior:HorizontalPodAutoscalerBehavior maxReplicas:i metrics:[MetricSpec minReplicas:i scaleTargetRef:CrossVersionObjectReference
HostAlias hostnames:[s ip
HostPathVolumeSource path type
IPBlock cidr except:[s
ISCSIPersistentVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType initiatorName iqn iscsiInterface lun:i portals:[s readOnly:b secretRef:SecretReference targetPortal
ISCSIVolumeSource chapAuthDiscovery:b chapAuthSession:b fsType initiatorName iqn iscsiInterface lun:i portals:[s readOnly:b secretRef:LocalObjectReference targetPortal
ImageVolumeSource pullPolicy reference
Ingress@networking.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:IngressSpec
IngressBackend resource:TypedLocalObjectReference service:IngressServiceBackend
IngressClass@networking.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:IngressClassSpec
IngressClassParametersReference apiGroup kind name namespace scope
IngressClassSpec controller parameters:IngressClassParametersReference
IngressRule host http:HTTPIngressRuleValue
IngressServiceBackend name port:ServiceBackendPort
IngressSpec defaultBackend:IngressBackend ingressClassName rules:[IngressRule tls:[IngressTLS
IngressTLS hosts:[s secretName
JSONPatch expression
Job@batch/v1 apiVersion kind metadata:ObjectMeta spec:JobSpec
JobSchedulingConfiguration disruptionMode:WorkloadPodGroupDisruptionMode resourceClaims:[WorkloadPodGroupResourceClaim schedulingConstraints:WorkloadPodGroupSchedulingConstraints schedulingPolicy:WorkloadPodGroupSchedulingPolicy
JobSpec activeDeadlineSeconds:i backoffLimit:i backoffLimitPerIndex:i completionMode completions:i managedBy^30 manualSelector:b maxFailedIndexes:i parallelism:i podFailurePolicy:PodFailurePolicy podReplacementPolicy scheduling:JobSchedulingConfiguration^37 selector:LabelSelector successPolicy:SuccessPolicy^30 suspend:b template:PodTemplateSpec ttlSecondsAfterFinished:i
JobTemplateSpec metadata:ObjectMeta spec:JobSpec
KeyToPath key mode:i path user:i^37
LabelSelector matchExpressions:[LabelSelectorRequirement matchLabels:{s
LabelSelectorRequirement key operator values:[s
Lifecycle postStart:LifecycleHandler preStop:LifecycleHandler stopSignal^33
LifecycleHandler exec:ExecAction httpGet:HTTPGetAction sleep:SleepAction^29 tcpSocket:TCPSocketAction
LimitRange@v1 apiVersion kind metadata:ObjectMeta spec:LimitRangeSpec
LimitRangeItem default:{q defaultRequest:{q max:{q maxLimitRequestRatio:{q min:{q type
LimitRangeSpec limits:[LimitRangeItem
LocalObjectReference name
LocalVolumeSource fsType path
ManagedFieldsEntry apiVersion fieldsType fieldsV1:a manager operation subresource time
MatchCondition expression name
MatchResources excludeResourceRules:[NamedRuleWithOperations matchPolicy namespaceSelector:LabelSelector objectSelector:LabelSelector resourceRules:[NamedRuleWithOperations
MetricIdentifier name selector:LabelSelector
MetricSpec containerResource:ContainerResourceMetricSource external:ExternalMetricSource object:ObjectMetricSource pods:PodsMetricSource resource:ResourceMetricSource type
MetricTarget averageUtilization:i averageValue:q type value:q
MutatingAdmissionPolicy@admissionregistration.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:MutatingAdmissionPolicySpec
MutatingAdmissionPolicyBinding@admissionregistration.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:MutatingAdmissionPolicyBindingSpec
MutatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName
MutatingAdmissionPolicySpec failurePolicy matchConditions:[MatchCondition matchConstraints:MatchResources mutations:[Mutation paramKind:ParamKind reinvocationPolicy variables:[Variable
MutatingWebhook admissionReviewVersions:[s clientConfig:admissionregistration.WebhookClientConfig failurePolicy matchConditions:[MatchCondition matchPolicy name namespaceSelector:LabelSelector objectSelector:LabelSelector reinvocationPolicy rules:[RuleWithOperations sideEffects timeoutSeconds:i
MutatingWebhookConfiguration@admissionregistration.k8s.io/v1 apiVersion kind metadata:ObjectMeta webhooks:[MutatingWebhook
Mutation applyConfiguration:ApplyConfiguration jsonPatch:JSONPatch patchType
NFSVolumeSource path readOnly:b server
NamedRuleWithOperations apiGroups:[s apiVersions:[s operations:[s resourceNames:[s resources:[s scope
Namespace@v1 apiVersion kind metadata:ObjectMeta spec:NamespaceSpec
NamespaceSpec finalizers:[s
NetworkPolicy@networking.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:NetworkPolicySpec
NetworkPolicyEgressRule ports:[NetworkPolicyPort to:[NetworkPolicyPeer
NetworkPolicyIngressRule from:[NetworkPolicyPeer ports:[NetworkPolicyPort
NetworkPolicyPeer ipBlock:IPBlock namespaceSelector:LabelSelector podSelector:LabelSelector
NetworkPolicyPort endPort:i port:x protocol
NetworkPolicySpec egress:[NetworkPolicyEgressRule ingress:[NetworkPolicyIngressRule podSelector:LabelSelector policyTypes:[s
NodeAffinity preferredDuringSchedulingIgnoredDuringExecution:[PreferredSchedulingTerm requiredDuringSchedulingIgnoredDuringExecution:NodeSelector
NodeSelector nodeSelectorTerms:[NodeSelectorTerm
NodeSelectorRequirement key operator values:[s
NodeSelectorTerm matchExpressions:[NodeSelectorRequirement matchFields:[NodeSelectorRequirement
ObjectFieldSelector apiVersion fieldPath
ObjectMeta annotations:{s creationTimestamp deletionGracePeriodSeconds:i deletionTimestamp finalizers:[s generateName generation:i labels:{s managedFields:[ManagedFieldsEntry name namespace ownerReferences:[OwnerReference resourceVersion selfLink uid
ObjectMetricSource describedObject:CrossVersionObjectReference metric:MetricIdentifier target:MetricTarget
ObjectReference apiVersion fieldPath kind name namespace resourceVersion uid
Overhead podFixed:{q
OwnerReference apiVersion blockOwnerDeletion:b controller:b kind name uid
ParamKind apiVersion kind
ParamRef name namespace parameterNotFoundAction selector:LabelSelector
PersistentVolume@v1 apiVersion kind metadata:ObjectMeta spec:PersistentVolumeSpec
PersistentVolumeClaim@v1 apiVersion kind metadata:ObjectMeta spec:PersistentVolumeClaimSpec
PersistentVolumeClaimSpec accessModes:[s dataSource:TypedLocalObjectReference dataSourceRef:TypedObjectReference resources:VolumeResourceRequirements selector:LabelSelector storageClassName volumeAttributesClassName^29 volumeMode volumeName
PersistentVolumeClaimTemplate metadata:ObjectMeta spec:PersistentVolumeClaimSpec
PersistentVolumeClaimVolumeSource claimName readOnly:b
PersistentVolumeSpec accessModes:[s awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource azureFile:AzureFilePersistentVolumeSource capacity:{q cephfs:CephFSPersistentVolumeSource cinder:CinderPersistentVolumeSource claimRef:ObjectReference csi:CSIPersistentVolumeSource fc:FCVolumeSource flexVolume:FlexPersistentVolumeSource flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource glusterfs:GlusterfsPersistentVolumeSource hostPath:HostPathVolumeSource iscsi:ISCSIPersistentVolumeSource local:LocalVolumeSource mountOptions:[s nfs:NFSVolumeSource nodeAffinity:VolumeNodeAffinity persistentVolumeReclaimPolicy photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource quobyte:QuobyteVolumeSource rbd:RBDPersistentVolumeSource scaleIO:ScaleIOPersistentVolumeSource storageClassName storageos:StorageOSPersistentVolumeSource volumeAttributesClassName^29 volumeMode vsphereVolume:VsphereVirtualDiskVolumeSource
PhotonPersistentDiskVolumeSource fsType pdID
Pod@v1 apiVersion kind metadata:ObjectMeta spec:PodSpec
PodAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
PodAffinityTerm labelSelector:LabelSelector matchLabelKeys:[s^29 mismatchLabelKeys:[s^29 namespaceSelector:LabelSelector namespaces:[s topologyKey
PodAntiAffinity preferredDuringSchedulingIgnoredDuringExecution:[WeightedPodAffinityTerm requiredDuringSchedulingIgnoredDuringExecution:[PodAffinityTerm
PodCertificateProjection certificateChainPath credentialBundlePath keyPath keyType maxExpirationSeconds:i signerName user:i^37 userAnnotations:{s^35
PodDNSConfig nameservers:[s options:[PodDNSConfigOption searches:[s
PodDNSConfigOption name value
PodDisruptionBudget@policy/v1 apiVersion kind metadata:ObjectMeta spec:PodDisruptionBudgetSpec
PodDisruptionBudgetSpec maxUnavailable:x minAvailable:x selector:LabelSelector unhealthyPodEvictionPolicy
PodFailurePolicy rules:[PodFailurePolicyRule
PodFailurePolicyOnExitCodesRequirement containerName operator values:[i
PodFailurePolicyOnPodConditionsPattern status type
PodFailurePolicyRule action onExitCodes:PodFailurePolicyOnExitCodesRequirement onPodConditions:[PodFailurePolicyOnPodConditionsPattern
PodOS name
PodReadinessGate conditionType
PodResourceClaim name resourceClaimName^31 resourceClaimTemplateName^31
PodSchedulingGate name
PodSchedulingGroup podGroupName
PodSecurityContext appArmorProfile:AppArmorProfile^30 fsGroup:i fsGroupChangePolicy runAsGroup:i runAsNonRoot:b runAsUser:i seLinuxChangePolicy^32 seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile supplementalGroups:[i supplementalGroupsPolicy^31 sysctls:[Sysctl windowsOptions:WindowsSecurityContextOptions
PodSpec activeDeadlineSeconds:i affinity:Affinity automountServiceAccountToken:b containers:[Container dnsConfig:PodDNSConfig dnsPolicy enableServiceLinks:b ephemeralContainers:[EphemeralContainer evictionResponders:[EvictionResponder^37 hostAliases:[HostAlias hostIPC:b hostNetwork:b hostPID:b hostUsers:b hostname hostnameOverride^34 imagePullSecrets:[LocalObjectReference initContainers:[Container nodeName nodeSelector:{s os:PodOS overhead:{q preemptionPolicy priority:i priorityClassName readinessGates:[PodReadinessGate resourceClaims:[PodResourceClaim resources:ResourceRequirements^32 restartPolicy runtimeClassName schedulerName schedulingGates:[PodSchedulingGate schedulingGroup:PodSchedulingGroup^36 securityContext:PodSecurityContext serviceAccount serviceAccountName setHostnameAsFQDN:b shareProcessNamespace:b subdomain terminationGracePeriodSeconds:i tolerations:[Toleration topologySpreadConstraints:[TopologySpreadConstraint volumes:[Volume
PodTemplate@v1 apiVersion kind metadata:ObjectMeta template:PodTemplateSpec
PodTemplateSpec metadata:ObjectMeta spec:PodSpec
PodsMetricSource metric:MetricIdentifier target:MetricTarget
PolicyRule apiGroups:[s nonResourceURLs:[s resourceNames:[s resources:[s verbs:[s
PortworxVolumeSource fsType readOnly:b volumeID
PreferredSchedulingTerm preference:NodeSelectorTerm weight:i
PriorityClass@scheduling.k8s.io/v1 apiVersion description globalDefault:b kind metadata:ObjectMeta preemptionPolicy value:i
Probe exec:ExecAction failureThreshold:i grpc:GRPCAction httpGet:HTTPGetAction initialDelaySeconds:i periodSeconds:i successThreshold:i tcpSocket:TCPSocketAction terminationGracePeriodSeconds:i timeoutSeconds:i
ProjectedVolumeSource defaultMode:i defaultUser:i^37 sources:[VolumeProjection
QuobyteVolumeSource group readOnly:b registry tenant user volume
RBDPersistentVolumeSource fsType image keyring monitors:[s pool readOnly:b secretRef:SecretReference user
RBDVolumeSource fsType image keyring monitors:[s pool readOnly:b secretRef:LocalObjectReference user
ReplicaSet@apps/v1 apiVersion kind metadata:ObjectMeta spec:ReplicaSetSpec
ReplicaSetSpec minReadySeconds:i replicas:i selector:LabelSelector template:PodTemplateSpec
ReplicationController@v1 apiVersion kind metadata:ObjectMeta spec:ReplicationControllerSpec
ReplicationControllerSpec minReadySeconds:i replicas:i selector:{s template:PodTemplateSpec
ResourceClaim name request^31
ResourceFieldSelector containerName divisor:q resource
ResourceMetricSource name target:MetricTarget
ResourceQuota@v1 apiVersion kind metadata:ObjectMeta spec:ResourceQuotaSpec
ResourceQuotaSpec hard:{q scopeSelector:ScopeSelector scopes:[s
ResourceRequirements claims:[ResourceClaim limits:{q requests:{q
Role@rbac.authorization.k8s.io/v1 apiVersion kind metadata:ObjectMeta rules:[PolicyRule
RoleBinding@rbac.authorization.k8s.io/v1 apiVersion kind metadata:ObjectMeta roleRef:RoleRef subjects:[Subject
RoleRef apiGroup kind name
RollingUpdateDaemonSet maxSurge:x maxUnavailable:x
RollingUpdateDeployment maxSurge:x maxUnavailable:x
RollingUpdateStatefulSetStrategy maxUnavailable:x partition:i
RuleWithOperations apiGroups:[s apiVersions:[s operations:[s resources:[s scope
RuntimeClass@node.k8s.io/v1 apiVersion handler kind metadata:ObjectMeta overhead:Overhead scheduling:Scheduling
SELinuxOptions level role type user
ScaleIOPersistentVolumeSource fsType gateway protectionDomain readOnly:b secretRef:SecretReference sslEnabled:b storageMode storagePool system volumeName
ScaleIOVolumeSource fsType gateway protectionDomain readOnly:b secretRef:LocalObjectReference sslEnabled:b storageMode storagePool system volumeName
Scheduling nodeSelector:{s tolerations:[Toleration
ScopeSelector matchExpressions:[ScopedResourceSelectorRequirement
ScopedResourceSelectorRequirement operator scopeName values:[s
SeccompProfile localhostProfile type
Secret@v1 apiVersion data:{s immutable:b kind metadata:ObjectMeta stringData:{s type
SecretEnvSource name optional:b
SecretKeySelector key name optional:b
SecretProjection items:[KeyToPath name optional:b
SecretReference name namespace
SecretVolumeSource defaultMode:i defaultUser:i^37 items:[KeyToPath optional:b secretName
SecurityContext allowPrivilegeEscalation:b appArmorProfile:AppArmorProfile^30 capabilities:Capabilities privileged:b procMount readOnlyRootFilesystem:b runAsGroup:i runAsNonRoot:b runAsUser:i seLinuxOptions:SELinuxOptions seccompProfile:SeccompProfile windowsOptions:WindowsSecurityContextOptions
SelectableField jsonPath
Service@v1 apiVersion kind metadata:ObjectMeta spec:ServiceSpec
ServiceAccount@v1 apiVersion automountServiceAccountToken:b imagePullSecrets:[LocalObjectReference kind metadata:ObjectMeta secrets:[ObjectReference
ServiceAccountTokenProjection audience expirationSeconds:i path user:i^37
ServiceBackendPort name number:i
ServicePort appProtocol name nodePort:i port:i protocol targetPort:x
ServiceSpec allocateLoadBalancerNodePorts:b clusterIP clusterIPs:[s externalIPs:[s externalName externalTrafficPolicy healthCheckNodePort:i internalTrafficPolicy ipFamilies:[s ipFamilyPolicy loadBalancerClass loadBalancerIP loadBalancerSourceRanges:[s ports:[ServicePort publishNotReadyAddresses:b selector:{s sessionAffinity sessionAffinityConfig:SessionAffinityConfig trafficDistribution^30 type
SessionAffinityConfig clientIP:ClientIPConfig
SleepAction seconds:i
StatefulSet@apps/v1 apiVersion kind metadata:ObjectMeta spec:StatefulSetSpec
StatefulSetOrdinals start:i
StatefulSetPersistentVolumeClaimRetentionPolicy whenDeleted whenScaled
StatefulSetSpec minReadySeconds:i ordinals:StatefulSetOrdinals persistentVolumeClaimRetentionPolicy:StatefulSetPersistentVolumeClaimRetentionPolicy podManagementPolicy replicas:i revisionHistoryLimit:i selector:LabelSelector serviceName template:PodTemplateSpec updateStrategy:StatefulSetUpdateStrategy volumeClaimTemplates:[PersistentVolumeClaim
StatefulSetUpdateStrategy rollingUpdate:RollingUpdateStatefulSetStrategy type
StorageClass@storage.k8s.io/v1 allowVolumeExpansion:b allowedTopologies:[TopologySelectorTerm apiVersion kind metadata:ObjectMeta mountOptions:[s parameters:{s provisioner reclaimPolicy volumeBindingMode
StorageOSPersistentVolumeSource fsType readOnly:b secretRef:ObjectReference volumeName volumeNamespace
StorageOSVolumeSource fsType readOnly:b secretRef:LocalObjectReference volumeName volumeNamespace
Subject apiGroup kind name namespace
SuccessPolicy rules:[SuccessPolicyRule
SuccessPolicyRule succeededCount:i succeededIndexes
Sysctl name value
TCPSocketAction host port:x
Toleration effect key operator tolerationSeconds:i value
TopologyConstraint key
TopologySelectorLabelRequirement key values:[s
TopologySelectorTerm matchLabelExpressions:[TopologySelectorLabelRequirement
TopologySpreadConstraint labelSelector:LabelSelector matchLabelKeys:[s maxSkew:i minDomains:i nodeAffinityPolicy nodeTaintsPolicy topologyKey whenUnsatisfiable
TypedLocalObjectReference apiGroup kind name
TypedObjectReference apiGroup kind name namespace
ValidatingAdmissionPolicy@admissionregistration.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:ValidatingAdmissionPolicySpec
ValidatingAdmissionPolicyBinding@admissionregistration.k8s.io/v1 apiVersion kind metadata:ObjectMeta spec:ValidatingAdmissionPolicyBindingSpec
ValidatingAdmissionPolicyBindingSpec matchResources:MatchResources paramRef:ParamRef policyName validationActions:[s
ValidatingAdmissionPolicySpec auditAnnotations:[AuditAnnotation failurePolicy matchConditions:[MatchCondition matchConstraints:MatchResources paramKind:ParamKind validations:[Validation variables:[Variable
ValidatingWebhook admissionReviewVersions:[s clientConfig:admissionregistration.WebhookClientConfig failurePolicy matchConditions:[MatchCondition matchPolicy name namespaceSelector:LabelSelector objectSelector:LabelSelector rules:[RuleWithOperations sideEffects timeoutSeconds:i
ValidatingWebhookConfiguration@admissionregistration.k8s.io/v1 apiVersion kind metadata:ObjectMeta webhooks:[ValidatingWebhook
Validation expression message messageExpression reason
Variable expression name
Volume awsElasticBlockStore:AWSElasticBlockStoreVolumeSource azureDisk:AzureDiskVolumeSource azureFile:AzureFileVolumeSource cephfs:CephFSVolumeSource cinder:CinderVolumeSource configMap:ConfigMapVolumeSource csi:CSIVolumeSource downwardAPI:DownwardAPIVolumeSource emptyDir:EmptyDirVolumeSource ephemeral:EphemeralVolumeSource fc:FCVolumeSource flexVolume:FlexVolumeSource flocker:FlockerVolumeSource gcePersistentDisk:GCEPersistentDiskVolumeSource gitRepo:GitRepoVolumeSource glusterfs:GlusterfsVolumeSource hostPath:HostPathVolumeSource image:ImageVolumeSource^31 iscsi:ISCSIVolumeSource name nfs:NFSVolumeSource persistentVolumeClaim:PersistentVolumeClaimVolumeSource photonPersistentDisk:PhotonPersistentDiskVolumeSource portworxVolume:PortworxVolumeSource projected:ProjectedVolumeSource quobyte:QuobyteVolumeSource rbd:RBDVolumeSource scaleIO:ScaleIOVolumeSource secret:SecretVolumeSource storageos:StorageOSVolumeSource vsphereVolume:VsphereVirtualDiskVolumeSource
VolumeDevice devicePath name
VolumeMount bindMountOptions:[s^37 mountPath mountPropagation name readOnly:b recursiveReadOnly^30 subPath subPathExpr
VolumeNodeAffinity required:NodeSelector
VolumeProjection clusterTrustBundle:ClusterTrustBundleProjection^29 configMap:ConfigMapProjection downwardAPI:DownwardAPIProjection podCertificate:PodCertificateProjection^34 secret:SecretProjection serviceAccountToken:ServiceAccountTokenProjection
VolumeResourceRequirements limits:{q requests:{q
VsphereVirtualDiskVolumeSource fsType storagePolicyID storagePolicyName volumePath
WebhookConversion clientConfig:apiextensions.WebhookClientConfig conversionReviewVersions:[s
WeightedPodAffinityTerm podAffinityTerm:PodAffinityTerm weight:i
WindowsSecurityContextOptions gmsaCredentialSpec gmsaCredentialSpecName hostProcess:b runAsUserName
WorkloadPodGroupAllDisruptionMode
WorkloadPodGroupBasicSchedulingPolicy
WorkloadPodGroupDisruptionMode all:WorkloadPodGroupAllDisruptionMode single:WorkloadPodGroupSingleDisruptionMode
WorkloadPodGroupGangSchedulingPolicy minCount:i
WorkloadPodGroupResourceClaim name resourceClaimName resourceClaimTemplateName
WorkloadPodGroupSchedulingConstraints topology:[TopologyConstraint
WorkloadPodGroupSchedulingPolicy basic:WorkloadPodGroupBasicSchedulingPolicy gang:WorkloadPodGroupGangSchedulingPolicy
WorkloadPodGroupSingleDisruptionMode
admissionregistration.ServiceReference name namespace path port:i
admissionregistration.WebhookClientConfig caBundle service:admissionregistration.ServiceReference url
apiextensions.ServiceReference name namespace path port:i
apiextensions.WebhookClientConfig caBundle service:apiextensions.ServiceReference url
apiregistration.ServiceReference name namespace port:i
core.EndpointPort appProtocol name port:i protocol
discovery.EndpointPort appProtocol name port:i protocol
`;

/**
 * A kind of an API version a line, with its plural and scope; since-until: the first minors with and without it, where not all have it;
 * !deprecated-removal: the minors of its deprecation and of its planned removal.
 */
export const RESOURCES: string = `
admissionregistration.k8s.io/v1 MutatingAdmissionPolicy mutatingadmissionpolicies cluster 36-
admissionregistration.k8s.io/v1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings cluster 36-
admissionregistration.k8s.io/v1 MutatingWebhookConfiguration mutatingwebhookconfigurations cluster
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicy validatingadmissionpolicies cluster 30-
admissionregistration.k8s.io/v1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings cluster 30-
admissionregistration.k8s.io/v1 ValidatingWebhookConfiguration validatingwebhookconfigurations cluster
admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicy mutatingadmissionpolicies cluster 32- !35-38
admissionregistration.k8s.io/v1alpha1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings cluster 32- !35-38
admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicy validatingadmissionpolicies cluster -32
admissionregistration.k8s.io/v1alpha1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings cluster -32
admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicy mutatingadmissionpolicies cluster 34- !37-40
admissionregistration.k8s.io/v1beta1 MutatingAdmissionPolicyBinding mutatingadmissionpolicybindings cluster 34- !37-40
admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicy validatingadmissionpolicies cluster -34
admissionregistration.k8s.io/v1beta1 ValidatingAdmissionPolicyBinding validatingadmissionpolicybindings cluster -34
apiextensions.k8s.io/v1 CustomResourceDefinition customresourcedefinitions cluster
apiregistration.k8s.io/v1 APIService apiservices cluster
apps/v1 ControllerRevision controllerrevisions namespaced
apps/v1 DaemonSet daemonsets namespaced
apps/v1 Deployment deployments namespaced
apps/v1 ReplicaSet replicasets namespaced
apps/v1 StatefulSet statefulsets namespaced
authentication.k8s.io/v1 SelfSubjectReview selfsubjectreviews cluster
authentication.k8s.io/v1 TokenReview tokenreviews cluster
authentication.k8s.io/v1alpha1 SelfSubjectReview selfsubjectreviews cluster -32
authentication.k8s.io/v1beta1 SelfSubjectReview selfsubjectreviews cluster -33
authorization.k8s.io/v1 LocalSubjectAccessReview localsubjectaccessreviews namespaced
authorization.k8s.io/v1 SelfSubjectAccessReview selfsubjectaccessreviews cluster
authorization.k8s.io/v1 SelfSubjectRulesReview selfsubjectrulesreviews cluster
authorization.k8s.io/v1 SubjectAccessReview subjectaccessreviews cluster
autoscaling/v1 HorizontalPodAutoscaler horizontalpodautoscalers namespaced
autoscaling/v2 HorizontalPodAutoscaler horizontalpodautoscalers namespaced
batch/v1 CronJob cronjobs namespaced
batch/v1 Job jobs namespaced
certificates.k8s.io/v1 CertificateSigningRequest certificatesigningrequests cluster
certificates.k8s.io/v1 ClusterTrustBundle clustertrustbundles cluster 37-
certificates.k8s.io/v1 PodCertificateRequest podcertificaterequests namespaced 37-
certificates.k8s.io/v1alpha1 ClusterTrustBundle clustertrustbundles cluster -37
certificates.k8s.io/v1alpha1 PodCertificateRequest podcertificaterequests namespaced 34-35
certificates.k8s.io/v1beta1 ClusterTrustBundle clustertrustbundles cluster 33- !37-40
certificates.k8s.io/v1beta1 PodCertificateRequest podcertificaterequests namespaced 35- !37-40
coordination.k8s.io/v1 Lease leases namespaced
coordination.k8s.io/v1alpha1 LeaseCandidate leasecandidates namespaced 31-32
coordination.k8s.io/v1alpha2 LeaseCandidate leasecandidates namespaced 32- !35-38
coordination.k8s.io/v1beta1 LeaseCandidate leasecandidates namespaced 33- !36-39
discovery.k8s.io/v1 EndpointSlice endpointslices namespaced
events.k8s.io/v1 Event events namespaced
flowcontrol.apiserver.k8s.io/v1 FlowSchema flowschemas cluster 29-
flowcontrol.apiserver.k8s.io/v1 PriorityLevelConfiguration prioritylevelconfigurations cluster 29-
flowcontrol.apiserver.k8s.io/v1beta2 FlowSchema flowschemas cluster -29
flowcontrol.apiserver.k8s.io/v1beta2 PriorityLevelConfiguration prioritylevelconfigurations cluster -29
flowcontrol.apiserver.k8s.io/v1beta3 FlowSchema flowschemas cluster -32
flowcontrol.apiserver.k8s.io/v1beta3 PriorityLevelConfiguration prioritylevelconfigurations cluster -32
internal.apiserver.k8s.io/v1alpha1 StorageVersion storageversions cluster
lifecycle.k8s.io/v1alpha1 Eviction evictions namespaced 37-
lifecycle.k8s.io/v1alpha1 EvictionRequest evictionrequests namespaced 37-
networking.k8s.io/v1 IPAddress ipaddresses cluster 33-
networking.k8s.io/v1 Ingress ingresses namespaced
networking.k8s.io/v1 IngressClass ingressclasses cluster
networking.k8s.io/v1 NetworkPolicy networkpolicies namespaced
networking.k8s.io/v1 ServiceCIDR servicecidrs cluster 33-
networking.k8s.io/v1alpha1 ClusterCIDR clustercidrs cluster -29
networking.k8s.io/v1alpha1 IPAddress ipaddresses cluster -31
networking.k8s.io/v1alpha1 ServiceCIDR servicecidrs cluster 29-31
networking.k8s.io/v1beta1 IPAddress ipaddresses cluster 31-37
networking.k8s.io/v1beta1 ServiceCIDR servicecidrs cluster 31-37
node.k8s.io/v1 RuntimeClass runtimeclasses cluster
policy/v1 PodDisruptionBudget poddisruptionbudgets namespaced
rbac.authorization.k8s.io/v1 ClusterRole clusterroles cluster
rbac.authorization.k8s.io/v1 ClusterRoleBinding clusterrolebindings cluster
rbac.authorization.k8s.io/v1 Role roles namespaced
rbac.authorization.k8s.io/v1 RoleBinding rolebindings namespaced
resource.k8s.io/v1 DeviceClass deviceclasses cluster 34-
resource.k8s.io/v1 DeviceTaintRule devicetaintrules cluster 37-
resource.k8s.io/v1 ResourceClaim resourceclaims namespaced 34-
resource.k8s.io/v1 ResourceClaimTemplate resourceclaimtemplates namespaced 34-
resource.k8s.io/v1 ResourceSlice resourceslices cluster 34-
resource.k8s.io/v1alpha2 PodSchedulingContext podschedulingcontexts namespaced -31
resource.k8s.io/v1alpha2 ResourceClaim resourceclaims namespaced -31
resource.k8s.io/v1alpha2 ResourceClaimParameters resourceclaimparameters namespaced 30-31
resource.k8s.io/v1alpha2 ResourceClaimTemplate resourceclaimtemplates namespaced -31
resource.k8s.io/v1alpha2 ResourceClass resourceclasses cluster -31
resource.k8s.io/v1alpha2 ResourceClassParameters resourceclassparameters namespaced 30-31
resource.k8s.io/v1alpha2 ResourceSlice resourceslices cluster 30-31
resource.k8s.io/v1alpha3 DeviceClass deviceclasses cluster 31-34
resource.k8s.io/v1alpha3 DeviceTaintRule devicetaintrules cluster 33- !36-39
resource.k8s.io/v1alpha3 PodSchedulingContext podschedulingcontexts namespaced 31-32
resource.k8s.io/v1alpha3 ResourceClaim resourceclaims namespaced 31-34
resource.k8s.io/v1alpha3 ResourceClaimTemplate resourceclaimtemplates namespaced 31-34
resource.k8s.io/v1alpha3 ResourcePoolStatusRequest resourcepoolstatusrequests cluster 36-
resource.k8s.io/v1alpha3 ResourceSlice resourceslices cluster 31-34
resource.k8s.io/v1beta1 DeviceClass deviceclasses cluster 32- !35-38
resource.k8s.io/v1beta1 ResourceClaim resourceclaims namespaced 32- !35-38
resource.k8s.io/v1beta1 ResourceClaimTemplate resourceclaimtemplates namespaced 32- !35-38
resource.k8s.io/v1beta1 ResourceSlice resourceslices cluster 32- !35-38
resource.k8s.io/v1beta2 DeviceClass deviceclasses cluster 33- !36-39
resource.k8s.io/v1beta2 DeviceTaintRule devicetaintrules cluster 36-
resource.k8s.io/v1beta2 ResourceClaim resourceclaims namespaced 33- !36-39
resource.k8s.io/v1beta2 ResourceClaimTemplate resourceclaimtemplates namespaced 33- !36-39
resource.k8s.io/v1beta2 ResourceSlice resourceslices cluster 33- !36-39
scheduling.k8s.io/v1 PriorityClass priorityclasses cluster
scheduling.k8s.io/v1alpha1 Workload workloads namespaced 35-36
scheduling.k8s.io/v1alpha2 PodGroup podgroups namespaced 36-37
scheduling.k8s.io/v1alpha2 Workload workloads namespaced 36-37
scheduling.k8s.io/v1alpha3 CompositePodGroup compositepodgroups namespaced 37-
scheduling.k8s.io/v1alpha3 PodGroup podgroups namespaced 37-
scheduling.k8s.io/v1alpha3 Workload workloads namespaced 37-
scheduling.k8s.io/v1beta1 PodGroup podgroups namespaced 37-
scheduling.k8s.io/v1beta1 Workload workloads namespaced 37-
storage.k8s.io/v1 CSIDriver csidrivers cluster
storage.k8s.io/v1 CSINode csinodes cluster
storage.k8s.io/v1 CSIStorageCapacity csistoragecapacities namespaced
storage.k8s.io/v1 StorageClass storageclasses cluster
storage.k8s.io/v1 VolumeAttachment volumeattachments cluster
storage.k8s.io/v1 VolumeAttributesClass volumeattributesclasses cluster 34-
storage.k8s.io/v1alpha1 VolumeAttributesClass volumeattributesclasses cluster 29-35
storage.k8s.io/v1beta1 VolumeAttributesClass volumeattributesclasses cluster 31-37
storagemigration.k8s.io/v1 StorageVersionMigration storageversionmigrations cluster 37-
storagemigration.k8s.io/v1alpha1 StorageVersionMigration storageversionmigrations cluster 30-35
storagemigration.k8s.io/v1beta1 StorageVersionMigration storageversionmigrations cluster 35- !37-40
v1 Binding bindings namespaced
v1 ComponentStatus componentstatuses cluster
v1 ConfigMap configmaps namespaced
v1 Endpoints endpoints namespaced
v1 Event events namespaced
v1 LimitRange limitranges namespaced
v1 Namespace namespaces cluster
v1 Node nodes cluster
v1 PersistentVolume persistentvolumes cluster
v1 PersistentVolumeClaim persistentvolumeclaims namespaced
v1 Pod pods namespaced
v1 PodTemplate podtemplates namespaced
v1 ReplicationController replicationcontrollers namespaced
v1 ResourceQuota resourcequotas namespaced
v1 Secret secrets namespaced
v1 Service services namespaced
v1 ServiceAccount serviceaccounts namespaced
`;
