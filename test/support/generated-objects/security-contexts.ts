import * as fc from 'fast-check';
import { compact, Fields, fields, oneOf, someOf, sometimes, weighted, when } from './arbitraries';
import { GeneratorOptions, supports } from './options';

/*
 * Weights are per container or per pod; a pod has about 2.5 containers. They make a control of Pod Security Standards fail in some
 * 3 to 15 of 100 objects, so that most objects fail none to four.
 */

/** The capabilities that PSS baseline lets containers add. */
export const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID', 'SETPCAP', 'SETUID', 'SYS_CHROOT',
];
/** Capabilities that it doesn't, with spellings that the server takes and that no standard knows. */
export const OTHER_CAPABILITIES = [
  'SYS_ADMIN', 'NET_RAW', 'NET_ADMIN', 'SYS_PTRACE', 'SYS_MODULE', 'BPF', 'ALL', 'all', 'CAP_NET_BIND_SERVICE', 'net_bind_service', 'CAP_SYS_ADMIN', ' CHOWN',
];
/** Lists that look as if they dropped every capability. */
const DROPS_LESS = [['NET_RAW'], ['all'], ['CAP_ALL'], [], ['All'], ['NET_RAW', 'SYS_ADMIN']];

/** Sysctls that one version of PSS or another lets pods set. */
export const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.ip_local_reserved_ports', 'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem', 'net.ipv4.tcp_slow_start_after_idle', 'net.ipv4.tcp_notsent_lowat',
];
/** Sysctls that none does; a safe one with slashes is another name. */
export const OTHER_SYSCTLS = ['kernel.msgmax', 'net.core.somaxconn', 'fs.mqueue.msg_max', 'kernel/shm_rmid_forced', 'net/ipv4/tcp_syncookies', 'vm.overcommit_memory'];

const user = oneOf(1000, 65532, 1, 2147483647);
const seccomp = {
  good: weighted<Fields>([80, { type: 'RuntimeDefault' }], [20, oneOf({ type: 'Localhost', localhostProfile: 'profiles/app.json' }, { type: 'Localhost', localhostProfile: '' })]),
  bad: fc.constant<Fields>({ type: 'Unconfined' }),
};
const appArmor = {
  good: weighted<Fields>([70, { type: 'RuntimeDefault' }], [30, { type: 'Localhost', localhostProfile: 'k8s-app' }]),
  bad: fc.constant<Fields>({ type: 'Unconfined' }),
};
const seLinux = {
  good: oneOf<Fields>({ level: 's0:c123,c456' }, { type: 'container_t' }, { type: 'container_init_t' }, { type: 'container_kvm_t' }, { type: 'container_engine_t' }, { type: '', user: '', role: '' }, {}),
  bad: oneOf<Fields>({ type: 'spc_t' }, { user: 'system_u' }, { role: 'sysadm_r', level: 's0' }, { type: 'container_t', user: 'root' }, { type: 'CONTAINER_T' }),
};

function windowsOptions(hostProcess: number): fc.Arbitrary<Fields> {
  return fields({
    runAsUserName: sometimes(50, oneOf('ContainerUser', 'ContainerAdministrator', 'NT AUTHORITY\\SYSTEM')),
    gmsaCredentialSpecName: sometimes(10, fc.constant('gmsa')),
    hostProcess: weighted<boolean | undefined>([80 - hostProcess, undefined], [20, false], [hostProcess, true]),
  });
}

/** The security context of a pod. */
export function podSecurityContext(options: GeneratorOptions): fc.Arbitrary<Fields> {
  return fields({
    runAsNonRoot: weighted<boolean | undefined>([70, true], [27, undefined], [3, false]),
    runAsUser: weighted<number | undefined>([60, undefined], [37, user], [3, 0]),
    runAsGroup: sometimes(20, oneOf(1000, 0, 65532)),
    fsGroup: sometimes(20, oneOf(1000, 0)),
    fsGroupChangePolicy: sometimes(8, oneOf('OnRootMismatch', 'Always')),
    supplementalGroups: sometimes(8, someOf([0, 1000, 2000], { max: 2 })),
    supplementalGroupsPolicy: when(supports(options, 'supplementalGroupsPolicy'), sometimes(5, oneOf('Merge', 'Strict'))),
    seLinuxChangePolicy: when(supports(options, 'seLinuxChangePolicy'), sometimes(3, oneOf('Recursive', ...supports(options, 'seLinuxMountOption') ? ['MountOption'] : []))),
    seccompProfile: weighted<Fields | undefined>([75, seccomp.good], [22, undefined], [3, seccomp.bad]),
    appArmorProfile: when(supports(options, 'appArmorField'), weighted<Fields | undefined>([88, undefined], [10, appArmor.good], [2, appArmor.bad])),
    seLinuxOptions: weighted<Fields | undefined>([91, undefined], [6, seLinux.good], [3, seLinux.bad]),
    sysctls: weighted<Fields[] | undefined>([78, undefined], [8, sysctls(SAFE_SYSCTLS)], [14, sysctls([...SAFE_SYSCTLS, ...OTHER_SYSCTLS])]),
    windowsOptions: sometimes(8, windowsOptions(25)),
  });
}

