import { invalid, InvalidInput } from '../core/errors';

const ALLOWED = 'one line of a public key as ssh-keygen writes it, of type ssh-ed25519, sk-ssh-ed25519@openssh.com or ssh-rsa with at least 3072 bits';

/**
 * Checks the line of a public key (sshd(8), RFC 4253 6.6, RFC 8709): its type, and that the encoded key is of that type and size.
 * @returns the line without surrounding blanks
 */
export function checkPublicKey(line: string, property: string, at: InvalidInput['at']): string {
  const refuse = (fix: string, shown: boolean = true) => invalid({ at, property, ...(shown && { got: line }), allowed: ALLOWED, fix });
  if (typeof line !== 'string') {
    throw refuse('Give it as a string.');
  }
  if (line.includes('PRIVATE KEY')) {
    throw refuse('This is a private key: keep it where it is, and give the line of the file that ends in .pub.', false);
  }
  const match = /^([a-z0-9@.-]+) ([A-Za-z0-9+/]+={0,2})( [\x20-\x7e]*)?$/.exec(line.trim());
  if (!match) {
    throw refuse('Give the type, the key and at most a comment: no options before it, no line breaks.');
  }
  const [, type, encoded] = match;
  const fields = parseFields(Buffer.from(encoded, 'base64'));
  if (!fields || fields[0]?.toString('latin1') !== type) {
    throw refuse('The key is damaged, or not of the type that the line names. Copy the whole line again.');
  }
  if (!isStrong(type, fields)) {
    throw refuse('Make another key: ssh-keygen -t ed25519.');
  }
  return line.trim();
}

function isStrong(type: string, fields: Buffer[]): boolean {
  switch (type) {
    case 'ssh-ed25519': return fields.length === 2 && fields[1].length === 32;
    case 'sk-ssh-ed25519@openssh.com': return fields.length === 3 && fields[1].length === 32;
    case 'ssh-rsa': return fields.length === 3 && bitLength(fields[2]) >= 3072;
    default: return false;
  }
}

/** The fields of a key blob, each after its length in four bytes (RFC 4251 5); undefined if they don't fill it exactly. */
function parseFields(blob: Buffer): Buffer[] | undefined {
  const fields: Buffer[] = [];
  let offset = 0;
  while (offset < blob.length) {
    const start = offset + 4;
    const end = start <= blob.length ? start + blob.readUInt32BE(offset) : Infinity;
    if (end > blob.length) {
      return undefined;
    }
    fields.push(blob.subarray(start, end));
    offset = end;
  }
  return fields;
}

function bitLength(number: Buffer): number {
  const first = number.findIndex((byte) => byte !== 0);
  return first < 0 ? 0 : (number.length - first - 1) * 8 + (32 - Math.clz32(number[first]));
}
