import { Severity } from '../../core/severity';

/** How strong a value is: the higher, the stronger; undefined where nobody knows. */
type Rank = (value: string | undefined) => number | undefined;

export interface KnownSetting {
  readonly severity: Severity;
  readonly rank: Rank;
}

const { CRITICAL, HIGH, MEDIUM, LOW } = Severity;

/** From the weakest on; what isn't stated has the program's own default. */
function order(unset: string, ...values: string[]): Rank {
  return (value) => {
    const rank = values.findIndex((each) => each.split('|').includes((value ?? unset).toLowerCase()));
    return rank === -1 ? undefined : rank;
  };
}

const trueIsWeak = (unset: string): Rank => order(unset, 'true', 'false');
const falseIsWeak = (unset: string): Rank => order(unset, 'false', 'true');
const yesIsWeak = (unset: string): Rank => order(unset, 'yes', 'no');
const stated: Rank = (value) => (value === undefined || value === '' ? 0 : 1);
const unstated: Rank = (value) => (value === undefined || value === '' ? 1 : 0);

/** The lower, the stronger. */
function low(unset: number): Rank {
  return (value) => {
    const amount = Number(value ?? unset);
    return Number.isFinite(amount) ? -amount : undefined;
  };
}

function high(unset: number): Rank {
  return (value) => {
    const amount = Number(value ?? unset);
    return Number.isFinite(amount) ? amount : undefined;
  };
}

/** Names that are broken, wherever they stand. */
const free = (broken: RegExp): Rank => (value) => (value === undefined ? undefined : -value.split(',').filter((each) => broken.test(each)).length);

const TLS = order('versiontls12', 'versiontls10', 'versiontls11', 'versiontls12', 'versiontls13');

const known = (severity: Severity, rank: Rank): KnownSetting => ({ severity, rank });