function sysctls(names: string[]): fc.Arbitrary<Fields[]> {
  return someOf(names, { max: 3 }).map((list) => list.map((name) => ({ name, value: '1' })));
}

/** The security context of a container, and what it does where the pod leaves a setting to it. */
export interface ContainerSecurity {
  readonly context: Fields;
  /** Where the pod has no setting of its own, the container doesn't make up for it. */
  readonly lax: boolean;
}

export function containerSecurity(options: GeneratorOptions): fc.Arbitrary<ContainerSecurity> {
  return fc.record({
    lax: weighted([92.5, false], [7.5, true]),
    context: fields({
      privileged: weighted<boolean | undefined>([83, undefined], [15.2, false], [1.8, true]),
      allowPrivilegeEscalation: weighted<boolean | undefined>([98.4, false], [0.8, undefined], [0.8, true]),
      readOnlyRootFilesystem: weighted<boolean | undefined>([82, true], [12, undefined], [6, false]),
      runAsNonRoot: weighted<boolean | undefined>([70, undefined], [28.5, true], [1.5, false]),
      runAsUser: weighted<number | undefined>([80, undefined], [18.5, user], [1.5, 0]),
      runAsGroup: sometimes(5, oneOf(1000, 0)),
      capabilities: capabilities(),
      seccompProfile: weighted<Fields | undefined>([85, undefined], [14, seccomp.good], [1, seccomp.bad]),
      appArmorProfile: when(supports(options, 'appArmorField'), weighted<Fields | undefined>([93, undefined], [6, appArmor.good], [1, appArmor.bad])),
      seLinuxOptions: weighted<Fields | undefined>([95.5, undefined], [3, seLinux.good], [1.5, seLinux.bad]),
      procMount: when(supports(options, 'userNamespaces'), weighted<string | undefined>([65, undefined], [5, 'Default'], [30, 'Unmasked'])),
      windowsOptions: sometimes(4, windowsOptions(25)),
    }),
  });
}

function capabilities(): fc.Arbitrary<Fields | undefined> {
  const other = someOf(OTHER_CAPABILITIES, { min: 1, max: 2 });
  const drop = fc.constant(['ALL']);
  return weighted<Fields | undefined>(
    [78, fields({ drop })],
    [10, fields({ drop, add: fc.constant(['NET_BIND_SERVICE']) })],
    [6, oneOf<Fields>({ drop: ['NET_RAW', 'ALL'] }, { drop: ['ALL', 'ALL'] }, { drop: ['ALL'], add: [] })],
    [1.2, fields({ drop, add: someOf(BASELINE_CAPABILITIES, { min: 1, max: 3 }) })],
    [1.2, fields({ drop, add: other })],
    [0.3, fields({ add: other })],
    [0.6, fields({ drop: oneOf(...DROPS_LESS) })],
    [0.2, {}],
    [0.2, undefined],
  );
}

/**
 * What the container states. The settings that PSS restricted wants of pod or container are stated by the container where the pod has none,
 * unless it's lax.
 *
 * @param pod the security context of the pod, undefined where nobody in the pod states anything
 */
export function securityContextOf({ context, lax }: ContainerSecurity, pod: Fields | undefined): Fields | undefined {
  if (pod === undefined) {
    return context.privileged ? { privileged: true } : undefined;
  }
  const own = lax ? {} : {
    runAsNonRoot: pod.runAsNonRoot === undefined ? true : undefined,
    seccompProfile: pod.seccompProfile === undefined ? { type: 'RuntimeDefault' } : undefined,
  };
  return compact({ ...own, ...context });
}
