import { PkiCertificate } from './pki-plan';

/**
 * OpenSSL configuration of one certificate. The section `certificate` holds everything that the CA may grant; the CA reads it from here, not from
 * the request, so that a request can't ask for more.
 */
export function requestConfig(row: PkiCertificate): string {
  return row.issuer === undefined ? authorityConfig(row) : leafConfig(row);
}

/** The subject as `openssl req -subject -nameopt RFC2253` prints it. */
export function subjectOf(row: PkiCertificate): string {
  return row.organization === undefined ? `CN=${row.commonName}` : `CN=${row.commonName},O=${row.organization}`;
}

function authorityConfig(row: PkiCertificate): string {
  return lines([
    ...head(row),
    '[ certificate ]',
    'basicConstraints = critical, CA:TRUE, pathlen:0',
    'keyUsage = critical, keyCertSign, cRLSign',
    'subjectKeyIdentifier = hash',
  ]);
}

function leafConfig(row: PkiCertificate): string {
  const names = row.subjectAlternativeNames ?? [];
  return lines([
    ...head(row),
    '[ certificate ]',
    'basicConstraints = critical, CA:FALSE',
    'keyUsage = critical, digitalSignature',
    `extendedKeyUsage = ${(row.extendedKeyUsages ?? []).join(', ')}`,
    'authorityKeyIdentifier = keyid',
    ...(names.length > 0 ? [`subjectAltName = ${names.join(', ')}`] : []),
  ]);
}

function head(row: PkiCertificate): string[] {
  return [
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
  ];
}

function lines(text: string[]): string {
  return `${text.join('\n')}\n`;
}