/** Settings whose direction is known, by program and name: sshd_config(5), the kubelet's configuration, flags of the control plane, sysctl. */
const SETTINGS: Readonly<Record<string, KnownSetting>> = {
  'sshd permitrootlogin': known(HIGH, order('prohibit-password', 'yes', 'prohibit-password|without-password', 'forced-commands-only', 'no')),
  'sshd passwordauthentication': known(HIGH, yesIsWeak('yes')),
  'sshd kbdinteractiveauthentication': known(HIGH, yesIsWeak('yes')),
  'sshd permitemptypasswords': known(CRITICAL, yesIsWeak('no')),
  'sshd hostbasedauthentication': known(HIGH, yesIsWeak('no')),
  'sshd pubkeyauthentication': known(MEDIUM, order('yes', 'no', 'yes')),
  'sshd ignorerhosts': known(MEDIUM, order('yes', 'no', 'yes')),
  'sshd strictmodes': known(MEDIUM, order('yes', 'no', 'yes')),
  'sshd permituserenvironment': known(MEDIUM, yesIsWeak('no')),
  'sshd x11forwarding': known(MEDIUM, yesIsWeak('no')),
  'sshd allowagentforwarding': known(MEDIUM, yesIsWeak('yes')),
  'sshd allowtcpforwarding': known(MEDIUM, order('yes', 'yes|all', 'local|remote', 'no')),
  'sshd gatewayports': known(MEDIUM, order('no', 'yes', 'clientspecified', 'no')),
  'sshd permittunnel': known(MEDIUM, order('no', 'yes', 'point-to-point|ethernet', 'no')),
  'sshd maxauthtries': known(LOW, low(6)),
  'sshd requiredrsasize': known(LOW, high(1024)),
  'sshd ciphers': known(HIGH, free(/cbc|3des|arcfour|blowfish|cast128/)),
  'sshd macs': known(HIGH, free(/md5|sha1|-96|umac-64/)),
  'sshd kexalgorithms': known(HIGH, free(/sha1$|group1-|group14-sha1|exchange-sha1/)),
  'sshd hostkeyalgorithms': known(HIGH, free(/^ssh-(rsa|dss)/)),
  'sshd pubkeyacceptedalgorithms': known(HIGH, free(/^ssh-(rsa|dss)/)),
  'sshd allowgroups': known(HIGH, stated),
  'sshd allowusers': known(HIGH, stated),
  'sshd authenticationmethods': known(HIGH, stated),

  'kubelet authentication.anonymous.enabled': known(CRITICAL, trueIsWeak('false')),
  'kubelet authentication.webhook.enabled': known(HIGH, falseIsWeak('true')),
  'kubelet authentication.x509.clientCAFile': known(HIGH, stated),
  'kubelet authorization.mode': known(CRITICAL, order('webhook', 'alwaysallow', 'webhook')),
  'kubelet readOnlyPort': known(HIGH, (value) => Number((value ?? '0') === '0')),
  'kubelet protectKernelDefaults': known(MEDIUM, falseIsWeak('false')),
  'kubelet rotateCertificates': known(MEDIUM, falseIsWeak('false')),
  'kubelet serverTLSBootstrap': known(MEDIUM, falseIsWeak('false')),
  'kubelet makeIPTablesUtilChains': known(LOW, falseIsWeak('true')),
  'kubelet seccompDefault': known(MEDIUM, falseIsWeak('false')),
  'kubelet enableDebuggingHandlers': known(MEDIUM, trueIsWeak('true')),
  'kubelet tlsMinVersion': known(MEDIUM, TLS),

  'kube-apiserver anonymous-auth': known(HIGH, trueIsWeak('true')),
  'kube-apiserver authorization-mode': known(CRITICAL, (value) => (value === undefined ? undefined : ['RBAC', 'Node'].filter((each) => value.split(',').includes(each)).length - (value.includes('AlwaysAllow') ? 9 : 0))),
  'kube-apiserver enable-admission-plugins': known(HIGH, (value) => (value ?? '').split(',').filter((each) => each !== '' && each !== 'AlwaysAdmit').length),
  'kube-apiserver disable-admission-plugins': known(HIGH, (value) => -(value ?? '').split(',').filter((each) => each !== '').length),
  'kube-apiserver profiling': known(LOW, trueIsWeak('true')),
  'kube-apiserver audit-log-path': known(MEDIUM, stated),
  'kube-apiserver audit-policy-file': known(MEDIUM, stated),
  'kube-apiserver encryption-provider-config': known(HIGH, stated),
  'kube-apiserver token-auth-file': known(CRITICAL, unstated),
  'kube-apiserver kubelet-certificate-authority': known(MEDIUM, stated),
  'kube-apiserver etcd-cafile': known(HIGH, stated),
  'kube-apiserver client-ca-file': known(HIGH, stated),
  'kube-apiserver service-account-lookup': known(MEDIUM, falseIsWeak('true')),
  'kube-apiserver tls-min-version': known(MEDIUM, TLS),
  'kube-apiserver allow-privileged': known(LOW, trueIsWeak('false')),
  'kube-apiserver admission-control-config-file': known(HIGH, stated),
  'kube-controller-manager profiling': known(LOW, trueIsWeak('true')),
  'kube-controller-manager use-service-account-credentials': known(MEDIUM, falseIsWeak('false')),
  'kube-controller-manager bind-address': known(MEDIUM, order('0.0.0.0', '0.0.0.0|::', '127.0.0.1|::1')),
  'kube-scheduler profiling': known(LOW, trueIsWeak('true')),
  'kube-scheduler bind-address': known(MEDIUM, order('0.0.0.0', '0.0.0.0|::', '127.0.0.1|::1')),
  'etcd client-cert-auth': known(CRITICAL, falseIsWeak('false')),
  'etcd peer-client-cert-auth': known(CRITICAL, falseIsWeak('false')),
  'etcd auto-tls': known(HIGH, trueIsWeak('false')),
  'etcd peer-auto-tls': known(HIGH, trueIsWeak('false')),
  'encryption first provider': known(HIGH, (value) => Number(value !== 'identity' && value !== 'none')),

  'sysctl kernel.kptr_restrict': known(LOW, high(0)),
  'sysctl kernel.dmesg_restrict': known(LOW, high(0)),
  'sysctl kernel.yama.ptrace_scope': known(MEDIUM, high(0)),
  'sysctl kernel.unprivileged_bpf_disabled': known(MEDIUM, (value) => Number((value ?? '0') !== '0')),
  'sysctl kernel.randomize_va_space': known(MEDIUM, high(2)),
  'sysctl fs.protected_hardlinks': known(LOW, high(0)),
  'sysctl fs.protected_symlinks': known(LOW, high(0)),
  'sysctl fs.suid_dumpable': known(LOW, low(0)),
  'sysctl net.ipv4.conf.all.accept_redirects': known(LOW, low(1)),
  'sysctl net.ipv4.conf.all.send_redirects': known(LOW, low(1)),
  'sysctl net.ipv4.conf.all.accept_source_route': known(LOW, low(0)),
  'sysctl net.ipv4.tcp_syncookies': known(LOW, (value) => Number((value ?? '1') !== '0')),
};

export function knownSetting(name: string): KnownSetting | undefined {
  return Object.hasOwn(SETTINGS, name) ? SETTINGS[name] : undefined;
}
