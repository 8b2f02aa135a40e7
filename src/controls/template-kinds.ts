import { groupOf } from './group';
import { isObject, Json, Path } from './path';
import { PodTemplateLocation } from './subject';

function at(group: string, versions: string[], resource: string, kind: string, ...templates: string[]): PodTemplateLocation {
  return { group, versions, resource, kind, templates: templates.map(steps) };
}

function steps(path: string): Path {
  return path === '' ? [] : path.split('.');
}

/** Kinds of Kubernetes itself that are a pod, make pods from a template, or keep a template for those who do. Pod Security admission looks at the same. */
export const BUILT_IN_TEMPLATES: readonly PodTemplateLocation[] = [
  at('', ['v1'], 'pods', 'Pod', ''),
  at('', ['v1'], 'podtemplates', 'PodTemplate', 'template'),
  at('', ['v1'], 'replicationcontrollers', 'ReplicationController', 'spec.template'),
  at('apps', ['v1'], 'deployments', 'Deployment', 'spec.template'),
  at('apps', ['v1'], 'replicasets', 'ReplicaSet', 'spec.template'),
  at('apps', ['v1'], 'statefulsets', 'StatefulSet', 'spec.template'),
  at('apps', ['v1'], 'daemonsets', 'DaemonSet', 'spec.template'),
  at('batch', ['v1'], 'jobs', 'Job', 'spec.template'),
  at('batch', ['v1'], 'cronjobs', 'CronJob', 'spec.jobTemplate.spec.template'),
];

/** What older versions of Kubernetes served in a group of its own, and some clusters still hold as manifests. */
const FORMER_TEMPLATES: readonly PodTemplateLocation[] = [
  at('extensions', ['v1beta1'], 'deployments', 'Deployment', 'spec.template'),
  at('extensions', ['v1beta1'], 'replicasets', 'ReplicaSet', 'spec.template'),
  at('extensions', ['v1beta1'], 'daemonsets', 'DaemonSet', 'spec.template'),
];

const RAY = ['headGroupSpec.template', 'workerGroupSpecs.[].template'];

/** Well-known custom resources that embed pod templates. */
export const CUSTOM_TEMPLATES: readonly PodTemplateLocation[] = [
  { ...at('argoproj.io', ['v1alpha1'], 'rollouts', 'Rollout', 'spec.template'), insteadOfTemplates: [['spec', 'workloadRef']] },
  workflow('workflows', 'Workflow', 'spec'),
  workflow('workflowtemplates', 'WorkflowTemplate', 'spec'),
  workflow('clusterworkflowtemplates', 'ClusterWorkflowTemplate', 'spec'),
  workflow('cronworkflows', 'CronWorkflow', 'spec.workflowSpec'),
  at('serving.knative.dev', ['v1'], 'services', 'Service', 'spec.template'),
  at('serving.knative.dev', ['v1'], 'configurations', 'Configuration', 'spec.template'),
  at('apps.kruise.io', ['v1alpha1'], 'clonesets', 'CloneSet', 'spec.template'),
  at('apps.kruise.io', ['v1alpha1'], 'daemonsets', 'DaemonSet', 'spec.template'),
  at('apps.kruise.io', ['v1beta1'], 'statefulsets', 'StatefulSet', 'spec.template'),
  at('apps.kruise.io', ['v1alpha1'], 'broadcastjobs', 'BroadcastJob', 'spec.template'),
  at('keda.sh', ['v1alpha1'], 'scaledjobs', 'ScaledJob', 'spec.jobTargetRef.template'),
  at('jobset.x-k8s.io', ['v1alpha2'], 'jobsets', 'JobSet', 'spec.replicatedJobs.[].template.spec.template'),
  at('leaderworkerset.x-k8s.io', ['v1'], 'leaderworkersets', 'LeaderWorkerSet', 'spec.leaderWorkerTemplate.leaderTemplate', 'spec.leaderWorkerTemplate.workerTemplate'),
  at('batch.volcano.sh', ['v1alpha1'], 'jobs', 'Job', 'spec.tasks.[].template'),
  at('kubeflow.org', ['v1'], 'pytorchjobs', 'PyTorchJob', 'spec.pytorchReplicaSpecs.{}.template'),
  at('kubeflow.org', ['v1'], 'tfjobs', 'TFJob', 'spec.tfReplicaSpecs.{}.template'),
  at('kubeflow.org', ['v1'], 'xgboostjobs', 'XGBoostJob', 'spec.xgbReplicaSpecs.{}.template'),
  at('kubeflow.org', ['v2beta1'], 'mpijobs', 'MPIJob', 'spec.mpiReplicaSpecs.{}.template'),
  at('ray.io', ['v1'], 'rayclusters', 'RayCluster', ...RAY.map((path) => `spec.${path}`)),
  { ...at('ray.io', ['v1'], 'rayjobs', 'RayJob', ...RAY.map((path) => `spec.rayClusterSpec.${path}`)), insteadOfTemplates: [['spec', 'clusterSelector']] },
  at('ray.io', ['v1'], 'rayservices', 'RayService', ...RAY.map((path) => `spec.rayClusterConfig.${path}`)),
  at('agones.dev', ['v1'], 'gameservers', 'GameServer', 'spec.template'),
  at('agones.dev', ['v1'], 'fleets', 'Fleet', 'spec.template.spec.template'),
];

