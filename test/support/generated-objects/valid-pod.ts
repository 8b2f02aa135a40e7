import { Fields } from './arbitraries';

const APP_ARMOR_ANNOTATION = 'container.apparmor.security.beta.kubernetes.io/';
const SECCOMP_ANNOTATION = 'seccomp.security.alpha.kubernetes.io/pod';

/** Fields that the server forbids in Windows pods. */
const LINUX_ONLY = {
  spec: ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace', 'resources'],
  pod: [
    'appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'fsGroup', 'fsGroupChangePolicy', 'sysctls', 'runAsUser', 'runAsGroup', 'supplementalGroups',
    'supplementalGroupsPolicy', 'seLinuxChangePolicy',
  ],
  container: [
    'appArmorProfile', 'seLinuxOptions', 'seccompProfile', 'capabilities', 'readOnlyRootFilesystem', 'privileged', 'allowPrivilegeEscalation', 'procMount',
    'runAsUser', 'runAsGroup',
  ],
};

/** Changes what the server's validation wouldn't let pass, as little as possible, in the order in which one rule needs another. */
export function makeValid(metadata: Fields, spec: Fields): void {
  operatingSystem(spec);
  hostProcess(spec);
  hostNamespaces(spec);
  containersOf(spec).forEach((container) => containerSecurity(spec, container));
  containersOf(spec).forEach(mounts);
  (spec.ephemeralContainers ?? []).forEach(withoutSubPaths);
  hostPorts(spec);
  serviceAccount(spec);
  hostnames(spec);
  profileAnnotations(metadata, spec);
}

function containersOf(spec: Fields): Fields[] {
  return [...spec.containers, ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []];
}

function remove(from: Fields | undefined, ...keys: string[]): void {
  keys.forEach((key) => delete from?.[key]);
}

function operatingSystem(spec: Fields): void {
  const contexts = containersOf(spec).map(({ securityContext }) => securityContext);
  if (spec.os?.name === 'windows') {
    remove(spec, ...LINUX_ONLY.spec);
    remove(spec.securityContext, ...LINUX_ONLY.pod);
    contexts.forEach((each) => remove(each, ...LINUX_ONLY.container));
  } else if (spec.os?.name === 'linux') {
    [spec.securityContext, ...contexts].forEach((each) => remove(each, 'windowsOptions'));
  }
}

/** One host process makes all containers host processes, on the network of the host. */
function hostProcess(spec: Fields): void {
  const containers = containersOf(spec);
  const optionsOf = ({ securityContext }: Fields): Fields | undefined => securityContext?.windowsOptions;
  if (optionsOf(spec)?.hostProcess) {
    containers.map(optionsOf).filter((each) => each?.hostProcess === false).forEach((each) => remove(each, 'hostProcess'));
  } else if (containers.some((each) => optionsOf(each)?.hostProcess)) {
    remove(optionsOf(spec), 'hostProcess');
    containers.forEach((each) => each.securityContext = { ...each.securityContext, windowsOptions: { ...optionsOf(each), hostProcess: true } });
  } else {
    return;
  }
  spec.hostNetwork = true;
}

function hostNamespaces(spec: Fields): void {
  if (spec.hostUsers === false) {
    const shared = ['hostNetwork', 'hostPID', 'hostIPC'].some((key) => spec[key]);
    remove(spec, ...shared ? ['hostUsers'] : []);
  }
  if (spec.hostPID && spec.shareProcessNamespace) {
    remove(spec, 'shareProcessNamespace');
  }
  const namespaced = (name: string) => (spec.hostNetwork && /^net[./]/.test(name)) || (spec.hostIPC && /^(kernel[./](shm|msg|sem)|fs[./]mqueue)/.test(name));
  if (spec.securityContext?.sysctls) {
    spec.securityContext.sysctls = spec.securityContext.sysctls.filter(({ name }: Fields) => !namespaced(name));
  }
}

function containerSecurity(spec: Fields, { securityContext }: Fields): void {
  if (securityContext === undefined) {
    return;
  }
  if (securityContext.procMount === 'Unmasked' && spec.hostUsers !== false) {
    remove(securityContext, 'procMount');
  }
  if (securityContext.allowPrivilegeEscalation === false && (securityContext.privileged || securityContext.capabilities?.add?.includes('CAP_SYS_ADMIN'))) {
    remove(securityContext, 'allowPrivilegeEscalation');
  }
}

function mounts({ securityContext, volumeMounts = [] }: Fields): void {
  for (const mount of volumeMounts as Fields[]) {
    if (mount.mountPropagation === 'Bidirectional' && !securityContext?.privileged) {
      mount.mountPropagation = 'HostToContainer';
    }
    if (['IfPossible', 'Enabled'].includes(mount.recursiveReadOnly) && (!mount.readOnly || (mount.mountPropagation ?? 'None') !== 'None')) {
      remove(mount, 'recursiveReadOnly');
    }
  }
}

function withoutSubPaths({ volumeMounts = [] }: Fields): void {
  volumeMounts.forEach((each: Fields) => remove(each, 'subPath', 'subPathExpr'));
}

/** No two containers listen on one port of the host; on the network of the host, a container's port is the host's. */
function hostPorts(spec: Fields): void {
  const taken = new Set<string>();
  for (const container of containersOf(spec).filter(({ ports }) => ports)) {
    const names = new Set<string>();
    // Init containers run one by one.
    const seen = spec.containers.includes(container) ? taken : new Set<string>();
    container.ports = container.ports.filter((port: Fields) => {
      if (spec.hostNetwork && port.hostPort) {
        port.hostPort = port.containerPort;
      }
      const onHost = spec.hostNetwork ? port.containerPort : port.hostPort;
      const place = `${port.protocol ?? 'TCP'} ${port.hostIP ?? ''} ${onHost}`;
      const fits = (!onHost || !seen.has(place)) && !names.has(port.name);
      if (fits && onHost) {
        seen.add(place);
      }
      if (fits && port.name) {
        names.add(port.name);
      }
      return fits;
    });
    if (container.ports.length === 0) {
      delete container.ports;
    }
  }
}

/** The old field is an alias. */
function serviceAccount(spec: Fields): void {
  if (spec.serviceAccount !== undefined && spec.serviceAccountName !== undefined) {
    spec.serviceAccount = spec.serviceAccountName;
  }
}

function hostnames(spec: Fields): void {
  if (spec.hostNetwork || spec.setHostnameAsFQDN) {
    remove(spec, 'hostnameOverride');
  }
  if (spec.dnsPolicy === 'None' && !spec.dnsConfig?.nameservers) {
    spec.dnsConfig = { nameservers: ['192.0.2.53'] };
  }
}

/** Annotation and field must say the same of AppArmor and of seccomp. */
function profileAnnotations(metadata: Fields, spec: Fields): void {
  const { annotations } = metadata;
  if (spec.os?.name !== 'windows') {
    for (const { name, securityContext } of containersOf(spec)) {
      const profile = securityContext?.appArmorProfile ?? spec.securityContext?.appArmorProfile;
      const key = `${APP_ARMOR_ANNOTATION}${name}`;
      if (profile && key in annotations) {
        annotations[key] = annotationOf(profile);
      }
    }
  }
  const seccomp = spec.securityContext?.seccompProfile;
  if (seccomp && SECCOMP_ANNOTATION in annotations) {
    annotations[SECCOMP_ANNOTATION] = annotationOf(seccomp);
  }
}

function annotationOf({ type, localhostProfile }: Fields): string {
  return { RuntimeDefault: 'runtime/default', Unconfined: 'unconfined' }[type as string] ?? `localhost/${localhostProfile}`;
}
