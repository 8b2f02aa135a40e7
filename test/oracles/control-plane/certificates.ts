import { join } from 'path';
import { run } from './machine';

/** Makes NAME.crt and NAME.key in the folder: a CA, valid for two days as all that is made here. */
export function makeAuthority(folder: string, name: string, subject = `/CN=${name}`): void {
  make(folder, name, subject);
}

/** The same for a server on loopback, by a CA of the folder. */
export function makeServerCertificate(folder: string, name: string, authority: string, subject = `/CN=${name}`): void {
  make(folder, name, subject, ...signed(folder, authority, 'serverAuth'), '-addext', 'subjectAltName=IP:127.0.0.1');
}

/** The same for a client. */
export function makeClientCertificate(folder: string, name: string, authority: string, subject = `/CN=${name}`): void {
  make(folder, name, subject, ...signed(folder, authority, 'clientAuth'));
}

function make(folder: string, name: string, subject: string, ...more: string[]): void {
  run('openssl', [
    'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2', '-subj', subject,
    '-keyout', join(folder, `${name}.key`), '-out', join(folder, `${name}.crt`), ...more,
  ]);
}

function signed(folder: string, authority: string, usage: string): string[] {
  return [
    '-CA', join(folder, `${authority}.crt`), '-CAkey', join(folder, `${authority}.key`), '-addext', 'basicConstraints=critical,CA:FALSE',
    '-addext', `extendedKeyUsage=${usage}`,
  ];
}
