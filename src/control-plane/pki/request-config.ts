import { KeyAlgorithm, PkiCertificate } from './pki-certificate';
import { PkiPlan } from './pki-plan';

/** Names of curves as OpenSSL has them. */
export const CURVES: Record<KeyAlgorithm, string> = { [KeyAlgorithm.ECDSA_P256]: 'P-256', [KeyAlgorithm.ECDSA_P384]: 'P-384' };

/**
 * OpenSSL configuration of one certificate. Its comments are the plan for the script `cluster-pki`. The section `certificate` holds everything that
 * the CA may grant; the CA reads it from here, not from the request, so that a request can't ask for more.
 */
export function requestConfig(row: PkiCertificate, plan: PkiPlan): string {
  const names = row.subjectAlternativeNames ?? [];
  const extensions = row.issuer === undefined
    ? ['basicConstraints = critical, CA:TRUE, pathlen:0', 'keyUsage = critical, keyCertSign, cRLSign', 'subjectKeyIdentifier = hash']
    : [
      'basicConstraints = critical, CA:FALSE',
      'keyUsage = critical, digitalSignature',
      `extendedKeyUsage = ${(row.extendedKeyUsages ?? []).join(', ')}`,
      'authorityKeyIdentifier = keyid',
      ...(names.length > 0 ? [`subjectAltName = ${names.join(', ')}`] : []),
    ];
  return [
    `# issuer: ${row.issuer ?? 'itself'}`,
    `# subject: ${subjectOf(row)}`,
    `# days: ${plan.validityDays(row)}`,
    `# curve: ${CURVES[plan.keyAlgorithm]}`,
    ...(row.onDemand ? ['# made: on demand'] : []),
    '[ req ]',
    'prompt = no',
    'string_mask = utf8only',
    'default_md = sha256',
    'distinguished_name = subject',
    '',
    '[ subject ]',
    ...(row.organization === undefined ? [] : [`O = ${row.organization}`]),
    `CN = ${row.commonName}`,
    '',
    '[ certificate ]',
    ...extensions,
    '',
  ].join('\n');
}

/** As `openssl req -subject -nameopt RFC2253` prints it. */
function subjectOf(row: PkiCertificate): string {
  return row.organization === undefined ? `CN=${row.commonName}` : `CN=${row.commonName},O=${row.organization}`;
}