/** Argo Workflows: every template of a workflow makes pods of its own shape. */
function workflow(resource: string, kind: string, spec: string): PodTemplateLocation {
  return { ...at('argoproj.io', ['v1alpha1'], resource, kind, spec), shape: 'workflow' };
}

/** Every kind with pod templates that the library knows. */
export const ALL_TEMPLATES: readonly PodTemplateLocation[] = [...BUILT_IN_TEMPLATES, ...FORMER_TEMPLATES, ...CUSTOM_TEMPLATES];

/** Kinds whose operators make pods from settings of their own: those pods are judged in the cluster, when they are made, and not before. */
const OPERATOR_KINDS: Record<string, readonly string[]> = {
  'monitoring.coreos.com': ['Prometheus', 'PrometheusAgent', 'Alertmanager', 'ThanosRuler'],
  'postgresql.cnpg.io': ['Cluster', 'Pooler'],
  'acid.zalan.do': ['postgresql'],
  'postgres-operator.crunchydata.com': ['PostgresCluster'],
  'kafka.strimzi.io': ['Kafka', 'KafkaConnect', 'KafkaBridge', 'KafkaMirrorMaker2', 'KafkaNodePool'],
  'elasticsearch.k8s.elastic.co': ['Elasticsearch'],
  'kibana.k8s.elastic.co': ['Kibana'],
  'rabbitmq.com': ['RabbitmqCluster'],
  'mysql.oracle.com': ['InnoDBCluster'],
  'k8ssandra.io': ['K8ssandraCluster'],
  'cassandra.datastax.com': ['CassandraDatacenter'],
  'tekton.dev': ['Task', 'ClusterTask', 'TaskRun', 'Pipeline', 'PipelineRun'],
  'sparkoperator.k8s.io': ['SparkApplication', 'ScheduledSparkApplication'],
  'flink.apache.org': ['FlinkDeployment'],
  'opentelemetry.io': ['OpenTelemetryCollector'],
  'jaegertracing.io': ['Jaeger'],
  'argoproj.io': ['ArgoCD'],
  'keycloak.org': ['Keycloak'],
  'k8s.keycloak.org': ['Keycloak'],
  'minio.min.io': ['Tenant'],
  'ceph.rook.io': ['CephCluster', 'CephFilesystem', 'CephObjectStore'],
  'gateway.networking.k8s.io': ['Gateway'],
};

/** Whether an operator makes pods for an object that has no template for them. */
export function makesPodsByOperator(object: unknown): boolean {
  const group = isObject(object) ? groupOf(object.apiVersion) : '';
  return Object.hasOwn(OPERATOR_KINDS, group) && OPERATOR_KINDS[group].includes((object as Json).kind as string);
}
