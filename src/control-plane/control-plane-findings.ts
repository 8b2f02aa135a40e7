import { has, since } from './availability';
import { Finding } from '../core/finding';
import { KubernetesVersion } from '../core/kubernetes-version';
import { Reference } from '../core/reference';
import { Severity } from '../core/severity';
import { TlsVersion } from './etcd/tls-version';

/** What was left to defaults that can't be safe by themselves. */
export interface LeftOpen {
  readonly version: KubernetesVersion;
  readonly encrypted: boolean;
  readonly auditLeavesNode: boolean;
  readonly etcdMinimumTls: TlsVersion;
  /** 0 where they are not listed. */
  readonly etcdMembers: number;
  /** Policies that deny, where files could hold them. */
  readonly policiesInApiAlone: boolean;
}

/** What is questionable about a control plane, although it works. */
export function controlPlaneFindings(open: LeftOpen): Finding[] {
  const { version, encrypted, auditLeavesNode, etcdMinimumTls, policiesInApiAlone } = open;
  const findings: Finding[] = [];
  if (!encrypted) {
    findings.push({
      control: 'secrets-in-plain-text',
      severity: Severity.HIGH,
      message: 'Secrets lie in etcd, and in its backups, in plain text.',
      fix: 'Give encryption: SecretsEncryption.kmsV2({ … }), or SecretsEncryption.secretbox(), whose keys a script makes on the nodes.',
      references: [Reference.cis('1.2.27'), Reference.cis('1.2.28')],
    });
  }
  if (!has(version, 'anonymous conditions')) {
    findings.push({
      control: 'anonymous-requests-unlimited',
      severity: Severity.MEDIUM,
      message: `An API server of ${version} takes anonymous requests for every path, and RBAC alone limits them.`,
      fix: `Upgrade to ${since('anonymous conditions')} or newer, where they reach health checks only; until then bind nothing to system:anonymous and system:unauthenticated.`,
      references: [Reference.cis('1.2.1')],
    });
  }
  if (!auditLeavesNode) {
    findings.push({
      control: 'audit-log-on-node-only',
      severity: Severity.LOW,
      message: 'The audit log stays on the control-plane nodes: who takes one over can change what it says.',
      fix: 'Give auditWebhook, or have an agent on the nodes send the log elsewhere as it is written.',
      references: [Reference.nsa('Audit logging and threat detection')],
    });
  }
  if (etcdMinimumTls === TlsVersion.TLS_1_2) {
    findings.push({
      control: 'etcd-old-tls',
      severity: Severity.LOW,
      message: 'etcd takes TLS 1.2 from clients and peers.',
      fix: 'Leave minimumTlsVersion out as soon as every client of etcd knows TLS 1.3, as the API server and etcd do.',
      references: [Reference.cis('2.1')],
    });
  }
  findings.push(...memberFindings(open));
  if (policiesInApiAlone && has(version, 'policies from files')) {
    findings.push({
      control: 'admission-policies-removable',
      severity: Severity.LOW,
      message: 'The admission policies live in the API alone: whoever may delete them there is held by none.',
      fix: 'Give admission: new Admission({ staticPolicies: new StaticPolicies({ … }) }), which keeps them in files on the control-plane nodes.',
    });
  }
  return findings;
}

/** etcd serves while more than half of its members run (https://etcd.io/docs/latest/faq/). */
function memberFindings({ etcdMembers: members }: LeftOpen): Finding[] {
  if (members === 1) {
    return [{
      control: 'etcd-single-member',
      severity: Severity.LOW,
      message: 'etcd has one member: while its machine is down there is no API, and what it loses is lost.',
      fix: 'List three members, or keep backups of etcd off the machine and practise their restoring.',
    }];
  }
  if (members === 0 || members % 2 === 1) {
    return [];
  }
  const survives = members / 2 - 1;
  return [{
    control: 'etcd-even-members',
    severity: members === 2 ? Severity.MEDIUM : Severity.LOW,
    message: members === 2
      ? 'etcd has two members: losing either stops the cluster, which is twice as likely as with one.'
      : `etcd has ${members} members: it survives the loss of ${survives}, as with ${members - 1}, and one more can fail.`,
    fix: `List ${members + 1} members, or ${members - 1}.`,
  }];
}
