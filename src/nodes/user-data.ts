import { IConstruct } from 'constructs';
import type * as fflate from 'fflate';
import { Cloud } from '../core/cloud';
import { invalid } from '../core/errors';

const LIMITS: Partial<Record<Cloud, number>> = {
  [Cloud.AWS]: 16 * 1024,
  [Cloud.HETZNER]: 32 * 1024,
};

/** The most bytes of user data that a cloud takes, before any base64; undefined where none is known. */
export function userDataLimit(cloud: Cloud): number | undefined {
  return LIMITS[cloud];
}

/**
 * User data compressed by gzip (RFC 1952), which cloud-init recognises by itself. The same text makes the same bytes on every machine: builds
 * of zlib deflate differently, so the compressor is JavaScript; the header carries neither a time nor the name of an operating system.
 */
export function gzipUserData(text: string): Buffer {
  // Loaded here: it takes 10 ms, and most apps compress nothing.
  const { gzipSync } = module.require('fflate') as typeof fflate;
  // mem is stated because its default is computed with a logarithm, whose last digit is up to the engine.
  const compressed = Buffer.from(gzipSync(Buffer.from(text, 'utf8'), { level: 9, mem: 8, mtime: 0 }));
  compressed[9] = 255;
  return compressed;
}

/**
 * Refuses user data that is larger than a platform takes.
 * @throws by how many bytes it is too large
 */
export function checkUserDataSize(data: string | Buffer, maxBytes: number | undefined, at: IConstruct): void {
  const size = Buffer.byteLength(data);
  if (maxBytes !== undefined && size > maxBytes) {
    throw invalid({
      at, property: 'user data', got: `${size} bytes${Buffer.isBuffer(data) ? ' compressed' : ''}`,
      allowed: `at most ${maxBytes} bytes; it is ${size - maxBytes} bytes too large`,
      fix: 'Bake files into the image with the role\'s install.sh and DESTDIR, and leave NodeRenderer.cloudInit() out of renderers; or split the role.',
    });
  }
}

/** Checks a limit given by the user. */
export function checkMaxBytes(maxBytes: number | undefined): void {
  if (maxBytes !== undefined && (!Number.isInteger(maxBytes) || maxBytes < 1)) {
    throw invalid({
      property: 'maxBytes', got: maxBytes, allowed: 'a whole number of bytes from 1 on', fix: 'Give the platform\'s limit for user data, before base64.',
    });
  }
}
