import { Finding } from '../../core/finding';
import { Reference } from '../../core/reference';
import { Severity } from '../../core/severity';

/** What is less than the defaults. */
export interface Loosened {
  readonly enforcesRestricted: boolean;
  readonly exemptNamespaces: readonly string[];
  readonly externalIps: boolean;
}

/** What was opened that is closed by default, for the report. */
export function admissionFindings({ enforcesRestricted, exemptNamespaces, externalIps }: Loosened): Finding[] {
  return [
    ...(enforcesRestricted ? [] : [{
      control: 'pod-security-default-below-restricted',
      severity: Severity.MEDIUM,
      message: 'Namespaces without Pod Security labels take pods that run as root.',
      fix: 'Leave podSecurity.enforce out, and label the namespaces that need less.',
      references: [Reference.cis('5.2.7'), Reference.nsa('Pod security enforcement')],
    }]),
    ...exemptNamespaces.map((name) => ({
      control: 'pod-security-exempt-namespace',
      severity: Severity.MEDIUM,
      message: `Pod Security admission lets every pod into the namespace ${name}, whatever its labels say.`,
      fix: 'Label it by pod-security.kubernetes.io/enforce instead, and take it out of podSecurity.exemptNamespaces.',
      references: [Reference.cis('5.2.2'), Reference.nsa('Pod security enforcement')],
    })),
    ...(!externalIps ? [] : [{
      control: 'service-external-ips-admitted',
      severity: Severity.MEDIUM,
      message: 'Whoever may create a Service can take over the traffic of others to any address by its external IPs (CVE-2020-8554).',
      fix: 'Leave allowServiceExternalIps out; load balancers and gateways need no external IPs.',
      references: [Reference.cis('1.2.3')],
    }]),
  ];
}
