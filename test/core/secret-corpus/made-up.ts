import { createHash } from 'crypto';

export const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';
export const LOWER = UPPER.toLowerCase();
export const DIGITS = '0123456789';
export const ALNUM = UPPER + LOWER + DIGITS;

/** A text that looks random and is the same every time. Nothing opens with it: whole secrets stand nowhere in this repository. */
export function madeUp(length: number, alphabet: string = ALNUM, seed: string = ''): string {
  let text = '';
  for (let block = 0; text.length < length; block++) {
    const bytes = createHash('sha256').update(`${alphabet}/${length}/${seed}/${block}`).digest();
    text += [...bytes].map((byte) => alphabet[byte % alphabet.length]).join('');
  }
  return text.slice(0, length);
}

export const hex = (length: number, seed?: string) => madeUp(length, `${DIGITS}abcdef`, seed);
export const base64Like = (length: number, seed?: string) => madeUp(length, `${ALNUM}+/`, seed);
export const urlSafe = (length: number, seed?: string) => madeUp(length, `${ALNUM}_-`, seed);
export const base64 = (text: string) => Buffer.from(text).toString('base64');
export const base64Url = (text: string) => Buffer.from(text).toString('base64url');
export const uuid = (seed?: string) => [8, 4, 4, 4, 12].map((length) => hex(length, seed)).join('-');
/** A body of PEM between its lines. */
export const pem = (label: string, bytes: number = 600) =>
  `-----BEGIN ${label}-----\n${base64Like(bytes, label).replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`;
export const jwt = (seed: string) =>
  `${base64Url('{"alg":"HS256","typ":"JWT"}')}.${base64Url(`{"sub":"${seed}","role":"admin","iat":1700000000}`)}.${urlSafe(43, seed)}`;
