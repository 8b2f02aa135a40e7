/** Those that Kubernetes 1.28 lets everyone set. */
const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_unprivileged_port_start', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range',
];

/**
 * What Pod Security Standards "restricted" finds wrong with a pod, written from the standard and apart from the sources: one sentence a
 * violation, none for a pod that is admitted by every version from 1.28 to 1.37.
 */
export function violations({ metadata = {}, spec }: any): string[] {
  const found: string[] = [];
  const deny = (bad: boolean, what: string) => bad && found.push(what);
  const containers = [...spec.containers ?? [], ...spec.initContainers ?? [], ...spec.ephemeralContainers ?? []];
  const pod = spec.securityContext ?? {};

  deny(spec.hostNetwork || spec.hostPID || spec.hostIPC, 'shares a namespace of the host');
  for (const [key, value] of Object.entries<string>(metadata.annotations ?? {})) {
    deny(key.startsWith('container.apparmor.security.beta.kubernetes.io/') && !/^(|runtime\/default|localhost\/.*)$/.test(value), 'AppArmor is off');
  }
  for (const context of [pod, ...containers.map((each) => each.securityContext ?? {})]) {
    deny(context.appArmorProfile && !['RuntimeDefault', 'Localhost'].includes(context.appArmorProfile.type), 'AppArmor is off');
    deny(context.seccompProfile && !['RuntimeDefault', 'Localhost'].includes(context.seccompProfile.type), 'seccomp is off');
    deny(context.runAsNonRoot === false, 'may run as root');
    deny(context.runAsUser === 0, 'runs as user 0');
    deny(context.windowsOptions?.hostProcess, 'is a Windows host process');
    const { type = '', user = '', role = '' } = context.seLinuxOptions ?? {};
    deny(!['', 'container_t', 'container_init_t', 'container_kvm_t'].includes(type) || user !== '' || role !== '', 'sets SELinux options');
  }
  deny((pod.sysctls ?? []).some(({ name }: any) => !SAFE_SYSCTLS.includes(name)), 'sets sysctls');

  const volumeTypes = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];
  for (const { name, ...source } of spec.volumes ?? []) {
    deny(Object.keys(source).some((type) => !volumeTypes.includes(type)), `volume ${name} is of a type that is not permitted`);
  }
  deny(containers.length === 0, 'has no container');
  for (const container of containers) {
    const context = container.securityContext ?? {};
    deny(context.privileged === true, 'is privileged');
    deny(context.allowPrivilegeEscalation !== false, 'may gain privileges');
    deny(!(context.capabilities?.drop ?? []).includes('ALL'), 'keeps capabilities');
    deny((context.capabilities?.add ?? []).some((each: string) => each !== 'NET_BIND_SERVICE'), 'adds capabilities');
    deny((context.seccompProfile ?? pod.seccompProfile) === undefined, 'has no seccomp profile');
    deny((context.runAsNonRoot ?? pod.runAsNonRoot) !== true, 'may run as root');
    deny(!['', 'Default'].includes(context.procMount ?? ''), 'unmasks /proc');
    deny((container.ports ?? []).some((port: any) => (port.hostPort ?? 0) !== 0), 'opens a port of the host');
    const probes = ['livenessProbe', 'readinessProbe', 'startupProbe'].map((key) => container[key]);
    for (const action of [...probes, container.lifecycle?.postStart, container.lifecycle?.preStop]) {
      deny([action?.httpGet?.host, action?.tcpSocket?.host].some((host) => host !== undefined && host !== ''), 'probes another host');
    }
  }
  return found;
}
