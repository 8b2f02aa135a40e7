import { X509Certificate } from 'crypto';
import { invalid } from '../../core/errors';

const READ = 'That is a path, and no file is read: give the file\'s text, for instance readFileSync(path, \'utf8\') of node:fs.';

/** Checks text that holds certificates in PEM, and nothing else. The text is not shown: it may hold a key by mistake. */
export function checkCertificates(pem: string, property: string, at: string): string {
  const blocks = typeof pem === 'string' ? pem.match(/-----BEGIN CERTIFICATE-----[A-Za-z0-9+/=\s]+-----END CERTIFICATE-----/g) ?? [] : [];
  const rest = typeof pem === 'string' ? blocks.reduce((text, block) => text.replace(block, ''), pem) : 'x';
  if (blocks.length === 0 || rest.trim() !== '' || !blocks.every(isCertificate)) {
    throw invalid({ at, property, allowed: 'certificates in PEM and nothing else', fix: isPath(pem) ? READ : 'Give the text of the CA\'s certificate file, which begins with -----BEGIN CERTIFICATE-----.' });
  }
  return `${blocks.join('\n')}\n`;
}

function isPath(text: unknown): boolean {
  return typeof text === 'string' && text.length < 4096 && /^[^\s]*(\/|\.(pem|crt|cer|cert)$)/.test(text) && !/\s/.test(text) && !text.includes('-----');
}

function isCertificate(block: string): boolean {
  try {
    return new X509Certificate(block).raw.length > 0;
  } catch {
    return false;
  }
}
