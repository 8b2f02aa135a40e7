import { invalid } from '../../core/errors';
import { checkList } from '../../core/list';

/** What is encrypted unless said otherwise: ConfigMaps hold passwords too, by mistake and by habit. */
const DEFAULT = ['configmaps', 'secrets'];

/**
 * What the API server stores by itself, by group: a name that it lacks is accepted by it, and the objects that were meant stay in plain text.
 * Source: the storage of kube-apiserver 1.28 to 1.37.
 */
const STORED: Record<string, string> = {
  '': 'configmaps endpoints events limitranges namespaces nodes persistentvolumeclaims persistentvolumes pods podtemplates replicationcontrollers '
    + 'resourcequotas secrets serviceaccounts services',
  'admissionregistration.k8s.io': 'mutatingadmissionpolicies mutatingadmissionpolicybindings mutatingwebhookconfigurations '
    + 'validatingadmissionpolicies validatingadmissionpolicybindings validatingwebhookconfigurations',
  'apiextensions.k8s.io': 'customresourcedefinitions',
  'apiregistration.k8s.io': 'apiservices',
  'authentication.k8s.io': '',
  'authorization.k8s.io': '',
  'apps': 'controllerrevisions daemonsets deployments replicasets statefulsets',
  'autoscaling': 'horizontalpodautoscalers',
  'batch': 'cronjobs jobs',
  'certificates.k8s.io': 'certificatesigningrequests clustertrustbundles podcertificaterequests',
  'coordination.k8s.io': 'leasecandidates leases',
  'discovery.k8s.io': 'endpointslices',
  'flowcontrol.apiserver.k8s.io': 'flowschemas prioritylevelconfigurations',
  'internal.apiserver.k8s.io': 'storageversions',
  'networking.k8s.io': 'clustercidrs ingressclasses ingresses ipaddresses networkpolicies servicecidrs',
  'node.k8s.io': 'runtimeclasses',
  'policy': 'poddisruptionbudgets',
  'rbac.authorization.k8s.io': 'clusterrolebindings clusterroles rolebindings roles',
  'resource.k8s.io': 'deviceclasses devicetaintrules podschedulingcontexts resourceclaims resourceclaimtemplates resourceclasses '
    + 'resourcepoolstatusrequests resourceslices',
  'scheduling.k8s.io': 'compositepodgroups podgroups priorityclasses workloads',
  'storage.k8s.io': 'csidrivers csinodes csistoragecapacities storageclasses volumeattachments volumeattributesclasses',
  'storagemigration.k8s.io': 'storageversionmigrations',
};

const LABEL = '[a-z0-9](?:[a-z0-9-]*[a-z0-9])?';
const CUSTOM_GROUP = new RegExp(`^${LABEL}(?:\\.${LABEL})+$`);
const RESOURCE = new RegExp(`^${LABEL}$`);

/**
 * The resources to encrypt, sorted. The API server itself would take many a wrong name, and store what was meant in plain text.
 * @throws if there are none, Secrets are not among them, a name is none of a stored resource, or two speak of the same objects
 */
export function checkEncryptedResources(resources: readonly string[] = DEFAULT): string[] {
  const list = checkList(resources, 'resources', 'resources', 'SecretsEncryption');
  list.forEach((resource, i) => checkResource(resource, `resources[${i}]`));
  list.forEach((resource, i) => {
    const other = list.findIndex((candidate, j) => j !== i && (candidate === resource || covers(candidate, resource)));
    if (other >= 0) {
      throw refused(`resources[${i}]`, resource, `no resource that resources[${other}], ${list[other]}, covers`, 'Leave one of the two out: the API server refuses lists that overlap.');
    }
  });
  if (!list.some((resource) => resource === 'secrets' || covers(resource, 'secrets'))) {
    throw invalid({
      at: 'SecretsEncryption', property: 'resources', got: list, allowed: 'a list with secrets, *. or *.*', source: 'CIS cis-1.12 1.2.27', fix: 'Add secrets.',
    });
  }
  return list.sort();
}

function checkResource(resource: string, property: string): void {
  if (typeof resource !== 'string' || resource === '*' || resource === '') {
    throw refused(property, resource, 'a resource, *.<group>, *. or *.*', 'Write *. for everything of the core group, *.* for everything.');
  }
  const [name, group] = split(resource);
  const stored = Object.hasOwn(STORED, group) ? STORED[group].split(' ').filter((each) => each !== '') : undefined;
  if (resource === '*.*' || (name === '*' && stored !== undefined && stored.length > 0)) {
    return;
  }
  if (group === '*') {
    throw refused(property, resource, 'a resource of one group', `Name its group, or leave it out for the core group: ${name}.`);
  }
  if (group === 'events.k8s.io') {
    throw refused(property, resource, 'events, the name under which all events are stored', 'Write events.');
  }
  const isCustom = stored === undefined && CUSTOM_GROUP.test(group) && (name === '*' || RESOURCE.test(name));
  if (resource === `${name}.` || !(stored?.includes(name) ?? isCustom)) {
    throw refused(
      property, resource, 'the plural of a resource that is stored, in lower case, as secrets, deployments.apps or pandas.bears.example',
      'Correct the name or its group, without a version: the API server accepts names that it does not know, and stores the objects in plain text.',
    );
  }
}

function covers(wildcard: string, resource: string): boolean {
  const [name, group] = split(wildcard);
  return name === '*' && (group === '*' || group === split(resource)[1]);
}

/** As the API server does it: everything after the first dot is the group. */
function split(resource: string): [string, string] {
  const dot = resource.indexOf('.');
  return dot < 0 ? [resource, ''] : [resource.slice(0, dot), resource.slice(dot + 1)];
}

function refused(property: string, got: unknown, allowed: string, fix: string): Error {
  return invalid({ at: 'SecretsEncryption', property, got, allowed, fix });
}
